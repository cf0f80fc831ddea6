import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { onTestFinished } from 'vitest';
import type { Plug } from '../../../src/core/control/channel.ts';
import { Client, type ClientOptions } from '../../../src/core/control/client.ts';
import type { Host } from '../../../src/core/control/host.ts';
import { type ServeOptions, type Serving, serve } from '../../../src/core/control/server.ts';
import { CLOCKS, dial } from '../../../src/core/control/socket.ts';
import type { Ask, Asking } from '../../../src/core/domain/ask.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { CandleRow, MarketFrame } from '../../../src/core/domain/frame.ts';
import type { Scene } from '../../../src/core/view/scene.ts';
import type { View } from '../../../src/core/view/view.ts';
import { BTC, engineScene, START_AT } from '../../support/engine-scene.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** A host on a real engine whose market is moved by hand. */
export interface StubHost extends Host {
  readonly entriesNow: readonly AnyEntry[];
  readonly asked: { ask: Ask; asking: Asking }[];
  /** The symbols that were watched last. */
  watched: readonly string[];
  /** A price: one candle of a minute. */
  price(price: number): void;
  /** Asks for a long position and gives the price that fills it. */
  long(price: number): void;
  /** A day passes without prices. */
  day(): void;
  /** Tells what was written since, as a journal does when it is durable. */
  release(): void;
  /** Changes the state behind everybody's back. */
  corrupt(): void;
}

