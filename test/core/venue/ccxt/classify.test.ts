import { describe, expect, it } from 'vitest';
import { classify } from '../../../../src/core/venue/ccxt/classify.ts';
import type { Family } from '../../../../src/core/venue/ccxt/codes.ts';
import { classifyError } from '../../../../src/core/venue/ccxt/transport.ts';
import type { VenueProblemCode } from '../../../../src/core/venue/exchange.ts';
import { hasRecordings, recordedJson } from './recordings.ts';

const judged = (family: Family, status: number, body: unknown, headers: Record<string, string> = {}) =>
  classify(family, { status, headers, body: typeof body === 'string' ? body : JSON.stringify(body) });

describe('answers of Binance', () => {
  it.each<[status: number, code: number, msg: string, VenueProblemCode]>([
    [400, -1121, 'Invalid symbol.', 'UNKNOWN_SYMBOL'],
    [400, -1021, "Timestamp for this request was 1000ms ahead of the server's time.", 'CLOCK_OFF'],
    [401, -2014, 'API-key format invalid.', 'BAD_KEY'],
    [401, -2015, 'Invalid API-key, IP, or permissions for action.', 'BAD_KEY'],
    [400, -1022, 'Signature for this request is not valid.', 'BAD_KEY'],
    [400, -1111, 'Precision is over the maximum defined for this asset.', 'FILTERS_CHANGED'],
    [400, -1013, 'Filter failure: LOT_SIZE', 'FILTERS_CHANGED'],
    [400, -4014, 'Price not increased by tick size.', 'FILTERS_CHANGED'],
    [503, -1008, 'Server is currently overloaded.', 'VENUE_DOWN'],
    [408, -1007, 'Timeout waiting for response from backend server.', 'TIMED_OUT'],
    [503, -1000, 'Unknown error, please check your request or try again later.', 'VENUE_DOWN'],
    [400, -2019, 'Margin is insufficient.', 'REFUSED'],
    [200, -1121, 'Invalid symbol.', 'UNKNOWN_SYMBOL'],
    [429, -1003, 'Too many requests.', 'RATE_LIMITED'],
    [418, -1003, 'Way too many requests; IP(1.2.3.4) banned until 1615183669840.', 'BANNED'],
    [429, -1003, 'Way too many requests; IP(1.2.3.4) banned until 1615183669840.', 'BANNED'],
  ])('HTTP %s with %s (%s) is %s', (status, code, msg, expected) => {
    const verdict = judged('binance', status, { code, msg });
    expect(verdict?.code).toBe(expected);
    expect(verdict?.found).toBe(`HTTP ${status}, code ${code}: ${msg}`);
  });

  it('takes an answer of nobody for no answer: web page, nothing, cut JSON, a bare word', () => {
    const page = judged('binance', 200, '<!DOCTYPE html><title>Sign in</title>');
    expect([page?.code, page?.fix]).toEqual(['BAD_ANSWER', expect.stringContaining('captive portal')]);
    for (const body of ['', '  ', '{"symbol":"BTC', '[[1,2', 'null', '17', 'OK', '{"a":1,"__proto__":{"b":2}}']) {
      expect(judged('binance', 200, body)?.code, body).toBe('BAD_ANSWER');
    }
    expect(judged('binance', 200, '[]')).toBeUndefined();
    expect(judged('binance', 200, '{}')).toBeUndefined();
  });

  it('tells a firewall, a forbidden place and maintenance from trouble', () => {
    expect(judged('binance', 403, '<html>403 Forbidden</html>')?.code).toBe('BANNED');
    expect(judged('binance', 451, { code: 0, msg: 'Service unavailable from a restricted location' })?.code).toBe(
      'REFUSED',
    );
    expect(judged('binance', 502, '<html>Bad Gateway</html>')?.code).toBe('VENUE_DOWN');
    expect(judged('binance', 503, { msg: 'System is under maintenance.' })?.code).toBe('MAINTENANCE');
    expect(judged('binance', 404, '<html>Not found</html>')?.code).toBe('BAD_ANSWER');
  });

  it('reads how long to be silent: Retry-After, else the end of the ban, else what the venue is known to do', () => {
    const body = { code: -1003, msg: 'banned until 1615183669840' };
    expect(judged('binance', 418, body, { 'Retry-After': '7' })?.silentMs).toBe(7_000);
    expect(judged('binance', 418, body)?.silentUntil).toBe(1615183669840);
    expect(judged('binance', 418, {})?.silentMs).toBe(120_000);
    expect(judged('binance', 429, {})?.silentMs).toBe(60_000);
    // No header makes it silent for longer than the venue bans at all.
    expect(judged('binance', 429, {}, { 'retry-after': '99999999' })?.silentMs).toBe(3 * 86_400_000);
  });

  it.skipIf(!hasRecordings)('gives every error that users saw (../shared/data/protocol) its code', () => {
    const expected: Record<string, VenueProblemCode> = {
      '-1003': 'RATE_LIMITED',
      '-1013': 'FILTERS_CHANGED',
      '-1021': 'CLOCK_OFF',
      '-1111': 'FILTERS_CHANGED',
      '-1121': 'UNKNOWN_SYMBOL',
      '-2014': 'BAD_KEY',
      '-2015': 'BAD_KEY',
    };
    const seen = recordedJson('binance-observed-errors.json') as {
      http: number;
      body: { code: number; msg: string };
    }[];
    expect(seen.length).toBe(25);
    for (const { http, body } of seen) {
      const code = http === 418 ? 'BANNED' : (expected[body.code] ?? 'REFUSED');
      expect(judged('binance', http, body)?.code, `${http} ${JSON.stringify(body)}`).toBe(code);
    }
  });
});

