import { connect } from 'node:net';
import { networkInterfaces } from 'node:os';
import { afterEach, describe, expect, test } from 'vitest';
import { createListenKeys } from '../../../src/core/sandbox/account/listen-keys.ts';
import type { Stats } from '../../../src/core/sandbox/http/control.ts';
import { type Sandbox, type SandboxOptions, serveSandbox } from '../../../src/core/sandbox/server.ts';
import { shiftedClock, stubMarket } from '../../support/sandbox-market.ts';

const open: Sandbox[] = [];
afterEach(async () => {
  for (const sandbox of open.splice(0)) await sandbox.close();
});

async function serve(more: Partial<SandboxOptions> = {}): Promise<{
  sandbox: Sandbox;
  clock: ReturnType<typeof shiftedClock>;
  usdm: ReturnType<typeof stubMarket>;
}> {
  const clock = shiftedClock();
  const usdm = stubMarket('usdm', clock);
  const sandbox = await serveSandbox({ usdm, clock, ...more });
  open.push(sandbox);
  return { sandbox, clock, usdm };
}

/** Whether something listens there. */
const listens = (host: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host, port }, () => {
      socket.destroy();
      resolve(true);
    });
    socket.on('error', () => resolve(false));
  });

describe('where it listens', () => {
  test('on this machine alone', async () => {
    const { sandbox } = await serve();
    const port = sandbox.usdm?.port ?? 0;
    expect(await listens('127.0.0.1', port)).toBe(true);
    const others = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address, family, internal } of others) {
      if (family === 'IPv4' && !internal) expect(await listens(address, port)).toBe(false);
    }
    await expect(serve({ host: '0.0.0.0' })).rejects.toThrow('expected the host 127.0.0.1, found 0.0.0.0');
  });

  test('each market on a port of its own, and only those that are given', async () => {
    const { sandbox, clock } = await serve({ spot: stubMarket('spot', shiftedClock()) });
    expect(sandbox.usdm?.port).not.toBe(sandbox.spot?.port);
    const lone = await serve();
    expect(lone.sandbox.spot).toBeUndefined();
    expect((await fetch(`${lone.sandbox.usdm?.base}/fapi/v1/time`)).status).toBe(200);
    expect((await fetch(`${lone.sandbox.usdm?.base}/api/v3/time`)).status).toBe(404);
    await expect(serveSandbox({ clock })).rejects.toThrow('expected a market to serve, found none');
  });

  test('either port answers the paths of both markets, each with its own market, weight and errors', async () => {
    const { sandbox } = await serve({ spot: stubMarket('spot', shiftedClock()) });
    for (const base of [sandbox.usdm?.base, sandbox.spot?.base]) {
      const usdm = await fetch(`${base}/fapi/v1/exchangeInfo`);
      const spot = await fetch(`${base}/api/v3/exchangeInfo`);
      expect(await usdm.json()).toMatchObject({ futuresType: 'U_MARGINED' });
      expect(await spot.json()).toMatchObject({ symbols: [{ isSpotTradingAllowed: true }, {}] });
      expect(usdm.headers.has('x-mbx-used-weight')).toBe(false);
      expect(spot.headers.has('x-mbx-used-weight')).toBe(true);
      expect(await (await fetch(`${base}/fapi/v1/none`)).json()).toMatchObject({ code: -5000 });
      expect((await fetch(`${base}/api/v3/none`)).headers.get('content-type')).toContain('html');
      expect(await (await fetch(`${base}/dapi/v1/exchangeInfo`)).json()).toMatchObject({ symbols: [] });
    }
  });

  test('a port that is taken is told, and nothing is left open', async () => {
    const { sandbox } = await serve();
    const taken = sandbox.usdm?.port ?? 0;
    const spot = stubMarket('spot', shiftedClock());
    const clock = shiftedClock();
    const attempt = serveSandbox({ usdm: stubMarket('usdm', clock), spot, clock, ports: { spot: taken } });
    await expect(attempt).rejects.toThrow(
      /expected to listen for spot on 127\.0\.0\.1:\d+, found something that listens/,
    );
    expect(clock.waiting).toBe(0);
  });
});

describe('an answer', () => {
  test('is whole, with its length, and the connection is kept', async () => {
    const { sandbox } = await serve();
    const replies = await talk(sandbox.usdm?.port ?? 0, ['/fapi/v1/time', '/fapi/v1/ping']);
    expect(replies.match(/HTTP\/1\.1 200 OK/g)).toHaveLength(2);
    expect(replies).toMatch(/content-type: application\/json;charset=UTF-8/i);
    expect(replies).toMatch(/content-length: 28\r\n/i);
    expect(replies).not.toMatch(/transfer-encoding/i);
    expect(replies).toMatch(/connection: keep-alive/i);
  });

  test('of a market that fails is an error of the exchange, and the failure is told', async () => {
    const problems: string[] = [];
    const { sandbox, usdm } = await serve({ onError: (problem) => problems.push(problem) });
    usdm.depth = () => {
      throw new Error('no book');
    };
    const reply = await fetch(`${sandbox.usdm?.base}/fapi/v1/depth?symbol=BTCUSDT`);
    expect([reply.status, await reply.json()]).toMatchObject([500, { code: -1000 }]);
    expect(problems.join()).toContain('no book');
  });
});

