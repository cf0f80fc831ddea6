import { existsSync, readdirSync, statSync } from 'node:fs';
import { basename, dirname, join, resolve } from 'node:path';
import { type Refusal, refusal } from '../command/refusal.ts';
import { TapeError } from '../journal/error.ts';
import {
  isInput,
  readHeader,
  readTape,
  type Tape,
  type TapeName,
  type TapeRecord,
  type Torn,
  tapeName,
  tapeParts,
  windowsFile,
} from '../journal/tape.ts';

/** Tapes of a folder and what is left of some, the newest first: by epoch, then by part. */
export function tapesIn(folder: string): readonly (TapeName & { readonly name: string })[] {
  const files = readdirSync(folder, { withFileTypes: true }).filter((entry) => !entry.isDirectory());
  const named = files.map(({ name }) => ({ name, ...tapeName(name) }));
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
  if (statSync(file).isDirectory()) return refusal(2, 'NO_TAPE', 'a tape', `a folder ${path}`, 'name a tape');
  const { part, windows } = readHeader(file);
  if (windows !== undefined) return dropped('what was kept of one round fills, denials, halts and errors', path);
  const name = tapeName(basename(file));
  const parts = name === undefined ? [] : tapeParts(dirname(file), name.epoch);
  if (part > 1 && !parts.includes(file)) return dropped(`part ${part} without one before it`, path);
  const files = parts.length === 0 ? [file] : parts;
  const { torn } = readTape(files.at(-1) as string);
  return { header: readHeader(files[0] as string), torn, records: { [Symbol.iterator]: () => recordsOf(files) } };
}

/** Inputs are counted: files that were joined, doubled or exchanged do not go on with the next number. */
function* recordsOf(files: readonly string[]): Generator<TapeRecord> {
  let last = Number.NEGATIVE_INFINITY;
  for (const file of files) {
    const { records, torn } = readTape(file);
    if (torn !== undefined && file !== files.at(-1)) throw cutPart(file, torn);
    for (const record of records) {
      if (!(record.n > last || (record.n === last && !isInput(record)))) throw outOfOrder(file, last, record);
      last = record.n;
      yield record;
    }
  }
}

function cutPart(file: string, { offset }: Torn): TapeError {
  const found = `${basename(file)} is cut off within the frame at byte ${offset}, and later parts go on`;
  const fix = 'Take this file from a backup; dzentra journal tape prints what can be read of each.';
  return new TapeError('DAMAGED', { where: file, expected: 'a whole part before the next', found, fix });
}

function outOfOrder(file: string, last: number, { n }: TapeRecord): TapeError {
  const found = n === undefined ? `the header of another tape after input ${last}` : `input ${n} after input ${last}`;
  const fix = 'Name the tape as the engine wrote it: each part in a file of its own, under its own name.';
  return new TapeError('DAMAGED', { where: file, expected: 'the inputs of one epoch in order', found, fix });
}

/** `left` is a file that something can be read from. */
const dropped = (found: string, left: string): Refusal =>
  refusal(3, 'TAPE_DROPPED', 'a tape from its beginning on', found, `dzentra journal tape ${left} prints what is left`);
