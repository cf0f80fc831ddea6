import { setFlagsFromString } from 'node:v8';

/**
 * V8 doubles its young generation whenever a collection leaves much alive, and does not make it smaller. What reads the
 * past of a symbol in a second would leave 30 to 60 MB to a trickle of prices that needs two: from here on it does not grow.
 */
export const keepYoungHeap = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/**
 * For work of a second or so: the young generation grows at once in place of after dozens of collections, and V8's quick
 * compiler inlines more while the slow one waits for code that runs much longer. A sixth of a backtest of a year of minutes.
 * To be called when all that the work needs is loaded: from here on no compiled code that is kept on disk fits.
 */
export function hurry(): void {
  if (!TRIED.test(process.versions.v8)) return;
  for (const flag of HURRIED) setFlagsFromString(flag);
}

/** V8 says on stderr that it does not know a flag, and flags come and go: those of Node 24 and 26 are known. */
const TRIED = /^1[34]\./;

const HURRIED = [
  '--semi-space-growth-factor=8',
  '--invocation-count-for-turbofan=50000',
  '--max-maglev-inline-depth=5',
  '--max-maglev-inlined-bytecode-size-cumulative=4000',
];
