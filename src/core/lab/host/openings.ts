import type { Refused } from '../../domain/command.ts';
import type { Core } from '../../engine/core.ts';
import type { HostFeed } from './feed.ts';
import { type Source, warmupMs } from './play.ts';

/** How soon a symbol that could not be had is asked for again. */
const AGAIN_MS = 10_000;
/** So many symbols that nobody wants any more stay open, and each for so long: whoever comes back finds them at once. */
const IDLE_MAX = 8;
const IDLE_MS = 600_000;
/** How often those are looked for. */
const LOOK_MS = 1_000;
/** How long somebody who looks at a symbol waits for its past: a venue whose limit is used up gives it later. */
const PAST_MS = 8_000;
/** How long somebody who looks at a symbol waits for its first quote. */
const QUOTE_MS = 3_000;

/** Which symbols of an exchange are wanted, and whether they could be had. Files need no asking. */
export interface Openings {
  /** Asks for the symbols of the journal's runs and alerts; time waits until all have answered, and so does `ensure`. */
  begin(): Promise<void>;
  /** Asks for one symbol, and for the warm-up of a run where one begins; a problem is why it cannot be had now. */
  ensure(symbol: string, warmupMs?: number): Promise<Refused | undefined>;
  /** Resolves when prices of all of them came, or so many ms are over, or they cannot be had. */
  quoted(symbols: readonly string[], wait: () => Promise<void>): Promise<void>;
  /**
   * Asks for what was not asked yet, and again for what could not be had; lets go of what nobody has wanted for a while.
   * Call it now and then with all that is wanted: symbols of runs, whatever their state, and of alerts are among them.
   */
  keep(symbols: readonly string[]): void;
}

export function createOpenings(core: Core, source: Source, feed: HostFeed, clock: () => number): Openings {
  /** Symbols that were asked for: when they may be asked again, Infinity for one that is had. */
  const asked = new Map<string, number>();
  const wantedAt = new Map<string, number>();
  /** Questions under way: whoever asked gets his answer. */
  const open = new Map<string, number>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let begun: Promise<unknown> = Promise.resolve();
  const ask = async (symbol: string, warmup?: number): Promise<Refused | undefined> => {
    if (source.ensure === undefined) return undefined;
    asked.set(symbol, clock() + AGAIN_MS);
    wantedAt.set(symbol, clock());
    const runs = core.state.runs.filter((run) => run.symbol === symbol);
    const warmups = runs.map((run) => (run.state === 'OFF' ? 0 : warmupMs(run, core.definitionOf)));
    if (warmup !== undefined) warmups.push(warmup);
    open.set(symbol, (open.get(symbol) ?? 0) + 1);
    const problem = await source.ensure(symbol, warmups.length === 0 ? undefined : Math.max(...warmups));
    open.set(symbol, (open.get(symbol) ?? 0) - 1);
    wantedAt.set(symbol, clock());
    if (problem === undefined) asked.set(symbol, Number.POSITIVE_INFINITY);
    return problem;
  };
  /** Those that were had and are not wanted, the one that was wanted last first. */
  const idle = (symbols: readonly string[]): readonly string[] =>
    [...wantedAt]
      .filter(([symbol]) => asked.get(symbol) === Number.POSITIVE_INFINITY && !symbols.includes(symbol))
      .sort(([, a], [, b]) => b - a)
      .map(([symbol]) => symbol);
  const letGo = (symbol: string): void => {
    if ((open.get(symbol) ?? 0) > 0) return;
    open.delete(symbol);
    asked.delete(symbol);
    wantedAt.delete(symbol);
    source.release?.(symbol);
  };
  return {
    async begin() {
      begun = Promise.all(wantedOf(core).map((symbol) => ask(symbol)));
      source.holdUntil?.(begun);
      await begun;
    },
    async ensure(symbol, warmup) {
      const problem = await ask(symbol, warmup);
      await begun;
      return problem;
    },
    async quoted(symbols, wait) {
      if (source.ensure === undefined) return;
      const had: string[] = [];
      let asking = symbols.length;
      for (const symbol of symbols) {
        void ask(symbol).then((problem) => {
          asking--;
          if (problem === undefined) had.push(symbol);
        });
      }
      const askedAt = clock();
      while (asking > 0 && clock() - askedAt < PAST_MS) await wait();
      const until = clock() + QUOTE_MS;
      const isBlank = (symbol: string): boolean => feed.facts(symbol, core.now).mid === null;
      while (had.some(isBlank) && clock() < until) await wait();
    },
    keep(symbols) {
      if (source.ensure === undefined) return;
      for (const symbol of symbols) {
        if ((asked.get(symbol) ?? 0) <= clock()) void ask(symbol);
        else wantedAt.set(symbol, clock());
      }
      if (wantedAt.size <= symbols.length || clock() - lookedAt < LOOK_MS) return;
      lookedAt = clock();
      for (const [symbol, at] of asked) if (at <= clock() && !symbols.includes(symbol)) letGo(symbol);
      for (const [rank, symbol] of idle(symbols).entries()) {
        if (rank >= IDLE_MAX || clock() - (wantedAt.get(symbol) ?? 0) >= IDLE_MS) letGo(symbol);
      }
    },
  };
}

/** Symbols that a run, a position or an alert needs. */
function wantedOf({ state: { runs, alerts = [] } }: Core): readonly string[] {
  const busy = runs.filter((run) => run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0);
  return [...new Set([...busy, ...alerts].map(({ symbol }) => symbol))];
}
