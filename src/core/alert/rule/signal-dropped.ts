import { MANUAL } from '../../domain/run.ts';
import { type Rule, signalFacts, symbolOf } from '../rule.ts';

/** A READY of a run that trades, and came to nothing. One on the side that is held already is no news. */
export const signalDropped: Rule = {
  id: 'signal_dropped',
  priority: 'LOW',
  kinds: ['signal_dropped'],
  hear(entry, state, heard) {
    if (entry.kind !== 'signal_dropped' || entry.body.reason === 'in_position') return undefined;
    const strategy = state.runs[entry.run - 1]?.strategy ?? MANUAL;
    const { side, reason } = entry.body;
    return {
      priority: 'LOW',
      key: `dropped:${entry.run}:${reason}`,
      symbol: symbolOf(state, entry),
      facts: { strategy, side, reason, ...signalFacts(heard, entry.run) },
    };
  },
};
