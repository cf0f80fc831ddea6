import { describe, expect, test } from 'vitest';
import { money, rate } from '../../../src/core/base/decimal.ts';
import type { Candles } from '../../../src/core/domain/candle.ts';
import type { SignalSide } from '../../../src/core/domain/run.ts';
import type { RiskSettings } from '../../../src/core/domain/settings.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { createBacktest } from '../../../src/core/lab/backtest.ts';
import { createScript } from '../../../src/core/lab/script.ts';
import { listExtras } from '../../../src/core/market/feed.ts';
import { BTC, FREE, START_AT, startRun } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const MINUTE_MS = 60_000;

interface Session {
  /** Candles by minute: open, high, low, close. A minute that is missing is a gap. */
  readonly rows: Readonly<Record<number, readonly [number, number, number, number]>>;
  /** What the strategy says at the close of each candle, by minute; it holds until it says otherwise. */
  readonly sides: Readonly<Record<number, SignalSide>>;
  readonly risk?: Partial<RiskSettings>;
  readonly warmup?: number;
  /** Minutes of a candle of the run. */
  readonly every?: number;
  /** A second voice that never gets warm. */
  readonly isHalfCold?: boolean;
  readonly tradeFrom?: number;
  readonly confirmations?: number;
  /** Minutes at whose beginning funding of 1 % is settled. */
  readonly funding?: readonly number[];
}

/** Plays a session through the pump, a candle at a time. */
function play({
  rows,
  sides,
  risk = {},
  warmup = 0,
  every = 1,
  isHalfCold = false,
  tradeFrom = 0,
  confirmations = 1,
  funding = [],
}: Session) {
  const script = createScript(isHalfCold ? 2 : 1);
  const minutes = Object.keys(rows).map(Number);
  const column = (index: number) => Float64Array.from(minutes, (minute) => rows[minute]?.[index] ?? 1);
  const candles: Candles = {
    timeframeMs: MINUTE_MS,
    length: minutes.length,
    openAt: Float64Array.from(minutes, (minute) => START_AT + minute * MINUTE_MS),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
  };
  const settlements = funding.map((minute) => ({
    kind: 'funding' as const,
    symbol: BTC,
    at: START_AT + minute * MINUTE_MS,
    rate: rate('0.01'),
  }));
  const journal = createMemoryJournal();
  const test = createBacktest({
    account: { name: 'open_account', account: 'paper', asset: 'USDT', balance: money('10000'), costs: FREE },
    run: startRun({ risk }, every * MINUTE_MS),
    definition: {
      ...script.definition,
      warmup: () => ({ bars: warmup, higherBars: 0 }),
      confirmations: () => confirmations,
      values: ['close'],
      create(params) {
        const own = script.definition.create(params);
        return {
          close(bar, opinion) {
            own.close(bar, opinion);
            opinion.values[0] = bar.close;
            if (isHalfCold) opinion.votes[1] = NaN;
          },
        };
      },
    },
    series: { symbol: BTC, source: 'script', candles, tradeFrom, extras: listExtras(settlements) },
    journal,
    build: 'test',
  });
  for (const minute of minutes.slice(tradeFrom)) {
    script.vote(sides[minute] ?? 0);
    test.advance(1);
  }
  while (test.advance(1));
  return { entries: journal.all, test };
}

const flat = (price: number) => [price, price, price, price] as const;
const still = (...minutes: readonly number[]) => Object.fromEntries(minutes.map((minute) => [minute, flat(100)]));
const told = (kind: string, entries: readonly { kind: string; at: number }[]): number[] =>
  entries.filter((entry) => entry.kind === kind).map(({ at }) => (at - START_AT) / MINUTE_MS);

