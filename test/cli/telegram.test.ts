import { describe, expect, it } from 'vitest';
import { createStops } from '../../src/cli/stops.ts';
import type { BridgeFace } from '../../src/cli/telegram.ts';
import { telegramPair } from '../../src/core/command/telegram/pair.ts';
import { tokenRejected } from '../../src/core/command/telegram/refusals.ts';
import { telegramRun } from '../../src/core/command/telegram/run.ts';
import { telegramTest } from '../../src/core/command/telegram/test.ts';
import { dzentra } from './pretend.ts';

const ready = { pid: 4712, bot: '@desk_bot', line: 'The bridge runs' };
const person = { user: 42, chat: 42, role: 'operator', name: 'Ann', isGroup: false, pairedAt: 1 };

/** A bridge that does at once what the real one does in hours. */
const face = (changes: Partial<BridgeFace> = {}): BridgeFace => ({
  runBridge(options) {
    options.say('no answer of Telegram: ENOTFOUND');
    options.onReady(ready);
    return Promise.resolve({
      code: 0,
      lines: ['the bridge ended'],
      data: { event: 'ended', pid: null, bot: null, saved: ['the bridge ended'] },
    });
  },
  testBridge: () => {
    const chats = [{ chat: 42, name: 'Ann', isReached: false, why: 'blocked' }];
    return Promise.resolve({ code: 4, lines: ['Ann: not reached, blocked'], data: { bot: '@desk_bot', chats } });
  },
  async pairBridge(options) {
    const token = await options.askSecret?.('Token:');
    options.onCode({ code: 'K7QP-3M9D', bot: '@desk_bot', until: 9 });
    const data = { event: 'paired', bot: '@desk_bot', code: null, until: null, people: [person] };
    return { code: 0, lines: [`paired as ${options.role}, ${options.isGroup}, ${token?.length ?? 0}`], data };
  },
  ...changes,
});

const openBridge = (changes?: Partial<BridgeFace>) => () => Promise.resolve(face(changes));
const linesOf = (out: string): Record<string, unknown>[] =>
  out
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line) as Record<string, unknown>);

describe('the bridge in this process', () => {
  it('tells on stdout that it polls and how it ended, on stderr what it waits for', async () => {
    const { code, out, err } = await dzentra('telegram run', { openBridge: openBridge() });
    expect({ code, out, err }).toEqual({
      code: 0,
      out: 'The bridge runs\nthe bridge ended\n',
      err: 'no answer of Telegram: ENOTFOUND\n',
    });
  });

  it.each([
    ['telegram run', telegramRun, 2],
    ['telegram pair', telegramPair, 2],
    ['telegram test', telegramTest, 1],
  ])('%s --json prints objects with documented fields in their order', async (line, { fields, schema }, count) => {
    const objects = linesOf((await dzentra(`${line} --profile night --json`, { openBridge: openBridge() })).out);
    expect(objects).toHaveLength(count);
    const top = fields.map(([path]) => path).filter((path) => !/[.[]/.test(path));
    for (const object of objects) {
      expect(object).toMatchObject({ schema, profile: 'night' });
      expect(Object.keys(object)).toEqual(top);
    }
  });

  it.each([
    ['SIGTERM', 0, ''],
    ['SIGHUP', 0, ''],
    ['SIGINT', 130, 'the bridge ended'],
  ] as const)('ends on %s with exit code %d', async (signal, code, said) => {
    const stops = createStops(
      () => {},
      () => {},
    );
    const runBridge: BridgeFace['runBridge'] = (options) => {
      stops.stop(signal);
      return Promise.resolve({ code: options.signal.aborted ? 0 : 1, lines: ['the bridge ended'], data: {} });
    };
    const ended = await dzentra('telegram run', { openBridge: openBridge({ runBridge }), stops });
    expect(ended.code).toBe(code);
    expect(ended.err).toContain(said);
  });

  it('is refused as any command: exit code, three words, and a line that scripts read', async () => {
    const refusal = tokenRejected('config/telegram/night.token');
    const runBridge = () => Promise.resolve({ code: refusal.exit, lines: [], refusal });
    const plain = await dzentra('telegram run --language ru', { openBridge: openBridge({ runBridge }) });
    expect(plain).toMatchObject({ code: 4, out: '' });
    expect(plain.err).toMatch(/^dzentra: TOKEN_REJECTED: такого токена/);
    const json = await dzentra('telegram run --json', { openBridge: openBridge({ runBridge }) });
    expect(JSON.parse(json.err)).toMatchObject({ schema: 'dzentra.error/1', code: 'TOKEN_REJECTED' });
  });
});

describe('pairing and testing', () => {
  it('ask for a token unseen, take the role, and print the code alone into a pipe', async () => {
    const given = { openBridge: openBridge(), secrets: ['canary'] };
    const { out, err } = await dzentra('telegram pair --role viewer --group', given);
    expect(out).toBe('K7QP-3M9D\npaired as viewer, true, 6\n');
    expect(out + err).not.toContain('canary');
  });

  it('end with 4 where a chat was not reached, and say which', async () => {
    const { code, out } = await dzentra('telegram test', { openBridge: openBridge() });
    expect({ code, out }).toEqual({ code: 4, out: 'Ann: not reached, blocked\n' });
  });

  it('load nothing of the bridge for their help', async () => {
    const opened = () => Promise.reject(new Error('the bridge was loaded'));
    const { code, out } = await dzentra('telegram pair --help', { openBridge: opened });
    expect(code).toBe(0);
    expect(out).toContain('--new-token');
  });
});
