import { damaged, explain } from './error.ts';
import { FileJournal, type JournalOptions } from './file-journal.ts';
import { makePrivateFolder } from './files.ts';
import { type Lock, lockForReading, lockForWriting } from './lock.ts';
import { checkFiles, checkMark, openForReading, openForWriting, tailFlaw } from './opening.ts';
import { lastOf, type Segment } from './segment.ts';
import { StoredJournal } from './stored.ts';

export type { FileJournal, JournalOptions } from './file-journal.ts';

export interface ReadingOptions {
  readonly profile?: string | undefined;
  readonly lockWaitMs?: number | undefined;
  /** Entries as they are stored, for whoever holds them against something else. */
  readonly isAsStored?: boolean | undefined;
}

const LOCK_WAIT_MS = 500;

/**
 * Opens the journal of a folder for its one writer, making both where there are none. Rows since the last snapshot are
 * checked. A journal that ends before its mark opens with `lost` set.
 * @throws {JournalError} `IN_USE`, `NEWER`, `FOREIGN`, `UNSAFE`, `DAMAGED` (naming the first bad entry), `NOT_DURABLE`.
 */
export function openJournal(folder: string, options: JournalOptions): FileJournal {
  makePrivateFolder(folder);
  const lock = lockForWriting(folder, options.lockWaitMs ?? LOCK_WAIT_MS);
  return orRelease(folder, lock, (files) => {
    openForWriting(folder, options, files);
    checkFiles(folder, files, options.profile);
    const { lost, flaw = tailFlaw(lastOf(files)) } = checkMark(folder, files);
    if (flaw !== undefined) throw damaged(folder, flaw.seq, flaw.expected, flaw.found);
    return new FileJournal(folder, files, lost, lock, options);
  });
}

/**
 * Opens a journal for reading, beside other readers, while no engine runs. Rows are checked as they are read, and nothing
 * beyond: `verifyJournal` does that.
 * @throws {JournalError} `IN_USE`, `NO_JOURNAL`, `NEWER`, `OLDER`, `FOREIGN`, `DAMAGED`.
 */
export function readJournal(folder: string, options: ReadingOptions = {}): StoredJournal {
  const lock = lockForReading(folder, options.lockWaitMs ?? LOCK_WAIT_MS);
  return orRelease(folder, lock, (files) => {
    openForReading(folder, files);
    checkFiles(folder, files, options.profile);
    return new StoredJournal(folder, files, checkMark(folder, files).lost, () => lock.release(), options.isAsStored);
  });
}

function orRelease<T>(folder: string, lock: Lock, open: (files: Segment[]) => T): T {
  const files: Segment[] = [];
  try {
    return open(files);
  } catch (error) {
    for (const segment of files) segment.close();
    lock.release();
    throw explain(error, folder, 0);
  }
}
