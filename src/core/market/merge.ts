import type { Candles } from '../domain/candle.ts';
import { DataError } from './data-error.ts';

const FIELDS = ['openAt', 'open', 'high', 'low', 'close', 'volume'] as const;

/** What becomes of a candle that both have and that differs: it is refused, or the stored one stays. */
export type Differing = 'refused' | 'stays';

/**
 * Both series in one, in order of time. Candles that both have must be equal, unless the stored one stays.
 * @throws {DataError} naming the first that differs, or where the two do not lie on one grid of times.
 */
export function mergeCandles(stored: Candles, added: Candles, file: string, differing: Differing = 'refused'): Candles {
  const { timeframeMs } = stored;
  const shift = ((stored.openAt[0] as number) - (added.openAt[0] as number)) / timeframeMs;
  if (!Number.isInteger(shift)) {
    const expected = `candles that open a multiple of ${timeframeMs} ms from ${stored.openAt[0]}`;
    throw new DataError({
      file,
      expected,
      found: `one at ${added.openAt[0]}`,
      fix: 'Import the other grid as another exchange',
    });
  }
  const { sources, rows } = order(stored, added, file, differing);
  const merged = FIELDS.map((field) => pick(stored[field], added[field], sources, rows));
  const [openAt, open, high, low, close, volume] = merged;
  return { timeframeMs, length: rows, openAt, open, high, low, close, volume } as Candles;
}

/** For each row of the merged series its row in `stored`, or -1 - its row in `added`. */
function order(
  stored: Candles,
  added: Candles,
  file: string,
  differing: Differing,
): { readonly sources: Int32Array; readonly rows: number } {
  const sources = new Int32Array(stored.length + added.length);
  let left = 0;
  let right = 0;
  let rows = 0;
  while (left < stored.length || right < added.length) {
    const a = left < stored.length ? (stored.openAt[left] as number) : Number.POSITIVE_INFINITY;
    const b = right < added.length ? (added.openAt[right] as number) : Number.POSITIVE_INFINITY;
    if (a === b && differing === 'refused') refuseDifference(stored, left, added, right, file);
    sources[rows++] = a <= b ? left : -1 - right;
    if (a <= b) left++;
    if (b <= a) right++;
  }
  return { sources, rows };
}

function refuseDifference(stored: Candles, left: number, added: Candles, right: number, file: string): void {
  for (const field of FIELDS) {
    if (stored[field][left] === added[field][right]) continue;
    throw new DataError({
      file,
      expected: `the stored candle at ${stored.openAt[left]}: ${shownCandle(stored, left)}`,
      found: shownCandle(added, right),
      fix: `Find out which is right; to replace what is stored, remove ${file} first`,
    });
  }
}

function shownCandle(candles: Candles, row: number): string {
  return FIELDS.slice(1)
    .map((field) => `${field} ${candles[field][row]}`)
    .join(', ');
}

function pick(stored: Float64Array, added: Float64Array, sources: Int32Array, rows: number): Float64Array {
  const column = new Float64Array(rows);
  for (let row = 0; row < rows; row++) {
    const source = sources[row] as number;
    column[row] = (source >= 0 ? stored[source] : added[-1 - source]) as number;
  }
  return column;
}
