import { afterAll, afterEach, beforeAll, describe, expect, test } from 'vitest';
import { type Bench, bench, rawGet } from './client.ts';

let venue: Bench;
beforeAll(async () => {
  venue = await bench();
});
afterEach(() => venue.sandbox.faults.clear());
afterAll(() => venue.sandbox.close());

const TIME = '/fapi/v1/time';
const INFO = '/fapi/v1/exchangeInfo';
const raw = (path = INFO) => rawGet(venue.sandbox.usdm?.port ?? 0, path);

describe('what a client sees of a fault on its way', () => {
  test('delay: the answer comes later, and what is not named comes at once', async () => {
    await venue.fault('delay:path=/fapi/v1/time,ms=80');
    const began = performance.now();
    const [late, prompt] = await Promise.all([
      venue.ask(TIME).then((reply) => ({ reply, ms: performance.now() - began })),
      venue.ask('/fapi/v1/ping').then(() => ({ ms: performance.now() - began })),
    ]);
    expect(late.reply.body).toHaveProperty('serverTime');
    expect(late.ms).toBeGreaterThanOrEqual(75);
    expect(prompt.ms).toBeLessThan(late.ms);
  });

  test('reset: not a byte', async () => {
    await venue.fault('reset');
    expect(await raw()).toEqual({ text: '', end: 'reset' });
  });

  test('reset-after: half an answer, then a reset', async () => {
    await venue.fault('reset-after');
    await expect(venue.ask(INFO)).rejects.toThrow('terminated');
    expect((await raw()).end).toBe('reset');
  });

  test('truncate: fewer bytes than were announced, then an orderly end', async () => {
    await venue.fault('truncate');
    const { text, end } = await raw();
    const announced = Number(/content-length: (\d+)/i.exec(text)?.[1]);
    const sent = text.slice(text.indexOf('\r\n\r\n') + 4);
    expect(end).toBe('closed');
    expect(sent).toMatch(/^\{"timezone":"UTC"/);
    expect(sent.length).toBe(Math.floor(announced / 2));
    await expect(venue.ask(INFO)).rejects.toThrow('terminated');
  });

  test('hang: no answer at all, and the connection stays open', async () => {
    await venue.fault('hang:path=/fapi/v1/time');
    const hung = venue.ask(TIME, { signal: AbortSignal.timeout(60) });
    await expect(hung).rejects.toMatchObject({ name: 'TimeoutError' });
    expect((await venue.ask('/fapi/v1/ping')).status).toBe(200);
  });

  test('empty and html: a success that says nothing of the exchange', async () => {
    await venue.fault('empty:count=1');
    expect(await venue.ask(TIME)).toMatchObject({ status: 200, text: '' });
    await venue.fault('html:count=1');
    const portal = await venue.ask(TIME);
    expect([portal.status, portal.headers.get('content-type')]).toEqual([200, 'text/html']);
    expect(portal.text).toContain('Sign in to the network');
    expect((await venue.ask(TIME)).body).toHaveProperty('serverTime');
  });

  test('redirect: elsewhere', async () => {
    await venue.fault('redirect');
    const reply = await venue.ask(TIME);
    expect([reply.status, reply.headers.get('location')]).toEqual([302, '/login']);
  });
});

describe('what a client is told in place of an answer', () => {
  test.each([
    ['status:status=502', 502, /<h1>502 Bad Gateway<\/h1>/],
    ['status:status=503,code=-1008', 503, /"code":-1008,"msg":"Server is currently overloaded/],
    ['error:code=-1001', 400, /"code":-1001,"msg":"Internal error; unable to process your request/],
    ['error:code=-1007,status=408', 408, /"code":-1007,"msg":"Timeout waiting for response/],
    ['error:code=-4400,status=403,msg=Quantitative rules', 403, /"code":-4400,"msg":"Quantitative rules"/],
    ['maintenance', 503, /Service Unavailable/],
  ])('%s', async (text, status, body) => {
    await venue.fault(text);
    const reply = await venue.ask(TIME);
    expect(reply.status).toBe(status);
    expect(reply.text).toMatch(body);
  });

  test('rate-limit and ban say when to come back', async () => {
    await venue.fault('rate-limit:retryAfter=7,count=1');
    const limited = await venue.ask(TIME);
    expect([limited.status, limited.headers.get('retry-after'), limited.body.code]).toEqual([429, '7', -1003]);
    expect(limited.headers.has('x-mbx-used-weight-1m')).toBe(true);
    await venue.fault('ban:count=1');
    const banned = await venue.ask(TIME);
    expect([banned.status, banned.headers.get('retry-after')]).toEqual([418, '120']);
    const until = Number(/banned until (\d+)/.exec(banned.body.msg)?.[1]);
    expect(Math.abs(until - venue.clock.wall() - 120_000)).toBeLessThan(2000);
  });

  test('maintenance is told by system/status, which goes on answering', async () => {
    expect((await venue.ask('/sapi/v1/system/status')).body).toEqual({ status: 0, msg: 'normal' });
    await venue.fault('maintenance');
    expect((await venue.ask('/sapi/v1/system/status')).body).toEqual({ status: 1, msg: 'system_maintenance' });
  });
});

describe('what the exchange says of its markets', () => {
  const btc = async (path: string) =>
    (await venue.ask(path)).body.symbols.find((one: { symbol: string }) => one.symbol === 'BTCUSDT');

  test('filters: tick, step and least notional are others, of the market that is named', async () => {
    await venue.fault('filters:id=BTCUSDT');
    const { body } = await venue.ask(INFO);
    const [changed, kept] = body.symbols;
    expect(changed).toMatchObject({ pricePrecision: 0, quantityPrecision: 2 });
    expect(changed.filters).toContainEqual(expect.objectContaining({ filterType: 'PRICE_FILTER', tickSize: '1' }));
    expect(changed.filters).toContainEqual(expect.objectContaining({ filterType: 'LOT_SIZE', stepSize: '0.01' }));
    expect(changed.filters).toContainEqual({ filterType: 'MIN_NOTIONAL', notional: '500' });
    expect(kept.filters).toContainEqual({ filterType: 'MIN_NOTIONAL', notional: '20' });
    const spot = await btc('/api/v3/exchangeInfo');
    expect(spot.filters).toContainEqual(
      expect.objectContaining({ filterType: 'NOTIONAL', minNotional: '50.00000000' }),
    );
  });

  test('halt and delist: the word for it, until it ends', async () => {
    expect((await btc(INFO)).status).toBe('TRADING');
    await venue.fault('halt:id=BTCUSDT');
    expect([(await btc(INFO)).status, (await btc('/api/v3/exchangeInfo')).status]).toEqual(['HALT', 'HALT']);
    await venue.fault('delist');
    const gone = await btc(INFO);
    expect([gone.status, (await btc('/api/v3/exchangeInfo')).status]).toEqual(['SETTLING', 'BREAK']);
    expect(gone.deliveryDate).toBeLessThanOrEqual(venue.clock.wall());
    venue.sandbox.faults.clear();
    expect((await btc(INFO)).status).toBe('TRADING');
  });
});
