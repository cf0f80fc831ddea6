import { describe, expect, it } from 'vitest';
import { type AnyCommand, nameOf } from '../../../src/core/command/command.ts';
import { tabbed } from '../../../src/core/command/layout.ts';
import { exitOf, type Outcome } from '../../../src/core/command/outcome.ts';
import type { Ports, Span, TapeReport } from '../../../src/core/command/ports.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';
import { isInstant } from '../../../src/core/command/telling/leaves.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import { ATTACHED, portsFor } from './attached-lines.ts';
import { stoppedLong } from './hand-made.ts';
import { DEBUG_LINES } from './stub-debug.ts';
import { stubConfigPorts } from './stub-engine.ts';
import { interrupted, runLine, stubPorts } from './stub-ports.ts';

/** One line for each command that ends well. */
const LINES = [
  'backtest --data x.csv',
  'auto start --foreground',
  'replay',
  'journal list',
  'journal show 5',
  'journal tail',
  'journal verify',
  'journal prune --before 2025-01-01 --backup ./old',
  'why 5',
  'strategies list',
  'strategies show trend',
  'data import x.csv --symbol BTC/USDT:USDT --timeframe 1m',
  'data list',
  'data download --exchange binanceusdm --symbol BTC/USDT:USDT --from 2025-05-01',
  'markets',
  'data check x.csv',
  'schema journal list',
  'help journal',
  'version',
  'engine run',
  'engine start',
  'engine stop',
  'engine restart',
  'engine status',
  ...DEBUG_LINES,
  'sandbox serve',
  'sandbox fault cut:count=1',
  'sandbox differences',
  'config show',
  'config check',
  'config init',
  'config path',
  'keys list',
  'keys remove binanceusdm',
  'keys check binanceusdm',
  'doctor',
  'telegram start',
  'telegram stop',
  'telegram status',
  'telegram unpair 42',
  ...ATTACHED,
];
/** These write to stdout themselves. */
const EXPORTS = [
  'journal export',
  'data export --symbol BTC/USDT:USDT --timeframe 1m',
  'engine logs',
  'journal tape ./tape-5.windows.zst',
];

const LOADED = await Promise.all(COMMANDS.map((command) => command.load()));

const commandOf = (line: string): AnyCommand => {
  const found = LOADED.filter((each) => `${line} `.startsWith(`${nameOf(each)} `)).sort(
    (a, b) => b.path.length - a.path.length,
  )[0];
  if (found === undefined) throw new Error(`expected a command in: ${line}`);
  return found;
};

const dataOf = (outcome: Outcome): Record<string, unknown> =>
  ('data' in outcome ? outcome.data : undefined) as Record<string, unknown>;

const piped = (outcome: Outcome): string[] =>
  'blocks' in outcome ? outcome.blocks.flatMap((block) => tabbed(block)) : [];

/** They go on until Ctrl-C. */
const ENDLESS = ['auto watch', 'debug watch'];

/** A command that goes on until Ctrl-C gets it. */
const endedSoon = (line: string): AbortSignal =>
  ENDLESS.includes(line) ? AbortSignal.abort('SIGINT') : new AbortController().signal;

/** Values at a path as schemas tell it: none where a part of it is null. */
function valuesAt(value: unknown, path: readonly string[]): unknown[] {
  const [name, ...rest] = path;
  if (name === undefined) return [value];
  if (typeof value !== 'object' || value === null) return [];
  const inner = (value as Record<string, unknown>)[name.replace('[]', '')];
  if (inner === undefined) return [];
  return (name.endsWith('[]') ? (inner as unknown[]) : [inner]).flatMap((each) => valuesAt(each, rest));
}

/** Whether a value is of a documented type; a type that is no other is a word that stands for itself. */
function fits(value: unknown, type: string): boolean {
  const isNumber = typeof value === 'number';
  const isText = typeof value === 'string';
  const isOf: Readonly<Record<string, boolean>> = {
    any: true,
    null: value === null,
    array: Array.isArray(value),
    object: typeof value === 'object' && value !== null && !Array.isArray(value),
    boolean: typeof value === 'boolean',
    number: isNumber,
    fraction: isNumber,
    ms: Number.isSafeInteger(value),
    decimal: isText && /^-?\d+(\.\d+)?$/.test(value),
    text: isText,
    code: isText,
    path: isText,
  };
  return type.split('|').some((each) => isOf[each] ?? each === value);
}

