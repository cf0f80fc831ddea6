import { resolve } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import type { ForegroundHooks, ForegroundReport } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import type { Log } from '../config/logging.ts';
import type { Account } from '../domain/account.ts';
import type { Refused, StartRun } from '../domain/command.ts';
import { type AnyEntry, decode, encode } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import type { Run } from '../domain/run.ts';
import { accountOf, type State } from '../domain/state.ts';
import { reached } from '../engine/core.ts';
import { createEngine, type Engine, riskModels } from '../engine/engine.ts';
import { lostText } from '../journal/opening.ts';
import { type FileJournal, openJournal } from '../journal/sqlite.ts';
import { TapeWriter } from '../journal/tape.ts';
import { verifyJournal } from '../journal/verify.ts';
import type { Deployment } from '../lab/deployment.ts';
import { runPaper } from '../lab/paper.ts';
import type { ForegroundRequest } from '../lab/request.ts';
import type { FeedIdentity } from '../market/feed.ts';
import { SimulatedVenue } from '../venue/simulated/simulated.ts';
import { BUILD } from './build.ts';
import { lastHeader, setTapesAside } from './host-identity.ts';
import { journalRefusal } from './journal.ts';
import { foldJournal, REFOLD } from './journal-state.ts';
import { profileLog, UNPRINTED } from './log.ts';
import { type Paths, profileFolder } from './paths.ts';
import { type PreparedRun, prepareRun } from './run.ts';
import { absoluteStrategy } from './strategies.ts';
import { tellStrays } from './strategy-file.ts';
import { summaryLines } from './summary.ts';
import { dropOldTapes } from './tape-keeping.ts';

/** A paper run in the foreground: new, or taken up where the journal of its profile left it. */
export async function foreground(
  request: ForegroundRequest,
  hooks: ForegroundHooks,
  paths: Paths,
): Promise<ForegroundReport | Refusal> {
  const prepared = await prepareRun(request, paths, hooks.signal);
  if ('exit' in prepared) return prepared;
  const folder = profileFolder(paths, request.profile);
  let journal: FileJournal;
  try {
    journal = openJournal(folder, {
      profile: `paper:${request.profile}`,
      build: BUILD,
      clock: () => performance.now(),
    });
  } catch (error) {
    return journalRefusal(error);
  }
  const log = await profileLog(folder, request.profile, request.logLevel ?? 'info');
  hooks.goOnUnprinted?.((why) => log.warn(UNPRINTED, { why }));
  const leaveStrays = tellStrays((text) => log.warn(text), log);
  try {
    return await runProfile({ request, prepared, journal, folder, hooks, log });
  } catch (error) {
    log.error('the engine stopped', { error });
    throw error;
  } finally {
    // A promise that failed with the last candle is told of after this turn.
    await turn();
    leaveStrays();
    journal.close();
    log.close();
  }
}

interface Profile {
  readonly request: ForegroundRequest;
  readonly prepared: PreparedRun;
  readonly journal: FileJournal;
  readonly folder: string;
  readonly hooks: ForegroundHooks;
  readonly log: Log;
}

