import { type Rule, symbolOf } from '../rule.ts';
import { closedFacts } from './position-closed.ts';

/** A position ends at its stop or at its maximum loss: what it cost, and from when entries go again. */
export const stopHit: Rule = {
  id: 'stop_hit',
  priority: 'HIGH',
  kinds: ['position_closed'],
  hear(entry, state) {
    if (entry.kind !== 'position_closed') return undefined;
    const { reason } = entry.body;
    if (reason !== 'stop_loss' && reason !== 'max_loss') return undefined;
    return {
      priority: 'HIGH',
      key: `stopped:${entry.run}:${entry.seq}`,
      symbol: symbolOf(state, entry),
      facts: { ...closedFacts(entry.body), stopsInRow: state.runs[entry.run - 1]?.stopsInRow ?? 0 },
    };
  },
};
