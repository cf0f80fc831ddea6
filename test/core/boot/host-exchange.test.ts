import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { expect, it, onTestFinished } from 'vitest';
import { askExchange } from '../../../src/core/boot/exchange-ask.ts';
import { openHost } from '../../../src/core/boot/host.ts';
import { openExchange } from '../../../src/core/boot/host-exchange.ts';
import { journalPorts } from '../../../src/core/boot/journal.ts';
import { keyPorts } from '../../../src/core/boot/keys.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { openLog } from '../../../src/core/config/logging.ts';
import { processRedactor } from '../../../src/core/config/redact.ts';
import { lockForReading } from '../../../src/core/journal/lock.ts';
import { serveSandbox } from '../../../src/core/sandbox/server.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { shiftedClock, stubMarket } from '../../support/sandbox-market.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const EXCHANGE = 'binanceusdm';

it('an engine on the stand-in keeps a real key to itself and goes on without it', async () => {
  const clock = shiftedClock(Date.now());
  const sandbox = await serveSandbox({ usdm: stubMarket('usdm', clock), clock });
  onTestFinished(() => sandbox.close());
  const folder = scratchFolder();
  const env = { XDG_CONFIG_HOME: folder, XDG_STATE_HOME: join(folder, 'state'), DZENTRA_KEYRING: 'off' };
  const paths = pathsOf(env);
  mkdirSync(paths.config, { recursive: true });
  writeFileSync(join(paths.config, 'config.toml'), `[exchanges.${EXCHANGE}]\nendpoint = "${sandbox.usdm?.base}"\n`);
  const apiKey = 'aRealKeyOfSomebody1234567890';
  await keyPorts(paths, env).add({ exchange: EXCHANGE, apiKey, secret: 'aRealSecret123' }, 'file', undefined);
  const said: string[] = [];
  const sink = { write: (line: string) => said.push(line) > 0, close: () => {} };
  const log = await openLog({ level: 'info', sink, redactor: processRedactor, now: () => 0 });
  const asked = await askExchange(EXCHANGE, { paths, env });
  if (asked === undefined || 'exit' in asked) throw new Error(`expected an exchange, found ${asked?.found}`);
  const opened = await openExchange(asked, { log, held: undefined, candles: join(folder, 'candles') });
  if (opened === undefined || 'exit' in opened) throw new Error(`expected an exchange, found ${opened?.found}`);
  expect(opened.feed.serves('BTC/USDT:USDT')).toBe(true);
  expect(opened.account()).toMatchObject({
    at: null,
    error: {
      code: 'KEY_MISFIT',
      found: expect.stringContaining('a real key'),
      fix: expect.stringContaining('restart'),
    },
  });
  expect(JSON.stringify(opened.account())).not.toContain(apiKey);
  expect(said.join('')).toContain('the key cannot be used');
  expect(said.join('')).not.toContain(apiKey);
  await opened.close();
  log.close();
});

const ENV = { DZENTRA_KEYRING: 'off' };

/** A configuration whose exchange is a server on loopback, and what that was asked. */
async function exchangeOf(answer: RequestListener) {
  const urls: string[] = [];
  const server = createServer((request, response) => {
    urls.push(request.url ?? '');
    answer(request, response);
  });
  onTestFinished(() => void server.close());
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const paths = pathsIn(scratchFolder());
  const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  writeFiles(paths.config, { 'config.toml': `[exchanges.${EXCHANGE}]\nendpoint = "${base}"\n` });
  const open = async (signal?: AbortSignal) => {
    const asked = await askExchange(EXCHANGE, { paths, env: ENV, signal });
    if (asked === undefined || 'exit' in asked) throw new Error(`expected an exchange, found ${asked?.found}`);
    const options = { profile: 'night', feed: EXCHANGE, logLevel: 'silent' } as const;
    return await openHost(options, paths, undefined, undefined, asked);
  };
  return { urls, paths, open, isFree: () => lockForReading(join(paths.state, 'night'), 0).release() };
}

it.each(['/sandbox/clock', '/fapi/v1/exchangeInfo'])(
  'an engine that is told to end while %s is not answered ends at once, and its folder is free',
  async (unanswered) => {
    const told = new AbortController();
    const gone = Promise.withResolvers<void>();
    const { urls, open, isFree } = await exchangeOf((request, response) => {
      if (request.url !== unanswered) return response.writeHead(404).end();
      request.socket.once('close', () => gone.resolve());
      return told.abort('SIGTERM');
    });
    expect(await open(told.signal)).toMatchObject({
      saved: [expect.stringContaining('0 entries'), 'flat', expect.any(String)],
    });
    expect(urls.at(-1)).toBe(unanswered);
    // The question is given up, not left to its time-out: nothing holds the process.
    await gone.promise;
    isFree();
  },
);

it('an exchange that does not tell its markets is asked once, and refused; no journal of it is the latest', async () => {
  const { urls, paths, open, isFree } = await exchangeOf(
    (_request, response) => void response.writeHead(404).end('no'),
  );
  expect(await open()).toMatchObject({
    exit: 4,
    code: 'BAD_ANSWER',
    expected: expect.stringContaining('the markets of'),
  });
  expect(urls.filter((url) => url.includes('exchangeInfo'))).toHaveLength(1);
  isFree();
  expect(await journalPorts(paths).open({ in: 'latest' })).toMatchObject({ code: 'NO_JOURNAL' });
});

it.each([undefined, 'synthetic', 'synthetic:7', 'replay:a.csv', 'replay'])(
  'a feed that is no exchange is not asked: %s',
  async (feed) => {
    const paths = pathsIn(scratchFolder());
    expect(await askExchange(feed, { paths, env: ENV })).toBeUndefined();
  },
);

it('a name that no exchange has is refused with the one that was meant', async () => {
  const paths = pathsIn(scratchFolder());
  expect(await askExchange('binanceusdn', { paths, env: ENV })).toMatchObject({
    code: 'NOT_SUPPORTED',
    fix: expect.stringContaining('binanceusdm'),
  });
});
