import { chmodSync, existsSync, readdirSync, renameSync, statSync } from 'node:fs';
import { join } from 'node:path';
import type { DatabaseSync } from 'node:sqlite';
import { epochAt } from '../domain/entry.ts';
import { chainFlaw, type Flaw, type Link } from './chain.ts';
import { damaged, JournalError, SQLITE_BUSY, sqliteCode, UnbornError } from './error.ts';
import { checkPrivate, OPEN_FILE, sealedFile, sealedNumber, syncFolder } from './files.ts';
import { MARK_FILE, readEpoch, readMark } from './mark.ts';
import { entryOf, GENESIS, type Row } from './row.ts';
import { BUSY_MS, openDatabase } from './schema.ts';
import { beginSegment, lastOf, Segment } from './segment.ts';
import type { Stored } from './snapshot.ts';

/** What the mark remembers and the journal does not hold. Start HALTED: orders may exist that no entry tells of. */
export interface Lost {
  /** The seq that was durable once; undefined where the mark itself is missing or unreadable. */
  readonly marked: number | undefined;
  /** The seq that the journal ends at. */
  readonly found: number;
  /** The last epoch that began; undefined where nothing tells, and the numbers of those that are lost come again. */
  readonly epoch: number | undefined;
}

/** What a journal that is short should have. */
export function missingOf({ marked, found, epoch }: Lost): string {
  if (marked === undefined) return 'a mark that can be read';
  return marked > found ? `entries up to the mark, ${marked}` : `entries of start ${epoch}`;
}

/** What a start on it says. */
export function lostText(lost: Lost): string {
  const reused =
    lost.epoch === undefined ? '. Which starts it lost is not known: their numbers are given out again' : '';
  return `the journal ended before its mark, after #${lost.found} (expected ${missingOf(lost)}): trading is halted${reused}`;
}

export interface Owner {
  readonly profile: string;
  readonly build: string;
}

/** All files of a folder as they are, oldest first, into `files`: what is open when another one fails is closed by the caller. */
export function openForReading(folder: string, files: Segment[]): void {
  openSealed(folder, files, false);
  const open = openGrowing(join(folder, OPEN_FILE));
  if (open !== undefined) files.push(open);
  if (files.length > 0) return;
  const { lost } = checkMark(folder, files);
  if (lost !== undefined) throw damaged(folder, 1, missingOf(lost), 'no file holds it');
  const fix = 'Check --profile and the state folder, or start the engine once.';
  throw new JournalError('NO_JOURNAL', { where: folder, expected: `a file ${OPEN_FILE}`, found: 'no journal', fix });
}

/** Undefined where it holds nothing, or nothing any more: the mark tells what it held. */
function openGrowing(file: string): Segment | undefined {
  const { size = 0 } = statSync(file, { throwIfNoEntry: false }) ?? {};
  if (size === 0) return undefined;
  try {
    return new Segment(file, openDatabase(file, { readonly: true }));
  } catch (error) {
    if (error instanceof UnbornError) return undefined;
    throw error;
  }
}

/** All files of a folder, the last one ready to be written. It is made where it is missing, from what is before it. */
export function openForWriting(folder: string, owner: Owner, files: Segment[]): void {
  openSealed(folder, files, true);
  const open = join(folder, OPEN_FILE);
  if (existsSync(open)) {
    checkPrivate(open, '600');
    // The last process may have died after it had closed the file for ever, and before it gave it its name.
    chmodSync(open, 0o600);
  }
  let last = begin(folder, owner, files.at(-1));
  if (last.header.isSealed) {
    // The last process died between sealing the file and giving it its name.
    const sealed = seal(folder, last);
    if (sealed !== undefined) {
      files.push(sealed);
      last = begin(folder, owner, sealed);
    }
  }
  files.push(last);
}

/** Opens or begins the file that grows, after `previous`. */
export function begin(folder: string, owner: Owner, previous: Segment | undefined): Segment {
  const before = previous?.last ?? { seq: 0, hash: GENESIS };
  const { number, prunedSeq } = previous?.header ?? { number: 0, prunedSeq: 0 };
  const header = { ...owner, number: number + 1, before, prunedSeq, isSealed: false };
  const symbols = previous?.symbols() ?? new Map<number, string>();
  const segment = beginSegment(join(folder, OPEN_FILE), header, { symbols, snapshot: snapshotAtEnd(previous) });
  syncFolder(folder);
  return segment;
}

/** A snapshot of the last entry opens the next file, so that the older ones can be pruned. */
function snapshotAtEnd(segment: Segment | undefined): Stored | undefined {
  const stored = segment?.snapshots().next().value;
  return segment !== undefined && stored?.seq === segment.last.seq ? stored : undefined;
}

/**
 * Closes a file for ever: one plain file that needs no log beside it. A crash on the way is finished at the next start.
 * @returns undefined where another program has the file open: it stays the one that grows.
 */
export function seal(folder: string, segment: Segment): Segment | undefined {
  const { db, file, header } = segment;
  if (!closeLog(db)) {
    segment.header = { ...header, isSealed: false };
    return undefined;
  }
  db.close();
  const target = join(folder, sealedFile(header.number));
  chmodSync(file, 0o400);
  renameSync(file, target);
  syncFolder(folder);
  return new Segment(target, openDatabase(target, { readonly: true }));
}

