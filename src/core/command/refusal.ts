import { priceOf, text } from '../base/decimal.ts';

/**
 * Exit codes of a refusal: 1 what was read is not as it was written, 2 without looking at state or market, 3 by account,
 * position or market, 4 venue, 5 no engine, 6 no answer in time.
 */
export type RefusalExit = 1 | 2 | 3 | 4 | 5 | 6;

/** A command that was not carried out, as a value: what was expected, what was found, what to do. */
export interface Refusal {
  readonly ok: false;
  /** An English code that scripts may test: `BAD_OPTION`, `UNKNOWN_STRATEGY`, ... */
  readonly code: string;
  readonly exit: RefusalExit;
  readonly expected: string;
  readonly found: string;
  /** What to do, as an imperative or a command line. */
  readonly fix: string;
}

/** A refusal with its three words: what was expected, what was found, what to do. */
export const refusal = (exit: RefusalExit, code: string, expected: string, found: string, fix: string): Refusal => ({
  ok: false,
  code,
  exit,
  expected: readable(expected),
  found: readable(found),
  fix: readable(fix),
});

/** Digits that a number has meaning in; beyond them stands the noise of binary sums, or of a division. */
const DIGITS = 12;

/** What a denial says, its numbers with the digits that mean something: `267.00000000001` -> `267`. */
export const readable = (words: string): string =>
  words.replace(/(?<![^\s(])\d+\.\d{5,}(?![^\s,;)])/g, (number) =>
    text(priceOf(Number(Number(number).toPrecision(DIGITS)))),
  );

/** Whether a port answered with a refusal. An answer of its own has no `ok: false`. */
export function isRefusal(answer: unknown): answer is Refusal {
  return typeof answer === 'object' && answer !== null && 'ok' in answer && answer.ok === false && 'exit' in answer;
}

/** What a user gave, for a message: quoted, printable and short. */
export function shown(given: string): string {
  const printable = given.replace(/[^\x20-\x7e\u0400-\u04ff]/g, '?');
  return `"${printable.length > 48 ? `${printable.slice(0, 48)}...` : printable}"`;
}

/**
 * What a file or a journal that cannot be used threw, as a refusal: such errors carry the same three words. So is what the
 * system says of files and disks. Anything else is a bug of the program and undefined here.
 */
export function refusalOf(problem: unknown): Refusal | undefined {
  if (!(problem instanceof Error)) return undefined;
  if (!('expected' in problem) || !('found' in problem) || !('fix' in problem)) return systemRefusal(problem);
  const { expected, found, fix } = problem;
  if (typeof expected !== 'string' || typeof found !== 'string' || typeof fix !== 'string') return undefined;
  const code = codeOf(problem);
  const place = 'file' in problem && typeof problem.file === 'string' ? `${problem.file}: ` : '';
  const line = 'line' in problem && typeof problem.line === 'number' ? `line ${problem.line}: ` : '';
  return refusal(exitOfProblem(problem), code, expected, `${place}${line}${found}`, fix);
}

function codeOf(problem: Error): string {
  if (!('code' in problem) || typeof problem.code !== 'string') return 'BAD_DATA';
  return problem.name === 'JournalError' ? `JOURNAL_${problem.code}` : problem.code;
}

/** What is wrong with files themselves, whatever a journal holds. */
const OF_FILES: ReadonlySet<string> = new Set(
  ['UNSAFE', 'FOREIGN', 'NEWER', 'OLDER', 'NO_JOURNAL', 'NOT_DURABLE'].map((code) => `JOURNAL_${code}`),
);

function exitOfProblem(problem: Error): RefusalExit {
  const code = codeOf(problem);
  if (code === 'JOURNAL_DAMAGED') return 1;
  if (OF_FILES.has(code)) return 2;
  if ('exit' in problem && (problem.exit === 2 || problem.exit === 5 || problem.exit === 6)) return problem.exit;
  return problem.name === 'DataError' ? 2 : 3;
}

/** What the system refuses, by its code or that of SQLite. */
const SYSTEM: Readonly<Record<string, 'right' | 'room' | 'path'>> = {
  ...{ EACCES: 'right', EPERM: 'right', EROFS: 'right', SQLITE_8: 'right', SQLITE_14: 'right' },
  ...{ ENOSPC: 'room', EDQUOT: 'room', EFBIG: 'room', SQLITE_10: 'room', SQLITE_13: 'room' },
  ...{ ENOTDIR: 'path', EISDIR: 'path', EEXIST: 'path', ELOOP: 'path', ENAMETOOLONG: 'path', MKDIR: 'path' },
};

const SYSTEM_WORDS = {
  right: [
    'NO_RIGHT',
    'a folder or file that this user may use',
    'give the right to it (chown, chmod), or name another',
  ],
  room: ['DISK_FULL', 'a disk that can be written', 'make room, then the same again: what was written before is whole'],
  path: ['BAD_PATH', 'a path that can be a folder or a file here', 'name another path'],
} as const;

/** Of sockets and processes the same codes mean something else. */
const NO_FILE = /^(connect|listen|bind|spawn)/;

function systemRefusal(problem: Error & { code?: unknown; errcode?: unknown; syscall?: unknown }): Refusal | undefined {
  const { code, errcode, syscall, message } = problem;
  const isOfFile = typeof syscall === 'string' && !NO_FILE.test(syscall);
  // Of SQLite's codes the lowest byte is the kind.
  const name = code === 'ENOENT' && syscall === 'mkdir' ? 'MKDIR' : isOfFile ? String(code) : '';
  const kind = SYSTEM[typeof errcode === 'number' ? `SQLITE_${errcode & 0xff}` : name];
  if (kind === undefined) return undefined;
  const [word, expected, fix] = SYSTEM_WORDS[kind];
  return refusal(2, word, expected, message, fix);
}
