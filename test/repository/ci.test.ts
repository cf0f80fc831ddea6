import { spawnSync } from 'node:child_process';
import { chmodSync, symlinkSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { ROOT } from '../support/checkout.ts';
import { copyFromCheckout, scratchFolder, writeFiles } from '../support/scratch.ts';

/** What a stand-in for npm does when it is asked for a step: bash, with `tally FILE PASSED FAILED` to write counts. */
type Steps = Readonly<Record<'ci' | 'check' | 'test' | 'test:system', string>>;

const GREEN: Steps = {
  ci: 'true',
  check: 'tally tests 10 0',
  test: 'echo "npm test ran once more"; tally tests 9 0',
  'test:system': 'tally system 2 0',
};

function runCi(steps: Steps) {
  const folder = scratchFolder();
  copyFromCheckout(folder, ['.ci/run']);
  const cases = Object.entries(steps).map(([step, script]) => `${step}) ${script} ;;`);
  const npm = `#!/usr/bin/env bash
    tally() { mkdir -p node_modules/.cache/dzentra; echo "{\\"passed\\":$2,\\"failed\\":$3,\\"skipped\\":0}" >node_modules/.cache/dzentra/$1.json; [ $3 -eq 0 ]; }
    [ "$1" = run ] && shift
    case $1 in ${cases.join('\n')} esac`;
  writeFiles(folder, { 'tools/npm': npm, 'tools/tmux': '', 'tools/gcc': '' });
  for (const tool of ['npm', 'tmux', 'gcc']) chmodSync(join(folder, 'tools', tool), 0o755);
  const env = { PATH: `${join(folder, 'tools')}:${process.env.PATH}` };
  const { status, stdout } = spawnSync('bash', [join(folder, '.ci/run')], { env, encoding: 'utf8' });
  return { status, stdout, last: stdout.trimEnd().split('\n').at(-1) };
}

describe.skipIf(process.platform === 'win32')('.ci/run', () => {
  test.each([
    ['all green', {}, '12 passed, 0 failed', 0],
    ['failing tests', { check: 'tally tests 8 2' }, '10 passed, 2 failed', 1],
    ['failing system tests', { 'test:system': 'tally system 1 1' }, '11 passed, 1 failed', 1],
    ['a step that fails after green tests', { check: 'tally tests 10 0; false' }, '12 passed, 1 failed', 1],
    ['a lint error before the tests: they run all the same', { check: 'false' }, '11 passed, 1 failed', 1],
    ['system tests that never report', { 'test:system': 'exit 3' }, '10 passed, 1 failed', 1],
    ['an install that fails', { ci: 'false' }, '0 passed, 1 failed', 1],
  ])('%s', (_, steps, last, status) => {
    expect(runCi({ ...GREEN, ...steps })).toMatchObject({ last, status });
  });

  test('trusts no count of an earlier run', () => {
    const steps = { ...GREEN, ci: 'tally tests 99 0; tally system 99 0', check: 'false', test: 'false' };
    expect(runCi(steps).last).toBe('2 passed, 2 failed');
  });
});

describe('the tally of a test run', () => {
  test('counts tests, files that do not load and stray errors', () => {
    const folder = scratchFolder();
    symlinkSync(join(ROOT, 'node_modules'), join(folder, 'node_modules'));
    copyFromCheckout(folder, ['test/support/tally.ts']);
    writeFiles(folder, {
      'vitest.config.ts': `import { TallyReporter } from './test/support/tally.ts';
        export default { test: { reporters: [new TallyReporter({ file: 'counts.json', leftOut: '3 files' })] } };`,
      'a.test.ts': `import { expect, test } from 'vitest';
        test('one', () => expect(1).toBe(1));
        test('two', () => expect(1).toBe(2));
        test('three', ({ skip }) => skip('no data'));`,
      'b.test.ts': "import './lost.ts';",
      'c.test.ts': `import { test } from 'vitest';
        test('stray', () => { Promise.reject(new Error('stray')); });`,
    });
    const command = [join(ROOT, 'node_modules/vitest/vitest.mjs'), 'run', '--root', folder];
    const { status, stdout } = spawnSync(process.execPath, command, { cwd: folder, encoding: 'utf8' });
    const counts = spawnSync('cat', [join(folder, 'counts.json')], { encoding: 'utf8' }).stdout;
    expect({ status, counts: JSON.parse(counts) as unknown }).toEqual({
      status: 1,
      counts: { passed: 2, failed: 3, skipped: 1 },
    });
    expect(stdout).toContain('Left out  3 files\n');
  }, 60_000);
});
