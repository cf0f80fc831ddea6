import { existsSync, mkdirSync, statSync } from 'node:fs';
import { dirname } from 'node:path';

/**
 * Makes a folder and those above it, 0700; one that is there stays as it is. `recursive` of Node never comes back where a
 * folder that is there takes none and calls that ENOENT, as /proc does.
 * @throws {Error} of the system, for the folder that cannot be made.
 */
export function makeFolder(folder: string): void {
  if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() === true) return;
  const above = dirname(folder);
  if (!existsSync(above)) makeFolder(above);
  try {
    mkdirSync(folder, { mode: 0o700 });
  } catch (problem) {
    // Somebody else may have been first.
    if (statSync(folder, { throwIfNoEntry: false })?.isDirectory() !== true) throw problem;
  }
}

/**
 * Whether something is there. Unlike `existsSync` it does not take what it may not look at for nothing.
 * @throws {Error} of the system, where this user has no right to look.
 */
export const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;
