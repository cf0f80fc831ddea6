import { join } from 'node:path';
import { setTimeout as sleep, setImmediate as turn } from 'node:timers/promises';
import { money } from '../base/decimal.ts';
import type { EngineOptions } from '../command/engine.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { COMMANDS } from '../command/registry.ts';
import { PAPER_COSTS } from '../command/run/costs.ts';
import { count } from '../command/telling/words.ts';
import type { Log } from '../config/logging.ts';
import type { Host } from '../control/host.ts';
import { emptyState, type State } from '../domain/state.ts';
import { upgradesOf } from '../engine/upgrade.ts';
import { OPEN_FILE } from '../journal/files.ts';
import { createMemoryJournal } from '../journal/memory.ts';
import { type Lost, lostText } from '../journal/opening.ts';
import { type FileJournal, openJournal } from '../journal/sqlite.ts';
import { type TapeHeader, TapeWriter } from '../journal/tape.ts';
import { lowering } from '../lab/host/ceilings.ts';
import { createHost, type PaperHost } from '../lab/host/host.ts';
import type { HostPorts, HostTape } from '../lab/host/ports.ts';
import { createSyntheticFeed } from '../lab/host/synthetic.ts';
import { strategyCard } from '../lab/strategy-card.ts';
import { CEILINGS, type Ceilings } from '../risk/defaults.ts';
import type { Definition } from '../strategy/definition.ts';
import { STRATEGIES } from '../strategy/registry.ts';
import type { Scene } from '../view/scene.ts';
import { BUILD } from './build.ts';
import type { AskedExchange } from './exchange-ask.ts';
import { type NamedFeed, namedFeedProblem, openHostFeed } from './host-feed.ts';
import { feedProblem, hostConfig, lastHeader, setTapesAside, tapeFeed } from './host-identity.ts';
import {
  editedSince,
  knownStrategies,
  paused,
  rememberStrategy,
  type ToldStrategies,
  toldStrategies,
} from './host-strategies.ts';
import { createMeter, type Meter } from './host-system.ts';
import { journalRefusal } from './journal.ts';
import { foldJournal } from './journal-state.ts';
import { profileLog } from './log.ts';
import { flawOf } from './paper.ts';
import { candlesFolder, type Paths, profileFolder } from './paths.ts';
import { findGuarded, listStrategies } from './strategies.ts';
import { keepTapes, type Tapes } from './tape-keeping.ts';

/** An engine of a profile with its journal open and locked: it answers at once, and its time passes while it runs. */
export interface OpenedHost {
  readonly host: Host;
  /** The profile's folder: its journal, tapes and log. */
  readonly folder: string;
  readonly log: Log;
  /** Something went wrong, in a sentence: the System screen tells the last ones. */
  note(text: string): void;
  /** Runs until the signal aborts, then saves and closes everything. Rejects where the disk fails. */
  run(signal: AbortSignal): Promise<Ended>;
  /** Instead of `run`: saves and frees the folder. */
  close(): void;
}

/** An engine that was told to end, and everything is closed: what it leaves behind, in sentences. */
export interface Ended {
  readonly saved: readonly string[];
}

/** What is not in the options: how time is told and waited for, and what the environment switches on. */
export interface Surroundings {
  readonly clock: () => number;
  readonly wait: (ms: number, signal: AbortSignal) => Promise<void>;
  readonly isDebugEnabled: boolean;
  /** Ends the waiting for a file that is a pipe. */
  readonly signal?: AbortSignal | undefined;
}

export const HERE: Surroundings = {
  clock: () => performance.now(),
  wait: pause,
  isDebugEnabled: process.env.DEBUG_ENABLED === '1',
};

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  if (ms < 1) await turn();
  else await sleep(ms, undefined, { signal }).catch(() => {});
}

/** The profile that shows what there is: its first start begins with a position. */
const DEMO = 'demo';
const isDemo = ({ profile }: EngineOptions, { feed }: NamedFeed): boolean =>
  profile === DEMO && feed.kind === 'synthetic';
const DEMO_ASK = {
  do: 'start',
  start: { strategy: 'trend', params: {}, symbol: 'BTC/USDT:USDT', seed: 1, observe: false },
} as const;
const DEMO_TRADES = 2;
const DEMO_MS_MAX = 14 * 86_400_000;

const DEMO_WHO = { who: 'demo', face: 'engine' } as const;

/** Runs the demo up to a position. What happened on the way is history: nobody is to be alarmed by it. */
async function begin(host: PaperHost): Promise<void> {
  await host.ask(DEMO_ASK, DEMO_WHO);
  await host.untilProtected(DEMO_TRADES, DEMO_MS_MAX);
  if ((host.scene().state.alarm?.open ?? []).length === 0) return;
  await host.ask({ do: 'command', command: { name: 'acknowledge_alert', alert: 0, by: 'demo' } }, DEMO_WHO);
}

/**
 * Opens the engine of a profile, or says why it cannot be opened. `asked` is its feed where that is an exchange; closed
 * where the engine does not open. Where a signal aborts before the feed is there, the engine has ended before it began.
 */