/** The log cannot go while another program reads it: nobody waits for one who may stay for days. */
function closeLog(db: DatabaseSync): boolean {
  db.exec('UPDATE segment SET sealed = 1; PRAGMA busy_timeout = 0;');
  try {
    db.exec('PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE;');
    return true;
  } catch (error) {
    if (sqliteCode(error) !== SQLITE_BUSY) throw error;
    db.exec(`PRAGMA busy_timeout = ${BUSY_MS}; UPDATE segment SET sealed = 0;`);
    return false;
  }
}

function openSealed(folder: string, files: Segment[], isWriter: boolean): void {
  if (!existsSync(folder)) return;
  const numbers = readdirSync(folder).map(sealedNumber);
  const sorted = numbers.filter((number) => number !== undefined).sort((a, b) => a - b);
  for (const number of sorted) files.push(openSealedFile(join(folder, sealedFile(number)), isWriter));
}

/** Only a writer brings old tables up to date. */
function openSealedFile(file: string, isWriter: boolean): Segment {
  try {
    return new Segment(file, openDatabase(file, { readonly: true }));
  } catch (error) {
    if (!isWriter || !(error instanceof JournalError) || error.code !== 'OLDER') throw error;
  }
  chmodSync(file, 0o600);
  const db = openDatabase(file);
  db.exec('PRAGMA journal_mode = DELETE');
  db.close();
  chmodSync(file, 0o400);
  return new Segment(file, openDatabase(file, { readonly: true }));
}

/**
 * Holds the files against each other: one profile, no file missing, each begun with the end of the one before. The file
 * that grows tells where they may begin; sealed ones alone are a copy of what was pruned, and begin anywhere.
 */
export function checkFiles(folder: string, files: readonly Segment[], profile: string | undefined): void {
  const newest = lastOf(files).header;
  const prunedSeq = newest.isSealed ? Number.MAX_SAFE_INTEGER : newest.prunedSeq;
  let end: Link | undefined;
  for (const { file, header, last } of files) {
    if (profile !== undefined && header.profile !== profile) throw foreign(file, profile, header.profile);
    const { seq, hash } = header.before;
    const isJoined = end === undefined ? seq <= prunedSeq : seq === end.seq && hash === end.hash;
    if (!isJoined) {
      const found = `${file} begins after entry ${seq}${end?.seq === seq ? ' of another history' : ''}`;
      throw damaged(
        folder,
        (end?.seq ?? prunedSeq) + 1,
        `a file that begins after entry ${end?.seq ?? prunedSeq}`,
        found,
      );
    }
    end = last;
  }
}

function foreign(file: string, profile: string, found: string): JournalError {
  const fix = `Use the profile ${found}, or another state folder.`;
  return new JournalError('FOREIGN', { where: file, expected: `profile ${profile}`, found: `profile ${found}`, fix });
}

/** Checks the rows since the newest valid snapshot of the file that grows. */
export function tailFlaw(segment: Segment): Flaw | undefined {
  let start = segment.header.before;
  for (const stored of segment.snapshots()) {
    if (!segment.isValid(stored)) continue;
    start = stored.seq === start.seq ? start : (segment.row(stored.seq) ?? start);
    break;
  }
  return chainFlaw(start, segment.rows(start.seq + 1), segment.last.seq);
}

/** Holds the journal against its mark: what is lost, or that the marked entry is another one. */
export function checkMark(folder: string, files: readonly Segment[]): { lost?: Lost; flaw?: Flaw } {
  const mark = readMark(join(folder, MARK_FILE));
  const found = files.at(-1)?.last.seq ?? 0;
  const [began = 0, last] = [readEpoch(folder), lastEpoch(folder, files, found)];
  // A program that keeps no numbers may have begun others since: then they tell nothing of what is lost.
  const epoch = began > 0 && began >= last ? began : undefined;
  if (typeof mark === 'string') {
    const isNew = mark === 'missing' && found === 0 && began === 0;
    return isNew ? {} : { lost: { marked: undefined, found, epoch } };
  }
  const lost = { marked: mark.seq, found, epoch };
  if (mark.seq > found) return { lost };
  const before = files.find(({ header }) => header.before.seq === mark.seq)?.header.before;
  const row = before ?? rowAt(files, mark.seq);
  if (row !== undefined && row.hash !== mark.hash)
    return { flaw: { seq: mark.seq, what: 'mark', expected: mark.hash, found: String(row.hash) } };
  return began > last ? { lost } : {};
}

function rowAt(files: readonly Segment[], seq: number): Row | undefined {
  return files.find(({ firstSeq, last }) => seq >= firstSeq && seq <= last.seq)?.row(seq);
}

/** Where the last entry was pruned it is not known, and none is missed. */
function lastEpoch(folder: string, files: readonly Segment[], seq: number): number {
  const row = rowAt(files, seq);
  if (row === undefined) return seq === 0 ? 0 : Number.POSITIVE_INFINITY;
  return epochAt(entryOf(row, folder));
}
