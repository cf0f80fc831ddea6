import {
  divide,
  type Money,
  money,
  ONE,
  type Price,
  priceOf,
  type Qty,
  rate,
  toNumber,
  toStep,
} from '../base/decimal.ts';
import type { Command } from '../domain/command.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { AccountFrame, RunFrame } from '../domain/frame.ts';
import type { Instrument } from '../domain/instrument.ts';
import { builtInInstrument, type InstrumentHints } from '../domain/instrument-table.ts';
import type { Sign } from '../domain/order.ts';
import type { Run, SignalSide } from '../domain/run.ts';
import type { Costs, RiskSettings } from '../domain/settings.ts';
import type { State } from '../domain/state.ts';
import type { Core } from '../engine/core.ts';
import { createEngine, type Engine, riskModels } from '../engine/engine.ts';
import { accountFrames, runFrames } from '../engine/frames.ts';
import { symbolMarket } from '../engine/market.ts';
import { createStepper, type ScriptedCandle, type ScriptedQuote, type Stepper } from '../engine/stepper.ts';
import { SimulatedVenue } from '../venue/simulated/simulated.ts';
import { createScript, type Script } from './script.ts';

/** What a debug engine starts with; everything has a default. */
export interface DebugOptions {
  readonly symbol?: string | undefined;
  readonly instrument?: InstrumentHints | undefined;
  readonly balance?: Money | undefined;
  readonly costs?: Partial<Costs> | undefined;
  readonly risk?: Partial<RiskSettings> | undefined;
  /** One step of the clock, and the time frame of the candles. */
  readonly stepMs?: number | undefined;
  readonly startAt?: number | undefined;
  /** Voices of the scripted strategy: with one, every signal is strong. */
  readonly voices?: number | undefined;
}

/** What one line of a script led to. `refused` where it made no sense at this point. */
export interface DebugStep {
  readonly entries: readonly AnyEntry[];
  readonly refused: Core['refused'];
}

/**
 * The engine stepped by hand: a script of prices, a simulated venue, a journal in memory and an account of its own. What
 * is asked for is done at the next price, as everywhere. Nothing here names a run or an account: there is but one.
 */
export interface Debug {
  readonly now: number;
  /** A flat candle at a price, a step long; after the first `quote` a quote without a spread. */
  price(price: number): DebugStep;
  candle(candle: ScriptedCandle): DebugStep;
  quote(quote: ScriptedQuote): DebugStep;
  mark(price: number): DebugStep;
  /** A settlement, `0.0001` for 0.01 %: longs pay. */
  funding(rateText: string): DebugStep;
  /** Time passes without a price: one step, or so many milliseconds. */
  step(ms?: number): DebugStep;
  /** The strategy's side from the next closed candle on; it goes the way of every signal. */
  signal(side: SignalSide, agreeing?: number): void;
  long(): DebugStep;
  short(): DebugStep;
  /** Closes the position and opens the opposite one: the side is found. */
  flip(): DebugStep;
  close(): DebugStep;
  pause(): DebugStep;
  resume(): DebugStep;
  panic(): DebugStep;
  /** Lifts a halt or a block of the account. */
  resumeAccount(): DebugStep;
  /** A price at the trigger of the stop, the target or the maximum loss of the open position. */
  hitStop(): DebugStep;
  hitTarget(): DebugStep;
  hitMaxLoss(): DebugStep;
  /** An entry of twice what the margin covers, at the last price: it is denied. */
  blockMargin(): DebugStep;
  /** Any other command of the engine, as a face would send it. */
  command(command: Command): DebugStep;
  /** Settings for the next entry. */
  change(risk: Partial<RiskSettings>): DebugStep;
  state(): Readonly<State>;
  entries(): readonly AnyEntry[];
  /** What the engine tells faces beside its state. */
  frames(): { readonly runs: readonly RunFrame[]; readonly accounts: readonly AccountFrame[] };
  /** Bid, ask and their middle; NaN before the first price. */
  readonly touch: { readonly bid: number; readonly ask: number; readonly mid: number };
}

