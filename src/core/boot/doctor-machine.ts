import { existsSync, statfsSync, statSync } from 'node:fs';
import { access, constants } from 'node:fs/promises';
import { dirname } from 'node:path';
import type { DatabaseFacts, FolderFacts, MachineFacts, TerminalFacts } from '../command/doctor/ports.ts';
import { isRefusal } from '../command/refusal.ts';
import { JournalError } from '../journal/error.ts';
import { missingOf } from '../journal/opening.ts';
import { readJournal } from '../journal/sqlite.ts';
import { configPorts } from './config.ts';
import { logFileOf, type Paths, profileFolder } from './paths.ts';
import { secretPlaces } from './secret-places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** File systems that lose a journal or its locks, by the numbers of statfs(2). */
const WEAK: Readonly<Record<number, string>> = {
  16914836: 'tmpfs',
  2240043254: 'ramfs',
  26985: 'nfs',
  4283649346: 'smb',
  4266872130: 'smb',
  20859: 'smb',
  22092550: 'sshfs or another fuse',
};

/** What is known of this machine and of the folders of a profile. */
export async function machineFacts(paths: Paths, env: Environment, profile: string): Promise<MachineFacts> {
  const path = profileFolder(paths, profile);
  const config = await configPorts(paths, env).load();
  const keyring = await secretPlaces(paths, env).keyring();
  const file = logFileOf(paths, profile);
  const log = statSync(file, { throwIfNoEntry: false });
  return {
    node: { version: process.versions.node, isFit: isFit(process.versions.node) },
    isRoot: process.geteuid?.() === 0,
    folder: await folderFacts(path),
    database: databaseFacts(path),
    disk: diskFacts(path),
    config: isRefusal(config) ? config : { file: config.file, state: config.hasFile ? 'sound' : 'none' },
    log: { file, bytes: log?.size ?? null, isPrivate: ((log?.mode ?? 0) & 0o077) === 0 },
    whyNoKeyring: typeof keyring === 'string' ? keyring : null,
    terminal: terminalFacts(env),
  };
}

/** As the package says: 24.15 and later of line 24, and 26 and up. */
function isFit(version: string): boolean {
  const [major = 0, minor = 0] = version.split('.').map(Number);
  return major >= 26 || (major === 24 && minor >= 15);
}

async function folderFacts(path: string): Promise<FolderFacts> {
  const found = statSync(path, { throwIfNoEntry: false });
  const user = process.geteuid?.();
  return {
    path,
    isThere: found !== undefined,
    isOwn: found === undefined || user === undefined || found.uid === user,
    mode: user === undefined ? 0o700 : (found?.mode ?? 0o700) & 0o777,
    isWritable: found === undefined || (await isWritable(path)),
    weakSystem: WEAK[Number(statfsOf(path)?.type ?? 0)] ?? null,
  };
}

async function isWritable(path: string): Promise<boolean> {
  try {
    await access(path, constants.W_OK | constants.X_OK);
    return true;
  } catch {
    return false;
  }
}

/** The file system of a folder, or of the nearest one above it that is there. */
function statfsOf(path: string): ReturnType<typeof statfsSync> | undefined {
  try {
    return existsSync(path) || dirname(path) === path ? statfsSync(path) : statfsOf(dirname(path));
  } catch {
    return undefined;
  }
}

function diskFacts(path: string): MachineFacts['disk'] {
  const found = statfsOf(path);
  if (found === undefined) return null;
  const size = Number(found.bsize);
  return { freeBytes: Number(found.bavail) * size, totalBytes: Number(found.blocks) * size };
}

/** Opens the journal beside other readers and holds it against its mark; an engine that has it is not disturbed. */
function databaseFacts(folder: string): DatabaseFacts {
  if (!existsSync(folder)) return { state: 'none' };
  try {
    const journal = readJournal(folder, { lockWaitMs: 0 });
    const { lastSeq, lost } = journal;
    journal.close();
    return { state: 'open', lastSeq, missing: lost && missingOf(lost) };
  } catch (problem) {
    if (!(problem instanceof JournalError)) throw problem;
    if (problem.code === 'NO_JOURNAL') return { state: 'none' };
    if (problem.code === 'IN_USE') return { state: 'held', by: `process ${problem.pid ?? '?'}` };
    return {
      state: 'bad',
      found: `${problem.code}: expected ${problem.expected}, found ${problem.found}`,
      fix: problem.fix,
    };
  }
}

function terminalFacts(env: Environment): TerminalFacts {
  const { stdout } = process;
  const isTerminal = stdout.isTTY === true;
  const locale = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((each) => (each ?? '') !== '') ?? '';
  return {
    isTerminal,
    // A terminal that nobody gave a size says 0.
    columns: isTerminal ? stdout.columns || null : null,
    rows: isTerminal ? stdout.rows || null : null,
    colorBits: isTerminal ? stdout.getColorDepth({ ...env }) : 1,
    isUtf8: process.platform === 'win32' || process.platform === 'darwin' || /utf-?8/i.test(locale),
  };
}
