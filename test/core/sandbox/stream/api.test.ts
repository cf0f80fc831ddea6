import { createHmac } from 'node:crypto';
import { describe, expect, test } from 'vitest';
import { scene } from './scene.ts';

const KEY = 'sandbox-read';

/** Parameters with the signature over them, in the order of their names. */
function signed(params: Readonly<Record<string, string | number>>): Record<string, string | number> {
  const all: Record<string, string | number> = { apiKey: KEY, ...params };
  const text = Object.keys(all)
    .sort()
    .map((name) => `${name}=${all[name]}`)
    .join('&');
  return { ...all, signature: createHmac('sha256', 'sandbox-secret').update(text).digest('hex') };
}

async function api(kind: 'usdm' | 'spot') {
  const stage = await scene(kind);
  const peer = await stage.connect(kind === 'spot' ? '/ws-api/v3' : '/ws-fapi/v1');
  let asked = 0;
  return {
    ...stage,
    peer,
    async ask(method: string, params: object = {}): Promise<Record<string, unknown>> {
      const id = `r${asked++}`;
      peer.send({ id, method, params });
      return JSON.parse(await peer.next((text) => text.includes(`"id":"${id}"`)));
    },
  };
}

describe('the WebSocket API', () => {
  test.each(['usdm', 'spot'] as const)('%s answers as REST does', async (kind) => {
    const { ask, world } = await api(kind);
    expect(await ask('ping')).toMatchObject({ status: 200, result: {} });
    expect(await ask('time')).toMatchObject({ result: { serverTime: world.market.now() } });
    const [bid] = world.market.depth('BTCUSDT', 1).bids;
    expect(await ask('depth', { symbol: 'BTCUSDT', limit: 5 })).toMatchObject({
      result: { bids: { 0: bid, length: 5 } },
    });
    expect(await ask('ticker.book', { symbol: 'BTCUSDT' })).toMatchObject({ result: { bidPrice: bid?.[0] } });
    expect(await ask('klines', { symbol: 'BTCUSDT', interval: '1m', limit: 2 })).toMatchObject({
      result: { length: 2 },
    });
    expect(await ask('depth', { symbol: 'NOSUCH' })).toMatchObject({ status: 400, error: { code: -1121 } });
  });

  test('tells an account to who signs', async () => {
    const { ask, clock } = await api('usdm');
    const params = signed({ timestamp: clock.wall() });
    expect(await ask('v2/account.balance', params)).toMatchObject({ status: 200 });
    expect(await ask('v2/account.status', { ...params, signature: '00' })).toMatchObject({ error: { code: -1022 } });
    expect(await ask('account.status', { timestamp: 1 })).toMatchObject({ status: 401, error: { code: -2014 } });
  });

  test.each([
    ['usdm', 'order.place'],
    ['usdm', 'algoOrder.place'],
    ['spot', 'order.cancel'],
    ['spot', 'session.logon'],
  ] as const)('%s refuses %s and says why', async (kind, method) => {
    const { ask } = await api(kind);
    expect(await ask(method)).toMatchObject({
      status: 400,
      error: { code: -1020, msg: expect.stringMatching(/stand-in/) },
    });
  });

  test('refuses what it does not understand, and goes on', async () => {
    const { peer, ask } = await api('spot');
    for (const text of ['no json', '[]', '{}', '{"method":"ping","params":[]}', '{"method":"hm","id":7}']) {
      peer.send(text);
      expect(JSON.parse(await peer.next())).toMatchObject({ status: 400 });
    }
    expect(await ask('ping')).toMatchObject({ status: 200 });
  });

  test('spot user data comes under the number of its subscription, until it is ended', async () => {
    const { ask, peer, clock, world } = await api('spot');
    const change = (free: string): void => world.account.set({ balances: [{ asset: 'BTC', free, locked: '0' }] });
    const { result } = await ask('userDataStream.subscribe.signature', signed({ timestamp: clock.wall() }));
    change('1');
    const heard = JSON.parse(await peer.next((text) => text.includes('"event"')));
    expect(heard).toMatchObject({ ...(result as object), event: { e: 'outboundAccountPosition' } });
    await ask('userDataStream.unsubscribe', result as object);
    const before = peer.heard.length;
    change('2');
    await peer.settled();
    expect(peer.heard).toHaveLength(before);
    expect(await ask('userDataStream.subscribe.signature', { apiKey: KEY })).toMatchObject({ error: { code: -1102 } });
  });
});
