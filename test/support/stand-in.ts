import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { ROOT } from './checkout.ts';
import { type Home, openHome } from './profile.ts';

/** A stand-in exchange in a process of its own, as `dzentra sandbox serve` starts it. It ends with the test. */
export interface StandIn {
  readonly port: number;
  readonly base: string;
  /** Sets faults as a flag would say them: `silence:forMs=5000`. */
  fault(...faults: readonly string[]): Promise<void>;
  /** Clears the faults of a kind, or all. */
  clear(kind?: string): Promise<void>;
  stats(): Promise<Stats>;
  /** Asks one of the venue's own addresses. */
  get(path: string): Promise<unknown>;
  end(): Promise<void>;
}

/** What it tells of itself: requests by `METHOD /path`. */
export interface Stats {
  readonly requests: Readonly<Record<string, number>>;
  readonly weight: { readonly used: number; readonly limit: number };
  readonly streams: number;
}

export interface Ticker {
  readonly bidPrice: string;
  readonly askPrice: string;
  readonly time: number;
}

const LAUNCHER = join(ROOT, 'bin/dzentra.js');

/** Serves USDS-M on a free port; `line` is what else is said to `sandbox serve`. */
export async function openStandIn(line: string, env: Readonly<Record<string, string>> = {}): Promise<StandIn> {
  const args = [LAUNCHER, 'sandbox', 'serve', '--port', '0', '--json', '--market', 'usdm', ...line.split(' ')];
  const child = spawn(process.execPath, args, {
    env: { ...process.env, ...env },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  const end = (): Promise<void> => ended(child);
  onTestFinished(end);
  const { port, base } = await ready(child);
  const asked = async (path: string, init: RequestInit = {}): Promise<unknown> => {
    const answer = await fetch(`${base}${path}`, { ...init, headers: { connection: 'close' } });
    if (!answer.ok) throw new Error(`expected an answer to ${path}, found ${answer.status}: ${await answer.text()}`);
    return await answer.json();
  };
  return {
    port,
    base,
    fault: async (...faults) => void (await asked('/sandbox/faults', { method: 'POST', body: JSON.stringify(faults) })),
    clear: async (kind) =>
      void (await asked(`/sandbox/faults${kind === undefined ? '' : `?kind=${kind}`}`, { method: 'DELETE' })),
    stats: async () => (await asked('/sandbox/stats')) as Stats,
    get: (path) => asked(path),
    end,
  };
}

async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const exit = once(child, 'exit');
  child.kill('SIGTERM');
  await exit;
}

/** The first line says where it listens; without one it says why not. */
async function ready(child: ChildProcess): Promise<{ readonly port: number; readonly base: string }> {
  let problem = '';
  child.stderr?.on('data', (text) => {
    problem += text;
  });
  if (child.stdout === null) throw new Error('expected a pipe');
  for await (const line of createInterface({ input: child.stdout })) {
    child.stdout.resume();
    return JSON.parse(line);
  }
  throw new Error(`expected a stand-in, found ${problem}`);
}

/** A home whose `binanceusdm` is a port of this machine; no keyring is asked, no proxy used. */
export function openExchangeHome(port: number, ...profiles: readonly string[]): Home {
  process.env.DZENTRA_KEYRING = 'off';
  for (const name of ['HTTPS_PROXY', 'HTTP_PROXY', 'https_proxy', 'http_proxy', 'ALL_PROXY']) delete process.env[name];
  const home = openHome(...profiles);
  pointAt(home, port);
  return home;
}

/** Writes the configuration that points `binanceusdm` at a port. */
export function pointAt(home: Home, port: number): void {
  const folder = join(home.env.XDG_CONFIG_HOME ?? '', 'dzentra');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'config.toml'), `[exchanges.binanceusdm]\nendpoint = "http://127.0.0.1:${port}"\n`);
}

const DAY_AT = Date.UTC(2025, 4, 4);
const MINUTE_MS = 60_000;

/** Where the present of such a file begins: a day of history is before it. */
export const WAVE_FROM = '2025-05-05';

/** How price of a made file goes: up and down by `share` in `minutes`, without end. */
export interface Wave {
  readonly base: number;
  readonly share: number;
  readonly minutes: number;
}

/** Writes two days of candles of a triangular wave, by minute; the path of the file. */
export function writeWave(folder: string, id: string, { base, share, minutes }: Wave): string {
  const at = (minute: number): number => {
    const turn = (minute % minutes) / minutes;
    const tri = turn < 0.5 ? 4 * turn - 1 : 3 - 4 * turn;
    return base * (1 + (share / 2) * tri);
  };
  const rows = ['timestamp,open,high,low,close,volume'];
  for (let minute = 0; minute < 2 * 1440; minute++) {
    const [open, close] = [at(minute), at(minute + 1)];
    const [high, low] = [Math.max(open, close) + base * 1e-4, Math.min(open, close) - base * 1e-4];
    const cells = [open, high, low, close].map((price) => price.toFixed(1));
    rows.push([DAY_AT + minute * MINUTE_MS, ...cells, (20 + (minute % 7)).toFixed(3)].join(','));
  }
  const path = join(folder, `${id}-1m.csv`);
  writeFileSync(path, `${rows.join('\n')}\n`);
  return path;
}

/** Looks again and again until it is so; throws what was seen last where it does not come to pass in time. */
export async function until<T>(
  what: string,
  look: () => T | Promise<T>,
  isSo: (seen: T) => boolean,
  seconds = 60,
): Promise<T> {
  const endAt = performance.now() + seconds * 1_000;
  for (;;) {
    const seen = await look();
    if (isSo(seen)) return seen;
    if (performance.now() > endAt) {
      throw new Error(`expected ${what} within ${seconds} s, found ${JSON.stringify(seen, null, 1).slice(0, 4_000)}`);
    }
    await new Promise((resolve) => setTimeout(resolve, 50));
  }
}
