import { closeSync, fstatSync, openSync, readSync, statSync } from 'node:fs';
import { setTimeout as sleep } from 'node:timers/promises';

const CHUNK = 64 * 1024;
const LOOK_MS = 250;

/** The last lines of a file, oldest first; only its end is read. */
export function lastLines(file: string, count: number): readonly string[] {
  const handle = openSync(file, 'r');
  try {
    let from = fstatSync(handle).size;
    let bytes = Buffer.alloc(0);
    while (from > 0 && newlines(bytes) <= count) {
      const size = Math.min(CHUNK, from);
      from -= size;
      bytes = Buffer.concat([read(handle, from, size), bytes]);
    }
    return count === 0 ? [] : linesOf(bytes).slice(-count);
  } finally {
    closeSync(handle);
  }
}

const newlines = (bytes: Buffer): number => bytes.reduce((count, byte) => (byte === 10 ? count + 1 : count), 0);

function read(handle: number, from: number, size: number): Buffer {
  const bytes = Buffer.alloc(size);
  return bytes.subarray(0, readSync(handle, bytes, 0, size, from));
}

const linesOf = (bytes: Buffer): string[] =>
  bytes
    .toString('utf8')
    .split('\n')
    .filter((line) => line !== '');

/** Tells whole lines as they are written, also past a rotation, until the signal aborts. */
export async function followLines(file: string, signal: AbortSignal, onLine: (line: string) => void): Promise<void> {
  let [inode, at] = place(file);
  while (!signal.aborted) {
    await sleep(LOOK_MS, undefined, { signal }).catch(() => undefined);
    const [now, size] = place(file);
    // Another file stands there: it is told from its beginning.
    if (now !== inode) [inode, at] = [now, 0];
    if (size > at) at += tellFrom(file, at, size, onLine);
  }
}

function place(file: string): [inode: number, size: number] {
  const stat = statSync(file, { throwIfNoEntry: false });
  return stat === undefined ? [0, 0] : [stat.ino, stat.size];
}

/** Bytes of the lines that are whole; the rest is told when it is. */
function tellFrom(file: string, from: number, to: number, onLine: (line: string) => void): number {
  const handle = openSync(file, 'r');
  try {
    const bytes = read(handle, from, to - from);
    const whole = bytes.subarray(0, bytes.lastIndexOf(10) + 1);
    for (const line of linesOf(whole)) onLine(line);
    return whole.length;
  } finally {
    closeSync(handle);
  }
}