/** Paths of a value, arrays as `[]`: `trades[].pnl`. */
function pathsOf(value: unknown, path = ''): string[] {
  if (Array.isArray(value)) return value.flatMap((each) => pathsOf(each, `${path}[]`));
  if (typeof value !== 'object' || value === null) return [path];
  return Object.entries(value).flatMap(([name, inner]) => pathsOf(inner, path === '' ? name : `${path}.${name}`));
}

describe('every command', () => {
  it('is tried here', () => {
    // The command line opens the terminal UI and the bridge by itself; frames and keys have tests of their own.
    const elsewhere = ['tui', 'frame', 'keys add', 'telegram run', 'telegram pair', 'telegram test'];
    const tried = new Set([...LINES, ...EXPORTS, ...elsewhere].map((line) => nameOf(commandOf(line))));
    expect([...tried].sort()).toEqual(COMMANDS.map(nameOf).sort());
  });

  it.each(LINES)('%s ends with 0, names its schema and prints no field that is not documented', async (line) => {
    const { outcome } = await runLine(line, portsFor(line), { signal: endedSoon(line) });
    expect(exitOf(outcome)).toBe(ENDLESS.includes(line) ? 130 : 0);
    if (ENDLESS.includes(line)) return;
    const command = commandOf(line);
    const data = dataOf(outcome);
    expect(data.schema).toBe(command.schema);
    const documented = command.fields.map(([path]) => path);
    const covered = (path: string) =>
      documented.some((each) => path === each || path.startsWith(`${each}.`) || path.startsWith(`${each}[`));
    expect(pathsOf(data).filter((path) => !covered(path))).toEqual([]);
    expect(Object.keys(data)).toEqual(documented.filter((path) => path in data));
  });

  it.each(LINES)('%s prints JSON that holds no bigint and no NaN, in the types that are documented', async (line) => {
    const { outcome } = await runLine(line, portsFor(line), { signal: endedSoon(line) });
    const data = dataOf(outcome) ?? {};
    expect(JSON.parse(JSON.stringify(data))).toEqual(data);
    const wrong = commandOf(line).fields.flatMap(([path, type]) =>
      path === 'schema'
        ? []
        : valuesAt(data, path.split('.'))
            .filter((each) => !fits(each, type))
            .map((each) => [path, type, each]),
    );
    expect(wrong).toEqual([]);
  });
});

describe('exit codes', () => {
  it.each([
    [1, 'replay', stubPorts({ replay: () => Promise.resolve({ name: 'demo', same: false, first: { index: 7 } }) })],
    [2, 'journal show x', stubPorts()],
    [2, 'strategies show trnd', stubPorts()],
    [3, 'journal show 99', stubPorts()],
    [3, 'why 99', stubPorts()],
    [4, 'replay', stubPorts({ replay: () => Promise.resolve(refusal(4, 'VENUE_DOWN', 'an answer', 'none', 'wait')) })],
    [
      5,
      'backtest --data x',
      stubPorts({ backtest: () => Promise.resolve(refusal(5, 'NO_ENGINE', 'an engine', 'none', 'start it')) }),
    ],
  ])('%i: %s', async (code, line, ports) => {
    expect(exitOf((await runLine(line, ports)).outcome)).toBe(code);
  });

  it.each([
    [6, { kind: 'timed_out', what: 'nothing', fix: 'wait' } as const, undefined],
    [130, { kind: 'interrupted', saved: [] } as const, 'SIGINT'],
    [143, { kind: 'interrupted', saved: [] } as const, 'SIGTERM'],
    [143, { kind: 'interrupted', saved: [] } as const, 'SIGHUP'],
    [1, { kind: 'declined', data: {}, blocks: [] } as const, undefined],
  ] as const)('%i', (code, outcome, signal) => {
    expect(exitOf(outcome, signal)).toBe(code);
  });

  it('1 and the first bad entry, where a journal is damaged', async () => {
    const first = { seq: 9, what: 'hash', expected: 'aa', found: 'bb' };
    const good = stubPorts();
    const verify = () =>
      Promise.resolve({ name: 'demo', entries: 8, lastSeq: 14, segments: 1, snapshots: 0, runs: [], first });
    const { outcome } = await runLine('journal verify', { ...good, journal: { ...good.journal, verify } });
    expect(exitOf(outcome)).toBe(1);
    expect(dataOf(outcome)).toMatchObject({ sound: false, first });
    expect(piped(outcome)).toContain('first.seq\t9');
  });

  it('1 and every field that differs, where two entries read the same', async () => {
    const fill = stoppedLong().all[4] as AnyEntry;
    if (fill.kind !== 'order_filled') throw new Error('expected a fill');
    const other: AnyEntry = { ...fill, at: fill.at + 1, body: { ...fill.body, slippageBps: 1e-13 } };
    const replay = () =>
      Promise.resolve({ name: 'demo', same: false as const, first: { index: 4, journal: fill, replay: other } });
    const { outcome } = await runLine('replay', stubPorts({ replay }));
    expect(exitOf(outcome)).toBe(1);
    expect(piped(outcome).slice(4)).toEqual([
      'first.at\t1746338460000 in the journal, 1746338460001 in the replay',
      'first.body.slippageBps\t0 in the journal, 1e-13 in the replay',
    ]);
  });

  it('1 for impossible candles, 0 for gaps', async () => {
    const good = stubPorts();
    const { outcome } = await runLine('data check x.csv');
    expect(exitOf(outcome)).toBe(0);
    const check = () =>
      Promise.resolve({
        name: 'x',
        timeframe: '1m',
        rows: 1,
        firstAt: 0,
        lastAt: 0,
        gaps: [],
        faultCount: 1,
        faults: ['row 1: expected high above low'],
      });
    expect(exitOf((await runLine('data check x.csv', { ...good, data: { ...good.data, check } })).outcome)).toBe(1);
  });
});

