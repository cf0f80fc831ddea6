import { rmSync, statSync } from 'node:fs';
import { DatabaseSync } from 'node:sqlite';
import { pathToFileURL } from 'node:url';
import { damaged, explain, JournalError, sqliteCode, UnbornError } from './error.ts';
import { settle, touchPrivate } from './files.ts';

/** `Dzen` in ASCII: tells a journal from any other SQLite file. */
const APPLICATION_ID = 0x447a656e;

/**
 * Steps from one version of the tables to the next; they touch tables and indexes, never an entry. Instants do not go
 * back in a journal, so a bound in time is found by bisection and costs no index.
 */
export const MIGRATIONS: readonly string[] = [
  `CREATE TABLE segment(
     id INTEGER PRIMARY KEY CHECK (id = 1), number INTEGER NOT NULL, profile TEXT NOT NULL, build TEXT NOT NULL,
     prev_seq INTEGER NOT NULL, prev_hash TEXT NOT NULL, pruned_seq INTEGER NOT NULL, sealed INTEGER NOT NULL
   ) STRICT;
   CREATE TABLE entry(
     seq INTEGER PRIMARY KEY, epoch INTEGER NOT NULL, run INTEGER NOT NULL, account TEXT NOT NULL, kind TEXT NOT NULL,
     v INTEGER NOT NULL, at INTEGER NOT NULL, cause TEXT NOT NULL, body TEXT NOT NULL, hash TEXT NOT NULL
   ) STRICT;
   CREATE INDEX entry_kind ON entry(kind);
   CREATE INDEX entry_run ON entry(run);
   CREATE TABLE run(run INTEGER PRIMARY KEY, symbol TEXT NOT NULL) STRICT;
   CREATE INDEX run_symbol ON run(symbol);
   CREATE TABLE snapshot(
     seq INTEGER PRIMARY KEY, state_version INTEGER NOT NULL, hash TEXT NOT NULL, state TEXT NOT NULL
   ) STRICT;`,
];

/** Another program that holds the file is waited for so long. */
export const BUSY_MS = 5_000;

const SQLITE_READONLY = 8;
const SQLITE_CANTOPEN = 14;

interface Opening {
  readonly readonly?: boolean;
  readonly migrations?: readonly string[];
}

/**
 * Opens a file with the promises of a journal: every commit is on the disk when it returns. Older tables are brought up
 * to date, after a copy of the file as it was: `<file>.v1.bak`.
 * @throws {JournalError} `NEWER`, `OLDER` (read-only), `FOREIGN`, `DAMAGED`, `NOT_DURABLE`.
 */
export function openDatabase(file: string, opening: Opening = {}): DatabaseSync {
  if (opening.readonly !== true) touchPrivate(file);
  try {
    return open(file, file, opening);
  } catch (error) {
    if (opening.readonly !== true || !isUnwritable(error) || !isClosed(file)) throw explain(error, file, 0);
  }
  // Whoever reads a log makes files beside it. Where none may be made, nobody writes the log either.
  const place = pathToFileURL(file);
  place.searchParams.set('immutable', '1');
  try {
    return open(file, place, opening);
  } catch (error) {
    throw explain(error, file, 0);
  }
}

function open(file: string, place: string | URL, { readonly = false, migrations = MIGRATIONS }: Opening): DatabaseSync {
  const db = new DatabaseSync(place, { readOnly: readonly, timeout: BUSY_MS });
  try {
    // The second check costs a writer 5 % of its speed; whoever only reads has come to look for damage.
    db.exec(`PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ${readonly ? 'ON' : 'OFF'};`);
    const version = versionOf(db, file, migrations.length);
    if (!readonly) makeDurable(db, file);
    if (version < migrations.length) migrate(db, file, version, readonly, migrations);
    return db;
  } catch (error) {
    db.close();
    throw error;
  }
}

const isUnwritable = (error: unknown): boolean => [SQLITE_READONLY, SQLITE_CANTOPEN].includes(sqliteCode(error) ?? 0);

/** All of a closed journal is in the file itself. */
const isClosed = (file: string): boolean => (statSync(`${file}-wal`, { throwIfNoEntry: false })?.size ?? 0) === 0;

