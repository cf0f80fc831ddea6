import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { configPorts, engineConfig } from '../../../src/core/boot/config.ts';
import { defaultProfile, pathsOf } from '../../../src/core/boot/paths.ts';
import { isRefusal } from '../../../src/core/command/refusal.ts';
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
});

describe('an engine', () => {
  const source = '[run]\nfeed = "synthetic:7"\nspeed = 120\n[profiles.quiet]\nlog = "warn"\n';

  it('starts with what the file says where nothing was given', async () => {
    const { paths } = home(source);
    expect(await engineConfig(paths, {}, { profile: 'quiet' })).toEqual({
      profile: 'quiet',
      feed: 'synthetic:7',
      speed: 120,
      logLevel: 'warn',
    });
    expect(await engineConfig(paths, { DZENTRA_SPEED: 'max' }, { profile: 'demo', feed: 'replay:x.csv' })).toEqual({
      profile: 'demo',
      feed: 'replay:x.csv',
      speed: 'max',
      logLevel: undefined,
    });
  });

  it.each([['[run]\nspeed = "fast"'], ['[run]\nlog = "loud"'], ['[rum]\nspeed = 1']])('refuses %j', async (bad) => {
    expect(await engineConfig(home(bad).paths, {}, { profile: 'demo' })).toMatchObject({ exit: 2, code: 'BAD_CONFIG' });
  });
});
