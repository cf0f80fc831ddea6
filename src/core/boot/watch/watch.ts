import { fileURLToPath } from 'node:url';
import { Worker } from 'node:worker_threads';
import type { CallWatch } from '../../strategy/from-file.ts';
import { hungFile } from './hung.ts';

/** What the thread is told of a file before it is called first. */
export interface WatchedFile {
  readonly at: number;
  readonly file: string;
  readonly sha256: string;
  /** Where it is remembered if it hangs. */
  readonly hungFile: string | undefined;
}

/** Files at once that a thread looks at; more than that are not watched. */
const FILES_MAX = 256;
/** A call that is not over by then is an endless loop: the load of a file may wait for half of it. */
export const CALL_MS_MAX = 10_000;

/** Compiled beside compiled, source beside source. */
const CHILD = fileURLToPath(new URL(import.meta.url.endsWith('.ts') ? './child.ts' : './child.js', import.meta.url));

/** Per file: calls so far, and whether one goes on; and the candle that it was given. */
const calls = new Int32Array(new SharedArrayBuffer(FILES_MAX * 8));
const candles = new Float64Array(new SharedArrayBuffer(FILES_MAX * 8));
let worker: Worker | undefined;
let files = 0;

/** A debugger holds a strategy for as long as somebody looks at it. */
const isDebugged = (): boolean =>
  [...process.execArgv, process.env.NODE_OPTIONS ?? ''].some((each) => /--inspect/.test(each));

/**
 * JavaScript cannot interrupt itself: a strategy that loops for ever would hang its process, which then hears no signal. A
 * thread looks on, and where a call of the file is not over in time it says so and ends the process.
 */
export function watchFile(file: string, sha256: string): CallWatch {
  const at = files++;
  if (at >= FILES_MAX || isDebugged()) return { enter: () => undefined, leave: () => undefined };
  if (worker === undefined) {
    worker = new Worker(CHILD, { workerData: { calls, candles, isJson: process.argv.includes('--json') } });
    worker.unref();
    // Without it nothing is lost but that look.
    worker.on('error', () => undefined);
  }
  worker.postMessage({ at, file, sha256, hungFile: hungFile() } satisfies WatchedFile);
  return {
    enter(closeAt) {
      candles[at] = closeAt;
      calls[2 * at] = ((calls[2 * at] as number) + 1) | 0;
      Atomics.store(calls, 2 * at + 1, 1);
    },
    leave: () => void Atomics.store(calls, 2 * at + 1, 0),
  };
}
