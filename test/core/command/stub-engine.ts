import { money, price, qty } from '../../../src/core/base/decimal.ts';
import type { Change, EngineClient, EnginePorts } from '../../../src/core/command/engine.ts';
import type { ConfigPorts } from '../../../src/core/command/ports.ts';
import { type Refusal, refusal } from '../../../src/core/command/refusal.ts';
import type { Config } from '../../../src/core/config/config.ts';
import type { Answer, Ask, Asking } from '../../../src/core/domain/ask.ts';
import type { Command, Refused } from '../../../src/core/domain/command.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { MarketFrame, Preview } from '../../../src/core/domain/frame.ts';
import { MANUAL, type Run } from '../../../src/core/domain/run.ts';
import type { State } from '../../../src/core/domain/state.ts';
import { createDebug, type Debug, type DebugOptions, type DebugStep } from '../../../src/core/lab/debug.ts';
import { CEILINGS } from '../../../src/core/risk/defaults.ts';
import type { Scene } from '../../../src/core/view/scene.ts';
import type { View } from '../../../src/core/view/view.ts';

const PRICE = 60_000;

/** What a test may want of the engine that is not there. */
export interface StubOptions extends DebugOptions {
  readonly mode?: Scene['mode'];
  /** No price comes after a command: what was asked for stays open. */
  readonly isStill?: boolean;
  readonly isStopped?: boolean;
  /** Nobody watches its symbol yet: prices come once they were asked for. */
  readonly isUnwatched?: boolean;
  /** What of its scene is otherwise. */
  readonly scene?: Partial<Scene>;
  /** Why it is not the engine that is asked for. */
  readonly misfit?: Refusal;
  /** What it will not do, and why. */
  readonly refuses?: (ask: Ask) => Refused | undefined;
}

export interface StubEngine {
  readonly ports: EnginePorts;
  readonly debug: Debug;
  readonly asked: readonly { readonly ask: Ask; readonly asking: Asking }[];
  readonly started: readonly unknown[];
  readonly resets: readonly string[];
  /** Does something to the market or the engine, and tells the clients. */
  act(work: (debug: Debug) => DebugStep): void;
  /** The link breaks. */
  lose(): void;
}

