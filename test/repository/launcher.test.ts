import { type ChildProcessWithoutNullStreams, type SpawnSyncReturns, spawn, spawnSync } from 'node:child_process';
import { existsSync, globSync, mkdirSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { runInNewContext } from 'node:vm';
import { parseSync } from 'vite';
import { describe, expect, test, vi } from 'vitest';
import { readText } from '../support/checkout.ts';
import { copyFromCheckout, scratchFolder, writeFiles } from '../support/scratch.ts';

/** Preloaded before the launcher: this Node says that it is an old one, until the launcher has started another. */
const OLD_NODE = `
if (!process.env.DZENTRA_NODE_TRIED) {
  Object.defineProperty(process, 'versions', { value: { ...process.versions, node: '20.20.2' } });
  Object.defineProperty(process, 'version', { value: 'v20.20.2' });
}`;

/** Stands for the compiled program: says how it was started, or waits for a signal. */
const PROGRAM = `
if (process.argv[2] === 'wait') {
  const stay = setInterval(() => {}, 60_000);
  if (process.argv[3] !== undefined) process.on(process.argv[3], () => { clearInterval(stay); process.exitCode = 42; });
  process.stdout.write('up');
} else {
  const { NODE_ENV, FORCE_COLOR, DZENTRA_NODE_TRIED } = process.env;
  const { argv, execArgv, version } = process;
  const input = process.argv[2] === 'read' ? (await import('node:fs')).readFileSync(0, 'utf8') : '';
  console.log(JSON.stringify({ args: argv.slice(2), execArgv, version, input, NODE_ENV, FORCE_COLOR, DZENTRA_NODE_TRIED }));
  process.exitCode = 7;
}`;

/** A checkout as the launcher sees it: with or without a compiled program and a Node of its own. */
function checkout(has: { readonly program?: string; readonly ownNode?: boolean; readonly src?: boolean }): string {
  const folder = scratchFolder();
  copyFromCheckout(folder, ['bin', 'package.json']);
  writeFiles(folder, { 'old-node.cjs': OLD_NODE });
  if (has.program !== undefined) writeFiles(folder, { 'dist/cli/main.js': has.program });
  if (has.src === true) mkdirSync(join(folder, 'src'));
  if (has.ownNode === true) {
    mkdirSync(join(folder, 'node_modules/.bin'), { recursive: true });
    symlinkSync(process.execPath, join(folder, 'node_modules/.bin/node'));
  }
  return folder;
}

type Env = Readonly<Record<string, string>>;
/** No variable of the machine but those that programs are found by. */
const cleanEnv = (folder: string, env: Env): Env => ({ PATH: process.env.PATH ?? '', HOME: folder, ...env });
const oldNode = (folder: string): string[] => ['--require', join(folder, 'old-node.cjs')];
const launcher = (folder: string): string => join(folder, 'bin/dzentra.js');

function run(folder: string, args: readonly string[], env: Env = {}, input = ''): SpawnSyncReturns<string> {
  const command = [...(env.OLD === undefined ? [] : oldNode(folder)), launcher(folder), ...args];
  return spawnSync(process.execPath, command, { env: cleanEnv(folder, env), encoding: 'utf8', input, timeout: 50_000 });
}

const said = ({ stdout }: SpawnSyncReturns<string>) => JSON.parse(stdout) as Record<string, unknown>;

describe('the launcher on a Node that is new enough', () => {
  test('starts the program with the arguments and the exit code', () => {
    const result = run(checkout({ program: PROGRAM }), ['auto', 'start', '--json']);
    expect(result).toMatchObject({ status: 7, stderr: '' });
    expect(said(result)).toMatchObject({ args: ['auto', 'start', '--json'], NODE_ENV: 'production' });
  });

  test.each([
    ['nothing set', {}, { NODE_ENV: 'production' }],
    ['a NODE_ENV of the user', { NODE_ENV: 'development' }, { NODE_ENV: 'development' }],
    ['NO_COLOR', { NO_COLOR: '1' }, { FORCE_COLOR: '0' }],
    ['NO_COLOR against FORCE_COLOR', { NO_COLOR: '1', FORCE_COLOR: '3' }, { FORCE_COLOR: '0' }],
    ['an empty NO_COLOR', { NO_COLOR: '', FORCE_COLOR: '3' }, { FORCE_COLOR: '3' }],
  ])('prepares the environment: %s', (_, env, expected) => {
    expect(said(run(checkout({ program: PROGRAM }), [], env))).toMatchObject(expected);
  });

  test('keeps compiled code in the folder of the user, never in the shared temporary one', () => {
    const folder = checkout({ program: PROGRAM });
    const shared = join(folder, 'tmp');
    mkdirSync(shared);
    run(folder, [], { XDG_CACHE_HOME: join(folder, 'cache'), TMPDIR: shared });
    expect(existsSync(join(folder, 'cache/dzentra/compiled'))).toBe(true);
    run(folder, [], { XDG_CACHE_HOME: 'relative', HOME: '', TMPDIR: shared });
    expect(existsSync(join(shared, 'node-compile-cache'))).toBe(false);
  });

  test.runIf(process.platform === 'linux')('does without that folder where there can be none', () => {
    expect(run(checkout({ program: PROGRAM }), [], { HOME: '/proc/none' })).toMatchObject({ status: 7, stderr: '' });
  });

  test('writes compiled code once it has started: an engine may never end by itself', async () => {
    const folder = checkout({ program: PROGRAM });
    const cache = join(folder, 'cache');
    const env = cleanEnv(folder, { XDG_CACHE_HOME: cache });
    const child = spawn(process.execPath, [launcher(folder), 'wait'], { env });
    const gone = new Promise((resolve) => child.once('exit', resolve));
    const isWritten = (): boolean =>
      existsSync(cache) && globSync('**/*', { cwd: cache, withFileTypes: true }).some((entry) => entry.isFile());
    expect(await vi.waitUntil(isWritten, { timeout: 50_000 })).toBe(true);
    child.kill('SIGKILL');
    await gone;
  });

  test.each([
    [true, 'npm run build'],
    [false, 'install it again'],
  ])('names the remedy where the compiled program is missing (checkout: %s)', (src, remedy) => {
    const result = run(checkout({ src }), []);
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toContain('expected the compiled program in dist/, found none');
    expect(result.stderr).toContain(remedy);
  });

  test('does not hide an error of the program', () => {
    const result = run(checkout({ program: "import './lost.js';", src: true }), []);
    expect(result.status).toBe(1);
    expect(result.stderr).toContain('lost.js');
    expect(result.stderr).not.toContain('npm run build');
  });
});

describe('the launcher on an old Node', () => {
  test('says what it expected, what it found and what to do', () => {
    const result = run(checkout({ program: PROGRAM }), ['--version'], { OLD: '1' });
    expect(result).toMatchObject({ status: 2, stdout: '' });
    expect(result.stderr).toContain('expected Node.js 24.15 or newer in line 24, or 26 and up; found v20.20.2');
    expect(result.stderr).toMatch(/nvm install 26.*npx -p node-.*@26 -p dzentra dzentra.*npm ci/s);
  });

  test('runs on the Node of its checkout: arguments, flags, input and exit code pass through', () => {
    const folder = checkout({ program: PROGRAM, ownNode: true });
    const result = run(folder, ['read', 'a b', ''], { OLD: '1' }, 'typed');
    expect(result).toMatchObject({ status: 7, stderr: '' });
    const expected = { args: ['read', 'a b', ''], execArgv: oldNode(folder), version: process.version, input: 'typed' };
    expect(said(result)).toMatchObject(expected);
    expect(said(result)).not.toHaveProperty('DZENTRA_NODE_TRIED');
  });

  test('gives up where the Node of its checkout is old too', () => {
    const folder = checkout({ program: PROGRAM, ownNode: true });
    writeFiles(folder, { 'old-node.cjs': OLD_NODE.replace('!process.env.DZENTRA_NODE_TRIED', 'true') });
    expect(run(folder, [], { OLD: '1' })).toMatchObject({ status: 2, stdout: '' });
  });

  test.skipIf(process.platform === 'win32').each(['SIGINT', 'SIGTERM', 'SIGHUP'] as const)(
    'passes %s on, and ends as the program ended',
    async (signal) => {
      const folder = checkout({ program: PROGRAM, ownNode: true });
      expect(await endAfter(signal, startWaiting(folder, [signal]))).toEqual({ code: 42, signal: null });
      expect(await endAfter(signal, startWaiting(folder, []))).toEqual({ code: null, signal });
    },
  );
});

function startWaiting(folder: string, handled: readonly string[]): ChildProcessWithoutNullStreams {
  const command = [...oldNode(folder), launcher(folder), 'wait', ...handled];
  return spawn(process.execPath, command, { env: cleanEnv(folder, {}) });
}

async function endAfter(signal: NodeJS.Signals, child: ChildProcessWithoutNullStreams) {
  child.stdout.once('data', () => child.kill(signal));
  return new Promise((resolve) => child.once('exit', (code, by) => resolve({ code, signal: by })));
}

describe('the version that the launcher asks for', () => {
  test.each([
    ['0.10.48', false],
    ['20.20.2', false],
    ['22.23.0', false],
    ['24.14.1', false],
    ['24.15.0', true],
    ['24.21.0', true],
    ['25.9.0', false],
    ['26.0.0', true],
    ['26.0.0-nightly20260101', true],
    ['100.0.0', true],
  ])('%s: %s, as in package.json', (version, isEnough) => {
    const asked: string[] = [];
    const process = { versions: { node: version }, env: { DZENTRA_NODE_TRIED: '1' }, stderr: { write: () => true } };
    const script = readText('bin/dzentra.js').replace(/^#!.*/, '');
    runInNewContext(script, { process, require: (name: string) => asked.push(name) });
    expect(asked).toEqual(isEnough ? ['./start.js'] : []);
    expect(readText('package.json')).toContain('"node": "^24.15.0 || >=26.0.0"');
  });
});

/** What ECMAScript 5 has, and so any Node parses. */
const ES5 = new Set(
  `Program ExpressionStatement VariableDeclaration VariableDeclarator FunctionDeclaration FunctionExpression BlockStatement
  ReturnStatement IfStatement Identifier Literal CallExpression NewExpression MemberExpression AssignmentExpression
  BinaryExpression LogicalExpression ConditionalExpression UnaryExpression ArrayExpression ObjectExpression Property
  ParenthesizedExpression Hashbang`.split(/\s+/),
);

function newerThanEs5(text: string): string[] {
  const found = /,\s*\)/.test(text) ? ['trailing comma in a call'] : [];
  const visit = (value: unknown): void => {
    if (typeof value !== 'object' || value === null) return;
    const { type, kind, operator, shorthand, async } = value as Record<string, unknown>;
    if (typeof type === 'string' && !ES5.has(type)) found.push(type);
    if (kind === 'let' || kind === 'const') found.push(kind);
    if (operator === '??' || operator === '**' || shorthand === true || async === true)
      found.push(String(operator ?? type));
    Object.values(value).forEach(visit);
  };
  visit(parseSync('dzentra.js', text, { lang: 'js', sourceType: 'script' }).program);
  return found;
}

describe('the syntax of the launcher', () => {
  test('is that of any Node', () => {
    expect(newerThanEs5(readText('bin/dzentra.js'))).toEqual([]);
  });

  test.each([
    'let a;',
    'f(() => 1);',
    'a = `b`;',
    'a?.b;',
    'a ?? b;',
    "import('a');",
    'f(a,\n);',
    'a = { b };',
    'f(...a);',
  ])('would not be with %s', (text) => expect(newerThanEs5(text)).not.toEqual([]));
});