describe('a signal', () => {
  it('ends a backtest, which says what was saved', async () => {
    const stop = new AbortController();
    const running = runLine('backtest --data x', stubPorts({ backtest: (_request, hooks) => interrupted(hooks) }), {
      signal: stop.signal,
    });
    setImmediate(() => stop.abort('SIGINT'));
    expect((await running).outcome).toEqual({ kind: 'interrupted', saved: ['7 entries are in ./journal'] });
  });

  it('ends a paper run, which says what the journal holds and what stays open', async () => {
    const saved = { entries: 7, lastSeq: 107, position: 'long BTC/USDT:USDT' };
    const foreground = () => Promise.resolve({ interrupted: true, saved, summaryLines: ['stopped'] });
    const { outcome } = await runLine('auto start --foreground', stubPorts({ foreground }));
    expect(outcome).toMatchObject({
      kind: 'interrupted',
      saved: [
        '7 entries written to the journal of profile demo, the last is #107',
        'long BTC/USDT:USDT stays open with its stop; the same command goes on from here',
        'the market is SIMULATED: its prices are made up',
      ],
      data: { interrupted: true, simulated: true, saved },
    });
  });
});

describe('whose journal it is', () => {
  const { engine, ...rest } = stubPorts();
  const ports = { ...rest, engine: { ...engine, profile: (given?: string) => given ?? 'night' } };
  const told = 'this is the journal of profile demo, the one written last; --profile names another';
  const tells = async (line: string, given: Ports): Promise<boolean> => {
    const { outcome } = await runLine(line, given);
    return ('notes' in outcome ? (outcome.notes ?? []) : []).includes(told);
  };

  it.each([
    'journal list',
    'journal export',
    'journal verify',
    'journal prune --before 2025-01-01 --backup ./old',
    'replay',
    'why',
  ])('is said by %s where that is not the profile that other commands mean', async (line) => {
    expect(await tells(line, ports)).toBe(true);
    expect(await tells(`${line} --profile demo`, ports)).toBe(false);
    expect(await tells(line, stubPorts())).toBe(false);
  });

  it('is said where it differs or is damaged, too', async () => {
    const first = { seq: 3, what: 'hash', expected: 'a', found: 'b' };
    const report = { name: 'demo', entries: 2, lastSeq: 9, segments: 1, snapshots: 0, runs: [], first };
    const journal = { ...ports.journal, verify: () => Promise.resolve(report) };
    expect(await tells('journal verify', { ...ports, journal })).toBe(true);
    const replay = () => Promise.resolve({ name: 'demo', same: false as const, first: { index: 1 } });
    expect(await tells('replay', { ...ports, replay })).toBe(true);
    expect(await tells('replay ./tape-1.zst', { ...ports, replay })).toBe(false);
  });
});