export function stubHost(): StubHost {
  const world = engineScene();
  const hand = world.start();
  const listeners = new Set<(entries: readonly AnyEntry[]) => void>();
  const candles: CandleRow[] = [];
  const asked: { ask: Ask; asking: Asking }[] = [];
  let released = world.entries.length;
  const release = (): void => {
    const entries = world.entries.slice(released);
    released = world.entries.length;
    if (entries.length > 0) for (const listener of listeners) listener(entries);
  };
  const price = (at: number): void => {
    hand.candle({ open: at, high: at, low: at, close: at });
    candles.push([hand.now - 60_000, at, at, at, at, 1]);
    release();
  };
  return {
    asked,
    get entriesNow() {
      return world.entries;
    },
    price,
    long(at) {
      world.command({ name: 'enter', run: 1, sign: 1, noStop: false });
      price(at);
    },
    day() {
      hand.pass(86_400_000);
      release();
    },
    release,
    corrupt() {
      world.account.safetyReason = 'changed by nobody';
    },
    scene: (): Scene => ({
      link: 'up',
      linkAt: null,
      mode: 'PAPER',
      profile: 'stub',
      feed: 'script',
      now: hand.now,
      state: world.engine.core.state,
      markets: [marketFrame(hand.price)],
      candles: { [BTC]: candles },
      runs: [],
      accounts: [],
      system: null,
      entries: world.entries.slice(-50),
      trades: world.entries.flatMap((entry) =>
        entry.kind === 'position_closed'
          ? [{ seq: entry.seq, run: entry.run, account: entry.account, symbol: BTC, body: entry.body }]
          : [],
      ),
      witnesses: world.entries.flatMap(({ kind, seq }) => (kind === 'day_closed' ? [{ seq, hash: `h${seq}` }] : [])),
      equity: { paper: candles.map(([at], i) => [at, i] as const) },
      strategies: [],
      commands: [],
      isDebugEnabled: false,
    }),
    onReleased(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    ask(ask, asking) {
      asked.push({ ask, asking });
      if (ask.do !== 'command') return new Promise(() => undefined);
      const entries = world.command(ask.command);
      release();
      return Promise.resolve({ ok: true, entries, isRepeated: false, run: 1 });
    },
    preview: (_symbol, draft) => ({
      ok: false,
      sign: draft.type === 'market' ? draft.sign : 1,
      code: 'STUB',
      expected: 'expected',
      found: 'found',
      fix: 'fix',
    }),
    entries({ fromSeq = 1, toSeq = Number.MAX_SAFE_INTEGER, limit = Number.MAX_SAFE_INTEGER, newest = false }) {
      const fit = world.entries.filter(({ seq }) => seq >= fromSeq && seq <= toSeq);
      return newest ? fit.reverse().slice(0, limit) : fit.slice(0, limit);
    },
    watched: [],
    watch(symbols) {
      this.watched = symbols;
      return Promise.resolve();
    },
  };
}

const marketFrame = (price: number): MarketFrame => ({
  symbol: BTC,
  instrument: { symbol: BTC } as MarketFrame['instrument'],
  source: 'script',
  isSimulated: true,
  bid: Number.isNaN(price) ? null : price,
  ask: null,
  bidQty: null,
  askQty: null,
  mid: null,
  last: null,
  quoteAt: START_AT,
  mark: null,
  markAt: null,
  fundingRate: null,
  nextFundingAt: null,
  change: null,
  depth: null,
  timeframeMs: 60_000,
  forming: null,
});

/** What calls back is called by hand. */
export interface HandClock {
  /** All that waits is due, or what waits for at most so long. */
  fire(msMax?: number): void;
  readonly waiting: number;
  readonly after: ClientOptions['after'];
  readonly every: ServeOptions['every'];
}

export function handClock(): HandClock {
  const once = new Map<() => void, number>();
  const always = new Set<() => void>();
  return {
    after(ms, run) {
      const own = (): void => run();
      once.set(own, ms);
      return () => void once.delete(own);
    },
    every(_ms, run) {
      const own = (): void => run();
      always.add(own);
      return () => void always.delete(own);
    },
    get waiting() {
      return once.size + always.size;
    },
    fire(msMax = Number.POSITIVE_INFINITY) {
      const due = [...once].filter(([, ms]) => ms <= msMax).map(([run]) => run);
      for (const run of due) once.delete(run);
      for (const run of [...always, ...due]) run();
    },
  };
}

export const VIEW: View = {
  screen: 'auto',
  title: 'as the engine draws it',
  status: [],
  blocks: [],
  actions: [],
  asOf: START_AT,
};

/** A server on a socket of its own, closed after the test. */
export async function served(
  host: Host,
  given: Partial<ServeOptions> = {},
): Promise<{ serving: Serving; path: string; clock: HandClock; shutdowns: number[] }> {
  const folder = join(scratchFolder(), 'run');
  mkdirSync(folder, { mode: 0o700 });
  const path = join(folder, 'stub.sock');
  const clock = handClock();
  const shutdowns: number[] = [];
  const serving = await serve(host, {
    socketPath: path,
    build: '1.2.3',
    pid: 77,
    view: () => VIEW,
    now: () => 1_000,
    every: clock.every,
    onShutdown: () => shutdowns.push(1),
    ...given,
  });
  onTestFinished(() => serving.close());
  return { serving, path, clock, shutdowns };
}

export const CLIENT: ClientOptions = {
  role: 'operate',
  face: 'test',
  follow: 'all',
  build: '1.2.3',
  who: 'somebody',
  now: () => 2_000,
  after: CLOCKS.after,
  random: () => 0.5,
};

/** A client that is attached, closed after the test. */
export async function attached(path: string, given: Partial<ClientOptions> = {}): Promise<Client> {
  const client = new Client({ ...CLIENT, ...given }, (): Promise<Plug> => dial(path));
  onTestFinished(() => client.close());
  await client.greet(await dial(path));
  return client;
}

/** Whatever was said to a client before is there when this resolves: answers keep their order. */
export async function caughtUp(...clients: readonly Client[]): Promise<void> {
  await Promise.all(clients.map((client) => client.entries({ limit: 1 })));
}

/** Until something is so, a turn of the loop at a time. */
export async function until(isSo: () => boolean): Promise<void> {
  while (!isSo()) await new Promise((resolve) => setImmediate(resolve));
}
