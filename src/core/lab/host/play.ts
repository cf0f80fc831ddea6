import type { Command } from '../../domain/command.ts';
import type { AnyEntry, Entry } from '../../domain/entry.ts';
import type { Input } from '../../domain/input.ts';
import type { Run } from '../../domain/run.ts';
import type { State } from '../../domain/state.ts';
import { DAY_MS, dayOf, MINUTE_MS, type Speed } from '../../domain/time.ts';
import type { Core } from '../../engine/core.ts';
import { createEngine, type Engine } from '../../engine/engine.ts';
import { beginFunnel, recount } from '../../engine/funnel.ts';
import { isWarm, paramsOf } from '../../engine/market.ts';
import { createOpenPump } from '../../engine/open-pump.ts';
import { tellWarm } from '../../engine/signals.ts';
import { createSpeaker } from '../../engine/speech.ts';
import type { OnUpgrade } from '../../engine/upgrade.ts';
import type { Series } from '../../market/feed.ts';
import type { Definition } from '../../strategy/definition.ts';
import { analysesMids } from '../../strategy/params.ts';
import type { Venue } from '../../venue/venue.ts';
import type { Beginning, ExchangeFeed, HostFeed, TimedFeed } from './feed.ts';
import { createLiveSource, type LiveSource } from './live.ts';
import { createStory } from './story.ts';

export interface PlayPorts {
  readonly append: (entry: Entry) => void;
  readonly venue: (state: State, core: () => Core) => Venue;
  readonly definitionOf: (strategy: string) => Definition | undefined;
  readonly tape?: ((number: number, input: Input, seq: number) => void) | undefined;
  /** How fast the market passes: people's waits are counted by it. */
  readonly speed: Speed;
}

/** What comes next, as time asks for it: the pump of files, and the queue of an exchange. */
export interface Source {
  /** The instant of what comes next, Infinity for nothing. */
  readonly soonestAt: number;
  /** Candles or inputs so far. */
  readonly done: number;
  /** Runs what is due up to and with `until`, about so many candles or inputs of it. */
  run(until: number, candles: number): void;
  /** True while a past is waited for: time stands still. */
  readonly isHeld?: boolean;
  readonly holdUntil?: LiveSource['holdUntil'];
  /** An exchange's alone: asks for a symbol, its past first. A problem is why it cannot be had now; ask again later. */
  readonly ensure?: LiveSource['ensure'];
  readonly release?: LiveSource['release'];
}

/** An engine of many runs and what feeds it: the same live and on a tape. */
export interface Play {
  readonly engine: Engine;
  /** Call it before each command: whoever waits for a price of a symbol is given prices. */
  prepare(command: Command): void;
  /** Begins an epoch. Time begins with the feed's where the journal is new. */
  startEpoch(build: string, epoch?: number, onUpgrade?: OnUpgrade): void;
  /**
   * Opens the symbols of the runs that the journal knows; call it once the epoch has begun. `since` gives the entries from
   * an instant on.
   */
  begin(since: (at: number) => Iterable<AnyEntry>): Source;
}

/** So much history stands before the first run on a symbol, or its warm-up where that is longer. */
const HISTORY_MS = 30 * DAY_MS;

export const createPlay = (ports: PlayPorts, feed: HostFeed, state: State): Play =>
  feed.kind === 'exchange' ? createLivePlay(ports, feed, state) : createTimedPlay(ports, feed, state);

/** Commands and inputs of an exchange: the market is on the tape, too. */
function createLivePlay(ports: PlayPorts, feed: ExchangeFeed, state: State): Play {
  const speaker = createSpeaker(ports.speed);
  const engine = createEngine({ ...ports, tapesMarket: true, speaker }, state, () => feed.timeframeMs);
  const { core } = engine;
  const seenAt = state.seq === 0 ? feed.beginsAt : state.at;
  return {
    engine,
    prepare: () => {},
    startEpoch(build, epoch, onUpgrade) {
      if (state.seq === 0) core.now = feed.beginsAt;
      engine.startEpoch(build, epoch, onUpgrade);
    },
    begin(since) {
      const story = createStory(engine, feed.timeframeMs, (symbol, row) => feed.mids.keep(symbol, row));
      story.begin(since);
      return createLiveSource(core, story, feed, seenAt);
    },
  };
}

