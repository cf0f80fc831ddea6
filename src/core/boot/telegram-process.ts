import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { type Refusal, refusal } from '../command/refusal.ts';
import type { BridgeEnded, BridgeStatus } from '../command/telegram/ports.ts';
import { noBridge } from '../command/telegram/refusals.ts';
import { answering, detach, whyEnded } from './detached.ts';
import { lastLines } from './engine-log.ts';
import { type Paths, profileFolder } from './paths.ts';
import { bridgeHolder } from './telegram-store.ts';

/** Telegram may be slow to say who the bot is. */
const READY_MS = 45_000;
/** What waits is written, and a long poll is given up. */
const STOP_MS = 15_000;
/** How long a bridge that somebody else just started may take until it holds its memory. */
const OTHER_MS = 5_000;
const LOOK_MS = 25;
const OUT_FILE = 'telegram.out';
const SAID_MAX = 200;
export const BRIDGE_LOG = 'telegram.log';
/** What the bridge writes last. */
const BRIDGE_ENDED = 'the bridge ended';

export function bridgeStatus(paths: Paths, profile: string): BridgeStatus {
  const folder = profileFolder(paths, profile);
  const holder = bridgeHolder(folder);
  if (holder.isHeld) return { state: 'running', profile, pid: holder.pid ?? 0 };
  return { state: 'stopped', profile, ended: endedOf(join(folder, BRIDGE_LOG)) };
}

/** What the log ends with, where the bridge ended by itself. */
function endedOf(log: string): BridgeEnded | undefined {
  const last = existsSync(log) ? lastLines(log, 1)[0] : undefined;
  try {
    const said = JSON.parse(last ?? '{}') as BridgeEnded & { readonly level: string; readonly message: string };
    const { at, code, found, fix } = said;
    return said.level === 'error' && said.message === BRIDGE_ENDED ? { at, code, found, fix } : undefined;
  } catch {
    return undefined;
  }
}

/** Starts a detached bridge and waits until it says that it polls; one that runs already is told as `isNew: false`. */
export async function startBridge(
  paths: Paths,
  env: Readonly<Record<string, string | undefined>>,
  profile: string,
  signal: AbortSignal,
): Promise<{ readonly isNew: boolean; readonly pid: number } | Refusal> {
  const folder = profileFolder(paths, profile);
  const running = pidOf(folder);
  if (running !== undefined) return { isNew: false, pid: running };
  const file = join(folder, OUT_FILE);
  const begun = await detach({
    words: ['telegram', 'run', '--json', '--profile', profile],
    folder,
    outFile: OUT_FILE,
    env,
    isReady: () => Promise.resolve(readyPid(file)),
    msMax: READY_MS,
    signal,
  });
  if (begun.is === 'ready') return { isNew: begun.isOwn, pid: begun.pid };
  if (begun.is === 'waits')
    return tooSlow(begun.pid, `a bridge that polls within ${READY_MS / 1_000} s`, lastLine(file));
  const why = whyEnded(begun, { code: 'BRIDGE_DIED', expected: 'a bridge that starts' });
  // Somebody else started one at the same time.
  const other =
    why.code === 'BRIDGE_RUNS' ? await answering(() => Promise.resolve(pidOf(folder)), OTHER_MS, signal) : undefined;
  return other === undefined ? why : { isNew: false, pid: other };
}

/** Asks the bridge of a profile to end and waits until it has let go of its memory. */
export async function stopBridge(
  paths: Paths,
  profile: string,
  signal: AbortSignal,
): Promise<{ readonly pid: number } | Refusal> {
  const folder = profileFolder(paths, profile);
  const holder = bridgeHolder(folder);
  if (!holder.isHeld) return noBridge(profile);
  const { pid } = holder;
  if (pid === undefined || !isAsked(pid)) return notOurs(profile, pid);
  for (let waited = 0; waited < STOP_MS && !signal.aborted; waited += LOOK_MS) {
    if (pidOf(folder) !== pid) return { pid };
    await sleep(LOOK_MS);
  }
  return tooSlow(pid, `an end within ${STOP_MS / 1_000} s`);
}

/** Asks a process to end; false where it is not ours to ask, or none. */
function isAsked(pid: number): boolean {
  try {
    return process.kill(pid, 'SIGTERM');
  } catch {
    return false;
  }
}

const notOurs = (profile: string, pid: number | undefined): Refusal =>
  refusal(
    6,
    'BRIDGE_SILENT',
    `a bridge of profile ${profile} that can be asked to end`,
    `process ${pid ?? '?'} holds its memory and belongs to another user or container`,
    'end it where it was started',
  );

const tooSlow = (pid: number | undefined, expected: string, said = ''): Refusal =>
  refusal(
    6,
    'BRIDGE_SLOW',
    expected,
    `process ${pid ?? '?'} does not yet${said}`,
    'it goes on: dzentra telegram status, or stop',
  );

/** What it waits for, if it said so: a network that is not there is no end of it. */
function lastLine(file: string): string {
  const last = existsSync(file) ? readFileSync(file, 'utf8').trim().split('\n').at(-1) : undefined;
  return last === undefined || last === '' ? '' : `: ${last.slice(0, SAID_MAX)}`;
}

function pidOf(folder: string): number | undefined {
  const holder = bridgeHolder(folder);
  return holder.isHeld ? holder.pid : undefined;
}

/** The process id in the line that says that it polls. */
function readyPid(file: string): number | undefined {
  if (!existsSync(file)) return undefined;
  const line = readFileSync(file, 'utf8')
    .split('\n')
    .find((each) => each.startsWith('{') && each.includes('"event":"ready"'));
  if (line === undefined || !line.endsWith('}')) return undefined;
  const { pid } = JSON.parse(line) as { readonly pid: number };
  return pid;
}
