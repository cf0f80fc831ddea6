import type { Refused } from '../../domain/command.ts';
import type { Core } from '../../engine/core.ts';
import type { HostFeed } from './feed.ts';
import { type Source, warmupMs } from './play.ts';

/** How soon a symbol that could not be had is asked for again. */
const AGAIN_MS = 10_000;

/** Which symbols of an exchange are wanted, and whether they could be had. Files need no asking. */
export interface Openings {
  /** The past of the runs that the journal knows is on its way: time waits for it. */
  readonly isWaiting: boolean;
  /** Asks for the symbols of the journal's runs and alerts; time waits until all have answered. */
  begin(): Promise<void>;
  /** Asks for one symbol with a past of so long at least; a problem is why it cannot be had now. */
  ensure(symbol: string, pastMs?: number): Promise<Refused | undefined>;
  /** Asks for what was not asked yet, and again for what could not be had. Call it now and then. */
  keep(symbols: readonly string[]): void;
}

export function createOpenings(core: Core, source: Source, feed: HostFeed, clock: () => number): Openings {
  let isWaiting = false;
  /** Symbols that were asked for: when they may be asked again, Infinity for one that is had. */
  const asked = new Map<string, number>();
  const ensure = async (symbol: string, pastMs = 0): Promise<Refused | undefined> => {
    if (source.ensure === undefined || !feed.serves(symbol)) return undefined;
    asked.set(symbol, clock() + AGAIN_MS);
    const runs = core.state.runs.filter((run) => run.symbol === symbol && run.state !== 'OFF');
    const problem = await source.ensure(
      symbol,
      Math.max(pastMs, ...runs.map((run) => warmupMs(run, core.definitionOf))),
    );
    if (problem === undefined) asked.set(symbol, Number.POSITIVE_INFINITY);
    return problem;
  };
  return {
    get isWaiting() {
      return isWaiting;
    },
    async begin() {
      if (source.ensure === undefined) return;
      isWaiting = true;
      try {
        await Promise.all(wantedOf(core).map((symbol) => ensure(symbol)));
      } finally {
        isWaiting = false;
      }
    },
    ensure,
    keep(symbols) {
      if (source.ensure === undefined) return;
      for (const symbol of symbols) if ((asked.get(symbol) ?? 0) <= clock()) void ensure(symbol);
    },
  };
}

/** Symbols that a run, a position or an alert needs. */
function wantedOf({ state: { runs, alerts = [] } }: Core): readonly string[] {
  const busy = runs.filter((run) => run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0);
  return [...new Set([...busy, ...alerts].map(({ symbol }) => symbol))];
}