async function runProfile(profile: Profile): Promise<ForegroundReport | Refusal> {
  const { request, prepared, journal, folder, hooks, log } = profile;
  const flaw = flawOf(journal);
  if (flaw !== undefined) return flaw;
  const state = foldJournal(journal);
  if (isRefusal(state)) return state;
  const identity = prepared.feed.identity();
  const misfit = resumeProblem(state, profile, identity);
  if (misfit !== undefined) return misfit;
  const first = journal.lastSeq;
  let tape: TapeWriter | undefined;
  const waiting: AnyEntry[] = [];
  const engine = createPaperEngine(prepared, state, {
    append(entry) {
      journal.append(entry);
      waiting.push(entry);
    },
    tape: (n, input, seq) => tape?.append({ n, at: input.at, seq, input }),
  });
  if (first === 0) engine.core.now = startOf(prepared);
  const header = { build: BUILD, config: configOf(profile, identity), feed: tapeFeed(identity), snapshotSeq: first };
  const lastEpoch = state.epoch;
  engine.startEpoch(BUILD, journal.nextEpoch(lastEpoch));
  // An epoch is durable before it has a tape: the tape of one that was lost would stand in the way of the next. Where the
  // journal lost its end, it is durable with the halt that this leads to: the mark is behind from then on, and tells no loss.
  if (journal.lost === undefined) journal.commit();
  setTapesAside(folder, lastEpoch);
  tape = new TapeWriter(folder, { epoch: state.epoch, header: () => header, clock: () => performance.now() });
  const refused = start(engine, profile, first, journal);
  if (refused !== undefined) {
    tape.close();
    journal.commit();
    return refused;
  }
  log.info('paper run began', {
    build: BUILD,
    epoch: state.epoch,
    seq: first,
    feed: feedName(identity),
    at: engine.core.now,
  });
  const short = journal.lost && lostText(journal.lost);
  if (short !== undefined) log.error(short, { seq: first });
  const pump = engine.begin([prepared.series]);
  const ports = {
    journal,
    tape,
    released: () => {
      for (const entry of waiting.splice(0)) hooks.onEntry(entry);
    },
    clock: () => performance.now(),
    wait: (ms: number) => pause(ms, hooks.signal),
    signal: hooks.signal,
    progress: hooks.progress,
  };
  const end = await runPaper(engine, pump, request.speed, ports);
  if (journal.lastSeq > 0) journal.saveSnapshot(state.seq, state);
  tape.append({ ...reached(engine.core), closed: true });
  tape.close();
  log.info(`paper run ${end}`, { seq: state.seq, entries: state.seq - first, at: engine.core.now });
  const { file } = tape;
  await dropOldTapes({ folder, journal, open: () => file, log });
  return {
    interrupted: end === 'stopped',
    saved: { entries: journal.lastSeq - first, lastSeq: journal.lastSeq, position: positionText(state) },
    summaryLines: [...(short === undefined ? [] : [short]), ...summaryLines(engine, prepared, end)],
  };
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms <= 0) await turn();
  else await sleep(ms, undefined, { signal }).catch(() => {});
}

/** A longer journal is checked from its last snapshot on when it opens, and as a whole by `journal verify`. */
const CHECKED_ENTRIES_MAX = 200_000;

/** The first entry of the journal that cannot be trusted: nothing goes on from there. */
export function flawOf(journal: FileJournal): Refusal | undefined {
  if (journal.lastSeq > CHECKED_ENTRIES_MAX) return undefined;
  const found = verifyJournal(journal, REFOLD);
  if (found.ok || found.what === 'mark') return undefined;
  const fix = 'keep the folder as it is, restore a backup beside it, and run dzentra journal verify on both';
  return refusal(3, 'JOURNAL_DAMAGED', `entry ${found.seq}: ${found.what} ${found.expected}`, found.found, fix);
}

interface EngineSinks {
  readonly append: (entry: AnyEntry) => void;
  readonly tape: (number: number, input: Input, seq: number) => void;
}

function createPaperEngine(prepared: PreparedRun, state: State, sinks: EngineSinks): Engine {
  const { definition, series } = prepared;
  return createEngine(
    {
      append: (entry) => sinks.append(entry as AnyEntry),
      venue(own) {
        const venue = new SimulatedVenue(own, riskModels);
        venue.restore();
        return venue;
      },
      definitionOf: (name) => (name === definition.name ? definition : undefined),
      tape: sinks.tape,
    },
    state,
    () => series.candles.timeframeMs,
  );
}

function startOf({ series }: PreparedRun): number {
  return series.candles.openAt[series.tradeFrom] ?? 0;
}

/** Why this request cannot go on from this journal; undefined where it can, or where the journal is new. */
function resumeProblem(state: State, profile: Profile, identity: FeedIdentity): Refusal | undefined {
  if (state.seq === 0) return undefined;
  const { request, prepared, folder } = profile;
  const fix = `--profile NAME for a journal of its own`;
  const before = lastHeader(folder, state.epoch)?.config as Config | undefined;
  if (before !== undefined && before.feed !== feedName(identity)) {
    return refusal(
      3,
      'FEED_DIFFERS',
      `the feed that profile ${request.profile} ran on: ${before.feed}`,
      feedName(identity),
      fix,
    );
  }
  const run = state.runs.at(-1);
  const { deployment } = prepared;
  if (run === undefined) return undefined;
  const others = [
    ...differing(run, accountOf(state, run.account), deployment),
    ...(before === undefined || dataFrameOf(before) === request.sourceTimeframe ? [] : ['time frame of the data']),
  ];
  if (others.length === 0) return undefined;
  const expected = `the run that profile ${request.profile} holds: ${run.strategy} on ${run.symbol} with its settings`;
  const { strategy, symbol } = deployment.run;
  return refusal(
    3,
    'RUN_DIFFERS',
    expected,
    `${strategy} on ${symbol}; it differs in ${others.join(', ')}`,
    `give the same command again, or ${fix}`,
  );
}

