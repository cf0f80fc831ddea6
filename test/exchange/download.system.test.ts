import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, readFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join, resolve } from 'node:path';
import { text } from 'node:stream/consumers';
import { gunzipSync } from 'node:zlib';
import { describe, expect, it, onTestFinished } from 'vitest';
import { readSeries } from '../../src/core/boot/feed.ts';
import { serveSandbox } from '../../src/core/sandbox/server.ts';
import { openCandles } from '../../src/core/sandbox/source/candles.ts';
import { ROOT } from '../support/checkout.ts';
import { sandboxListing } from '../support/sandbox-candles.ts';
import { scratchFolder } from '../support/scratch.ts';
import { openExchangeHome, openStandIn, pointAt, until, WAVE_FROM, writeWave } from '../support/stand-in.ts';

const DATA = resolve(ROOT, '../shared/data/candles');
const MONTH = join(DATA, 'binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz');
const FUNDING = join(DATA, 'binance-usdm-BTCUSDT-funding.csv.gz');
const RANGE = '--from 2025-05-04 --to 2025-06-02T12:00';
const HOUR_MS = 3_600_000;
const TO_AT = Date.UTC(2025, 5, 2, 12);
const DOWNLOAD = 'data download --exchange binanceusdm --symbol BTC/USDT:USDT --timeframe 1m';

const EXPORT = 'data export --exchange binanceusdm --symbol BTC/USDT:USDT --timeframe 1m';

interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

/** Runs a command line beside this process, which serves or watches meanwhile. */
function run(line: string, env: Readonly<Record<string, string>>): { kill(): void; readonly ended: Promise<Ended> } {
  const args = [join(ROOT, 'bin/dzentra.js'), ...line.split(' ')];
  const child = spawn(process.execPath, args, { env: { ...process.env, ...env }, stdio: ['ignore', 'pipe', 'pipe'] });
  const ended = Promise.all([once(child, 'exit'), text(child.stdout), text(child.stderr)]).then(
    ([[code], out, err]) => ({
      code,
      out,
      err,
    }),
  );
  return { kill: () => void child.kill('SIGINT'), ended };
}

const linesOf = (path: string): readonly string[] => gunzipSync(readFileSync(path)).toString('utf8').trim().split('\n');

/** Numbers of a line: files may write 95478.10 where the store writes 95478.1. */
const numbersOf = (lines: readonly string[]): readonly string[] =>
  lines.slice(1).map((line) => line.split(',').map(Number).join());

const before = (lines: readonly string[], at: number): readonly string[] =>
  lines.filter((line) => !(Number(line.split(',')[0]) >= at));

