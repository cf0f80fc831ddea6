import { existsSync } from 'node:fs';
import type { CandleRow } from '../domain/frame.ts';
import { columnsOf, rowsFrom } from './columns.ts';
import type { MidStore } from './feed.ts';
import { type SeriesKey, seriesPath } from './store-key.ts';

/**
 * A symbol's candles are written when there are so many. A file is written whole: once a minute would wear the disk, and
 * so many are lost at most when the process is killed.
 */
const ROWS_A_WRITE = 15;

export interface MidStoreOptions {
  /** The folder of the history store. */
  readonly root: string;
  /** Its folder in there: the exchange's id, or the name of a stand-in's. */
  readonly exchange: string;
  readonly timeframeMs: number;
  log(text: string): void;
}

/** Candles of mids in the history store, `<symbol>-1m-mid.arrow`. A minute that is there stays as it is. */
export interface KeptMids extends MidStore {
  /** Writes what was not written yet. */
  end(): Promise<void>;
}

/**
 * Keeps candles of mids. What cannot be written is told once, waits in memory and is tried again with the next ones;
 * whoever trades never waits for it.
 */
export function createMidStore({ root, exchange, timeframeMs, log }: MidStoreOptions): KeptMids {
  const waiting = new Map<string, CandleRow[]>();
  let writing = Promise.resolve();
  let isFailing = false;
  const keyOf = (symbol: string): SeriesKey => ({ exchange, symbol, timeframeMs, price: 'mid' });
  const rowsOf = (symbol: string): CandleRow[] => {
    const rows = waiting.get(symbol) ?? [];
    waiting.set(symbol, rows);
    return rows;
  };
  const write = async (symbol: string): Promise<void> => {
    const rows = rowsOf(symbol);
    const { length } = rows;
    if (length === 0) return;
    try {
      const { importCandles } = await import('./store.ts');
      // Another engine on this machine may have kept the same minute.
      await importCandles(root, keyOf(symbol), columnsOf(rows.slice(0, length), timeframeMs), 'stays');
      rows.splice(0, length);
      isFailing = false;
    } catch (error) {
      if (!isFailing) log(`the mids of ${symbol} cannot be written, they wait in memory: ${messageOf(error)}`);
      isFailing = true;
    }
  };
  /** One write at a time. */
  const save = (symbol: string): Promise<void> => {
    writing = writing.then(() => write(symbol));
    return writing;
  };
  return {
    async read(symbol, from) {
      await save(symbol);
      const rows = rowsOf(symbol).filter(([openAt]) => openAt >= from);
      if (!existsSync(seriesPath(root, keyOf(symbol)))) return rows;
      try {
        const { openCandles } = await import('./store.ts');
        const stored = rowsFrom((await openCandles(root, keyOf(symbol))).candles, from);
        const last = stored.at(-1)?.[0] ?? 0;
        return [...stored, ...rows.filter(([openAt]) => openAt > last)];
      } catch (error) {
        log(`the mids of ${symbol} that were kept cannot be read: ${messageOf(error)}`);
        return rows;
      }
    },
    keep(symbol, row) {
      const rows = rowsOf(symbol);
      rows.push(row);
      if (rows.length % ROWS_A_WRITE === 0) void save(symbol);
    },
    async end() {
      await Promise.all([...waiting.keys()].map(save));
    },
  };
}

const messageOf = (error: unknown): string => (error instanceof Error ? error.message : String(error));
