import { MANUAL } from '../../domain/run.ts';
import { MINUTE_MS } from '../../domain/time.ts';
import { type Rule, signalFacts } from '../rule.ts';

/** What the market or time cures needs nobody; these need a person. */
const CURABLE: ReadonlySet<string> = new Set([
  'ACCOUNT_HALTED',
  'SYMBOL_LEASED',
  'LEVERAGE_ON_SPOT',
  'LEVERAGE_ABOVE_MAX',
  'INSTRUMENT_UNSUPPORTED',
  'STOP_REQUIRED',
  'QUANTITY_BELOW_MINIMUM',
  'QUANTITY_ABOVE_MAXIMUM',
  'NOTIONAL_BELOW_MINIMUM',
  'MARGIN_INSUFFICIENT',
  'RESERVED_ABOVE_MAX',
  'LIQUIDATION_BEFORE_STOP',
  'RISK_ABOVE_CEILING',
  'CLOCK_UNSURE',
]);

/** An entry that was not sent. Whoever orders by hand sees it where they ask. */
export const orderDenied: Rule = {
  id: 'order_denied',
  priority: 'MEDIUM',
  kinds: ['order_denied'],
  hear(entry, state, heard) {
    const run = state.runs[entry.run - 1];
    if (entry.kind !== 'order_denied' || run === undefined) return undefined;
    const { code, side, expected, found, fix } = entry.body;
    const { strategy, symbol } = run;
    const isByHand = strategy === MANUAL;
    return {
      priority: CURABLE.has(code) && !isByHand ? 'MEDIUM' : 'LOW',
      key: `denied:${run.run}:${code}`,
      cooldownMs: 15 * MINUTE_MS,
      symbol,
      facts: { strategy, code, side, expected, found, fix, ...(isByHand ? {} : signalFacts(heard, run.run)) },
    };
  },
};