describe('a settlement', () => {
  test('is paid by what is held at its instant', () => {
    const { entries } = play({ rows: still(0, 1, 2, 3, 4), sides: { 0: 1, 1: 1, 2: 1, 3: 1, 4: 1 }, funding: [2, 4] });
    expect(told('position_opened', entries)).toEqual([1]);
    expect(told('funding_paid', entries)).toEqual([2, 4]);
  });

  test('is not paid by a position that was stopped in the candle before, or is opened at that very open', () => {
    const rows = { ...still(0, 1), 2: [100, 100, 98, 99] as const, ...still(3, 4, 5) };
    const { entries } = play({ rows, sides: { 0: 1, 1: 1, 2: 0, 3: 1, 4: 1 }, funding: [3, 4] });
    expect(told('position_closed', entries)).toEqual([3]);
    expect(told('position_opened', entries)).toEqual([1, 4]);
    expect(told('funding_paid', entries)).toEqual([]);
  });

  test('in a hole of the candles comes at its own time, at the last price that was known', () => {
    const { entries } = play({ rows: still(0, 1, 8), sides: { 0: 1, 1: 1, 8: 1 }, funding: [5] });
    expect(told('funding_paid', entries)).toEqual([5]);
    expect(told('feed_gap', entries)).toEqual([8]);
  });
});

describe('a gap', () => {
  const rows = still(0, 1, 2, 6, 7, 8, 9, 10);
  const sides = { 0: 0, 1: 0, 2: 0, 6: 1, 7: -1, 8: 1, 9: -1, 10: -1 } as const;

  test('is told with its length, and blocks nothing unless it is asked to', () => {
    const { entries, test } = play({ rows, sides });
    expect(entries.find(({ kind }) => kind === 'feed_gap')?.body).toEqual({
      symbol: BTC,
      from: START_AT + 3 * MINUTE_MS,
      to: START_AT + 6 * MINUTE_MS,
      missing: 3,
    });
    expect(test.gaps).toEqual({ count: 1, missing: 3 });
    expect(told('position_opened', entries)).toEqual([7]);
  });

  test('blocks entries until the warm-up has been seen again', () => {
    const { entries } = play({ rows, sides, warmup: 3, risk: { limits: { gapBlock: true } } });
    expect(plot(entries).filter((line) => !line.startsWith('feed_gap'))).toEqual([
      'order_denied GAP',
      'order_denied GAP',
      'order_filled 1 10 @ 100 T0',
      'position_opened long 10 cost 1000',
      'order_filled 4 10 @ 100 T0',
      'position_closed long 10 100 -> 100 pnl 0 flip',
      'order_filled 5 10 @ 100 T0',
      'position_flipped short 10 cost 1000',
    ]);
  });

  test('blocks them until whole candles of the run have been seen again, not of the feed', () => {
    const minutes = Array.from({ length: 45 }, (_, minute) => minute).filter((minute) => minute < 10 || minute > 12);
    const turns = { 0: 0, 14: 1, 19: -1, 24: 1, 29: -1 } as const;
    const given = { rows: still(...minutes), sides: Object.fromEntries(minutes.map((at) => [at, sideAt(turns, at)])) };
    const { entries } = play({ ...given, every: 5, warmup: 3, risk: { limits: { gapBlock: true } } });
    expect(told('order_denied', entries)).toEqual([20, 25]);
    expect(told('position_opened', entries)).toEqual([30]);
  });

  test.each([
    ['within a candle is acted upon', 5, { confirmed: [6], dropped: [], opened: [6] }],
    ['of more than a candle is not', 30, { confirmed: [], dropped: [31], opened: [] }],
  ])('in which a candle lost its end %s', (_name, next, expected) => {
    const { entries } = play({
      rows: still(0, 1, 2, 3, next, next + 1),
      sides: { [next]: 1, [next + 1]: 1 },
      every: 5,
    });
    expect({
      confirmed: told('signal_confirmed', entries),
      dropped: told('signal_dropped', entries),
      opened: told('position_opened', entries),
    }).toEqual(expected);
  });
});

const sideAt = (turns: Readonly<Record<number, SignalSide>>, at: number): SignalSide =>
  Object.entries(turns).findLast(([minute]) => Number(minute) <= at)?.[1] ?? 0;

