import type { ServerResponse } from 'node:http';
import { describe, expect, it } from 'vitest';
import type { VenueProblemCode } from '../../../../src/core/venue/exchange.ts';
import { good, loopback, opened, problem, send, wallAt } from './loopback.ts';

const HEADERS = { 'content-length': '400', 'content-type': 'application/json' };
const cut = (response: ServerResponse): void => {
  response.writeHead(200, HEADERS);
  response.write('{"serverTime":17', () => response.socket?.end());
};
const code = (code: number, msg: string): string => JSON.stringify({ code, msg });

describe('each way an answer can fail is a problem that says what to do', () => {
  it.each<[what: string, VenueProblemCode, (response: ServerResponse) => void]>([
    ['a reset', 'NO_NETWORK', (response) => response.socket?.resetAndDestroy()],
    ['a connection that ends before an answer', 'NO_NETWORK', (response) => response.socket?.end()],
    ['a cut body', 'BAD_ANSWER', cut],
    ['a body shorter than said, as JSON', 'BAD_ANSWER', (response) => send(response, 200, '{"serverTime":17')],
    ['an empty body', 'BAD_ANSWER', (response) => send(response, 200, '')],
    ['a web page', 'BAD_ANSWER', (response) => send(response, 200, '<html>Sign in</html>')],
    [
      'a redirect',
      'BAD_ANSWER',
      (response) => send(response, 302, '', { location: 'http://127.0.0.1:1/login?token=abc' }),
    ],
    ['a redirect to nowhere', 'BAD_ANSWER', (response) => send(response, 302, '')],
    ['a bad gateway', 'VENUE_DOWN', (response) => send(response, 502, '<html>Bad Gateway</html>')],
    ['an overload', 'VENUE_DOWN', (response) => send(response, 503, code(-1008, 'overloaded'))],
    ['an unknown error', 'VENUE_DOWN', (response) => send(response, 503, code(-1000, 'Unknown error'))],
    [
      'garbage that says gzip',
      'BAD_ANSWER',
      (response) => send(response, 200, 'no gzip', { 'content-encoding': 'gzip' }),
    ],
  ])('%s is %s', async (_, expected, answer) => {
    await using server = await loopback();
    server.fault = (_asked, response) => answer(response);
    await using rest = await opened({ base: server.base });
    const found = problem(await rest.measureClock());
    expect(found.problem, found.found).toBe(expected);
    for (const words of [found.expected, found.found, found.fix]) expect(words).toMatch(/\w{2} \w|\w\. \w/);
    expect(found.found).not.toContain('token=abc');
    const { asked, failed, latencyMsP50 } = rest.health();
    expect([asked, failed > 0, latencyMsP50]).toEqual([server.asked.length, true, null]);
    expect(rest.health().lastError?.text).toContain(found.found);
  });

  it('an answer of another shape', async () => {
    await using server = await loopback({ '/fapi/v1/time': { symbols: 7 } });
    await using rest = await opened({ base: server.base });
    const found = problem(await rest.measureClock());
    expect(found.problem).toBe('BAD_ANSWER');
    expect(rest.health()).toMatchObject({ failed: 0, lastError: { text: expect.stringContaining(found.found) } });
  });

  it('nobody listens', async () => {
    const server = await loopback();
    await server[Symbol.asyncDispose]();
    await using rest = await opened({ base: server.base });
    expect(problem(await rest.measureClock())).toMatchObject({
      problem: 'NO_NETWORK',
      fix: expect.stringMatching(/stand-in/),
    });
  });

  it.each([
    ['no answer', () => undefined],
    ['half an answer', (response: ServerResponse) => response.writeHead(200, HEADERS).write('{"server')],
  ])('%s in time', async (_, answer) => {
    await using server = await loopback();
    server.fault = (_asked, response) => void answer(response);
    await using rest = await opened({ base: server.base, timeoutMs: 150 });
    const found = problem(await rest.measureClock());
    expect([found.problem, found.found]).toEqual(['TIMED_OUT', expect.stringContaining('150 ms')]);
  });

  it('an answer of more than 64 MB is not read to its end', async () => {
    const megabyte = 'x'.repeat(1 << 20);
    await using server = await loopback();
    let sent = 0;
    server.fault = (_asked, response) => {
      response.writeHead(200, { 'content-type': 'application/json' });
      response.on('error', () => undefined);
      const more = (): void => {
        if (response.destroyed || sent++ > 200) return void response.end();
        if (response.write(megabyte)) setImmediate(more);
        else response.once('drain', more);
      };
      more();
    };
    await using rest = await opened({ base: server.base });
    expect(problem(await rest.measureClock()).problem).toBe('BAD_ANSWER');
    expect(sent).toBeLessThan(120);
  });
});

