import { type Money, money, rate } from '../../src/core/base/decimal.ts';
import type { Account } from '../../src/core/domain/account.ts';
import type { Command, StartRun } from '../../src/core/domain/command.ts';
import type { AnyEntry } from '../../src/core/domain/entry.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { builtInInstrument, type InstrumentHints } from '../../src/core/domain/instrument-table.ts';
import type { Run } from '../../src/core/domain/run.ts';
import type { Costs, RiskSettings } from '../../src/core/domain/settings.ts';
import type { Core } from '../../src/core/engine/core.ts';
import { createEngine, type Engine, riskModels } from '../../src/core/engine/engine.ts';
import { createStepper, type Stepper } from '../../src/core/engine/stepper.ts';
import { createScript, type Script } from '../../src/core/lab/script.ts';
import { type SimulatedFaults, SimulatedVenue } from '../../src/core/venue/simulated/simulated.ts';

/** 2025-01-01T00:00:00Z, a Wednesday. */
export const START_AT = 1_735_689_600_000;
export const BTC = 'BTC/USDT:USDT';
export const ETH = 'ETH/USDT:USDT';

export const FREE: Costs = {
  makerRate: rate('0'),
  takerRate: rate('0'),
  spread: rate('0'),
  slippage: rate('0'),
  latencyMs: 0,
};

/** A tenth of the balance, twice leveraged, stop 1 %, target 2 %, no limits. */
export const PLAIN: RiskSettings = {
  sizing: { by: 'fraction', fraction: rate('0.1') },
  leverage: rate('2'),
  stop: { by: 'fixed', distance: rate('0.01') },
  target: { by: 'fixed', distance: rate('0.02') },
  loss: { by: 'none' },
  limits: {},
};

export interface SceneOptions {
  readonly balance?: Money;
  readonly costs?: Partial<Costs>;
  readonly faults?: SimulatedFaults;
  readonly stepMs?: number;
  readonly startAt?: number;
}

export interface RunGiven {
  readonly symbol?: string;
  readonly account?: string;
  readonly instrument?: InstrumentHints & Partial<Instrument>;
  readonly risk?: Partial<RiskSettings>;
  readonly observe?: boolean;
  readonly strategy?: string;
}

/** One engine with an account `paper` and no run yet; the clock stands until it is stepped. */
export interface Scene {
  readonly engine: Engine;
  readonly entries: AnyEntry[];
  readonly account: Account;
  readonly refused: Core['refused'];
  /** What the strategy of every run says from the next closed candle on. */
  readonly vote: Script['vote'];
  run(number: number): Run;
  /** Starts a run and gives the hand that gives its prices. */
  start(given?: RunGiven): Stepper;
  command(command: Command): AnyEntry[];
  /** The entries that a piece of work led to. */
  since(work: () => unknown): AnyEntry[];
}

export function engineScene(options: SceneOptions = {}): Scene {
  const { balance = money('10000'), costs, faults, stepMs = 60_000, startAt = START_AT } = options;
  const entries: AnyEntry[] = [];
  const { definition, vote } = createScript();
  const engine = createEngine(
    {
      append: (entry) => entries.push(entry as AnyEntry),
      venue: (state) => new SimulatedVenue(state, riskModels, faults),
      definitionOf: (name) => (name === definition.name ? definition : undefined),
    },
    undefined,
    () => stepMs,
  );
  engine.core.now = startAt;
  engine.startEpoch('test');
  const { state } = engine.core;
  const since = (work: () => unknown): AnyEntry[] => {
    const from = entries.length;
    work();
    return entries.slice(from);
  };
  const command = (given: Command): AnyEntry[] => since(() => engine.command(engine.core.now, given));
  command({ name: 'open_account', account: 'paper', asset: 'USDT', balance, costs: { ...FREE, ...costs } });
  return {
    engine,
    entries,
    get account() {
      return state.accounts[0] as Account;
    },
    get refused() {
      return engine.core.refused;
    },
    vote,
    run: (number) => state.runs[number - 1] as Run,
    start(given = {}) {
      const wanted = startRun(given, stepMs);
      command(wanted);
      return createStepper(engine, wanted.symbol, stepMs);
    },
    command,
    since,
  };
}

export function startRun(given: RunGiven, timeframeMs: number): StartRun {
  const { symbol = BTC, account = 'paper', observe = false, strategy = 'script' } = given;
  const built = builtInInstrument(symbol, given.instrument);
  if (built === undefined) throw new TypeError(`no symbol: ${symbol}`);
  const instrument = { ...built, ...given.instrument } as Instrument;
  const leverage = instrument.kind === 'spot' ? { leverage: rate('1') } : {};
  return {
    name: 'start_run',
    account,
    symbol,
    strategy,
    strategyVersion: 1,
    params: {},
    timeframeMs,
    higherMs: 0,
    seed: 0,
    instrument,
    riskSettings: { ...PLAIN, ...leverage, ...given.risk },
    observe,
  };
}
