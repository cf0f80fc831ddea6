import { assert } from '../../base/assert.ts';
import type {
  BookSnapshot,
  Channel,
  Endpoint,
  ExchangeStream,
  StreamHealth,
  StreamSink,
  Timers,
  VenueProblem,
} from '../exchange.ts';
import { type BinanceMarket, type Route, routesOf, streamName } from './channels.ts';
import { createFrameReader, type FrameReader } from './frames.ts';
import { createGate } from './gate.ts';
import { streamUrl } from './host.ts';
import { Lane, type LaneSink } from './lane.ts';
import { STREAM_LIMITS, type StreamLimits } from './limits.ts';
import { createPace, type Pace } from './pace.ts';
import { type Moment, SymbolStream } from './symbol.ts';
import type { Watch } from './watch.ts';

export interface BinanceStreamOptions {
  readonly market: BinanceMarket;
  readonly endpoint: Endpoint;
  readonly timers: Timers;
  /** In [0, 1): for the waits between connection attempts. */
  readonly random: () => number;
  readonly sink: StreamSink;
  /** `BTCUSDT` to `BTC/USDT:USDT` and back; undefined for a name of no market. */
  readonly symbolOf: (id: string) => string | undefined;
  readonly idOf: (symbol: string) => string | undefined;
  /** A book of 1,000 levels over REST, with its update id. */
  readonly snapshot: (symbol: string) => Promise<BookSnapshot | VenueProblem>;
  /** Candles of the stream: 60_000. */
  readonly timeframeMs: number;
  readonly limits?: Partial<StreamLimits> | undefined;
  readonly log?: ((text: string) => void) | undefined;
}

/**
 * Binance's own streams of USDS-M or spot. Nothing is thrown and nothing has to be restarted: it reconnects, renews its
 * connections before the venue cuts them, and builds books anew. `open` and `close` may be called at any time.
 */
export function createBinanceStream(options: BinanceStreamOptions): ExchangeStream {
  assert(options.timeframeMs === 60_000, 'Invariant: the stream gives candles of one minute');
  return new BinanceStream(options);
}

/** A lost connection breaks the books of all its symbols: each question has a weight. */
const SNAPSHOTS_AT_ONCE = 4;

class BinanceStream implements ExchangeStream {
  readonly exchange: string;
  readonly #options: BinanceStreamOptions;
  readonly #limits: StreamLimits;
  readonly #log: (text: string) => void;
  readonly #connects: Pace;
  readonly #snapshots = createGate<BookSnapshot | VenueProblem>(SNAPSHOTS_AT_ONCE);
  readonly #reader: FrameReader;
  readonly #symbols = new Map<string, SymbolStream>();
  readonly #lanes = new Set<Lane>();
  readonly #laneOf = new Map<Watch, Lane>();
  readonly #moment: Moment = { serial: 0, now: 0, at: 0 };
  readonly #laneSink: LaneSink;
  /** What lanes and symbols that are gone had counted. */
  readonly #past = { reconnects: 0, resyncs: 0 };
  #lastError: StreamHealth['lastError'] = null;
  #serials = 0;
  #ids = 0;
  #stop: (() => void) | undefined;
  #sweptAt = 0;
  #judgesFrom = 0;
  #isEnded = false;

  constructor(options: BinanceStreamOptions) {
    const { market, limits, log, timers } = options;
    this.exchange = market === 'usdm' ? 'binanceusdm' : 'binance';
    this.#options = options;
    this.#limits = { ...STREAM_LIMITS, ...limits };
    this.#log = log ?? (() => undefined);
    this.#connects = createPace(this.#limits.connects.max, this.#limits.connects.windowMs);
    this.#reader = this.#createReader();
    this.#laneSink = {
      message: (serial, bytes) => this.#message(serial, bytes),
      opened: (watches) => this.#each(watches, (of, watch) => of.opened(watch)),
      lost: (watches, why) => this.#each(watches, (of, watch) => of.lost(watch, why)),
      refused: (watch, why) => this.#symbols.get(watch.symbol)?.change(watch, 'silent', `refused: ${why}`),
      failed: (text) => {
        this.#lastError = { at: timers.wall(), text };
      },
      isSettled: (watches) => ![...watches].some(({ symbol }) => this.#symbols.get(symbol)?.isHolding === true),
    };
  }

