import { hash } from 'node:crypto';
import { closeSync, fdatasyncSync, fstatSync, ftruncateSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import type { Link } from './chain.ts';
import { touchPrivate } from './files.ts';

export const MARK_FILE = 'journal.mark';

/** Of 16 digits, 64 and 16 characters of hashes, and what stands between them. */
const MARK_BYTES = 99;

/** Fixed width, so that one write overwrites it whole: seq, hash, check. */
function markText({ seq, hash: rowHash }: Link): string {
  const content = `${String(seq).padStart(16, '0')} ${rowHash}`;
  return `${content} ${hash('sha256', content, 'hex').slice(0, 16)}\n`;
}

/** The high-water mark of a journal, or why there is none. */
export function readMark(file: string): Link | 'missing' | 'unreadable' {
  let content: string;
  try {
    content = readFileSync(file, 'utf8');
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return 'missing';
    throw error;
  }
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

/** The mark of a copy, which nobody writes to. */
export function writeMark(folder: string, link: Link): void {
  const mark = new MarkFile(join(folder, MARK_FILE), 0);
  mark.write(link);
  mark.close();
}
