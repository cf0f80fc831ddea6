import type { AlertFacts } from '../../domain/alert.ts';
import type { Bodies } from '../../domain/events.ts';
import { leverageOf, MANUAL, type Run } from '../../domain/run.ts';
import { type Heard, type Rule, signalFacts } from '../rule.ts';

/** What is told of an opening fill; the READY before it is said here, too. */
export function openedFacts(body: Bodies['position_opened'], run: Run, heard: Heard): AlertFacts {
  const { after, fill, price, fee, risk, stopPrice = null, targetPrice = null, leverage, protection } = body;
  const { strategy } = run;
  return {
    strategy,
    side: after.side,
    qty: fill,
    price,
    fee,
    risk,
    stopPrice,
    targetPrice,
    leverage: leverage ?? leverageOf(run),
    protection,
    ...(strategy === MANUAL ? {} : signalFacts(heard, run.run)),
  };
}

/** A position begins. Fills that follow only make it larger and are no news. */
export const positionOpened: Rule = {
  id: 'position_opened',
  priority: 'MEDIUM',
  kinds: ['position_opened'],
  hear(entry, state, heard) {
    const run = state.runs[entry.run - 1];
    if (entry.kind !== 'position_opened' || run === undefined) return undefined;
    return {
      priority: 'MEDIUM',
      key: `opened:${run.run}:${entry.seq}`,
      symbol: run.symbol,
      facts: openedFacts(entry.body, run, heard),
    };
  },
};
