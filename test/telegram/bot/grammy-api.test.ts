import { once } from 'node:events';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { expect, onTestFinished, test } from 'vitest';
import type { Failure } from '../../../src/telegram/bot/api.ts';
import { createBotApi } from '../../../src/telegram/bot/grammy-api.ts';
import type { FaultSpec } from '../../support/bot-api-faults.ts';
import { openBot, openServer, value } from './scene.ts';

const ME = 77;
const PNG = Uint8Array.from(
  Buffer.from(
    'iVBORw0KGgoAAAANSUhEUgAAAAEAAAABCAYAAAAfFcSJAAAADUlEQVR42mNk+M9QDwADhgGAWjR9awAAAABJRU5ErkJggg==',
    'base64',
  ),
);

test('a person sees what was sent: words, buttons, sound, edits, a picture; and the bot hears a press', async () => {
  const { tg, api } = await openBot();
  const ann = tg.user(ME, 'Ann');
  expect(value(await api.me())).toMatchObject({ username: 'dzentra_test_bot' });

  const keyboard = [
    [
      { text: 'Close', data: 'c1' },
      { text: 'Back', data: 'b1' },
    ],
  ];
  const first = value(await api.send(ME, { html: '<b>BTC</b> 1 &lt; 2 &amp; <code>x</code>', keyboard }));
  const second = value(await api.send(ME, { html: 'quiet', isSilent: true }));
  expect(ann.chat.messages.map(({ id, text, isSilent }) => [id, text, isSilent])).toEqual([
    [first, 'BTC 1 < 2 & x', false],
    [second, 'quiet', true],
  ]);
  expect(ann.chat.message(first)?.buttons).toEqual([['Close', 'Back']]);

  value(await api.edit(ME, first, { html: 'flat', keyboard: [] }));
  expect(ann.chat.message(first)).toMatchObject({ text: 'flat', edits: 1, keyboard: [] });
  value(await api.remove(ME, second));
  expect(ann.chat.messages.map(({ id }) => id)).toEqual([first]);

  value(await api.photo(ME, { png: PNG, caption: '<i>Equity</i>', keyboard }));
  const photo = ann.chat.last;
  expect(photo?.photo).toEqual(PNG);
  expect(photo?.text).toBe('Equity');

  if (photo === undefined) throw new Error('expected a picture');
  const press = ann.press(photo, 'Close');
  const [update] = value(await api.updates(0, 10, new AbortController().signal));
  expect(update?.callback_query).toMatchObject({ data: 'c1', from: { id: ME }, message: { message_id: photo.id } });
  value(await api.answer(press.callback, 'Sure?', true));
  expect(await press.answered).toEqual({ text: 'Sure?', isAlert: true });
});

test('the menu is published for all, and in Russian', async () => {
  const { tg, api } = await openBot();
  value(await api.menu([{ command: 'risk', description: 'Risk' }], ''));
  value(await api.menu([{ command: 'risk', description: 'Риск' }], 'ru'));
  expect(Object.fromEntries(tg.menus)).toEqual({
    '': [{ command: 'risk', description: 'Risk' }],
    ru: [{ command: 'risk', description: 'Риск' }],
  });
});

/** A fault, what the bridge makes of it, and whether the message is there. */
const FAULTS: readonly (readonly [FaultSpec, Failure['is'], boolean])[] = [
  [{ kind: 'flood', retryAfterS: 7 }, 'flood', false],
  [{ kind: 'blocked' }, 'blocked', false],
  [{ kind: 'unauthorized' }, 'unauthorized', false],
  [{ kind: 'conflict' }, 'conflict', false],
  [{ kind: 'server-error' }, 'unsure', false],
  [{ kind: 'server-error-after' }, 'unsure', true],
  [{ kind: 'bad-gateway' }, 'unsure', false],
  [{ kind: 'bad-gateway-after' }, 'unsure', true],
  [{ kind: 'reset-before' }, 'unsure', false],
  [{ kind: 'reset-after' }, 'unsure', true],
  [{ kind: 'cut' }, 'unsure', true],
  [{ kind: 'garbage' }, 'unsure', true],
  [{ kind: 'refused', description: 'Bad Request: chat not found' }, 'blocked', false],
  [{ kind: 'refused', description: 'Bad Request: group chat was upgraded to a supergroup chat' }, 'blocked', false],
  [
    { kind: 'refused', description: 'Bad Request: not enough rights to send text messages to the chat' },
    'blocked',
    false,
  ],
  [{ kind: 'refused', description: 'Bad Request: something new' }, 'rejected', false],
  [{ kind: 'refused', code: 413, description: 'Request Entity Too Large' }, 'rejected', false],
];

