import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { backtest } from '../../../src/core/boot/backtest.ts';
import type { Candles } from '../../../src/core/domain/candle.ts';
import type { RunRequest } from '../../../src/core/lab/request.ts';
import { readCandles } from '../../../src/core/market/csv.ts';
import { CANDLES, candleFiles, hasCandles, NEEDS_CANDLES, pathsIn, reference } from '../../support/engine-modes.ts';
import { scratchFolder } from '../../support/scratch.ts';

interface Trade {
  readonly side: 'long' | 'short';
  readonly entryAt: number;
  readonly exitAt: number;
  readonly entryPrice: string;
  readonly exitPrice: string;
  readonly qty: string;
  readonly gross: string;
  readonly fees: string;
  readonly funding: string;
  readonly pnl: string;
  readonly exitReason: string;
}
interface Told {
  readonly summary: { readonly trades: number; readonly finalEquity: string; readonly maxDrawdown: number };
  readonly trades: readonly Trade[];
  readonly open: (Omit<Trade, 'exitAt' | 'exitPrice' | 'pnl'> & { mark: number; unrealised: string }) | null;
}

async function run(request: RunRequest): Promise<Told> {
  const hooks = { signal: new AbortController().signal, progress: () => {} };
  const answer = await backtest(request, hooks, pathsIn(scratchFolder()));
  if (!('json' in answer)) throw new Error(`expected a report, found ${JSON.stringify(answer)}`);
  return JSON.parse(JSON.stringify(answer.json)) as Told;
}

interface Simple {
  readonly side: 'long' | 'short';
  readonly entryAt: number;
  readonly exitAt: number;
  readonly entry: number;
  readonly exit: number;
  readonly reason: string;
}

/** The reference of the benchmark in doubles, written again: one pass, nothing of the engine in it. */
function referencePass(candles: Candles): { equity: number; drawdown: number; trades: Simple[] } {
  const { length, timeframeMs, openAt, open, high, low, close } = candles;
  const fast = 2 / 13;
  const slow = 2 / 27;
  const trades: Simple[] = [];
  let emaFast = close[0] as number;
  let emaSlow = close[0] as number;
  let cash = 10_000;
  let [equity, peak, drawdown] = [cash, cash, 0];
  let [position, pending, side, qty, entry, stop, target, entryAt] = [0, 0, 0, 0, 0, 0, 0, 0];
  const leave = (price: number, at: number, reason: string): void => {
    cash += position * qty * (price - entry) - qty * price * 0.0004;
    trades.push({ side: position > 0 ? 'long' : 'short', entryAt, exitAt: at, entry, exit: price, reason });
    position = 0;
  };
  for (let i = 0; i < length; i++) {
    const at = openAt[i] as number;
    const [o, h, l, c] = [open[i], high[i], low[i], close[i]] as [number, number, number, number];
    if (pending !== 0) {
      if (position !== 0) leave(o, at, 'flip');
      const notional = cash * 0.1;
      [position, pending, entry, entryAt, qty] = [pending, 0, o, at, notional / o];
      cash -= notional * 0.0004;
      stop = o * (1 - position * 0.01);
      target = o * (1 + position * 0.02);
    }
    const closeAt = at + timeframeMs;
    if (position > 0) {
      if (l <= stop) leave(Math.min(o, stop), o < stop ? at : closeAt, 'stop_loss');
      else if (h >= target) leave(Math.max(o, target), o > target ? at : closeAt, 'take_profit');
    } else if (position < 0) {
      if (h >= stop) leave(Math.max(o, stop), o > stop ? at : closeAt, 'stop_loss');
      else if (l <= target) leave(Math.min(o, target), o < target ? at : closeAt, 'take_profit');
    }
    emaFast = emaFast * (1 - fast) + c * fast;
    emaSlow = emaSlow * (1 - slow) + c * slow;
    const now = emaFast > emaSlow ? 1 : emaFast < emaSlow ? -1 : side;
    if (now !== side) {
      if (i >= 26) pending = now;
      side = now;
    }
    equity = position === 0 ? cash : cash + position * qty * (c - entry);
    if (equity > peak) peak = equity;
    else drawdown = Math.max(drawdown, (peak - equity) / peak);
  }
  return { equity, drawdown, trades };
}