describe('history of an exchange', () => {
  it.skipIf(!existsSync(MONTH))(
    'is the same to the last candle, also after Ctrl-C in the middle (needs ../shared/data)',
    async () => {
      const at = await openStandIn(`${MONTH} --at recorded --from 2025-06-02T12:00`);
      const home = openExchangeHome(at.port);
      await at.fault('delay:path=/fapi/v1/klines,ms=150');
      const asked = async (): Promise<number> => (await at.stats()).requests['GET /fapi/v1/klines'] ?? 0;
      const first = run(`${DOWNLOAD} ${RANGE}`, home.env);
      await until('some pages', asked, (count) => count >= 6);
      first.kill();
      const { code, out, err } = await first.ended;
      expect(code).toBe(130);
      expect(`${out}${err}`).toMatch(/[\d,]+ candles saved; the same command goes on from there/);
      const exported = async () => (await run(EXPORT, home.env).ended).out.trim().split('\n');
      const keptRows = (await exported()).length - 1;
      expect(keptRows).toBeGreaterThan(2_000);

      await at.clear();
      const pages = await asked();
      const second = JSON.parse((await run(`${DOWNLOAD} ${RANGE} --json`, home.env).ended).out);
      const source = numbersOf(before(linesOf(MONTH), TO_AT));
      expect(second).toMatchObject({ rows: source.length, added: source.length - keptRows, gaps: { count: 0 } });
      expect((await asked()) - pages).toBeLessThanOrEqual(Math.ceil(second.added / 1_000) + 1);
      expect(numbersOf(await exported())).toEqual(source);
      expect(home.json(`${DOWNLOAD} ${RANGE}`)).toMatchObject({ rows: source.length, added: 0 });
    },
  );

  it.skipIf(!existsSync(MONTH))('has the settlements as they were paid (needs ../shared/data)', async () => {
    const paid = linesOf(FUNDING).slice(1);
    const funding = paid.map((line) => ({ at: Number(line.split(',')[0]), rate: line.split(',')[1] ?? '' }));
    const clock = { wall: () => Date.now(), after: (ms: number, go: () => void) => timer(ms, go) };
    const { candles } = await readSeries(MONTH, undefined);
    const series = [{ listing: sandboxListing('BTC/USDT:USDT', 1), columns: candles, timeframeMs: 60_000, funding }];
    const market = openCandles({ kind: 'usdm', series, clock, at: 'recorded', from: TO_AT });
    const sandbox = await serveSandbox({ usdm: market, clock });
    onTestFinished(() => sandbox.close());
    const home = openExchangeHome(sandbox.usdm?.port ?? 0);
    const line = `data download --exchange binanceusdm --symbol BTC/USDT:USDT --series funding ${RANGE} --json`;
    const { code, out } = await run(line, home.env).ended;
    expect(code).toBe(0);
    const { path, rows } = JSON.parse(out);
    // The venue pays some ms after the hour and tells so; the hour is kept. What is older than the file it does not know.
    const wanted = funding
      .filter((each) => each.at >= (candles.openAt[0] ?? 0) && each.at < TO_AT)
      .map((each) => `${Math.round(each.at / HOUR_MS) * HOUR_MS},${each.rate}`);
    expect(numbersOf(readFileSync(path, 'utf8').trim().split('\n'))).toEqual(numbersOf(['', ...wanted]));
    expect(rows).toBe(wanted.length);
  });

  it('says what is near to a name that is wrong, and lists what there is', async () => {
    const file = writeWave(scratchFolder(), 'BTCUSDT', { base: 60_000, share: 0.02, minutes: 60 });
    const at = await openStandIn(`${file} --from ${WAVE_FROM}`);
    const home = openExchangeHome(at.port);
    const [market] = home.json('markets --exchange binanceusdm').markets;
    expect(market).toMatchObject({
      symbol: 'BTC/USDT:USDT',
      id: 'BTCUSDT',
      status: 'trading',
      tick: '0.1',
      step: '0.001',
    });
    const from = '--from 2025-05-04';
    const wrong: readonly (readonly [line: string, code: number, says: RegExp])[] = [
      [`data download --exchange binanceusdm --symbol BTX/USDT:USDT ${from}`, 3, /did you mean BTC\/USDT:USDT/],
      [`data download --exchange binanceusdn --symbol BTC/USDT:USDT ${from}`, 2, /did you mean binanceusdm/],
      [`data download --exchange binanceusdm --symbol BTC/USDT:USDT --timeframe 2m ${from}`, 2, /1m/],
      [`markets --exchange binanceusd`, 2, /did you mean binanceusdm/],
      [`engine start --exchange binanceusd`, 2, /did you mean binanceusdm/],
      [`auto start --exchange binanceusdm --symbol BTT/USDT:USDT --strategy trend`, 3, /did you mean BTC\/USDT:USDT/],
    ];
    for (const [line, code, says] of wrong) {
      const ended = home.dzentra(line);
      expect(ended.err, line).toMatch(says);
      expect(ended.code, line).toBe(code);
    }
    home.dzentra('engine stop --profile demo');
  });

  it('says what was tried and what to do where there is no network, or somebody else answers', async () => {
    const home = openExchangeHome(await closedPort());
    for (const line of ['markets', `${DOWNLOAD} ${RANGE}`, 'engine start --exchange binanceusdm']) {
      const { code, err } = home.dzentra(line);
      expect(err, line).toMatch(/refused connection to 127\.0\.0\.1:\d+[\s\S]*fix +start the stand-in/);
      expect(code, line).toBe(4);
    }
    const file = writeWave(scratchFolder(), 'BTCUSDT', { base: 60_000, share: 0.02, minutes: 60 });
    const at = await openStandIn(`${file} --from ${WAVE_FROM} --fault html`);
    pointAt(home, at.port);
    for (const line of ['markets', `${DOWNLOAD} ${RANGE}`, 'engine start --exchange binanceusdm']) {
      const { code, err } = home.dzentra(line);
      expect(err, line).toMatch(/web page[\s\S]*captive portal/);
      expect(code, line).toBe(4);
    }
  });
});

function timer(ms: number, go: () => void): () => void {
  const set = setTimeout(go, ms);
  return () => clearTimeout(set);
}

/** A port that nobody listens on: one that was free a moment ago. */
async function closedPort(): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}
