import type { core } from 'zod';
import { EXCHANGE_KEYS } from './exchanges.ts';
import { type Key, LIMIT_KEYS, RUN_KEYS, SHARED_KEYS } from './keys.ts';
import { lineOfKey } from './lines.ts';
import { isSecretName } from './secret-name.ts';
import { TELEGRAM_KEYS } from './telegram.ts';
import { WEBHOOK_KEYS } from './webhook.ts';

/** Values as a file has them: texts, numbers and switches. */
export type Scalar = string | number | boolean;
export type Table = Readonly<Record<string, Scalar | undefined>>;

/** A file that was read and fits the schema. */
export interface FileConfig {
  readonly source: string;
  readonly shared: Table;
  readonly limits: Table;
  readonly run: Table;
  readonly profiles: Readonly<Record<string, Table>>;
  readonly params: Readonly<Record<string, Table>>;
  readonly exchanges: Readonly<Record<string, Table>>;
  /** Where alerts go: `webhook` alone. */
  readonly alerts: Readonly<Record<string, Table | undefined>>;
  /** The bridge. */
  readonly telegram: Table;
}

/** What is wrong in a file: the first thing, with its place. */
export interface ConfigProblem {
  readonly path: string;
  readonly line: number | undefined;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** The name that was probably meant, of a few. */
export type Suggest = (given: string, names: readonly string[]) => string | undefined;

/** Reads TOML and holds it against the schema: no key that is not known, no value of another kind. */
export async function readConfig(source: string, suggest: Suggest): Promise<FileConfig | ConfigProblem> {
  const [{ parse, TomlError }, { SCHEMA }] = await Promise.all([import('smol-toml'), import('./schema.ts')]);
  let data: unknown;
  try {
    data = parse(source);
  } catch (problem) {
    if (!(problem instanceof TomlError)) throw problem;
    const [reason = ''] = problem.message.replace(/^Invalid TOML document: /, '').split('\n');
    return {
      path: '',
      line: problem.line,
      expected: 'TOML such as key = "value"',
      found: reason,
      fix: 'correct the line',
    };
  }
  const secret = secretIn(data);
  if (secret !== undefined) return secretProblem(secret, source);
  const result = SCHEMA.safeParse(data);
  if (!result.success) return problemOf(result.error.issues[0], source, data, suggest);
  const { limits = {}, run = {}, profiles = {}, params = {}, ...others } = result.data;
  const { exchanges = {}, alerts = {}, telegram = {}, ...shared } = others;
  return { source, shared: shared as Table, limits, run, profiles, params, exchanges, alerts, telegram };
}

export const isProblem = (given: FileConfig | ConfigProblem): given is ConfigProblem => 'expected' in given;

/** The path of the first value whose name is that of a secret. */
function secretIn(data: unknown, path: readonly string[] = []): readonly string[] | undefined {
  if (typeof data !== 'object' || data === null || Array.isArray(data))
    return isSecretName(path.at(-1) ?? '') ? path : undefined;
  for (const [name, value] of Object.entries(data)) {
    const found = secretIn(value, [...path, name]);
    if (found !== undefined) return found;
  }
  return undefined;
}

/** Its value is told nowhere. */
function secretProblem(path: readonly string[], source: string): ConfigProblem {
  const exchange = path[0] === 'exchanges' && path.length > 2 ? path[1] : 'EXCHANGE';
  const places: Readonly<Record<string, string>> = {
    alerts: 'write it to a file of mode 0600 and name that as auth-file',
    telegram: 'dzentra telegram pair',
  };
  const place = places[path[0] ?? ''] ?? `dzentra keys add ${exchange}`;
  return {
    path: path.join('.'),
    line: lineOfKey(source, path),
    expected: 'no secret in this file',
    found: `a value of "${path.join('.')}"`,
    fix: `${place}, take the line away, and make a new key where others have read it`,
  };
}

function problemOf(issue: core.$ZodIssue | undefined, source: string, data: unknown, suggest: Suggest): ConfigProblem {
  const path = (issue?.path ?? []).map(String);
  if (issue?.code === 'unrecognized_keys') return unknownKey(path, issue.keys[0] ?? '', source, suggest);
  const isName = issue?.code === 'invalid_key';
  const isExchange = path[0] === 'exchanges';
  const name = isExchange
    ? 'the name of an exchange such as binanceusdm'
    : 'a profile of small letters, digits and hyphens';
  const expected = isName ? name : messageOf(issue);
  const found = isName ? `"${path.at(-1) ?? ''}"` : shownValue(valueAt(data, path));
  const choices = [...SHARED_KEYS].find((key) => key.name === path.at(-1) && path.length === 1)?.choices;
  const near = choices === undefined ? undefined : suggest(String(valueAt(data, path)), choices);
  const usual =
    (isExchange && !isName) || path[0] === 'telegram' ? 'leave it out, or write it so' : `write ${expected}`;
  const fix = near === undefined ? usual : `did you mean ${near}?`;
  return {
    path: path.join('.'),
    line: lineOfKey(source, path),
    expected: `${path.join('.')} with ${expected}`,
    found,
    fix,
  };
}

/** A union tells its own words; a table that is none is told as one. */
function messageOf(issue: core.$ZodIssue | undefined): string {
  if (issue?.code === 'invalid_type')
    return issue.expected === 'object' || issue.expected === 'record' ? 'a table' : `a ${issue.expected}`;
  return issue?.message ?? 'another value';
}

function unknownKey(path: readonly string[], key: string, source: string, suggest: Suggest): ConfigProblem {
  const known = namesAt(path);
  const near = suggest(key, known);
  const full = [...path, key];
  const place = path.length === 0 ? 'a key of the file' : `a key of [${path.join('.')}]`;
  const others = known.length > 12 ? `${known.slice(0, 12).join(', ')}, ...` : known.join(', ');
  return {
    path: full.join('.'),
    line: lineOfKey(source, full),
    expected: place,
    found: `"${key}"`,
    fix: near === undefined ? `use one of ${others}` : `did you mean ${near}?`,
  };
}

const TABLES = ['limits', 'run', 'profiles', 'params', 'exchanges', 'alerts', 'telegram'] as const;

function namesAt(path: readonly string[]): readonly string[] {
  const names = (keys: readonly Key[]): string[] => keys.map((key) => key.name);
  if (path.length === 0) return [...names(SHARED_KEYS), ...TABLES];
  if (path[0] === 'telegram') return names(TELEGRAM_KEYS);
  if (path[0] === 'exchanges') return names(EXCHANGE_KEYS);
  if (path[0] === 'alerts') return path.length === 1 ? ['webhook'] : names(WEBHOOK_KEYS);
  return path[0] === 'limits' ? names(LIMIT_KEYS) : names(RUN_KEYS);
}

/** A proxy may have a password in it; JSON has no `nan` and `inf`. */
const shownValue = (value: unknown): string =>
  typeof value === 'number' ? `${value}` : (JSON.stringify(value) ?? 'nothing').replace(/\/\/[^"]*@/g, '//***@');

const valueAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    data,
  );
