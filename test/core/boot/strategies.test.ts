import { spawnSync } from 'node:child_process';
import { join, resolve } from 'node:path';
import { describe, expect, it, onTestFinished, vi } from 'vitest';
import { backtest } from '../../../src/core/boot/backtest.ts';
import { absoluteStrategy, findStrategy, listStrategies } from '../../../src/core/boot/strategies.ts';
import { loadStrategy } from '../../../src/core/boot/strategy-file.ts';
import { refusalOf } from '../../../src/core/command/refusal.ts';
import { candlesToCsv, waves } from '../../support/candles.ts';
import { ROOT } from '../../support/checkout.ts';
import { pathsIn, reference } from '../../support/engine-modes.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const HOOKS = { signal: new AbortController().signal, progress: () => {} };

const SOUND = `export default (kit) => kit.define({
  name: 'mine', version: 1, title: 'Mine', about: 'Buys what rose.',
  params: { bars: { type: 'int', default: 5, min: 2, max: 50, about: 'candles' } },
  votes: () => [{ name: 'rise', weight: 1, about: 'close over its average' }],
  values: ['average'], confirmations: () => 1,
  warmup: () => ({ bars: 5, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create(params) {
    const average = kit.sma(kit.number(params, 'bars'));
    return { close(bar, opinion) { opinion.values[0] = average.update(bar.close); opinion.votes[0] = bar.close > opinion.values[0] ? 1 : -1; } };
  },
});
`;

