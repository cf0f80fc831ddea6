import { describe, expect, test } from 'vitest';
import { dataOf, scene } from './scene.ts';

const has =
  (...parts: readonly string[]) =>
  (text: string): boolean =>
    parts.every((part) => text.includes(part));

describe('addresses', () => {
  test.each([
    ['usdm', '/ws/btcusdt@bookTicker', 'raw'],
    ['usdm', '/public/ws/btcusdt@bookTicker', 'raw'],
    ['usdm', '/stream?streams=btcusdt@bookTicker/ethusdt@trade', 'wrapped'],
    ['usdm', '/market/stream?streams=ethusdt@trade/btcusdt@bookTicker', 'wrapped'],
    ['usdm', '/private/stream?streams=btcusdt%40bookTicker', 'wrapped'],
    ['spot', '/ws/btcusdt@bookTicker', 'raw'],
    ['spot', '/stream?streams=btcusdt@bookTicker', 'wrapped'],
    ['spot', '/stream.spot/ws/btcusdt@bookTicker', 'raw'],
  ] as const)('%s %s', async (kind, path, form) => {
    const { connect, pass } = await scene(kind);
    const peer = await connect(path);
    pass(2_000);
    const text = await peer.next(has('"b":"'));
    expect(text.startsWith('{"stream":"btcusdt@bookTicker","data":{')).toBe(form === 'wrapped');
    expect(dataOf(text)).toMatchObject({ s: 'BTCUSDT' });
  });

  test.each([
    ['usdm', '/'],
    ['usdm', '/elsewhere/ws'],
    ['spot', '/public/ws'],
    ['usdm', '/ws-api/v3'],
  ] as const)('%s has none at %s', async (kind, path) => {
    const { connect } = await scene(kind);
    await expect(connect(path)).rejects.toThrow(/404/);
  });

  test('the number of a socket in its path is no stream', async () => {
    const { connect } = await scene();
    const peer = await connect('/public/ws/3');
    peer.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    expect(await peer.next()).toBe('{"result":[],"id":1}');
  });
});

describe('subscriptions', () => {
  test.each([[1], [0], ['ab12-f'], [9_007_199_254_740_991], [null]])('an id of %j comes back as it was', async (id) => {
    const { connect } = await scene();
    const peer = await connect('/ws');
    peer.send({ method: 'SUBSCRIBE', params: ['btcusdt@trade'], id });
    expect(await peer.next()).toBe(`{"result":null,"id":${JSON.stringify(id)}}`);
  });

  test('begin with SUBSCRIBE, are listed, and end with UNSUBSCRIBE', async () => {
    const { connect, pass } = await scene();
    const peer = await connect('/ws');
    peer.send({ method: 'SUBSCRIBE', params: ['btcusdt@trade', 'btcusdt@kline_1m'], id: 1 });
    await peer.next();
    pass(2_000);
    expect(dataOf(await peer.next(has('"e":"trade"')))).toMatchObject({ s: 'BTCUSDT', X: 'MARKET' });
    expect(dataOf(await peer.next(has('"e":"kline"')))).toMatchObject({ k: { i: '1m', x: false } });
    peer.send({ method: 'UNSUBSCRIBE', params: ['btcusdt@trade'], id: 2 });
    expect(await peer.next(has('result'))).toBe('{"result":null,"id":2}');
    peer.send({ method: 'LIST_SUBSCRIPTIONS', id: 3 });
    expect(await peer.next(has('result'))).toBe('{"result":["btcusdt@kline_1m"],"id":3}');
    const before = peer.heard.length;
    pass(3_000);
    await peer.settled();
    const since = peer.heard.slice(before);
    expect(since.length).toBeGreaterThan(0);
    expect(since.filter(has('"e":"trade"'))).toEqual([]);
  });

  test.each([
    ['not json', 3, 'null'],
    ['[]', 2, 'null'],
    ['{"method":"HELLO","id":4}', 2, '4'],
    ['{"params":[],"id":4}', 2, '4'],
    ['{"method":"SUBSCRIBE","params":[],"id":5}', 2, '5'],
    ['{"method":"SUBSCRIBE","params":["a b"],"id":"x"}', 2, '"x"'],
    ['{"method":"SUBSCRIBE","params":{},"id":6}', 2, '6'],
    ['{"method":"SUBSCRIBE","params":["btcusdt@trade"],"id":{}}', 2, 'null'],
  ])('%s is refused with code %i', async (message, code, id) => {
    const { connect } = await scene();
    const peer = await connect('/ws');
    peer.send(message);
    const text = await peer.next();
    expect(JSON.parse(text)).toMatchObject({ error: { code } });
    expect(text.endsWith(`"id":${id}}`)).toBe(true);
    expect(peer.closedBy).toBeUndefined();
  });

  test('no more than 1024 streams', async () => {
    const { connect } = await scene();
    const peer = await connect('/ws');
    const params = Array.from({ length: 1_025 }, (_, at) => `s${at}usdt@trade`);
    peer.send({ method: 'SUBSCRIBE', params, id: 1 });
    expect(await peer.next()).toContain('too many streams');
    peer.send({ method: 'SUBSCRIBE', params: params.slice(1), id: 2 });
    expect(await peer.next()).toBe('{"result":null,"id":2}');
  });

  test.each([
    ['usdm', 10],
    ['spot', 5],
  ] as const)('%s ends a socket that sends more than %i messages within a second', async (kind, most) => {
    const { connect, clock } = await scene(kind);
    const peer = await connect('/ws');
    for (let turn = 0; turn < most; turn++) peer.send({ method: 'LIST_SUBSCRIPTIONS', id: turn });
    await peer.next(has(`"id":${most - 1}`));
    clock.pass(1_000);
    for (let turn = 0; turn < most; turn++) peer.send({ method: 'LIST_SUBSCRIPTIONS', id: 100 + turn });
    await peer.next(has(`"id":${99 + most}`));
    peer.send({ method: 'LIST_SUBSCRIPTIONS', id: 999 });
    expect(await peer.closed()).toBe(1008);
  });
});

