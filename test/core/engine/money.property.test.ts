import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Rate, text } from '../../../src/core/base/decimal.ts';
import { type AnyEntry, encode } from '../../../src/core/domain/entry.ts';
import { marginHeld } from '../../../src/core/domain/margin.ts';
import { emptyState, type State } from '../../../src/core/domain/state.ts';
import { evolve } from '../../../src/core/engine/evolve.ts';
import { marketWith, renamed, type SmallMarket, toldLate } from '../../support/engine-market.ts';
import { BALANCE, play, refold } from '../../support/engine-play.ts';

const ONE = 10n ** 18n;
const RUNS = { numRuns: 120 };
const smallMarket = marketWith(['none', 'none', 'thin', 'endless']);
const POSITION = /^position_(opened|increased|flipped|reduced|closed)$/;

/** Side of each order by number, as it was intended: +1 buys. */
function sidesOf(entries: readonly AnyEntry[]): Map<number, bigint> {
  const sides = new Map<number, bigint>();
  for (const entry of entries) {
    if (entry.kind === 'order_intended') sides.set(entry.body.order, entry.body.side === 'buy' ? 1n : -1n);
  }
  return sides;
}

/** Takes a part of all that there is, whatever the limits say. */
function hungry({ market, tenths }: { market: SmallMarket; tenths: number }, place: number): SmallMarket {
  const fraction = ((market.risk.leverage * BigInt(tenths)) / 10n) as Rate;
  const risk = { ...market.risk, sizing: { by: 'fraction' as const, fraction }, limits: {} };
  return renamed({ ...market, risk }, ['SOL', 'XRP', 'ETH'][place] ?? 'BNB');
}

/** What the positions leave of the balance. */
function freeOf({ accounts, runs }: State): bigint {
  return runs.reduce((free, run) => free - marginHeld({ ...run, orders: [] }), accounts[0]?.balance ?? 0n);
}

