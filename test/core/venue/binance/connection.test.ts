import { createServer } from 'node:http';
import { type AddressInfo, connect, type Socket } from 'node:net';
import { afterEach, describe, expect, test } from 'vitest';
import { streamUrl } from '../../../../src/core/venue/binance/host.ts';
import type { StreamLimits } from '../../../../src/core/venue/binance/limits.ts';
import { type Session, say } from './small-exchange.ts';
import { ID, openWorld, SYMBOL, type World } from './world.ts';

const QUOTE = 'btcusdt@bookTicker';
const TRADE = 'btcusdt@aggTrade';
const CANDLE = 'btcusdt@kline_1m';
const MARK = 'btcusdt@markPrice@1s';

let world: World;

afterEach(() => world.end());

async function start(options: Parameters<typeof openWorld>[0] = {}): Promise<World> {
  world = await openWorld(options);
  world.stream.open(SYMBOL);
  await world.pass(500);
  return world;
}

let ids = 0;

/** A second of a busy market: every channel but those left out. */
function speak(leftOut: readonly string[] = [], to?: readonly Session[]): void {
  const { exchange, timers } = world;
  const at = timers.wall();
  ids += 1;
  const messages: readonly (readonly [string, object])[] = [
    [QUOTE, say.quote(ID, ids, 100, 101, at)],
    [TRADE, say.trade(ID, ids, 100, at)],
    [CANDLE, say.candle(ID, at - (at % 60_000), 100, ids, at)],
    [MARK, say.mark(ID, 100, at)],
    ['btcusdt@depth@100ms', say.diff(ID, { U: ids, u: ids, pu: ids - 1 }, [], [], at)],
  ];
  for (const [stream, data] of messages) if (!leftOut.includes(stream)) exchange.push(stream, data, to);
}

async function speakFor(ms: number, leftOut: readonly string[] = []): Promise<void> {
  for (let passed = 0; passed < ms; passed += 1_000) {
    speak(leftOut);
    await world.pass(1_000);
  }
}

const market = () => world.exchange.on('/market/stream');
const subscribes = (session: Session | undefined, stream: string) =>
  session?.asked.filter(({ method, params }) => method === 'SUBSCRIBE' && params.includes(stream)).length;

describe('subscriptions', () => {
  test('one that is not answered is sent again, then its connection is given up', async () => {
    world = await openWorld();
    world.exchange.manners.acks = 'no';
    world.stream.open(SYMBOL);
    await world.pass(6_000);
    expect(subscribes(market()[0], MARK)).toBe(2);
    expect(world.exchange.upgradesAt.length).toBe(2);
    world.exchange.manners.acks = 'yes';
    await world.pass(7_000);
    expect(world.stream.health()).toMatchObject({
      state: 'up',
      reconnects: 2,
      lastError: { text: 'SUBSCRIBE was not answered' },
    });
  });

  test('channels that speak need no answer', async () => {
    world = await openWorld();
    world.exchange.manners.acks = 'no';
    world.stream.open('ETH/USDT:USDT');
    await world.pass(500);
    const words = (at: number) => [
      ['ethusdt@bookTicker', say.quote('ETHUSDT', at, 1, 2, at)] as const,
      ['ethusdt@depth@100ms', say.diff('ETHUSDT', { U: at, u: at, pu: at - 1 }, [], [], at)] as const,
      ['ethusdt@aggTrade', say.trade('ETHUSDT', at, 1, at)] as const,
      ['ethusdt@kline_1m', say.candle('ETHUSDT', 60_000, 1, at, at)] as const,
      ['ethusdt@markPrice@1s', say.mark('ETHUSDT', 1, at)] as const,
    ];
    for (const [stream, data] of words(1_000)) world.exchange.push(stream, data);
    await world.pass(12_000);
    expect(world.stream.health().reconnects).toBe(0);
  });

  test('a channel that does not begin is asked for again, then over another connection that takes over', async () => {
    await start();
    const [first] = market();
    world.exchange.manners.isMute = (stream, session) => stream === MARK && session === first;
    await speakFor(9_000);
    expect(subscribes(first, MARK)).toBe(1);
    await speakFor(2_000);
    expect(subscribes(first, MARK)).toBe(2);
    expect(world.heard.said('mark')).toEqual(['mark silent']);
    await speakFor(25_000);
    expect(market()).not.toContain(first);
    expect(world.heard.said('mark')).toEqual(['mark silent', 'mark live']);
    expect(world.heard.said('trade')).toEqual(['trade live']);
    expect(world.exchange.upgradesAt.length).toBe(3);
  });

  test('one that never begins moves its connection once, and is asked for less and less often', async () => {
    await start();
    world.exchange.manners.isMute = (stream) => stream === MARK;
    await speakFor(600_000);
    expect(world.exchange.upgradesAt.length).toBe(3);
    expect(subscribes(market()[0], MARK)).toBeLessThanOrEqual(6);
    expect(world.heard.said('mark')).toEqual(['mark silent']);
  });
});

