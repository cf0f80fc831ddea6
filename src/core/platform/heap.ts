import { setFlagsFromString } from 'node:v8';

/**
 * V8 doubles its young generation whenever a collection leaves much alive, and does not make it smaller. What reads the
 * past of a symbol in a second would leave 30 to 60 MB to a trickle of prices that needs two: from here on it does not grow.
 */
export const keepYoungHeap = (): void => setFlagsFromString('--semi-space-growth-factor=1');
