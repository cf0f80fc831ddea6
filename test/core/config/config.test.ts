import { describe, expect, it } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import { autoStart } from '../../../src/core/command/auto/start.ts';
import { flagOf } from '../../../src/core/command/command.ts';
import type { Config } from '../../../src/core/config/config.ts';
import { RUN_KEYS, template } from '../../../src/core/config/keys.ts';
import { lineOfKey } from '../../../src/core/config/lines.ts';
import { isProblem, readConfig } from '../../../src/core/config/read.ts';
import { resolve } from '../../../src/core/config/resolve.ts';
import { nearest } from '../../../src/core/strategy/nearest.ts';

const FILE = 'config.toml';

async function configOf(
  source: string | undefined,
  env: Record<string, string> = {},
  flags: Record<string, string> = {},
): Promise<Config> {
  const read = source === undefined ? undefined : await readConfig(source, nearest);
  if (read !== undefined && isProblem(read)) throw new Error(JSON.stringify(read));
  const config = resolve({ file: FILE, read, env, flags });
  if ('expected' in config) throw new Error(JSON.stringify(config));
  return config;
}

const settingOf = ({ settings }: Config, key: string) => {
  const { text, origin } = settings.find((each) => each.key === key) ?? {};
  return { text, ...origin };
};

describe('a configuration', () => {
  const source = [
    'theme = "light"',
    '',
    '[run]',
    'risk = "1%"',
    'leverage = 3',
    '',
    '[profiles.swing]',
    'risk = "0.25%"',
  ];
  const text = source.join('\n');

  it('takes flags over the environment over the profile over the file over the default, and tells which', async () => {
    const plain = await configOf(text);
    expect(settingOf(plain, 'theme')).toEqual({ text: 'light', from: 'file', line: 1 });
    expect(settingOf(plain, 'zone')).toEqual({ text: 'UTC', from: 'default' });
    expect(settingOf(plain, 'risk')).toEqual({ text: '1%', from: 'file', line: 4 });
    const swing = await configOf(text, { DZENTRA_PROFILE: 'swing' });
    expect(settingOf(swing, 'risk')).toEqual({ text: '0.25%', from: 'file', line: 8 });
    expect(settingOf(swing, 'leverage')).toEqual({ text: '3', from: 'file', line: 5 });
    const told = await configOf(text, { DZENTRA_PROFILE: 'swing', DZENTRA_RISK: '2%' }, { theme: 'dark' });
    expect(settingOf(told, 'risk')).toEqual({ text: '2%', from: 'env', variable: 'DZENTRA_RISK' });
    expect(settingOf(told, 'theme')).toEqual({ text: 'dark', from: 'flag', flag: '--theme' });
    expect(told.run).toEqual({ risk: '2%', leverage: '3' });
  });

  it('without a file is the defaults', async () => {
    const { hasFile, profile, theme, run, ceilings } = await configOf(undefined);
    expect({ hasFile, profile, theme, run }).toEqual({ hasFile: false, profile: 'demo', theme: 'dark', run: {} });
    expect(ceilings.leverage).toBe(rate('5'));
  });

  it('sets ceilings in the file alone', async () => {
    const { ceilings } = await configOf('[limits]\nrisk = "0.5%"\nleverage = 10', { DZENTRA_LIMITS_RISK: '50%' });
    expect(ceilings).toMatchObject({ risk: rate('0.005'), leverage: rate('10'), heat: rate('0.06') });
  });

  it.each([
    [{ LANG: 'ru_RU.UTF-8' }, 'ru'],
    [{ LC_ALL: 'en_US.UTF-8', LANG: 'ru_RU.UTF-8' }, 'en'],
    [{ LC_MESSAGES: 'ru', LANG: 'en_US.UTF-8' }, 'ru'],
    [{ LANG: 'C' }, 'en'],
    [{ LANG: 'rundi' }, 'en'],
    [{ DZENTRA_LANGUAGE: 'ru', LC_ALL: 'en_US.UTF-8' }, 'ru'],
  ])('speaks the language of %o: %s', async (env, locale) => {
    expect((await configOf(undefined, env as Record<string, string>)).locale).toBe(locale);
  });

  it.each([
    ['UTC', { name: 'UTC', offsetMinutes: 0 }],
    ['+03:00', { name: 'UTC+3', offsetMinutes: 180 }],
    ['-05:30', { name: 'UTC-5:30', offsetMinutes: -330 }],
  ])('has the zone %s', async (zone, expected) => {
    expect((await configOf(`zone = "${zone}"`)).zone).toEqual(expected);
  });

  it('keeps parameters by strategy', async () => {
    const { params } = await configOf('[params.ema-cross]\nfast = 9\nprice = "mid"');
    expect(params).toEqual({ 'ema-cross': { fast: '9', price: 'mid' } });
  });
});

