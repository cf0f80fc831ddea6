import { describe, expect, test } from 'vitest';
import { filesBelow, gitFiles, readText } from '../support/checkout.ts';
import { roomViolations } from './room-check.ts';
import { parseRooms, roomOf } from './rooms.ts';

describe('the table of rooms', () => {
  const known = gitFiles('src');
  const files = filesBelow('src');

  test('holds for every source file', () => {
    const broken = files.flatMap((file) => roomViolations(file.slice('src/'.length), readText(file)));
    expect(broken).toEqual([]);
  });

  test('is held against all files there are', ({ skip }) => {
    if (known === undefined) return skip('no git repository here');
    expect(known.length).toBeGreaterThan(0);
    expect(files).toEqual(expect.arrayContaining(known));
  });

  test('refuses a row with an unknown kind or room', () => {
    expect(() => parseRooms('head\na | a/** | clean | - | -')).toThrow(/unknown kind/);
    expect(() => parseRooms('head\na | a/** | pure | - | nowhere')).toThrow(/nowhere, which is no room/);
  });

  test.each([
    ['core/market/build-trades.ts', 'candles', 'decision'],
    ['core/market/synthetic.ts', 'candles', 'decision'],
    ['core/market/store.ts', 'market', 'free'],
    ['core/market/feed.ts', 'ports', 'decision'],
    ['core/venue/simulated/match.ts', 'simulated', 'decision'],
    ['core/venue/ccxt.ts', 'exchange', 'free'],
    ['core/engine/evolve.ts', 'engine', 'decision'],
    ['core/engine/pump.ts', 'engine', 'decision'],
    ['core/engine/driver-live.ts', 'driver', 'free'],
    ['core/boot.ts', 'boot', 'free'],
    ['tui/screen/app.tsx', 'tui', 'free'],
  ])('puts %s in %s', (path, name, kind) => {
    expect(roomOf(path)).toMatchObject({ name, kind });
  });
});

describe('the checker catches', () => {
  test.each([
    [
      'an import upwards',
      'core/base/x.ts',
      "import { a } from '../domain/order.ts';",
      'base may not import core/domain/order.ts',
    ],
    [
      'a type from the wrong room',
      'core/domain/x.ts',
      "import type { A } from '../engine/a.ts';",
      'may not import core/engine/a.ts',
    ],
    ['a re-export', 'core/risk/x.ts', "export * from '../venue/venue.ts';", 'may not import core/venue/venue.ts'],
    [
      'an import() of a neighbour',
      'core/risk/x.ts',
      "const a = import('../engine/a.ts');",
      'may not import core/engine/a.ts',
    ],
    [
      "an import('x').T",
      'core/risk/x.ts',
      "export type A = import('../engine/a.ts').A;",
      'may not import core/engine/a.ts',
    ],
    [
      'a worker by URL',
      'core/lab/x.ts',
      "new Worker(new URL('../boot.ts', import.meta.url));",
      'may not import core/boot.ts',
    ],
    [
      'a computed import()',
      'core/lab/x.ts',
      'export const load = (p: string) => import(p);',
      'what only run time knows',
    ],
    [
      'an adapter in a command',
      'core/command/x.ts',
      "import { a } from '../market/store.ts';",
      'may not import core/market/store.ts',
    ],
    [
      'an adapter loaded at once',
      'core/boot.ts',
      "import { a } from './boot/paper.ts';",
      'core/boot/paper.ts only with import()',
    ],
    ['boot in a face', 'cli/x.ts', "const a = import('../core/boot.ts');", 'may not import core/boot.ts'],
    ['a face in a face', 'tui/x.tsx', "import '../telegram/main.ts';", 'may not import telegram/main.ts'],
    ['a value where types are allowed', 'core/lab/x.ts', "import { a } from '../view/scene.ts';", 'only as types'],
    ['node: in a pure room', 'core/domain/x.ts', "import { join } from 'node:path';", 'may not import node:path'],
    ['a package in a pure room', 'core/view/x.ts', "import { z } from 'zod';", 'may not import zod'],
    ['a heavy package at the top', 'core/config/x.ts', "import { pino } from 'pino';", 'pino only with import()'],
    ['a bypass', 'cli/x.ts', "import { createRequire } from 'node:module';", 'may not import node:module'],
    ['a bypass that another room has', 'cli/x.ts', "import { Script } from 'node:vm';", 'may not import node:vm'],
    [
      'a bypass that its row does not name',
      'core/platform/x.ts',
      "import 'node:module';",
      'may not import node:module',
    ],
    ['a path of the machine', 'cli/x.ts', "import '/usr/lib/a.js';", 'may not import /usr/lib/a.js'],
    ['a file in no room', 'core/utils/x.ts', '', 'in no room of the table'],
    ['an import of no room', 'core/boot.ts', "import './misc.ts';", 'core/misc.ts, which is in no room'],
  ])('%s', (_, path, text, expected) => {
    expect(roomViolations(path, text)).toEqual([expect.stringContaining(expected)]);
  });

  test.each([
    ['Date.now()', 'Date.now'],
    ['new Date(0)', 'Date'],
    ['new Date', 'Date'],
    ['performance.now()', 'performance.now'],
    ['Math.random()', 'Math.random'],
    ['Math.exp(1)', 'Math.exp'],
    ["Math['log'](1)", 'Math.log'],
    ['Math.pow(2, 3)', 'Math.pow'],
    ['((m: unknown) => m)(Math)', 'Math'],
    ['Math[key as "abs"](1)', 'Math[?]'],
    ['2 ** 0.5', '**'],
    ['process.env.HOME', 'process.env'],
    ['globalThis.Date', 'globalThis.Date'],
    ['setTimeout(String, 1)', 'setTimeout'],
    ['setInterval(String, 1)', 'setInterval'],
    ['setImmediate(String)', 'setImmediate'],
    ['queueMicrotask(String)', 'queueMicrotask'],
    ['console.log(1)', 'console.log'],
    ['crypto.randomUUID()', 'crypto.randomUUID'],
    ["fetch('')", 'fetch'],
    ["require('x')", 'require'],
    ["eval('1')", 'eval'],
    ['import.meta.url', 'import.meta'],
    ["new Intl.NumberFormat('en')", 'Intl.NumberFormat'],
    ['(1).toLocaleString()', 'toLocaleString'],
    ["'a'.localeCompare('b')", 'localeCompare'],
    ['async () => 1', 'async'],
    ['{ async load() {} }', 'async'],
    ['Promise.resolve(1)', 'Promise.resolve'],
  ])('%s in a decision', (expression, name) => {
    const text = `declare const key: string;\nexport const used = ${expression};\n`;
    expect(roomViolations('core/risk/x.ts', text)).toEqual([`core/risk/x.ts:2: risk may not use ${name}`]);
  });

  test('await, for await and **= in a decision', () => {
    const text = 'let a = 2;\na **= 2;\nawait a;\nfor await (const b of []) a = b;\n';
    const broken = roomViolations('core/market/synthetic.ts', text).map((line) => line.replace(/.*use /, ''));
    expect(broken.sort()).toEqual(['**', 'async', 'async']);
  });

  test('a clock inside a class field, a default value, a template and an `as`', () => {
    const template = '`${' + 'Date.now()}`';
    const text = `class A { at = Date.now(); f(x = Date.now()) { return ${template} + (Date.now() as number) + x; } }\n`;
    expect(roomViolations('core/execution/x.ts', text)).toHaveLength(4);
  });
});