describe('silence', () => {
  test('of a calm symbol on a living connection: trades are quiet, and REST decides about quotes', async () => {
    await start();
    await speakFor(2_000);
    world.heard.changes.length = 0;
    await speakFor(60_000, [QUOTE, TRADE, CANDLE]);
    expect(world.heard.said('trade')).toEqual(['trade quiet']);
    expect(world.heard.said('quote')).toEqual(['quote silent']);
    expect(world.heard.said('candle')).toEqual([]);
    expect(world.exchange.on('/public/stream')[0]?.streams.has(QUOTE)).toBe(true);
    expect(world.stream.health().lastError).toBeNull();
    speak();
    await world.pass(250);
    expect(world.heard.said('trade')).toEqual(['trade quiet', 'trade live']);
  });

  test('of marks lasts 5 s, of candles 90 s: they are subscribed anew, and live when they speak', async () => {
    await start();
    await speakFor(1_000);
    await speakFor(4_000, [MARK, CANDLE]);
    expect(world.heard.said('mark')).toEqual(['mark live']);
    await speakFor(3_000, [MARK, CANDLE]);
    expect(world.heard.said('mark')).toEqual(['mark live', 'mark silent']);
    expect(subscribes(market()[0], MARK)).toBe(2);
    await speakFor(80_000, [CANDLE]);
    expect(world.heard.said('candle')).toEqual(['candle live']);
    await speakFor(5_000, [CANDLE]);
    expect(world.heard.said('candle')).toEqual(['candle live', 'candle silent']);
    await speakFor(1_000);
    expect(world.heard.said('candle')).toEqual(['candle live', 'candle silent', 'candle live']);
    expect(world.heard.said('mark')).toEqual(['mark live', 'mark silent', 'mark live']);
  });

  test('of trades while the candle grows is no calm', async () => {
    await start();
    await speakFor(2_000);
    await speakFor(14_000, [TRADE]);
    expect(world.heard.said('trade')).toEqual(['trade live', 'trade silent']);
    expect(subscribes(market()[0], TRADE)).toBe(2);
  });

  test('of a connection that answers pings, while trades come over another, is no calm: it is replaced', async () => {
    await start();
    await speakFor(2_000);
    const [first] = world.exchange.on('/public/stream');
    world.exchange.manners.isMute = (_stream, session) => session === first;
    await speakFor(50_000);
    expect(world.exchange.on('/public/stream')).toHaveLength(1);
    expect(world.exchange.on('/public/stream')).not.toContain(first);
    expect(subscribes(first, QUOTE)).toBe(2);
    expect(world.heard.said('quote')).toEqual(['quote live', 'quote silent', 'quote live']);
    expect(world.stream.health().reconnects).toBe(1);
  });

  test('of a whole connection is answered with a ping, and without a pong it is replaced', async () => {
    await start();
    await speakFor(2_000);
    for (const session of market()) session.freeze();
    await world.pass(14_000);
    expect(world.heard.said('mark')).not.toContain('mark lost');
    await world.pass(6_500);
    expect(world.heard.said('mark').filter((word) => word === 'mark lost')).toHaveLength(1);
    expect(world.stream.health().lastError).toMatchObject({ text: 'no pong came back' });
    await world.pass(2_000);
    await speakFor(2_000);
    expect(world.heard.said('mark').at(-1)).toBe('mark live');
    expect(world.heard.said('quote')).not.toContain('quote lost');
    expect(world.exchange.sessions.length).toBe(2);
  });

  test('while the process slept says nothing: a connection that answers stays', async () => {
    await start();
    await speakFor(2_000);
    world.heard.changes.length = 0;
    world.timers.sleep(7_200_000);
    await world.until(() => true, 'a turn');
    speak();
    await world.pass(4_000);
    expect(world.stream.health().reconnects).toBe(0);
    expect(world.heard.said()).toEqual([]);
  });
});