describe('a strategy of the user', () => {
  it('is found by its path, and by its name in the folder', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'mine.mjs': SOUND });
    expect(await findStrategy(join(folder, 'mine.mjs'), scratchFolder())).toMatchObject({ name: 'mine' });
    expect(await findStrategy('mine', folder)).toMatchObject({ name: 'mine' });
    expect((await listStrategies(folder)).strategies.map(({ name }) => name)).toEqual(['trend', 'ema-cross', 'mine']);
  });

  it('is meant from where the user stands', () => {
    expect(['./mine.mts', 'mine'].map(absoluteStrategy)).toEqual([resolve('mine.mts'), 'mine']);
  });

  it.each([
    ['no function', 'export default 7;\n', /mine\.mjs.*function/],
    ['a throw on line 3', '\n\nthrow new Error("broken here");\n', /mine\.mjs:3: Error: broken here/],
    ['a throw of no error', 'throw Object.create(null);\n', /mine\.mjs: an object/],
    ['a malformed definition', "export default (kit) => kit.define({ name: 'mine' });\n", /mine\.mjs:1.*version/],
  ])('with %s is refused, naming the file', async (_what, text, message) => {
    const folder = scratchFolder();
    writeFiles(folder, { 'mine.mjs': text });
    const answer = await findStrategy(join(folder, 'mine.mjs'), folder);
    expect(answer).toMatchObject({ ok: false, exit: 2, code: 'STRATEGY_FILE' });
    expect('found' in answer ? answer.found : '').toMatch(message);
  });

  it('that Node cannot load is refused with file, line and what to do', () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'a/broken.mts': "\n\nthrow new Error('in here');\n", 'a/odd.mts': '\nconst b = = 2;\n' });
    const cases: readonly (readonly [text: string, found: RegExp, fix: RegExp])[] = [
      ['const a: number = 1;\nconst a = 2;\n', /f0\.mts:2: SyntaxError: Identifier 'a'/, /^correct the file/],
      ['\nenum Side { Long }\n', /f1\.mts:2: .*enum/, /^write it in JavaScript: types/],
      ["\nimport { a } from '@b/none';\n", /f2\.mts:2: .*@b\/none/, /^npm install @b\/none in/],
      ["\nimport { a } from './a/odd';\n", /f3\.mts:2: /, /with its extension$/],
      ["\nimport './a/broken.mts';\n", /a\/broken\.mts:3: Error: in here/, /^correct the file/],
      ['const a = 1;\nexport default (kit => {\n', /f5\.mts:\d: SyntaxError/, /^correct the file/],
      ["\nimport './a/odd.mts';\n", /a\/odd\.mts:2: SyntaxError/, /^correct the file/],
    ];
    const files = cases.map(([text], index) => [`f${index}.mts`, text] as const);
    // In a process of its own: what a test imports goes another way than Node's.
    const loader = `import { loadStrategy } from ${JSON.stringify(join(ROOT, 'src/core/boot/strategy-file.ts'))};
      for (const file of process.argv.slice(2)) process.stdout.write(\`\${JSON.stringify(await loadStrategy(file))}\\n\`);`;
    writeFiles(folder, { ...Object.fromEntries(files), 'loads.mjs': loader });
    const args = ['loads.mjs', ...files.map(([name]) => join(folder, name))];
    const { stdout } = spawnSync(process.execPath, args, { cwd: folder, encoding: 'utf8' });
    const answers = stdout.trim().split('\n');
    expect(answers.map((line) => JSON.parse(line))).toMatchObject(
      cases.map(([, found, fix]) => ({ found: expect.stringMatching(found), fix: expect.stringMatching(fix) })),
    );
  });

  it.each(['./mine.cjs', 'mine.json', '../mine'])(
    'in a file that can hold none is refused as a file: %s',
    async (path) => {
      const expected = 'the path of a strategy file ending in .mts, .mjs, .ts or .js';
      expect(await findStrategy(path, scratchFolder())).toMatchObject({ code: 'STRATEGY_FILE', exit: 2, expected });
    },
  );

  it('that waits for ever as it is loaded is refused after a while, naming the file', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'waits.mjs': `await new Promise(() => {});\n${SOUND}` });
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] });
    onTestFinished(() => void vi.useRealTimers());
    const answer = loadStrategy(join(folder, 'waits.mjs'));
    vi.advanceTimersByTime(5_000);
    const found = expect.stringMatching(/waits\.mjs: Error: it waits at its top level, and had not ended after 5 s/);
    expect(await answer).toMatchObject({ code: 'STRATEGY_FILE', found });
  });

  it('that is not there is refused with the near match, or with what is wrong with the file that might be it', async () => {
    const folder = scratchFolder();
    expect(await findStrategy('trnd', folder)).toMatchObject({ code: 'UNKNOWN_STRATEGY', fix: 'did you mean trend?' });
    expect(await findStrategy('./none.mjs', folder)).toMatchObject({ code: 'STRATEGY_FILE', exit: 2 });
    writeFiles(folder, { 'folder.mjs/mine.mjs': SOUND });
    const found = expect.stringMatching(/^no file at ".*folder\.mjs"$/);
    expect(await findStrategy(join(folder, 'folder.mjs'), folder)).toMatchObject({ code: 'STRATEGY_FILE', found });
    writeFiles(folder, { 'other.mjs': 'export default 7;\n' });
    expect(await findStrategy('other', folder)).toMatchObject({ code: 'STRATEGY_FILE' });
    const fix = expect.stringMatching(/^did you mean trend\?; dzentra strategies list tells which/);
    expect(await findStrategy('trnd', folder)).toMatchObject({ code: 'UNKNOWN_STRATEGY', fix });
  });

  it('that cannot be used is listed beside those that can, and so is the second one of a name', async () => {
    const folder = scratchFolder();
    writeFiles(folder, { 'a.mjs': SOUND, 'b.mjs': SOUND, 'other.mjs': 'export default 7;\n' });
    const { strategies, broken } = await listStrategies(folder);
    expect(strategies.map(({ name }) => name)).toEqual(['trend', 'ema-cross', 'mine']);
    expect(broken).toMatchObject([
      { file: join(folder, 'b.mjs'), problem: { code: 'STRATEGY_NAME_TAKEN', found: expect.stringMatching(/a\.mjs/) } },
      { file: join(folder, 'other.mjs'), problem: { code: 'STRATEGY_FILE' } },
    ]);
  });

  it.each([
    ['throws', "throw new Error('too late')", ':10): Error: too late'],
    ['throws a symbol', "throw Symbol('too late')", '): Symbol(too late)'],
    [
      'gives a promise',
      "return Promise.reject(new Error('too late'))",
      '): close gave a promise, an async function cannot',
    ],
  ])('that %s in the middle ends a backtest with its place', async (_what, fails, found) => {
    const folder = scratchFolder();
    const frail = SOUND.replace(
      'close(bar, opinion) {',
      `close(bar, opinion) {\nif (bar.closeAt % 3600000 === 0) ${fails};\n`,
    );
    writeFiles(folder, { 'mine.mjs': frail, 'mine-BTCUSDT-1m.csv': candlesToCsv(waves(100)) });
    const file = join(folder, 'mine.mjs');
    const request = { ...reference(join(folder, 'mine-BTCUSDT-1m.csv')), strategy: file, params: {} };
    const problem = await backtest(request, HOOKS, pathsIn(folder)).catch(refusalOf);
    expect(problem).toMatchObject({ ok: false, code: 'STRATEGY_BROKEN', expected: 'a strategy that runs' });
    expect(problem !== undefined && 'found' in problem ? problem.found : '').toContain(`mine (${file}${found}`);
  });
});
