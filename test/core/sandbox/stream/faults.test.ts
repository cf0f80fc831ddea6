import { describe, expect, test } from 'vitest';
import { GARBAGE_KINDS } from '../../../../src/core/sandbox/stream/garbage.ts';
import { dataOf, type Scene, scene } from './scene.ts';

const DEPTH = '/ws/btcusdt@depth';

interface Diff {
  readonly u: number;
  readonly pu: number;
}

const diffsOf = (heard: readonly string[]): Diff[] =>
  heard.filter((text) => text.includes('"e":"depthUpdate"')).map((text) => dataOf(text) as unknown as Diff);

/** How often a diff does not follow the one before it. */
const breaksOf = (heard: readonly string[]): number =>
  diffsOf(heard).filter(({ pu }, at, all) => at > 0 && pu !== all[at - 1]?.u).length;

async function watching(path = DEPTH): Promise<Scene & { readonly peer: Awaited<ReturnType<Scene['connect']>> }> {
  const stage = await scene();
  return { ...stage, peer: await stage.connect(path) };
}

describe('faults of streams', () => {
  test('none: the chain of diffs is whole', async () => {
    const { peer, pass } = await watching();
    pass(30_000);
    await peer.settled();
    expect(diffsOf(peer.heard).length).toBeGreaterThan(20);
    expect(breaksOf(peer.heard)).toBe(0);
  });

  test('silence: frames stop and pings go on, then frames come again', async () => {
    const { peer, pass, world, clock } = await watching();
    world.faults.set({ kind: 'silence', forMs: 200_000 });
    pass(10_000);
    clock.pass(180_000);
    await peer.settled();
    expect(peer.heard).toEqual([]);
    expect(peer.pings).toBe(1);
    clock.pass(10_000);
    pass(5_000);
    await peer.settled();
    expect(peer.heard.length).toBeGreaterThan(0);
  });

  test('silence of one stream leaves the others alone', async () => {
    const { peer, pass, world } = await watching('/stream?streams=btcusdt@depth/btcusdt@trade');
    world.faults.set({ kind: 'silence', stream: '@depth' });
    pass(10_000);
    await peer.settled();
    expect(diffsOf(peer.heard)).toEqual([]);
    expect(peer.heard.length).toBeGreaterThan(5);
  });

  test('half-open: nothing is written, nothing is read, and the socket stays', async () => {
    const { peer, pass, world, clock } = await watching();
    world.faults.set({ kind: 'half-open', forMs: 240_000 });
    pass(500);
    peer.send({ method: 'LIST_SUBSCRIPTIONS', id: 1 });
    peer.socket.ping();
    let pongs = 0;
    peer.socket.on('pong', () => pongs++);
    for (let turn = 0; turn < 20; turn++) {
      clock.pass(10_000);
      await new Promise((resolve) => setImmediate(resolve));
    }
    expect([peer.heard.length, peer.pings, pongs, peer.closedBy]).toEqual([0, 0, 0, undefined]);
    clock.pass(60_000);
    expect(await peer.next()).toContain('"id":1');
  });

  test('cut: the socket ends without a word, once', async () => {
    const { peer, pass, world, connect } = await watching();
    world.faults.set({ kind: 'cut', count: 1 });
    pass(2_000);
    expect(await peer.closed()).toBe(1006);
    const next = await connect(DEPTH);
    pass(5_000);
    expect(diffsOf([await next.next()])).toHaveLength(1);
  });

  test('cut reaches a socket on which nothing comes', async () => {
    const { peer, clock, world } = await watching('/ws');
    world.faults.set({ kind: 'cut', count: 1 });
    clock.pass(1_000);
    expect(await peer.closed()).toBe(1006);
  });

  test('cut with a time says before that the exchange goes down', async () => {
    const { peer, pass, world } = await watching();
    world.faults.set({ kind: 'cut', count: 1, ms: 5_000 });
    pass(1_500);
    await peer.next((text) => text.includes('serverShutdown'));
    expect(peer.closedBy).toBeUndefined();
    pass(6_000);
    expect(await peer.closed()).toBe(1001);
  });

  test.each([
    [{}, /429/],
    [{ status: 403 }, /403/],
    [{ msg: 'reset' }, /socket hang up|ECONNRESET/],
  ])('refuse %j: the socket does not open', async (more, answer) => {
    const { world, connect } = await scene();
    world.faults.set({ kind: 'refuse', count: 1, ...more });
    await expect(connect(DEPTH)).rejects.toThrow(answer);
    await expect(connect(DEPTH)).resolves.toMatchObject({ closedBy: undefined });
  });

  test('gap: every fifth diff is left out, and no quote', async () => {
    const { peer, pass, world } = await watching('/stream?streams=btcusdt@depth/btcusdt@bookTicker');
    world.faults.set({ kind: 'gap', every: 5, count: 3 });
    pass(60_000);
    await peer.settled();
    const quotes = peer.heard.filter((text) => text.includes('"bookTicker"')).length;
    expect(breaksOf(peer.heard)).toBe(3);
    expect(quotes).toBe(diffsOf(peer.heard).length + 3);
  });

  test('duplicate: a frame comes twice', async () => {
    const { peer, pass, world } = await watching();
    world.faults.set({ kind: 'duplicate', count: 2, stream: '@depth' });
    pass(20_000);
    await peer.settled();
    expect(peer.heard.length - new Set(peer.heard).size).toBe(2);
  });

  test('reorder: a frame comes after the next one, and none is lost', async () => {
    const { peer, pass, world } = await watching();
    world.faults.set({ kind: 'reorder', count: 1 });
    pass(20_000);
    await peer.settled();
    const [first, second, third] = diffsOf(peer.heard);
    expect([first?.pu, third?.pu]).toEqual([second?.u, first?.u]);
    expect(breaksOf(peer.heard.slice(2))).toBe(0);
  });

  test('delay: frames come so much later', async () => {
    const { peer, pass, world } = await watching();
    world.faults.set({ kind: 'delay', ms: 3_000 });
    pass(2_500);
    await peer.settled();
    expect(peer.heard).toEqual([]);
    pass(3_000);
    await peer.settled();
    expect(peer.heard.length).toBeGreaterThan(0);
  });

  test('garbage: one piece of each kind, and every true frame beside it', async () => {
    const { peer, pass, world } = await watching();
    world.faults.set({ kind: 'garbage', count: GARBAGE_KINDS });
    for (let turn = 0; turn < 60; turn++) {
      pass(1_000);
      await peer.settled();
    }
    const sizes = peer.heard.map((text) => text.length);
    expect(Math.max(...sizes)).toBeGreaterThan(5_000_000);
    expect(peer.heard.filter((text) => text.startsWith('binary'))).toHaveLength(1);
    for (const part of ['__proto__', 'NOSUCHUSDT', '1e400', '9223372036854775807', '[[[[[[[[', 'not json']) {
      expect(peer.heard.some((text) => text.includes(part))).toBe(true);
    }
    const isTrue = (text: string): boolean => {
      if (!text.startsWith('{"e":"depthUpdate"') || text.includes('NOSUCH')) return false;
      return /"U":\d{4,6},"u":\d{4,6},"pu":\d{4,6},"b":\[(\["\d+\.\d","\d+\.\d{3}"\],?)*\],"a":.*\}$/.test(text);
    };
    const diffs = diffsOf(peer.heard.filter(isTrue)).filter(({ u }, at, all) => u !== all[at - 1]?.u);
    expect(diffs.filter(({ pu }, at) => at > 0 && pu !== diffs[at - 1]?.u)).toEqual([]);
    expect(diffs.length).toBeGreaterThan(40);
  });

  test('mute-ack: no answer, and every second stream never begins', async () => {
    const { peer, pass, world } = await watching('/ws');
    world.faults.set({ kind: 'mute-ack', count: 1 });
    peer.send({ method: 'SUBSCRIBE', params: ['btcusdt@depth', 'ethusdt@depth'], id: 1 });
    await peer.settled();
    pass(10_000);
    await peer.settled();
    const symbols = new Set(peer.heard.map((text) => dataOf(text).s));
    expect([...symbols]).toEqual(['ETHUSDT']);
    peer.send({ method: 'SUBSCRIBE', params: ['btcusdt@depth'], id: 2 });
    expect(await peer.next((text) => text.includes('result'))).toBe('{"result":null,"id":2}');
  });

  test('user data has faults of its own', async () => {
    const { world, connect } = await scene();
    const key = world.listenKeys.create('sandbox-read');
    const peer = await connect(`/private/ws/${key}`);
    const change = (free: string): void => world.account.set({ balances: [{ asset: 'USDT', free, locked: '0' }] });
    world.faults.set({ kind: 'gap', stream: 'userData@ACCOUNT_UPDATE', count: 1 });
    change('1');
    change('2');
    world.faults.set({ kind: 'duplicate', stream: 'userData', count: 1 });
    change('3');
    await peer.settled();
    expect(peer.heard.map((text) => /"wb":"(\d)/.exec(text)?.[1])).toEqual(['2', '3', '3']);
  });

  test('events of an account may come in another order, of whatever kind they are', async () => {
    const { world, connect, clock } = await scene();
    const peer = await connect(`/private/ws/${world.listenKeys.create('sandbox-read')}`);
    world.faults.set({ kind: 'reorder', stream: 'userData', count: 1 });
    for (const e of ['ORDER_TRADE_UPDATE', 'ACCOUNT_UPDATE', 'MARGIN_CALL']) world.account.tell({ e, E: clock.wall() });
    await peer.settled();
    expect(peer.heard.map((text) => dataOf(text).e)).toEqual(['ACCOUNT_UPDATE', 'ORDER_TRADE_UPDATE', 'MARGIN_CALL']);
  });

  test('a market that is halted has no frames', async () => {
    const { peer, pass, world } = await watching('/stream?streams=btcusdt@depth/ethusdt@depth');
    world.faults.set({ kind: 'halt', id: 'BTCUSDT' });
    pass(5_000);
    await peer.settled();
    expect(new Set(peer.heard.map((text) => dataOf(text).s))).toEqual(new Set(['ETHUSDT']));
  });
});