describe('a connection that breaks', () => {
  test('is told once a channel, and comes back after a second', async () => {
    await start();
    await speakFor(2_000);
    world.heard.changes.length = 0;
    const cutAt = world.timers.mono();
    world.exchange.cut();
    await world.pass(900);
    expect(world.stream.health()).toMatchObject({ state: 'down', connections: 0 });
    expect(world.heard.said('trade')).toEqual(['trade lost']);
    await world.pass(1_100);
    expect(world.exchange.upgradesAt.at(-1)).toBeGreaterThanOrEqual(cutAt + 1_000);
    await speakFor(1_000);
    expect(world.heard.said('trade')).toEqual(['trade lost', 'trade opening', 'trade live']);
    expect(world.heard.said('quote')).toEqual(['quote lost', 'quote opening', 'quote live']);
    expect(world.stream.health()).toMatchObject({ state: 'up', connections: 2, reconnects: 2 });
  });

  test.each([
    ['no chance', 0, [1_000, 1_000, 2_000, 4_000, 8_000, 16_000, 30_000, 30_000]],
    ['much chance', 0.999, [1_000, 2_000, 4_000, 8_000, 16_000, 32_000, 60_000, 60_000]],
  ])('waits longer each time while the venue refuses: %s', async (_name, chance, waits) => {
    world = await openWorld({ market: 'spot', random: () => chance });
    world.exchange.manners.isClosed = true;
    world.stream.open(SYMBOL);
    await world.pass(waits.reduce((sum, wait) => sum + wait + 750, 0));
    const { upgradesAt } = world.exchange;
    const found = waits.map((_, index) => (upgradesAt[index + 1] ?? 0) - (upgradesAt[index] ?? 0));
    for (const [index, wait] of waits.entries()) {
      expect(found[index]).toBeGreaterThan(wait * 0.99);
      expect(found[index]).toBeLessThanOrEqual(wait + 750);
    }
    expect(world.stream.health().lastError?.text).toBe('Unexpected server response: 503');
  });

  test('counts as the first again after a minute of life', async () => {
    await start({ market: 'spot', limits: { idleMs: 600_000, beginMs: 900_000 } });
    for (const lifeMs of [0, 0, 0, 61_000]) {
      await world.until(() => world.exchange.sessions.length === 1, 'a connection');
      await world.pass(lifeMs);
      world.exchange.cut();
      await world.pass(20_000);
    }
    const { upgradesAt } = world.exchange;
    const before = world.timers.mono();
    world.exchange.cut();
    await world.pass(3_000);
    expect((upgradesAt.at(-1) ?? 0) - before).toBeLessThan(2_500);
  });

  test('never connects faster than the limit, even to a venue that cuts at once', async () => {
    const limits: Partial<StreamLimits> = { connects: { max: 6, windowMs: 300_000 }, backoffMs: { min: 10, max: 10 } };
    world = await openWorld({ limits });
    world.stream.open(SYMBOL);
    for (let step = 0; step < 600; step += 1) {
      await world.pass(250);
      world.exchange.cut();
    }
    expect(world.exchange.upgradesAt.length).toBe(6);
    await world.pass(160_000);
    expect(world.exchange.upgradesAt.length).toBeGreaterThan(6);
  });

  test('a handshake that hangs is given up', async () => {
    world = await openWorld({ market: 'spot' });
    world.exchange.manners.isHanging = true;
    world.stream.open(SYMBOL);
    await world.pass(10_500);
    expect(world.stream.health()).toMatchObject({
      state: 'down',
      lastError: { text: 'the handshake took too long' },
    });
    world.exchange.manners.isHanging = false;
    await world.pass(2_000);
    expect(world.stream.health().state).toBe('up');
    await world.until(() => world.exchange.connected === 1, 'only the good socket');
  });
});

describe('a connection that is renewed', () => {
  const LIFE: Partial<StreamLimits> = { lifeMs: 60_000 };

  test('gives way to one that speaks already: no trade is missed or doubled', async () => {
    await start({ limits: LIFE });
    const first = ids + 1;
    const [old] = market();
    await speakFor(59_000);
    for (let step = 0; step < 40 && market().includes(old as Session); step += 1) {
      speak();
      await world.pass(250);
    }
    await speakFor(3_000);
    expect(market()).toHaveLength(1);
    expect(market()).not.toContain(old);
    expect(world.heard.tradeIds).toEqual(Array.from({ length: ids - first + 1 }, (_, index) => first + index));
    expect(world.heard.said('trade')).toEqual(['trade live']);
    expect(world.stream.health().lastError).toBeNull();
  });

  test('may lag behind the new one: what comes late over it is still given, in order', async () => {
    await start({ limits: LIFE });
    await speakFor(60_000);
    await world.until(() => market().length === 2 && market()[1]?.streams.size === 3, 'the second connection');
    const [old, young] = market() as [Session, Session];
    const next = ids + 1;
    const trade = (id: number, to: Session) =>
      world.exchange.push(TRADE, say.trade(ID, id, 100, world.timers.wall()), [to]);
    trade(next + 1, young);
    trade(next + 2, young);
    await world.pass(250);
    expect(world.heard.tradeIds.at(-1)).toBe(ids);
    for (const id of [next, next + 1, next + 2]) trade(id, old);
    await world.until(() => world.heard.tradeIds.at(-1) === next + 2, 'the last trade');
    expect(world.heard.tradeIds.slice(-4)).toEqual([ids, next, next + 1, next + 2]);
    ids += 3;
    await speakFor(3_000);
    expect(market()).toEqual([young]);
    expect(world.logged.filter((line) => line.includes('missing'))).toEqual([]);
  });

  test('stays while no other can be had, and is replaced when it breaks', async () => {
    await start({ limits: LIFE });
    const [old] = market();
    await speakFor(59_000);
    world.exchange.manners.isClosed = true;
    await speakFor(20_000);
    expect(market()).toEqual([old]);
    expect(world.heard.said('trade')).toEqual(['trade live']);
    world.exchange.manners.isClosed = false;
    await speakFor(40_000);
    expect(market()).not.toContain(old);
    expect(world.heard.said('trade')).toEqual(['trade live']);
  });

  test('is renewed at once when the venue says that it will close it', async () => {
    await start();
    await speakFor(2_000);
    const [old] = market();
    old?.tell(JSON.stringify({ stream: '!system', data: { e: 'serverShutdown', E: world.timers.wall() } }));
    await world.pass(500);
    await speakFor(4_000);
    expect(market()).toHaveLength(1);
    expect(market()).not.toContain(old);
    expect(world.heard.said('trade')).toEqual(['trade live']);
  });
});