test.each(FAULTS)('%o is told as %s, and the next call works', async (fault, is, isThere) => {
  const { tg, api } = await openBot();
  const { chat } = tg.user(ME);
  tg.faults.set(fault);
  expect(await api.send(ME, { html: 'one' })).toMatchObject({ ok: false, is });
  expect(chat.messages.length).toBe(isThere ? 1 : 0);
  value(await api.send(ME, { html: 'two' }));
  expect(chat.last?.text).toBe('two');
});

test('how long to wait is taken over, in ms and within a day', async () => {
  const { tg, api } = await openBot();
  tg.user(ME);
  const waits: unknown[] = [];
  for (const retryAfterS of [0, 35, 3_600, 9e9]) {
    tg.faults.set({ kind: 'flood', retryAfterS });
    waits.push(await api.send(ME, { html: 'x' }));
  }
  expect(waits).toMatchObject([1_000, 35_000, 3_600_000, 86_400_000].map((retryAfterMs) => ({ retryAfterMs })));
});

test('what Telegram refuses of a message is told apart', async () => {
  const { tg, api } = await openBot();
  const ann = tg.user(ME);
  const id = value(await api.send(ME, { html: 'same' }));
  const said = ann.say('mine').message;
  const data = 'x'.repeat(65);
  const answers = {
    same: await api.edit(ME, id, { html: 'same' }),
    markup: await api.send(ME, { html: 'a < b' }),
    empty: await api.send(ME, { html: ' <b></b> ' }),
    long: await api.send(ME, { html: 'x'.repeat(4_097) }),
    data: await api.send(ME, { html: 'x', keyboard: [[{ text: 'x', data }]] }),
    gone: await api.edit(ME, 5, { html: 'x' }),
    notMine: await api.edit(ME, said, { html: 'x' }),
    nobody: await api.send(8_888, { html: 'x' }),
    old: await api.answer('12345'),
  };
  expect(Object.fromEntries(Object.entries(answers).map(([name, answer]) => [name, !answer.ok && answer.is]))).toEqual({
    same: 'same',
    markup: 'rejected',
    empty: 'rejected',
    long: 'rejected',
    data: 'rejected',
    gone: 'gone',
    notMine: 'gone',
    nobody: 'blocked',
    old: 'gone',
  });
  value(await api.remove(ME, id));
  expect(await api.edit(ME, id, { html: 'again' })).toMatchObject({ is: 'gone' });
  expect(await api.remove(ME, id)).toMatchObject({ is: 'gone' });
  ann.blocks();
  expect(await api.send(ME, { html: 'x' })).toMatchObject({ is: 'blocked' });
});

test('nothing left where nobody listens; it goes on when somebody does', async () => {
  const { tg, api } = await openBot();
  tg.user(ME);
  value(await api.send(ME, { html: 'before' }));
  await tg.goAway();
  // With a connection of its own: one that is open and breaks under a request leaves it unsure.
  for (const url of [tg.url, 'http://nowhere.invalid']) {
    const fresh = createBotApi({ token: tg.token, api: url });
    expect(await fresh.send(ME, { html: 'away' })).toMatchObject({ is: 'unreachable' });
  }
  await tg.comeBack();
  const badHandshake = createBotApi({ token: tg.token, api: tg.url.replace('http:', 'https:') });
  expect(await badHandshake.send(ME, { html: 'away' })).toMatchObject({ is: 'unreachable' });
  value(await api.send(ME, { html: 'back' }));
  expect(tg.made('sendMessage').map(({ params }) => params.text)).toEqual(['before', 'back']);
});

test('an answer that never comes is waited for so long and no longer, and may have been done', async () => {
  const { tg } = await openBot();
  const { chat } = tg.user(ME);
  tg.faults.set({ kind: 'hang' });
  const api = createBotApi({ token: tg.token, api: tg.url, timeoutMs: 500 });
  expect(await api.send(ME, { html: 'x' })).toEqual({
    ok: false,
    is: 'unsure',
    text: 'no whole answer of Telegram: nothing within 0.5 s',
  });
  expect(chat.messages.length).toBe(1);
});

