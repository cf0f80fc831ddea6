import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import type { StreamHealth } from '../../../../src/core/venue/exchange.ts';
import { say } from './small-exchange.ts';
import { ID, openWorld, SYMBOL, type World } from './world.ts';

const MINUTE = 60_000;

describe('channels of an open symbol', () => {
  let world: World;

  beforeEach(async () => {
    world = await openWorld();
    world.stream.open(SYMBOL);
    await world.until(() => subscribed(world) === 5, 'five subscriptions');
  });
  afterEach(() => world.end());

  test('each comes over the route that the venue serves it on', () => {
    const on = (path: string) => world.exchange.on(path).flatMap(({ streams }) => [...streams].sort());
    expect(on('/public/stream')).toEqual(['btcusdt@bookTicker', 'btcusdt@depth@100ms']);
    expect(on('/market/stream')).toEqual(['btcusdt@aggTrade', 'btcusdt@kline_1m', 'btcusdt@markPrice@1s']);
  });

  test('messages become ticks, and each channel says once that it is live', async () => {
    const { exchange, heard, timers } = world;
    const at = timers.wall();
    exchange.push('btcusdt@bookTicker', say.quote(ID, 7, 100, 101, at));
    exchange.push('btcusdt@bookTicker', say.quote(ID, 8, 100, 102, at));
    exchange.push('btcusdt@aggTrade', say.trade(ID, 1, 100.5, at));
    exchange.push('btcusdt@kline_1m', say.candle(ID, at, 100.5, 3, at));
    exchange.push('btcusdt@markPrice@1s', say.mark(ID, 100.25, at));
    await world.until(() => heard.quotes.length === 2 && heard.marks.length === 1, 'ticks');
    expect(heard.quotes[1]).toMatchObject({ symbol: SYMBOL, bid: 100, ask: 102, updateId: 8, at });
    expect(heard.trades).toMatchObject([{ symbol: SYMBOL, id: 1, price: 100.5, sign: 1 }]);
    expect(heard.candles).toMatchObject([{ openAt: at, close: 100.5, volume: 3, isClosed: false }]);
    expect(heard.marks).toMatchObject([{ price: 100.25, fundingRate: 0.0001 }]);
    expect(heard.said().sort()).toEqual(['candle live', 'mark live', 'quote live', 'trade live']);
    expect(world.stream.health()).toMatchObject({ state: 'up', connections: 2, reconnects: 0, dropped: 0 });
  });

  test('a quote, a mark or a trade that came before is dropped, and a closed candle never forms again', async () => {
    const { exchange, heard, timers } = world;
    const at = timers.wall();
    for (const u of [7, 7, 6, 8]) exchange.push('btcusdt@bookTicker', say.quote(ID, u, 100, 101, at));
    for (const id of [1, 2, 2, 1, 3]) exchange.push('btcusdt@aggTrade', say.trade(ID, id, 100, at));
    exchange.push('btcusdt@kline_1m', say.candle(ID, at, 5, 1, at));
    exchange.push('btcusdt@kline_1m', say.candle(ID, at + MINUTE, 7, 1, at + MINUTE));
    exchange.push('btcusdt@kline_1m', say.candle(ID, at, 6, 2, at + MINUTE, true));
    exchange.push('btcusdt@kline_1m', say.candle(ID, at, 6, 2, at + MINUTE));
    exchange.push('btcusdt@kline_1m', say.candle(ID, at, 6, 2, at + MINUTE, true));
    exchange.push('btcusdt@markPrice@1s', say.mark(ID, 1, at));
    exchange.push('btcusdt@markPrice@1s', say.mark(ID, 1, at));
    exchange.push('btcusdt@markPrice@1s', say.mark(ID, 2, at + 1_000));
    await world.until(() => heard.marks.length === 2 && heard.quotes.length === 2, 'the last of each');
    expect(heard.quotes.map(({ updateId }) => updateId)).toEqual([7, 8]);
    expect(heard.tradeIds).toEqual([1, 2, 3]);
    expect(heard.candles.map(({ close, isClosed }) => [close, isClosed])).toEqual([
      [5, false],
      [7, false],
      [6, true],
    ]);
  });

  test('trades that changed places are given in order, and a hole is told', async () => {
    const { exchange, heard, timers } = world;
    for (const id of [1, 3, 2, 6]) exchange.push('btcusdt@aggTrade', say.trade(ID, id, 100, timers.wall()));
    await world.until(() => heard.trades.length === 3, 'the first three');
    expect(heard.tradeIds).toEqual([1, 2, 3]);
    await world.pass(1_000);
    expect(heard.tradeIds).toEqual([1, 2, 3, 6]);
    expect(world.logged).toContain(`${SYMBOL}: 2 trades are missing (ids 4 to 5)`);
  });

  test('trades that a venue does not number one by one are soon given at once', async () => {
    const { exchange, heard, timers } = world;
    for (let id = 2; id <= 60; id += 2) {
      exchange.push('btcusdt@aggTrade', say.trade(ID, id, 100, timers.wall()));
      if (id <= 44) await world.pass(1_000);
    }
    await world.until(() => heard.tradeIds.at(-1) === 60, 'the last one, without time passing');
    expect(heard.tradeIds).toHaveLength(30);
    expect(world.logged.filter((line) => line.includes('missing'))).toHaveLength(20);
  });

  test('ids that begin anew are believed where the venue says a later time', async () => {
    const { exchange, heard, timers } = world;
    const at = timers.wall();
    exchange.push('btcusdt@aggTrade', say.trade(ID, 900, 100, at));
    exchange.push('btcusdt@aggTrade', say.trade(ID, 1, 100, at + 5_000));
    exchange.push('btcusdt@bookTicker', say.quote(ID, 900, 100, 101, at));
    exchange.push('btcusdt@bookTicker', say.quote(ID, 1, 100, 101, at + 5_000));
    await world.until(() => heard.quotes.length === 2, 'both quotes');
    expect(heard.tradeIds).toEqual([900, 1]);
  });

  test('a candle or a mark of the future silences those of the present for a while only', async () => {
    const { exchange, heard, timers } = world;
    const at = timers.wall();
    const later = at + 60 * MINUTE;
    exchange.push('btcusdt@kline_1m', say.candle(ID, later, 9, 1, later + MINUTE, true));
    exchange.push('btcusdt@markPrice@1s', say.mark(ID, 9, later));
    for (let n = 1; n <= 60; n++) {
      exchange.push('btcusdt@kline_1m', say.candle(ID, at, 5, n, at + n));
      exchange.push('btcusdt@markPrice@1s', say.mark(ID, 5, at + n));
    }
    await world.until(() => heard.marks.at(-1)?.venueAt === at + 60, 'the last mark');
    expect(heard.candles.at(-1)).toMatchObject({ openAt: at, close: 5, volume: 60 });
    expect(heard.candles).toHaveLength(12);
  });

  test('bad frames are counted and break nothing', async () => {
    const { exchange, heard } = world;
    const [session] = exchange.on('/public/stream');
    const bad = [
      '',
      '{',
      'null',
      '[]',
      '{"stream":"btcusdt@bookTicker"}',
      `[${'['.repeat(5_000)}`,
      'x'.repeat(2 << 20),
    ];
    for (const text of bad) session?.tell(text);
    session?.tell(new Uint8Array([0xff, 0xfe, 0, 1]));
    session?.tell('{"stream":"btcusdt@bookTicker","data":{"__proto__":{"isBad":true},"e":"bookTicker","s":"BTCUSDT"}}');
    exchange.push('btcusdt@bookTicker', say.quote(ID, 7, 100, 101));
    await world.until(() => heard.quotes.length === 1, 'the quote after them');
    const health = world.stream.health();
    expect(health.dropped).toBeGreaterThanOrEqual(bad.length);
    expect(health.droppedSample).not.toBeNull();
    expect(health).toMatchObject({ state: 'up', reconnects: 0 });
    expect(({} as { isBad?: boolean }).isBad).toBeUndefined();
  });

  test('a symbol that was closed says nothing more, and can be opened again', async () => {
    const { exchange, heard, stream } = world;
    stream.open('ETH/USDT:USDT');
    await world.pass(1_000);
    stream.close(SYMBOL);
    exchange.push('btcusdt@bookTicker', say.quote(ID, 7, 100, 101));
    exchange.push('ethusdt@bookTicker', say.quote('ETHUSDT', 7, 10, 11));
    await world.until(() => heard.quotes.length > 0, 'a quote');
    expect(heard.quotes.map(({ symbol }) => symbol)).toEqual(['ETH/USDT:USDT']);
    await world.pass(1_000);
    expect(subscribed(world)).toBe(5);
    stream.open(SYMBOL);
    await world.pass(1_000);
    expect(subscribed(world)).toBe(10);
    exchange.push('btcusdt@bookTicker', say.quote(ID, 5, 100, 101));
    await world.until(() => heard.quotes.length === 2, 'its quote');
    expect(exchange.sessions.length).toBe(2);
  });

  test('the end leaves no socket and no timer, and nothing is heard after it', async () => {
    const { exchange, heard, stream, timers } = world;
    exchange.push('btcusdt@bookTicker', say.quote(ID, 7, 100, 101));
    await stream.end();
    await world.until(() => exchange.connected === 0, 'no socket');
    expect(timers.waiting).toBe(0);
    stream.open('ETH/USDT:USDT');
    await world.pass(120_000);
    expect([heard.quotes.length, exchange.connected, timers.waiting]).toEqual([0, 0, 0]);
    expect(stream.health()).toMatchObject({ state: 'down', connections: 0, channels: [] });
  });
});

