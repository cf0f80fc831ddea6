import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { expect, test } from 'vitest';
import { parseHtml } from '../../support/bot-api-html.ts';
import { openBot, value } from './scene.ts';

const ME = 77;

test.each([
  ['<b>a</b> &lt;&#98;&#x43;&gt; &amp;&quot; &copy; & > "', 'a <bC> &" &copy; & > "'],
  ['<a href="https://x.test/?a=1&amp;b=2">link</a><pre><code class="language-py">x</code></pre>', 'linkx'],
  ['<blockquote expandable>q</blockquote><span class="tg-spoiler">s</span>', 'qs'],
  ['  <i> a </i>\r\n', 'a'],
])('reads %s as Telegram does', (html, text) => {
  expect(parseHtml(html)).toMatchObject({ text });
});

test.each([
  ['1 < 2', 'Unsupported start tag "" at byte offset 2'],
  ['жж<x>', 'Unsupported start tag "x" at byte offset 4'],
  ['<b', 'Unclosed start tag at byte offset 0'],
  ['<b>a', 'Can\'t find end tag corresponding to start tag "b"'],
  ['<b><i>a</b></i>', 'Unmatched end tag at byte offset 7, expected "</i>", found "</b>"'],
  ['a</b>', 'Unexpected end tag at byte offset 1'],
  ['<b>a</b', 'Unclosed end tag at byte offset 4'],
  ['<span>a</span>', 'Tag "span" must have class "tg-spoiler" at byte offset 0'],
  ['<__proto__>a</__proto__>', 'Unsupported start tag "__proto__" at byte offset 0'],
])('refuses %s', (html, problem) => {
  expect(parseHtml(html)).toBe(`can't parse entities: ${problem}`);
});

test('who floods is refused until he was quiet for so long, and another chat is not', async () => {
  const { tg, api } = await openBot({ limits: { person: { calls: 2, ms: 60_000 }, retryAfterS: 9 } });
  const { chat } = tg.user(ME);
  tg.user(78);
  value(await api.send(ME, { html: '1' }));
  value(await api.send(ME, { html: '2' }));
  expect(await api.send(ME, { html: '3' })).toMatchObject({ is: 'flood', retryAfterMs: 9_000 });
  expect(await api.send(ME, { html: '4' })).toMatchObject({ is: 'flood' });
  value(await api.send(78, { html: '5' }));
  expect(chat.messages).toHaveLength(2);
});

test('the same seed spoils the same calls', async () => {
  const runs: string[][] = [];
  for (const seed of [7, 7, 8]) {
    const { tg, api } = await openBot();
    tg.user(ME);
    tg.faults.random(seed, 0.5, { kinds: ['bad-gateway', 'cut', 'flood'] });
    for (let nth = 0; nth < 30; nth += 1) await api.send(ME, { html: String(nth) });
    runs.push(tg.made('sendMessage').map(({ fault }) => fault ?? '-'));
  }
  expect(runs[1]).toEqual(runs[0]);
  expect(runs[2]).not.toEqual(runs[0]);
  expect(new Set(runs[0])).toEqual(new Set(['-', 'bad-gateway', 'cut', 'flood']));
});

test('what strangers and odd clients send comes over the wire as Telegram writes it', async () => {
  const { tg, api } = await openBot();
  const ann = tg.user(ME, 'Ann', 'ru');
  const group = tg.group(-1_001, 'Traders');
  value(await api.updates(0, 0, new AbortController().signal));
  const { message } = ann.say('/stop all', { chat: group.id });
  ann.say('late', { ageS: 300 });
  ann.forwards('/close');
  ann.edits(message, '/panic');
  ann.press(4_711, { data: 'forged' });
  group.anonymous('/stop');
  group.asChannel('/stop');
  tg.channelPost('/stop');
  tg.user(9, 'Robot', 'en', { isBot: true }).say('/stop');
  ann.blocks();
  const updates = value(await api.updates(0, 0, new AbortController().signal));
  const now = Date.now() / 1_000;
  expect(updates).toMatchObject([
    { message: { chat: { id: -1_001, type: 'supergroup' }, from: { id: ME, language_code: 'ru' }, text: '/stop all' } },
    { message: { text: 'late' } },
    { message: { forward_origin: { type: 'user' } } },
    { edited_message: { message_id: message, text: '/panic' } },
    { callback_query: { data: 'forged', message: { message_id: 4_711, date: 0 } } },
    { message: { from: { id: 1_087_968_824 }, sender_chat: { id: -1_001 } } },
    { message: { from: { id: 136_817_688 }, sender_chat: { type: 'channel' } } },
    { channel_post: { sender_chat: { type: 'channel' } } },
    { message: { from: { id: 9, is_bot: true } } },
    { my_chat_member: { from: { id: ME }, new_chat_member: { status: 'kicked' } } },
  ]);
  expect(Math.abs(now - 300 - (updates[1]?.message?.date ?? 0))).toBeLessThan(5);
  const ids = updates.map(({ update_id }) => update_id);
  expect(ids).toEqual(ids.toSorted((a, b) => a - b));
});

test('a client that is killed in a poll leaves it, and its update goes to the next one', async () => {
  const { tg, api } = await openBot();
  const ann = tg.user(ME);
  const poll = `await fetch('${tg.url}/bot${tg.token}/getUpdates?timeout=50'); await new Promise(() => setInterval(() => {}, 1e6))`;
  const child = spawn(process.execPath, ['--input-type=module', '-e', poll], { stdio: 'ignore' });
  await tg.waitFor('the poll of the child', () => tg.updates.isPolled);
  child.kill('SIGKILL');
  await once(child, 'exit');
  await tg.waitFor('the end of the poll', () => !tg.updates.isPolled);
  const { update } = ann.say('are you there?');
  expect(value(await api.updates(0, 5, new AbortController().signal)).map(({ update_id }) => update_id)).toEqual([
    update,
  ]);
});