describe('what is wrong in a file', () => {
  it.each([
    ['lanuage = "ru"', { line: 1, expected: 'a key of the file', found: '"lanuage"', fix: 'did you mean language?' }],
    ['[run]\nrisk = "1%"\nleverge = 2', { line: 3, found: '"leverge"', fix: 'did you mean leverage?' }],
    ['[profiles.a]\nfed = "x"', { line: 2, expected: 'a key of [profiles.a]', fix: 'did you mean feed?' }],
    ['[limits]\nrisk = 0.02', { line: 2, expected: expect.stringContaining('a share above 0%'), found: '0.02' }],
    ['[limits]\nleverage = 50', { line: 2, expected: expect.stringContaining('from 1 to 20'), found: '50' }],
    ['[limits]\nleverage = nan', { line: 2, expected: expect.stringContaining('from 1 to 20'), found: 'NaN' }],
    ['[limits]\nheet = "2%"', { line: 2, fix: 'did you mean heat?' }],
    ['theme = "drk"', { line: 1, found: '"drk"', fix: 'did you mean dark?' }],
    ['[run]\nrisk = [1, 2]', { line: 2, expected: expect.stringContaining('run.risk'), found: '[1,2]' }],
    ['run = 5', { line: 1, expected: 'run with a table', found: '5' }],
    ['[profiles."../x"]\nfeed = "x"', { found: '"../x"' }],
    ['theme = "dark\n', { line: 1, expected: expect.stringContaining('TOML') }],
    ['theme = "dark"\ntheme = "light"', { line: 2, expected: expect.stringContaining('TOML') }],
  ])('%j is told with its line and what to do', async (source, problem) => {
    const read = await readConfig(source, nearest);
    expect(isProblem(read)).toBe(true);
    expect(read).toMatchObject(problem);
  });

  it.each([
    [{ DZENTRA_THEME: 'drak' }, 'DZENTRA_THEME="drak"'],
    [{ DZENTRA_ZONE: 'Moscow' }, 'DZENTRA_ZONE="Moscow"'],
    [{ DZENTRA_PROFILE: '../live' }, 'DZENTRA_PROFILE="../live"'],
  ])('or in a variable: %o', (env, found) => {
    expect(resolve({ file: FILE, read: undefined, env, flags: {} })).toMatchObject({ found });
  });
});

