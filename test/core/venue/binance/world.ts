import { setImmediate as turn } from 'node:timers/promises';
import type { StreamLimits } from '../../../../src/core/venue/binance/limits.ts';
import { createBinanceStream } from '../../../../src/core/venue/binance/stream.ts';
import type { BookSnapshot, ExchangeStream, VenueProblem } from '../../../../src/core/venue/exchange.ts';
import { type HandTimers, handTimers } from '../../../support/hand-timers.ts';
import { Heard } from '../heard.ts';
import { SmallExchange } from './small-exchange.ts';

export const SYMBOL = 'BTC/USDT:USDT';
export const ID = 'BTCUSDT';
const idOf = (symbol: string) => (symbol.startsWith('NO') ? undefined : symbol.split(':')[0]?.replace('/', ''));

/** A stream against the small exchange, with clocks that a test moves. */
export interface World {
  readonly stream: ExchangeStream;
  readonly exchange: SmallExchange;
  readonly timers: HandTimers;
  readonly heard: Heard;
  readonly logged: string[];
  /** Snapshots that were asked for; each waits for its answer. */
  readonly asked: {
    readonly symbol: string;
    readonly at: number;
    answer(snapshot: BookSnapshot | VenueProblem): void;
  }[];
  /** Passes time by steps in which sockets may speak. */
  pass(ms: number): Promise<void>;
  /** Turns of the event loop until it holds; time stands still. */
  until(holds: () => boolean, what: string): Promise<void>;
  end(): Promise<void>;
}

export async function openWorld(
  options: {
    limits?: Partial<StreamLimits>;
    random?: () => number;
    market?: 'usdm' | 'spot';
    proxy?: string;
    /** The venue's own hosts instead of the small exchange. */
    isVenue?: boolean;
  } = {},
): Promise<World> {
  const timers = handTimers();
  const exchange = new SmallExchange(() => timers.mono());
  const base = await exchange.listen();
  const heard = new Heard();
  const logged: string[] = [];
  const asked: World['asked'] = [];
  const stream = createBinanceStream({
    market: options.market ?? 'usdm',
    endpoint: { base: options.isVenue === true ? undefined : base, proxy: options.proxy },
    timers,
    random: options.random ?? (() => 0),
    sink: heard,
    idOf,
    symbolOf: (id) => `${id.slice(0, -4)}/USDT:USDT`,
    snapshot: (symbol) => new Promise((answer) => asked.push({ symbol, at: timers.mono(), answer })),
    timeframeMs: 60_000,
    limits: options.limits,
    log: (text) => logged.push(text),
  });
  return {
    stream,
    exchange,
    timers,
    heard,
    logged,
    asked,
    async pass(ms) {
      for (let left = ms; left > 0; left -= 250) {
        timers.pass(Math.min(250, left));
        for (let turns = 0; turns < 6; turns += 1) await turn();
      }
    },
    until,
    async end() {
      await stream.end();
      await exchange.close();
    },
  };
}

async function until(holds: () => boolean, what: string): Promise<void> {
  const endAt = performance.now() + 5_000;
  while (!holds()) {
    if (performance.now() > endAt) throw new Error(`did not come: ${what}`);
    await turn();
  }
}