/** What a start asks for that its journal has otherwise: it was settled with the first start. */
function differing(run: Run, account: Account | undefined, wanted: Deployment): readonly string[] {
  const { strategy, symbol, timeframeMs, higherMs, params, seed, instrument, riskSettings } = wanted.run;
  const pairs: readonly (readonly [name: string, held: unknown, wanted: unknown])[] = [
    ['strategy', run.strategy, strategy],
    ['symbol', run.symbol, symbol],
    ['time frame', [run.timeframeMs, run.higherMs], [timeframeMs, higherMs]],
    ['parameters', run.params, params],
    ['size, exits or limits', run.risk, riskSettings],
    ['seed', run.seed, seed],
    ['instrument', run.instrument, instrument],
    ['balance', account?.startBalance, wanted.account.balance],
    ['costs', account?.costs, wanted.account.costs],
  ];
  return pairs.filter(([, held, asked]) => encode(held) !== encode(asked)).map(([name]) => name);
}

/**
 * First start: the account and the run. A restart: nothing, or OBSERVING turns into RUNNING and back. A journal that lost its
 * end, or all of it, starts halted.
 */
function start(engine: Engine, profile: Profile, first: number, journal: FileJournal): Refusal | undefined {
  const { account, run } = profile.prepared.deployment;
  const { accounts, runs } = engine.core.state;
  const isKnown = first > 0 && runs.length > 0;
  const unopened = isKnown || accounts.length > 0 ? undefined : engine.command(engine.core.now, account);
  if (journal.lost !== undefined) {
    for (const known of accounts) engine.command(engine.core.now, { name: 'panic', account: known.account });
  }
  const refused = unopened ?? (isKnown ? observeAs(engine, run) : engine.command(engine.core.now, run));
  return refused === undefined ? undefined : refusal(3, refused.code, refused.expected, refused.found, refused.fix);
}

function observeAs(engine: Engine, { observe }: StartRun): Refused | undefined {
  const { state, now } = engine.core;
  const known = state.runs.at(-1);
  if (known?.state !== (observe ? 'RUNNING' : 'OBSERVING')) return undefined;
  return engine.command(now, { name: 'observe_run', run: known.run, observe });
}

interface Config {
  readonly feed: string;
  readonly request: string;
}

/** The time frame in which the last start was told to read its file: trades make up candles of any. */
const dataFrameOf = ({ request }: Config): string | undefined => decode<ForegroundRequest>(request).sourceTimeframe;

/** What a replay needs to wire the same run again; paths are absolute. */
function configOf({ request, prepared }: Profile, identity: FeedIdentity): Readonly<Record<string, unknown>> {
  const { source } = request;
  return {
    strategySha256: prepared.definition.source?.sha256,
    feed: feedName(identity),
    request: encode({
      ...request,
      strategy: absoluteStrategy(request.strategy),
      fundingFile: request.fundingFile === undefined ? undefined : resolve(request.fundingFile),
      source: source.from === 'file' ? { from: 'file', path: resolve(source.path) } : source,
    }),
  };
}

function feedName(identity: FeedIdentity): string {
  if (identity.kind === 'synthetic') return `synthetic ${identity.seed} ${identity.symbol}`;
  const { sha256, funding } = identity;
  return `replay ${sha256.slice(0, 16)}${funding === undefined ? '' : ` with funding ${funding.slice(0, 16)}`}`;
}

function tapeFeed(
  identity: FeedIdentity,
): { kind: 'replay'; sha256: string; name: string } | { kind: 'synthetic'; seed: number; symbol: string } {
  if (identity.kind === 'synthetic') return identity;
  return { kind: 'replay', sha256: identity.sha256, name: identity.path.split('/').at(-1) ?? identity.path };
}

function positionText(state: State): string | undefined {
  const held = state.runs.find((run) => run.position !== undefined);
  if (held?.position === undefined) return undefined;
  return `${held.position.sign === 1 ? 'long' : 'short'} ${held.symbol}`;
}