function createTimedPlay(ports: PlayPorts, feed: TimedFeed, state: State): Play {
  const { append, venue, definitionOf, tape, speed } = ports;
  const engine = createEngine(
    { append, venue, definitionOf, tape, speaker: createSpeaker(speed) },
    state,
    () => feed.timeframeMs,
  );
  const { core } = engine;
  const pump = createOpenPump(core);
  const past = (symbol: string): Series => feed.series(symbol, beginningOf(core, feed, symbol));
  const open = (symbol: string): void => {
    if (feed.serves(symbol) && !pump.has(symbol)) pump.add(past(symbol));
  };
  return {
    engine,
    prepare(command) {
      if (command.name === 'add_alert') open(command.symbol);
    },
    startEpoch(build, epoch, onUpgrade) {
      if (state.seq === 0) core.now = feed.beginsAt;
      engine.startEpoch(build, epoch, onUpgrade);
    },
    begin(since) {
      const wanted = [...state.runs, ...(state.alerts ?? [])].map(({ symbol }) => symbol);
      for (const symbol of new Set(wanted)) open(symbol);
      for (const held of core.market.runs) beginFunnel(held, core.now);
      recount(core, since(dayOf(core.now)));
      core.welcome = (held) => {
        const { symbol } = held.run;
        if (pump.has(symbol)) pump.warm(held, past(symbol));
        else open(symbol);
        beginFunnel(held, core.now);
        if (!held.run.warmedUp && isWarm(held)) tellWarm(core, held);
      };
      return pump;
    },
  };
}

/**
 * Where the series of a symbol begins: a day in UTC that the first run on it decides, so that every start of the engine
 * builds the same indicators. Older quotes than those of the candle at hand matter where a position is held, whose worst
 * and best were at one of them, and to those who make candles of them.
 */
function beginningOf({ state, now, definitionOf }: Core, feed: TimedFeed, symbol: string): Beginning {
  const runs = state.runs.filter((run) => run.symbol === symbol);
  const [first] = runs;
  const from = first === undefined ? now : first.startedAt - Math.max(HISTORY_MS, warmupMs(first, definitionOf));
  const candlesAt = Math.max(feed.oldestAt, Math.floor(from / DAY_MS) * DAY_MS);
  const isOfMids = runs.some((run) => analysesMids(run.params));
  const heldFrom = Math.min(
    now,
    ...runs.map(({ position }) => Math.min(position?.openedAt ?? now, position?.toldAt ?? now)),
  );
  // Not before the first candle: nothing would close the minute that they belong to, and its mids would go into that candle.
  const quotesAt = Math.max(candlesAt, (Math.floor(heldFrom / MINUTE_MS) - 1) * MINUTE_MS);
  return { candlesAt, quotesAt: isOfMids ? candlesAt : quotesAt };
}

function warmupMs(run: Run, definitionOf: Core['definitionOf']): number {
  const definition = definitionOf(run.strategy);
  const warmup = definition?.warmup(paramsOf(run, definition));
  return warmup === undefined ? 0 : Math.max(warmup.bars * run.timeframeMs, warmup.higherBars * run.higherMs);
}

/** What runs on a symbol want to have seen of it: how much, and whether candles of mids are among it. */
export interface Wanted {
  readonly warmupMs: number;
  readonly ofMids: boolean;
}

/** What the runs on a symbol want, and one that is about to begin there; undefined where there is none of them. */
export function wantedOn(symbol: string, core: Core, begun: Wanted | undefined): Wanted | undefined {
  const { state, definitionOf } = core;
  const wanted = state.runs
    .filter((run) => run.symbol === symbol)
    .map((run): Wanted => {
      const definition = definitionOf(run.strategy);
      const ofMids = definition !== undefined && analysesMids(paramsOf(run, definition));
      return { warmupMs: run.state === 'OFF' ? 0 : warmupMs(run, definitionOf), ofMids };
    });
  if (begun !== undefined) wanted.push(begun);
  if (wanted.length === 0) return undefined;
  return {
    warmupMs: Math.max(...wanted.map((each) => each.warmupMs)),
    ofMids: wanted.some((each) => each.ofMids),
  };
}
