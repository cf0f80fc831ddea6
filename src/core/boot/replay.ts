import { existsSync, readdirSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Hooks, Interrupted, ReplayReport, ReplayRequest } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { type AnyEntry, decode } from '../domain/entry.ts';
import type { State } from '../domain/state.ts';
import { emptyState } from '../domain/state.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { evolve } from '../engine/evolve.ts';
import { compare } from '../journal/compare.ts';
import { digests } from '../journal/digest.ts';
import { readJournal } from '../journal/sqlite.ts';
import type { StoredJournal } from '../journal/stored.ts';
import { readTape, type Tape } from '../journal/tape.ts';
import type { ForegroundRequest } from '../lab/request.ts';
import { createTapedVenue, type TapedInput } from '../venue/taped.ts';
import { BUILD } from './build.ts';
import { folderOf, journalRefusal } from './journal.ts';
import type { Paths } from './paths.ts';
import { type PreparedRun, prepareRun } from './run.ts';

/** Plays a tape and compares each entry with its journal. */
export async function replay(
  request: ReplayRequest,
  hooks: Hooks,
  paths: Paths,
): Promise<ReplayReport | Refusal | Interrupted> {
  const folder =
    request.tape === undefined || request.where.in !== 'latest'
      ? folderOf(request.where, paths)
      : dirname(request.tape);
  if (typeof folder !== 'string') return folder;
  try {
    const file = request.tape ?? newestTape(folder);
    if (file === undefined || !existsSync(file)) {
      return refusal(
        2,
        'NO_TAPE',
        'a tape',
        file === undefined ? `none in ${folder}` : `no file ${file}`,
        'name a tape, or run paper first',
      );
    }
    const tape = readTape(file);
    const { request: text } = tape.header.config as { readonly request: string };
    const prepared = await prepareRun(decode<ForegroundRequest>(text), paths);
    if ('exit' in prepared) return prepared;
    const foreign = feedProblem(tape, prepared);
    if (foreign !== undefined) return foreign;
    const journal = readJournal(folder);
    try {
      return await play(tape, prepared, journal, hooks);
    } finally {
      journal.close();
    }
  } catch (error) {
    return journalRefusal(error);
  }
}

function newestTape(folder: string): string | undefined {
  const epochOf = (name: string): number => Number(/^tape-(\d+)/.exec(name)?.[1] ?? 0);
  const names = readdirSync(folder).filter((name) => /^tape-\d+\.zst$/.test(name));
  const newest = names.sort((a, b) => epochOf(a) - epochOf(b)).at(-1);
  return newest === undefined ? undefined : join(folder, newest);
}

/** The candles must be the very ones that the tape was made on. */
function feedProblem(tape: Tape, { feed }: PreparedRun): Refusal | undefined {
  const identity = feed.identity();
  if (tape.header.feed.kind !== 'replay' || identity.kind !== 'replay') return undefined;
  if (identity.sha256 === tape.header.feed.sha256) return undefined;
  const expected = `${tape.header.feed.name} with checksum ${tape.header.feed.sha256.slice(0, 16)}`;
  return refusal(
    3,
    'FEED_DIFFERS',
    expected,
    identity.sha256.slice(0, 16),
    'put the file back that the run was made on',
  );
}

async function play(
  tape: Tape,
  prepared: PreparedRun,
  journal: StoredJournal,
  hooks: Hooks,
): Promise<ReplayReport | Refusal | Interrupted> {
  const before = [...journal.entries({ toSeq: tape.header.snapshotSeq })];
  const made: AnyEntry[] = [...before];
  const { engine, venue, lastSeq } = wire(tape, prepared, stateOf(before), made);
  if (engine.core.now === 0) engine.core.now = prepared.series.candles.openAt[prepared.series.tradeFrom] ?? 0;
  engine.startEpoch(BUILD);
  engine.core.wakeAt = Math.min(engine.core.wakeAt, venue.dueAt);
  engine.settle();
  const pump = engine.begin([prepared.series]);
  // A tape that a crash cut short says nothing of what came after its last record.
  const isCut = tape.torn !== undefined;
  while (pump.run(Number.POSITIVE_INFINITY, 4_096)) {
    if (isCut && !venue.left) break;
    hooks.progress(pump.done, pump.total);
    await turn();
    if (hooks.signal.aborted) return { interrupted: true, saved: [] };
    if (engine.core.state.seq >= journal.lastSeq && !venue.left) break;
  }
  const end = Math.min(journal.lastSeq, engine.core.state.seq);
  const upTo = venue.left || engine.core.state.seq > journal.lastSeq ? Math.max(end, lastSeq()) : end;
  const recorded = [...journal.entries({ toSeq: upTo })];
  const played = made.filter((entry) => entry.seq <= upTo);
  const first = compare(recorded, played);
  if (first !== undefined)
    return { same: false, first: { index: first.index, journal: first.a?.entry, replay: first.b?.entry } };
  const digest = [...digests(played).values()].map((each) => each.digest).join(' ');
  return { same: true, entries: played.length - before.length, digest };
}

function stateOf(entries: readonly AnyEntry[]): State {
  const state = emptyState();
  for (const entry of entries) evolve(state, entry);
  return state;
}

interface Wired {
  readonly engine: Engine;
  readonly venue: { readonly left: boolean; readonly dueAt: number };
  /** The seq that the tape's last record reached. */
  readonly lastSeq: () => number;
}

function wire(tape: Tape, prepared: PreparedRun, state: State, made: AnyEntry[]): Wired {
  let venue: ReturnType<typeof createTapedVenue> | undefined;
  let lastSeq = 0;
  const engine = createEngine(
    {
      append: (entry) => made.push(entry as AnyEntry),
      venue(_state, core) {
        venue = createTapedVenue(
          inputsOf(tape, (seq) => (lastSeq = seq)),
          () => core().inputs,
        );
        return venue;
      },
      definitionOf: (name) => (name === prepared.definition.name ? prepared.definition : undefined),
    },
    state,
    () => prepared.series.candles.timeframeMs,
  );
  return { engine, venue: venue as ReturnType<typeof createTapedVenue>, lastSeq: () => lastSeq };
}

function* inputsOf(tape: Tape, reached: (seq: number) => void): Generator<TapedInput> {
  for (const record of tape.records) {
    reached(record.seq);
    yield record as unknown as TapedInput;
  }
}