describe('the checker passes', () => {
  test.each([
    [
      'words in comments and strings',
      'core/base/x.ts',
      "/* Date.now() */ export const a = 'new Date()'; // Math.random()",
    ],
    ['types', 'core/domain/x.ts', 'export interface A { at: Date; load(): Promise<number>; performance: number }'],
    [
      'names of its own',
      'core/analytics/x.ts',
      'export const f = (performance: number, { fetch }: { fetch: 1 }) => performance * fetch;',
    ],
    ['property names', 'core/domain/x.ts', 'export const f = (run: { process: 1 }) => ({ console: run.process });'],
    ['powers of bigints', 'core/base/x.ts', 'export const f = (n: number) => 10n ** 18n + 10n ** BigInt(n);'],
    ['exact Math', 'core/risk/x.ts', 'export const f = (x: number) => Math.floor(Math.sqrt(Math.abs(x)));'],
    [
      'all of Math but chance in a metric',
      'core/analytics/x.ts',
      'export const f = (x: number) => Math.pow(x, 1 / 3) * x ** 2;',
    ],
    ['PluralRules in a view', 'core/view/x.ts', "export const rules = new Intl.PluralRules('ru');"],
    ['a mode by import() in boot', 'core/boot.ts', "export const load = () => import('./boot/paper.ts');"],
    ['a user file by import() in boot', 'core/boot/x.ts', 'export const load = (path: string) => import(path);'],
    [
      'its own room, base and domain',
      'core/risk/x.ts',
      "import './y.ts';\nimport '../base/a.ts';\nimport '../domain/b.ts';",
    ],
    ['types of a lazy package', 'core/config/x.ts', "import type { Logger } from 'pino';\nexport type A = Logger;"],
    [
      'the door',
      'cli/main.ts',
      "import { a } from '../core/index.ts';\nexport const t = () => import('../tui/main.tsx');\na();",
    ],
  ])('%s', (_, path, text) => {
    expect(roomViolations(path, text)).toEqual([]);
  });
});
