/** What the command line runs of this face: each in a process of its own, until it ends or a signal comes. */
export type { BridgeEnd, BridgeOptions, PairOptions } from './options.ts';
export { pairBridge } from './setup/pair.ts';
export { runBridge } from './setup/run.ts';
export { testBridge } from './setup/test.ts';