it('tells maintenance from trouble by the status that Binance keeps for it, and asks for it once a minute', async () => {
  await using server = await loopback({ '/sapi/v1/system/status': { status: 1, msg: 'system_maintenance' } });
  const down = (_: unknown, response: ServerResponse): void => send(response, 503, code(0, 'Service Unavailable.'));
  server.answers['/fapi/v1/time'] = down;
  await using rest = await opened({ base: server.base });
  expect(problem(await rest.measureClock()).problem).toBe('MAINTENANCE');
  expect(problem(await rest.measureClock()).problem).toBe('MAINTENANCE');
  expect(server.asked.filter((one) => one.path === '/sapi/v1/system/status').length).toBe(1);
});

describe('silence', () => {
  it.each<[number, VenueProblemCode]>([
    [429, 'RATE_LIMITED'],
    [418, 'BANNED'],
  ])('after HTTP %s nothing is asked before its end', async (status, expected) => {
    const now = 1_760_000_000_000;
    const timers = wallAt(now);
    await using server = await loopback({ '/fapi/v1/time': { serverTime: now } });
    server.fault = (_asked, response) => send(response, status, code(-1003, 'Way too many'), { 'Retry-After': '30' });
    await using rest = await opened({ base: server.base, timers });
    const first = problem(await rest.measureClock());
    expect([first.problem, first.silentUntil]).toEqual([expected, now + 30_000]);
    server.fault = undefined;
    timers.wallIs = now + 29_999;
    for (const answer of [await rest.measureClock(), await rest.poll('BTC/USDT:USDT'), await rest.markets(true)]) {
      expect(problem(answer)).toMatchObject({ problem: expected, silentUntil: now + 30_000 });
    }
    expect(server.asked.length).toBe(1);
    expect(rest.health().silentUntil).toBe(now + 30_000);
    timers.wallIs = now + 30_000;
    good(await rest.measureClock());
    expect(rest.health().silentUntil).toBeNull();
  });

  it('ends by the venue clock where the ban names its end, and never at once', async () => {
    const now = 1_760_000_000_000;
    const timers = wallAt(now);
    // Ours is ten seconds late.
    await using server = await loopback({ '/fapi/v1/time': { serverTime: now + 10_000 } });
    await using rest = await opened({ base: server.base, timers });
    good(await rest.measureClock());
    const ban = (until: number) => (_: unknown, response: ServerResponse) =>
      send(response, 418, code(-1003, `Way too many requests; IP banned until ${until}.`));
    server.fault = ban(now + 70_000);
    const named = problem(await rest.measureClock()).silentUntil ?? 0;
    expect(Math.abs(named - (now + 60_000))).toBeLessThan(100);
    timers.wallIs = named + 1;
    server.fault = ban(1_615_183_669_840);
    expect(problem(await rest.measureClock()).silentUntil).toBe(timers.wallIs + 120_000);
  });
});

it('keeps a key out of everything that is told', async () => {
  const key = { exchange: 'binanceusdm', apiKey: 'sandbox-canary-key', secret: 'sandbox-canary-secret' };
  const lines: string[] = [];
  await using server = await loopback({ '/fapi/v1/exchangeInfo': { symbols: [] }, '/fapi/v1/fundingInfo': [] });
  await using rest = await opened({ base: server.base, key, timeoutMs: 1_000, log: (text) => lines.push(text) });
  const told: unknown[] = [];
  const answers: ((response: ServerResponse) => unknown)[] = [
    (response) => send(response, 503, 'Service Unavailable'),
    (response) => send(response, 400, code(-1022, 'Signature for sandbox-canary-key is not valid.')),
    (response) => response.socket?.resetAndDestroy(),
    () => undefined,
    cut,
  ];
  for (const answer of answers) {
    server.answers['/fapi/v3/account'] = (_: unknown, response: ServerResponse) => answer(response);
    told.push(problem(await rest.account()), rest.health());
  }
  const signed = server.asked.filter((one) => one.query.has('signature'));
  expect(signed.length).toBe(5);
  const text = JSON.stringify([told, lines]);
  for (const one of signed) expect(text).not.toContain(one.query.get('signature'));
  expect(text).not.toMatch(/canary|signature=|timestamp=|recvWindow/);
  expect(lines.length).toBe(5);
});

it('keeps what steers a terminal out of what a venue says, and everything else as it was written', async () => {
  const key = { exchange: 'binanceusdm', apiKey: 'sandbox-read', secret: 'sandbox-secret' };
  const assets = String.raw`[{"asset":"\u001b]52;c;QQ==\u0007A","walletBalance":"1.50"},{"asset":"B${'\u202e'}\u2066\n\t","walletBalance":"2"},{"asset":"\\u001b \"\/ \u5e01","walletBalance":"3"}]`;
  await using server = await loopback({ '/fapi/v1/exchangeInfo': { symbols: [] }, '/fapi/v1/fundingInfo': [] });
  server.answers['/fapi/v3/account'] = (_, response) => send(response, 200, `{\n "assets": ${assets}}\r\n`);
  await using rest = await opened({ base: server.base, key });
  const { balances } = good(await rest.account());
  expect(balances.map(({ asset, total }) => [asset, total])).toEqual([
    [' ]52;c;QQ== A', '1.50'],
    ['B    ', '2'],
    ['\\u001b "/ \u5e01', '3'],
  ]);
});
