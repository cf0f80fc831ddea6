import { readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { exitOf, type Outcome } from '../../../src/core/command/outcome.ts';
import type { Ports } from '../../../src/core/command/ports.ts';
import { DEBUG_LINES, type StubDebug, stubDebug } from './stub-debug.ts';
import { runLine, stubPorts } from './stub-ports.ts';

const refusalOf = (outcome: Outcome) => (outcome.kind === 'refused' ? outcome.refusal : undefined);
const dataOf = (outcome: Outcome): Record<string, unknown> =>
  ('data' in outcome ? outcome.data : undefined) as Record<string, unknown>;

/** Ports of which a debug command may touch its own alone: any other throws. */
const onlyDebug = (debug: StubDebug): Ports =>
  new Proxy(stubPorts({ debug }), {
    get(ports, name, receiver) {
      if (name === 'debug') return Reflect.get(ports, name, receiver) as unknown;
      // A promise looks for `then`.
      if (name === 'then') return undefined;
      throw new Error(`a debug command reached for ${String(name)}`);
    },
  });

/** Plays lines one command after the other. */
async function play(debug: StubDebug, ...lines: readonly string[]): Promise<Record<string, unknown>> {
  let data: Record<string, unknown> = {};
  for (const line of lines) {
    const { outcome } = await runLine(`debug ${line}`, onlyDebug(debug));
    if (exitOf(outcome) !== 0) throw new Error(`${line}: ${JSON.stringify(outcome)}`);
    data = dataOf(outcome);
  }
  return data;
}

describe('a debug command', () => {
  it.each(DEBUG_LINES)('%s reaches no journal, no engine and no profile', async (line) => {
    const signal = line.endsWith('watch') ? AbortSignal.abort('SIGINT') : new AbortController().signal;
    const { outcome } = await runLine(line, onlyDebug(stubDebug()), { signal });
    expect(outcome.kind).not.toBe('failed');
  });

  it.each(DEBUG_LINES)('%s without DEBUG_ENABLED says how to turn it on: exit 2', async (line) => {
    const { outcome } = await runLine(line, onlyDebug(stubDebug({ isEnabled: false })));
    expect(refusalOf(outcome)).toMatchObject({ exit: 2, code: 'DEBUG_OFF', expected: 'DEBUG_ENABLED=1' });
  });

  it('has no flag that names a run, a profile, an account or a folder', async () => {
    const { COMMANDS } = await import('../../../src/core/command/registry.ts');
    const own = await Promise.all(COMMANDS.filter(({ path }) => path[0] === 'debug').map((each) => each.load()));
    const names = own.flatMap((command) => [...Object.keys(command.options), ...Object.keys(command.args)]);
    expect([...new Set(names)].filter((name) => /run|profile|account|dir|journal|engine/.test(name))).toEqual([]);
  });

  it('without a sandbox is exit 3', async () => {
    const { outcome } = await runLine('debug long', onlyDebug(stubDebug({ lines: null })));
    expect(refusalOf(outcome)).toMatchObject({ exit: 3, code: 'NO_SANDBOX', fix: 'dzentra debug start' });
  });
});

describe('a sandbox', () => {
  it('does what the README shows, line by line', async () => {
    const readme = readFileSync(resolve(import.meta.dirname, '../../../README.md'), 'utf8');
    const lines = [...readme.matchAll(/^DEBUG_ENABLED=1 npx dzentra debug ([^#\n]*[^#\s])/gm)].map(
      (match) => match[1] ?? '',
    );
    expect(lines[0]).toBe('start');
    const { run } = await play(stubDebug({ lines: null }), ...lines.map((line) => line.replace(/ --json$/, '')));
    expect(run).toMatchObject({ trades: 1, position: null });
  });

  it('goes on from command to command', async () => {
    const debug = stubDebug({ lines: null });
    await play(debug, 'start', 'price 100', 'long');
    expect(await play(debug, 'step')).toMatchObject({
      run: { position: { side: 'long', qty: '10', stopPrice: '99', targetPrice: '102', protection: 'working' } },
    });
    expect(await play(debug, 'hit-target')).toMatchObject({ balance: '10020', run: { position: null } });
    expect(debug.session?.lines).toEqual(['price 100', 'long', 'step', 'hit-target']);
    expect(await play(debug, 'reset')).toMatchObject({ price: null, balance: '10000' });
  });

  it.each([
    ['hit-stop', 'stop_loss'],
    ['hit-target', 'take_profit'],
    ['hit-max-loss', 'max_loss'],
  ])('%s', async (line, reason) => {
    const lines = ['set max-loss=5', 'price 60000', 'long', 'step'];
    const before = line === 'hit-max-loss' ? lines : lines.slice(1);
    const { entries } = (await play(stubDebug({ lines: before }), line)) as {
      entries: { kind: string; body: { reason?: string } }[];
    };
    expect(entries.find(({ kind }) => kind === 'position_closed')?.body.reason).toBe(reason);
  });

  it('flips: the side is found', async () => {
    const { run } = await play(stubDebug(), 'flip', 'step');
    expect(run).toMatchObject({ position: { side: 'short' } });
  });

  it('fills no more than the sizes of a quote', async () => {
    const debug = stubDebug({ lines: ['quote 99.9 100'] });
    expect(await play(debug, 'long', 'quote 99.9 100 5 0.004')).toMatchObject({ run: { position: { qty: '0.004' } } });
  });

  it('denies what the margin does not cover', async () => {
    const { entries } = (await play(stubDebug({ lines: ['price 60000'] }), 'block-margin')) as {
      entries: { kind: string }[];
    };
    expect(entries.map(({ kind }) => kind)).toContain('order_denied');
  });

  it.each([
    ['signal buy strong', 'long', 'strong', 1],
    ['signal sell weak', 'short', 'weak', 0.4],
    ['signal buy confidence=0.6', 'long', 'normal', 0.6],
  ])('%s is raised with its strength at the next close and acted on', async (line, side, strength, confidence) => {
    const debug = stubDebug({ lines: ['price 60000'] });
    const raised = (await play(debug, `${line} leverage=3 reason=a test`, 'step')) as {
      entries: { kind: string; body: object }[];
    };
    expect(raised.entries.find(({ kind }) => kind === 'signal_raised')?.body).toMatchObject({ strength, confidence });
    expect(await play(debug, 'step')).toMatchObject({ run: { position: { side } } });
    const { state, entries } = (await play(debug, 'state')) as {
      state: object;
      entries: { kind: string; body: object }[];
    };
    expect(state).toMatchObject({ runs: [{ risk: { leverage: '3' } }] });
    expect(entries.find(({ kind }) => kind === 'note_added')?.body).toMatchObject({
      note: expect.stringContaining('a test'),
    });
  });

  it('takes candles of a feed, then stands still', async () => {
    const debug = stubDebug({ lines: null });
    expect(await play(debug, 'start --feed synthetic:7')).toMatchObject({ left: 3, price: null });
    expect(await play(debug, 'play')).toMatchObject({ left: 0, price: 60_200 });
    expect(await play(debug, 'step')).toMatchObject({ left: 0, price: 60_200 });
  });

  it('is saved with its journal, or as a script that plays again', async () => {
    const debug = stubDebug();
    await play(debug, 'save all.json', 'save story.txt --script');
    expect(JSON.parse(debug.written['all.json'] ?? '')).toMatchObject({ v: 1, lines: ['price 60000', 'long', 'step'] });
    expect(debug.written['story.txt']).toBe('price 60000\nlong\nstep\n');
  });

  it('says of an entry that waits for a price what it waits for', async () => {
    const { outcome } = await runLine('debug hit-stop', onlyDebug(stubDebug({ lines: ['price 60000', 'long'] })));
    const found = 'an entry that waits for a price';
    expect(refusalOf(outcome)).toMatchObject({ code: 'NO_POSITION', found, fix: 'give a price first: price 60000' });
  });

  it.each([
    ['price -5', 2, 'BAD_LINE'],
    ['candle 100 99 98 97', 2, 'BAD_LINE'],
    ['quote 101 100', 2, 'BAD_LINE'],
    ['signal up', 2, 'BAD_LINE'],
    ['play 0', 2, 'BAD_LINE'],
    ['set sl=half', 2, 'BAD_LINE'],
    ['set stop=1%', 2, 'BAD_LINE'],
    ['hit-max-loss', 3, 'NO_TRIGGER'],
  ])('%s: %i %s, and is not kept', async (line, exit, code) => {
    const debug = stubDebug();
    const { outcome } = await runLine(`debug ${line}`, onlyDebug(debug));
    expect(refusalOf(outcome)).toMatchObject({ exit, code });
    expect(debug.session?.lines).toHaveLength(3);
  });
});

describe('what a line expects', () => {
  it.each([
    ['price -5', '1 number above zero'],
    ['quote 101', '2 to 4 numbers above zero'],
  ])('%s: %s', async (line, expected) => {
    expect(refusalOf((await runLine(`debug ${line}`, onlyDebug(stubDebug()))).outcome)).toMatchObject({ expected });
  });
});

describe('a script', () => {
  it('prints what each line led to and leaves the sandbox alone', async () => {
    const script = '# a story\nprice 100\nlong\nstep\nhit stop\nclose\n';
    const debug = stubDebug({ lines: null, script });
    const { outcome, rows } = await runLine('debug run -', onlyDebug(debug));
    expect(dataOf(outcome)).toMatchObject({ steps: 5, refused: 1, balance: '9990' });
    expect(rows.map(({ cells }) => cells.slice(0, 2).map(({ value }) => value))).toEqual([
      ['2', 'price 100'],
      ['3', 'long'],
      ['4', 'step'],
      ['5', 'hit stop'],
      ['6', 'close'],
    ]);
    expect(rows[4]?.data).toMatchObject({ refused: { code: 'NO_POSITION' } });
    expect(debug.session).toBeUndefined();
  });

  it('that does not read ends with its line: exit 2', async () => {
    const { outcome } = await runLine('debug run x', onlyDebug(stubDebug({ script: 'price 100\nlnog\n' })));
    expect(refusalOf(outcome)).toMatchObject({
      exit: 2,
      code: 'UNKNOWN_LINE',
      expected: 'line 2: a line of a debug script',
    });
  });
});