describe('places', () => {
  test('are the venue or loopback', async () => {
    world = await openWorld();
    expect(streamUrl('usdm', {}, '/public/stream')).toBe('wss://fstream.binance.com/public/stream');
    expect(streamUrl('spot', {}, '/stream')).toBe('wss://stream.binance.com:9443/stream');
    expect(streamUrl('spot', { base: 'http://[::1]:9800' }, '/stream')).toBe('ws://[::1]:9800/stream');
    expect(() => streamUrl('spot', { base: 'http://10.0.0.1:9800' }, '/stream')).toThrow('loopback');
    expect(() => streamUrl('spot', { base: 'http://127.0.0.1.example.org' }, '/stream')).toThrow('loopback');
  });

  test('that are no address are told, and nothing is thrown', async () => {
    await start({ market: 'spot', proxy: 'nowhere' });
    await world.pass(1_000);
    expect(world.stream.health()).toMatchObject({ state: 'down', lastError: { text: 'Invalid URL' } });
  });

  test('of the venue are reached through a tunnel too, and no other way', async () => {
    const asked: string[] = [];
    const proxy = createServer();
    proxy.on('connect', (request, socket) => {
      asked.push(request.url ?? '');
      socket.end('HTTP/1.1 403 Forbidden\r\nContent-Length: 0\r\n\r\n');
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    await start({ isVenue: true, market: 'spot', proxy: `http://me:secret@127.0.0.1:${port}` });
    await world.until(() => world.stream.health().lastError !== null, 'the refusal');
    expect(asked).toEqual(['stream.binance.com:9443']);
    expect(world.stream.health().lastError?.text).toContain('403');
    expect(JSON.stringify([world.stream.health(), world.logged])).not.toContain('secret');
    proxy.closeAllConnections();
    await new Promise((resolve) => proxy.close(resolve));
  });

  test('are reached through a tunnel where a proxy is set; its login is not told', async () => {
    const tunnels: string[] = [];
    const sockets = new Set<Socket>();
    const proxy = createServer();
    proxy.on('connection', (socket: Socket) => sockets.add(socket));
    proxy.on('connect', (request, socket, head) => {
      tunnels.push(`${request.url} ${request.headers['proxy-authorization']}`);
      const [host = '', port = ''] = (request.url ?? '').split(':');
      const far = connect(Number(port), host, () => socket.write('HTTP/1.1 200 OK\r\n\r\n'));
      far.write(head);
      far.on('error', () => socket.destroy());
      far.on('close', () => socket.destroy());
      socket.on('error', () => far.destroy());
      socket.on('close', () => far.destroy());
      socket.pipe(far).pipe(socket);
    });
    await new Promise<void>((resolve) => proxy.listen(0, '127.0.0.1', resolve));
    const { port } = proxy.address() as AddressInfo;
    await start({ market: 'spot', proxy: `http://me:secret@127.0.0.1:${port}` });
    await world.until(() => world.exchange.sessions[0]?.streams.size === 4, 'subscriptions');
    expect(tunnels).toEqual([expect.stringMatching(/^127\.0\.0\.1:\d+ Basic bWU6c2VjcmV0$/)]);
    for (const socket of sockets) socket.destroy();
    await new Promise((resolve) => proxy.close(resolve));
    await world.pass(3_000);
    expect(world.stream.health().lastError?.text).toContain('ECONNREFUSED');
    expect(JSON.stringify([world.stream.health(), world.logged])).not.toContain('secret');
  });
});
