import { globSync } from 'node:fs';
import { resolve } from 'node:path';
import { defineConfig } from 'vitest/config';
import { TallyReporter } from './support/tally.ts';

const root = resolve(import.meta.dirname, '..');
const SYSTEM = 'test/**/*.system.test.{ts,tsx}';

/** `--mode system` runs the tests that need a terminal, a compiler, other processes or minutes; any other mode the rest. */
export default defineConfig(({ mode }) => {
  const isSystem = mode === 'system';
  const file = resolve(root, `node_modules/.cache/dzentra/${isSystem ? 'system' : 'tests'}.json`);
  // A hang is a failure; a busy machine with one core is none.
  const timeoutMs = isSystem ? 180_000 : 60_000;
  return {
    root,
    test: {
      include: [isSystem ? SYSTEM : 'test/**/*.test.{ts,tsx}'],
      exclude: isSystem ? [] : [SYSTEM],
      passWithNoTests: isSystem,
      // Files share nothing but the machine.
      maxWorkers: '100%',
      reporters: ['default', new TallyReporter(isSystem ? { file } : { file, leftOut: leftOut() })],
      testTimeout: timeoutMs,
      hookTimeout: timeoutMs,
    },
  };
});

function leftOut(): string {
  const files = globSync(SYSTEM, { cwd: root }).sort();
  const names = files.length === 0 ? '' : `: ${files.join(', ')}`;
  return `${files.length} system test files (npm run test:system)${names}`;
}
