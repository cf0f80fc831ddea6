import { assert } from '../base/assert.ts';
import type { Bar, Candles } from '../domain/candle.ts';
import { createRows, emptyBar, readBar } from './build-rows.ts';
import { VolumeSum } from './build-volume.ts';

/**
 * Makes candles of a larger time frame from those of a smaller one. Buckets are aligned to 1970 UTC
 * (`floor(openAt / to) * to`). A bucket is closed by the last base candle that fits in it, or, where that is missing, by
 * the first one after it: so each base candle is announced with `flush` before it is pushed. A bucket whose beginning
 * was not seen because the series begins inside it is not given out. Both return one reused object.
 */
export interface Aggregator {
  /** Closes the open bucket if it ended at or before `at`: call it with each base candle's `openAt` before `push`. */
  flush(at: number): Bar | undefined;
  /** Takes a closed base candle and returns the bucket that it completes, if it does. */
  push(bar: Bar): Bar | undefined;
  /** Base candles that were missing in the bucket returned last. */
  readonly missing: number;
}

/**
 * @param fromMs the base time frame
 * @param toMs the larger one, a multiple of it
 * @param exact sums the volumes as decimals. Without it they are sums of doubles, for indicators: what those said of them
 * stands in journals, to the last digit.
 */
export function createAggregator(fromMs: number, toMs: number, exact?: VolumeSum): Aggregator {
  assert(fromMs > 0 && toMs % fromMs === 0, 'Invariant: a larger time frame is a multiple of the smaller one');
  let current = emptyBar();
  let closed = emptyBar();
  let seen = 0;
  let isFirst = true;
  let isHeadless = false;
  let missing = 0;

  const begin = (bar: Bar): void => {
    current.openAt = Math.floor(bar.openAt / toMs) * toMs;
    current.closeAt = current.openAt + toMs;
    current.open = bar.open;
    current.high = bar.high;
    current.low = bar.low;
    current.volume = 0;
    isHeadless = isFirst && bar.openAt !== current.openAt;
    isFirst = false;
  };

  const close = (): Bar | undefined => {
    missing = toMs / fromMs - seen;
    seen = 0;
    if (exact !== undefined) current.volume = exact.take();
    if (isHeadless) return undefined;
    const done = current;
    current = closed;
    closed = done;
    return done;
  };

  return {
    flush: (at) => (seen > 0 && at >= current.closeAt ? close() : undefined),
    push(bar) {
      assert(seen === 0 || bar.openAt < current.closeAt, 'Invariant: flush comes before the push of a later bucket');
      if (seen === 0) begin(bar);
      seen++;
      if (bar.high > current.high) current.high = bar.high;
      if (bar.low < current.low) current.low = bar.low;
      current.close = bar.close;
      if (exact === undefined) current.volume += bar.volume;
      else exact.add(bar.volume);
      return bar.openAt + fromMs >= current.closeAt ? close() : undefined;
    },
    get missing() {
      return missing;
    },
  };
}

const CHUNK = 4_096;

/** A whole series in a larger time frame: the buckets that `createAggregator` gives out, their volumes exact. */
export function aggregate(candles: Candles, toMs: number): Candles {
  const aggregator = createAggregator(candles.timeframeMs, toMs, new VolumeSum());
  const rows = createRows(Math.ceil((candles.length * candles.timeframeMs) / toMs) + 1);
  const base = emptyBar();
  const take = (bar: Bar | undefined): void => {
    if (bar !== undefined) rows.add(bar);
  };
  const pushRows = (from: number, to: number): void => {
    for (let row = from; row < to; row++) {
      readBar(candles, row, base);
      take(aggregator.flush(base.openAt));
      take(aggregator.push(base));
    }
  };
  for (let from = 0; from < candles.length; from += CHUNK) pushRows(from, Math.min(from + CHUNK, candles.length));
  return rows.candles(toMs);
}
