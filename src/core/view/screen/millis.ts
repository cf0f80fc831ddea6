import { decimal, UNKNOWN } from '../format.ts';
import type { Cell } from '../view.ts';

/** `150 ms`, with a tone where it is over the most that is usual. */
export function millis(ms: number | null, msMax = Number.POSITIVE_INFINITY): Cell {
  if (ms === null) return { value: null, text: UNKNOWN, tone: 'muted' };
  const text = `${decimal(ms, { digits: ms < 10 && !Number.isInteger(ms) ? 1 : 0 })} ms`;
  return { value: ms, text, tone: ms > msMax ? 'warn' : 'plain' };
}
