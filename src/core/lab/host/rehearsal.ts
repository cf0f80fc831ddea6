import type { Answer } from '../../domain/ask.ts';
import type { Command } from '../../domain/command.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import type { Preview } from '../../domain/frame.ts';
import type { Core } from '../../engine/core.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { isWarm, symbolMarket } from '../../engine/market.ts';
import { tellWarm } from '../../engine/signals.ts';
import type { Definition } from '../../strategy/definition.ts';
import type { Venue } from '../../venue/venue.ts';
import { answerOf } from './answers.ts';
import type { HostFeed } from './feed.ts';

/** A venue that nothing comes of. */
const MUTE: Venue = {
  clearsReduceOnly: true,
  dueAt: Number.POSITIVE_INFINITY,
  take: () => undefined,
  submit: () => {},
  cancel: () => {},
  query: () => {},
  see: () => {},
  recall: () => {},
};

/** A copy of an engine as it stands, on which commands may be tried. Nothing of it is kept. */
export interface Rehearsal {
  readonly engine: Engine;
  /** A strategy that the engine does not know yet. */
  learn(definition: Definition): void;
  /** What the last of these commands would lead to, or the first refusal. */
  play(commands: readonly (() => Command)[]): Answer;
}

/** Copies state and quotes; a symbol that is not fed yet gets the price that its feed tells. */
export function rehearse(core: Core, feed: HostFeed, symbol: string | undefined): Rehearsal {
  let written: AnyEntry[] = [];
  let learned: Definition | undefined;
  const engine = createEngine(
    {
      append: (entry) => written.push(entry as AnyEntry),
      venue: () => MUTE,
      definitionOf: (name) => (learned?.name === name ? learned : core.definitionOf(name)),
    },
    structuredClone(core.state),
    () => feed.timeframeMs,
  );
  engine.core.now = core.now;
  engine.core.welcome = (held) => {
    if (isWarm(held)) tellWarm(engine.core, held);
  };
  for (const { symbol: name, quote, streamed, halfSpread, barsSinceGap, midLine, lastCloseAt } of core.market.list) {
    const copy = symbolMarket(engine.core.market, name);
    Object.assign(copy, { streamed, halfSpread, barsSinceGap, midLine, lastCloseAt });
    Object.assign(copy.quote, quote);
  }
  Object.assign(engine.core.market.clock, core.market.clock);
  if (symbol !== undefined) quoteFed(engine.core, feed, symbol);
  return {
    engine,
    learn(definition) {
      learned = definition;
    },
    play(commands) {
      for (const command of commands) {
        const made = command();
        if (made.name === 'add_alert') quoteFed(engine.core, feed, made.symbol);
        written = [];
        const refused = engine.command(engine.core.now, made);
        if (refused !== undefined) return { ok: false, refused };
      }
      const [received] = written;
      return answerOf(
        written.filter((entry) => entry === received || entry.cause === received?.seq),
        false,
      );
    },
  };
}

/** A preview of a run that was begun in a rehearsal: it has no number that anybody could look for. */
export const unnumbered = (seen: Preview, symbol: string): Preview =>
  seen.ok || seen.code !== 'SYMBOL_LEASED' ? seen : { ...seen, expected: `${symbol} leased by no other run` };

function quoteFed(core: Core, feed: HostFeed, symbol: string): void {
  if (core.market.symbols.has(symbol) || !feed.serves(symbol)) return;
  const { bid, ask, mid, bidQty, askQty, source, quoteAt } = feed.facts(symbol, core.now);
  const { quote } = symbolMarket(core.market, symbol);
  if (mid === null) return;
  quote.bid = bid ?? mid;
  quote.ask = ask ?? mid;
  quote.mid = mid;
  quote.bidQty = bidQty ?? Number.POSITIVE_INFINITY;
  quote.askQty = askQty ?? Number.POSITIVE_INFINITY;
  quote.source = source;
  quote.at = feed.kind === 'exchange' ? (quoteAt ?? Number.NEGATIVE_INFINITY) : core.now;
}