describe('the market', () => {
  test('is played when it is asked, and no timer is left after the end', async () => {
    const { sandbox, clock, usdm } = await serve();
    expect(usdm.played).toBe(0);
    await fetch(`${sandbox.usdm?.base}/fapi/v1/time`);
    expect(usdm.played).toBeGreaterThan(0);
    expect(clock.waiting).toBeGreaterThan(0);
    await sandbox.close();
    expect(clock.waiting).toBe(0);
  });

  test('is played as long as somebody streams, with nothing asked', async () => {
    const { sandbox, clock, usdm } = await serve();
    const socket = new WebSocket(`ws://127.0.0.1:${sandbox.usdm?.port}/ws/btcusdt@trade`);
    await new Promise((done) => socket.addEventListener('open', done, { once: true }));
    expect(await streamsOf(sandbox)).toBe(1);
    const before = usdm.played;
    clock.shift(60_000);
    const told = new Promise((done) => socket.addEventListener('message', done, { once: true }));
    usdm.onPlay(() => usdm.frame({ stream: 'btcusdt@trade', data: '{"e":"trade"}' }));
    await told;
    expect(usdm.played).toBeGreaterThan(before);
    socket.close();
    await until(async () => (await streamsOf(sandbox)) === 0);
  });

  test('ends answers that are still delayed or hang', async () => {
    const { sandbox, clock } = await serve();
    sandbox.faults.set({ kind: 'delay', path: '/fapi/v1/time', ms: 60_000 });
    sandbox.faults.set({ kind: 'hang', path: '/fapi/v1/ping' });
    const asked = ['time', 'ping'].map((name) => fetch(`${sandbox.usdm?.base}/fapi/v1/${name}`));
    const both = Promise.allSettled(asked);
    await reached(sandbox, 2);
    await sandbox.close();
    expect((await both).map((one) => one.status)).toEqual(['rejected', 'rejected']);
    expect(clock.waiting).toBe(0);
  });
});

describe('listen keys', () => {
  test('one for each owner, until it was not extended for an hour', () => {
    const timers: { ms: number; run: () => void; isOn: boolean }[] = [];
    const keys = createListenKeys({
      wall: () => 0,
      after(ms, run) {
        const timer = { ms, run, isOn: true };
        timers.push(timer);
        return () => {
          timer.isOn = false;
        };
      },
    });
    const key = keys.create('sandbox-read');
    expect(keys.create('sandbox-read')).toBe(key);
    expect(keys.create('sandbox-trade')).not.toBe(key);
    expect(keys.owner(key)).toBe('sandbox-read');
    expect([keys.extend('sandbox-read'), keys.extend('sandbox-noip')]).toEqual([true, false]);
    const waiting = timers.filter((timer) => timer.isOn);
    expect(waiting.map((timer) => timer.ms)).toEqual([3_600_000, 3_600_000]);
    const ended: string[] = [];
    keys.onExpired((_, owner) => ended.push(owner));
    waiting.at(-1)?.run();
    expect([ended, keys.owner(key)]).toEqual([['sandbox-read'], undefined]);
    expect(keys.create('sandbox-read')).not.toBe(key);
    keys.close();
    expect(timers.filter((timer) => timer.isOn && timer !== waiting.at(-1))).toEqual([]);
  });
});

/** Asks several things over one connection; what came back until the server ends it or all have come. */
function talk(port: number, paths: readonly string[]): Promise<string> {
  return new Promise((resolve, reject) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => {
      for (const path of paths) socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`);
    });
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
      if (!text.endsWith('{}')) return;
      socket.destroy();
      resolve(text);
    });
    socket.on('error', reject);
  });
}

async function statsOf(sandbox: Sandbox): Promise<Stats> {
  return (await (await fetch(`${sandbox.usdm?.base}/sandbox/stats`)).json()) as Stats;
}

const streamsOf = async (sandbox: Sandbox): Promise<number> => (await statsOf(sandbox)).streams;

/** Resolves when the stand-in has counted so many requests. */
const reached = (sandbox: Sandbox, count: number): Promise<void> =>
  until(async () => {
    const { requests } = await statsOf(sandbox);
    return Object.values(requests).reduce((sum, one) => sum + one, 0) >= count;
  });

/** Asks again until it is so; the time of the test ends it otherwise. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo()));
}
