import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { closeSync, fchmodSync, openSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type Refusal, type RefusalExit, refusal } from '../command/refusal.ts';
import { makeFolder } from '../platform/folder.ts';

const LOOK_MS = 40;

/** A process of our own that goes on when this one ends. */
export interface Detaching {
  /** Words of the command line; nothing secret is among them. */
  readonly words: readonly string[];
  /** Where `outFile` is made: what the process prints beside its log is nothing, or why it ended. */
  readonly folder: string;
  readonly outFile: string;
  readonly env: Readonly<Record<string, string | undefined>>;
  /** Its process id, once it is as it should be. */
  isReady(): Promise<number | Refusal | undefined>;
  readonly msMax: number;
  readonly signal: AbortSignal;
}

/** How it began. Not `isOwn`: another process was first, and ours has ended. `waits`: it runs, and is not ready. */
export type Detached =
  | { readonly is: 'ready'; readonly isOwn: boolean; readonly pid: number }
  | { readonly is: 'ended'; readonly code: number | null; readonly file: string; readonly lines: readonly string[] }
  | { readonly is: 'waits'; readonly pid: number | undefined };

/** The program as this process runs it: compiled in a package, TypeScript in a checkout. */
function program(): string {
  const isCompiled = import.meta.url.endsWith('.js');
  return fileURLToPath(new URL(isCompiled ? '../../../bin/dzentra.js' : '../../cli/main.ts', import.meta.url));
}

/** Starts the program in a process of its own and waits until it is ready, has ended, or the time is up. */
export async function detach(detaching: Detaching): Promise<Detached> {
  const { words, folder, outFile, env, isReady, msMax, signal } = detaching;
  makeFolder(folder);
  const file = join(folder, outFile);
  const out = openSync(file, 'w', 0o600);
  fchmodSync(out, 0o600);
  // A debugger on a signal would be a door for every process of the user.
  const child = spawn(process.execPath, ['--disable-sigusr1', program(), ...words], {
    detached: true,
    stdio: ['ignore', out, out],
    // Not the home: a service's user may have none, or one that it may not enter.
    cwd: folder,
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
  const pid = await answering(isReady, msMax, signal, () => ended !== undefined);
  if (pid !== undefined) {
    const isOwn = pid === child.pid;
    if (!isOwn) {
      // It would take the place of the other one when that ends.
      child.ref();
      if (child.kill()) await once(child, 'exit');
    }
    return { is: 'ready', isOwn, pid };
  }
  if (ended === undefined) return { is: 'waits', pid: child.pid };
  return { is: 'ended', code: ended.code, file, lines: readFileSync(file, 'utf8').trim().split('\n') };
}

/** Looks again and again until one answers, it is `over`, the time is up or the signal aborts. */
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

/** What the process said last: a refusal of its own goes on as it is, anything else is told under `code`. */
export function whyEnded(
  { code, file, lines }: Extract<Detached, { is: 'ended' }>,
  unknown: { readonly code: string; readonly expected: string },
): Refusal {
  for (const line of lines) {
    const told = readRefusal(line, code);
    if (told !== undefined) return told;
  }
  const found = lines.find((line) => /error|bug/i.test(line)) ?? lines[0] ?? 'nothing said';
  const exit = `exit ${code ?? 'by a signal'}`;
  return {
    ok: false,
    exit: 3,
    ...unknown,
    found: `${exit}: ${found.slice(0, 300)}`,
    fix: `look into ${file}`,
  };
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
