import type { CandleRow } from '../../domain/frame.ts';
import type { LeverageTier } from '../../domain/instrument.ts';
import {
  type Abilities,
  type ApiKey,
  type Endpoint,
  type ExchangeRest,
  isVenueProblem,
  type RestHealth,
  type Timers,
  type VenueMarket,
  type VenueProblem,
  type VenueProblemCode,
} from '../exchange.ts';
import { binanceDialect } from './binance.ts';
import { SPOT, USDM } from './binance-names.ts';
import { RateBudget } from './budget.ts';
import { closedCandles } from './candles.ts';
import type { CcxtClient } from './client.ts';
import { VenueClock } from './clock.ts';
import { type Family, familyOf } from './codes.ts';
import type { Ask, CandleQuery, Dialect, Listed } from './dialect.ts';
import { endpointProblem, rehost } from './endpoint.ts';
import { type CcxtClass, loadExchange, nearNames } from './load.ts';
import { Failure, fail, problemOf } from './problem.ts';
import { keyName, scrubber } from './scrub.ts';
import { unifiedDialect } from './unified.ts';
import { attachWire, failureOf, onTrip, type WireSettings } from './wire.ts';

/** What is needed to ask an exchange. */
export interface CcxtRestOptions {
  /** The name at ccxt: `binanceusdm`, `binance` (spot), `bybit`, `okx`, `kraken`, ... */
  readonly exchange: string;
  readonly endpoint: Endpoint;
  readonly key?: ApiKey | undefined;
  readonly timers: Timers;
  /** Hears what is worth a line in the log; nothing of a key is in it. */
  readonly log?: ((text: string) => void) | undefined;
  /** Called when there is a connection, and what was asked first is sent; never where a proxy is on the way. */
  readonly onConnect?: (() => void) | undefined;
  /** For one request as a whole; 10 s where it is not given. */
  readonly timeoutMs?: number | undefined;
}

const TIMEOUT_MS = 10_000;
/** How often a venue that is down is asked whether it is at maintenance. */
const STATUS_MS = 60_000;
/** Where tiers are not told to this key or at all. */
const TIERLESS: ReadonlySet<VenueProblemCode> = new Set(['NOT_SUPPORTED', 'BAD_KEY', 'KEY_LACKS_RIGHT']);
/** Weight of a minute before exchange information tells it. */
const WEIGHTS: Readonly<Record<string, number>> = { binanceusdm: 2400, binance: 6000 };

/**
 * Opens one exchange over REST by its ccxt class; nothing is asked yet. A problem where the name, the endpoint or the key
 * cannot be used.
 */
export async function openCcxtRest(options: CcxtRestOptions): Promise<ExchangeRest | VenueProblem> {
  const { exchange, endpoint, key } = options;
  const no = endpointProblem(exchange, endpoint, key);
  if (no !== undefined) return no;
  const found = await loadExchange(exchange);
  if (isVenueProblem(found)) return found;
  // The class that streams knows which streams there are; Binance's are read without ccxt.
  const pro = hasOwnStreams(exchange) ? found : await loadExchange(exchange, 'pro');
  const client = clientOf(isVenueProblem(pro) ? found : pro, options);
  const budget = new RateBudget(options.timers, WEIGHTS[exchange] ?? null);
  const settings: WireSettings = {
    family: familyOf(exchange),
    base: endpoint.base,
    proxy: endpoint.base === undefined ? endpoint.proxy : undefined,
    timeoutMs: options.timeoutMs ?? TIMEOUT_MS,
    timers: options.timers,
    budget,
    scrub: scrubber(key),
  };
  attachWire(client, settings);
  if (options.onConnect !== undefined) client.fetchDispatcher?.once?.('connect', options.onConnect);
  return new CcxtRest(client, settings, options);
}