test.each([
  [403, 'text/html', '<h1>Blocked by policy</h1>', 'unreachable'],
  [302, 'text/html', '', 'unreachable'],
  [200, 'application/json', '{"ok":true}', 'unsure'],
  [200, 'application/json', '{"ok":true,"result":{"message_id":"seven"}}', 'unsure'],
  [200, 'application/json', 'null', 'unsure'],
  [200, 'application/json', `{"ok":true,"result":{"message_id":7,"x":"${'x'.repeat(9e6)}"}}`, 'unsure'],
  [429, 'text/plain', 'slow down', 'flood'],
])('a front that says %d %s is not taken for Telegram', async (status, type, body, is) => {
  const api = await openServer((_, response) => {
    response.writeHead(status, { 'content-type': type, location: 'http://127.0.0.1:1/' }).end(body);
  });
  expect(await createBotApi({ token: '1:x', api }).send(ME, { html: 'x' })).toMatchObject({ ok: false, is });
});

test('a wrong token, and what is none at all, say so', async () => {
  const { tg } = await openBot();
  const wrong = `123456:${'A'.repeat(35)}`;
  for (const token of [wrong, '123:short', 'my token', '', 'a/b?c']) {
    expect(await createBotApi({ token, api: tg.url }).me()).toMatchObject({ is: 'unauthorized' });
  }
  // What cannot be a token is not sent anywhere.
  expect(tg.calls).toHaveLength(2);
});

test('two that poll: the earlier one hears of it', async () => {
  const { tg, api } = await openBot();
  const { signal } = new AbortController();
  const first = api.updates(0, 20, signal);
  await tg.waitFor('a poll', () => tg.updates.isPolled);
  const second = api.updates(0, 20, signal);
  expect(await first).toMatchObject({ ok: false, is: 'conflict' });
  const { update } = tg.user(ME).say('hi');
  expect(value(await second)[0]?.update_id).toBe(update);
});

test('the token is in no word that anybody reads', async () => {
  const { tg, api } = await openBot();
  tg.user(ME);
  const secret = tg.token.slice(tg.token.indexOf(':') + 1);
  const texts: string[] = [];
  const hear = async (told: Promise<{ readonly ok: boolean }>): Promise<void> =>
    void texts.push(JSON.stringify(await told));
  for (const [fault] of FAULTS) {
    tg.faults.set(fault);
    await hear(api.send(ME, { html: 'x' }));
  }
  for (const said of [tg.token, secret, `${tg.url}/bot${encodeURIComponent(tg.token)}/x`]) {
    tg.faults.set({ kind: 'refused', description: `Bad Request: no such thing at ${said}\u001b[2J\nhere` });
    await hear(api.edit(ME, 1, { html: 'x' }));
  }
  // What somebody pasted goes no further.
  tg.user(ME).say(`the token is ${tg.token}`);
  await hear(api.updates(0, 0, new AbortController().signal));
  expect(texts.at(-1)).toContain('the token is ***');
  await tg.goAway();
  await hear(api.send(ME, { html: 'x' }));
  await hear(api.updates(0, 0, new AbortController().signal));
  expect(texts.length).toBe(FAULTS.length + 6);
  expect(texts.filter((text) => text.includes(secret) || /\\u001b|\\n/.test(text))).toEqual([]);
});

test('a proxy is used but for this machine, and one that refuses is no answer of Telegram', async () => {
  const { tg, api } = await openBot();
  const through = createBotApi({
    token: tg.token,
    api: 'http://bot-api.test',
    proxy: tg.url.replace('http://', 'u:p@'),
  });
  expect(value(await through.me())).toEqual(value(await api.me()));

  const barred = createServer();
  barred.on('connect', (_, socket) => socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n'));
  await once(barred.listen(0, '127.0.0.1'), 'listening');
  onTestFinished(() => void barred.close());
  const proxy = `http://127.0.0.1:${(barred.address() as AddressInfo).port}`;
  expect(await createBotApi({ token: tg.token, api: 'https://bot-api.test', proxy }).me()).toMatchObject({
    is: 'unreachable',
  });
  value(await createBotApi({ token: tg.token, api: tg.url, proxy }).me());
});
