import { open, rename, rm, stat } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { Kind } from '../domain/events.ts';
import { MINUTE_MS } from '../domain/time.ts';
import { createPace, type Pace } from '../platform/pace.ts';
import { syncFolder } from './files.ts';
import type { JournalReader } from './journal.ts';
import { jsonText } from './row.ts';
import { linesWithin, type TapeWindow, windowsFile } from './tape.ts';
import { compressFrame } from './tape-frame.ts';
import { openTapeIndex, type TapeIndex } from './tape-index.ts';

/** So much market time before and after an entry of these kinds outlives its tape. */
const AROUND_MS = 10 * MINUTE_MS;
const KINDS: readonly Kind[] = [
  'order_filled',
  'order_denied',
  // Halts, and the loss limits that lead to them.
  'halted',
  'limit_reached',
  // Errors: of orders, of protection, of the feed and of the clock.
  'order_rejected',
  'order_unknown',
  'flip_incomplete',
  'stop_lost',
  'liquidated',
  'feed_lost',
  'feed_gap',
  'clock_stepped',
];

/** What was kept of a tape. */
export interface Kept {
  /** Spans of market time that its file of windows holds; 0: there is no such file. */
  readonly windows: number;
  /** The first thing of the tape that could not be read. */
  readonly flaw: string | undefined;
}

type Entries = Pick<JournalReader, 'entries'>;

/**
 * Writes what lies round the fills, denials, halts and errors of a tape to the file of its windows, as old as the tape and
 * durable when this resolves. Little of it is in memory at once, and others get their turn in between.
 * @throws where the disk fails or the signal aborts: then nothing has the name of that file.
 */
export async function keepWindows(tape: string, journal: Entries, signal?: AbortSignal): Promise<Kept> {
  const pace = createPace(signal);
  const index = await openTapeIndex(tape, pace);
  try {
    const { header } = index;
    const span = header === undefined ? undefined : await index.span();
    const windows = span === undefined ? [] : await windowsOf(journal, span, pace);
    const isKept = windows.length > 0 && (await write(tape, { ...header, windows }, piecesOf(index, windows)));
    return { windows: isKept ? windows.length : 0, flaw: index.flaw };
  } finally {
    await index.close();
  }
}

/** Windows that meet are one. */
async function windowsOf(journal: Entries, [from, to]: TapeWindow, pace: Pace): Promise<readonly TapeWindow[]> {
  const near = { fromAt: from - AROUND_MS, toAt: to + AROUND_MS };
  const instants: number[] = [];
  // A kind at a time: each is found by an index.
  for (const kind of KINDS) {
    for (const { at } of journal.entries({ ...near, kinds: [kind] })) {
      instants.push(at);
      await pace();
    }
  }
  const windows: [from: number, to: number][] = [];
  for (const at of instants.sort((a, b) => a - b)) {
    const last = windows.at(-1);
    if (last !== undefined && at - AROUND_MS <= last[1]) last[1] = at + AROUND_MS;
    else windows.push([at - AROUND_MS, at + AROUND_MS]);
  }
  return windows;
}

/** @returns whether there was a record to keep: there is no file without one. */
async function write(tape: string, header: object, pieces: AsyncIterable<Buffer>): Promise<boolean> {
  const target = windowsFile(tape);
  const part = `${target}.part`;
  const { atime, mtime } = await stat(tape);
  const handle = await open(part, 'w', 0o600);
  let isWhole = false;
  try {
    await handle.appendFile(compressFrame(`${jsonText(header)}\n`));
    let count = 0;
    for await (const piece of pieces) {
      await handle.appendFile(piece);
      count++;
    }
    await handle.utimes(atime, mtime);
    await handle.sync();
    isWhole = count > 0;
  } finally {
    await handle.close();
    if (!isWhole) await rm(part);
  }
  if (!isWhole) return false;
  await rename(part, target);
  syncFolder(dirname(target));
  return true;
}

/** Frames within a window go as they are stored, a broken one too; of the two on its edges goes what is within. */
async function* piecesOf(index: TapeIndex, windows: readonly TapeWindow[]): AsyncGenerator<Buffer> {
  for (const window of windows) {
    const [from, to] = window;
    const first = Math.max(0, (await index.find((at) => at >= from)) - 1);
    const last = (await index.find((at) => at > to)) - 1;
    if (last < first) continue;
    yield* cut(index, first, window);
    if (last === first) continue;
    yield* index.bytes(first + 1, last);
    yield* cut(index, last, window);
  }
}

async function* cut(index: TapeIndex, frame: number, window: TapeWindow): AsyncGenerator<Buffer> {
  const kept = linesWithin((await index.text(frame)) ?? '', window);
  if (kept.length > 0) yield compressFrame(kept.join(''));
}
