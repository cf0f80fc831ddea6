import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { builtInInstrument } from '../src/core/domain/instrument-table.ts';
import { type Sandbox, serveSandbox } from '../src/core/sandbox/server.ts';
import { openCandles } from '../src/core/sandbox/source/candles.ts';
import { ended, freshHome, type Home, LAUNCHER, minded, usageOf } from './engine-process.ts';
import { median, type Row, round } from './row.ts';

const STARTS = 9;
const READY_MS_MAX = 400;
const FOLLOWED_MS = 30_000;
const RESIDENT_MB_MAX = 160;

/** An engine on an exchange: how soon it asks its first question, and what it holds in memory. */
export async function run(): Promise<Row[]> {
  const times: number[] = [];
  for (let i = 0; i < STARTS; i++) times.push(await firstQuestion(freshHome(`ready-${i}`)));
  const middle = median(times);
  const ready: Row = {
    name: 'engine on an exchange, cold, to first question',
    value: round(middle, 0),
    unit: 'ms, median',
    limit: `< ${READY_MS_MAX}`,
    isGood: middle < READY_MS_MAX,
    beside: `best ${round(Math.min(...times), 0)} ms of ${STARTS} starts`,
  };
  return [ready, await residentRow()];
}

/** From the start of the process to the first request that is not about the stand-in itself. */
async function firstQuestion(home: Home): Promise<number> {
  const server = createServer();
  server.listen(0, '127.0.0.1');
  await once(server, 'listening');
  pointAt(home, `http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  const from = performance.now();
  const engine = engineOf(home);
  try {
    return await new Promise<number>((resolve) => {
      server.on('request', (request, response) => {
        if (request.url?.startsWith('/sandbox') === true) response.writeHead(404).end();
        else resolve(performance.now() - from);
      });
    });
  } finally {
    await ended(engine);
    server.closeAllConnections();
    server.close();
  }
}

const engineOf = (home: Home) =>
  minded(
    spawn(process.execPath, [LAUNCHER, 'engine', 'run', '--exchange', 'binanceusdm'], {
      env: { ...home.env, DZENTRA_KEYRING: 'off' },
      stdio: 'ignore',
    }),
  );

function pointAt({ env }: Home, base: string): void {
  const folder = join(env.XDG_CONFIG_HOME ?? '', 'dzentra');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'config.toml'), `[exchanges.binanceusdm]\nendpoint = "${base}"\n`, { mode: 0o600 });
}

/** One symbol of one exchange for half a minute. */
async function residentRow(): Promise<Row> {
  const sandbox = await standIn();
  const home = freshHome('resident');
  pointAt(home, sandbox.usdm?.base ?? '');
  const engine = engineOf(home);
  try {
    let most = 0;
    for (let passed = 0; passed < FOLLOWED_MS; passed += 1_000) {
      await sleep(1_000);
      most = Math.max(most, usageOf(engine.pid ?? 0)?.residentMb ?? Number.NaN);
    }
    const last = usageOf(engine.pid ?? 0)?.residentMb ?? Number.NaN;
    return {
      name: 'engine with one exchange class',
      value: round(last, 0),
      unit: 'MB resident',
      limit: `< ${RESIDENT_MB_MAX}`,
      isGood: last < RESIDENT_MB_MAX,
      beside: `${round(most, 0)} MB at most in ${FOLLOWED_MS / 1_000} s`,
    };
  } finally {
    await ended(engine);
    await sandbox.close();
  }
}

function standIn(): Promise<Sandbox> {
  const rows = 20_000;
  const column = (of: (i: number) => number): Float64Array => Float64Array.from({ length: rows }, (_, i) => of(i));
  const price = (i: number): number => Number((50_000 + (i % 500) / 10).toFixed(1));
  const clock = {
    wall: () => Date.now(),
    after(ms: number, work: () => void) {
      const timer = setTimeout(work, ms);
      return () => clearTimeout(timer);
    },
  };
  const instrument = builtInInstrument('BTC/USDT:USDT');
  if (instrument === undefined) throw new Error('bench: expected a built-in instrument');
  const usdm = openCandles({
    kind: 'usdm',
    series: [
      {
        listing: { id: 'BTCUSDT', instrument, status: 'TRADING', fundingHours: 8, onboardAt: 0 },
        columns: {
          openAt: column((i) => i * 60_000),
          open: column(price),
          high: column((i) => price(i) + 2),
          low: column((i) => price(i) - 2),
          close: column((i) => price(i) + 1),
          volume: column(() => 5),
        },
        timeframeMs: 60_000,
      },
    ],
    clock,
    from: 15_000 * 60_000,
  });
  return serveSandbox({ usdm, clock });
}
