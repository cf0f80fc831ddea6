import { existsSync, globSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { money, price, qty, rate } from '../../src/core/base/decimal.ts';
import { backtest } from '../../src/core/boot/backtest.ts';
import { foreground } from '../../src/core/boot/paper.ts';
import type { Paths } from '../../src/core/boot/paths.ts';
import { replay } from '../../src/core/boot/replay.ts';
import { PAPER_COSTS } from '../../src/core/command/run/costs.ts';
import { digests } from '../../src/core/journal/digest.ts';
import { readJournal } from '../../src/core/journal/sqlite.ts';
import type { RunRequest } from '../../src/core/lab/request.ts';
import { DEFAULT_RISK, defaultRiskFor } from '../../src/core/risk/defaults.ts';
import { ROOT } from './checkout.ts';

/** The folder of real candles beside the checkout. */
export const CANDLES = resolve(ROOT, '../shared/data/candles');
export const hasCandles = existsSync(CANDLES);
/** For names of tests that are left out where the data is. */
export const NEEDS_CANDLES = hasCandles ? '' : ' (left out: needs ../shared/data)';

const COLUMNS = 'timestamp_ms,open,high,low,close,volume';

/** Names of the files that have the six columns of candles. */
export function candleFiles(): string[] {
  if (!hasCandles) return [];
  return globSync('*.csv.gz', { cwd: CANDLES })
    .filter((name) => firstLine(join(CANDLES, name)) === COLUMNS)
    .sort();
}

const firstLine = (path: string): string =>
  gunzipSync(readFileSync(path)).toString('latin1', 0, 200).split('\n')[0] ?? '';

/** The file as a perpetual: `binance-spot-LINKUSDT-5m-...` is LINK/USDT:USDT. */
function symbolOf(path: string): { symbol: string; base: string } {
  const [, base = 'BTC'] = /-([A-Z]+?)(?:USDT|USD)\b/.exec(basename(path)) ?? [];
  return { symbol: `${base}/USDT:USDT`, base };
}

/** ema-cross as in the reference: a tenth of the balance, stop 1 %, target 2 %, 0.04 % a side and nothing else. */
export function reference(path: string): RunRequest {
  const fee = rate('0.0004');
  return {
    strategy: 'ema-cross',
    params: { fast: '12', slow: '26' },
    symbol: symbolOf(path).symbol,
    seed: 1,
    risk: {
      sizing: { by: 'fraction', fraction: rate('0.1') },
      leverage: DEFAULT_RISK.leverage,
      stop: { by: 'fixed', distance: rate('0.01') },
      target: { by: 'fixed', distance: rate('0.02') },
      loss: { by: 'none' },
      limits: {},
    },
    observe: false,
    balance: money('10000'),
    costs: { makerRate: fee, takerRate: fee, spread: rate('0'), slippage: rate('0'), latencyMs: 0 },
    instrument: { kind: 'perpetual', tick: price('0.00000001'), step: qty('0.00000001'), notionalMin: money('0') },
    source: { from: 'file', path },
  };
}

/** Trend as `--as-paper` runs it: every limit, cooldown, gate and cost model on. */
export function trendAsPaper(path: string): RunRequest {
  const { symbol, base } = symbolOf(path);
  return {
    strategy: 'trend',
    params: {},
    symbol,
    seed: 1,
    risk: defaultRiskFor(base),
    observe: false,
    balance: money('10000'),
    costs: PAPER_COSTS,
    instrument: { kind: 'perpetual' },
    source: { from: 'file', path },
  };
}

/** Folders of a machine of its own, in a scratch folder. */
export const pathsIn = (folder: string): Paths => ({
  state: join(folder, 'state'),
  config: join(folder, 'config'),
  data: join(folder, 'data'),
  runtime: join(folder, 'runtime'),
});

const hooks = { signal: new AbortController().signal, progress: () => {} };

/** The digest of one run in each of the three wirings, and how many entries paper wrote. */
export interface ModeDigests {
  readonly backtest: unknown;
  readonly paper: unknown;
  readonly replay: unknown;
  readonly entries: number;
}

/** Runs one configuration in backtest, paper (SQLite, tape, the asynchronous driver at full speed) and replay wiring. */
export async function inAllModes(request: RunRequest, folder: string): Promise<ModeDigests> {
  const paths = pathsIn(folder);
  const journalDir = join(folder, 'backtest');
  const tested = done(await backtest({ ...request, journalDir }, hooks, paths));
  if (!('json' in tested)) throw new Error('expected a report, found an interruption');
  done(await foreground({ ...request, profile: 'paper', speed: 'max' }, { ...hooks, onEntry: () => {} }, paths));
  const journal = readJournal(join(paths.state, 'paper'));
  const [paper] = [...digests(journal.entries()).values()];
  journal.close();
  const replayed = done(await replay({ where: { in: 'profile', profile: 'paper' } }, hooks, paths));
  const { digest } = tested.json;
  return {
    backtest: digest,
    paper: paper?.digest,
    replay: 'same' in replayed && replayed.same ? replayed.digest : replayed,
    entries: paper?.entries ?? 0,
  };
}

/** @throws {Error} with the refusal's own words. */
function done<T extends object>(answer: T): Exclude<T, { exit: number }> {
  if ('exit' in answer) throw new Error(`expected an answer, found the refusal ${JSON.stringify(answer)}`);
  return answer as Exclude<T, { exit: number }>;
}
