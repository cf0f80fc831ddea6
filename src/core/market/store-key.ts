import { join } from 'node:path';
import { TIMEFRAMES, timeframeName } from '../domain/candle.ts';
import { DataError } from './data-error.ts';

/** Which stored series is meant. `price`: candles of mid prices that a run kept, or of the mark; absent for trades. */
export interface SeriesKey {
  /** The exchange's id; `file` for candles that a user brought. */
  readonly exchange: string;
  /** The unified symbol: `BTC/USDT:USDT`. */
  readonly symbol: string;
  readonly timeframeMs: number;
  readonly price?: 'mid' | 'mark';
}

const EXTENSION = '.arrow';
const PRICES = ['mid', 'mark'] as const;

/** `BTC/USDT:USDT` -> `BTC_USDT-USDT`: safe as a file name everywhere, and `symbolOf` reads it back. */
export function fileSafe(symbol: string): string {
  return symbol.replaceAll(/[^A-Za-z0-9]/gu, (mark) => {
    if (mark === '/') return '_';
    return mark === ':' ? '-' : [...Buffer.from(mark)].map((byte) => `%${byte.toString(16).padStart(2, '0')}`).join('');
  });
}

/** The symbol that a file name stands for; undefined where it stands for none. */
export function symbolOf(name: string): string | undefined {
  if (!/^(?:[A-Za-z0-9_-]|%[0-9a-f]{2})+$/.test(name)) return undefined;
  try {
    return decodeURIComponent(name.replaceAll('_', '/').replaceAll('-', ':'));
  } catch {
    return undefined;
  }
}

/**
 * The file of a series below `root`, the folder that holds one folder an exchange.
 * @throws {DataError} where the exchange's id is no folder name or the symbol is empty.
 */
export function seriesPath(root: string, key: SeriesKey): string {
  const { exchange, symbol, timeframeMs } = key;
  if (!isExchange(exchange)) {
    const fix = 'Use letters, digits and hyphens, as in binance';
    throw new DataError({ file: root, expected: 'the id of an exchange', found: `"${exchange}"`, fix });
  }
  if (symbol === '') {
    throw new DataError({ file: root, expected: 'a symbol', found: 'none', fix: 'Name it, as in BTC/USDT:USDT' });
  }
  const suffix = key.price === undefined ? '' : `-${key.price}`;
  return join(root, exchange, `${fileSafe(symbol)}-${frameWord(timeframeMs)}${suffix}${EXTENSION}`);
}

export const isExchange = (name: string): boolean => /^[A-Za-z0-9][A-Za-z0-9_-]*$/.test(name);

/** The key that a file's name in an exchange's folder stands for; undefined for a file that is none of ours. */
export function keyOf(exchange: string, fileName: string): SeriesKey | undefined {
  if (!fileName.endsWith(EXTENSION)) return undefined;
  const base = fileName.slice(0, -EXTENSION.length);
  const price = PRICES.find((each) => base.endsWith(`-${each}`));
  const match = /^(.+)-([^-]+)$/.exec(price === undefined ? base : base.slice(0, -price.length - 1));
  const symbol = symbolOf(match?.[1] ?? '');
  const timeframeMs = timeframeOf(match?.[2] ?? '');
  if (symbol === undefined || timeframeMs === undefined) return undefined;
  return { exchange, symbol, timeframeMs, ...(price === undefined ? {} : { price }) };
}

/** A time frame that exchanges name by that name, any other by its milliseconds: what was stored once keeps its file. */
function frameWord(ms: number): string {
  const name = timeframeName(ms);
  return name in TIMEFRAMES ? name : `${ms}ms`;
}

/** `15m` -> 900000; `90000ms` -> 90000. */
function timeframeOf(name: string): number | undefined {
  return TIMEFRAMES[name] ?? (/^[1-9]\d*ms$/.test(name) ? Number(name.slice(0, -2)) : undefined);
}
