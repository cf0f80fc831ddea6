import { describe, expect, it } from 'vitest';
import { rehost } from '../../../../src/core/venue/ccxt/endpoint.ts';
import { exchangeNames, nearNames } from '../../../../src/core/venue/ccxt/load.ts';
import { openCcxtRest } from '../../../../src/core/venue/ccxt/rest.ts';
import { scrubber } from '../../../../src/core/venue/ccxt/scrub.ts';
import { isVenueProblem } from '../../../../src/core/venue/exchange.ts';
import { good, loopback, opened, problem, realTimers } from './loopback.ts';

const timers = realTimers;
const key = (apiKey: string) => ({ exchange: 'binanceusdm', apiKey, secret: 'sandbox-secret' });

describe('which exchange', () => {
  it('names near ones for a name that is none', async () => {
    const found = problem(await openCcxtRest({ exchange: 'binanceusd', endpoint: {}, timers }));
    expect([found.problem, found.fix]).toEqual(['NOT_SUPPORTED', 'did you mean binanceusdm, binanceus?']);
    expect(nearNames('krakn', exchangeNames())).toEqual(['kraken']);
  });

  it('makes no path of what a user types', async () => {
    for (const exchange of [
      '../binance',
      'base/Exchange',
      'Exchange',
      'binance.js',
      '',
      'pro/binance',
      '%2e%2e',
      'BINANCE',
    ]) {
      expect(problem(await openCcxtRest({ exchange, endpoint: {}, timers })).problem, exchange).toBe('NOT_SUPPORTED');
    }
  });
});

describe('which place', () => {
  it.each([
    'https://127.0.0.1:9800',
    'http://192.168.1.9:9800',
    'http://fapi.binance.com:80',
    'http://127.0.0.1.evil.example:9800',
    'http://user:pass@127.0.0.1:9800',
    'http://127.0.0.1:9800/fapi',
    'http://127.0.0.1',
    'not an address',
  ])('refuses %s in the place of an exchange', async (base) => {
    const found = problem(await openCcxtRest({ exchange: 'binanceusdm', endpoint: { base }, timers }));
    expect(found.problem).toBe('REFUSED');
    expect(found.found).not.toContain('pass');
  });

  it('keeps a real key from a stand-in, and a key of the stand-in from an exchange', async () => {
    const base = 'http://127.0.0.1:9800';
    const real = await openCcxtRest({
      exchange: 'binanceusdm',
      endpoint: { base },
      key: key('vmPUZE6mv9SD5V'),
      timers,
    });
    expect(problem(real).expected).toContain('"sandbox"');
    expect(JSON.stringify(real)).not.toContain('vmPUZE');
    const away = await openCcxtRest({ exchange: 'binanceusdm', endpoint: {}, key: key('sandbox-read'), timers });
    expect(problem(away).problem).toBe('REFUSED');
    expect(
      isVenueProblem(
        await openCcxtRest({ exchange: 'binanceusdm', endpoint: { base }, key: key('sandbox-read'), timers }),
      ),
    ).toBe(false);
  });

  it('shows a key to the exchange that gave it and to no other', async () => {
    const base = 'http://127.0.0.1:9800';
    const opening = (exchange: string) =>
      openCcxtRest({ exchange, endpoint: { base }, key: key('sandbox-read'), timers });
    expect(problem(await opening('kraken'))).toMatchObject({ problem: 'REFUSED', found: 'a key of binanceusdm' });
    expect(isVenueProblem(await opening('binance'))).toBe(false);
  });

  it('moves every address, templates and streams too, and keeps the paths', () => {
    const urls = {
      fapi: 'https://fapi.binance.com/fapi/v1',
      ws: { spot: 'wss://stream.{hostname}/ws' },
      rest: 'https://{hostname}',
    };
    expect(rehost(urls, 'http://127.0.0.1:9800')).toEqual({
      fapi: 'http://127.0.0.1:9800/fapi/v1',
      ws: { spot: 'ws://127.0.0.1:9800/ws' },
      rest: 'http://127.0.0.1:9800',
    });
  });

  it('goes direct to loopback, whatever the proxy', async () => {
    await using proxy = await loopback();
    await using server = await loopback({ '/fapi/v1/time': { serverTime: 1_700_000_000_000 } });
    await using rest = await opened({ base: server.base, endpoint: { base: server.base, proxy: proxy.base } });
    good(await rest.measureClock());
    expect([proxy.asked.length + proxy.tunnels.length, server.asked.length]).toEqual([0, 5]);
  });

  it('goes to the exchange through the proxy, and says so where there is no way', async () => {
    // The name of the exchange is never looked up here.
    await using proxy = await loopback();
    const found = await openCcxtRest({
      exchange: 'binanceusdm',
      endpoint: { proxy: proxy.base },
      timers,
      timeoutMs: 2_000,
    });
    if (isVenueProblem(found)) throw new Error(found.found);
    const answer = problem(await found.measureClock());
    await found.close();
    expect(proxy.tunnels).toContain('fapi.binance.com:443');
    expect([answer.problem, answer.fix]).toEqual(['NO_NETWORK', expect.stringContaining('proxy')]);
  });
});

it('cleans a text of keys, signatures, queries, logins and controls', () => {
  const scrub = scrubber({ exchange: 'x', apiKey: 'sandbox-read', secret: 's3cr3t' });
  const dirty =
    'GET https://u:p@h.example/p?timestamp=1&signature=ab12 {"signature":"cd34","listenKey":"kk"} s3cr3t sandbox-read \u001b[31m\u202e';
  const clean = scrub(dirty);
  expect(clean).not.toMatch(/ab12|cd34|kk|s3cr3t|sandbox-read|u:p|timestamp/);
  expect(clean.split('').filter((sign) => sign < ' ' || sign === '\u202e')).toEqual([]);
});
