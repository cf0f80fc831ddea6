import { parse, type Rate } from '../base/decimal.ts';
import { CEILINGS, type Ceilings } from '../risk/defaults.ts';
import type { Config, Origin, Setting } from './config.ts';
import { type ExchangeTable, shownProxy } from './exchanges.ts';
import { type Key, LIMIT_KEYS, RUN_KEYS, SHARED_KEYS, variableOf } from './keys.ts';
import { lineOfKey } from './lines.ts';
import { localeOf } from './locale.ts';
import type { ConfigProblem, FileConfig, Scalar } from './read.ts';
import { isSecretName } from './secret-name.ts';
import { TELEGRAM_API, TELEGRAM_KEYS, type TelegramTable } from './telegram.ts';
import { shownUrl, type Webhook } from './webhook.ts';

type Texts = Readonly<Record<string, string | undefined>>;

/** Where values come from, the first before the next: flags, environment, file, defaults. */
export interface Sources {
  readonly file: string;
  /** Undefined where there is none. */
  readonly read: FileConfig | undefined;
  readonly env: Texts;
  /** By key, as given on the command line. */
  readonly flags: Texts;
}

/** The configuration of a profile with the origin of each value, or what is wrong in a variable. */
export function resolve(sources: Sources): Config | ConfigProblem {
  const shared = SHARED_KEYS.map((key) => settled(key, sources, [['shared', [key.name]]]));
  const text = (name: string): string | undefined => shared.find((each) => each.key === name)?.text;
  const profile = text('profile') ?? 'demo';
  const run = RUN_KEYS.map((key) =>
    settled(key, sources, [
      ['profile', ['profiles', profile, key.name]],
      ['run', ['run', key.name]],
    ]),
  );
  const limits = LIMIT_KEYS.map((key) => limited(key, sources));
  const params = paramsOf(sources);
  const sinks = [...webhookSettings(sources), ...telegramSettings(sources)];
  const settings = [...shared, ...limits, ...run, ...params, ...exchangeSettings(sources), ...sinks];
  return (
    problemIn(shared) ?? {
      file: sources.file,
      hasFile: sources.read !== undefined,
      profile,
      profiles: Object.keys(sources.read?.profiles ?? {}),
      settings,
      locale: localeOf(text('language'), sources.env),
      zone: zoneOf(text('zone') ?? 'UTC'),
      theme: text('theme') ?? 'dark',
      ascii: text('ascii') === 'true',
      ceilings: ceilingsOf(limits),
      run: Object.fromEntries(run.flatMap(({ key, text }) => (text === undefined ? [] : [[key, text]]))),
      params: textsOf(sources.read?.params ?? {}),
      exchanges: exchangesOf(sources),
      webhook: webhookOf(sources),
      telegram: telegramOf(sources),
    }
  );
}

type Place = readonly [of: 'shared' | 'profile' | 'run', path: readonly string[]];

/** A flag, else a variable, else the file, else the default. */
function settled(key: Key, { read, env, flags }: Sources, places: readonly Place[]): Setting {
  const { name } = key;
  const make = (text: string | undefined, origin: Origin): Setting => ({
    key: name,
    text,
    origin,
    isSecret: isSecretName(name),
  });
  const flag = flags[name];
  if (flag !== undefined) return make(flag, { from: 'flag', flag: `--${name}` });
  const variable = variableOf(name);
  const told = env[variable];
  if (told !== undefined && told !== '') return make(told, { from: 'env', variable });
  for (const [of, path] of places) {
    const value = read === undefined ? undefined : written(read, of, path);
    if (read !== undefined && value !== undefined)
      return make(String(value), { from: 'file', line: lineOfKey(read.source, path) });
  }
  return make(key.fallback, { from: 'default' });
}

function written(read: FileConfig, of: Place[0], path: readonly string[]): Scalar | undefined {
  const name = path.at(-1) ?? '';
  if (of === 'shared') return read.shared[name];
  return of === 'run' ? read.run[name] : read.profiles[path[1] ?? '']?.[name];
}

/** Ceilings come from the file alone. */
function limited(key: Key, { read }: Sources): Setting {
  const value = read?.limits[key.name];
  const line = read === undefined ? undefined : lineOfKey(read.source, ['limits', key.name]);
  return {
    key: `limits.${key.name}`,
    text: value === undefined ? key.fallback : String(value),
    origin: value === undefined ? { from: 'default' } : { from: 'file', line },
    isSecret: false,
  };
}

function paramsOf({ read }: Sources): readonly Setting[] {
  if (read === undefined) return [];
  return Object.entries(read.params).flatMap(([strategy, table]) =>
    Object.entries(table).map(([name, value]): Setting => {
      const line = lineOfKey(read.source, ['params', strategy, name]);
      const key = `params.${strategy}.${name}`;
      return { key, text: String(value), origin: { from: 'file', line }, isSecret: isSecretName(name) };
    }),
  );
}

/** They come from the file alone: whoever sets a variable must not lead a key elsewhere. */
const exchangesOf = ({ read }: Sources): Record<string, ExchangeTable> =>
  Object.fromEntries(
    Object.entries(textsOf(read?.exchanges ?? {})).map(([name, { endpoint, proxy }]) => [name, { endpoint, proxy }]),
  );