const ACCOUNT = 'debug';
const RUN = 1;
/** 2025-01-01T00:00:00Z */
const START_AT = 1_735_689_600_000;

const FREE: Costs = {
  makerRate: rate('0'),
  takerRate: rate('0'),
  spread: rate('0'),
  slippage: rate('0'),
  latencyMs: 0,
};

/** A tenth of the balance, twice leveraged, stop 1 %, target 2 %, no limits: a story that can be computed in the head. */
const PLAIN: RiskSettings = {
  sizing: { by: 'fraction', fraction: rate('0.1') },
  leverage: rate('2'),
  stop: { by: 'fixed', distance: rate('0.01') },
  target: { by: 'fixed', distance: rate('0.02') },
  loss: { by: 'none' },
  limits: {},
};

/** @throws {TypeError} where the symbol is none. */
export function createDebug(options: DebugOptions = {}): Debug {
  const instrument = instrumentOf(options);
  const journal: AnyEntry[] = [];
  const script = createScript(options.voices);
  const engine = startEngine(options, instrument, script, journal);
  const stepper = createStepper(engine, instrument.symbol, options.stepMs ?? 60_000);
  const scene: Scene = { engine, stepper, journal };
  const told = (work: () => Core['refused'] | undefined): DebugStep => {
    const from = journal.length;
    const refused = work();
    return { entries: journal.slice(from), refused };
  };
  const tell = (work: () => void): DebugStep =>
    told(() => {
      work();
      return undefined;
    });
  return {
    get now() {
      return stepper.now;
    },
    price: (price) => tell(() => priceAt(stepper, price)),
    candle: (candle) => tell(() => stepper.candle(candle)),
    quote: (quote) => tell(() => stepper.quote(quote)),
    mark: (price) => tell(() => stepper.mark(price)),
    funding: (rateText) => tell(() => stepper.funding(rate(rateText))),
    step: (ms) => tell(() => stepper.pass(ms)),
    signal: (side, agreeing) => script.vote(side, agreeing),
    long: () => told(() => enter(stepper, 1)),
    short: () => told(() => enter(stepper, -1)),
    flip: () => told(() => stepper.command({ name: 'flip_position', run: RUN })),
    close: () => told(() => stepper.command({ name: 'close_position', run: RUN })),
    pause: () => told(() => stepper.command({ name: 'pause_run', run: RUN })),
    resume: () => told(() => stepper.command({ name: 'resume_run', run: RUN })),
    panic: () => told(() => stepper.command({ name: 'panic', account: ACCOUNT })),
    resumeAccount: () => told(() => stepper.command({ name: 'resume_account', account: ACCOUNT })),
    hitStop: () => told(() => hit(scene, 'stop')),
    hitTarget: () => told(() => hit(scene, 'target')),
    hitMaxLoss: () => told(() => hit(scene, 'max_loss')),
    blockMargin: () => told(() => blockMargin(scene)),
    command: (command) => told(() => stepper.command(command)),
    change: (risk) => told(() => change(stepper, { ...runOf(scene).risk, ...risk })),
    state: () => engine.core.state,
    entries: () => journal,
    frames: () => ({ runs: runFrames(engine.core), accounts: accountFrames(engine.core) }),
    get touch() {
      const { bid, ask, mid } = symbolMarket(engine.core.market, instrument.symbol).quote;
      return { bid, ask, mid };
    },
  };
}

interface Scene {
  readonly engine: Engine;
  readonly stepper: Stepper;
  readonly journal: readonly AnyEntry[];
}

function instrumentOf({ symbol = 'BTC/USDT:USDT', instrument = {} }: DebugOptions): Instrument {
  const found = builtInInstrument(symbol, instrument);
  if (found !== undefined) return found;
  throw new TypeError(`expected a symbol such as BTC/USDT:USDT, found "${symbol}"`);
}