describe('answers of other exchanges', () => {
  it.each<[Family, number, unknown, VenueProblemCode]>([
    ['bybit', 200, { retCode: 10006, retMsg: 'Too many visits!' }, 'RATE_LIMITED'],
    ['bybit', 200, { retCode: 10000, retMsg: 'Server Timeout' }, 'TIMED_OUT'],
    ['bybit', 200, { retCode: 10003, retMsg: 'API key is invalid.' }, 'BAD_KEY'],
    ['bybit', 200, { retCode: 10005, retMsg: 'Permission denied' }, 'KEY_LACKS_RIGHT'],
    ['bybit', 200, { retCode: 10002, retMsg: 'invalid request, please check your server timestamp' }, 'CLOCK_OFF'],
    ['bybit', 200, { retCode: 10001, retMsg: 'params error: symbol invalid' }, 'UNKNOWN_SYMBOL'],
    ['bybit', 403, 'access too frequent', 'RATE_LIMITED'],
    ['bybit', 403, '<html>configured to block access from your country</html>', 'REFUSED'],
    ['okx', 200, { code: '50011', msg: 'Too Many Requests' }, 'RATE_LIMITED'],
    ['okx', 400, { code: '50102', msg: 'Timestamp request expired' }, 'CLOCK_OFF'],
    ['okx', 401, { code: '50113', msg: 'Invalid Sign' }, 'BAD_KEY'],
    ['okx', 200, { code: '51149', msg: 'Order timed out. Please try again.' }, 'TIMED_OUT'],
    ['okx', 200, { code: '51001', msg: 'Instrument ID does not exist' }, 'UNKNOWN_SYMBOL'],
    ['kraken', 200, { error: ['EAPI:Rate limit exceeded'] }, 'RATE_LIMITED'],
    ['kraken', 200, { error: ['EGeneral:Temporary lockout'] }, 'BANNED'],
    ['kraken', 200, { error: ['EAPI:Invalid key'] }, 'BAD_KEY'],
    ['kraken', 200, { error: ['EAPI:Invalid nonce'] }, 'CLOCK_OFF'],
    ['kraken', 200, { error: ['EQuery:Unknown asset pair'] }, 'UNKNOWN_SYMBOL'],
    ['kraken', 200, { error: ['EService:Unavailable'] }, 'MAINTENANCE'],
    ['other', 429, {}, 'RATE_LIMITED'],
  ])('%s, HTTP %s with %j is %s', (family, status, body, expected) => {
    expect(judged(family, status, body)?.code).toBe(expected);
  });

  it('leaves words that the tables do not have to ccxt', () => {
    expect(judged('bybit', 200, { retCode: 170130, retMsg: 'x' })).toBeUndefined();
    expect(judged('other', 400, { error: 'x' })).toBeUndefined();
    expect(judged('kraken', 200, { error: [], result: {} })).toBeUndefined();
  });
});

describe('answers that did not come', () => {
  const asked = {
    method: 'GET',
    url: 'https://fapi.example/fapi/v1/time?signature=5ec2e7',
    proxy: undefined,
    timeoutMs: 9,
  };
  const coded = (code: string, message = 'x'): Error => Object.assign(new Error(message), { code });

  it.each<[Error, VenueProblemCode, RegExp]>([
    [coded('ENOTFOUND'), 'NO_NETWORK', /DNS/],
    [coded('ECONNREFUSED'), 'NO_NETWORK', /network/],
    [coded('ECONNRESET'), 'NO_NETWORK', /network/],
    [coded('CERT_HAS_EXPIRED'), 'NO_NETWORK', /certificates/],
    [coded('DEPTH_ZERO_SELF_SIGNED_CERT'), 'NO_NETWORK', /the check stays on/],
    [coded('UND_ERR_HEADERS_TIMEOUT'), 'TIMED_OUT', /longer time-out/],
    [new DOMException('aborted', 'AbortError'), 'TIMED_OUT', /longer time-out/],
    [new AggregateError([coded('ECONNREFUSED'), coded('ECONNREFUSED')]), 'NO_NETWORK', /network/],
    [new Error('redirect to http://portal.example/login was not followed (HTTP 302)'), 'BAD_ANSWER', /captive portal/],
  ])('%s', (error, code, fix) => {
    const verdict = classifyError(error, asked, false);
    expect(verdict.code).toBe(code);
    expect(verdict.found).not.toMatch(/signature|5ec2e7|portal\.example/);
    if (verdict.fix !== undefined) expect(verdict.fix).toMatch(fix);
  });

  it('says that it was the proxy, and that an answer was cut', () => {
    const byProxy = classifyError(coded('ECONNREFUSED'), { ...asked, proxy: 'http://u:p@proxy.example:1' }, false);
    expect(byProxy.fix).toMatch(/proxy/);
    expect(byProxy.found).not.toMatch(/u:p/);
    expect(classifyError(coded('UND_ERR_SOCKET', 'other side closed'), asked, true).code).toBe('BAD_ANSWER');
  });
});
