import { createHash } from 'node:crypto';
import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { EngineOptions } from '../command/engine.ts';
import { isTooLong } from '../control/folder.ts';
import { type Paths, profileFolder } from './paths.ts';

/** What the engine of a profile leaves in its folder: where it listens, and how it was started. */
export interface EngineCard {
  readonly pid: number;
  readonly socket: string;
  /** What was given at the start; a start that gives less goes on with it. */
  readonly options: Omit<EngineOptions, 'profile'>;
}

const FILE = 'engine.json';

/** The card of a profile's engine, the running or the last one; undefined where there is none that can be read. */
export function readCard(folder: string): EngineCard | undefined {
  const file = join(folder, FILE);
  if (!existsSync(file)) return undefined;
  try {
    const card = JSON.parse(readFileSync(file, 'utf8')) as Partial<EngineCard>;
    const { pid, socket, options } = card;
    if (typeof pid !== 'number' || typeof socket !== 'string' || typeof options !== 'object') return undefined;
    return { pid, socket, options };
  } catch {
    return undefined;
  }
}

export function writeCard(folder: string, card: EngineCard): void {
  const part = join(folder, `${FILE}.part`);
  writeFileSync(part, `${JSON.stringify(card)}\n`, { mode: 0o600 });
  renameSync(part, join(folder, FILE));
}

/**
 * Where the engine of a profile listens: a path that fits the system, in a folder of the user's own. Two state folders
 * with a profile of one name get sockets of their own.
 */
export function socketPath(paths: Paths, profile: string, isUsualState: boolean): string {
  const folder = profileFolder(paths, profile);
  const mark = createHash('sha256').update(folder).digest('hex').slice(0, 8);
  const name = isUsualState ? `${profile}.sock` : `${profile}-${mark}.sock`;
  const path = join(paths.runtime, name);
  if (!isTooLong(path)) return path;
  const short = join(`dzentra-${process.geteuid?.() ?? 'user'}`, `${mark}.sock`);
  const inTemporary = join(tmpdir(), short);
  return isTooLong(inTemporary) ? join('/tmp', short) : inTemporary;
}