describe('warm-up', () => {
  test('is told once, with what was seen, and its opinion is not acted upon', () => {
    const { entries } = play({ rows: still(0, 1, 2, 3, 4), sides: { 0: 1, 1: 1, 2: 1, 3: 1, 4: -1 }, warmup: 3 });
    const warm = entries.filter((entry) => entry.kind === 'warmed_up');
    expect(warm.map(({ at, body }) => [(at - START_AT) / MINUTE_MS, body.bars, body.side, body.ready])).toEqual([
      [3, 3, 1, true],
    ]);
    expect(story(entries).slice(0, 2)).toEqual(['signal_raised SELL', 'signal_confirmed SELL']);
  });

  test('counts history before the start: the first close may signal, the next open may trade', () => {
    const { entries } = play({ rows: still(0, 1, 2, 3, 4), sides: { 3: 1, 4: 1 }, warmup: 3, tradeFrom: 3 });
    expect(told('warmed_up', entries)).toEqual([3]);
    expect(told('signal_confirmed', entries)).toEqual([4]);
    expect(told('position_opened', entries)).toEqual([4]);
  });
});

test('a signal is READY with the numbers of the candle that made it so, wherever they stand', () => {
  const rows = Object.fromEntries([0, 1, 2, 3].map((minute) => [minute, flat(100 + minute)]));
  const numbers = (confirmations: number) => {
    const { entries } = play({ rows, sides: { 1: 1, 2: 1, 3: 1 }, confirmations });
    const told = entries.filter(({ kind }) => kind === 'signal_raised' || kind === 'signal_confirmed');
    return told.map(({ kind, at, body }) => [
      `${kind} ${(at - START_AT) / MINUTE_MS}`,
      ...('close' in body && 'values' in body ? [body.close, body.values?.close] : []),
    ]);
  };
  expect(numbers(1)).toEqual([['signal_raised 2', 101, 101], ['signal_confirmed 2']]);
  expect(numbers(2)).toEqual([
    ['signal_raised 2', 101, 101],
    ['signal_confirmed 3', 102, 102],
  ]);
});

test('a vote that never gets warm raises no signal by itself: one for each change of the others', () => {
  const sides = { 0: 1, 1: 1, 2: 1, 3: 1, 4: -1, 5: -1, 6: -1, 7: -1 } as const;
  const { entries } = play({ rows: still(0, 1, 2, 3, 4, 5, 6, 7), sides, isHalfCold: true });
  expect(told('signal_raised', entries)).toEqual([1, 5]);
  const [raised] = entries.filter((entry) => entry.kind === 'signal_raised');
  expect(raised?.body.votes.map(({ vote }) => vote)).toEqual([1, 0]);
});

describe('a day', () => {
  test('ends at midnight UTC with the equity of that instant; hours are marked while something is open', () => {
    const minutes = Array.from({ length: 24 * 60 + 90 }, (_, i) => i);
    const rows = Object.fromEntries(minutes.map((minute) => [minute, flat(minute < 600 ? 100 : 101)]));
    const { entries } = play({
      rows,
      sides: Object.fromEntries(minutes.map((minute) => [minute, minute < 30 ? 0 : 1])),
    });
    const [day] = entries.filter((entry) => entry.kind === 'day_closed');
    expect(day?.body).toEqual({ day: START_AT, equity: money('10010'), balance: money('10000'), pnl: money('10') });
    expect(day?.at).toBe(START_AT + 24 * 60 * MINUTE_MS);
    expect(told('equity_marked', entries)).toEqual(Array.from({ length: 25 }, (_, i) => (i + 1) * 60));
  });

  test('ends, and an hour is marked, at the close of the candle that ends there, the last one of all too', () => {
    const minutes = Array.from({ length: 24 * 60 }, (_, i) => i);
    const rising = (minute: number): readonly [number, number, number, number] =>
      minute === 119 || minute === 1_439 ? [100, 103, 100, 103] : flat(100);
    const { entries } = play({
      rows: Object.fromEntries(minutes.map((minute) => [minute, rising(minute)])),
      sides: Object.fromEntries(minutes.map((minute) => [minute, minute < 30 ? 0 : 1])),
      risk: { target: { by: 'none' } },
    });
    const marked = entries.flatMap((entry) => (entry.kind === 'equity_marked' ? [entry.body.equity] : []));
    expect(marked.slice(0, 3)).toEqual([money('10000'), money('10030'), money('10000')]);
    const days = entries.flatMap((entry) => (entry.kind === 'day_closed' ? [entry.body] : []));
    expect(days).toEqual([{ day: START_AT, equity: money('10030'), balance: money('10000'), pnl: money('30') }]);
  });
});
