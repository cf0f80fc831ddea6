import { SECOND_MS } from '../../domain/time.ts';
import { isHolding, type Rule, type Waiting } from '../rule.ts';

const STALE_MS_MAX = 30 * SECOND_MS;

/** For half a minute a position has no fresh price. */
export const feedStale: Rule = {
  id: 'feed_stale',
  priority: 'HIGH',
  kinds: [],
  hear: () => undefined,
  waits(state) {
    const waiting: Waiting[] = [];
    const account = state.accounts[0]?.account ?? '';
    for (const [symbol, { isUp, downAt, seq }] of Object.entries(state.alarm?.feeds ?? {})) {
      if (isUp || downAt === undefined || !isHolding(state, symbol)) continue;
      const told = { priority: 'HIGH', key: `stale:${symbol}:${downAt}`, symbol, facts: { downAt } } as const;
      waiting.push({ dueAt: downAt + STALE_MS_MAX, of: seq, run: 0, account, told });
    }
    return waiting;
  },
};
