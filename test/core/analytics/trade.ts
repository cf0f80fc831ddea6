import { createEquityTracker, type EquityTracker } from '../../../src/core/analytics/equity.ts';
import type { TradingRecord } from '../../../src/core/analytics/record.ts';
import { type Money, money, type Price, price, type Qty, qty } from '../../../src/core/base/decimal.ts';
import type { ClosedBody } from '../../../src/core/domain/events.ts';

export const HOUR = 3_600_000;
export const DAY = 24 * HOUR;
/** A midnight. */
export const START = Date.UTC(2025, 4, 4);

interface TradeWords {
  readonly pnl: string;
  readonly side?: 'long' | 'short';
  readonly fees?: string;
  readonly funding?: string;
  /** Hours after the start. */
  readonly entry?: number;
  readonly exit?: number;
  readonly value?: string;
  readonly r?: number | null;
  readonly mae?: number;
  readonly mfe?: number;
  readonly reason?: string;
}

/** A closed position of 0.5 at 1,000 that keeps `pnl = gross - fees + funding`. */
export function trade(words: TradeWords): ClosedBody {
  const pnl = money(words.pnl);
  const fees = money(words.fees ?? '0');
  const funding = money(words.funding ?? '0');
  const gross = (pnl + fees - funding) as Money;
  const value = money(words.value ?? '500');
  return {
    order: 1,
    fill: qty('0.5') as Qty,
    price: price('1000') as Price,
    fee: fees,
    balance: money('1000'),
    side: words.side ?? 'long',
    qty: qty('0.5'),
    entryAt: START + (words.entry ?? 0) * HOUR,
    exitAt: START + (words.exit ?? 1) * HOUR,
    entryPrice: price('1000'),
    exitPrice: price('1010.5'),
    entryValue: value,
    exitValue: value,
    gross,
    fees,
    funding,
    pnl,
    r: words.r ?? null,
    mae: words.mae ?? 0,
    mfe: words.mfe ?? 0,
    reason: words.reason ?? 'signal',
  };
}

/** A record that began with 1,000 and whose equity is its trades. */
export function record(trades: readonly ClosedBody[], more: Partial<TradingRecord> = {}): TradingRecord {
  const end = trades.reduce((sum, { pnl }) => (sum + pnl) as Money, money('1000'));
  return {
    startBalance: money('1000'),
    balance: end,
    finalEquity: end,
    from: START,
    to: START + 10 * DAY,
    trades,
    tracker: createEquityTracker(1000, START),
    open: [],
    ...more,
  };
}

/** A tracker that was marked once at each midnight with these equities. */
export function daily(start: number, closes: readonly number[]): EquityTracker {
  const tracker = createEquityTracker(start, START);
  closes.forEach((close, i) => {
    tracker.mark(START + (i + 1) * DAY, close);
  });
  return tracker;
}
