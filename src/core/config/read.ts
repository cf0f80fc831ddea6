import type { z } from 'zod';
import { ENDPOINT_EXPECTED, EXCHANGE_KEYS, EXCHANGE_NAME, isLoopback, isProxy, PROXY_EXPECTED } from './exchanges.ts';
import { type Key, LIMIT_KEYS, RUN_KEYS, SHARED_KEYS } from './keys.ts';
import { lineOfKey } from './lines.ts';
import { isSecretName } from './secret-name.ts';
import { API_EXPECTED, isApiUrl, TELEGRAM_KEYS } from './telegram.ts';
import { isWebhookUrl, WEBHOOK_EXPECTED, WEBHOOK_KEYS } from './webhook.ts';

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
  const [{ parse, TomlError }, { z }] = await Promise.all([import('smol-toml'), import('zod')]);
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
  const result = schemaOf(z).safeParse(data);
  if (!result.success) return problemOf(result.error.issues[0], source, data, suggest);
  const { limits = {}, run = {}, profiles = {}, params = {}, ...others } = result.data;
  const { exchanges = {}, alerts = {}, telegram = {}, ...shared } = others;
  return { source, shared: shared as Table, limits, run, profiles, params, exchanges, alerts, telegram };
}

export const isProblem = (given: FileConfig | ConfigProblem): given is ConfigProblem => 'expected' in given;

type Zod = typeof z;

function schemaOf(zod: Zod) {
  const scalar = zod.union([zod.string(), zod.number(), zod.boolean()]);
  const table = (keys: readonly Key[]) =>
    zod.strictObject(Object.fromEntries(keys.map((key) => [key.name, choiceOf(zod, key).optional()])));
  const profile = zod.string().regex(/^[a-z0-9][a-z0-9-]{0,31}$/);
  return zod.strictObject({
    ...table(SHARED_KEYS).shape,
    limits: zod
      .strictObject(Object.fromEntries(LIMIT_KEYS.map((key) => [key.name, limitOf(zod, key).optional()])))
      .optional(),
    run: table(RUN_KEYS).optional(),
    profiles: zod.record(profile, table(RUN_KEYS)).optional(),
    params: zod.record(zod.string(), zod.record(zod.string(), scalar)).optional(),
    exchanges: zod.record(zod.string().regex(EXCHANGE_NAME), exchangeOf(zod)).optional(),
    alerts: zod.strictObject({ webhook: webhookOf(zod).optional() }).optional(),
    telegram: telegramOf(zod).optional(),
  });
}

function choiceOf(zod: Zod, { choices, example }: Key) {
  const scalar = zod.union([zod.string(), zod.number(), zod.boolean()], { error: `a value such as ${example}` });
  if (choices === undefined) return scalar;
  return scalar.refine((value) => choices.includes(String(value)), { error: `one of ${choices.join(', ')}` });
}

function exchangeOf(zod: Zod) {
  const text = (error: string, isFit: (value: string) => boolean) =>
    zod.string({ error }).refine(isFit, { error }).optional();
  return zod.strictObject({ endpoint: text(ENDPOINT_EXPECTED, isLoopback), proxy: text(PROXY_EXPECTED, isProxy) });
}

function webhookOf(zod: Zod) {
  const error = WEBHOOK_EXPECTED;
  return zod.strictObject({
    url: zod.string({ error }).refine(isWebhookUrl, { error }),
    'auth-file': zod.string({ error: 'the path of a file' }).min(1, { error: 'the path of a file' }).optional(),
  });
}

function telegramOf(zod: Zod) {
  const text = (error: string, isFit: (value: string) => boolean) =>
    zod.string({ error }).refine(isFit, { error }).optional();
  const toggle = zod.literal([true, false], { error: 'true or false' }).optional();
  return zod.strictObject({
    api: text(API_EXPECTED, isApiUrl),
    proxy: text(PROXY_EXPECTED, isProxy),
    groups: toggle,
    'raises-risk': toggle,
  });
}

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

/** A share above 0 % and at most 100 %, or a leverage from 1 to 20. */
function limitOf(zod: Zod, { name }: Key) {
  const isLeverage = name === 'leverage';
  const error = isLeverage ? 'a leverage from 1 to 20 such as 5' : 'a share above 0% and at most 100% such as "2%"';
  return zod
    .union([zod.string(), zod.number()], { error })
    .refine((value) => (isLeverage ? inside(String(value), 1, 20) : isShare(String(value))), { error });
}

const inside = (text: string, from: number, to: number): boolean =>
  /^\d{1,3}(\.\d{1,6})?$/.test(text) && Number(text) >= from && Number(text) <= to;
const isShare = (text: string): boolean => {
  const value = /^(\d{1,3}(?:\.\d{1,6})?)%$/.exec(text)?.[1];
  return value !== undefined && Number(value) > 0 && Number(value) <= 100;
};

function problemOf(
  issue: z.core.$ZodIssue | undefined,
  source: string,
  data: unknown,
  suggest: Suggest,
): ConfigProblem {
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
function messageOf(issue: z.core.$ZodIssue | undefined): string {
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

/** A proxy may have a password in it. */
const shownValue = (value: unknown): string => (JSON.stringify(value) ?? 'nothing').replace(/\/\/[^"]*@/g, '//***@');

const valueAt = (data: unknown, path: readonly string[]): unknown =>
  path.reduce<unknown>(
    (value, key) => (typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[key] : undefined),
    data,
  );
