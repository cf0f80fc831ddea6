import { readdirSync, rmSync, statSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { basename, join } from 'node:path';
import { DAY_MS, WEEK_MS } from '../domain/time.ts';
import type { JournalReader } from './journal.ts';
import { type TapeName, tapeName } from './tape.ts';
import { type Kept, keepWindows } from './tape-windows.ts';

/** What the files of a folder are held against. */
export interface Retention {
  /** Tells what happened when: what lies round it outlives its tape. */
  readonly journal: Pick<JournalReader, 'entries'>;
  /** The file that is written to: it always stays. */
  readonly open?: (() => string | undefined) | undefined;
  readonly bytesMax?: number | undefined;
  readonly signal?: AbortSignal | undefined;
}

/** A file that is gone; `kept`, where it was a tape: what is left of it. */
export interface Dropped {
  readonly name: string;
  readonly bytes: number;
  readonly kept: Kept | undefined;
}

const WINDOWS_AGE_MS = 90 * DAY_MS;
const BYTES_MAX = 2 * 1024 ** 3;

/**
 * Drops tapes last written more than 7 days before `now`, all parts of an epoch together (none can be played without those
 * before it), then the oldest parts until all files take at most 2 GB. What lies round their fills, denials, halts and errors
 * is kept first, in files of windows that go after 90 days, the oldest also where they would take more than half of the 2 GB.
 * @param now the system's time in ms: it is compared with the times of the files.
 * @throws where the disk fails or the signal aborts: a tape that is not done with is there.
 */
export async function* pruneTapes(folder: string, now: number, retention: Retention): AsyncGenerator<Dropped> {
  for (const { name } of filesOf(folder, 'unfinished')) rmSync(join(folder, name));
  for (let due = dueOf(folder, now, retention); due !== undefined; due = dueOf(folder, now, retention)) {
    const { name, bytes, kind } = due;
    const file = join(folder, name);
    const kept = kind === 'whole' ? await keepWindows(file, retention.journal, retention.signal) : undefined;
    await rm(file);
    yield { name, bytes, kept };
  }
}

/** The next file that has to go. */
function dueOf(folder: string, now: number, retention: Retention): FileOnDisk | undefined {
  const { bytesMax = BYTES_MAX, open } = retention;
  const opened = basename(open?.() ?? '');
  const windows = filesOf(folder, 'windows');
  const tapes = filesOf(folder, 'whole');
  const closed = tapes.filter(({ name }) => name !== opened);
  const lately = new Set(tapes.filter(({ writtenAt }) => now - writtenAt <= WEEK_MS).map(({ epoch }) => epoch));
  return (
    windows.find(({ writtenAt }) => now - writtenAt > WINDOWS_AGE_MS) ??
    (bytesOf(windows) > bytesMax / 2 ? windows[0] : undefined) ??
    closed.find(({ epoch }) => !lately.has(epoch)) ??
    (bytesOf(windows) + bytesOf(tapes) > bytesMax ? closed[0] : undefined)
  );
}

interface FileOnDisk extends TapeName {
  readonly name: string;
  readonly bytes: number;
  readonly writtenAt: number;
}

const bytesOf = (files: readonly FileOnDisk[]): number => files.reduce((sum, { bytes }) => sum + bytes, 0);

/** The oldest first. */
function filesOf(folder: string, kind: TapeName['kind']): FileOnDisk[] {
  const files = readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const { name } = entry;
    const told = tapeName(name);
    if (told?.kind !== kind || entry.isDirectory()) return [];
    const { size, mtimeMs } = statSync(join(folder, name));
    return [{ name, ...told, bytes: size, writtenAt: mtimeMs }];
  });
  return files.sort((a, b) => a.writtenAt - b.writtenAt || (a.name < b.name ? -1 : 1));
}
