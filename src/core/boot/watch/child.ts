import { writeFileSync, writeSync } from 'node:fs';
import { parentPort, workerData } from 'node:worker_threads';
import { hungOf } from './hung.ts';
import { CALL_MS_MAX, type WatchedFile } from './watch.ts';

/** The thread that looks at calls of strategy files; it shares no code with the engine, which may hang. */
const { calls, candles, isJson } = workerData as {
  readonly calls: Int32Array;
  readonly candles: Float64Array;
  readonly isJson: boolean;
};
const LOOK_MS = 500;
const files: WatchedFile[] = [];
const seen: { calls: number; looks: number }[] = [];

parentPort?.on('message', (watched: WatchedFile) => {
  files[watched.at] = watched;
});

/** Counted in looks, not by a clock: a machine that sleeps looks at nothing. */
setInterval(() => {
  for (const watched of files) {
    const { at } = watched;
    const count = Atomics.load(calls, 2 * at);
    const last = seen[at];
    const isSame = last?.calls === count && Atomics.load(calls, 2 * at + 1) === 1;
    const looks = isSame ? last.looks + 1 : 0;
    seen[at] = { calls: count, looks };
    if (looks * LOOK_MS < CALL_MS_MAX) continue;
    try {
      tell(watched, candles[at] as number);
    } finally {
      // The thread that hangs hears nothing else. What is durable stays so.
      process.kill(process.pid, 'SIGKILL');
    }
  }
}, LOOK_MS);

function tell({ file, sha256, hungFile }: WatchedFile, closeAt: number): void {
  const what = Number.isNaN(closeAt) ? 'its code' : `the candle that closed at ${new Date(closeAt).toISOString()}`;
  const found = `${file}: ${what} was not over after ${CALL_MS_MAX / 1_000} s`;
  if (hungFile !== undefined) {
    const hung = { ...hungOf(hungFile), [sha256]: found };
    writeFileSync(hungFile, `${JSON.stringify(hung)}\n`, { mode: 0o600, flush: true });
  }
  const problem = {
    code: 'STRATEGY_BROKEN',
    expected: 'a strategy without an endless loop',
    found,
    fix: 'correct the loop in this file, then start again',
  };
  const lines = Object.entries(problem).map(([name, words]) => `  ${name.padEnd(9)} ${words}`);
  const text = isJson
    ? JSON.stringify({ schema: 'dzentra.error/1', ...problem })
    : [`dzentra: ${problem.code}`, ...lines.slice(1)].join('\n');
  writeSync(2, `${text}\n`);
}
