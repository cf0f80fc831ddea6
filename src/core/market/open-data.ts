import { constants, openSync, statSync } from 'node:fs';
import { DataError } from './data-error.ts';

/** What is read to its end must have one: a device may not. A pipe has one that is not known before. */
type Kind = 'file' | 'file or pipe';

/**
 * Opens a file of data for reading; the caller closes the handle.
 * @throws {DataError} where there is none of that kind, or this user may not read it.
 */
export function openData(path: string, kind: Kind, fix?: string): number {
  try {
    const found = statSync(path);
    if (found.isFile()) return openSync(path, 'r');
    // Else it would be opened when somebody writes to it, and until then nothing could end the process.
    if (kind === 'file or pipe' && found.isFIFO()) return openSync(path, constants.O_RDONLY | constants.O_NONBLOCK);
    throw unreadable(path, found.isDirectory() ? 'a folder' : 'a special file', fix);
  } catch (error) {
    throw explainUnreadable(error, path, fix);
  }
}

/** What an error of the disk means for a file of data; errors of other kinds stay as they are. */
export function explainUnreadable(error: unknown, path: string, fix?: string): unknown {
  const { code = '' } = error as NodeJS.ErrnoException;
  if (code === 'ERR_FS_FILE_TOO_LARGE')
    return unreadable(path, 'one over 2 GiB', 'Split it by time: pieces join in the store');
  const found = UNREADABLE[code];
  return found === undefined ? error : unreadable(path, found, fix);
}

const UNREADABLE: Readonly<Record<string, string>> = {
  ENOENT: 'no such file',
  EISDIR: 'a folder',
  EACCES: 'a file that this user may not read',
  EIO: 'a disk that fails',
};

const unreadable = (file: string, found: string, fix = 'Check the path'): DataError =>
  new DataError({ file, expected: 'a readable file', found, fix });
