import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { builtInInstrument } from '../../../../src/core/domain/instrument-table.ts';
import type { Fault } from '../../../../src/core/sandbox/fault.ts';
import type { SandboxMarket } from '../../../../src/core/sandbox/market.ts';
import { serveSandbox } from '../../../../src/core/sandbox/server.ts';
import { openRecorded } from '../../../../src/core/sandbox/source/recorded.ts';
import { createBinanceStream } from '../../../../src/core/venue/binance/stream.ts';
import type {
  BookSnapshot,
  BookTick,
  QuoteTick,
  StreamHealth,
  TradeTick,
} from '../../../../src/core/venue/exchange.ts';
import { ROOT } from '../../../support/checkout.ts';
import { handTimers } from '../../../support/hand-timers.ts';
import { Heard } from '../heard.ts';
import { ID, SYMBOL } from './world.ts';

const TICKS = resolve(ROOT, '../shared/data/ticks');
const FROM = Date.UTC(2024, 7, 8, 23, 55);
const TO = Date.UTC(2024, 7, 9);

type Best = readonly [bid: number, bidQty: number, ask: number, askQty: number];

/** Keeps the best of quotes and books by their update ids. */
class Bests extends Heard {
  readonly quoted = new Map<number, Best>();
  readonly booked = new Map<number, Best>();

  override quote(tick: QuoteTick): void {
    this.quoted.set(tick.updateId, [tick.bid, tick.bidQty, tick.ask, tick.askQty]);
  }
  override book({ updateId, bidPrice: [bid = 0], bidQty: [bidQty = 0], askPrice, askQty }: BookTick): void {
    this.booked.set(updateId, [bid, bidQty, askPrice[0] ?? 0, askQty[0] ?? 0]);
  }
}

function snapshotOf(market: SandboxMarket): BookSnapshot {
  const { lastUpdateId, bids, asks } = market.depth(ID, 1_000);
  const rows = (levels: typeof bids) => levels.map(([price, qty]) => [Number(price), Number(qty)] as const);
  return { updateId: lastUpdateId, bids: rows(bids), asks: rows(asks) };
}

/** Plays a recorded market through the stand-in exchange into a stream, from its snapshot on up to an instant. */
async function play(
  kind: 'spot' | 'usdm',
  to: number,
  faults: readonly Fault[] = [],
): Promise<{ heard: Bests; health: StreamHealth }> {
  const timers = handTimers();
  const instrument = builtInInstrument(SYMBOL);
  if (instrument === undefined) throw new Error('expected a built-in instrument');
  const market = openRecorded({
    files: [resolve(TICKS, `binance-${kind}-BTCUSDT-20240808.frames.gz`)],
    kind,
    listings: [{ id: ID, instrument, status: 'TRADING', fundingHours: 8, onboardAt: 0 }],
    clock: timers,
    at: 'recorded',
  });
  const sandbox = await serveSandbox({ [kind]: market, clock: timers });
  const heard = new Bests();
  const stream = createBinanceStream({
    market: kind,
    endpoint: { base: sandbox[kind]?.base },
    timers,
    random: () => 0.5,
    sink: heard,
    symbolOf: (id) => (id === ID ? SYMBOL : undefined),
    idOf: () => ID,
    snapshot: async () => snapshotOf(market),
    timeframeMs: 60_000,
  });
  for (const fault of faults) sandbox.faults.set(fault);
  stream.open(SYMBOL);
  for (let passed = 0; market.now() < to + 300; passed += 1) {
    // Time stands still until it is connected: the recording begins with its clock.
    if (passed > 50 || stream.health().state === 'up') timers.pass(100);
    for (let turns = 0; turns < 5; turns += 1) await turn();
  }
  const health = stream.health();
  await stream.end();
  await sandbox.close();
  return { heard, health };
}

/** Open, high, low, close and volume of trades from an instant up to another. */
function candleOf(trades: readonly TradeTick[], from: number, to: number): number[] {
  const inside = trades.filter(({ venueAt }) => venueAt >= from && venueAt < to);
  const prices = inside.map(({ price }) => price);
  const volume = inside.reduce((sum, { qty }) => sum + qty, 0);
  return [prices[0] ?? 0, Math.max(...prices), Math.min(...prices), prices.at(-1) ?? 0, Number(volume.toFixed(5))];
}

const hasTicks = existsSync(TICKS);

describe.skipIf(!hasTicks)('a recorded market through the stand-in exchange (../shared/data/ticks)', () => {
  test('of spot: the book equals the quotes, and trades and minutes make the candle that others have', async () => {
    const { heard, health } = await play('spot', TO);
    expect(health).toMatchObject({ dropped: 0, lastError: null });
    // The price leaves the 1,000 levels that the first snapshot told.
    expect(health.resyncs).toBeLessThanOrEqual(2);
    const [, row = ''] = readFileSync(resolve(TICKS, 'oracle-binance-spot-BTCUSDT-5m-20240808T2355.csv'), 'utf8').split(
      '\n',
    );
    const [, ...oracle] = row.split(',').map(Number);
    expect(candleOf(heard.trades, FROM, TO)).toEqual(oracle);
    const minutes = heard.candles.filter(({ isClosed, openAt }) => isClosed && openAt >= FROM && openAt < TO);
    expect(minutes.map(({ openAt }) => (openAt - FROM) / 60_000)).toEqual([0, 1, 2, 3, 4]);
    expect(minutes.reduce((sum, { volume }) => sum + volume, 0)).toBeCloseTo(oracle[4] as number, 6);
    compare(heard, 500);
  }, 60_000);

  test('of USDS-M: the book equals the quotes', async () => {
    const { heard, health } = await play('usdm', FROM + 60_000);
    expect(health).toMatchObject({ dropped: 0, lastError: null });
    // The price leaves the 1,000 levels that the first snapshot told.
    expect(health.resyncs).toBeLessThanOrEqual(2);
    expect(heard.trades.length).toBeGreaterThan(1_000);
    compare(heard, 100);
  }, 60_000);

  test('of USDS-M over a bad line: what is given is right, and it heals', async () => {
    const { heard, health } = await play('usdm', FROM + 60_000, [
      { kind: 'gap', stream: '@depth', every: 307, forMs: 60_000 },
      { kind: 'duplicate', stream: '@', every: 7, forMs: 60_000 },
      { kind: 'reorder', stream: '@aggTrade', every: 31, forMs: 60_000 },
      { kind: 'garbage', stream: '@', every: 53, forMs: 60_000 },
      { kind: 'cut', stream: '@depth', afterMs: 40_000, count: 1 },
    ]);
    compare(heard, 30);
    expect(health.resyncs).toBeGreaterThan(2);
    expect(health.dropped).toBeGreaterThan(100);
    expect(health).toMatchObject({ state: 'up', lastError: { text: expect.any(String) } });
    for (const ids of [heard.trades.map(({ id }) => id), [...heard.quoted.keys()], [...heard.booked.keys()]]) {
      expect(ids.length).toBeGreaterThan(50);
      expect(ids.filter((id, index) => id <= (ids[index - 1] ?? 0))).toEqual([]);
    }
    for (const { state } of health.channels) expect(state).toBe('live');
  }, 60_000);
});

function compare({ quoted, booked }: Bests, least: number): void {
  const shared = [...booked].filter(([id]) => quoted.has(id));
  expect(shared.length).toBeGreaterThan(least);
  expect(shared.filter(([id, best]) => String(best) !== String(quoted.get(id)))).toEqual([]);
}
