import { chmodSync, statSync, writeFileSync } from 'node:fs';
import { userInfo } from 'node:os';
import { join } from 'node:path';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { readCard, socketPath, writeCard } from '../../../src/core/boot/engine-card.ts';
import { absoluteFeed, feedMisfit } from '../../../src/core/boot/engine-feed.ts';
import { lastLines } from '../../../src/core/boot/engine-log.ts';
import { engineWords } from '../../../src/core/boot/engine-start.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import { refusalOf } from '../../../src/core/command/refusal.ts';
import { SOCKET_PATH_MAX } from '../../../src/core/control/folder.ts';
import { makeFolder } from '../../../src/core/platform/folder.ts';
import { scratchFolder } from '../../support/scratch.ts';

describe('where an engine listens', () => {
  const paths = (run: string, state = '/home/a/.local/state') =>
    pathsOf({ XDG_RUNTIME_DIR: run, XDG_STATE_HOME: state });

  test('is the runtime folder of the user', () => {
    expect(socketPath(paths('/run/user/7'), 'demo', true)).toBe('/run/user/7/dzentra/demo.sock');
  });

  test('is another place for a profile of the same name in another state folder', () => {
    const one = socketPath(paths('/run/user/7', '/a'), 'demo', false);
    expect(one).toMatch(/^\/run\/user\/7\/dzentra\/demo-[0-9a-f]{8}\.sock$/);
    expect(socketPath(paths('/run/user/7', '/b'), 'demo', false)).not.toBe(one);
  });

  test('is a short path where the usual one is too long for the system', () => {
    const long = socketPath(paths(`/${'long/'.repeat(30)}`), 'demo', true);
    expect(Buffer.byteLength(long)).toBeLessThanOrEqual(SOCKET_PATH_MAX);
    expect(socketPath(paths(`/${'long/'.repeat(30)}`), 'other', true)).not.toBe(long);
  });

  test('is a folder with the name of the user where there is no runtime folder: the temporary one is shared', () => {
    expect(pathsOf({}).runtime).toMatch(new RegExp(`/dzentra-${process.geteuid?.() ?? 'user'}$`));
  });
});

function thrownBy(work: () => void): unknown {
  try {
    work();
  } catch (thrown) {
    return thrown;
  }
  return undefined;
}

describe('folders', () => {
  test.each(['', 'relative'])('lie in the home that the system knows where HOME is "%s"', (home) => {
    vi.stubEnv('HOME', home);
    onTestFinished(() => void vi.unstubAllEnvs());
    expect(pathsOf({}).state).toBe(join(userInfo().homedir, '.local/state/dzentra'));
  });

  test('are made with those above them, and stay as they are where they are there', () => {
    const folder = join(scratchFolder(), 'a b/папка/c');
    makeFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o700);
    chmodSync(folder, 0o750);
    makeFolder(folder);
    expect(statSync(folder).mode & 0o777).toBe(0o750);
  });

  test.runIf(process.platform === 'linux').each([
    ['/proc/none/state', "mkdir '/proc/none'"],
    ['/dev/null/state', "mkdir '/dev/null/state'"],
  ])('that cannot be made are refused with the one that is the reason: %s', (folder, found) => {
    const why = refusalOf(thrownBy(() => makeFolder(folder)));
    expect(why).toMatchObject({ code: 'BAD_PATH', exit: 2, found: expect.stringContaining(found) });
  });
});

test('what an engine was started with is there for the next start, and a torn card is none', () => {
  const folder = scratchFolder();
  expect(readCard(folder)).toBeUndefined();
  const card = { pid: 7, socket: '/x.sock', options: { feed: 'synthetic:7', speed: 600 } } as const;
  writeCard(folder, card);
  expect(readCard(folder)).toEqual(card);
  for (const torn of ['', '{"pid":7', '[]', 'null', '{"pid":"7"}']) {
    writeFileSync(join(folder, 'engine.json'), torn);
    expect(readCard(folder)).toBeUndefined();
  }
});

test('a detached engine is given what was given, a file by its whole path', () => {
  expect(engineWords({ profile: 'seven', feed: 'replay:/data/x.csv', speed: 'max', logLevel: 'debug' })).toEqual(
    'engine run --json --profile seven --feed replay:/data/x.csv --speed max --log debug'.split(' '),
  );
  expect(engineWords({ profile: 'demo' })).toEqual('engine run --json --profile demo'.split(' '));
  expect(absoluteFeed('replay:x.csv')).toBe(`replay:${join(process.cwd(), 'x.csv')}`);
  expect(absoluteFeed('synthetic:7')).toBe('synthetic:7');
});

describe('an engine has one feed', () => {
  const misfit = (asked: string | undefined, runs: string | undefined) =>
    feedMisfit({ profile: 'demo', feed: asked }, runs)?.code;

  test.each([
    ['binanceusdm', undefined, 'CLOCK_DIFFERS'],
    ['binanceusdm', 'synthetic:7', 'CLOCK_DIFFERS'],
    ['synthetic', 'binanceusdm', 'CLOCK_DIFFERS'],
    ['synthetic:8', 'synthetic:7', 'CLOCK_DIFFERS'],
    ['synthetic:8', undefined, 'CLOCK_DIFFERS'],
    ['replay:/a/x.csv', '/a/x.csv', 'CLOCK_DIFFERS'],
    ['replay:/a/x.csv', 'replay:/b/x.csv', 'CLOCK_DIFFERS'],
    ['bybit', 'binanceusdm', 'FEED_DIFFERS'],
  ])('%s is not what runs on %s', (asked, runs, code) => expect(misfit(asked, runs)).toBe(code));

  test.each([
    [undefined, 'binanceusdm'],
    ['synthetic', undefined],
    ['synthetic:1', undefined],
    ['synthetic', 'synthetic:7'],
    ['binanceusdm', 'binanceusdm'],
    ['replay:x.csv', `replay:${join(process.cwd(), 'x.csv')}`],
  ])('%s is what runs on %s', (asked, runs) => expect(misfit(asked, runs)).toBeUndefined());
});

test.each([0, 1, 3, 5_000, 20_000])('the last %i lines of a log, without reading all of it', (count) => {
  const file = join(scratchFolder(), 'dzentra.log');
  const lines = Array.from({ length: 10_000 }, (_, i) => `{"line":${i},"of":"${'x'.repeat(i % 50)}"}`);
  writeFileSync(file, `${lines.join('\n')}\n`);
  expect(lastLines(file, count)).toEqual(count === 0 ? [] : lines.slice(-count));
});
