import { type ChildProcess, spawn } from 'node:child_process';
import { mkdirSync, readFileSync, rmSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { BUILD } from '../src/core/boot/build.ts';
import { readCard } from '../src/core/boot/engine-card.ts';
import type { Client } from '../src/core/control/client.ts';
import { connect } from '../src/core/control/socket.ts';
import { CACHE } from './reference.ts';

export const LAUNCHER = resolve(import.meta.dirname, '../bin/dzentra.js');

const READY_MS = 30_000;
const END_MS = 10_000;
const LOOK_MS = 10;
/** `USER_HZ`, in which /proc tells times, is 100 on every Linux that Node runs on. */
const TICK_MS = 10;

/** A home of its own in the cache folder: nothing of the user is read or written. */
export interface Home {
  readonly env: NodeJS.ProcessEnv;
  /** The folder of a profile. */
  profile(name: string): string;
}

/** An empty home; the compile cache stays, as on a machine that has run the program before. */
export function freshHome(name: string): Home {
  const folder = join(CACHE, name);
  for (const part of ['state', 'config', 'data', 'run']) rmSync(join(folder, part), { recursive: true, force: true });
  for (const part of ['state', 'config', 'data', 'run', 'cache']) {
    mkdirSync(join(folder, part), { recursive: true, mode: 0o700 });
  }
  const own = {
    HOME: folder,
    XDG_STATE_HOME: join(folder, 'state'),
    XDG_CONFIG_HOME: join(folder, 'config'),
    XDG_DATA_HOME: join(folder, 'data'),
    XDG_RUNTIME_DIR: join(folder, 'run'),
    XDG_CACHE_HOME: join(folder, 'cache'),
    TERM: 'xterm-256color',
    LANG: 'C.UTF-8',
  };
  const told = Object.entries(process.env).filter(
    ([name]) => !/^(DZENTRA|DEBUG|INK|NO_COLOR|FORCE_COLOR|LC_)/.test(name),
  );
  const env = { ...Object.fromEntries(told), ...own };
  return { env, profile: (profile) => join(folder, 'state', 'dzentra', profile) };
}

/** An engine of its own: `dzentra engine run`, until `end`. */
export interface EngineProcess {
  readonly pid: number;
  attach(role: 'read' | 'operate', follow: 'one' | 'all'): Promise<Client>;
  end(): Promise<void>;
}

/** Starts an engine in a home and waits until it answers. */
export async function startEngine(home: Home, profile: string, speed: number): Promise<EngineProcess> {
  const words = ['engine', 'run', '--json', '--profile', profile, '--feed', 'synthetic:1', '--speed', `${speed}`];
  const child = minded(
    spawn(process.execPath, ['--disable-sigusr1', LAUNCHER, ...words], {
      env: home.env,
      stdio: ['ignore', 'ignore', 'pipe'],
    }),
  );
  let told = '';
  child.stderr.on('data', (part) => {
    told += String(part);
  });
  const { pid } = child;
  const card = (): ReturnType<typeof readCard> => readCard(home.profile(profile));
  const from = performance.now();
  while (pid === undefined || card()?.pid !== pid) {
    if (child.exitCode !== null || performance.now() - from > READY_MS) {
      await ended(child);
      throw new Error(`expected an engine that answers, found exit ${child.exitCode}: ${told}`);
    }
    await sleep(LOOK_MS);
  }
  return {
    pid,
    attach: (role, follow) => connect(card()?.socket ?? '', { role, follow, face: 'cli', build: BUILD, who: 'bench' }),
    end: () => ended(child),
  };
}

const started = new Set<ChildProcess>();

process.once('exit', () => started.forEach((each) => void each.kill()));

/** Takes a process down with this one, also where a measurement throws. */
export function minded<T extends ChildProcess>(child: T): T {
  started.add(child);
  child.once('exit', () => started.delete(child));
  return child;
}

/** Ends a process that was started here: politely, then not. */
export async function ended(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  const { promise, resolve: gone } = Promise.withResolvers<void>();
  child.once('exit', () => gone());
  child.kill('SIGTERM');
  const force = setTimeout(() => child.kill('SIGKILL'), END_MS);
  await promise;
  clearTimeout(force);
}

/** What a process has used so far, as Linux tells it; undefined elsewhere, or once it is gone. */
export function usageOf(pid: number): { readonly cpuMs: number; readonly residentMb: number } | undefined {
  try {
    const [, after = ''] = readFileSync(`/proc/${pid}/stat`, 'utf8').split(') ');
    const fields = after.split(' ');
    const cpuMs = (Number(fields[11]) + Number(fields[12])) * TICK_MS;
    const kb = /VmRSS:\s+(\d+)/.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1];
    return { cpuMs, residentMb: Number(kb) / 1024 };
  } catch {
    return undefined;
  }
}
