import { readFileSync } from 'node:fs';
import { join } from 'node:path';

type Hung = Readonly<Record<string, string>>;

/** Texts of strategy files that hung an engine, by checksum: what was found; and the file of the profile that keeps them. */
let hung: Hung = {};
let file: string | undefined;

/**
 * An engine starts without what hung it, for the sake of stops and exits, until the text is another one. What hangs from
 * now on is kept in the folder, too.
 */
export function leaveOutHung(folder: string): void {
  file = join(folder, 'hung.json');
  hung = hungOf(file);
}

export const hungFile = (): string | undefined => file;

/** What was found when this text hung. */
export const hungBy = (sha256: string): string | undefined => hung[sha256];

/** What such a file holds; nothing where there is none, or a damaged one. */
export function hungOf(path: string): Hung {
  try {
    return JSON.parse(readFileSync(path, 'utf8')) as Hung;
  } catch {
    return {};
  }
}
