import type { ExchangeRest, ExchangeStream, StreamSink, Timers, VenueNames } from '../../venue/exchange.ts';
import type { LiveFacts } from '../feed.ts';

/** What a feed of the present is made of. */
export interface LiveOptions {
  /** The name at ccxt: `binanceusdm`. */
  readonly exchange: string;
  readonly rest: ExchangeRest;
  /** Undefined where the exchange has no stream: it is polled. */
  readonly stream: ((sink: StreamSink, names: VenueNames) => ExchangeStream) | undefined;
  readonly timers: Timers;
  /** The present as the feed has it: the wall clock, or a stand-in's. */
  readonly clock?: (() => number) | undefined;
  /** Market ms in one ms of the timers: 1 but on loopback. */
  readonly speed?: number | undefined;
  /** How faces name the place that is asked, and the proxy (without its password; null for none). */
  readonly endpointText: string;
  readonly proxyText: string | null;
  readonly log?: ((text: string) => void) | undefined;
}

/** Streams, history and closes are candles of one minute; larger ones are made of them. */
export const TIMEFRAME_MS = 60_000;

/** Of a symbol that is not open. */
export const NO_FACTS: LiveFacts = {
  source: 'stream',
  isSimulated: false,
  bid: null,
  ask: null,
  bidQty: null,
  askQty: null,
  mid: null,
  last: null,
  quoteAt: null,
  mark: null,
  markAt: null,
  fundingRate: null,
  nextFundingAt: null,
  change: null,
  depth: null,
  timeframeMs: TIMEFRAME_MS,
  forming: null,
};
