import { parseLine } from '../../../src/core/command/argv/parse.ts';
import type { Context, StreamedRow } from '../../../src/core/command/command.ts';
import type { Outcome } from '../../../src/core/command/outcome.ts';
import type { Hooks, Ports, StoredSeries } from '../../../src/core/command/ports.ts';
import { refusal } from '../../../src/core/command/refusal.ts';
import { COMMANDS } from '../../../src/core/command/registry.ts';
import { builtInInstrument } from '../../../src/core/domain/instrument-table.ts';
import { STRATEGIES } from '../../../src/core/strategy/registry.ts';
import type { VenueMarket } from '../../../src/core/venue/exchange.ts';
import type { BacktestView } from '../../../src/core/view/report.ts';
import { SIX, stoppedLong } from './hand-made.ts';
import { noAccount, stubDoctor, stubKeys } from './keys-stub.ts';
import { stubBridge } from './stub-bridge.ts';
import { stubDebug } from './stub-debug.ts';
import { stubConfigPorts, stubEngine } from './stub-engine.ts';
import { stubSandbox } from './stub-sandbox.ts';

const SERIES: StoredSeries = {
  exchange: 'file',
  symbol: 'BTC/USDT:USDT',
  timeframe: '1m',
  series: 'candles',
  path: '/data/candles/file/BTC_USDT-USDT-1m.arrow',
  rows: 44_640,
  firstAt: SIX,
  lastAt: SIX + 60_000,
  bytes: 2_142_720,
  damage: null,
};

const nothing = refusal(2, 'NO_FILE', 'the path of a file', 'none', 'name a file that is there');

/** Ports that answer at once from a hand-made trade. A test replaces what it is about. */
export function stubPorts(changes: Partial<Ports> = {}): Ports {
  return {
    strategies: {
      list: () => Promise.resolve({ strategies: STRATEGIES, broken: [] }),
      find: (name) =>
        Promise.resolve(STRATEGIES.find((each) => each.name === name || name.startsWith('./')) ?? nothing),
      absolute: (nameOrPath) =>
        Promise.resolve(nameOrPath.startsWith('./') ? `/stands${nameOrPath.slice(1)}` : nameOrPath),
    },
    backtest: () =>
      Promise.resolve({
        summary: { trades: 2, finalEquity: '10012.5', sharpe: null },
        json: { schema: 'dzentra.backtest/1', summary: { trades: 2, finalEquity: '10012.5', sharpe: null } },
        view: {} as BacktestView,
        notes: [],
      }),
    foreground(_request, hooks) {
      for (const entry of stoppedLong().all) hooks.onEntry(entry);
      return Promise.resolve({
        interrupted: false,
        saved: { entries: 14, lastSeq: 14 },
        summaryLines: ['1 trade closed'],
      });
    },
    replay: () =>
      Promise.resolve({
        name: 'demo',
        same: true,
        entries: 13,
        toSeq: 13,
        isClosed: true,
        lastSeq: 13,
        cutAt: undefined,
        digest: 'ab12',
      }),
    async tape(_file, _span, write) {
      await write('{"n":1,"at":1746338400000,"seq":2}\n');
      return { records: 1, windows: 2 };
    },
    journal: {
      open: () => {
        const { journal } = { journal: stoppedLong() };
        return Promise.resolve({
          name: 'demo',
          lastSeq: journal.lastSeq,
          entry: (seq) => journal.entry(seq),
          entries: (query) => journal.entries(query),
          close: () => {},
        });
      },
      verify: () =>
        Promise.resolve({
          name: 'demo',
          entries: 14,
          lastSeq: 14,
          segments: 1,
          snapshots: 2,
          runs: [{ run: 1, entries: 12, digest: 'ab12' }],
        }),
      prune: () =>
        Promise.resolve({
          name: 'demo',
          dropped: [{ file: 'a.db', firstSeq: 1, lastSeq: 9 }],
          backups: ['b/a.db'],
          kept: 1,
        }),
      async export(_where, format, _query, write) {
        await write(format === 'csv' ? 'seq,kind\n1,run_started\n' : '{"seq":1}\n');
        return { name: 'demo', entries: 1 };
      },
    },
    data: {
      import: ({ symbol, timeframe, exchange, series }) => {
        const counts = { rows: 10, added: 4, known: 6, gaps: { count: 1, missing: 2 } };
        return Promise.resolve({ exchange, symbol, timeframe, series, ...counts });
      },
      list: () => Promise.resolve([SERIES]),
      download: ({ exchange, symbol, timeframe, series }) =>
        Promise.resolve({
          exchange,
          symbol,
          timeframe,
          series,
          path: 'x.arrow',
          rows: 10,
          added: 4,
          gaps: { count: 1, missing: 2 },
        }),
      check: () =>
        Promise.resolve({
          name: 'x.csv',
          timeframe: '1m',
          rows: 10,
          firstAt: SIX,
          lastAt: SIX + 600_000,
          gaps: [{ from: SIX + 60_000, to: SIX + 120_000, missing: 1 }],
          faults: [],
          faultCount: 0,
        }),
      async export(_of, write) {
        // Pieces are cut where they fall: in the middle of a row too.
        for (const piece of ['timestamp_ms,open,high,low,close,volume\n17463', '38400000,1,2,0.5,1.5,10\n'])
          await write(piece);
        return { rows: 1 };
      },
    },
    engine: stubEngine().ports,
    config: stubConfigPorts(),
    debug: stubDebug(),
    sandbox: stubSandbox(),
    keys: stubKeys(),
    doctor: stubDoctor(),
    bridge: stubBridge(),
    account: noAccount,
    markets: () => Promise.resolve({ title: 'Binance USDS-M', markets: [MARKET] }),
    ...changes,
  };
}

export interface Ran {
  readonly outcome: Outcome;
  readonly rows: readonly StreamedRow[];
  readonly written: string;
}

/** Runs a line of words against ports, the way a face would. */
export async function runLine(line: string, ports: Ports = stubPorts(), face: Partial<Context> = {}): Promise<Ran> {
  const rows: StreamedRow[] = [];
  let written = '';
  const context: Context = {
    signal: new AbortController().signal,
    json: false,
    version: '0.1.0',
    columns: 80,
    commands: COMMANDS,
    boot: () => Promise.resolve(ports),
    progress: () => () => {},
    row: (row) => rows.push(row),
    write(text) {
      written += text;
      return Promise.resolve();
    },
    ...face,
  };
  const parsed = await parseLine(line.split(' '), COMMANDS);
  if (parsed.kind === 'help') throw new Error(`expected a command, found a wish for help: ${line}`);
  const outcome: Outcome =
    parsed.kind === 'refused'
      ? { kind: 'refused', refusal: parsed.refusal }
      : await parsed.command.run({ ...context, words: parsed.words }, parsed.input);
  return { outcome, rows, written };
}

/** A port that waits until a signal comes, as long work does. */
export const interrupted = (hooks: Hooks) =>
  new Promise<{ interrupted: true; saved: readonly string[] }>((resolve) => {
    hooks.signal.addEventListener('abort', () => resolve({ interrupted: true, saved: ['7 entries are in ./journal'] }));
  });

const MARKET: VenueMarket = {
  symbol: 'BTC/USDT:USDT',
  id: 'BTCUSDT',
  type: 'perpetual',
  status: 'trading',
  statusText: 'TRADING',
  instrument: builtInInstrument('BTC/USDT:USDT'),
  why: undefined,
  fundingMs: 28_800_000,
};
