import type { Rate } from '../base/decimal.ts';
import type { Command } from '../domain/command.ts';
import type { Core } from './core.ts';
import type { Engine } from './engine.ts';
import { isWarm, symbolMarket } from './market.ts';
import { tellWarm } from './signals.ts';
import { advance, approach, step } from './step.ts';

/** A candle as a script gives it; it covers one step of the clock. */
export interface ScriptedCandle {
  readonly open: number;
  readonly high: number;
  readonly low: number;
  readonly close: number;
  readonly volume?: number | undefined;
}

/** Best bid and ask; a size that is left out is as large as it needs to be. */
export interface ScriptedQuote {
  readonly bid: number;
  readonly ask: number;
  readonly bidQty?: number | undefined;
  readonly askQty?: number | undefined;
}

/** An engine whose clock stands until it is stepped by hand. Prices are of one symbol. */
export interface Stepper {
  /** The instant, ms UTC. */
  readonly now: number;
  /** The last price, NaN before the first. */
  readonly price: number;
  /** Bid and ask of their own were given: candles no longer fill anything. */
  readonly isStreamed: boolean;
  /** One candle from its open to its close, one step long. Time that passed without candles is told as a gap. */
  candle(candle: ScriptedCandle): void;
  /** A quote at this instant; then the clock goes one step on. */
  quote(quote: ScriptedQuote): void;
  /** A mark price, or a funding settlement, at this instant. */
  mark(price: number): void;
  funding(rate: Rate): void;
  command(command: Command): Core['refused'];
  /** Time passes without a price, one step where nothing is said; what is due on the way happens at its own instant. */
  pass(ms?: number): void;
}

/** Takes an engine whose runs were started in the hand: those that need no history are warm at once. */
export function createStepper(engine: Engine, symbol: string, stepMs: number): Stepper {
  const { core } = engine;
  const market = symbolMarket(core.market, symbol);
  market.quote.source = 'script';
  for (const held of core.market.runs) if (!held.run.warmedUp && isWarm(held)) tellWarm(core, held);
  return {
    get now() {
      return core.now;
    },
    get price() {
      return market.quote.mid;
    },
    get isStreamed() {
      return market.streamed;
    },
    candle: (candle) => playCandle(core, symbol, stepMs, candle),
    quote({ bid, ask, bidQty = Number.POSITIVE_INFINITY, askQty = Number.POSITIVE_INFINITY }) {
      engine.input({ kind: 'quote', symbol, at: core.now, bid, ask, bidQty, askQty, source: 'script' });
      advance(core, core.now + stepMs);
    },
    mark: (price) => engine.input({ kind: 'mark', symbol, at: core.now, price }),
    funding: (rate) => engine.input({ kind: 'funding', symbol, at: core.now, rate }),
    command: (command) => engine.command(core.now, command),
    pass: (ms = stepMs) => advance(core, core.now + ms),
  };
}

/** The three inputs of a candle, as the pump makes them. */
function playCandle(core: Core, symbol: string, stepMs: number, candle: ScriptedCandle): void {
  const market = symbolMarket(core.market, symbol);
  const { open, high, low, close, volume = 1 } = candle;
  const openAt = core.now;
  const at = openAt + stepMs;
  advance(core, openAt);
  const missing = Math.floor((openAt - market.lastCloseAt) / stepMs);
  if (missing > 0 && Number.isFinite(missing)) {
    step(core, { kind: 'gap', symbol, at: openAt, from: market.lastCloseAt, missing });
  }
  step(core, { kind: 'open', symbol, at: openAt, price: open });
  approach(core, at);
  if (!market.streamed) step(core, { kind: 'range', symbol, at, openAt, open, high, low });
  step(core, { kind: 'close', symbol, at, bar: { openAt, closeAt: at, open, high, low, close, volume } });
}
