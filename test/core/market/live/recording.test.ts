import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import type { CandleRow } from '../../../../src/core/domain/frame.ts';
import { builtInInstrument } from '../../../../src/core/domain/instrument-table.ts';
import type { LiveInput } from '../../../../src/core/market/feed.ts';
import { createLiveFeed } from '../../../../src/core/market/live/feed.ts';
import { serveSandbox } from '../../../../src/core/sandbox/server.ts';
import { openRecorded } from '../../../../src/core/sandbox/source/recorded.ts';
import { createBinanceStream } from '../../../../src/core/venue/binance/stream.ts';
import { openCcxtRest } from '../../../../src/core/venue/ccxt/rest.ts';
import { isVenueProblem } from '../../../../src/core/venue/exchange.ts';
import { ROOT } from '../../../support/checkout.ts';
import { handTimers } from '../../../support/hand-timers.ts';

const TICKS = resolve(ROOT, '../shared/data/ticks');
const BTC = 'BTC/USDT';
const FROM = Date.UTC(2024, 7, 8, 23, 55);
const TO = Date.UTC(2024, 7, 9);
const MINUTE_MS = 60_000;

/** The recording of spot through the stand-in, ccxt and the own stream into the feed; a fault on the way. */
async function play(fault?: { readonly kind: 'cut' | 'gap'; readonly at: number }): Promise<readonly LiveInput[]> {
  const timers = handTimers(Date.UTC(2024, 7, 8, 23, 54, 20));
  const instrument = builtInInstrument(BTC);
  if (instrument === undefined) throw new Error('a built-in instrument');
  const market = openRecorded({
    files: [resolve(TICKS, 'binance-spot-BTCUSDT-20240808.frames.gz')],
    kind: 'spot',
    listings: [{ id: 'BTCUSDT', instrument, status: 'TRADING', fundingHours: 0, onboardAt: 0 }],
    clock: timers,
    at: 'recorded',
  });
  const sandbox = await serveSandbox({ spot: market, clock: timers });
  const endpoint = { base: sandbox.spot?.base };
  const rest = await openCcxtRest({ exchange: 'binance', endpoint, timers });
  if (isVenueProblem(rest)) throw new Error(rest.found);
  const feed = await createLiveFeed({
    exchange: 'binance',
    rest,
    stream: (sink) =>
      createBinanceStream({
        market: 'spot',
        endpoint,
        timers,
        random: () => 0.5,
        sink,
        symbolOf: (id) => (id === 'BTCUSDT' ? BTC : undefined),
        idOf: () => 'BTCUSDT',
        snapshot: (symbol) => rest.book(symbol, 1_000),
        timeframeMs: MINUTE_MS,
      }),
    timers,
    clock: () => market.now(),
    endpointText: endpoint.base ?? '',
    proxyText: null,
  });
  if ('code' in feed) throw new Error(feed.found);
  const opening = feed.open(BTC, FROM - 10 * MINUTE_MS);
  let isOpen = false;
  void opening.then(() => {
    isOpen = true;
  });
  const inputs: LiveInput[] = [];
  let isStruck = false;
  while (market.now() < TO + 2_000) {
    if (isOpen) timers.pass(50);
    for (let turns = 0; turns < 6; turns += 1) await turn();
    for (let input = feed.take(); input !== undefined; input = feed.take()) inputs.push(input);
    if (fault !== undefined && !isStruck && market.now() >= fault.at) {
      sandbox.faults.set({ kind: fault.kind, count: 1 });
      isStruck = true;
    }
  }
  await feed.end();
  await sandbox.close();
  return inputs;
}

const rowsOf = (inputs: readonly LiveInput[]): CandleRow[] =>
  inputs.flatMap((input): readonly CandleRow[] => {
    if (input.kind === 'history') return input.rows;
    if (input.kind !== 'close') return [];
    const { openAt, open, high, low, close, volume } = input.bar;
    return [[openAt, open, high, low, close, volume]];
  });

function candleOf(rows: readonly CandleRow[]): number[] {
  const inside = rows.filter(([openAt]) => openAt >= FROM && openAt < TO);
  const volume = inside.reduce((sum, row) => sum + row[5], 0);
  const [first, last] = [inside[0], inside.at(-1)];
  const high = Math.max(...inside.map((row) => row[2]));
  const low = Math.min(...inside.map((row) => row[3]));
  return [first?.[1] ?? 0, high, low, last?.[4] ?? 0, Number(volume.toFixed(5))];
}

describe.skipIf(!existsSync(TICKS))('a recorded market through stand-in, ccxt and feed (../shared/data/ticks)', () => {
  const [, oracleRow = ''] = existsSync(TICKS)
    ? readFileSync(resolve(TICKS, 'oracle-binance-spot-BTCUSDT-5m-20240808T2355.csv'), 'utf8').split('\n')
    : [];
  const [, ...oracle] = oracleRow.split(',').map(Number);

  test('the minutes that it tells make the candle that others have, each once and in order', async () => {
    const inputs = await play();
    const rows = rowsOf(inputs);
    expect(candleOf(rows)).toEqual(oracle);
    const minutes = rows.filter(([openAt]) => openAt >= FROM).map(([openAt]) => (openAt - FROM) / MINUTE_MS);
    expect(minutes).toEqual([0, 1, 2, 3, 4]);
    expect(inputs.filter(({ kind }) => kind === 'gap')).toEqual([]);
  }, 60_000);

  test('a connection that is cut in between loses no minute of it', async () => {
    const inputs = await play({ kind: 'cut', at: FROM + 100_000 });
    expect(inputs.some((input) => input.kind === 'feed' && input.state === 'lost')).toBe(true);
    expect(candleOf(rowsOf(inputs))).toEqual(oracle);
  }, 60_000);

  test('quotes and books that it tells agree where both are of one instant', async () => {
    const inputs = await play();
    let compared = 0;
    let book: { readonly bid: number; readonly ask: number } | undefined;
    for (const input of inputs) {
      if (input.kind === 'book') book = { bid: input.bids[0]?.[0] ?? 0, ask: input.asks[0]?.[0] ?? 0 };
      if (input.kind !== 'quote' || book === undefined) continue;
      compared++;
      // The book is told at most every 100 ms: between two of them the touch moves by little.
      expect(Math.abs(input.bid - book.bid) / book.bid).toBeLessThan(0.001);
      expect(input.bid).toBeLessThan(input.ask);
    }
    expect(compared).toBeGreaterThan(1_000);
  }, 60_000);
});
