import type { Refused } from '../../domain/command.ts';
import type { Core } from '../../engine/core.ts';
import type { HostFeed } from './feed.ts';
import { type Source, type Wanted, wantedOn } from './play.ts';

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
  /** Asks for one symbol, and for what a run wants where one begins; a problem is why it cannot be had now. */
  ensure(symbol: string, wanted?: Wanted): Promise<Refused | undefined>;
  /** Resolves when prices of all of them came, or so many ms are over, or they cannot be had. */
  quoted(symbols: readonly string[], wait: () => Promise<void>): Promise<void>;
  /**
   * Asks for what was not asked yet, and again for what could not be had; lets go of what nobody has wanted for a while.
   * Call it now and then with all that is wanted: symbols of runs, whatever their state, and of alerts are among them.
   */
  keep(symbols: readonly string[]): void;
}

/** A symbol that was asked for. */
interface Known {
  /** When it may be asked for again; Infinity for one that is had. */
  againAt: number;
  wantedAt: number;
  /** Questions under way: whoever asked gets his answer. */
  asking: number;
}

export function createOpenings(core: Core, source: Source, feed: HostFeed, clock: () => number): Openings {
  const known = new Map<string, Known>();
  let lookedAt = Number.NEGATIVE_INFINITY;
  let begun: Promise<unknown> = Promise.resolve();
  const ask = async (symbol: string, wanted?: Wanted): Promise<Refused | undefined> => {
    if (source.ensure === undefined) return undefined;
    const each = known.get(symbol) ?? { againAt: 0, wantedAt: 0, asking: 0 };
    known.set(symbol, each);
    each.againAt = clock() + AGAIN_MS;
    each.asking++;
    const problem = await source.ensure(symbol, wantedOn(symbol, core, wanted));
    each.asking--;
    each.wantedAt = clock();
    if (problem === undefined) each.againAt = Number.POSITIVE_INFINITY;
    return problem;
  };
  /** Lets go of what was not wanted for long, of all but the last ones, and of what could not be had. */
  const letGo = (wanted: readonly string[]): void => {
    const idle = [...known].filter(([symbol, { asking }]) => asking === 0 && !wanted.includes(symbol));
    idle.sort(([, a], [, b]) => b.wantedAt - a.wantedAt);
    let kept = 0;
    for (const [symbol, { againAt, wantedAt }] of idle) {
      const isHad = againAt === Number.POSITIVE_INFINITY;
      if (isHad && kept < IDLE_MAX && clock() - wantedAt < IDLE_MS) {
        kept++;
        continue;
      }
      known.delete(symbol);
      if (isHad) source.release?.(symbol);
    }
  };
  return {
    async begin() {
      begun = Promise.all(wantedOf(core).map((symbol) => ask(symbol)));
      source.holdUntil?.(begun);
      await begun;
    },
    async ensure(symbol, wanted) {
      const problem = await ask(symbol, wanted);
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
        const each = known.get(symbol);
        if (each === undefined || each.againAt <= clock()) void ask(symbol);
        else each.wantedAt = clock();
      }
      if (known.size <= symbols.length || clock() - lookedAt < LOOK_MS) return;
      lookedAt = clock();
      letGo(symbols);
    },
  };
}

/** Symbols that a run, a position or an alert needs. */
function wantedOf({ state: { runs, alerts = [] } }: Core): readonly string[] {
  const busy = runs.filter((run) => run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0);
  return [...new Set([...busy, ...alerts].map(({ symbol }) => symbol))];
}