describe('a socket lives', () => {
  test.each([
    ['usdm', 180_000],
    ['spot', 20_000],
  ] as const)('%s pings every %i ms', async (kind, everyMs) => {
    const { connect, clock } = await scene(kind);
    const peer = await connect('/ws');
    clock.pass(everyMs - 1_000);
    await peer.settled();
    expect(peer.pings).toBe(0);
    clock.pass(1_500);
    await peer.settled();
    expect(peer.pings).toBe(1);
  });

  test('for a day', async () => {
    const { connect, clock } = await scene();
    const peer = await connect('/ws');
    for (let turn = 1; turn < 24 * 6; turn++) {
      clock.pass(600_000);
      await peer.settled();
    }
    expect(peer.closedBy).toBeUndefined();
    clock.pass(600_000);
    expect(await peer.closed()).toBe(1000);
  });

  test('until it answers no ping', async () => {
    const { connect, clock } = await scene('spot');
    const peer = await connect('/ws');
    peer.socket.pause();
    clock.pass(90_000);
    peer.socket.resume();
    expect(await peer.closed()).toBe(1008);
  });

  test('until the exchange goes down, which it says', async () => {
    const { connect, clock, streams } = await scene();
    const peer = await connect('/stream?streams=btcusdt@trade');
    streams.shutdown(5_000);
    expect(dataOf(await peer.next())).toMatchObject({ e: 'serverShutdown' });
    clock.pass(5_000);
    expect(await peer.closed()).toBe(1001);
  });

  test('until it reads too slowly', async () => {
    const { connect, pass, streams, world } = await scene();
    const peer = await connect('/stream?streams=btcusdt@depth');
    // One piece of it in fifteen has 5 MB.
    world.faults.set({ kind: 'garbage' });
    peer.socket.pause();
    for (let turn = 0; turn < 20 && streams.size > 0; turn++) {
      pass(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect(streams.size).toBe(0);
  });
});

describe('user data', () => {
  const BALANCE = { balances: [{ asset: 'USDT', free: '12.5', locked: '0' }] };

  test.each([
    ['in its path', (key: string) => `/private/ws/${key}`],
    ['in a parameter', (key: string) => `/private/ws?listenKey=${key}`],
    ['among the streams', (key: string) => `/stream?streams=btcusdt@trade/${key}`],
  ])('comes to a socket with the listen key %s', async (_, path) => {
    const { connect, world } = await scene();
    const peer = await connect(path(world.listenKeys.create('sandbox-read')));
    world.account.set(BALANCE);
    expect(dataOf(await peer.next())).toMatchObject({ e: 'ACCOUNT_UPDATE' });
  });

  test('comes to nobody with another key, and ends with the key', async () => {
    const { connect, world } = await scene();
    const key = world.listenKeys.create('sandbox-read');
    const peer = await connect(`/private/ws/${key}`);
    const stranger = await connect('/private/ws/0123456789abcdef');
    world.listenKeys.expire(key);
    expect(dataOf(await peer.next())).toMatchObject({ e: 'listenKeyExpired', listenKey: key });
    world.account.set(BALANCE);
    await peer.settled();
    await stranger.settled();
    expect([peer.heard.length, stranger.heard.length]).toEqual([1, 0]);
  });
});
