import { readdirSync, statSync } from 'node:fs';
import { basename, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type {
  Hooks,
  Interrupted,
  JournalPorts,
  OpenedJournal,
  PruneReport,
  VerifyReport,
  Where,
} from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { JournalError, TapeError } from '../journal/error.ts';
import { csvLines, jsonLines } from '../journal/export.ts';
import { isJournalFile } from '../journal/files.ts';
import { MARK_FILE, readMark } from '../journal/mark.ts';
import { openJournal, readJournal } from '../journal/sqlite.ts';
import { verifying } from '../journal/verify.ts';
import { isThere } from '../platform/folder.ts';
import { createPace, inTurns } from '../platform/pace.ts';
import { BUILD } from './build.ts';
import { readCard } from './engine-card.ts';
import { engineJournal, exportFromEngine } from './engine-journal.ts';
import { REFOLD } from './journal-state.ts';
import { type Paths, profileFolder } from './paths.ts';

/** What an error of the journal in a folder becomes at the edge. Anything else is a bug and goes on. */
export function journalRefusal(error: unknown, folder?: string): Refusal {
  if (!(error instanceof JournalError)) throw error;
  const exit = error.code === 'DAMAGED' || error.code === 'IN_USE' ? 3 : 2;
  return refusal(exit, codeOf(error), error.expected, error.found, stopFix(error, folder) ?? error.fix);
}

function codeOf(error: JournalError): string {
  if (!(error instanceof TapeError)) return `JOURNAL_${error.code}`;
  return error.code === 'NEWER' ? 'TAPE_NEWER' : 'TAPE_DAMAGED';
}

/** A journal that an engine holds is free once that is stopped. */
function stopFix({ code, pid }: JournalError, folder: string | undefined): string | undefined {
  if (code !== 'IN_USE' || folder === undefined || pid === undefined || readCard(folder)?.pid !== pid) return undefined;
  return `dzentra engine stop --profile ${basename(folder)}, then the same again`;
}

/** The folder that is meant, or why there is none. */
export function folderOf(where: Where, paths: Paths): string | Refusal {
  if (where.in === 'folder') {
    return isThere(where.folder) ? where.folder : missing(`no folder ${where.folder}`);
  }
  if (where.in === 'profile') {
    const folder = profileFolder(paths, where.profile);
    return holdsJournal(folder) ? folder : missing(`profile ${where.profile} has none`);
  }
  return latestFolder(paths.state) ?? missing('no profile has one yet');
}

/** What is left of a journal that lost its files is one, too: its mark. */
const holdsJournal = (folder: string): boolean =>
  isThere(folder) && readdirSync(folder).some((name) => isJournalFile(name) || name === MARK_FILE);

const missing = (found: string): Refusal =>
  refusal(
    2,
    'NO_JOURNAL',
    'a journal',
    found,
    'dzentra auto start --foreground writes one; --profile or --dir name another',
  );

function latestFolder(state: string): string | undefined {
  if (!isThere(state)) return undefined;
  let newest: { folder: string; at: number } | undefined;
  for (const name of readdirSync(state)) {
    const folder = join(state, name);
    // What a journal holds while it is written goes with its writer.
    const [wal, db] = ['journal.db-wal', 'journal.db'].map((each) =>
      statSync(join(folder, each), { throwIfNoEntry: false }),
    );
    // An engine that was refused before its first entry leaves a journal that tells nothing.
    if (db === undefined || (wal === undefined && isEmpty(folder))) continue;
    const at = Math.max(wal?.mtimeMs ?? 0, db.mtimeMs);
    if (newest === undefined || at > newest.at) newest = { folder, at };
  }
  return newest?.folder;
}

function isEmpty(folder: string): boolean {
  const mark = readMark(join(folder, MARK_FILE));
  return typeof mark === 'object' && mark.seq === 0;
}

/** The journal commands' ports: an engine that runs is asked, else files are opened read-only, beside other readers. */
export function journalPorts(paths: Paths): JournalPorts {
  const within = async <T>(where: Where, use: (folder: string) => T | Promise<T>): Promise<T | Refusal> => {
    const folder = folderOf(where, paths);
    if (typeof folder !== 'string') return folder;
    try {
      return await use(folder);
    } catch (error) {
      const refused = journalRefusal(error, folder);
      // As `verify` says it: nothing was asked of an account.
      return refused.code === 'JOURNAL_DAMAGED' ? { ...refused, exit: 1 } : refused;
    }
  };
  return {
    open: (where) =>
      within(where, async (folder): Promise<OpenedJournal> => {
        const held = await engineJournal(folder);
        if (held !== undefined) return held;
        const stored = readJournal(folder);
        return {
          name: basename(folder),
          lastSeq: stored.lastSeq,
          entry: (seq) => stored.entry(seq),
          hashOf: (seq) => stored.hashOf(seq),
          entries: (query) => stored.entries(query),
          close: () => stored.close(),
        };
      }),
    verify: (where, hooks) => within(where, (folder) => verify(folder, hooks)),
    prune: (where, beforeAt, backup, signal) => within(where, (folder) => prune(folder, beforeAt, backup, signal)),
    export: (where, format, query, write, signal) =>
      within(where, async (folder) => {
        const held = await exportFromEngine(folder, format, query, write, signal);
        const name = basename(folder);
        if (held !== undefined) return { ...held, name };
        const stored = readJournal(folder);
        const pace = createPace(signal);
        try {
          let entries = 0;
          for (const piece of (format === 'csv' ? csvLines : jsonLines)(stored.entries(query))) {
            await write(piece);
            await pace();
            entries++;
          }
          return { name, entries: Math.max(0, format === 'csv' ? entries - 1 : entries) };
        } finally {
          stored.close();
        }
      }),
  };
}

async function verify(folder: string, { signal, progress }: Hooks): Promise<VerifyReport> {
  const { lastSeq, segments } = reachOf(folder);
  const found = await inTurns(
    verifying(folder, REFOLD, (seq) => progress(seq, lastSeq)),
    signal,
  );
  const name = basename(folder);
  if (!found.ok) {
    const { seq, what, expected, found: was } = found;
    return {
      name,
      entries: Math.max(0, seq - 1),
      lastSeq,
      segments,
      snapshots: 0,
      runs: [],
      first: { seq, what, expected, found: was },
    };
  }
  const { hash } = found;
  const runs = [...found.digests].map(([run, { digest, entries }]) => ({ run, entries, digest }));
  return { name, entries: found.entries, lastSeq, hash, segments, snapshots: found.snapshots, runs };
}

/** How far a journal goes and in how many files; one that cannot be opened for its damage is told by its names alone. */
function reachOf(folder: string): Pick<VerifyReport, 'lastSeq' | 'segments'> {
  try {
    const stored = readJournal(folder);
    stored.close();
    return { lastSeq: stored.lastSeq, segments: stored.segments.length };
  } catch (error) {
    if (!(error instanceof JournalError) || error.code !== 'DAMAGED') throw error;
    return { lastSeq: 0, segments: readdirSync(folder).filter(isJournalFile).length };
  }
}

const prunedText = (files: number, backup: string): string =>
  `files dropped: ${files}, their copies are in ${backup}; run it again for the rest`;

/** A file at a time: what a signal leaves behind is a journal as whole as the one before it. */
async function prune(
  folder: string,
  beforeAt: number,
  backup: string,
  signal: AbortSignal,
): Promise<PruneReport | Interrupted> {
  const reader = readJournal(folder);
  const { profile } = reader.segments[0]?.header ?? { profile: '' };
  const files = reader.segments.map((segment) => ({
    file: basename(segment.file),
    firstSeq: segment.firstSeq,
    lastSeq: segment.last.seq,
    lastAt: segment.lastAt,
  }));
  reader.close();
  const journal = openJournal(folder, { profile, build: BUILD, clock: () => performance.now() });
  try {
    const names = new Set<string>();
    for (const { lastAt } of files.filter((each) => each.lastAt < beforeAt)) {
      for (const name of journal.prune(lastAt + 1, backup)) names.add(name);
      await turn();
      if (signal.aborted) return { interrupted: true, saved: [prunedText(names.size, backup)] };
    }
    const dropped = files.filter((each) => names.has(each.file)).map(({ lastAt, ...file }) => file);
    return {
      name: basename(folder),
      dropped,
      backups: [...names].map((name) => join(backup, name)),
      kept: files.length - dropped.length,
    };
  } finally {
    journal.close();
  }
}
