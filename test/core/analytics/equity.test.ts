import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { POINTS_MAX } from '../../../src/core/analytics/curve.ts';
import { createEquityTracker, type EquityTracker } from '../../../src/core/analytics/equity.ts';
import { DAY, HOUR, START } from './trade.ts';

const marked = (start: number, equities: readonly number[], stepMs = HOUR): EquityTracker => {
  const tracker = createEquityTracker(start, START);
  equities.forEach((equity, i) => {
    tracker.mark(START + (i + 1) * stepMs, equity);
  });
  return tracker;
};

/** A seeded random walk: the same bits everywhere. */
function walk(length: number, seed: number, start = 10_000): Float64Array {
  let state = seed;
  let equity = start;
  return Float64Array.from({ length }, () => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    equity *= 1 + (state / 2 ** 32 - 0.5) * 0.02;
    return equity;
  });
}

describe('drawdown', () => {
  it('names peak, valley and recovery of the deepest fall', () => {
    // hour:                       1    2   3    4    5    6
    const tracker = marked(100, [120, 90, 110, 120, 130, 117]);
    expect(tracker.maxDrawdown()).toEqual({
      share: 0.25,
      amount: 30,
      peakAt: START + HOUR,
      valleyAt: START + 2 * HOUR,
      recoveredAt: START + 4 * HOUR,
    });
  });

  it('has no recovery while equity is under the peak, and loses it again to a deeper fall', () => {
    expect(marked(100, [80, 99]).maxDrawdown()?.recoveredAt).toBeUndefined();
    const twice = marked(100, [90, 100, 50, 60]);
    expect(twice.maxDrawdown()).toMatchObject({ share: 0.5, peakAt: START + 2 * HOUR, valleyAt: START + 3 * HOUR });
    expect(twice.maxDrawdown()?.recoveredAt).toBeUndefined();
  });

  it('keeps the recovery of the deepest fall when a shallower one follows', () => {
    expect(marked(100, [50, 100, 90, 95]).maxDrawdown()).toMatchObject({ share: 0.5, recoveredAt: START + 2 * HOUR });
  });

  it('is undefined where equity never fell', () => {
    expect(marked(100, [100, 101, 101, 150]).maxDrawdown()).toBeUndefined();
    expect(createEquityTracker(100).maxDrawdown()).toBeUndefined();
  });

  it('falls from the start balance, too', () => {
    expect(marked(100, [75]).maxDrawdown()).toMatchObject({ share: 0.25, peakAt: START });
  });

  it('is the reference, bit for bit', () => {
    fc.assert(
      fc.property(fc.integer(), fc.integer({ min: 1, max: 3_000 }), (seed, length) => {
        const equities = walk(length, seed);
        let peak = 10_000;
        let dd = 0;
        for (const eq of equities) {
          if (eq > peak) peak = eq;
          else if (peak - eq > dd * peak) dd = (peak - eq) / peak;
        }
        const tracker = marked(10_000, [...equities]);
        expect(tracker.drawdown).toBe(dd);
        expect(tracker.peak).toBe(peak);
        expect(tracker.drawdown).toBeGreaterThanOrEqual(0);
        expect(tracker.drawdown).toBeLessThanOrEqual(1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('underwater', () => {
  const cases: readonly (readonly [string, readonly number[], number])[] = [
    ['never', [101, 102], 0],
    ['from the last instant at the peak', [100, 100, 100, 90, 100], 2],
    ['the longest of two', [90, 100, 90, 90, 90, 101], 4],
    ['still under at the end', [90, 101, 90, 90, 90, 90], 4],
  ];
  it.each(cases)('%s', (_name, equities, hours) => {
    expect(marked(100, equities).underwaterMs()).toBe(hours * HOUR);
  });
});

describe('daily closes', () => {
  it('counts a mark at midnight to the day that ends there', () => {
    const tracker = createEquityTracker(100, START);
    tracker.mark(START + 12 * HOUR, 101);
    tracker.mark(START + DAY, 102);
    tracker.mark(START + DAY + 1, 103);
    expect([...tracker.dailyCloses()]).toEqual([102, 103]);
  });

  it('keeps the equity of a day without marks', () => {
    const tracker = createEquityTracker(100, START);
    tracker.mark(START + HOUR, 101);
    tracker.mark(START + 3 * DAY + HOUR, 90);
    expect([...tracker.dailyCloses()]).toEqual([101, 101, 101, 90]);
  });

  it('begins at the first mark where no start was given', () => {
    const tracker = createEquityTracker(100);
    expect(tracker.dailyCloses()).toHaveLength(0);
    tracker.mark(START, 101);
    tracker.mark(START + DAY, 102);
    expect([...tracker.dailyCloses()]).toEqual([101, 102]);
  });

  it('is the last mark of each day over years', () => {
    const equities = walk(24 * 900, 7);
    const byDay = new Map<number, number>();
    equities.forEach((equity, i) => {
      byDay.set(Math.floor(i / 24), equity);
    });
    expect([...marked(10_000, [...equities]).dailyCloses()]).toEqual([...byDay.values()]);
  });

  it('stops on an instant that is no instant', () => {
    const tracker = createEquityTracker(100, START);
    expect(() => tracker.mark(Infinity, 100)).toThrow('Invariant');
  });
});

describe('exposure', () => {
  it('is the share of the marked time that ended in a position', () => {
    const tracker = createEquityTracker(100, START);
    tracker.mark(START + HOUR, 100, true);
    tracker.mark(START + 2 * HOUR, 100);
    tracker.mark(START + 4 * HOUR, 100, true);
    expect(tracker.exposure()).toBe(0.75);
    expect(createEquityTracker(100).exposure()).toBe(0);
  });
});

describe('curve', () => {
  const lengths = [1, 2, POINTS_MAX - 1, POINTS_MAX, POINTS_MAX + 1, 5_000, 40_000];

  it.each(lengths)('of %i marks has few points, the maximum drawdown and the last mark', (length) => {
    const equities = walk(length, length);
    const tracker = marked(10_000, [...equities], 60_000);
    const { at, equity, drawdown } = tracker.curve();
    expect(at.length).toBeLessThanOrEqual(POINTS_MAX);
    expect(at.length).toBeGreaterThanOrEqual(Math.min(length, POINTS_MAX / 4));
    expect(equity).toHaveLength(at.length);
    expect(Math.max(...drawdown)).toBe(tracker.drawdown);
    expect(at.at(-1)).toBe(START + length * 60_000);
    expect(equity.at(-1)).toBe(equities.at(-1));
    expect(at.every((instant, i) => i === 0 || instant > (at[i - 1] ?? 0))).toBe(true);
    // Every point is the start or a mark that was made.
    const made = new Map([
      [START, 10_000],
      ...[...equities].map((made, i) => [START + (i + 1) * 60_000, made] as const),
    ]);
    expect(at.every((instant, i) => made.get(instant) === equity[i])).toBe(true);
  });

  it('is even in time, however the marks come', () => {
    const tracker = createEquityTracker(100, START);
    for (let i = 1; i <= 3_000; i++) tracker.mark(START + i * 1_000, 100);
    for (let i = 1; i <= 3_000; i++) tracker.mark(START + i * HOUR, 100);
    const { at } = tracker.curve();
    const first = at.filter((instant) => instant <= START + 3_000_000).length;
    expect(first).toBeLessThan(5);
    expect(at.length).toBeGreaterThan(POINTS_MAX / 4);
  });

  it.each([0.5, 1, 3])('has many points where the run is %d times as long as was said', (times) => {
    const hours = Math.round(10_000 * times);
    const tracker = createEquityTracker(10_000, START, START + 10_000 * HOUR);
    walk(hours, 3).forEach((equity, i) => {
      tracker.mark(START + (i + 1) * HOUR, equity);
    });
    const { at, drawdown } = tracker.curve();
    expect(at.length).toBeGreaterThanOrEqual(500);
    expect(at.length).toBeLessThanOrEqual(POINTS_MAX);
    expect(at.at(-1)).toBe(START + hours * HOUR);
    expect(Math.max(...drawdown)).toBe(tracker.drawdown);
  });

  it('has the start and every daily mark', () => {
    expect([...marked(100, [110, 99, 120], DAY).curve().drawdown]).toEqual([0, 0, 0.1, 0]);
  });

  it('is empty before the first mark', () => {
    expect(createEquityTracker(100).curve().at).toHaveLength(0);
  });
});