describe('journal list', () => {
  it.each([
    ['--run 77', ['the journal has no run 77; its runs: 1 (BTC/USDT:USDT)']],
    ['--symbol FOO/USDT', ['the journal has no run of FOO/USDT; its symbols: BTC/USDT:USDT']],
    ['--run 1 --kind order_denied', []],
    ['--run 0 --symbol BTC/USDT:USDT', []],
  ])('says which there are where %s fits nothing', async (flags, notes) => {
    const { outcome } = await runLine(`journal list ${flags}`);
    expect(outcome).toMatchObject({ kind: 'done', data: { entries: [] }, notes });
  });

  it('gives the newest that fit, oldest first, one line each', async () => {
    const { outcome } = await runLine('journal list --kind order_filled,position_closed --limit 2');
    expect(piped(outcome)).toEqual([
      '2025-05-04T06:06:00.000Z\t11\t1\torder_filled\torder 2: 0.016 @ 61,221.8  fee 0.4897744  slip 0.0 bps  T0 stop',
      '2025-05-04T06:06:00.000Z\t12\t1\tposition_closed\tLONG 0.016  STOP LOSS  -10.878896  -1.00 R',
    ]);
  });

  it.each([
    ['--symbol BTC/USDT:USDT', 13],
    ['--run 2', 1],
    ['--from 2025-05-04T06:06', 5],
    ['--to-seq 3', 3],
    ['--kind order', stoppedLong().all.filter(({ kind }) => kind.startsWith('order_')).length],
    ['--kind order_filled,order', stoppedLong().all.filter(({ kind }) => kind.startsWith('order_')).length],
  ])('filters by %s', async (flags, rows) => {
    const { outcome } = await runLine(`journal list ${flags}`);
    expect(piped(outcome)).toHaveLength(rows);
  });

  it('refuses a kind that no entry has', async () => {
    expect((await runLine('journal list --kind order_filed')).outcome).toMatchObject({
      refusal: { code: 'BAD_OPTION', exit: 2, found: '"order_filed"', fix: '--kind order_filled' },
    });
  });

  it('closes the journal, whatever happens', async () => {
    const good = stubPorts();
    let closed = 0;
    const broken = {
      name: 'demo',
      lastSeq: 1,
      entry: () => undefined,
      entries(): never {
        throw new Error('damaged');
      },
      close: () => closed++,
    };
    const ports = { ...good, journal: { ...good.journal, open: () => Promise.resolve(broken) } };
    await expect(runLine('journal list', ports)).rejects.toThrow('damaged');
    expect(closed).toBe(1);
  });
});

describe('config check', () => {
  it.each([
    [{ run: { size: '10%', risk: '1%' } }, 'OPTIONS_CONFLICT'],
    [{ params: { 'ema-cross': { fats: '12' } } }, 'BAD_CONFIG'],
    [{ params: { trnd: { emaFast: '12' } } }, 'BAD_CONFIG'],
  ])('tells what no start would take or hear: %o', async (changes, code) => {
    const ports = stubPorts({ config: stubConfigPorts(changes) });
    expect((await runLine('config check', ports)).outcome).toMatchObject({ refusal: { exit: 2, code } });
  });

  it('takes parameters that a strategy has', async () => {
    const ports = stubPorts({ config: stubConfigPorts({ params: { 'ema-cross': { fast: '12' } } }) });
    expect(exitOf((await runLine('config check', ports)).outcome)).toBe(0);
  });
});

describe('what an engine would be asked for', () => {
  it.each([
    'portfolio --exchange binanceusdm --watch',
    'portfolio --exchange binanceusdm --profile night',
    'frame auto --state halted --profile night',
    'frame journal --journal ./j --profile night',
  ])('is refused where none is asked: %s', async (line) => {
    expect((await runLine(line)).outcome).toMatchObject({ refusal: { exit: 2, code: 'OPTIONS_CONFLICT' } });
  });
});

describe('which journal', () => {
  it.each([
    ['journal verify', { in: 'latest' }],
    ['journal verify --profile demo', { in: 'profile', profile: 'demo' }],
    ['journal verify --dir ./j', { in: 'folder', folder: './j' }],
  ])('%s', async (line, where) => {
    const good = stubPorts();
    let asked: unknown;
    const verify: typeof good.journal.verify = (given, hooks) => {
      asked = given;
      return good.journal.verify(given, hooks);
    };
    await runLine(line, { ...good, journal: { ...good.journal, verify } });
    expect(asked).toEqual(where);
  });

  it('is one', async () => {
    const { outcome } = await runLine('why 1 --profile demo --dir ./j');
    expect(outcome).toMatchObject({ refusal: { exit: 2, code: 'OPTIONS_CONFLICT' } });
  });
});