/** Reads one number that SQLite keeps of itself. */
export function pragma(db: DatabaseSync, name: string): number | string {
  const row = db.prepare(`PRAGMA ${name}`).get();
  return Object.values(row ?? {})[0] as number | string;
}

function versionOf(db: DatabaseSync, file: string, newest: number): number {
  const version = Number(pragma(db, 'user_version'));
  const id = Number(pragma(db, 'application_id'));
  const tables = Number(db.prepare('SELECT count(*) AS n FROM sqlite_schema').get()?.n);
  if (tables > 0 && id !== APPLICATION_ID) {
    const fix = 'Move that file away, or use another --profile.';
    throw new JournalError('FOREIGN', {
      where: file,
      expected: 'a journal of Dzentra',
      found: 'another program wrote this file',
      fix,
    });
  }
  if (tables > 0 && version < 1) throw damaged(file, 0, 'the version of its tables', `${version}`);
  if (version <= newest) return version;
  const found = `this journal was written by a newer Dzentra (tables version ${version})`;
  const fix = 'Install that version again; nothing was changed.';
  throw new JournalError('NEWER', { where: file, expected: `tables version ${newest} or older`, found, fix });
}

/** The first table or index that is not as the migrations make it. What somebody added does not count. */
export function schemaProblem(db: DatabaseSync): string | undefined {
  const made = new DatabaseSync(':memory:');
  for (const step of MIGRATIONS) made.exec(step);
  const wanted = schemaOf(made);
  made.close();
  const found = schemaOf(db);
  const differs = [...wanted.keys()].find((name) => wanted.get(name) !== found.get(name));
  if (differs === undefined) return undefined;
  return found.has(differs) ? `${differs} is another than this program makes` : `${differs} is missing`;
}

/** How each was made, by kind and name. */
function schemaOf(db: DatabaseSync): ReadonlyMap<string, string> {
  const rows = db.prepare('SELECT type, name, sql FROM sqlite_schema').all();
  return new Map(rows.map(({ type, name, sql }) => [`${type} ${name}`, String(sql)]));
}

/** The log must be WAL and every commit synced: both are read back, because SQLite ignores what it cannot do. */
function makeDurable(db: DatabaseSync, file: string): void {
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  const found = `${pragma(db, 'journal_mode')}, synchronous ${pragma(db, 'synchronous')}`;
  if (found === 'wal, synchronous 2') return;
  const fix = 'Keep the state folder on a local disk, not on a network share.';
  throw new JournalError('NOT_DURABLE', { where: file, expected: 'wal, synchronous 2', found, fix });
}

function migrate(
  db: DatabaseSync,
  file: string,
  version: number,
  readonly: boolean,
  migrations: readonly string[],
): void {
  if (readonly) {
    if (version === 0) throw new UnbornError(file, 'the tables of a journal');
    const fix = 'Start the engine once: it brings the tables up to date after a backup.';
    const expected = `tables version ${migrations.length}`;
    throw new JournalError('OLDER', { where: file, expected, found: `tables version ${version}`, fix });
  }
  if (version > 0) copyDatabase(db, `${file}.v${version}.bak`);
  inTransaction(db, () => {
    for (const step of migrations.slice(version)) db.exec(step);
    db.exec(`PRAGMA application_id = ${APPLICATION_ID}; PRAGMA user_version = ${migrations.length};`);
  });
}

/** A copy that is whole also while the file is written to. It takes its name once it is on the disk. */
export function copyDatabase(db: DatabaseSync, target: string): void {
  const part = `${target}.part`;
  rmSync(part, { force: true });
  touchPrivate(part);
  db.prepare('VACUUM INTO ?').run(part);
  settle(part, target);
}

/** All or nothing. The error of the step is thrown, not that of the rollback. */
export function inTransaction(db: DatabaseSync, step: () => void): void {
  db.exec('BEGIN IMMEDIATE');
  try {
    step();
    db.exec('COMMIT');
  } catch (error) {
    try {
      if (db.isTransaction) db.exec('ROLLBACK');
    } catch {
      // The transaction is lost anyway once the process ends, which is what the caller does.
    }
    throw error;
  }
}