/** Decimal text as a count of 10^-18: an own reader, so that an own sum checks ours. */
function exact(text: string): bigint {
  const [, sign = '', whole = '', fraction = ''] = /^(-?)(\d+)(?:\.(\d{1,18}))?$/.exec(text) ?? [];
  if (whole === '') throw new Error(`expected decimal text, found ${text}`);
  return BigInt(`${sign}${whole}${fraction.padEnd(18, '0')}`);
}

const UNIT = 10n ** 18n;
/** 0.04 % of a value, rounded up to the eighth digit. */
const feeOf = (value: bigint): bigint => ((value * 4n + 10n ** 14n - 1n) / 10n ** 14n) * 10n ** 10n;

const MONTHS = candleFiles().filter((file) => file.startsWith('binance-usdm') && file.includes('-1m-'));
const BTC = 'binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz';

describe.skipIf(!hasCandles)(`the backtest against the reference${NEEDS_CANDLES}`, () => {
  test('the C program on a month of BTC', async () => {
    const { summary } = await run(reference(join(CANDLES, BTC)));
    expect(summary.trades).toBe(1_572);
    expect(Math.abs(Number(summary.finalEquity) / 8_784.060184 - 1)).toBeLessThan(1e-6);
    expect(Math.abs(summary.maxDrawdown / 0.1233573656 - 1)).toBeLessThan(1e-6);
  });

  test.each(MONTHS)('the same written again, trade by trade: %s', async (file) => {
    const path = join(CANDLES, file);
    const told = await run(reference(path));
    const simple = referencePass((await readCandles(path)).candles);
    const shape = ({ side, entryAt, exitAt }: Simple | Trade, reason: string) => ({ side, entryAt, exitAt, reason });
    expect(told.trades.map((trade) => shape(trade, trade.exitReason))).toEqual(
      simple.trades.map((trade) => shape(trade, trade.reason)),
    );
    const apart = told.trades.map(({ entryPrice, exitPrice }, i) => {
      const other = simple.trades[i] as Simple;
      return Math.max(Math.abs(Number(entryPrice) - other.entry), Math.abs(Number(exitPrice) - other.exit));
    });
    // A stop is rounded to the tick of 1e-8.
    expect(Math.max(...apart)).toBeLessThanOrEqual(1.01e-8);
    expect(Math.abs(Number(told.summary.finalEquity) / simple.equity - 1)).toBeLessThan(1e-6);
    expect(Math.abs(told.summary.maxDrawdown / simple.drawdown - 1)).toBeLessThan(1e-5);
  });

  test.each([undefined, 'binance-usdm-BTCUSDT-funding.csv.gz'])(
    'equity can be worked out again from the trades alone, to the last digit (funding: %s)',
    async (funding) => {
      const request = reference(join(CANDLES, BTC));
      const fundingFile = funding === undefined ? undefined : join(CANDLES, funding);
      const { summary, trades, open } = await run({ ...request, fundingFile });
      let equity = 10_000n * UNIT;
      for (const trade of trades) {
        const qty = exact(trade.qty);
        const [entry, exit] = [exact(trade.entryPrice), exact(trade.exitPrice)].map(
          (price) => (price * qty) / UNIT,
        ) as [bigint, bigint];
        const gross = trade.side === 'long' ? exit - entry : entry - exit;
        expect(exact(trade.gross)).toBe(gross);
        expect(exact(trade.fees)).toBe(feeOf(entry) + feeOf(exit));
        expect(exact(trade.pnl)).toBe(gross - exact(trade.fees) + exact(trade.funding));
        equity += exact(trade.pnl);
      }
      expect(trades.some((trade) => trade.funding !== '0')).toBe(funding !== undefined);
      expect(open).not.toBeNull();
      if (open !== null) equity += exact(open.unrealised) + exact(open.gross) + exact(open.funding) - exact(open.fees);
      expect(exact(summary.finalEquity)).toBe(equity);
      expect(summary.trades).toBe(trades.length);
    },
  );
});
