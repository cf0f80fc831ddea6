import type { AlertFacts } from '../../domain/alert.ts';
import type { ClosedBody } from '../../domain/events.ts';
import { type Rule, symbolOf } from '../rule.ts';

/** Reasons that are alarms of their own; a flip speaks with its second leg. */
const ELSEWHERE: ReadonlySet<string> = new Set(['stop_loss', 'max_loss', 'liquidation', 'flip']);

export function closedFacts(body: ClosedBody): AlertFacts {
  const { side, qty, entryPrice, exitPrice, entryAt, exitAt, pnl, r, gross, fees, funding, reason, balance } = body;
  const heldMs = exitAt - entryAt;
  return { side, qty, entryPrice, exitPrice, heldMs, pnl, r, gross, fees, funding, reason, balance };
}

/** A position ends at its target, by signal or by hand. */
export const positionClosed: Rule = {
  id: 'position_closed',
  priority: 'MEDIUM',
  kinds: ['position_closed'],
  hear(entry, state) {
    if (entry.kind !== 'position_closed' || ELSEWHERE.has(entry.body.reason)) return undefined;
    return {
      priority: 'MEDIUM',
      key: `closed:${entry.run}:${entry.seq}`,
      symbol: symbolOf(state, entry),
      facts: closedFacts(entry.body),
    };
  },
};
