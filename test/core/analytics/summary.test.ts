import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { METRICS } from '../../../src/core/analytics/metrics.ts';
import { byReason } from '../../../src/core/analytics/reasons.ts';
import { summarize } from '../../../src/core/analytics/summary.ts';
import { parse, text } from '../../../src/core/base/decimal.ts';
import type { ClosedBody } from '../../../src/core/domain/events.ts';
import { DAY, daily, record, START, trade } from './trade.ts';

const cents = fc.integer({ min: -100_000, max: 100_000 }).map((value) => text(BigInt(value) * 10n ** 13n));
const anyTrade: fc.Arbitrary<ClosedBody> = fc
  .record({
    pnl: cents,
    side: fc.constantFrom('long' as const, 'short' as const),
    fees: fc.nat(1_000).map((value) => text(BigInt(value) * 10n ** 15n)),
    funding: cents,
    entry: fc.nat(200),
    length: fc.integer({ min: 1, max: 20 }),
    reason: fc.constantFrom('stop', 'target', 'flip', 'signal'),
  })
  .map(({ length, ...words }) => trade({ ...words, exit: words.entry + length }));
const anyTrades = fc.array(anyTrade, { maxLength: 60 });

const sum = (amounts: readonly string[]): bigint => amounts.reduce((total, amount) => total + parse(amount), 0n);
const exact = (value: unknown): bigint => parse(String(value));

describe('summary', () => {
  it('has every metric by its key, null where it is not available', () => {
    const summary = summarize(record([]));
    for (const { name } of METRICS) expect(summary[name], name).not.toBeUndefined();
    expect(summary).toMatchObject({
      from: START,
      to: START + 10 * DAY,
      startBalance: '1000',
      balance: '1000',
      finalEquity: '1000',
      netProfit: '0',
      trades: 0,
      maxDrawdown: 0,
      fees: '0',
      funding: '0',
      winRate: null,
      profitFactor: null,
      expectancy: null,
      expectancyR: null,
      sharpe: null,
      sortino: null,
      calmar: null,
      cagr: null,
      psr: null,
      exposure: 0,
    });
  });

  it('is JSON: what is printed is read back', () => {
    const summary = summarize(record([trade({ pnl: '-1.5' })], { tracker: daily(1000, [1001, 998.5]) }));
    expect(JSON.parse(JSON.stringify(summary))).toEqual(summary);
  });

  it('adds up', () => {
    fc.assert(
      fc.property(anyTrades, (trades) => {
        const summary = summarize(record(trades));
        const pnl = trades.reduce((total, each) => total + each.pnl, 0n);
        expect(exact(summary.closedProfit)).toBe(pnl);
        expect(exact(summary.netProfit)).toBe(pnl);
        expect(exact(summary.finalEquity)).toBe(exact(summary.startBalance) + pnl);
        expect(exact(summary.longProfit) + exact(summary.shortProfit)).toBe(pnl);
        expect(exact(summary.grossProfit) + exact(summary.grossLoss)).toBe(pnl);
        expect(exact(summary.fees)).toBe(trades.reduce((total, each) => total + each.fees, 0n));
        expect(exact(summary.funding)).toBe(trades.reduce((total, each) => total + each.funding, 0n));
        expect(Number(summary.longTrades) + Number(summary.shortTrades)).toBe(trades.length);
      }),
    );
  });

  it('keeps shares between 0 and 1', () => {
    const walk = fc.array(fc.double({ min: 0.5, max: 1.5, noNaN: true }), { minLength: 14, maxLength: 60 });
    fc.assert(
      fc.property(anyTrades, walk, (trades, changes) => {
        let equity = 1000;
        const closes = changes.map((change) => {
          equity *= change;
          return equity;
        });
        const summary = summarize(record(trades, { tracker: daily(1000, closes) }));
        for (const name of ['maxDrawdown', 'ulcerIndex', 'winRate', 'exposure', 'psr']) {
          const share = Number(summary[name] ?? 0);
          expect(share, name).toBeGreaterThanOrEqual(0);
          expect(share, name).toBeLessThanOrEqual(1);
        }
        expect(Number(summary.ulcerIndex)).toBeLessThanOrEqual(summary.maxDrawdown + 1e-12);
      }),
    );
  });
});

describe('by exit reason', () => {
  it('has the most frequent reason first, then names', () => {
    const trades = [
      trade({ pnl: '-10', reason: 'stop', r: -1, exit: 2 }),
      trade({ pnl: '20', reason: 'target', r: 2 }),
      trade({ pnl: '5', reason: 'flip' }),
      trade({ pnl: '-4', reason: 'stop', r: -0.5, exit: 4 }),
      trade({ pnl: '0', reason: 'stop', exit: 3 }),
    ];
    expect(byReason(trades)).toEqual([
      { reason: 'stop', trades: 3, wins: 0, losses: 2, pnl: '-14', r: -0.75, durationMs: 3 * 3_600_000 },
      { reason: 'flip', trades: 1, wins: 1, losses: 0, pnl: '5', r: null, durationMs: 3_600_000 },
      { reason: 'target', trades: 1, wins: 1, losses: 0, pnl: '20', r: 2, durationMs: 3_600_000 },
    ]);
  });

  it('adds up to all trades', () => {
    fc.assert(
      fc.property(anyTrades, (trades) => {
        const rows = byReason(trades);
        expect(rows.reduce((total, row) => total + row.trades, 0)).toBe(trades.length);
        expect(sum(rows.map(({ pnl }) => pnl))).toBe(trades.reduce((total, each) => total + each.pnl, 0n));
      }),
    );
  });
});
