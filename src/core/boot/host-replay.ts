import { join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Hooks, Interrupted, ReplayReport } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { State } from '../domain/state.ts';
import { MINUTE_MS, type Speed } from '../domain/time.ts';
import type { Core } from '../engine/core.ts';
import { readJournal } from '../journal/sqlite.ts';
import type { Tape } from '../journal/tape.ts';
import type { TimedFeed } from '../lab/host/feed.ts';
import { retell } from '../lab/host/retell.ts';
import { retellExchange, type Told } from '../lab/host/retell-exchange.ts';
import { createSyntheticFeed } from '../lab/host/synthetic.ts';
import { inTurns } from '../platform/pace.ts';
import type { Definition } from '../strategy/definition.ts';
import { createTapedVenue, type TapedInput } from '../venue/taped.ts';
import { BUILD } from './build.ts';
import { openReplay } from './host-feed.ts';
import type { HostConfig } from './host-identity.ts';
import { tapedStrategies } from './host-strategies.ts';
import { foldJournal } from './journal-state.ts';
import type { Paths } from './paths.ts';
import { compared, epochAfter, epochEnd, readInputs, readMarket } from './taped-story.ts';

interface Where {
  readonly folder: string;
  readonly hooks: Hooks;
  readonly paths: Paths;
}

/** Plays a tape of an engine with many runs and compares each entry with its journal. */
export async function replayHost(
  tape: Tape,
  config: HostConfig,
  { folder, hooks, paths }: Where,
): Promise<ReplayReport | Refusal | Interrupted> {
  const taped = await inTurns(readInputs(tape), hooks.signal);
  const { inputs, upTo, knownSeq } = taped;
  const record = recordOf(folder, knownSeq, upTo);
  if (isRefusal(record)) return record;
  const { recorded, before, state, end, lastSeq } = record;
  const known = await tapedStrategies(end, folder, join(paths.config, 'strategies'), {
    told: config.strategies,
    inputs,
  });
  if ('exit' in known) return known;
  const made: AnyEntry[] = [...before];
  const tale: Tale = {
    tape,
    config,
    recorded,
    before,
    state,
    inputs,
    known,
    append: (entry) => made.push(entry),
    toSeq: upTo,
    toAt: recorded.at(-1)?.at ?? 0,
    async turn(done) {
      hooks.progress(done, done);
      await turn();
      return hooks.signal.aborted;
    },
  };
  const told = config.host.kind === 'exchange' ? await tellExchange(tale) : await tellTimed(tale);
  if ('exit' in told) return told;
  return told.isWhole ? compared(recorded, made, taped, lastSeq) : { interrupted: true, saved: [] };
}

/** What a journal has of an epoch: its entries up to the end of it, those before it among them. */
export interface EpochRecord {
  readonly recorded: readonly AnyEntry[];
  readonly before: readonly AnyEntry[];
  /** The state that the epoch begins with, and the one that it ends with. */
  readonly state: State;
  readonly end: State;
  /** The last entry of the epoch, be it on the tape or not. */
  readonly lastSeq: number;
}

/** As far as the tape goes. Refused where what led to the epoch was pruned. */
export function recordOf(folder: string, snapshotSeq: number, upTo: number): EpochRecord | Refusal {
  const journal = readJournal(folder, { isAsStored: true });
  try {
    const state = foldJournal(journal, snapshotSeq);
    if (isRefusal(state)) return state;
    const lastSeq = epochEnd(journal, snapshotSeq);
    const toSeq = Math.min(upTo, lastSeq);
    const end = foldJournal(journal, toSeq);
    if (isRefusal(end)) return end;
    const recorded = [...journal.entries({ toSeq })];
    return { recorded, before: recorded.filter(({ seq }) => seq <= snapshotSeq), state, end, lastSeq };
  } finally {
    journal.close();
  }
}

/** What the tape of an epoch is told with. */
export interface Tale {
  readonly tape: Tape;
  readonly config: HostConfig;
  readonly recorded: readonly AnyEntry[];
  readonly before: readonly AnyEntry[];
  /** It is told in place. */
  readonly state: State;
  /** Reports and commands of the tape. */
  readonly inputs: readonly TapedInput[];
  readonly known: ReadonlyMap<string, Definition>;
  readonly append: (entry: AnyEntry) => void;
  readonly toSeq: number;
  readonly toAt: number;
  readonly turn: (done: number) => Promise<boolean>;
}

/** Tells an epoch whose market can be had again. */
export async function tellTimed(
  tale: Tale,
): Promise<{ readonly core: Core; readonly feed: TimedFeed; readonly isWhole: boolean } | Refusal> {
  const { tape, config, recorded, before, state, inputs, known, append, toSeq, toAt } = tale;
  const feed = await feedOf(tape, config);
  if ('exit' in feed) return feed;
  let told: (() => Core) | undefined;
  const isWhole = await retell({
    feed,
    build: BUILD,
    epoch: epochAfter(before, recorded),
    speed: speedOf(config),
    state,
    before,
    venue(core) {
      told = core;
      return createTapedVenue(inputs, core);
    },
    definitionOf: (name) => known.get(name),
    append,
    toSeq,
    toAt,
    turn: tale.turn,
  });
  if (told === undefined) throw new Error('Invariant: a tape that is played has a venue');
  return { core: told(), feed, isWhole };
}

/** The market of an exchange is on the tape itself. */
export const tellExchange = ({
  tape,
  config,
  recorded,
  before,
  state,
  inputs,
  known,
  append,
  toSeq,
  toAt,
  turn,
}: Tale): Promise<Told> =>
  retellExchange({
    timeframeMs: MINUTE_MS,
    build: BUILD,
    epoch: epochAfter(before, recorded),
    speed: speedOf(config),
    beginsAt: recorded[before.length]?.at ?? 0,
    state,
    before,
    inputs: readMarket(tape),
    venue: (core) => createTapedVenue(inputs, core),
    definitionOf: (name) => known.get(name),
    append,
    toSeq,
    toAt,
    turn,
  });

/** Before tapes said it people's waits were counted in the market's own time. */
const speedOf = ({ host }: HostConfig): Speed => host.speed ?? 1;

/** The candles must be the very ones that the tape was made on. */
async function feedOf({ header }: Tape, { feed, host }: HostConfig): Promise<TimedFeed | Refusal> {
  if (host.kind === 'synthetic') {
    return createSyntheticFeed(header.feed.kind === 'synthetic' ? header.feed.seed : 1);
  }
  const opened = await openReplay(host.path ?? '', host.symbol);
  if ('exit' in opened || opened.name === feed) return opened;
  return refusal(3, 'FEED_DIFFERS', feed, opened.name, 'put the file back that the engine ran on');
}
