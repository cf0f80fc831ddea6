import { describe, expect, it } from 'vitest';
import { bridgeCheck } from '../../../src/core/command/doctor/bridge.ts';
import { tabbed } from '../../../src/core/command/layout.ts';
import type { Outcome } from '../../../src/core/command/outcome.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import { NO_MEMORY } from '../../../src/core/command/telegram/ports.ts';
import { noToken } from '../../../src/core/command/telegram/refusals.ts';
import { OPERATOR, PAIRED, stubBridge, TOKEN, VIEWER } from './stub-bridge.ts';
import { stubEngine } from './stub-engine.ts';
import { runLine, stubPorts } from './stub-ports.ts';

const dataOf = (outcome: Outcome): unknown => ('data' in outcome ? outcome.data : outcome);
const pipedOf = (outcome: Outcome): string[] =>
  'blocks' in outcome ? outcome.blocks.flatMap((block) => tabbed(block)) : [];

describe('telegram status', () => {
  it('tells bot, people with their roles and what waits for them, without a word of the token', async () => {
    const engine = stubEngine();
    engine.act((debug) => debug.command({ name: 'test_alert' }));
    const { outcome } = await runLine('telegram status', stubPorts({ engine: engine.ports, bridge: stubBridge() }));
    expect(dataOf(outcome)).toMatchObject({
      state: 'stopped',
      pid: null,
      bot: '@desk_bot',
      people: [OPERATOR, VIEWER],
      screens: 1,
      sending: 1,
      waiting: 1,
    });
    expect(pipedOf(outcome)).toContain('person.42\toperator');
    expect(JSON.stringify(outcome)).not.toContain(TOKEN);
  });

  it('says how somebody is paired where nobody is, and knows of no alerts without an engine', async () => {
    const ports = stubPorts({
      bridge: stubBridge({ memory: NO_MEMORY, isRunning: true }),
      engine: stubEngine({ isStopped: true }).ports,
    });
    const { outcome } = await runLine('telegram status', ports);
    expect(dataOf(outcome)).toMatchObject({ state: 'running', pid: 4712, bot: null, waiting: null });
    expect(outcome).toMatchObject({ notes: ['nobody is paired: dzentra telegram pair --profile demo'] });
  });
});

describe('telegram unpair', () => {
  it('takes a person out of every chat and leaves nothing of those that are empty then', async () => {
    const bridge = stubBridge({
      memory: { ...PAIRED, people: [OPERATOR, VIEWER, { ...OPERATOR, chat: -100, isGroup: true }] },
    });
    await runLine('telegram unpair 43', stubPorts({ bridge }));
    expect(await bridge.look('demo')).toMatchObject({
      people: [{ user: 42 }, { user: 42 }],
      screens: [{ chat: -100 }],
    });
    await runLine('telegram unpair 42', stubPorts({ bridge }));
    expect(await bridge.look('demo')).toMatchObject({ people: [], screens: [], sending: [] });
  });

  it('tells the engine that nobody waits for alerts there, so that it does not miss the chat', async () => {
    const engine = stubEngine();
    await runLine('telegram unpair 43', stubPorts({ engine: engine.ports }));
    expect(engine.debug.state().options).toMatchObject({ 'sink.telegram.-100': 'off' });
    expect(engine.debug.state().options).not.toHaveProperty(['sink.telegram.42']);
  });

  it.each([
    ['a person who is not paired', '99', {}, 'NOT_PAIRED', 2],
    ['what is no number', 'ann', {}, 'BAD_OPTION', 2],
    ['anybody while the bridge runs', '42', { isRunning: true }, 'BRIDGE_RUNS', 3],
  ])('does not take %s', async (_, user, options, code, exit) => {
    const bridge = stubBridge(options);
    const { outcome } = await runLine(`telegram unpair ${user}`, stubPorts({ bridge }));
    expect(outcome).toMatchObject({ refusal: { code, exit } });
    expect(await bridge.look('demo')).toEqual(PAIRED);
  });
});

describe('telegram start and stop', () => {
  it('tell the process and the bot, and one that ran already', async () => {
    const ports = stubPorts({ bridge: stubBridge() });
    const first = await runLine('telegram start --profile night', ports);
    expect(dataOf(first.outcome)).toMatchObject({ profile: 'night', pid: 4712, bot: '@desk_bot', isNew: true });
    expect(dataOf((await runLine('telegram start', ports)).outcome)).toMatchObject({ isNew: false });
    expect(dataOf((await runLine('telegram stop', ports)).outcome)).toMatchObject({ pid: 4712 });
  });

  it('say why not in the words of the bridge', async () => {
    const why = refusal(5, 'NO_ENGINE', 'an engine', 'none', 'dzentra engine start');
    const bridge = stubBridge({}, { start: () => Promise.resolve(why) });
    expect((await runLine('telegram start', stubPorts({ bridge }))).outcome).toEqual({ kind: 'refused', refusal: why });
  });
});

it.each(['run', 'pair', 'test'])('telegram %s is refused in a face that cannot become the bridge', async (verb) => {
  expect((await runLine(`telegram ${verb}`)).outcome).toMatchObject({ refusal: { exit: 2, code: 'NO_TERMINAL' } });
});

describe('the line of the doctor', () => {
  const unsafe = refusal(2, 'KEY_UNSAFE', 'a private file', 'mode 644', 'chmod 600 night.token');
  it.each([
    [
      'is off where nothing is set up',
      { memory: NO_MEMORY },
      { token: () => Promise.resolve(noToken('demo')) },
      'off',
      /pair/,
    ],
    ['warns of a token that is gone', {}, { token: () => Promise.resolve(noToken('demo')) }, 'warn', /pair/],
    ['is bad where others can read the token', {}, { token: () => Promise.resolve(unsafe) }, 'bad', /chmod 600/],
    ['warns where nobody is paired', { memory: NO_MEMORY }, {}, 'warn', /pair/],
    ['is off where it could run', {}, {}, 'off', /start/],
    ['is ok while it runs', { isRunning: true }, {}, 'ok', /^$/],
  ] as const)('%s', async (_, options, changes, verdict, fix) => {
    const check = await bridgeCheck(stubBridge(options, changes), 'demo');
    expect({ verdict: check.verdict, fix: check.fix ?? '' }).toEqual({ verdict, fix: expect.stringMatching(fix) });
    expect(JSON.stringify(check)).not.toContain(TOKEN);
  });
});
