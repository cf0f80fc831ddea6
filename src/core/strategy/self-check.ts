import type { Bar, Candles } from '../domain/candle.ts';
import type { Definition } from './definition.ts';
import { createOpinion } from './opinion.ts';
import type { Params } from './strategy.ts';

/** How much the opinions of a strategy depend on where its history began. */
export interface SelfCheck {
  /** Candles that were compared, all starting points together; 0 where the history is too short to say anything. */
  readonly compared: number;
  /** Largest relative difference of each value, `|a - b| / max(|a|, |b|)`; Infinity where only one run was warm. */
  readonly values: Readonly<Record<string, number>>;
  /** On how many candles each vote differed. */
  readonly votes: Readonly<Record<string, number>>;
}

interface History {
  readonly definition: Definition;
  readonly params: Params;
  readonly candles: Candles;
  readonly higher: Candles | undefined;
}

/** What one run said: a row of votes and a row of values for each candle of the history. */
interface Opinions {
  readonly votes: Float64Array;
  readonly values: Float64Array;
}

const LATER_STARTS = 4;

/**
 * Runs the strategy from the first candle and again from later ones, each with exactly the history that its warm-up asks
 * for, and compares what the runs say of the same candles once warm. A strategy whose warm-up is long enough shows small
 * differences; one that remembers for ever does not. `higher` is needed where the definition names a higher time frame.
 * Source: the idea of freqtrade's recursive analysis.
 * @throws {RangeError} where the higher candles are missing.
 */
export function selfCheck(definition: Definition, params: Params, candles: Candles, higher?: Candles): SelfCheck {
  if (definition.timeframes(params).higher !== undefined && higher === undefined) {
    throw new RangeError(`${definition.name}: expected candles of its higher time frame, found none; give them, too`);
  }
  const history = { definition, params, candles, higher };
  const { bars } = definition.warmup(params);
  const voices = definition.votes(params).map((vote) => vote.name);
  const votes = new Float64Array(voices.length);
  const values = new Float64Array(definition.values.length);
  const whole = opinionsFrom(history, 0, 0);
  let compared = 0;
  for (const start of laterStarts(history, bars)) {
    const late = opinionsFrom(history, start, higherStart(history, start + bars));
    for (let i = start + bars; i < candles.length; i++) {
      compareRow(votes, whole.votes, late.votes, i, (worst, difference) => worst + (difference > 0 ? 1 : 0));
      compareRow(values, whole.values, late.values, i, Math.max);
      compared++;
    }
  }
  return { compared, values: named(definition.values, values), votes: named(voices, votes) };
}

/** Starting points spread over the history, each early enough to be warm and late enough to have its higher candles. */
function laterStarts(history: History, bars: number): number[] {
  const { definition, params, candles, higher } = history;
  const { higherBars } = definition.warmup(params);
  let first = 0;
  while (first + bars < candles.length && higherStart(history, first + bars) < 0) first++;
  const room = candles.length - 1 - bars - first;
  if (room < 1 || (higher !== undefined && higher.length < higherBars)) return [];
  const starts = Array.from(
    { length: LATER_STARTS },
    (_, k) => first + Math.floor((room * (k + 1)) / (LATER_STARTS + 1)),
  );
  return [...new Set(starts)].filter((start) => start > 0);
}

/** The higher candle to begin with, so that `higherBars` are closed at the close of candle `i`; negative if too few. */
function higherStart({ definition, params, candles, higher }: History, i: number): number {
  if (higher === undefined) return 0;
  const at = (candles.openAt[i] as number) + candles.timeframeMs;
  let [low, high] = [0, higher.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((higher.openAt[middle] as number) + higher.timeframeMs <= at) low = middle + 1;
    else high = middle;
  }
  return low - definition.warmup(params).higherBars;
}

function opinionsFrom({ definition, params, candles, higher }: History, start: number, startHigher: number): Opinions {
  const strategy = definition.create(params);
  const opinion = createOpinion(definition, params);
  const votes = new Float64Array(candles.length * opinion.votes.length).fill(NaN);
  const values = new Float64Array(candles.length * opinion.values.length).fill(NaN);
  const bar: Bar = { openAt: 0, closeAt: 0, open: 0, high: 0, low: 0, close: 0, volume: 0 };
  let nextHigher = startHigher;
  for (let i = start; i < candles.length; i++) {
    const at = (candles.openAt[i] as number) + candles.timeframeMs;
    while (higher !== undefined && nextHigher < higher.length && read(bar, higher, nextHigher).closeAt <= at) {
      strategy.closeHigher?.(bar);
      nextHigher++;
    }
    strategy.close(read(bar, candles, i), opinion);
    votes.set(opinion.votes, i * opinion.votes.length);
    values.set(opinion.values, i * opinion.values.length);
  }
  return { votes, values };
}

function read(bar: Bar, candles: Candles, i: number): Bar {
  bar.openAt = candles.openAt[i] as number;
  bar.closeAt = bar.openAt + candles.timeframeMs;
  bar.open = candles.open[i] as number;
  bar.high = candles.high[i] as number;
  bar.low = candles.low[i] as number;
  bar.close = candles.close[i] as number;
  bar.volume = candles.volume[i] as number;
  return bar;
}

type Fold = (worst: number, difference: number) => number;

function compareRow(worst: Float64Array, a: Float64Array, b: Float64Array, row: number, fold: Fold): void {
  for (let k = 0; k < worst.length; k++) {
    const at = row * worst.length + k;
    worst[k] = fold(worst[k] as number, difference(a[at] as number, b[at] as number));
  }
}

function difference(a: number, b: number): number {
  if (a === b || (a !== a && b !== b)) return 0;
  if (a !== a || b !== b) return Infinity;
  return Math.abs(a - b) / Math.max(Math.abs(a), Math.abs(b));
}

function named(names: readonly string[], numbers: Float64Array): Record<string, number> {
  return Object.fromEntries(names.map((name, i) => [name, numbers[i] as number]));
}