/** An exchange object of a class, wired to its endpoint and quiet. */
export function clientOf(Exchange: CcxtClass, { exchange, endpoint, key, timeoutMs }: CcxtRestOptions): CcxtClient {
  const client = new Exchange({
    ...(key === undefined ? {} : { apiKey: key.apiKey, secret: key.secret, password: key.passphrase }),
    // Binance tells its weight; the others are paced by ccxt. A stand-in needs no pace.
    enableRateLimit: familyOf(exchange) !== 'binance' && endpoint.base === undefined,
    timeout: timeoutMs ?? TIMEOUT_MS,
    verbose: false,
    // One tunnel serves http and https; loopback goes direct.
    ...(endpoint.proxy === undefined || endpoint.base !== undefined ? {} : { httpsProxy: endpoint.proxy }),
    options: optionsOf(familyOf(exchange), exchange),
  });
  // Currencies and margin pairs are not needed, and ask for a key's rights.
  client.has.fetchCurrencies = false;
  if (endpoint.base !== undefined) client.urls.api = rehost(client.urls.api, endpoint.base);
  return client;
}

/** Only the markets that are traded here are listed: inverse contracts and options cost requests and seconds. */
function optionsOf(family: Family, exchange: string): Readonly<Record<string, unknown>> {
  const common = {
    fetchMargins: false,
    adjustForTimeDifference: false,
    recvWindow: 5_000,
    warnOnFetchOpenOrdersWithoutSymbol: false,
  };
  if (exchange === 'binanceusdm') return { ...common, defaultType: 'swap', fetchMarkets: { types: ['linear'] } };
  if (exchange === 'binance') return { ...common, defaultType: 'spot', fetchMarkets: { types: ['spot'] } };
  if (family === 'bybit') return { ...common, fetchMarkets: { types: ['spot', 'linear'] } };
  return family === 'okx' ? { ...common, fetchMarkets: { types: ['spot', 'swap'] } } : common;
}

const hasOwnStreams = (exchange: string): boolean => exchange === 'binanceusdm' || exchange === 'binance';

/** Channels that the stream of an exchange has: Binance's own ones, or those that ccxt pro watches. */
function streamsOf(exchange: string, { has }: CcxtClient): Abilities['streams'] {
  if (hasOwnStreams(exchange)) {
    return { quote: true, book: true, trade: true, candle: true, mark: exchange === 'binanceusdm' };
  }
  const watches = (name: string): boolean => has[name] === true;
  return {
    quote: watches('watchBidsAsks') || watches('watchOrderBook') || watches('watchTicker'),
    book: watches('watchOrderBook'),
    trade: watches('watchTrades'),
    candle: watches('watchOHLCV'),
    mark: watches('watchMarkPrice'),
  };
}

/**
 * The adapter. A question finds its market, passes the budget, goes through ccxt and the wire, and comes back as a value:
 * whatever was thrown on the way is a `Failure` by then, and the problem that it carries is the answer.
 */
