import { setFlagsFromString } from 'node:v8';

/*
 * V8 widens its young generation by a factor whenever a collection leaves much alive, and does not make it narrower. The
 * factor is read each time, so that it can be set while a process runs.
 */

/**
 * For a process that lives long. What reads the past of a symbol in a second would leave 30 to 60 MB to a trickle of prices
 * that needs two: from here on it does not widen.
 */
export const keepYoungHeap = (): void => setFlagsFromString('--semi-space-growth-factor=1');

/** For a process that computes and ends: at its full width at once, it collects a third as often. */
export const widenYoungHeap = (): void => setFlagsFromString('--semi-space-growth-factor=16');
