import { basename, dirname } from 'node:path';
import { setImmediate as turn } from 'node:timers/promises';
import type { Hooks, Interrupted, ReplayReport, ReplayRequest } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { type AnyEntry, decode } from '../domain/entry.ts';
import type { State } from '../domain/state.ts';
import { createEngine, type Engine } from '../engine/engine.ts';
import { readJournal } from '../journal/sqlite.ts';
import type { StoredJournal } from '../journal/stored.ts';
import type { Tape } from '../journal/tape.ts';
import type { ForegroundRequest } from '../lab/request.ts';
import { inTurns } from '../platform/pace.ts';
import { createTapedVenue, type TapedInput } from '../venue/taped.ts';
import { BUILD } from './build.ts';
import { hostConfigOf } from './host-identity.ts';
import { replayHost } from './host-replay.ts';
import { textProblem } from './host-strategies.ts';
import { folderOf, journalRefusal } from './journal.ts';
import { foldJournal } from './journal-state.ts';
import type { Paths } from './paths.ts';
import { type PreparedRun, prepareRun } from './run.ts';
import { compared, epochAfter, epochEnd, readInputs } from './taped-story.ts';
import { newestTape, wholeTape } from './whole-tape.ts';

/** Plays a tape and compares each entry with its journal. */
export async function replay(
  request: ReplayRequest,
  hooks: Hooks,
  paths: Paths,
): Promise<(ReplayReport & { readonly name: string }) | Refusal | Interrupted> {
  const folder =
    request.tape === undefined || request.where.in !== 'latest'
      ? folderOf(request.where, paths)
      : dirname(request.tape);
  if (typeof folder !== 'string') return folder;
  try {
    const report = await replayTape(folder, request.tape ?? newestTape(folder), hooks, paths);
    return 'same' in report ? { ...report, name: basename(folder) } : report;
  } catch (error) {
    return journalRefusal(error, folder);
  }
}

async function replayTape(
  folder: string,
  file: string | Refusal,
  hooks: Hooks,
  paths: Paths,
): Promise<ReplayReport | Refusal | Interrupted> {
  const tape = typeof file === 'string' ? wholeTape(file) : file;
  if (isRefusal(tape)) return tape;
  const host = hostConfigOf(tape);
  if (host !== undefined) return await replayHost(tape, host, { folder, hooks, paths });
  const prepared = await preparedAgain(tape, paths, hooks.signal);
  if ('exit' in prepared) return prepared;
  const foreign = feedProblem(tape, prepared);
  if (foreign !== undefined) return foreign;
  const journal = readJournal(folder, { isAsStored: true });
  try {
    return await play(tape, prepared, journal, hooks);
  } finally {
    journal.close();
  }
}

/** A run in the foreground as its tape tells it, with the strategy that it was made with. */
export async function preparedAgain(
  { header: { config } }: Tape,
  paths: Paths,
  signal?: AbortSignal,
): Promise<PreparedRun | Refusal> {
  const { request, strategySha256 } = config as { readonly request: string; readonly strategySha256?: string };
  const prepared = await prepareRun(decode<ForegroundRequest>(request), paths, signal);
  if ('exit' in prepared) return prepared;
  return textProblem(prepared.definition, [strategySha256]) ?? prepared;
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
  const taped = await inTurns(readInputs(tape), hooks.signal);
  const { inputs, upTo, knownSeq } = taped;
  const known = foldJournal(journal, knownSeq);
  if (isRefusal(known)) return known;
  const lastSeq = epochEnd(journal, knownSeq);
  const recorded = [...journal.entries({ toSeq: Math.min(upTo, lastSeq) })];
  const made = recorded.filter((entry) => entry.seq <= knownSeq);
  const engine = wire(inputs, prepared, known, made);
  if (known.seq === 0) engine.core.now = prepared.series.candles.openAt[prepared.series.tradeFrom] ?? 0;
  engine.startEpoch(BUILD, epochAfter(made, recorded));
  engine.settle();
  const pump = engine.begin([prepared.series]);
  const { state } = engine.core;
  while (state.seq < upTo && pump.run(Number.POSITIVE_INFINITY, CANDLES)) {
    hooks.progress(pump.done, pump.total);
    await turn();
    if (hooks.signal.aborted) return { interrupted: true, saved: [] };
  }
  return compared(recorded, made, taped, lastSeq);
}

/** So many candles between two looks at the signal. */
const CANDLES = 4_096;

function wire(inputs: readonly TapedInput[], prepared: PreparedRun, state: State, made: AnyEntry[]): Engine {
  return createEngine(
    {
      append: (entry) => made.push(entry as AnyEntry),
      venue: (_state, core) => createTapedVenue(inputs, core),
      definitionOf: (name) => (name === prepared.definition.name ? prepared.definition : undefined),
    },
    state,
    () => prepared.series.candles.timeframeMs,
  );
}