function startEngine(options: DebugOptions, instrument: Instrument, script: Script, journal: AnyEntry[]): Engine {
  const { balance = money('10000'), costs, risk, stepMs = 60_000, startAt = START_AT } = options;
  const { definition } = script;
  const engine = createEngine(
    {
      append: (entry) => journal.push(entry as AnyEntry),
      venue: (state) => new SimulatedVenue(state, riskModels),
      definitionOf: (name) => (name === definition.name ? definition : undefined),
    },
    undefined,
    () => stepMs,
  );
  engine.core.now = startAt;
  engine.startEpoch('debug');
  const asset = instrument.quote;
  engine.command(startAt, { name: 'open_account', account: ACCOUNT, asset, balance, costs: { ...FREE, ...costs } });
  engine.command(startAt, {
    name: 'start_run',
    account: ACCOUNT,
    symbol: instrument.symbol,
    strategy: definition.name,
    strategyVersion: definition.version,
    params: {},
    timeframeMs: stepMs,
    higherMs: 0,
    seed: 0,
    instrument,
    riskSettings: { ...PLAIN, ...(instrument.kind === 'spot' ? { leverage: rate('1') } : {}), ...risk },
    observe: false,
  });
  return engine;
}

function runOf({ engine }: Scene): Run {
  return engine.core.state.runs[0] as Run;
}

function priceAt(stepper: Stepper, price: number): void {
  if (stepper.isStreamed) stepper.quote({ bid: price, ask: price });
  else stepper.candle({ open: price, high: price, low: price, close: price });
}

const enter = (stepper: Stepper, sign: Sign): Core['refused'] =>
  stepper.command({ name: 'enter', run: RUN, sign, noStop: false });

const change = (stepper: Stepper, riskSettings: RiskSettings): Core['refused'] =>
  stepper.command({ name: 'change_settings', run: RUN, riskSettings });

const refusal = (code: string, expected: string, found: string, fix: string): Core['refused'] => ({
  code,
  expected,
  found,
  fix,
});

/** Goes to the trigger that rests; a maximum loss rests only where it is nearer than the stop. */
function hit(scene: Scene, what: 'stop' | 'target' | 'max_loss'): Core['refused'] {
  const { position, orders, pending } = runOf(scene);
  if (position === undefined) {
    return pending?.kind === 'enter'
      ? refusal('NO_POSITION', 'an open position', 'an entry that waits for a price', 'give a price first: price 60000')
      : refusal('NO_POSITION', 'an open position', 'none', 'open one first');
  }
  const resting = orders.find((order) =>
    what === 'max_loss' ? order.reason === 'max_loss' : order.role === what && order.reason !== 'max_loss',
  );
  if (resting?.trigger === undefined) {
    const found = orders.map((order) => order.reason).join(', ') || 'nothing';
    return refusal('NO_TRIGGER', `a ${what} that rests`, found, 'change the settings, then open again');
  }
  priceAt(scene.stepper, toNumber(resting.trigger));
  return undefined;
}

function blockMargin(scene: Scene): Core['refused'] {
  const { stepper, engine } = scene;
  const run = runOf(scene);
  const { risk, instrument } = run;
  if (run.position !== undefined) return refusal('POSITION_OPEN', 'a flat run', 'a position', 'close it first');
  const { price } = stepper;
  if (Number.isNaN(price)) return refusal('QUOTE_MISSING', 'a price', 'none', 'give a price first');
  const balance = engine.core.state.accounts[0]?.balance ?? 0n;
  const most = divide(balance * risk.leverage, priceOf(price) as Price, 'up');
  const qty = toStep((2n * most + ONE) as Qty, instrument.step, 'up');
  change(stepper, { ...risk, sizing: { by: 'qty', qty }, limits: {} });
  const refused = enter(stepper, 1);
  priceAt(stepper, price);
  change(stepper, risk);
  return refused;
}
