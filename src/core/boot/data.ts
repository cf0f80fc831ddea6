import { existsSync } from 'node:fs';
import { seriesName } from '../command/data/series.ts';
import type { CheckedFile, CheckReport, DataPorts, StoredSeries, StoreKey } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { type Candles, TIMEFRAMES, timeframeName } from '../domain/candle.ts';
import { aggregate } from '../market/aggregate.ts';
import { type CandleCheck, checkCandles } from '../market/candle-check.ts';
import { checkCandleFile } from '../market/csv.ts';
import { DataError } from '../market/data-error.ts';
import { exportCandles } from '../market/print.ts';
import {
  importCandles,
  listCandles,
  openCandles,
  openUnchecked,
  type StoredSeries as Stored,
} from '../market/store.ts';
import type { SeriesKey } from '../market/store-key.ts';
import { createPace } from '../platform/pace.ts';
import { dataRefusal, noFile, noneWhole, readSeries } from './feed.ts';
import { candlesFolder, type Paths } from './paths.ts';

/** The data commands' ports over the history store. */
export function dataPorts(paths: Paths): Omit<DataPorts, 'download'> {
  const root = candlesFolder(paths);
  return {
    import: (of, signal) => orRefuse(() => importFile(root, of, signal)),
    list: () => Promise.resolve(listCandles(root).map(listed)),
    check: (of, signal) => orRefuse(() => check(root, of, signal)),
    export: (of, write, signal) =>
      orRefuse(async () => {
        const { candles } = await openCandles(root, keyOf(of));
        const pace = createPace(signal);
        for (const part of exportCandles(candles)) {
          await write(part);
          await pace();
        }
        return { rows: candles.length };
      }),
  };
}

function listed({ exchange, symbol, timeframeMs, price, path, summary }: Stored): StoredSeries {
  const key = { exchange, symbol, timeframe: timeframeName(timeframeMs), series: price ?? ('candles' as const), path };
  if (summary instanceof DataError) {
    const { expected, found, fix } = summary;
    return { ...key, rows: null, firstAt: null, lastAt: null, bytes: null, damage: { expected, found, fix } };
  }
  const { rows, firstAt, lastAt, bytes } = summary;
  return { ...key, rows, firstAt, lastAt, bytes, damage: null };
}

async function orRefuse<T>(work: () => Promise<T> | T): Promise<T | Refusal> {
  try {
    return await work();
  } catch (error) {
    if (error instanceof DataError) return dataRefusal(error);
    throw error;
  }
}

function keyOf({ exchange, symbol, timeframe, series }: StoreKey): SeriesKey {
  const key = { exchange, symbol, timeframeMs: TIMEFRAMES[timeframe] ?? 0 };
  return series === 'candles' ? key : { ...key, price: series };
}

async function importFile(
  root: string,
  of: StoreKey & { readonly path: string },
  signal: AbortSignal,
): Promise<Awaited<ReturnType<DataPorts['import']>>> {
  if (!existsSync(of.path)) return noFile(of.path);
  const key = keyOf(of);
  const file = await readSeries(of.path, { wantedMs: key.timeframeMs, signal });
  const candles = fitted(file.candles, key.timeframeMs);
  if (candles === undefined) return differs(of.timeframe, timeframeName(file.candles.timeframeMs));
  if (candles.length === 0) throw noneWhole(of.path, key.timeframeMs, file.candles.openAt);
  const { rows, added, known, gaps } = await importCandles(root, key, candles, 'refused', signal);
  const { exchange, symbol, timeframe, series } = of;
  return { exchange, symbol, timeframe, series, rows, added, known, gaps };
}

/** A file whose candles make up no such time frame; the store has no name for some that a file may have. */
function differs(asked: string, found: string): Refusal {
  const names = Object.keys(TIMEFRAMES);
  const fix = names.includes(found)
    ? `--timeframe ${found}`
    : `the store keeps ${names.join(' ')} alone: give the file to backtest --data, which takes ${found}`;
  return refusal(2, 'TIMEFRAME_DIFFERS', `candles of ${asked}, or of a part of it`, `candles of ${found}`, fix);
}

/** Candles in the time frame asked for: as they are, or put together from shorter ones. */
function fitted(candles: Candles, timeframeMs: number): Candles | undefined {
  if (candles.timeframeMs === timeframeMs) return candles;
  return timeframeMs % candles.timeframeMs === 0 ? aggregate(candles, timeframeMs) : undefined;
}

async function check(root: string, of: StoreKey | CheckedFile, signal: AbortSignal): Promise<CheckReport | Refusal> {
  if ('path' in of) {
    if (!existsSync(of.path)) return noFile(of.path);
    const options = of.timeframe === undefined ? {} : { timeframeMs: TIMEFRAMES[of.timeframe] ?? 0 };
    return reportOf(of.path, await checkCandleFile(of.path, options, signal));
  }
  return reportOf(seriesName(of), checkCandles(openUnchecked(root, keyOf(of)).candles));
}

function reportOf(name: string, found: CandleCheck): CheckReport {
  const { timeframeMs, rows, firstAt = null, lastAt = null, gaps, flaws, counts } = found;
  const faultCount = Object.values(counts).reduce((sum, count) => sum + count, 0);
  const faults = flaws.map(({ row, line, expected, found: was }) => {
    const place = line === undefined ? `candle ${row + 1}` : `line ${line}`;
    return `${place}: expected ${expected}, found ${was}`;
  });
  return { name, timeframe: timeframeName(timeframeMs), rows, firstAt, lastAt, gaps, faults, faultCount };
}