describe('over random markets, settings and costs', () => {
  test('fills add up to the position, and buys and sells to the balance: exactly, at every entry', () => {
    let trades = 0;
    fc.assert(
      fc.property(smallMarket, (market) => {
        const { entries } = play(market);
        const sides = sidesOf(entries);
        const state = emptyState();
        let held = 0n;
        let cash: bigint = BALANCE;
        let dust = 0n;
        for (const entry of entries) {
          const before = state.runs[0]?.position;
          evolve(state, entry);
          if (entry.kind === 'order_filled') {
            const { order, fill, price, fee, feeBase = 0n } = entry.body;
            const side = sides.get(order) ?? BigInt(-(before?.sign ?? 0));
            held += side * fill - feeBase;
            cash -= side * ((price * fill) / ONE) + fee;
          } else if (entry.kind === 'funding_paid') cash += entry.body.amount;
          else if (entry.kind === 'position_closed') {
            dust += entry.body.dust ?? 0n;
            trades++;
          }
          const [account] = state.accounts;
          const [run] = state.runs;
          if (account === undefined || run === undefined || entry.kind === 'order_filled') continue;
          const { position } = run;
          const signed = position === undefined ? 0n : BigInt(position.sign) * position.qty;
          expect(text(held)).toBe(text(signed + dust));
          if (position === undefined) expect(text(account.balance)).toBe(text(cash));
          expect(text(account.balance)).toBe(text(BALANCE + run.gross - run.fees + run.funding));
        }
      }),
      RUNS,
    );
    // A market in which nothing trades proves nothing.
    expect(trades).toBeGreaterThan(200);
  });

  test.each([
    ['alone on candles', 1, ['none'] as const],
    ['alone on quotes', 1, ['thin', 'endless'] as const],
    ['of three runs on candles', 3, ['none'] as const],
    ['of three runs on quotes', 3, ['thin', 'endless'] as const],
  ])('no entry %s binds more than there is: after its fill and its fee nothing is missing', (_, runs, quotes) => {
    let tight = 0;
    const greedy = fc.record({ market: marketWith(quotes, [1_000]), tenths: fc.integer({ min: 4, max: 20 }) });
    fc.assert(
      fc.property(fc.array(greedy, { minLength: runs, maxLength: runs }), (given) => {
        const { entries } = play(given.map(hungry));
        const state = emptyState();
        for (const entry of entries) {
          const before = freeOf(state);
          evolve(state, entry);
          if (!/^position_(opened|flipped)$/.test(entry.kind)) continue;
          const free = freeOf(state);
          // Funding alone may take more than was left.
          if (before >= 0n) expect(free).toBeGreaterThanOrEqual(0n);
          if (free * 100n < (state.accounts[0]?.balance ?? 0n)) tight++;
        }
      }),
      RUNS,
    );
    expect(tight).toBeGreaterThan(20);
  });

  test('a settlement that is told late is of what was held at its instant, whatever was done since', () => {
    let changed = 0;
    fc.assert(
      fc.property(marketWith(['thin', 'endless']), fc.integer({ min: 1, max: 5 }), (market, late) => {
        const { entries, engine } = play(toldLate(market, late));
        const sides = sidesOf(entries);
        const fills: (readonly [venueAt: number, signed: bigint])[] = [];
        const state = emptyState();
        for (const entry of entries) {
          const position = state.runs[0]?.position;
          evolve(state, entry);
          if (entry.kind === 'order_filled') {
            const side = sides.get(entry.body.order) ?? BigInt(-(position?.sign ?? 0));
            fills.push([entry.body.venueAt, side * entry.body.fill]);
          }
          if (entry.kind !== 'funding_paid') continue;
          const { held, fundingAt } = entry.body;
          const signed = fills.reduce((sum, [at, each]) => (at <= fundingAt ? sum + each : sum), 0n);
          const sign = BigInt(held === undefined ? (position?.sign ?? 0) : held.side === 'long' ? 1 : -1);
          expect(text(sign * ((held ?? position)?.qty ?? 0n))).toBe(text(signed));
          if (held !== undefined) changed++;
        }
        const [account] = engine.core.state.accounts;
        const [run] = engine.core.state.runs;
        if (run === undefined) return;
        expect(text(account?.balance ?? 0n)).toBe(text(BALANCE + run.gross - run.fees + run.funding));
        expect(encode(refold(entries))).toBe(encode(engine.core.state));
      }),
      RUNS,
    );
    expect(changed).toBeGreaterThan(20);
  });

  test('a trade is the sum of its fills, its fees and its funding', () => {
    fc.assert(
      fc.property(smallMarket, (market) => {
        const { entries, engine } = play(market);
        const closed = entries.filter((entry) => entry.kind === 'position_closed');
        for (const { body } of closed) expect(body.pnl).toBe(body.gross - body.fees + body.funding);
        const [account] = engine.core.state.accounts;
        const [run] = engine.core.state.runs;
        const pnl = closed.reduce((sum, { body }) => sum + body.pnl, 0n);
        const open = run?.position === undefined ? 0n : run.position.gross - run.position.fees + run.position.funding;
        expect(text(account?.balance ?? 0n)).toBe(text(BALANCE + pnl + open));
      }),
      RUNS,
    );
  });

  test('a program that knows the rows of the trades alone comes to the same equity, to the last digit', () => {
    fc.assert(
      fc.property(marketWith(['none']), (market) => {
        const { entries, engine } = play(market);
        let equity: bigint = BALANCE;
        for (const { kind, body } of entries) {
          if (kind !== 'position_closed') continue;
          const way = body.side === 'long' ? body.exitPrice - body.entryPrice : body.entryPrice - body.exitPrice;
          expect((way * body.qty) % ONE).toBe(0n);
          const pnl = (way * body.qty) / ONE - body.fees + body.funding;
          expect(text(body.pnl)).toBe(text(pnl));
          equity += pnl;
        }
        const [account] = engine.core.state.accounts;
        const position = engine.core.state.runs[0]?.position;
        if (position !== undefined) equity += position.gross - position.fees + position.funding;
        expect(text(account?.balance ?? 0n)).toBe(text(equity));
      }),
      RUNS,
    );
  });

  test('every fill has exactly one position event, and a position event its fill', () => {
    fc.assert(
      fc.property(smallMarket, (market) => {
        const { entries } = play(market);
        const fills = entries.filter(({ kind }) => kind === 'order_filled').map(({ seq }) => seq);
        const told = entries.filter(({ kind }) => POSITION.test(kind)).map(({ cause }) => cause);
        expect(told).toEqual(fills);
      }),
      RUNS,
    );
  });

  test('causes point backwards, and every chain ends at an input', () => {
    fc.assert(
      fc.property(smallMarket, (market) => {
        const { entries } = play(market);
        for (const { seq, cause } of entries) {
          if (typeof cause === 'number') expect(cause).toBeLessThan(seq);
          else expect(cause).toMatch(/^\S+ \S.* ?\d+$|^start \d+$/);
        }
        expect(entries.map(({ seq }) => seq)).toEqual(entries.map((_, i) => i + 1));
        for (let i = 1; i < entries.length; i++) expect(entries[i]?.at).toBeGreaterThanOrEqual(entries[i - 1]?.at ?? 0);
      }),
      RUNS,
    );
  });

  test('the journal, read back from text, folds to the live state', () => {
    fc.assert(
      fc.property(smallMarket, (market) => {
        const { entries, engine } = play(market);
        expect(encode(refold(entries))).toBe(encode(engine.core.state));
      }),
      RUNS,
    );
  });

  test('a run that is flat has no stop and no target at work', () => {
    fc.assert(
      fc.property(smallMarket, (market) => {
        const { engine } = play(market);
        const [run] = engine.core.state.runs;
        if (run?.position !== undefined) return;
        expect(run?.orders.filter(({ reduceOnly, status }) => reduceOnly && status === 'working')).toEqual([]);
      }),
      RUNS,
    );
  });
});
