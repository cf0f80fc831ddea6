import { closeSync, existsSync, fchmodSync, fstatSync, openSync, renameSync, rmSync, writeSync } from 'node:fs';
import { dirname } from 'node:path';
import { makeFolder } from '../platform/folder.ts';

/** Where lines go. `write` takes a whole line with its newline and says whether it arrived; it never throws. */
export interface LogSink {
  write(line: string): boolean;
  close(): void;
}

/** `path`, `path.1` (the newest of the old ones) up to `filesMax` files of at most `bytesMax` bytes each. */
export interface LogFileOptions {
  readonly path: string;
  readonly bytesMax?: number;
  readonly filesMax?: number;
}

/**
 * A file that only its owner reads (0600, in a folder 0700), rotated by size. One process writes a file.
 * Written at once: what was logged before a crash is there. A full disk loses lines and stops nothing.
 * @throws {Error} where the file cannot be opened at all.
 */
export function logFile({ path, bytesMax = 10 * 2 ** 20, filesMax = 5 }: LogFileOptions): LogSink {
  makeFolder(dirname(path));
  let file = openPrivate(path);
  let size = fstatSync(file).size;
  let isTorn = false;
  let isOpen = true;

  const rotate = (): void => {
    shift(path, filesMax);
    const next = openPrivate(path);
    closeSync(file);
    file = next;
    size = fstatSync(file).size;
  };
  return {
    write(line) {
      // A closed number may already be another file.
      if (!isOpen) return false;
      try {
        const bytes = Buffer.from(isTorn ? `\n${line}` : line);
        if (size > 0 && size + bytes.length > bytesMax) rotate();
        isTorn = true;
        for (let done = 0; done < bytes.length; ) done += writeSync(file, bytes, done);
        isTorn = false;
        size += bytes.length;
        return true;
      } catch {
        return false;
      }
    },
    close() {
      if (isOpen) closeSync(file);
      isOpen = false;
    },
  };
}

/** The terminal or the service manager's journal: file descriptor 2, at once. A closed pipe loses lines, nothing more. */
export function logStderr(descriptor = 2): LogSink {
  return {
    write(line) {
      try {
        writeSync(descriptor, line);
        return true;
      } catch {
        return false;
      }
    },
    close: () => {},
  };
}

/** Also where the file was there before, with the rights of a careless day. */
function openPrivate(path: string): number {
  const file = openSync(path, 'a', 0o600);
  fchmodSync(file, 0o600);
  return file;
}

/** Makes room at `path`: every old file moves on by one, the oldest is overwritten. */
function shift(path: string, filesMax: number): void {
  if (filesMax <= 1) rmSync(path, { force: true });
  const nth = (n: number): string => (n === 0 ? path : `${path}.${n}`);
  for (let n = filesMax - 1; n > 0; n--) if (existsSync(nth(n - 1))) renameSync(nth(n - 1), nth(n));
}
