import type { Command } from '../../domain/command.ts';
import type { AnyEntry } from '../../domain/entry.ts';
import type { State } from '../../domain/state.ts';
import type { Speed } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import { advance } from '../../engine/step.ts';
import type { Definition } from '../../strategy/definition.ts';
import type { Venue } from '../../venue/venue.ts';
import type { TimedFeed } from './feed.ts';
import { createPlay, type Play } from './play.ts';

/** The tape of an epoch: its commands and reports come from the venue in the place of the simulated one. */
export interface Retold {
  readonly feed: TimedFeed;
  readonly build: string;
  /** Its number, where it is not the one after the last. */
  readonly epoch?: number | undefined;
  /** How fast the market passed. */
  readonly speed: Speed;
  /** The state before the epoch, and the entries of the day that led to it. */
  readonly state: State;
  readonly before: readonly AnyEntry[];
  readonly venue: (core: () => Core) => Venue;
  readonly definitionOf: (strategy: string) => Definition | undefined;
  readonly append: (entry: AnyEntry) => void;
  /** The story ends with this entry, and no later than at this instant. */
  readonly toSeq: number;
  readonly toAt: number;
  /** Called now and then; true ends it. */
  readonly turn: (done: number) => Promise<boolean>;
}

const CANDLES = 4_096;

/** Plays an epoch of a host again. False where it was ended from outside. */
export async function retell(retold: Retold): Promise<boolean> {
  const { feed, speed, state, before, venue, definitionOf, append, toSeq, toAt } = retold;
  const play: Play = createPlay(
    {
      append: (entry) => append(entry as AnyEntry),
      venue: (_state, core) => prepared(venue(core), (command) => play.prepare(command)),
      definitionOf,
      speed,
    },
    feed,
    state,
  );
  const { engine } = play;
  const { core } = engine;
  play.startEpoch(retold.build, retold.epoch);
  // A journal that was short began with a halt.
  engine.settle();
  const pump = play.begin((from) => before.filter(({ at }) => at >= from));
  while (state.seq < toSeq) {
    core.wakeAt = Math.min(core.wakeAt, core.venue.dueAt);
    if (Math.min(pump.soonestAt, core.wakeAt) > toAt) break;
    if (pump.soonestAt <= toAt) pump.run(toAt, CANDLES);
    else advance(core, core.wakeAt);
    if (await retold.turn(pump.done)) return false;
  }
  return true;
}

/** The same venue; commands are told before they are taken. */
const prepared = (venue: Venue, prepare: (command: Command) => void): Venue => ({
  clearsReduceOnly: venue.clearsReduceOnly,
  get dueAt() {
    return venue.dueAt;
  },
  take(now) {
    const taken = venue.take(now);
    if (taken?.kind === 'command') prepare(taken.command);
    return taken;
  },
  submit: (run, order) => venue.submit(run, order),
  cancel: (run, order) => venue.cancel(run, order),
  query: (run, order) => venue.query(run, order),
  see: (input) => venue.see(input),
  recall: (input) => venue.recall(input),
});
