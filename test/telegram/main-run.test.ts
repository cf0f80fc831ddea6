import { readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import type { Clock } from '../../src/telegram/clock.ts';
import { runBridge, testBridge } from '../../src/telegram/main.ts';
import { stubEngine } from '../core/command/stub-engine.ts';
import { ANN, type BridgeHome, bridgeHome, PROFILE } from './bridge-home.ts';

const OTHER_TOKEN = '7000000002:BBwrongWRONGwrongWRONGwrongWRONGwro';
const BOB = { ...ANN, user: 43, chat: -100, name: 'Bob', role: 'viewer', isGroup: true } as const;

/** A clock on which every wait is over at once. */
const passing = (onWait: (ms: number) => void): Clock => ({
  now: () => Date.now(),
  after(ms, call) {
    onWait(ms);
    const turn = setImmediate(call);
    return () => clearImmediate(turn);
  },
});

describe('the bridge does not start', () => {
  it('without a token, and says how to get one', async () => {
    const home = await bridgeHome({ token: undefined, people: [ANN] });
    const { refusal } = await runBridge(home.options());
    expect(refusal).toMatchObject({ exit: 2, code: 'NO_TOKEN', fix: expect.stringContaining('dzentra telegram pair') });
    expect(home.api.calls).toEqual([]);
  });

  it('with a token that Telegram does not know, and says where it stands', async () => {
    const home = await bridgeHome({ token: OTHER_TOKEN, people: [ANN] });
    const { refusal } = await runBridge(home.options());
    expect(refusal).toMatchObject({ exit: 4, code: 'TOKEN_REJECTED', fix: expect.stringContaining('@BotFather') });
    expect(refusal?.found).toContain(home.files.token);
    const log = readFileSync(home.files.log, 'utf8');
    expect(log).toContain('TOKEN_REJECTED');
    expect(log + JSON.stringify(refusal)).not.toContain(OTHER_TOKEN.split(':')[1]);
  });

  it('with such a token first of all: before it looks for people and for an engine', async () => {
    const ports = { engine: stubEngine({ isStopped: true }).ports };
    const home = await bridgeHome({ token: OTHER_TOKEN, ports });
    expect((await runBridge(home.options())).refusal).toMatchObject({ exit: 4, code: 'TOKEN_REJECTED' });
  });

  it('without an engine where Telegram does not answer: nobody waits for that', async () => {
    const home = await bridgeHome({ people: [ANN], ports: { engine: stubEngine({ isStopped: true }).ports } });
    home.api.faults.set({ kind: 'hang', method: 'getMe' });
    const waits: number[] = [];
    const clock = passing((ms) => waits.push(ms));
    expect((await runBridge(home.options({ clock }))).refusal).toMatchObject({ exit: 5 });
    expect(waits).toEqual([5_000]);
  });

  it('without an engine', async () => {
    const home = await bridgeHome({ people: [ANN], ports: { engine: stubEngine({ isStopped: true }).ports } });
    const { refusal } = await runBridge(home.options());
    expect(refusal).toMatchObject({ exit: 5, fix: expect.stringContaining('dzentra engine start') });
    // It can be started again at once.
    expect(await home.ports.bridge.status(PROFILE)).toMatchObject({ state: 'stopped' });
  });

  it('for nobody, nor for users of groups alone while groups are off', async () => {
    const empty = await bridgeHome();
    expect((await runBridge(empty.options())).refusal).toMatchObject({ exit: 2, code: 'NOBODY_PAIRED' });
    const grouped = await bridgeHome({ people: [BOB] });
    expect((await runBridge(grouped.options())).refusal).toMatchObject({
      code: 'NOBODY_PAIRED',
      found: expect.stringContaining('groups are off'),
    });
    expect((await grouped.memory())?.people).toHaveLength(1);
  });

  it('twice', async () => {
    const home = await bridgeHome({ people: [ANN] });
    const held = await home.ports.bridge.open(PROFILE);
    expect((await runBridge(home.options())).refusal).toMatchObject({ exit: 3, code: 'BRIDGE_RUNS' });
    if ('close' in held) await held.close();
  });
});

describe('a network that is not there', () => {
  it('is told once for each reason and asked again, until a signal comes', async () => {
    const home = await bridgeHome({ people: [ANN] });
    await home.api.goAway();
    const stop = new AbortController();
    const waits: number[] = [];
    const clock = passing((ms) => {
      waits.push(ms);
      if (waits.length === 9) stop.abort('SIGTERM');
    });
    const end = await runBridge(home.options({ clock, signal: stop.signal }));
    expect(end).toMatchObject({ code: 0, data: { event: 'ended' } });
    expect(waits).toEqual([5_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000, 30_000]);
    expect(home.said.filter((line) => line.includes('ECONNREFUSED'))).toHaveLength(1);
  });

  it('ends a test of the way with what was found', async () => {
    const home = await bridgeHome({ people: [ANN] });
    home.api.faults.set({ kind: 'garbage', method: 'getMe' });
    expect((await testBridge(home.options())).refusal).toMatchObject({
      exit: 4,
      code: 'TELEGRAM_UNREACHABLE',
      expected: `an answer of the Bot API at ${home.api.url}`,
    });
  });
});

describe('a test of the way', () => {
  it('tells which chats it reached', async () => {
    const home = await bridgeHome({ people: [ANN, BOB] });
    home.api.user(42, 'Ann');
    home.api.group(-100).kicksBot(home.api.user(13));
    const end = await testBridge(home.options());
    expect(end.code).toBe(4);
    expect(end.data).toMatchObject({
      bot: '@dzentra_test_bot',
      chats: [
        { chat: 42, name: 'Ann', isReached: true, why: null },
        { chat: -100, name: 'Bob', isReached: false, why: expect.stringContaining('/start') },
      ],
    });
    expect(end.lines[0]).toBe('Ann: reached');
    expect(home.api.made('sendMessage', 42)[0]?.params.text).toBe('Dzentra, profile night: a test. Nothing happened.');
  });
});

/** A bridge in the background: it polls when this resolves. */
async function running(home: BridgeHome, stop = new AbortController()) {
  const shown = Promise.withResolvers<void>();
  const onReady = ({ line }: { readonly line: string }): void => {
    home.said.push(line);
    shown.resolve();
  };
  const ended = runBridge(home.options({ signal: stop.signal, onReady }));
  await Promise.race([shown.promise, ended.then((end) => Promise.reject(new Error(JSON.stringify(end))))]);
  return { ended, stop };
}

describe('a bridge that runs', () => {
  it('says who it is, is told as running, and ends politely on a signal', async () => {
    const home = await bridgeHome({ people: [ANN] });
    const { ended, stop } = await running(home);
    expect(home.said).toContain(
      `The bridge of profile night runs: pid ${process.pid}, @dzentra_test_bot. Ctrl-C ends it.`,
    );
    expect(await home.ports.bridge.status(PROFILE)).toMatchObject({ state: 'running', pid: process.pid });
    expect((await home.memory())?.bot).toEqual({ id: 7_000_000_001, username: 'dzentra_test_bot' });
    stop.abort('SIGTERM');
    expect(await ended).toMatchObject({ code: 0, data: { event: 'ended', bot: null, pid: null } });
    expect(await home.ports.bridge.status(PROFILE)).toMatchObject({ state: 'stopped' });
  });

  it.each([
    ['conflict', 'BOT_POLLED', /stolen/],
    ['unauthorized', 'TOKEN_REJECTED', /BotFather/],
  ] as const)(
    'ends with an exit code on %s, its log says why, and the other faces alarm it',
    async (kind, code, fix) => {
      const engine = stubEngine();
      const home = await bridgeHome({ people: [ANN], ports: { engine: engine.ports } });
      const { ended } = await running(home);
      home.api.faults.set({ kind, method: 'getUpdates' });
      home.api.user(13).say('hello');
      expect((await ended).refusal).toMatchObject({ exit: 4, code, fix: expect.stringMatching(fix) });
      expect(readFileSync(home.files.log, 'utf8')).toContain(code);
      expect(engine.asked).toMatchObject([
        {
          ask: { command: { name: 'report_channel', sink: 'telegram:42', state: 'lost', why: kind } },
          asking: { who: 'telegram:42', face: 'telegram' },
        },
      ]);
    },
  );

  it('begins anew with another bot: what the old one took and showed means nothing to it', async () => {
    const home = await bridgeHome({
      people: [ANN],
      memory: {
        bot: { id: 1, username: 'old_bot' },
        nextUpdate: 900_000_000,
        sending: [{ alert: 1, nth: 1, chat: 42 }],
      },
    });
    const { ended, stop } = await running(home);
    const sent = home.api.user(13).say('hello');
    await home.api.waitFor('the update to be taken', () => home.api.isIdle && home.api.updates.waiting.length === 0);
    stop.abort('SIGTERM');
    await ended;
    const memory = await home.memory();
    expect(memory).toMatchObject({ bot: { username: 'dzentra_test_bot' }, nextUpdate: sent.update + 1 });
    expect(home.said).toContain('the bot is another one than before: screens in the chats begin anew');
  });

  it('serves nobody of a group while groups are off, and forgets nobody', async () => {
    const home = await bridgeHome({ people: [ANN, BOB] });
    home.api.user(43, 'Bob');
    const group = home.api.group(-100);
    const { ended, stop } = await running(home);
    const bob = home.api.user(43, 'Bob');
    bob.say('/home', { chat: group.id });
    const last = home.api.user(42, 'Ann').say('/home');
    await home.api.waitFor('the screen of Ann', () => home.api.made('sendMessage', 42).length > 0);
    stop.abort('SIGTERM');
    await ended;
    expect(home.api.made('sendMessage', group.id)).toEqual([]);
    expect((await home.memory())?.nextUpdate).toBe(last.update + 1);
    expect((await home.memory())?.people.map(({ name }) => name)).toEqual(['Ann', 'Bob']);
  });
});
