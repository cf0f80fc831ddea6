import { hash } from 'node:crypto';
import {
  closeSync,
  fdatasyncSync,
  fstatSync,
  ftruncateSync,
  openSync,
  readFileSync,
  rmSync,
  writeFileSync,
  writeSync,
} from 'node:fs';
import { join } from 'node:path';
import type { Link } from './chain.ts';
import { settle, syncFolder, touchPrivate } from './files.ts';

export const MARK_FILE = 'journal.mark';
/** A file of its own: programs that know nothing of it read the mark beside it as ever. */
const EPOCH_FILE = 'journal.epoch';

/** Of 16 digits, 64 and 16 characters of hashes, and what stands between them. */
const MARK_BYTES = 99;

/** Fixed width, so that one write overwrites it whole: seq, hash, check. */
function markText({ seq, hash: rowHash }: Link): string {
  return checked(`${String(seq).padStart(16, '0')} ${rowHash}`);
}

const checked = (content: string): string => `${content} ${hash('sha256', content, 'hex').slice(0, 16)}\n`;

function textOf(file: string): string | undefined {
  try {
    return readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return undefined;
    throw error;
  }
}

/** The high-water mark of a journal, or why there is none. */
export function readMark(file: string): Link | 'missing' | 'unreadable' {
  const content = textOf(file);
  if (content === undefined) return 'missing';
  const [seq = '', rowHash = ''] = content.split(' ');
  const mark = { seq: Number(seq), hash: rowHash };
  return markText(mark) === content ? mark : 'unreadable';
}

/**
 * The last entry that was durable, kept outside the journal: SQLite drops a damaged end of its log without a word, and
 * the mark then shows what is missing.
 */
export class MarkFile {
  readonly #handle: number;
  /** No entry after this one waits for its mark. */
  seq: number;

  /** `seq`: where the journal ends now. A mark beyond it stays until the first commit, so that a loss is told again. */
  constructor(file: string, seq: number) {
    touchPrivate(file);
    this.#handle = openSync(file, 'r+');
    // What stands behind it would stay there, and no mark could be read again.
    if (fstatSync(this.#handle).size > MARK_BYTES) ftruncateSync(this.#handle, MARK_BYTES);
    this.seq = seq;
  }

  write(link: Link): void {
    writeSync(this.#handle, markText(link), 0, 'latin1');
    fdatasyncSync(this.#handle);
    this.seq = link.seq;
  }

  close(): void {
    closeSync(this.#handle);
  }
}

/** The first mark of a journal, or that of a copy, which nobody writes to. */
export function writeMark(folder: string, link: Link): void {
  writeWhole(folder, MARK_FILE, markText(link));
}

/** The last epoch that began here, also where the journal lost it; undefined where nothing tells that can be read. */
export function readEpoch(folder: string): number | undefined {
  const content = textOf(join(folder, EPOCH_FILE));
  const epoch = Number.parseInt(content ?? '', 10);
  return content === checked(String(epoch)) ? epoch : undefined;
}

export function writeEpoch(folder: string, epoch: number): void {
  writeWhole(folder, EPOCH_FILE, checked(String(epoch)));
}

/** Durable, and there as a whole or not at all: the disk may be full. */
function writeWhole(folder: string, name: string, text: string): void {
  const file = join(folder, name);
  const part = `${file}.part`;
  rmSync(part, { force: true });
  writeFileSync(part, text, { mode: 0o600 });
  settle(part, file);
  syncFolder(folder);
}