  open(symbol: string): void {
    if (this.#isEnded || this.#symbols.has(symbol)) return;
    const id = this.#options.idOf(symbol);
    if (id === undefined) this.#refuse(symbol);
    else this.#add(symbol, id);
    if (this.#stop === undefined && this.#symbols.size > 0) this.#start();
  }

  #add(symbol: string, id: string): void {
    const { market, snapshot } = this.#options;
    const streams = routesOf(market).map(([channel]): [Channel, string] => [channel, streamName(id, channel)]);
    const opened = new SymbolStream({
      ...this.#options,
      symbol,
      streams,
      moment: this.#moment,
      limits: this.#limits,
      log: this.#log,
      snapshot: (of) => this.#snapshots.ask(of, () => snapshot(of)),
      isConnected: (watch) => this.#laneOf.get(watch)?.state === 'open',
      resubscribe: (watch) => this.#laneOf.get(watch)?.resubscribe(watch),
      renew: (watch, why) => this.#laneOf.get(watch)?.renew(why),
    });
    this.#symbols.set(symbol, opened);
    for (const route of new Set(routesOf(market).map(([, each]) => each))) this.#place(opened, route);
  }

  close(symbol: string): void {
    const closed = this.#symbols.get(symbol);
    if (closed === undefined) return;
    this.#symbols.delete(symbol);
    closed.end();
    this.#past.resyncs += closed.keeper.resyncs;
    for (const watch of closed.watches) {
      const lane = this.#laneOf.get(watch);
      this.#laneOf.delete(watch);
      lane?.remove(watch);
      if (lane?.size === 0) this.#lift(lane);
    }
  }

  health(): StreamHealth {
    const lanes = [...this.#lanes];
    const symbols = [...this.#symbols.values()];
    return {
      state: this.#state(lanes),
      connections: lanes.reduce((sum, lane) => sum + lane.connections, 0),
      reconnects: lanes.reduce((sum, lane) => sum + lane.reconnects, this.#past.reconnects),
      lastError: this.#lastError,
      channels: symbols.flatMap(({ watches }) =>
        watches.map(({ symbol, channel, state, lastAt, messages }) => ({ symbol, channel, state, lastAt, messages })),
      ),
      surprises: this.#reader.surprises,
      dropped: this.#reader.dropped,
      resyncs: symbols.reduce((sum, { keeper }) => sum + keeper.resyncs, this.#past.resyncs),
      droppedSample: this.#reader.droppedSample,
    };
  }

  async end(): Promise<void> {
    this.#isEnded = true;
    this.#stop?.();
    this.#snapshots.end();
    for (const each of this.#symbols.values()) each.end();
    for (const lane of this.#lanes) lane.end();
    this.#symbols.clear();
    this.#lanes.clear();
    this.#laneOf.clear();
  }

  #createReader(): FrameReader {
    const symbols = this.#symbols;
    return createFrameReader({
      symbolOf: this.#options.symbolOf,
      sink: {
        quote: (tick) => symbols.get(tick.symbol)?.quote(tick),
        trade: (tick) => symbols.get(tick.symbol)?.trade(tick),
        candle: (tick) => {
          if (tick.timeframeMs === this.#options.timeframeMs) symbols.get(tick.symbol)?.candle(tick);
        },
        mark: (tick) => symbols.get(tick.symbol)?.mark(tick),
        diff: (tick) => symbols.get(tick.symbol)?.diff(tick),
        ack: (id, error) => {
          for (const lane of this.#lanes) lane.answer(this.#moment.serial, id, error);
        },
        closing: () => {
          for (const lane of this.#lanes) lane.closing(this.#moment.serial);
        },
        other: () => undefined,
      },
    });
  }

  #refuse(symbol: string): void {
    const why = 'the venue has no such market';
    for (const [channel] of routesOf(this.#options.market)) {
      this.#options.sink.changed({ symbol, channel, state: 'silent', why });
    }
  }

  /** All channels that a symbol has of a route share a connection. */
  #place(opened: SymbolStream, route: Route): void {
    const routes = new Map(routesOf(this.#options.market));
    const watches = opened.watches.filter(({ channel }) => routes.get(channel) === route);
    const hasRoom = (lane: Lane) => lane.route === route && lane.size + watches.length <= this.#limits.streamsMax;
    const lane = [...this.#lanes].find(hasRoom) ?? this.#lay(route);
    for (const watch of watches) {
      this.#laneOf.set(watch, lane);
      lane.add(watch);
    }
  }

  #lay(route: Route): Lane {
    const { market, endpoint } = this.#options;
    const lane = new Lane({
      ...this.#options,
      route,
      url: streamUrl(market, endpoint, route),
      limits: this.#limits,
      connects: this.#connects,
      nextSerial: () => ++this.#serials,
      nextId: () => ++this.#ids,
      log: this.#log,
      sink: this.#laneSink,
    });
    this.#lanes.add(lane);
    return lane;
  }

  #lift(lane: Lane): void {
    this.#past.reconnects += lane.reconnects;
    lane.end();
    this.#lanes.delete(lane);
  }

  #each(watches: Iterable<Watch>, run: (of: SymbolStream, watch: Watch) => void): void {
    for (const watch of watches) {
      const of = this.#symbols.get(watch.symbol);
      if (of !== undefined) run(of, watch);
    }
  }

  #message(serial: number, bytes: Uint8Array): void {
    const { timers } = this.#options;
    this.#moment.serial = serial;
    this.#moment.now = timers.mono();
    this.#moment.at = timers.wall();
    this.#reader.read(bytes, this.#moment.at);
  }

  #start(): void {
    this.#sweptAt = this.#options.timers.mono();
    this.#sweep();
  }

  #sweep(): void {
    const now = this.#options.timers.mono();
    const hasSlept = now - this.#sweptAt >= this.#limits.stallMs;
    this.#sweptAt = now;
    // What came meanwhile was not read yet, and a peer that is gone is found by its missing pong.
    if (hasSlept) this.#judgesFrom = now + this.#limits.pongMs;
    for (const lane of this.#lanes) {
      if (hasSlept) lane.probe(now);
      lane.sweep(now);
    }
    for (const each of this.#symbols.values()) each.sweep(now, now >= this.#judgesFrom);
    this.#stop = this.#isEnded ? undefined : this.#options.timers.after(this.#limits.sweepMs, () => this.#sweep());
  }

  #state(lanes: readonly Lane[]): StreamHealth['state'] {
    if (this.#isEnded) return 'down';
    if (lanes.length > 0 && lanes.every(({ state }) => state === 'open')) return 'up';
    return lanes.length > 0 && lanes.every(({ state }) => state === 'waiting') ? 'down' : 'connecting';
  }
}
