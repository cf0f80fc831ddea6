import { setImmediate as turn } from 'node:timers/promises';
import type { Refusal } from '../command/refusal.ts';
import type { State } from '../domain/state.ts';
import type { Core } from '../engine/core.ts';
import { createEngine } from '../engine/engine.ts';
import { advance } from '../engine/step.ts';
import type { MemoryJournal } from '../journal/memory.ts';
import type { Tape } from '../journal/tape.ts';
import type { TimedFeed } from '../lab/host/feed.ts';
import { createMarkets } from '../lab/host/markets.ts';
import { createReplayFeed } from '../lab/host/replay.ts';
import { createTapedVenue, type TapedInput } from '../venue/taped.ts';
import type { Scene } from '../view/scene.ts';
import { BUILD } from './build.ts';
import type { Paths } from './paths.ts';
import { preparedAgain } from './replay.ts';
import type { PreparedRun } from './run.ts';

/** An epoch that is told up to an entry. */
export interface Story {
  readonly tape: Tape;
  readonly inputs: readonly TapedInput[];
  /** Holds what was before the epoch; takes what is told. */
  readonly made: MemoryJournal;
  /** Its number. */
  readonly epoch: number | undefined;
  /** The state before the epoch; it is told in place. */
  readonly state: State;
  readonly toSeq: number;
  readonly toAt: number;
  readonly paths: Paths;
}

/** An engine at the end of its story, and its market. */
export interface Told {
  readonly core: Core;
  readonly marketsOf: (symbols: readonly string[], at: number) => Pick<Scene, 'markets' | 'candles'>;
}

/** So many candles between two turns of the loop. */
const CANDLES = 4_096;

/** Tells the tape of a run in the foreground: one strategy on one symbol. */
export async function tellRun({
  tape,
  inputs,
  made,
  epoch,
  state,
  toSeq,
  toAt,
  paths,
}: Story): Promise<Told | Refusal> {
  const prepared = await preparedAgain(tape, paths);
  if ('exit' in prepared) return prepared;
  const { series, definition } = prepared;
  const isFresh = state.seq === 0;
  const engine = createEngine(
    {
      append: (entry) => made.append(entry as Parameters<MemoryJournal['append']>[0]),
      venue: (_state, core) => createTapedVenue(inputs, core),
      definitionOf: (name) => (name === definition.name ? definition : undefined),
    },
    state,
    () => series.candles.timeframeMs,
  );
  if (isFresh) engine.core.now = series.candles.openAt[series.tradeFrom] ?? 0;
  engine.startEpoch(BUILD, epoch);
  engine.settle();
  const pump = engine.begin([series]);
  const { core } = engine;
  while (core.state.seq < toSeq) {
    const { inputs } = core;
    const isMore = pump.run(toAt, CANDLES);
    if (!isMore || core.inputs === inputs) break;
    await turn();
  }
  // What is due by itself has no candle.
  if (core.state.seq < toSeq) advance(core, toAt);
  return { core, marketsOf: createMarkets(core, feedOf(prepared)).at };
}

/** The market as its candles tell it. */
const feedOf = ({ series, feed }: PreparedRun): TimedFeed =>
  createReplayFeed({ symbol: series.symbol, candles: series.candles, priceDigits: feed.priceDigits, sha256: '' });
