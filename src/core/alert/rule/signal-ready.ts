import { MINUTE_MS } from '../../domain/time.ts';
import { type Rule, signalFacts } from '../rule.ts';

const COOLDOWN_MS = 15 * MINUTE_MS;

/**
 * READY of a run that only observes, or is paused. A run that trades says it with what came of it: opened, denied or
 * dropped. Cooldown: 15 min, or a candle where that is longer; a change of side always passes.
 */
export const signalReady: Rule = {
  id: 'signal_ready',
  priority: 'MEDIUM',
  kinds: ['signal_confirmed'],
  hear(entry, state, heard) {
    if (entry.kind !== 'signal_confirmed') return undefined;
    const run = state.runs[entry.run - 1];
    if (run === undefined || run.state === 'RUNNING' || entry.body.side === 0) return undefined;
    const { symbol, strategy, timeframeMs } = run;
    const { side, confirmations, startedAt } = entry.body;
    return {
      priority: 'MEDIUM',
      key: `ready:${run.run}:${side}`,
      rival: `ready:${run.run}:${-side}`,
      cooldownMs: Math.max(COOLDOWN_MS, timeframeMs),
      symbol,
      facts: { strategy, side, confirmations, startedAt, ...signalFacts(heard, run.run) },
    };
  },
};
