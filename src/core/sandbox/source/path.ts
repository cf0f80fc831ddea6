import { larger, smaller, toStep } from '../../base/decimal.ts';
import type { CandleRow } from './candle-rows.ts';

/** One trade on the way through a candle. `isRising`: a taker bought. */
export interface Step {
  readonly atMs: number;
  readonly price: bigint;
  /** 0 where the price moves without a trade. */
  readonly qty: bigint;
  readonly isRising: boolean;
}

const WEIGHTS = 7;

/** A number from 0 to 2^32 that depends on nothing but these. */
export function mixed(a: number, b: number): number {
  let value = Math.imul(a ^ 0x9e3779b9, 0x85ebca6b) ^ Math.imul(b + 0x7f4a7c15, 0xc2b2ae35);
  value = Math.imul(value ^ (value >>> 15), 0x27d4eb2f);
  return (value ^ (value >>> 13)) >>> 0;
}

/**
 * The way through a candle in `count` steps (4 at least): from the open to the low, the high and the close where it rose,
 * to the high first where it fell. The trades on it make exactly that candle, in price and in volume.
 */
export function pathOf(
  row: CandleRow,
  of: {
    readonly timeframeMs: number;
    readonly count: number;
    readonly tick: bigint;
    readonly lot: bigint;
    readonly grain: bigint;
  },
): readonly Step[] {
  const { count, timeframeMs } = of;
  const corners = cornersOf(row, count);
  const sizes = sizesOf(row, count, neededOf(row, corners), of);
  const steps: Step[] = [];
  let before = row.open;
  for (let at = 0; at < count; at++) {
    const price = priceAt(corners, at, row, of.tick);
    const isRising = price > before || (price === before && mixed(row.openAt / 1_000, at) % 2 === 0);
    steps.push({ atMs: Math.floor((at * timeframeMs) / count), price, qty: sizes[at] ?? 0n, isRising });
    before = price;
  }
  return steps;
}

type Corner = readonly [at: number, price: bigint];

function cornersOf(row: CandleRow, count: number): readonly [Corner, Corner, Corner, Corner] {
  const isUp = row.close >= row.open;
  return [
    [0, row.open],
    [Math.floor((count - 1) / 3), isUp ? row.low : row.high],
    [Math.floor(((count - 1) * 2) / 3), isUp ? row.high : row.low],
    [count - 1, row.close],
  ];
}

/** The steps that must trade: a candle of two lots has no more than two of them. */
function neededOf(
  { open, close }: CandleRow,
  [first, one, other, last]: ReturnType<typeof cornersOf>,
): readonly number[] {
  const extremes = [one, other].filter(([, price]) => price !== open && price !== close);
  const isOpenNeeded = open !== close || extremes.length > 0;
  return [...(isOpenNeeded ? [first] : []), ...extremes, last].map(([at]) => at);
}

function priceAt(corners: readonly Corner[], at: number, row: CandleRow, tick: bigint): bigint {
  const next = corners.find(([corner]) => corner >= at) as Corner;
  if (next[0] === at) return next[1];
  const from = corners.findLast(([corner]) => corner < at) as Corner;
  const way = ((next[1] - from[1]) * BigInt(at - from[0])) / BigInt(next[0] - from[0]);
  return larger(row.low, smaller(row.high, toStep(from[1] + way, tick, 'floor')));
}

/** Sizes that sum up to the volume. The corners trade always, the other steps where there is enough for all. */
function sizesOf(
  row: CandleRow,
  count: number,
  corners: readonly number[],
  { lot, grain }: { readonly lot: bigint; readonly grain: bigint },
): readonly bigint[] {
  const sizes = Array.from({ length: count }, () => 0n);
  if (row.volume === 0n) return sizes;
  const unit = row.volume % lot === 0n && row.volume / lot >= BigInt(corners.length) ? lot : grain;
  const units = row.volume / unit;
  const trading = units >= BigInt(count * WEIGHTS) ? sizes.map((_, at) => at) : corners;
  const weights = trading.map((at) => (trading === corners ? 1 : 1 + (mixed(at, row.openAt / 1_000) % WEIGHTS)));
  const sum = BigInt(weights.reduce((total, weight) => total + weight, 0));
  let left = units;
  trading.forEach((at, turn) => {
    const isLast = turn === trading.length - 1;
    const share = isLast ? left : (units * BigInt(weights[turn] ?? 1)) / sum;
    sizes[at] = (sizes[at] ?? 0n) + share * unit;
    left -= share;
  });
  return sizes;
}
