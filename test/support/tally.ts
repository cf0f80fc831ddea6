import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname } from 'node:path';
import type { SerializedError } from 'vitest';
import type { Reporter, TestModule } from 'vitest/node';

export interface Tally {
  passed: number;
  failed: number;
  skipped: number;
}

/** Counts of a run: each test once, and each file that could not be loaded and each stray error as one more failure. */
export function tally(modules: readonly TestModule[], strayErrors: number): Tally {
  const counts: Tally = { passed: 0, failed: strayErrors, skipped: 0 };
  for (const module of modules) {
    const before = counts.failed;
    for (const test of module.children.allTests()) {
      const { state } = test.result();
      if (state === 'pending') counts.failed++;
      else counts[state]++;
    }
    if (module.state() === 'failed' && counts.failed === before) counts.failed++;
  }
  return counts;
}

/** Writes the counts where .ci/run adds them up, and says what a run left out. */
export class TallyReporter implements Reporter {
  readonly #file: string;
  readonly #leftOut: string | undefined;

  constructor(options: { readonly file: string; readonly leftOut?: string }) {
    this.#file = options.file;
    this.#leftOut = options.leftOut;
  }

  onTestRunEnd(modules: readonly TestModule[], strayErrors: readonly SerializedError[]): void {
    mkdirSync(dirname(this.#file), { recursive: true });
    writeFileSync(this.#file, `${JSON.stringify(tally(modules, strayErrors.length))}\n`);
    if (this.#leftOut !== undefined) process.stdout.write(`    Left out  ${this.#leftOut}\n`);
  }
}
