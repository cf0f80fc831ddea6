import { divide, ONE, type Rate, text } from '../base/decimal.ts';

/** A share as people write it: `rate('0.005')` -> `0.5 %`. */
export const percent = (share: Rate): string => `${text(share * 100n)} %`;

/** A part of a whole in percent, rounded up at the second digit; `?` where there is no whole. */
export function percentOf(part: bigint, whole: bigint): string {
  if (whole <= 0n) return '?';
  return percent((divide(part * 10_000n, whole, 'ceil') * (ONE / 10_000n)) as Rate);
}

/** A length of time: `1500ms`, `45s`, `1h05m`; whole seconds are rounded up. */
export function span(ms: number): string {
  if (ms < 10_000 && ms % 1_000 !== 0) return `${Math.ceil(ms)}ms`;
  const seconds = Math.ceil(ms / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${rest(seconds % 60, 's')}`;
  return `${Math.floor(minutes / 60)}h${rest(minutes % 60, 'm')}`;
}

const rest = (count: number, unit: string): string => (count === 0 ? '' : `${`${count}`.padStart(2, '0')}${unit}`);
