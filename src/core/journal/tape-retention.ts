import { readdirSync, rmSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';

export interface Retention {
  readonly ageMsMax?: number | undefined;
  readonly bytesMax?: number | undefined;
  /** The file that is written to: it always stays. */
  readonly open?: string | undefined;
}

const WEEK_MS = 7 * 86_400_000;
const BYTES_MAX = 2 * 1024 ** 3;
const TAPE = /^tape-\d+(-\d{4,})?\.zst$/;

/**
 * Drops tapes last written more than 7 days before `now`, then the oldest until the rest takes at most 2 GB.
 * @param now the system's time in ms: it is compared with the times of the files.
 * @returns names of the files that were dropped, oldest first.
 */
export function pruneTapes(folder: string, now: number, retention: Retention = {}): string[] {
  const { ageMsMax = WEEK_MS, bytesMax = BYTES_MAX, open } = retention;
  const tapes = tapesOf(folder);
  let bytes = tapes.reduce((sum, tape) => sum + tape.bytes, 0);
  const dropped: string[] = [];
  for (const tape of tapes) {
    if (tape.name === (open === undefined ? undefined : basename(open))) continue;
    if (now - tape.writtenAt <= ageMsMax && bytes <= bytesMax) continue;
    rmSync(join(folder, tape.name));
    bytes -= tape.bytes;
    dropped.push(tape.name);
  }
  return dropped;
}

interface TapeOnDisk {
  readonly name: string;
  readonly bytes: number;
  readonly writtenAt: number;
}

function tapesOf(folder: string): TapeOnDisk[] {
  const names = readdirSync(folder).filter((name) => TAPE.test(name));
  const tapes = names.map((name) => {
    const { size, mtimeMs } = statSync(join(folder, name));
    return { name, bytes: size, writtenAt: mtimeMs };
  });
  return tapes.sort((a, b) => a.writtenAt - b.writtenAt || (a.name < b.name ? -1 : 1));
}