/** An engine in this process that a price reaches after each command: the debug engine behind a client. */
export function stubEngine({
  mode = 'PAPER',
  isStill = false,
  isStopped = false,
  isUnwatched = false,
  scene: changes = {},
  refuses = () => undefined,
  misfit,
  ...options
}: StubOptions = {}): StubEngine {
  const debug = createDebug(options);
  debug.price(PRICE);
  const asked: { ask: Ask; asking: Asking }[] = [];
  const started: unknown[] = [];
  const resets: string[] = [];
  const listeners = new Set<(change: Change) => void>();
  const answers = new Map<string, Answer>();
  const ids = new Map<number, string>();
  let link: Scene['link'] = 'up';
  let isFed = !isUnwatched;
  const tell = ({ entries }: DebugStep, isLink = false): void => {
    for (const listener of listeners) listener({ entries, isLink });
  };
  const client: EngineClient = {
    scene() {
      const scene = sceneOf(debug, mode);
      return { ...scene, markets: isFed ? scene.markets : [], link, ...changes };
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask(ask, asking) {
      asked.push({ ask, asking });
      if (link !== 'up') return Promise.reject(new Error('the link broke'));
      const refused = refuses(ask);
      if (refused !== undefined) return Promise.resolve({ ok: false, refused });
      const known = asking.id === undefined ? undefined : answers.get(asking.id);
      if (known?.ok === true) return Promise.resolve({ ...known, isRepeated: true });
      if (asking.isDryRun === true)
        return Promise.resolve({ ok: true, entries: [], isRepeated: false, run: runOf(ask) });
      const step = debug.command(withHand(debug, commandOf(ask)));
      tell(step);
      const answer = answerOf(ask, step);
      if (asking.id !== undefined) answers.set(asking.id, answer);
      if (asking.id !== undefined) ids.set(step.entries[0]?.seq ?? 0, asking.id);
      if (answer.ok && !isStill) setImmediate(() => tell(debug.price(PRICE)));
      return Promise.resolve(answer);
    },
    preview: (_symbol, draft) => Promise.resolve(draft.type === 'limit' ? denied : previewed),
    entries: ({ fromSeq = 1, kinds }) =>
      Promise.resolve(
        debug
          .entries()
          .filter((each) => each.seq >= fromSeq && (kinds?.includes(each.kind) ?? true))
          .map((each) => withId(each, ids.get(each.seq))),
      ),
    watch() {
      setImmediate(() => {
        isFed = true;
        tell({ entries: [], refused: undefined });
      });
      return Promise.resolve();
    },
    view: (ui) => Promise.resolve(viewOf(ui.screen, ui.locale)),
    report: () => {},
    close: () => {},
  };
  const stopped = refusal(5, 'NO_ENGINE', 'an engine of profile demo', 'none', 'dzentra engine start');
  return {
    debug,
    asked,
    started,
    resets,
    act: (work) => tell(work(debug)),
    lose() {
      link = 'lost';
      tell({ entries: [], refused: undefined }, true);
    },
    ports: {
      profile: (given) => given ?? 'demo',
      connect: () => Promise.resolve(isStopped && started.length === 0 ? stopped : client),
      misfit: () => Promise.resolve(misfit),
      start(engine) {
        if (misfit !== undefined) return Promise.resolve(misfit);
        started.push(engine);
        return Promise.resolve({ isNew: isStopped && started.length === 1, pid: 4711 });
      },
      run: () => Promise.resolve({ saved: [] }),
      stop: () => Promise.resolve({ pid: 4711 }),
      status: (profile) =>
        Promise.resolve(
          isStopped && started.length === 0
            ? { state: 'stopped', profile, folder: 'state/demo' }
            : { state: 'running', profile, pid: 4711, socket: 'demo.sock', scene: client.scene() },
        ),
      logFile: () => 'engine.log',
      logLines: () => Promise.resolve([]),
      followLog: () => Promise.resolve(),
      reset(profile) {
        resets.push(profile);
        return Promise.resolve({ kept: `${profile}.1` });
      },
    },
  };
}

const runOf = (ask: Ask): number => (ask.do === 'command' && 'run' in ask.command ? ask.command.run : 1);

/** The engine makes the hand's run of a symbol where a position is handed over first. */
function withHand(debug: Debug, command: Command): Command {
  if (command.name !== 'hand_over' || command.to !== 0) return command;
  const { account, symbol, timeframeMs, seed, instrument, risk } = debug.state().runs[command.run - 1] as Run;
  const hand = { account, symbol, timeframeMs, seed, instrument, strategy: MANUAL, strategyVersion: 1, params: {} };
  debug.command({ name: 'start_run', ...hand, higherMs: 0, riskSettings: risk, observe: false });
  return { ...command, to: debug.state().runs.length };
}

function commandOf(ask: Ask): Command {
  if (ask.do === 'command') return ask.command;
  if (ask.do === 'start') return { name: 'note', about: 1, note: `start ${ask.start.strategy}` };
  const { draft } = ask;
  if (draft.type === 'stop') return { name: 'move_stop', run: 1, stopPrice: draft.stopPrice };
  if (draft.type === 'target') return { name: 'move_target', run: 1, targetPrice: draft.targetPrice };
  const { type: _type, noStop = false, ...wishes } = draft;
  return { name: 'enter', run: 1, noStop, ...wishes };
}

function answerOf(ask: Ask, { entries, refused }: DebugStep): Answer {
  if (refused !== undefined) return { ok: false, refused };
  const [received] = entries;
  const own = entries.filter((entry) => entry === received || entry.cause === received?.seq);
  return { ok: true, entries: own, isRepeated: false, run: runOf(ask) };
}

function sceneOf(debug: Debug, mode: Scene['mode']): Scene {
  const state = debug.state() as State;
  return {
    link: 'up',
    linkAt: null,
    mode,
    profile: 'demo',
    feed: 'script',
    now: debug.now,
    state,
    markets: state.runs.map((run): MarketFrame => marketFrame(run.symbol, run.instrument, debug.now)),
    candles: {},
    runs: [],
    accounts: [],
    system: {
      version: '0.1.0',
      build: 'b',
      node: '26',
      pid: 4711,
      startedAt: 0,
      wallAt: 0,
      memoryBytes: 1,
      cpuShare: null,
      feed: { name: 'script', state: 'up', speed: 0, reconnects: 0, error: null },
      venue: { name: 'simulated', state: 'up', latencyMs: null },
      database: { file: 'x', bytes: 1, lastSeq: state.seq, commitMsP50: null, commitMsP99: null, isShort: false },
      clockOffsetMs: null,
      clients: [],
      errors: [],
    },
    entries: debug.entries(),
    trades: [],
    equity: {},
    strategies: [],
    commands: [],
    isDebugEnabled: false,
  };
}

const marketFrame = (symbol: string, instrument: MarketFrame['instrument'], at: number): MarketFrame => ({
  symbol,
  instrument,
  source: 'script',
  isSimulated: true,
  bid: PRICE,
  ask: PRICE,
  bidQty: null,
  askQty: null,
  mid: PRICE,
  last: PRICE,
  quoteAt: at,
  mark: PRICE,
  markAt: at,
  fundingRate: null,
  nextFundingAt: null,
  change: null,
  depth: null,
  timeframeMs: 60_000,
  forming: null,
});

const previewed: Preview = {
  ok: true,
  sign: 1,
  type: 'market',
  qty: qty('0.016'),
  price: price('60000'),
  notional: money('960'),
  margin: money('480'),
  fee: money('0.48'),
  feeOut: money('0.48'),
  risk: money('10.56'),
  riskShare: 0.001,
  stopPrice: price('59400'),
  quoteAt: 1,
  mid: 60_000,
};

const denied: Preview = {
  ok: false,
  sign: 1,
  code: 'MARGIN_SHORT',
  expected: 'a margin of 480',
  found: '12 free',
  fix: 'a smaller size',
};

/** A screen with a fact and a row. */
const viewOf = (screen: View['screen'], locale: string): View => ({
  screen,
  title: `${screen} in ${locale}`,
  status: [],
  blocks: [
    {
      kind: 'facts',
      id: 'one',
      title: 'ONE',
      area: 'main',
      rank: 0,
      lines: [[{ name: 'state', label: 'state', cells: [{ value: 'RUNNING', text: 'running', tone: 'accent' }] }]],
    },
  ],
  actions: [],
  asOf: 1,
});

/** A configuration without a file; a test says what differs. */
export const stubConfig = (changes: Partial<Config> = {}): Config => ({
  file: '/home/me/.config/dzentra/config.toml',
  hasFile: false,
  profile: 'demo',
  profiles: ['demo'],
  settings: [
    { key: 'profile', text: 'demo', origin: { from: 'default' }, isSecret: false },
    { key: 'language', text: undefined, origin: { from: 'default' }, isSecret: false },
  ],
  locale: 'en',
  zone: { name: 'UTC', offsetMinutes: 0 },
  theme: 'dark',
  ascii: false,
  ceilings: CEILINGS,
  run: {},
  params: {},
  exchanges: {},
  ...changes,
});

export const stubConfigPorts = (changes: Partial<Config> = {}): ConfigPorts => ({
  file: '/home/me/.config/dzentra/config.toml',
  load: () => Promise.resolve(stubConfig(changes)),
  init: () => Promise.resolve({ file: '/home/me/.config/dzentra/config.toml' }),
});

/** The debug engine numbers its commands itself. */
const withId = (entry: AnyEntry, id: string | undefined): AnyEntry =>
  entry.kind === 'command_received' && id !== undefined ? { ...entry, body: { ...entry.body, id } } : entry;