describe('exports', () => {
  it('write lines, and nothing else, to stdout', async () => {
    expect(await runLine('journal export --format csv')).toMatchObject({
      written: 'seq,kind\n1,run_started\n',
      outcome: { kind: 'done', data: undefined, blocks: [] },
    });
    expect((await runLine('journal export --format csv', stubPorts(), { json: true })).written).toBe('{"seq":1}\n');
  });

  it('say of a tape what else there was', async () => {
    const line = 'journal tape ./tape-5.windows.zst --from 2025-05-04T12:20';
    let asked: unknown;
    const tape = (file: string, span: Span): Promise<TapeReport> => {
      asked = { file, span };
      return Promise.resolve({ records: 1, windows: 2 });
    };
    expect((await runLine(line, stubPorts({ tape }))).outcome).toMatchObject({
      notes: ['1 record of 2 windows: the rest of the tape was dropped'],
    });
    expect(asked).toEqual({
      file: './tape-5.windows.zst',
      span: { from: Date.UTC(2025, 4, 4, 12, 20), to: undefined },
    });
    expect((await runLine(`${line} --to 2025-05-04T12:10`)).outcome).toMatchObject({
      refusal: { code: 'OPTIONS_CONFLICT', exit: 2 },
    });
  });

  it('turn candles into objects that keep their digits', async () => {
    const { written } = await runLine(EXPORTS[1] as string, stubPorts(), { json: true });
    expect(written).toBe(
      '{"timestamp_ms":1746338400000,"open":"1","high":"2","low":"0.5","close":"1.5","volume":"10"}\n',
    );
  });
});

describe('a paper run', () => {
  it.each([
    ['trades', ['run_started', 'position_opened', 'position_closed']],
    ['none', []],
  ])('prints %s as they come', async (print, kinds) => {
    const { rows } = await runLine(`auto start --foreground --print ${print}`);
    expect(rows.map((row) => (row.data as { kind: string }).kind)).toEqual(kinds);
  });

  it('prints every entry where all are asked for', async () => {
    expect((await runLine('auto start --foreground --print all')).rows).toHaveLength(stoppedLong().lastSeq);
  });
});

describe('paper reset', () => {
  it('names the profile that it would begin anew, where nobody can be asked', async () => {
    expect((await runLine('paper reset --profile night')).outcome).toMatchObject({
      refusal: { code: 'NOT_CONFIRMED', exit: 3, fix: 'dzentra paper reset --profile night --yes' },
    });
  });
});

describe('journal show', () => {
  it('tells instants of body and cause as times, beside their milliseconds; --json keeps the numbers', async () => {
    const { outcome } = await runLine('journal show 2');
    expect(piped(outcome)).toEqual(expect.arrayContaining(['run\t1', 'candleAt\t2025-05-04T06:00:00.000Z']));
    const [block] = 'blocks' in outcome ? outcome.blocks : [];
    const texts = block?.kind === 'facts' ? block.facts.map(({ title, cell }) => `${title}: ${cell.text}`) : [];
    expect(texts).toEqual(
      expect.arrayContaining([
        'cause: BTC/USDT:USDT close 2025-05-04 06:01:00 UTC (1746338460000)',
        'startedAt: 2025-05-04 06:01:00 UTC (1746338460000)',
      ]),
    );
    expect(dataOf(outcome)).toMatchObject({ entry: { body: { startedAt: 1_746_338_460_000 } } });
  });

  it.each([
    [{ path: 'until', value: '1746338460000' }, true],
    [{ path: 'from', value: '2' }, false],
    [{ path: 'what', value: '1746338460000' }, false],
    [{ path: 'lookedAt', value: 'null' }, false],
  ])('takes %o for an instant: %s', ({ path, value }, is) => {
    expect(isInstant([path, value])).toBe(is);
  });
});

describe('why', () => {
  it('takes the last thing that happened where no number is given', async () => {
    expect(dataOf((await runLine('why')).outcome).seq).toBe(12);
  });

  it('gives the entries of the chain as data', async () => {
    const data = dataOf((await runLine('why 5')).outcome) as { back: { seq: number; body: object }[] };
    expect(data.back.map((entry) => entry.seq)).toEqual([2, 3, 4, 5]);
    expect(data.back.at(-1)?.body).toMatchObject({ fill: '0.016', price: '61840.2' });
  });
});
