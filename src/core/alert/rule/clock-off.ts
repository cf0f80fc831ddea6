import { MINUTE_MS, SECOND_MS } from '../../domain/time.ts';
import type { Rule } from '../rule.ts';

/** Our clock and the venue's part, or are well again: in between no entry goes. */
export const clockOff: Rule = {
  id: 'clock_off',
  priority: 'MEDIUM',
  kinds: ['clock_stepped'],
  hear(entry) {
    if (entry.kind !== 'clock_stepped') return undefined;
    const { offsetMs, stepMs } = entry.body;
    const isOff = offsetMs === null || !(Math.abs(offsetMs) <= SECOND_MS);
    return {
      priority: isOff ? 'MEDIUM' : 'LOW',
      key: isOff ? 'clock:off' : 'clock:well',
      rival: isOff ? 'clock:well' : 'clock:off',
      cooldownMs: 15 * MINUTE_MS,
      symbol: '',
      facts: { offsetMs, stepMs, isOff },
    };
  },
};
