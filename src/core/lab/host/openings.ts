import type { Refused } from '../../domain/command.ts';
import type { Core } from '../../engine/core.ts';
import type { HostFeed } from './feed.ts';
import { type Source, warmupMs } from './play.ts';

/** How soon a symbol that could not be had is asked for again. */
const AGAIN_MS = 10_000;
/** How long somebody who looks at a symbol waits for its first quote. */
const QUOTE_MS = 3_000;

/** Which symbols of an exchange are wanted, and whether they could be had. Files need no asking. */
export interface Openings {
  /** Asks for the symbols of the journal's runs and alerts; time waits until all have answered, and so does `ensure`. */
  begin(): Promise<void>;
  /** Asks for one symbol with a past of so long at least; a problem is why it cannot be had now. */
  ensure(symbol: string, pastMs?: number): Promise<Refused | undefined>;
  /** Resolves when prices of all of them came, or so many ms are over, or they cannot be had. */
  quoted(symbols: readonly string[], wait: () => Promise<void>): Promise<void>;
  /** Asks for what was not asked yet, and again for what could not be had. Call it now and then. */
  keep(symbols: readonly string[]): void;
}

export function createOpenings(core: Core, source: Source, feed: HostFeed, clock: () => number): Openings {
  /** Symbols that were asked for: when they may be asked again, Infinity for one that is had. */
  const asked = new Map<string, number>();
  let begun: Promise<unknown> = Promise.resolve();
  const ask = async (symbol: string, pastMs = 0): Promise<Refused | undefined> => {
    if (source.ensure === undefined) return undefined;
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
    async begin() {
      begun = Promise.all(wantedOf(core).map((symbol) => ask(symbol)));
      source.holdUntil?.(begun);
      await begun;
    },
    async ensure(symbol, pastMs) {
      const problem = await ask(symbol, pastMs);
      await begun;
      return problem;
    },
    async quoted(symbols, wait) {
      if (source.ensure === undefined) return;
      const problems = await Promise.all(symbols.map((symbol) => ask(symbol)));
      const had = symbols.filter((_, index) => problems[index] === undefined);
      const until = clock() + QUOTE_MS;
      const isBlank = (symbol: string): boolean => feed.facts(symbol, core.now).mid === null;
      while (had.some(isBlank) && clock() < until) await wait();
    },
    keep(symbols) {
      if (source.ensure === undefined) return;
      for (const symbol of symbols) if ((asked.get(symbol) ?? 0) <= clock()) void ask(symbol);
    },
  };
}

/** Symbols that a run, a position or an alert needs. */
function wantedOf({ state: { runs, alerts = [] } }: Core): readonly string[] {
  const busy = runs.filter((run) => run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0);
  return [...new Set([...busy, ...alerts].map(({ symbol }) => symbol))];
}
