import { readFileSync, statSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { pairBridge } from '../../src/telegram/main.ts';
import type { BridgeEnd, PairOptions } from '../../src/telegram/options.ts';
import { ANN, type BridgeHome, bridgeHome, PROFILE } from './bridge-home.ts';

/** Pairs in the background: the code is shown when this resolves. */
async function pairing(home: BridgeHome, more: Partial<PairOptions> = {}) {
  const shown = Promise.withResolvers<string>();
  const onCode = ({ code }: { readonly code: string }): void => shown.resolve(code);
  const ended: Promise<BridgeEnd> = pairBridge(home.options({ onCode, ...more }));
  const code = await Promise.race([shown.promise, ended.then((end) => Promise.reject(new Error(JSON.stringify(end))))]);
  await home.api.waitFor('a poll', () => home.api.isIdle);
  return { code, ended };
}

const textsOf = (home: BridgeHome, chat: number): readonly string[] =>
  home.api.made('sendMessage', chat).map(({ params }) => String(params.text));

describe('pairing', () => {
  it('takes the first who sends the code, tells both sides, and keeps him before it tells anybody', async () => {
    const home = await bridgeHome();
    const { code, ended } = await pairing(home);
    const stranger = home.api.user(13, 'Mallory');
    stranger.say('hello?');
    const sent = home.api.user(42, 'Ann').say(code.toLowerCase());
    const end = await ended;
    expect(end).toMatchObject({ code: 0, data: { event: 'paired', bot: '@dzentra_test_bot' } });
    expect(end.lines[0]).toBe('Paired: Ann (user 42), operator.');
    const memory = await home.memory();
    expect(memory?.people).toMatchObject([{ user: 42, chat: 42, role: 'operator', isGroup: false }]);
    // The next bridge begins behind the code.
    expect(memory?.nextUpdate).toBe(sent.update + 1);
    expect(textsOf(home, 42)).toEqual([
      'Paired with Dzentra, profile night: you are operator.\n' +
        'You can look, close, stop and panic; each is asked once more.\n' +
        'The screens come when the bridge is started: dzentra telegram start',
    ]);
    expect(statSync(home.files.memory).mode & 0o777).toBe(0o600);
  });

  it('is done by the link, too, and gives whoever is paired already his new role', async () => {
    const home = await bridgeHome({
      people: [ANN],
      memory: { bot: { id: 7_000_000_001, username: 'dzentra_test_bot' } },
    });
    const { code, ended } = await pairing(home, { role: 'viewer' });
    expect(home.said.join('\n')).toContain(`https://t.me/dzentra_test_bot?start=${code}`);
    home.api.user(42, 'Ann').say(`/start ${code}`);
    expect((await ended).code).toBe(0);
    expect((await home.memory())?.people.map(({ user, role }) => [user, role])).toEqual([[42, 'viewer']]);
  });

  it('ends after five wrong codes, with nobody paired', async () => {
    const home = await bridgeHome();
    const { code, ended } = await pairing(home);
    const guesser = home.api.user(13, 'Mallory');
    for (let i = 0; i < 5; i += 1) guesser.say(`AAAA-AAA${i + 2}`);
    home.api.user(42, 'Ann').say(code);
    expect((await ended).refusal).toMatchObject({ exit: 6, code: 'CODE_SPENT' });
    expect((await home.memory())?.people).toEqual([]);
    expect(textsOf(home, 42)).toEqual([]);
  });

  it('ends when ten minutes went by', async () => {
    const home = await bridgeHome();
    const after: (() => void)[] = [];
    let now = Date.now();
    const clock = {
      now: () => now,
      after(ms: number, call: () => void) {
        if (ms >= 60_000) after.push(call);
        return () => undefined;
      },
    };
    const { ended } = await pairing(home, { clock });
    now += 600_000;
    for (const call of after) call();
    expect((await ended).refusal).toMatchObject({ exit: 6, code: 'TIMED_OUT' });
  });

  it('gives way to Ctrl-C at once', async () => {
    const home = await bridgeHome();
    const stop = new AbortController();
    const { ended } = await pairing(home, { signal: stop.signal });
    stop.abort('SIGINT');
    expect((await ended).lines).toEqual(['nobody was paired']);
    expect(await home.ports.bridge.status(PROFILE)).toMatchObject({ state: 'stopped' });
  });

  it('pairs in a group only where the configuration says so', async () => {
    const closed = await bridgeHome();
    expect((await pairBridge(closed.options({ isGroup: true }))).refusal).toMatchObject({ code: 'GROUPS_OFF' });
    const home = await bridgeHome({ toml: 'groups = true\n' });
    const group = home.api.group(-100);
    const { code, ended } = await pairing(home, { isGroup: true, role: 'viewer' });
    group.anonymous(code);
    home.api.user(42, 'Ann').say(code, { chat: group.id });
    expect((await ended).code).toBe(0);
    expect((await home.memory())?.people).toMatchObject([{ user: 42, chat: -100, isGroup: true, role: 'viewer' }]);
  });

  it('says what to do where somebody else polls the bot', async () => {
    const home = await bridgeHome();
    home.api.faults.set({ kind: 'conflict', method: 'getUpdates' });
    expect((await pairBridge(home.options())).refusal).toMatchObject({ exit: 4, code: 'BOT_POLLED' });
    const description = "Conflict: can't use getUpdates method while webhook is active; use deleteWebhook first";
    home.api.faults.set({ kind: 'refused', code: 409, description, method: 'getUpdates' });
    expect((await pairBridge(home.options())).refusal).toMatchObject({
      code: 'BOT_POLLED',
      fix: expect.stringContaining('deleteWebhook'),
    });
  });

  it('is refused while the bridge of the profile holds its memory', async () => {
    const home = await bridgeHome();
    const held = await home.ports.bridge.open(PROFILE);
    expect((await pairBridge(home.options())).refusal).toMatchObject({ exit: 3, code: 'BRIDGE_RUNS' });
    if ('close' in held) await held.close();
  });
});

describe('the token that pairing asks for', () => {
  it('is typed unseen, kept private once Telegram knows it, and printed nowhere', async () => {
    const home = await bridgeHome({ token: undefined });
    const questions: string[] = [];
    const askSecret = (question: string): Promise<string> => {
      questions.push(question);
      return Promise.resolve(` ${home.api.token}\n`);
    };
    const { code, ended } = await pairing(home, { askSecret });
    home.api.user(42, 'Ann').say(code);
    const end = await ended;
    expect(questions).toEqual(['Token of the bot (not shown):']);
    expect(home.said[1]).toContain('@BotFather');
    expect(readFileSync(home.files.token, 'utf8').trim()).toBe(home.api.token);
    expect(statSync(home.files.token).mode & 0o777).toBe(0o600);
    const shown = [...home.said, JSON.stringify(end), readFileSync(home.files.memory, 'utf8')].join('\n');
    expect(shown).not.toContain(home.api.token.split(':')[1]);
  });

  it.each([
    ['a token that Telegram does not know', '7000000002:BBwrongWRONGwrongWRONGwrongWRONGwro', 'TOKEN_REJECTED', 4],
    ['what is no token', 'hello', 'BAD_TOKEN', 2],
    ['nothing', '', 'NO_TERMINAL', 2],
  ])('is not kept where it is %s', async (_, text, code, exit) => {
    const home = await bridgeHome({ token: undefined });
    const end = await pairBridge(home.options({ readInput: () => Promise.resolve(text) }));
    expect(end.refusal).toMatchObject({ code, exit });
    expect(() => readFileSync(home.files.token)).toThrow('ENOENT');
    if (text !== '') expect(JSON.stringify(end)).not.toContain(text);
  });

  it('is said to be of no use where the environment has another one', async () => {
    const home = await bridgeHome({
      token: undefined,
      env: { DZENTRA_TELEGRAM_TOKEN: '7000000002:BBwrongWRONGwrongWRONGwrongWRONGwro' },
    });
    const readInput = () => Promise.resolve(home.api.token);
    const { code, ended } = await pairing(home, { isTokenNew: true, readInput });
    home.api.user(42, 'Ann').say(code);
    await ended;
    expect(home.said).toContain('Note: another token, of DZENTRA_TELEGRAM_TOKEN, is used before the one of the file.');
  });
});
