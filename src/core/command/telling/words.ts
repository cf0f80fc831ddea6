import { digitsOf } from '../../base/decimal.ts';
import type { Vote } from '../../domain/evidence.ts';
import type { SignalSide } from '../../domain/run.ts';
import { decimal, signed, utcTime } from '../../view/format.ts';

/** Digits after the point that money is shown with where it has more: the smallest unit of most settle assets. */
const MONEY_DIGITS = 8;

const digitsShown = (value: bigint): number | undefined => (digitsOf(value) > MONEY_DIGITS ? MONEY_DIGITS : undefined);

/** Profit or loss with its sign. */
export const signedMoney = (value: bigint): string => signed(value, digitsShown(value));

/** Digits that a market number has meaning in; beyond them stands the noise of binary sums. */
const MARKET_DIGITS = 12;

/** A market number with the digits that mean something, or with so many after the point. */
export const market = (value: number | null, digits?: number): string =>
  decimal(value === null ? null : Number(value.toPrecision(MARKET_DIGITS)), { digits });

/** A rate as a share: `0.04 %`. */
export const shareOf = (rate: bigint): string => `${decimal(rate * 100n)} %`;

/** `2025-05-04 06:30:01`, UTC. */
export const time = (at: number): string => utcTime(at);

/** For pipes: `2025-05-04T06:30:01.000Z`. */
export const isoTime = (at: number): string => new Date(at).toISOString();

const SIDES: Readonly<Record<SignalSide, string>> = { 1: 'BUY', 0: 'HOLD', [-1]: 'SELL' };
/** BUY, HOLD or SELL. */
export const sideWord = (side: SignalSide): string => SIDES[side];

/** `ema+ di+ htf- volume0`: every vote with its side. */
export const votesLine = (votes: readonly Vote[]): string =>
  votes.map(({ name, vote }) => `${name}${vote > 0 ? '+' : vote < 0 ? '-' : '0'}`).join(' ');

/** A code or a camel-case name in words: `stop_loss` -> `stop loss`, `emaFast` -> `ema fast`. */
export const plainWords = (code: string): string =>
  code
    .replace(/_/g, ' ')
    .replace(/([a-z0-9])([A-Z])/g, (_all, before: string, after: string) => `${before} ${after.toLowerCase()}`);

/** `1 candle`, `3 candles`, `2 entries`. */
export function count(n: number, noun: string): string {
  const many = noun.endsWith('y') ? `${noun.slice(0, -1)}ies` : `${noun}s`;
  return `${decimal(n)} ${n === 1 ? noun : many}`;
}