export async function openHost(
  options: EngineOptions,
  paths: Paths,
  surroundings: Surroundings = HERE,
  ceilings: Ceilings = CEILINGS,
  asked?: AskedExchange,
): Promise<OpenedHost | Ended | Refusal> {
  const problem = asked === undefined ? namedFeedProblem(options) : undefined;
  if (problem !== undefined) return problem;
  const folder = profileFolder(paths, options.profile);
  let journal: FileJournal;
  try {
    journal = openJournal(folder, { profile: `paper:${options.profile}`, build: BUILD, clock: surroundings.clock });
  } catch (error) {
    await asked?.rest.close();
    return journalRefusal(error, folder);
  }
  try {
    const opened = await openProfile(options, paths, surroundings, ceilings, folder, journal, asked);
    if ('host' in opened) return opened;
    journal.close();
    await asked?.rest.close();
    return opened;
  } catch (error) {
    journal.close();
    await asked?.rest.close();
    throw error;
  }
}

async function openProfile(
  options: EngineOptions,
  paths: Paths,
  surroundings: Surroundings,
  ceilings: Ceilings,
  folder: string,
  journal: FileJournal,
  asked: AskedExchange | undefined,
): Promise<OpenedHost | Ended | Refusal> {
  const flaw = flawOf(journal);
  if (flaw !== undefined) return flaw;
  const state = foldJournal(journal);
  if (isRefusal(state)) return state;
  const own = join(paths.config, 'strategies');
  const known = await knownStrategies(state, folder, own, paused);
  if ('exit' in known) return known;
  const log = await profileLog(folder, options.profile, options.logLevel ?? 'info');
  const exchange = { log, held: state.runs.at(-1)?.symbol, candles: candlesFolder(paths) };
  const named = await openHostFeed(options, state, asked, exchange, surroundings.signal);
  if (named === undefined) {
    log.info('the engine was told to end before its feed was there');
    log.close();
    return { saved: savedLines(state, state.seq, options.profile) };
  }
  if ('exit' in named) {
    log.close();
    return named;
  }
  const misfit = feedProblem(options.profile, folder, state, named.feed);
  if (misfit !== undefined) {
    await named.close?.();
    log.close();
    return misfit;
  }
  try {
    const isShort = journal.lost !== undefined;
    const meter = createMeter({
      file: join(folder, OPEN_FILE),
      isShort,
      clock: surroundings.clock,
      now: () => Date.now(),
    });
    const warn = (text: string): void => {
      log.warn(text);
      meter.note(text);
    };
    const { seq: before, epoch: lastEpoch } = state;
    const told = lastHeader(folder, state.epoch)?.config.strategies as ToldStrategies | undefined;
    const changes = [...changesOf(state, known, ceilings), ...editedSince(state, known, journal, told)];
    let tape: OpenTape | undefined;
    const host = createHost({
      ...shared(surroundings),
      profile: options.profile,
      feed: named.feed,
      speed: named.speed,
      journal: meter.timed(journal),
      state,
      epoch: journal.nextEpoch(lastEpoch),
      isShort,
      openTape(epoch) {
        const config = hostConfig(named, toldStrategies(state, known));
        const header = { build: BUILD, config, feed: tapeFeed(named), snapshotSeq: before };
        setTapesAside(folder, lastEpoch);
        tape = openTape(folder, epoch, header, surroundings.clock);
        return tape;
      },
      find: (strategy) => findGuarded(strategy, own),
      remember: (strategy, definition) => rememberStrategy(folder, strategy, definition),
      known,
      ceilings,
      system: (feed, lastSeq, exchange) => meter.frame(feed, lastSeq, exchange),
      strategies: await cards(own, warn),
      venueAccount: named.account,
    });
    tellStart(log, meter, state, named, journal.lost);
    changes.forEach(warn);
    const tapes = { folder, journal, open: () => tape?.file(), log };
    const opened = wrap({ host, folder, log, meter, journal, state, before, profile: options.profile, named, tapes });
    if (before === 0 && !isShort && isDemo(options, named)) await begin(host);
    return opened;
  } catch (error) {
    log.error('the engine did not start', { error });
    await named.close?.();
    log.close();
    throw error;
  }
}

const shared = ({ clock, wait, isDebugEnabled }: Surroundings) => ({
  mode: 'PAPER' as const,
  onUpgrade: 'resume' as const,
  build: BUILD,
  account: { name: 'paper', balance: money('10000'), costs: PAPER_COSTS },
  commands: COMMANDS.map(({ path, summary }) => ({ name: path.join(' '), summary })),
  isDebugEnabled,
  clock,
  wait,
});

/** What faces tell of each strategy; files that cannot be used are told as problems. */
async function cards(own: string, tell: (problem: string) => void) {
  const builtIn = new Set(STRATEGIES);
  const { strategies, broken } = await listStrategies(own);
  for (const { problem } of broken) tell(`a strategy cannot be used: ${problem.found}`);
  return strategies.map((each) => strategyCard(each, builtIn.has(each) ? 'built-in' : 'own'));
}

interface OpenTape extends HostTape {
  /** Where it is at: a day has a file. */
  readonly file: () => string;
}

