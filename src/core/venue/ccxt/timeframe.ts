import type { CcxtClient } from './client.ts';
import { fail } from './problem.ts';

/** ccxt's name of a time frame at an exchange: `1m`. Ends the question where the exchange has none of that length. */
export function timeframeOf(client: CcxtClient, timeframeMs: number): string {
  const names = Object.keys(client.timeframes ?? {});
  // A month has no length in ms.
  const fixed = names.filter((name) => !name.endsWith('M') && !name.endsWith('y'));
  const name = fixed.find((one) => client.parseTimeframe(one) * 1_000 === timeframeMs);
  return name ?? fail('NOT_SUPPORTED', `a time frame of the exchange: ${fixed.join(', ')}`, `${timeframeMs / 1_000} s`);
}
