import { existsSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { type Refusal, refusal } from '../command/refusal.ts';
import { type BridgeMemory, type BridgeStore, NO_MEMORY } from '../command/telegram/ports.ts';
import { bridgeRuns } from '../command/telegram/refusals.ts';
import { isSecretProblem } from '../config/secrets/key.ts';
import { readPrivate, writePrivate } from '../config/secrets/private-file.ts';
import { JournalError } from '../journal/error.ts';
import { makePrivateFolder, syncFolder } from '../journal/files.ts';
import { type Lock, lockForReading, lockForWriting } from '../journal/lock.ts';
import { refusalOfSecret } from './exchange-rest.ts';
import { memoryOf } from './telegram-memory.ts';

const FILE = 'telegram.json';
/** Screens and alerts that are under way make it grow; people are few. */
const BYTES_MAX = 4 * 2 ** 20;
/** A lock of its own: engine and bridge of a profile run side by side. */
const LOCK_FOLDER = 'telegram';

export const memoryFile = (folder: string): string => join(folder, FILE);

/** Writes a text to a file, whole or not at all: durable once it resolves. */
export type WriteMemory = (file: string, text: string) => Promise<void>;

/** The bridge of a profile: whether one runs, and which process it is where that is known. */
export type Holder = { readonly isHeld: false } | { readonly isHeld: true; readonly pid: number | undefined };

/** Who holds the memory of a profile's bridge, without waiting for it. */
export function bridgeHolder(folder: string): Holder {
  const locked = join(folder, LOCK_FOLDER);
  if (!existsSync(locked)) return { isHeld: false };
  try {
    lockForReading(locked, 0).release();
    return { isHeld: false };
  } catch (problem) {
    if (!(problem instanceof JournalError) || problem.code !== 'IN_USE') throw problem;
    return { isHeld: true, pid: problem.pid };
  }
}

/** Someone who only looks holds the lock for a moment. */
const LOCK_WAIT_MS = 500;

/**
 * Opens the memory of a profile's bridge for one process. A file that cannot be read as one is put aside, and `note` says
 * so; one of a later version is refused and left alone.
 */
export async function openStore(
  folder: string,
  profile: string,
  write: WriteMemory = durably,
): Promise<BridgeStore | Refusal> {
  makePrivateFolder(folder);
  makePrivateFolder(join(folder, LOCK_FOLDER));
  const lock = lockOf(folder);
  if (lock === undefined) return bridgeRuns(profile, pidOf(folder));
  try {
    removeTorn(folder);
    const found = await read(folder);
    if ('ok' in found) {
      lock.release();
      return found;
    }
    return new Store(memoryFile(folder), found, lock, write);
  } catch (problem) {
    lock.release();
    throw problem;
  }
}

/**
 * Takes the memory of a profile along into its new folder, without the alerts that were on their way: the new journal numbers
 * its own from one.
 */
export async function moveMemory(from: string, to: string): Promise<void> {
  if (!existsSync(memoryFile(from))) return;
  const memory = lookAt(from);
  makePrivateFolder(to);
  renameSync(memoryFile(from), memoryFile(to));
  if (memory !== undefined) await writePrivate(memoryFile(to), `${JSON.stringify({ ...memory, sending: [] })}\n`);
  syncFolder(to);
}

/** The memory as it was written last; undefined where none was, or it cannot be read. */
export function lookAt(folder: string): BridgeMemory | undefined {
  try {
    const memory = memoryOf(readFileSync(memoryFile(folder), 'utf8'));
    return typeof memory === 'string' ? undefined : memory;
  } catch {
    return undefined;
  }
}

function lockOf(folder: string): Lock | undefined {
  try {
    return lockForWriting(join(folder, LOCK_FOLDER), LOCK_WAIT_MS);
  } catch (problem) {
    if (problem instanceof JournalError && problem.code === 'IN_USE') return undefined;
    throw problem;
  }
}

function pidOf(folder: string): number | undefined {
  const holder = bridgeHolder(folder);
  return holder.isHeld ? holder.pid : undefined;
}

/** What a process that was killed had not finished. */
function removeTorn(folder: string): void {
  for (const name of readdirSync(folder)) {
    if (name.startsWith(`.${FILE}.`)) rmSync(join(folder, name), { force: true });
  }
}

interface Read {
  readonly memory: BridgeMemory;
  readonly note?: string | undefined;
}

async function read(folder: string): Promise<Read | Refusal> {
  const file = memoryFile(folder);
  const text = await readPrivate(file, 'owner', BYTES_MAX);
  if (text === undefined) return { memory: NO_MEMORY };
  if (isSecretProblem(text)) return refusalOfSecret(text);
  const memory = memoryOf(text);
  if (memory === 'newer') {
    const expected = `the memory of a bridge of this version in ${file}`;
    return refusal(2, 'MEMORY_NEWER', expected, 'one of a later version', 'run that version, or move the file away');
  }
  if (memory !== 'broken') return { memory };
  const aside = `${file}.broken-${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  renameSync(file, aside);
  syncFolder(folder);
  const note = `the memory of the bridge could not be read and is kept as ${aside}: pair again with dzentra telegram pair`;
  return { memory: NO_MEMORY, note };
}

async function durably(file: string, text: string): Promise<void> {
  await writePrivate(file, text);
  syncFolder(join(file, '..'));
}

/** Changes hold at once and are written one file after another; those that come meanwhile go into the next one together. */
class Store implements BridgeStore {
  readonly note: string | undefined;
  readonly #file: string;
  readonly #lock: Lock;
  readonly #write: WriteMemory;
  #memory: BridgeMemory;
  #writing: Promise<void> | undefined;
  #next: Promise<void> | undefined;
  #isClosed = false;

  constructor(file: string, { memory, note }: Read, lock: Lock, write: WriteMemory) {
    this.#file = file;
    this.#memory = memory;
    this.note = note;
    this.#lock = lock;
    this.#write = write;
  }

  get memory(): BridgeMemory {
    return this.#memory;
  }

  /** Rejects where the disk takes nothing; the change holds, and the next write has it. */
  change(change: (memory: BridgeMemory) => BridgeMemory): Promise<void> {
    if (this.#isClosed) return Promise.reject(new Error('expected an open memory of the bridge, found a closed one'));
    this.#memory = change(this.#memory);
    this.#next ??= this.#after(this.#writing);
    return this.#next;
  }

  async close(): Promise<void> {
    if (this.#isClosed) return;
    this.#isClosed = true;
    // What was waiting says by itself what became of it.
    await (this.#next ?? this.#writing)?.catch(() => undefined);
    this.#lock.release();
  }

  async #after(before: Promise<void> | undefined): Promise<void> {
    await before?.catch(() => undefined);
    this.#writing = this.#next;
    this.#next = undefined;
    await this.#write(this.#file, `${JSON.stringify(this.#memory)}\n`);
  }
}
