import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { rate } from '../../../src/core/base/decimal.ts';
import { configPorts, engineConfig } from '../../../src/core/boot/config.ts';
import { defaultProfile, languageTold, looksTold, ProfileNameError, pathsOf } from '../../../src/core/boot/paths.ts';
import { isRefusal, refusalOf } from '../../../src/core/command/refusal.ts';
import { localeOf } from '../../../src/core/config/locale.ts';
import { CEILINGS } from '../../../src/core/risk/defaults.ts';
import { scratchFolder } from '../../support/scratch.ts';

function home(source?: string) {
  const folder = scratchFolder();
  const paths = pathsOf({ XDG_CONFIG_HOME: folder });
  if (source !== undefined) {
    mkdirSync(paths.config, { recursive: true });
    writeFileSync(join(paths.config, 'config.toml'), source);
  }
  return { paths, file: join(paths.config, 'config.toml') };
}

describe('the configuration file', () => {
  it('is written once, for its owner alone, and holds as it is written', async () => {
    const { paths, file } = home();
    const ports = configPorts(paths, {});
    expect(await ports.init()).toEqual({ file });
    expect(statSync(file).mode & 0o777).toBe(0o600);
    const before = readFileSync(file, 'utf8');
    expect(await ports.init()).toMatchObject({ ok: false, exit: 2, code: 'FILE_EXISTS' });
    expect(readFileSync(file, 'utf8')).toBe(before);
    expect(isRefusal(await configPorts(paths, {}).load())).toBe(false);
  });

  it('is refused with its place where something in it is wrong', async () => {
    const { paths, file } = home('[run]\nleverge = 2\n');
    expect(await configPorts(paths, {}).load()).toEqual({
      ok: false,
      exit: 2,
      code: 'BAD_CONFIG',
      expected: 'a key of [run]',
      found: `"leverge" in ${file}:2`,
      fix: 'did you mean leverage?',
    });
  });
});

describe('the profile where none is named', () => {
  it.each([
    [undefined, {}, 'demo'],
    ['profile = "swing"\n[run]\nrisk = "1%"', {}, 'swing'],
    ['profile = "swing"', { DZENTRA_PROFILE: 'other' }, 'other'],
    ['# profile = "swing"\n[params.x]\nprofile = "y"', {}, 'demo'],
  ])('of %j with %o is %s', (source, env, profile) => {
    expect(defaultProfile(home(source).paths, env as Record<string, string>)).toBe(profile);
  });

  it.each(['../live', '..', '/etc', 'Demo', 'a/b'])(
    'is never %s: it would lead out of the folder of profiles',
    (told) => {
      const { paths } = home(undefined);
      expect(() => defaultProfile(paths, { DZENTRA_PROFILE: told })).toThrow(ProfileNameError);
      const refused = { exit: 2, code: 'BAD_CONFIG', found: `DZENTRA_PROFILE="${told}"` };
      expect(refusalOf(new ProfileNameError(told))).toMatchObject(refused);
    },
  );
});

describe('the language', () => {
  const other = 'language = "en"\n[run]\nrisk = "1%"';
  it.each([
    [undefined, {}, undefined, 'en'],
    [undefined, { LANG: 'ru_RU.UTF-8' }, undefined, 'ru'],
    [undefined, { LANG: 'ru_RU.UTF-8', LC_MESSAGES: 'C' }, undefined, 'en'],
    [undefined, { LANG: 'ru_RU.UTF-8', LC_ALL: '', LC_MESSAGES: '' }, undefined, 'ru'],
    [undefined, { LANG: 'rue_UA.UTF-8' }, undefined, 'en'],
    [other, { LC_ALL: 'ru' }, undefined, 'en'],
    ['language = "ru" # mine', {}, undefined, 'ru'],
    ['# language = "ru"\n[params.x]\nlanguage = "ru"', {}, undefined, 'en'],
    [other, { DZENTRA_LANGUAGE: 'ru' }, undefined, 'ru'],
    [other, { DZENTRA_LANGUAGE: 'ru', LANG: 'ru' }, 'en', 'en'],
  ])(
    'of %j with %o and the flag %s is %s, without and with the whole configuration',
    async (source, env, flag, language) => {
      const { paths } = home(source);
      const texts = env as Record<string, string>;
      expect(localeOf(flag ?? languageTold(paths, texts), texts)).toBe(language);
      expect(await configPorts(paths, texts).load({ language: flag })).toMatchObject({ locale: language });
    },
  );
});

describe('how screens look', () => {
  it.each([
    [undefined, {}, false, 'dark'],
    ['ascii = true\ntheme = "light"', {}, true, 'light'],
    ['ascii = "true" # no box', { DZENTRA_ASCII: '' }, true, 'dark'],
    ['ascii = true\ntheme = "light"', { DZENTRA_ASCII: 'false', DZENTRA_THEME: 'blue-orange' }, false, 'blue-orange'],
    ['# ascii = true\n[params.x]\nascii = true', { DZENTRA_THEME: '' }, false, 'dark'],
  ])('%j with %o: ascii %s and %s, without and with the whole configuration', async (source, env, ascii, theme) => {
    const { paths } = home(source);
    const looks = looksTold(paths, env);
    expect({ ...looks, theme: looks.theme ?? 'dark' }).toEqual({ ascii, theme });
    expect(await configPorts(paths, env).load()).toMatchObject({ ascii, theme });
  });
});

describe('an engine', () => {
  const source = '[limits]\nleverage = 3\n[run]\nfeed = "synthetic:7"\nspeed = 120\n[profiles.quiet]\nlog = "warn"\n';

  it('starts with what the file says where nothing was given', async () => {
    const { paths } = home(source);
    expect(await engineConfig(paths, {}, { profile: 'quiet' })).toEqual({
      options: { profile: 'quiet', feed: 'synthetic:7', speed: 120, logLevel: 'warn' },
      ceilings: { ...CEILINGS, leverage: rate('3') },
    });
    expect(
      await engineConfig(paths, { DZENTRA_SPEED: 'max' }, { profile: 'demo', feed: 'replay:x.csv' }),
    ).toMatchObject({
      options: { profile: 'demo', feed: 'replay:x.csv', speed: 'max', logLevel: undefined },
    });
  });

  it.each([['[run]\nspeed = "fast"'], ['[run]\nlog = "loud"'], ['[rum]\nspeed = 1']])('refuses %j', async (bad) => {
    expect(await engineConfig(home(bad).paths, {}, { profile: 'demo' })).toMatchObject({ exit: 2, code: 'BAD_CONFIG' });
  });
});