function openTape(
  folder: string,
  epoch: number,
  header: Omit<TapeHeader, 'format' | 'part'>,
  clock: () => number,
): OpenTape {
  const tape = new TapeWriter(folder, { epoch, header: () => header, clock });
  return {
    file: () => tape.file,
    append: (n, input, reached) => tape.append({ n, at: input.at, seq: reached, input }),
    precede: (reached) => tape.precede(reached),
    flush: () => tape.flush(),
    close(end) {
      tape.append({ ...end, closed: true });
      tape.close();
    },
  };
}

function tellStart(log: Log, meter: Meter, state: State, { feed, speed }: NamedFeed, lost: Lost | undefined): void {
  log.info('engine began', { build: BUILD, epoch: state.epoch, seq: state.seq, feed: feed.name, speed });
  if (lost === undefined) return;
  const text = lostText(lost);
  log.error(text, { seq: state.seq });
  meter.note(text);
}

/** What this start changes of the runs of the journal, in sentences. */
function changesOf(state: State, known: ReadonlyMap<string, Definition>, ceilings: Ceilings): readonly string[] {
  const upgrades = upgradesOf(state, (name) => known.get(name)).map(
    ({ run: { run, strategy, strategyVersion, state: is }, version }) => {
      const then = is === 'PAUSED' ? 'entries wait for resume' : 'it resumes with the next candle';
      return `run ${run}: ${strategy} is version ${version}, was ${strategyVersion}; stop and exits go on, ${then}`;
    },
  );
  const lowered = lowering(state, ceilings).flatMap((command) =>
    'run' in command ? [`run ${command.run}: its settings come down to the ceilings of the configuration file`] : [],
  );
  return [...upgrades, ...lowered];
}

interface Parts {
  readonly host: PaperHost;
  readonly folder: string;
  readonly log: Log;
  readonly meter: Meter;
  readonly journal: FileJournal;
  readonly state: State;
  readonly before: number;
  readonly profile: string;
  readonly named: NamedFeed;
  readonly tapes: Tapes;
}

function wrap({ host, folder, log, meter, journal, state, before, profile, named, tapes }: Parts): OpenedHost {
  let isOpen = true;
  /** What an exchange says of its leaving is a line in the log: the journal closes all the same. */
  const leave = async (): Promise<void> => {
    await named.close?.().catch((error: unknown) => log.warn('the exchange was not left cleanly', { error }));
  };
  const close = (): void => {
    if (!isOpen) return;
    isOpen = false;
    try {
      host.close();
      log.info('engine stopped', { seq: state.seq, entries: state.seq - before });
    } finally {
      journal.close();
      log.close();
    }
  };
  return {
    host,
    folder,
    log,
    note(text) {
      log.warn(text);
      meter.note(text);
    },
    async run(signal) {
      const leaveTapes = keepTapes(tapes);
      try {
        try {
          await host.run(signal);
        } finally {
          await leaveTapes();
        }
      } catch (error) {
        log.error('the engine stopped', { error });
        await leave();
        isOpen = false;
        journal.close();
        log.close();
        throw error;
      }
      await leave();
      close();
      return { saved: savedLines(state, before, profile) };
    },
    close() {
      void leave();
      close();
    },
  };
}

/** What a stop leaves behind. */
function savedLines(state: State, before: number, profile: string): readonly string[] {
  const held = state.runs.filter((run) => run.position !== undefined);
  const positions = held.map((run) => `${run.position?.sign === 1 ? 'long' : 'short'} ${run.symbol}`).join(', ');
  const active = state.runs.filter((run) => run.state !== 'OFF').length;
  return [
    `${count(state.seq - before, 'entry')} written to the journal of profile ${profile}, the last is #${state.seq}`,
    held.length === 0 ? 'flat' : `${positions} with ${held.length === 1 ? 'its stop' : 'their stops'} in the journal`,
    active === 0
      ? 'the next start goes on from here'
      : `the next start goes on from here, with ${count(active, 'run')}`,
  ];
}

/** The demo without a folder: a paper engine in memory on the simulated market with an open position, as one picture. */
export async function demoScene(): Promise<Scene> {
  const memory = createMemoryJournal();
  const ports: HostPorts = {
    ...shared({ ...HERE, wait: () => Promise.resolve() }),
    profile: DEMO,
    feed: createSyntheticFeed(1),
    speed: 60,
    journal: Object.assign(memory, { isSnapshotDue: false, saveSnapshot: () => {}, keepMark: () => {} }),
    state: emptyState(),
    isShort: false,
    openTape: () => ({ append: () => {}, precede: () => {}, flush: () => {}, close: () => {} }),
    find: (name) =>
      Promise.resolve(
        STRATEGIES.find((each) => each.name === name) ??
          refusal(2, 'UNKNOWN_STRATEGY', 'a built-in strategy', name, 'choose trend'),
      ),
    known: new Map(),
    ceilings: CEILINGS,
    system: () => null,
    strategies: STRATEGIES.map((each) => strategyCard(each, 'built-in')),
  };
  const host = createHost(ports);
  await begin(host);
  return host.scene();
}