function exchangeSettings({ read }: Sources): readonly Setting[] {
  if (read === undefined) return [];
  return Object.entries(textsOf(read.exchanges)).flatMap(([exchange, table]) =>
    Object.entries(table).map(([name, value]): Setting => {
      const line = lineOfKey(read.source, ['exchanges', exchange, name]);
      const text = name === 'proxy' ? shownProxy(value) : value;
      return { key: `exchanges.${exchange}.${name}`, text, origin: { from: 'file', line }, isSecret: false };
    }),
  );
}

/** From the file alone: whoever sets a variable must not lead alerts elsewhere. */
function webhookOf({ read }: Sources): Webhook | undefined {
  const { url, 'auth-file': authFile } = read?.alerts.webhook ?? {};
  if (url === undefined) return undefined;
  return { url: String(url), authFile: authFile === undefined ? undefined : String(authFile) };
}

function webhookSettings({ read }: Sources): readonly Setting[] {
  if (read === undefined) return [];
  return Object.entries(read.alerts.webhook ?? {}).flatMap(([name, value]): Setting[] => {
    if (value === undefined) return [];
    const text = name === 'url' ? shownUrl(String(value)) : String(value);
    const line = lineOfKey(read.source, ['alerts', 'webhook', name]);
    return [{ key: `alerts.webhook.${name}`, text, origin: { from: 'file', line }, isSecret: false }];
  });
}

/** From the file alone: whoever sets a variable must not lead a token elsewhere, or let a phone do more. */
function telegramOf({ read }: Sources): TelegramTable {
  const { api = TELEGRAM_API, proxy, groups, 'raises-risk': raisesRisk } = read?.telegram ?? {};
  return {
    api: String(api).replace(/\/+$/, ''),
    proxy: proxy === undefined ? undefined : String(proxy),
    groups: groups === true,
    raisesRisk: raisesRisk === true,
  };
}

const telegramSettings = ({ read }: Sources): readonly Setting[] =>
  TELEGRAM_KEYS.map(({ name, fallback }): Setting => {
    const key = `telegram.${name}`;
    const value = read?.telegram[name];
    if (read === undefined || value === undefined)
      return { key, text: fallback, origin: { from: 'default' }, isSecret: false };
    const text = name === 'proxy' ? shownProxy(String(value)) : String(value);
    return { key, text, origin: { from: 'file', line: lineOfKey(read.source, ['telegram', name]) }, isSecret: false };
  });

const textsOf = (tables: FileConfig['params']): Record<string, Record<string, string>> =>
  Object.fromEntries(
    Object.entries(tables).map(([strategy, table]) => [
      strategy,
      Object.fromEntries(
        Object.entries(table).flatMap(([name, value]) => (value === undefined ? [] : [[name, String(value)]])),
      ),
    ]),
  );

function ceilingsOf(limits: readonly Setting[]): Ceilings {
  const of = (name: string, fallback: Rate): Rate => {
    const text = limits.find((each) => each.key === `limits.${name}`)?.text;
    if (text === undefined) return fallback;
    return (text.endsWith('%') ? parse(text.slice(0, -1)) / 100n : parse(text)) as Rate;
  };
  return {
    risk: of('risk', CEILINGS.risk),
    leverage: of('leverage', CEILINGS.leverage),
    leverageCode: CEILINGS.leverageCode,
    reserved: of('reserved', CEILINGS.reserved),
    heat: of('heat', CEILINGS.heat),
  };
}

const ZONE = /^([+-])(\d\d):(\d\d)$/;

/** What a face cannot work with, wherever it was said: the schema has not seen variables and flags. */
function problemIn(shared: readonly Setting[]): ConfigProblem | undefined {
  for (const { key, text, origin } of shared) {
    const choices = SHARED_KEYS.find((each) => each.name === key)?.choices;
    const isBad =
      text !== undefined &&
      (choices?.includes(text) === false ||
        (key === 'zone' && text !== 'UTC' && !ZONE.test(text)) ||
        (key === 'profile' && !/^[a-z0-9][a-z0-9-]{0,31}$/.test(text)));
    if (!isBad) continue;
    const wanted =
      choices !== undefined
        ? `one of ${choices.join(', ')}`
        : key === 'zone'
          ? 'UTC or an offset such as +03:00'
          : 'a name of small letters, digits and hyphens';
    const place = origin.from === 'env' ? `${origin.variable}=` : origin.from === 'flag' ? `${origin.flag} ` : '';
    const line = origin.from === 'file' ? origin.line : undefined;
    return { path: key, line, expected: `${key} with ${wanted}`, found: `${place}"${text}"`, fix: `give ${wanted}` };
  }
  return undefined;
}

function zoneOf(text: string): Config['zone'] {
  const match = ZONE.exec(text);
  if (match === null) return { name: 'UTC', offsetMinutes: 0 };
  const [, sign, hours = '0', minutes = '0'] = match;
  const size = Number(hours) * 60 + Number(minutes);
  const name = `UTC${sign}${Number(hours)}${minutes === '00' ? '' : `:${minutes}`}`;
  return { name, offsetMinutes: sign === '-' ? -size : size };
}