class CcxtRest implements ExchangeRest {
  readonly exchange: string;
  readonly title: string;
  readonly abilities: Abilities;
  readonly #client: CcxtClient;
  readonly #settings: WireSettings;
  readonly #key: ApiKey | undefined;
  readonly #log: (text: string) => void;
  readonly #dialect: Dialect;
  #listed: ReadonlyMap<string, Listed> | undefined;
  #listing: Promise<ReadonlyMap<string, Listed>> | undefined;
  readonly #clock: VenueClock;
  #clockAsked: Promise<number | VenueProblem> | undefined;
  #status: { askedAt: number; isMaintained: Promise<boolean> } = {
    askedAt: Number.NEGATIVE_INFINITY,
    isMaintained: Promise.resolve(false),
  };
  #isClosed = false;

  constructor(client: CcxtClient, settings: WireSettings, { exchange, key, log }: CcxtRestOptions) {
    this.exchange = exchange;
    this.title = client.name.replace('\u24c8', 'S').replace(/[^\x20-\x7e]/g, '');
    this.#client = client;
    this.#settings = settings;
    this.#key = key;
    this.#clock = new VenueClock(settings.timers);
    this.#log = log ?? (() => undefined);
    this.#dialect = this.#speak();
    this.abilities = { ...this.#dialect.abilities, streams: streamsOf(exchange, client) };
  }

  markets(isFresh = false): Promise<readonly VenueMarket[] | VenueProblem> {
    return this.#answer(async () => [...(await this.#markets(isFresh)).values()].map((one) => one.market));
  }

  instrument(symbol: string): Promise<VenueMarket | VenueProblem> {
    return this.#answer(async () => {
      const listed = await this.#find(symbol);
      const { instrument } = listed.market;
      if (instrument?.kind !== 'perpetual' || !this.abilities.leverageTiers) return listed.market;
      const tiers = await this.#tiers(listed);
      return tiers === undefined ? listed.market : { ...listed.market, instrument: { ...instrument, tiers } };
    });
  }

  candles(symbol: string, query: CandleQuery): Promise<readonly CandleRow[] | VenueProblem> {
    return this.#answer(async () => {
      const listed = await this.#find(symbol);
      const venueAt = await this.#venueNow();
      return closedCandles(await this.#dialect.candles(listed, query), query, venueAt);
    });
  }

  /** A crossed quote is no quote: it is told as a problem. */
  poll(symbol: string): ReturnType<ExchangeRest['poll']> {
    return this.#answer(async () => {
      const quote = await this.#dialect.poll(await this.#find(symbol));
      if (quote.bid <= quote.ask) return quote;
      return fail('BAD_ANSWER', 'a bid at or below the ask', `bid ${quote.bid}, ask ${quote.ask}`);
    });
  }

  book(symbol: string, levels: number): ReturnType<ExchangeRest['book']> {
    return this.#answer(async () => this.#dialect.book(await this.#find(symbol), levels));
  }

  /** Venues stamp a settlement some ms late: its instant is given to the second, as they announced it. */
  fundingRates(symbol: string, from: number, limit: number): ReturnType<ExchangeRest['fundingRates']> {
    return this.#answer(async () => {
      const rows = await this.#dialect.fundingRates(await this.#find(symbol), from, limit);
      const whole = rows.map((row) => ({ ...row, at: Math.round(row.at / 1_000) * 1_000 }));
      return whole
        .filter((row) => row.at >= from)
        .sort((a, b) => a.at - b.at)
        .slice(0, limit);
    });
  }

  /** Markets come first: an account names the venue's ids. */
  account(): ReturnType<ExchangeRest['account']> {
    return this.#answer(async () => {
      const key = this.#keyOrFail();
      await this.#markets(false);
      const at = this.#settings.timers.wall();
      const parts = await this.#dialect.account();
      return { exchange: this.exchange, key: keyName(key.apiKey), at, error: null, ...parts };
    });
  }

  keyRights(): ReturnType<ExchangeRest['keyRights']> {
    return this.#answer(() => {
      this.#keyOrFail();
      return this.#dialect.keyRights();
    });
  }

  measureClock(): Promise<number | VenueProblem> {
    return this.#answer(async () => {
      const { time } = this.#dialect;
      if (time === undefined) return fail('NOT_SUPPORTED', 'an exchange that tells its time', this.title);
      const { offsetMs } = await this.#clock.measure(() => onTrip(time));
      this.#settings.budget.offsetMs = offsetMs;
      // What ccxt signs is stamped by the venue's clock; ccxt counts ours minus theirs.
      this.#client.options.timeDifference = -offsetMs;
      return offsetMs;
    });
  }

  health(): RestHealth {
    const { offsetMs = null, errorMs: offsetErrorMs = null } = this.#clock.reading ?? {};
    return { ...this.#settings.budget.health(), offsetMs, offsetErrorMs };
  }

  /** Ends its sockets at once. What was still asked resolves as a problem. */
  async close(): Promise<void> {
    this.#isClosed = true;
    const dispatchers = [this.#client.fetchDispatcher, ...Object.values(this.#client.proxyDictionaries)];
    await Promise.all(dispatchers.map(async (one) => one?.destroy?.()));
  }

  #speak(): Dialect {
    const ask = this.#ask;
    const hasKey = this.#key !== undefined;
    if (this.exchange === 'binanceusdm') return binanceDialect(this.#client, ask, USDM, hasKey);
    if (this.exchange === 'binance') return binanceDialect(this.#client, ask, SPOT, hasKey);
    return unifiedDialect(this.#client, ask, hasKey);
  }

  /** One question: a slot of the budget, and whatever ccxt throws as a failure. */
  readonly #ask: Ask = async (lane, weight, question) => {
    const { budget } = this.#settings;
    const no = await budget.enter(lane, weight);
    if (no !== undefined) throw new Failure(no);
    try {
      return await question();
    } catch (error) {
      throw failureOf(error, this.#settings);
    } finally {
      budget.leave(lane);
    }
  };

  /** Every promise resolves; a failure becomes the value that it carries. */
  async #answer<T>(question: () => Promise<T> | T): Promise<T | VenueProblem> {
    if (this.#isClosed) return problemOf({ code: 'REFUSED', found: 'a question after the end', fix: 'open it anew' });
    try {
      return await question();
    } catch (error) {
      const problem = await this.#explained(failureOf(error, this.#settings).problem);
      if (problem.problem === 'BAD_ANSWER') this.#settings.budget.heardError(`${problem.problem} ${problem.found}`);
      this.#log(`${this.exchange}: ${problem.problem}, ${problem.found}`);
      return problem;
    }
  }

  /** A venue that is down may be at maintenance: it is asked for it, once a minute at most. */
  async #explained(problem: VenueProblem): Promise<VenueProblem> {
    const { isMaintained } = this.#dialect;
    if (problem.problem !== 'VENUE_DOWN' || isMaintained === undefined) return problem;
    const now = this.#settings.timers.mono();
    if (now - this.#status.askedAt >= STATUS_MS) {
      this.#status = { askedAt: now, isMaintained: isMaintained().catch(() => false) };
    }
    return (await this.#status.isMaintained) ? problemOf({ code: 'MAINTENANCE', found: problem.found }) : problem;
  }

  /** A key that may not ask for tiers does not keep anybody from the market: the built-in ones stay. */
  async #tiers(listed: Listed): Promise<readonly LeverageTier[] | undefined> {
    try {
      return await this.#dialect.tiers(listed);
    } catch (error) {
      const failure = failureOf(error, this.#settings);
      if (!TIERLESS.has(failure.problem.problem)) throw failure;
      this.#log(`${this.exchange}: leverage tiers of the built-in table, ${failure.problem.found}`);
      return undefined;
    }
  }

  /** The markets at hand. Those at hand stay while others are asked for, and where that fails. */
  async #markets(isFresh: boolean): Promise<ReadonlyMap<string, Listed>> {
    if (this.#listed !== undefined && !isFresh) return this.#listed;
    this.#listing ??= this.#dialect.markets().then((rows) => new Map(rows.map((row) => [row.market.symbol, row])));
    try {
      this.#listed = await this.#listing;
    } finally {
      this.#listing = undefined;
    }
    return this.#listed;
  }

  async #find(symbol: string): Promise<Listed> {
    const markets = await this.#markets(false);
    const listed = markets.get(symbol);
    if (listed !== undefined) return listed;
    const near = nearNames(symbol, [...markets.keys()]);
    const fix = near.length > 0 ? `did you mean ${near.join(', ')}?` : undefined;
    const found = this.#settings.scrub(`"${symbol.slice(0, 40)}"`);
    return fail('UNKNOWN_SYMBOL', `a symbol of ${this.title}`, found, fix);
  }

  /** The venue's time, measured anew where the last reading does not hold. */
  async #venueNow(): Promise<number> {
    if (!this.#clock.isGood && this.#dialect.time !== undefined) {
      this.#clockAsked ??= this.measureClock();
      const measured = await this.#clockAsked;
      this.#clockAsked = undefined;
      if (isVenueProblem(measured)) throw new Failure(measured);
    }
    return this.#clock.earliest;
  }

  #keyOrFail(): ApiKey {
    return this.#key ?? fail('BAD_KEY', `a key of ${this.title}`, 'none', 'store a key for it that may only read');
  }
}
