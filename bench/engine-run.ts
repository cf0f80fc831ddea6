// A process of its own: passes of the whole engine over candles in memory, its entries kept in a journal in memory or
// `passed` on, as in a backtest that nobody will ask about. Prints one JSON line.
import { readFileSync } from 'node:fs';
import { getHeapStatistics } from 'node:v8';
import { money, price, qty, rate } from '../src/core/base/decimal.ts';
import type { Candles } from '../src/core/domain/candle.ts';
import { builtInInstrument } from '../src/core/domain/instrument-table.ts';
import { createMemoryJournal } from '../src/core/journal/memory.ts';
import { createBacktest } from '../src/core/lab/backtest.ts';
import { NO_EXTRAS } from '../src/core/market/feed.ts';
import { emaCross } from '../src/core/strategy/ema-cross.ts';

const [, , file = '', passes = '3', entries = 'kept'] = process.argv;
const SYMBOL = 'BTC/USDT:USDT';
const NONE = rate('0');

function candlesOf(bytes: Buffer): Candles {
  const all = new Float64Array(bytes.buffer, bytes.byteOffset, bytes.byteLength / 8);
  const length = all.length / 6;
  const column = (k: number): Float64Array => all.subarray(k * length, (k + 1) * length);
  return {
    timeframeMs: 60_000,
    length,
    openAt: column(0),
    open: column(1),
    high: column(2),
    low: column(3),
    close: column(4),
    volume: column(5),
  };
}

function pass(candles: Candles): { ms: number; trades: number; entries: number; equity: number; allocated: number } {
  const tick = price('0.00000001');
  const instrument = builtInInstrument(SYMBOL, { tick, step: qty('0.00000001'), notionalMin: money('0') });
  if (instrument === undefined) throw new Error('Invariant: the symbol is one');
  const fee = rate('0.0004');
  const costs = { makerRate: fee, takerRate: fee, spread: NONE, slippage: NONE, latencyMs: 0 };
  const memory = createMemoryJournal();
  const journal = entries === 'passed' ? Object.assign(memory, { append() {} }) : memory;
  const test = createBacktest({
    account: { name: 'open_account', account: 'paper', asset: 'USDT', balance: money('10000'), costs },
    run: {
      ...{ name: 'start_run', account: 'paper', symbol: SYMBOL, strategy: 'ema-cross', strategyVersion: 1 },
      ...{ params: { fast: 12, slow: 26 }, timeframeMs: 60_000, higherMs: 0, seed: 1, instrument, observe: false },
      riskSettings: {
        sizing: { by: 'fraction', fraction: rate('0.1') },
        leverage: rate('2'),
        stop: { by: 'fixed', distance: rate('0.01') },
        target: { by: 'fixed', distance: rate('0.02') },
        loss: { by: 'none' },
        limits: {},
      },
    },
    definition: emaCross,
    series: { symbol: SYMBOL, source: 'replay', candles, tradeFrom: 0, extras: NO_EXTRAS },
    journal,
    build: 'bench',
  });
  const before = getHeapStatistics().total_allocated_bytes;
  const from = performance.now();
  while (test.advance(65_536));
  const ms = performance.now() - from;
  const allocated = getHeapStatistics().total_allocated_bytes - before;
  const record = test.record();
  const equity = Number(record.finalEquity) / 1e18;
  return { ms, trades: record.trades.length, entries: journal.all.length, equity, allocated };
}

const candles = candlesOf(readFileSync(file));
const results = Array.from({ length: Number(passes) }, () => pass(candles));
process.stdout.write(`${JSON.stringify(results)}\n`);
