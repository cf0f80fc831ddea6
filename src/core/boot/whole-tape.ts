import { existsSync, readdirSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Refusal, refusal } from '../command/refusal.ts';
import {
  readHeader,
  readTape,
  type Tape,
  type TapeName,
  type TapeRecord,
  tapeName,
  tapeParts,
  windowsFile,
} from '../journal/tape.ts';

/** Tapes of a folder and what is left of some, the newest first: by epoch, then by part. */
export function tapesIn(folder: string): readonly (TapeName & { readonly name: string })[] {
  const named = readdirSync(folder).map((name) => ({ name, ...tapeName(name) }));
  return named
    .filter((tape): tape is TapeName & { name: string } => tape.kind !== undefined && tape.kind !== 'unfinished')
    .sort((a, b) => b.epoch - a.epoch || b.part - a.part);
}

/** The newest tape of a folder that is there from its beginning on. */
export function newestTape(folder: string): string | Refusal {
  const tapes = tapesIn(folder);
  const newest = tapes.find(({ kind, part }) => kind === 'whole' && part === 1);
  if (newest !== undefined) return join(folder, newest.name);
  const [left] = tapes;
  if (left !== undefined) return dropped(`none in ${folder}: they are kept 7 days or 2 GB`, join(folder, left.name));
  return refusal(2, 'NO_TAPE', 'a tape', `none in ${folder}`, 'name a tape, or run paper first');
}

/**
 * The tape of an epoch, whichever of its parts is named (a new one begins after 24 h or 256 MB): all parts in order, with
 * the header of the first. Refused where that is gone: the others tell no beginning.
 * @throws {TapeError} like `readTape`.
 */
export function wholeTape(path: string): Tape | Refusal {
  const file = resolve(path);
  if (!existsSync(file)) {
    const windows = windowsFile(file);
    if (existsSync(windows)) return dropped(`no file ${path} any more`, windows);
    return refusal(2, 'NO_TAPE', 'a tape', `no file ${path}`, 'name a tape that is there');
  }
  const named = readTape(file);
  const { part, windows } = named.header;
  if (windows !== undefined) return dropped('what was kept of one round fills, denials, halts and errors', path);
  const name = tapeName(basename(file));
  const parts = name === undefined ? [] : tapeParts(dirname(file), name.epoch);
  const [first, ...later] = parts;
  if (part > 1 && (first === undefined || !parts.includes(file))) {
    return dropped(`part ${part} without one before it`, path);
  }
  if (first === undefined || later.length === 0) return named;
  const last = readTape(later.at(-1) ?? first);
  return { header: readHeader(first), torn: last.torn, records: { [Symbol.iterator]: () => recordsOf(parts) } };
}

function* recordsOf(parts: readonly string[]): Generator<TapeRecord> {
  for (const part of parts) yield* readTape(part).records;
}

/** `left` is a file that something can be read from. */
const dropped = (found: string, left: string): Refusal =>
  refusal(3, 'TAPE_DROPPED', 'a tape from its beginning on', found, `dzentra journal tape ${left} prints what is left`);
