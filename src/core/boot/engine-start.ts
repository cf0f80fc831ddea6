import { spawn } from 'node:child_process';
import { closeSync, fchmodSync, mkdirSync, openSync, readFileSync } from 'node:fs';
import { homedir } from 'node:os';
import { join, resolve } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import type { EngineOptions } from '../command/engine.ts';
import { type Refusal, type RefusalExit, refusal } from '../command/refusal.ts';

/** How long an engine may take until it answers: a warm-up over much history is long. */
const READY_MS = 60_000;
const LOOK_MS = 40;
/** What the process prints beside its log: nothing, or why it ended. */
const OUT_FILE = 'engine.out';

/** The words that start the same engine in a process of its own. Nothing secret is among them. */
export function engineWords({ profile, feed, speed, logLevel }: EngineOptions): string[] {
  const option = (flag: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [flag, `${value}`];
  return [
    'engine',
    'run',
    '--json',
    '--profile',
    profile,
    ...option('--feed', feed === undefined ? undefined : absoluteFeed(feed)),
    ...option('--speed', speed),
    ...option('--log', logLevel),
  ];
}

/** A file is meant from where the user stands, and the engine stands elsewhere. */
export const absoluteFeed = (feed: string): string =>
  feed.startsWith('replay:') ? `replay:${resolve(feed.slice('replay:'.length))}` : feed;

/** The program as this process runs it: compiled in a package, TypeScript in a checkout. */
function program(): string {
  const isCompiled = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(isCompiled ? '../../../bin/dzentra.js' : '../../cli/main.ts', import.meta.url));
}

/**
 * Starts a detached engine and waits until `isReady` answers with its process id. The first error of one that ended is
 * the refusal.
 */
export async function startDetached(
  options: EngineOptions,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  isReady: () => Promise<number | Refusal | undefined>,
  signal: AbortSignal,
): Promise<number | Refusal> {
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  const file = join(folder, OUT_FILE);
  const out = openSync(file, 'w', 0o600);
  fchmodSync(out, 0o600);
  // A debugger on a signal would be a door for every process of the user.
  const child = spawn(process.execPath, ['--disable-sigusr1', program(), ...engineWords(options)], {
    detached: true,
    stdio: ['ignore', out, out],
    cwd: homedir(),
    env,
  });
  closeSync(out);
  let ended: { readonly code: number | null } | undefined;
  child.once('exit', (code) => {
    ended = { code };
  });
  child.once('error', () => {
    ended = { code: null };
  });
  child.unref();
  const pid = await answering(isReady, READY_MS, signal, () => ended !== undefined);
  if (pid !== undefined) return pid;
  if (ended !== undefined) return whyEnded(file, ended.code);
  return refusal(
    6,
    'ENGINE_SLOW',
    `an engine that answers within ${READY_MS / 1_000} s`,
    `process ${child.pid ?? '?'} does not yet`,
    'dzentra engine status, dzentra engine logs',
  );
}

/** Looks again and again until an engine answers, it is `over`, the time is up or the signal aborts. */
export async function answering(
  look: () => Promise<number | Refusal | undefined>,
  msMax: number,
  signal: AbortSignal,
  isOver: () => boolean = () => false,
): Promise<number | undefined> {
  const endAt = performance.now() + msMax;
  while (performance.now() < endAt && !signal.aborted) {
    const pid = await look();
    if (typeof pid === 'number') return pid;
    if (isOver()) return undefined;
    await sleep(LOOK_MS);
  }
  return undefined;
}

/** What the process said last: a refusal of its own goes on as it is. */
function whyEnded(file: string, code: number | null): Refusal {
  const lines = readFileSync(file, 'utf8').trim().split('\n');
  for (const line of lines) {
    const told = readRefusal(line, code);
    if (told !== undefined) return told;
  }
  const found = lines.find((line) => /error|bug/i.test(line)) ?? lines[0] ?? 'nothing said';
  const expected = 'an engine that starts';
  return refusal(
    3,
    'ENGINE_DIED',
    expected,
    `exit ${code ?? 'by a signal'}: ${found.slice(0, 300)}`,
    `look into ${file}`,
  );
}

const EXITS: ReadonlySet<unknown> = new Set<RefusalExit>([2, 3, 4, 5, 6]);
const isExit = (code: number | null): code is RefusalExit => EXITS.has(code);

function readRefusal(line: string, code: number | null): Refusal | undefined {
  if (!line.startsWith('{"schema":"dzentra.error/1"')) return undefined;
  try {
    const told = JSON.parse(line) as Record<'code' | 'expected' | 'found' | 'fix', string>;
    return refusal(isExit(code) ? code : 3, told.code, told.expected, told.found, told.fix);
  } catch {
    return undefined;
  }
}
