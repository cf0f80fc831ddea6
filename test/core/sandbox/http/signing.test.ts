import { createHmac } from 'node:crypto';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { keyNamed } from '../../../../src/core/sandbox/account/keys.ts';
import { checkSigned } from '../../../../src/core/sandbox/http/signing.ts';
import { shiftedClock, stubMarket } from '../../../support/sandbox-market.ts';
import { type Bench, bench } from './client.ts';

let venue: Bench;
beforeAll(async () => {
  venue = await bench();
});
afterAll(() => venue.sandbox.close());

const READ = '/fapi/v3/balance';
const sign = (payload: string): string => createHmac('sha256', 'sandbox-secret').update(payload).digest('hex');

describe('a key', () => {
  test.each([
    ['', -2014, /^API-key format invalid\.$/],
    ['vmPUZE6mv9SD5VNHk4HlWFsOr6aKE2zv', -2014, /stand-in exchange: it takes only keys that begin with 'sandbox'/],
    ['sandbox-revoked', -2015, /^Invalid API-key, IP, or permissions for action/],
    ['sandbox-nobody', -2015, /^Invalid API-key, IP, or permissions for action/],
  ])('%j is not taken', async (key, code, msg) => {
    const reply = await venue.signed(READ, key);
    expect(reply).toMatchObject({ status: 401, body: { code } });
    expect(reply.body.msg).toMatch(msg);
    expect(reply.text).not.toContain('vmPUZE');
  });

  test.each([
    ['sandbox-read', { enableReading: true, enableFutures: false, enableWithdrawals: false, ipRestrict: true }],
    ['sandbox-trade', { enableFutures: true, enableSpotAndMarginTrading: true, enableWithdrawals: false }],
    ['sandbox-withdraw', { enableWithdrawals: true, ipRestrict: true }],
    ['sandbox-noip', { enableWithdrawals: false, ipRestrict: false }],
  ])('%s may do what apiRestrictions says', async (key, rights) => {
    expect((await venue.signed('/sapi/v1/account/apiRestrictions', key)).body).toMatchObject(rights);
  });
});

describe('a signature', () => {
  test('is over the text as it was sent: the order of the parameters counts', async () => {
    const headers = { 'X-MBX-APIKEY': 'sandbox-read' };
    const sent = `recvWindow=5000&timestamp=${venue.clock.wall()}`;
    expect((await venue.ask(`${READ}?${sent}&signature=${sign(sent)}`, { headers })).status).toBe(200);
    const turned = sent.split('&').reverse().join('&');
    expect((await venue.ask(`${READ}?${turned}&signature=${sign(sent)}`, { headers })).body).toMatchObject({
      code: -1022,
    });
  });

  test('is over the query and the body, one after the other', () => {
    const key = keyNamed('sandbox-trade');
    if (key === undefined) throw new Error('expected the key');
    const query = 'symbol=BTCUSDT';
    const payload = 'timestamp=1000';
    const signature = sign(query + payload);
    const params = new URLSearchParams({ timestamp: '1000', signature });
    const request = { apiKey: key.name, query, body: `${payload}&signature=${signature}`, params };
    expect(checkSigned(request, key, [[1000, 1000]])).toBeUndefined();
    expect(checkSigned({ ...request, query: 'symbol=ETHUSDT' }, key, [[1000, 1000]])).toMatchObject({ code: -1022 });
  });

  test('that is wrong, cut, or no hex is refused', async () => {
    for (const signature of ['00', sign('other'), 'zz'.repeat(32)]) {
      const reply = await venue.signed(READ, 'sandbox-read', { signature });
      expect(reply).toMatchObject({
        status: 400,
        body: { code: -1022, msg: 'Signature for this request is not valid.' },
      });
    }
  });

  test('must be there, and so must the timestamp', async () => {
    const headers = { 'X-MBX-APIKEY': 'sandbox-read' };
    expect((await venue.ask(READ, { headers })).body).toMatchObject({
      code: -1102,
      msg: expect.stringContaining("'timestamp'"),
    });
    expect((await venue.ask(`${READ}?timestamp=${venue.clock.wall()}`, { headers })).body).toMatchObject({
      code: -1102,
      msg: expect.stringContaining("'signature'"),
    });
  });
});

describe('a timestamp', () => {
  const at = (shiftMs: number, more = {}) =>
    venue.signed(READ, 'sandbox-read', { timestamp: String(venue.clock.wall() + shiftMs), ...more });

  test('within recvWindow is taken, before and behind it is refused', async () => {
    expect((await at(-4000)).status).toBe(200);
    expect((await at(-6000)).body).toEqual({
      code: -1021,
      msg: 'Timestamp for this request is outside of the recvWindow.',
    });
    expect((await at(-6000, { recvWindow: '60000' })).status).toBe(200);
    expect((await at(1500)).body).toEqual({
      code: -1021,
      msg: "Timestamp for this request was 1000ms ahead of the server's time.",
    });
    expect((await at(0, { recvWindow: '60001' })).body).toMatchObject({ code: -1131 });
  });

  test('of an exchange of the past may follow its clock or that of the wall', async () => {
    const past = await bench();
    past.market.setNow(Date.UTC(2024, 7, 8));
    expect((await past.signed(READ, 'sandbox-read', { timestamp: String(Date.UTC(2024, 7, 8)) })).status).toBe(200);
    expect((await past.signed(READ)).status).toBe(200);
    expect((await past.signed(READ, 'sandbox-read', { timestamp: String(Date.UTC(2025, 0, 1)) })).status).toBe(400);
    await past.sandbox.close();
  });

  test.each([60, 0.5])(
    'of a client that asked for the time once holds at an exchange that plays at %d',
    async (speed) => {
      const clock = shiftedClock();
      const openedAt = clock.wall();
      const now = (): number => Math.floor(openedAt + (clock.wall() - openedAt) * speed);
      const played = await bench({ clock, usdm: { ...stubMarket('usdm', clock), speed, now } });
      clock.shift(600_000);
      const { serverTime } = (await played.ask('/fapi/v1/time')).body;
      const offsetMs = serverTime - clock.wall();
      const signedAt = (at: number) => played.signed(READ, 'sandbox-read', { timestamp: String(at) });
      clock.shift(120_000);
      expect((await signedAt(clock.wall() + offsetMs)).status).toBe(200);
      const [earliest, latest] = [clock.wall(), now()].toSorted((a, b) => a - b);
      expect((await signedAt(Number(earliest) - 6_000)).body).toMatchObject({ code: -1021 });
      expect((await signedAt(Number(latest) + 120_000)).body).toMatchObject({ code: -1021 });
      await played.sandbox.close();
    },
  );

  test('is too old for an exchange whose clock was set forward, until the client asks it for the time', async () => {
    await venue.fault('clock-skew:ms=10000');
    const { serverTime } = (await venue.ask('/fapi/v1/time')).body;
    expect(Math.abs(serverTime - venue.clock.wall() - 10_000)).toBeLessThan(1000);
    expect((await at(0)).body).toMatchObject({ code: -1021 });
    expect((await at(10_000)).status).toBe(200);
    venue.sandbox.faults.clear();
  });
});