describe('many symbols', () => {
  test('are subscribed in batches, at the venue pace, over connections with room', async () => {
    const world = await openWorld();
    for (let index = 0; index < 60; index += 1) world.stream.open(`C${index}/USDT:USDT`);
    await world.pass(5_000);
    expect(subscribed(world)).toBe(300);
    for (const { streams, asked } of world.exchange.sessions) {
      expect(streams.size).toBeLessThan(200);
      for (const { at } of asked) {
        expect(asked.filter((each) => each.at >= at && each.at < at + 1_000).length).toBeLessThanOrEqual(5);
      }
    }
    expect(world.exchange.sessions.length).toBe(3);
    await world.end();
  });

  test('a name that the venue refuses does not take its batch with it', async () => {
    const world = await openWorld();
    world.exchange.manners.acks = 'refuse';
    world.stream.open('BAD/USDT:USDT');
    world.stream.open(SYMBOL);
    await world.pass(5_000);
    expect(subscribed(world)).toBe(5);
    expect(stateOf(world.stream.health(), 'BAD/USDT:USDT')).toEqual(Array(5).fill('silent'));
    await world.end();
  });

  test('a symbol without a market is told, not thrown', async () => {
    const world = await openWorld();
    world.stream.open('NO/USDT:USDT');
    expect(world.heard.said('quote')).toEqual(['quote silent']);
    expect(world.timers.waiting).toBe(0);
    await world.end();
  });
});

describe('spot', () => {
  test('has four channels over one route, and quotes without a time', async () => {
    const world = await openWorld({ market: 'spot' });
    world.stream.open(SYMBOL);
    await world.until(() => subscribed(world) === 4, 'four subscriptions');
    expect(world.exchange.sessions.map(({ path }) => path)).toEqual(['/stream']);
    for (const u of [7, 7, 9]) {
      world.exchange.push('btcusdt@bookTicker', { u, s: ID, b: '100', B: '1', a: '101', A: '1' });
    }
    await world.until(() => world.heard.quotes.length === 2, 'two quotes');
    expect(world.heard.quotes[1]).toMatchObject({ updateId: 9, venueAt: Number.NaN });
    expect(world.stream.exchange).toBe('binance');
    await world.end();
  });
});

function subscribed(world: World): number {
  return world.exchange.sessions.reduce((sum, { streams }) => sum + streams.size, 0);
}

function stateOf(health: StreamHealth, symbol: string): string[] {
  return health.channels.filter((channel) => channel.symbol === symbol).map(({ state }) => state);
}
