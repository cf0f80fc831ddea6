import { setImmediate as turn } from 'node:timers/promises';
import { describe, expect, test } from 'vitest';
import { builtInInstrument } from '../../../../src/core/domain/instrument-table.ts';
import { type Sandbox, serveSandbox } from '../../../../src/core/sandbox/server.ts';
import { openCandles } from '../../../../src/core/sandbox/source/candles.ts';
import { openCcxtStream } from '../../../../src/core/venue/ccxt/stream.ts';
import { type ExchangeStream, isVenueProblem } from '../../../../src/core/venue/exchange.ts';
import { handTimers } from '../../../support/hand-timers.ts';
import { SYMBOL } from '../binance/world.ts';
import { Heard } from '../heard.ts';

const ROWS = 3_000;

/** Candles that rise by a tick a minute. */
function columns(from: number) {
  const column = (of: (i: number) => number) => Float64Array.from({ length: ROWS }, (_, i) => of(i));
  const price = (i: number): number => Number((50_000 + i / 10).toFixed(1));
  return {
    openAt: column((i) => from + i * 60_000),
    open: column(price),
    high: column((i) => price(i + 2)),
    low: column((i) => price(i - 1)),
    close: column((i) => price(i + 1)),
    volume: column(() => 3),
  };
}

interface Scene {
  readonly heard: Heard;
  readonly stream: ExchangeStream;
  readonly sandbox: Sandbox;
  /** Moves time in steps, with turns of the loop for the sockets, until something holds. */
  until(holds: () => boolean): Promise<void>;
}

async function scene(work: (scene: Scene) => Promise<void>): Promise<void> {
  const timers = handTimers();
  const instrument = builtInInstrument(SYMBOL);
  if (instrument === undefined) throw new Error('a built-in instrument');
  const usdm = openCandles({
    kind: 'usdm',
    series: [
      {
        listing: { id: 'BTCUSDT', instrument, status: 'TRADING', fundingHours: 8, onboardAt: 0 },
        columns: columns(timers.wall() - 1_500 * 60_000),
        timeframeMs: 60_000,
      },
    ],
    clock: timers,
    at: 'recorded',
    from: timers.wall(),
  });
  const sandbox = await serveSandbox({ usdm, clock: timers });
  const opened = await openCcxtStream({
    exchange: 'binanceusdm',
    endpoint: { base: sandbox.usdm?.base },
    timers,
    random: () => 0.5,
    timeframeMs: 60_000,
  });
  if (isVenueProblem(opened)) throw new Error(opened.found);
  const heard = new Heard();
  const stream = opened(heard);
  try {
    await work({
      heard,
      stream,
      sandbox,
      async until(holds) {
        for (let i = 0; i < 4_000 && !holds(); i++) {
          timers.pass(50);
          for (let turns = 0; turns < 4; turns++) await turn();
        }
        expect(holds()).toBe(true);
      },
    });
  } finally {
    await stream.end();
    await sandbox.close();
  }
}

const states = (stream: ExchangeStream): Record<string, string> =>
  Object.fromEntries(stream.health().channels.map(({ channel, state }) => [channel, state]));

describe('a stream by ccxt pro', () => {
  test('gives quotes, books, trades and forming candles, and takes no candle for closed', async () => {
    await scene(async ({ heard, stream, until }) => {
      stream.open(SYMBOL);
      await until(() => ['quote', 'book', 'trade', 'candle'].every((channel) => states(stream)[channel] === 'live'));
      expect(heard.trades.length).toBeGreaterThan(0);
      expect(heard.candles.length).toBeGreaterThan(0);
      expect(heard.candles.some(({ isClosed }) => isClosed)).toBe(false);
      expect(stream.health().state).toBe('up');
    });
  });

  test('a stream that falls silent is told, its sockets are replaced, and it gives again', async () => {
    await scene(async ({ stream, sandbox, until }) => {
      stream.open(SYMBOL);
      await until(() => states(stream).quote === 'live');
      sandbox.faults.set({ kind: 'silence' });
      await until(() => states(stream).quote === 'silent' || states(stream).quote === 'lost');
      await until(() => stream.health().reconnects > 0);
      sandbox.faults.clear();
      await until(() => states(stream).quote === 'live');
      expect(stream.health().state).toBe('up');
    });
  });

  test('ends while it waits to try again: no timer is left, and no login of a proxy is in its errors', async () => {
    const timers = handTimers();
    const opened = await openCcxtStream({
      exchange: 'binanceusdm',
      endpoint: { proxy: 'http://somebody:hidden-word@127.0.0.1:1' },
      timers,
      random: () => 0.5,
      timeframeMs: 60_000,
    });
    if (isVenueProblem(opened)) throw new Error(opened.found);
    const heard = new Heard();
    const stream = opened(heard);
    stream.open(SYMBOL);
    for (let turns = 0; turns < 500 && !Object.values(states(stream)).includes('lost'); turns++) await turn();
    expect(states(stream)).toMatchObject({ quote: 'lost' });
    await stream.end();
    expect(timers.waiting).toBe(0);
    expect(JSON.stringify([heard, stream.health()])).not.toContain('hidden-word');
  });

  test('an exchange without streams is said to have none', async () => {
    const opened = await openCcxtStream({
      exchange: 'mercado',
      endpoint: {},
      timers: handTimers(),
      random: () => 0.5,
      timeframeMs: 60_000,
    });
    expect(opened).toMatchObject({ problem: 'NOT_SUPPORTED', fix: 'its prices are polled' });
  });
});