describe('the keys', () => {
  it('of a run are flags of auto start, and their examples read', () => {
    const flags = new Map(Object.entries(autoStart.options).map(([name, spec]) => [flagOf(name, spec), spec]));
    const unread = RUN_KEYS.filter(({ name, example }) => flags.get(name)?.read([example]).ok !== true);
    expect(unread.map(({ name }) => name)).toEqual([]);
  });

  it('make a template that reads as it is and with every comment taken off', async () => {
    expect(isProblem(await readConfig(template(), nearest))).toBe(false);
    const full = template()
      .split('\n')
      .map((line) => line.replace(/^# (?=\[|[a-z-]+ = )/, ''))
      .join('\n');
    const read = await readConfig(full, nearest);
    expect(read).toMatchObject({ profiles: { demo: { feed: 'synthetic:7' } }, params: { 'ema-cross': { fast: 12 } } });
  });
});

describe('the line of a key', () => {
  const text = ['# a = 1', 'a = 1', '', '[b.c] # table', '  d.e = 2', '["x y"]', 'f = { g = 1 }'].join('\n');
  it.each([
    [['a'], 2],
    [['b', 'c', 'd', 'e'], 5],
    [['x y', 'f'], 7],
    [['x y', 'f', 'g'], 7],
    [['b', 'c', 'lost'], 4],
    [['lost'], undefined],
  ])('%j is %j', (path, line) => {
    expect(lineOfKey(text, path)).toBe(line);
  });
});

describe('a webhook for alerts', () => {
  const of = (url: string): string => `[alerts.webhook]\nurl = "${url}"\n`;

  it('comes from the file, and is shown by its host alone', async () => {
    const config = await configOf(`${of('https://hooks.example.com/T0/s3cret')}auth-file = "hook.auth"`);
    expect(config.webhook).toEqual({ url: 'https://hooks.example.com/T0/s3cret', authFile: 'hook.auth' });
    expect(settingOf(config, 'alerts.webhook.url')).toEqual({
      text: 'https://hooks.example.com/...',
      from: 'file',
      line: 2,
    });
    expect((await configOf('theme = "dark"')).webhook).toBeUndefined();
    expect((await configOf(of('http://127.0.0.1:8080/in'))).webhook?.url).toBe('http://127.0.0.1:8080/in');
  });

  it.each([
    ['http to another machine', of('http://example.com/hook'), 2],
    ['a password in it', of('https://me:canary@example.com/hook'), 2],
    ['no address', of('example'), 2],
    ['an unknown key', `${of('https://example.com')}retries = 3`, 3],
    ['a secret in the file', `${of('https://example.com')}token = "canary"`, 3],
    ['no url', '[alerts.webhook]\nauth-file = "x"', undefined],
    ['another sink', '[alerts.pager]\nurl = "https://example.com"', undefined],
  ])('is refused with %s', async (_what, source, line) => {
    const problem = await readConfig(source, nearest);
    expect(isProblem(problem)).toBe(true);
    if (line !== undefined) expect(problem).toMatchObject({ line });
    expect(JSON.stringify(problem)).not.toContain('canary');
  });
});

describe('the bridge to Telegram', () => {
  const of = (lines: string): string => `[telegram]\n${lines}\n`;

  it('is closed where nothing is said, and keeps what is', async () => {
    const closed = { api: 'https://api.telegram.org', proxy: undefined, groups: false, raisesRisk: false };
    expect((await configOf(undefined)).telegram).toEqual(closed);
    const config = await configOf(of('api = "https://bots.example.com/"\ngroups = true\nraises-risk = true'));
    expect(config.telegram).toEqual({ ...closed, api: 'https://bots.example.com', groups: true, raisesRisk: true });
    expect(settingOf(config, 'telegram.raises-risk')).toEqual({ text: 'true', from: 'file', line: 4 });
  });

  it('hides the password of a proxy where settings are shown', async () => {
    const config = await configOf(of('proxy = "http://me:hunter2@proxy:3128"'));
    expect(config.telegram?.proxy).toBe('http://me:hunter2@proxy:3128');
    expect(JSON.stringify(config.settings)).not.toContain('hunter2');
  });

  it.each([
    ['a token', 'token = "700000001:x"', /dzentra telegram pair/],
    ['an API over plain HTTP elsewhere', 'api = "http://bots.example.com"', /https:/],
    ['an API with a user in it', 'api = "https://me:x@bots.example.com"', /without a user/],
    ['an API with a question', 'api = "https://bots.example.com/?a=1"', /without/],
    ['a word for a switch', 'groups = "yes"', /true or false/],
    ['a key that is misspelled', 'raise-risk = true', /raises-risk/],
  ])('takes no %s', async (_, lines, told) => {
    const problem = await readConfig(of(lines), nearest);
    expect(isProblem(problem)).toBe(true);
    expect(JSON.stringify(problem)).toMatch(told);
  });
});
