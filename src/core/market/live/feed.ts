import type { CandleRow, ExchangeFrame } from '../../domain/frame.ts';
import {
  type Channel,
  type ExchangeStream,
  isVenueProblem,
  type StreamSink,
  type VenueMarket,
  type VenueProblem,
} from '../../venue/exchange.ts';
import type { LiveFacts, LiveFeed, LiveInput, Opened, OpenProblem } from '../feed.ts';
import { ClockWatch } from './clock.ts';
import { exchangeFrame } from './exchange-frame.ts';
import { pastCandles, pastFunding } from './history.ts';
import { Markets } from './markets.ts';
import { type LiveOptions, NO_FACTS, TIMEFRAME_MS } from './options.ts';
import { Outbox } from './outbox.ts';
import { Present } from './present.ts';
import { Questions } from './questions.ts';
import { SymbolFeed, type SymbolSurroundings } from './symbol.ts';

/** How often the feed looks at what time did: silence, settlements, clocks. */
const WATCH_MS = 1_000;
const NO_STREAMS: { readonly [channel in Channel]: boolean } = {
  quote: false,
  book: false,
  trade: false,
  candle: false,
  mark: false,
};
const NO_ROWS: readonly CandleRow[] = [];

export type { LiveOptions } from './options.ts';

/**
 * The feed of the present of one exchange: history over REST, then its stream, and REST where that gives nothing. Asks
 * for the markets once; what keeps them from coming is the problem. `end` closes the stream and `rest`.
 */
export async function createLiveFeed(options: LiveOptions): Promise<LiveFeed | OpenProblem> {
  const present = new Present(options);
  const questions = new Questions(options.rest, present);
  const markets = await questions.ask((rest) => rest.markets());
  if (!isVenueProblem(markets)) return new ExchangeFeed(options, present, questions, markets);
  present.end();
  return unreached(options, markets);
}

/** An exchange that does not tell its markets, in the words of a face. */
export function unreached(
  { rest, endpointText, proxyText }: Pick<LiveOptions, 'rest' | 'endpointText' | 'proxyText'>,
  { problem, expected, found, fix }: VenueProblem,
): OpenProblem {
  const way = proxyText === null ? '' : ` through ${proxyText}`;
  return {
    code: problem,
    expected: `the markets of ${rest.title} from ${endpointText}${way}: ${expected}`,
    found,
    fix,
  };
}

/** One exchange and its open symbols; whatever comes goes to its symbol, and all that is told through one outbox. */
class ExchangeFeed implements LiveFeed {
  readonly exchange: string;
  readonly timeframeMs = TIMEFRAME_MS;
  readonly speed: number;
  readonly #options: LiveOptions;
  readonly #present: Present;
  readonly #questions: Questions;
  readonly #outbox: Outbox;
  readonly #markets: Markets;
  readonly #clock: ClockWatch;
  readonly #stream: ExchangeStream | undefined;
  readonly #shared: SymbolSurroundings;
  readonly #symbols = new Map<string, SymbolFeed>();
  readonly #opening = new Map<string, Promise<Opened | OpenProblem>>();
  #strays = 0;
  #ended: Promise<void> | undefined;

  constructor(options: LiveOptions, present: Present, questions: Questions, listed: readonly VenueMarket[]) {
    this.#options = options;
    this.exchange = options.exchange;
    this.#present = present;
    this.speed = present.speed;
    this.#questions = questions;
    this.#outbox = new Outbox(present);
    const log = options.log ?? (() => {});
    const put = (input: LiveInput): void => this.#outbox.put(input);
    const parts = { present, questions, put, log };
    this.#markets = new Markets({ ...parts, open: () => this.#symbols.keys() }, listed);
    questions.onFilters = () => this.#markets.expire();
    this.#clock = new ClockWatch({ ...parts, woke: () => this.#wake() });
    this.#stream = options.stream?.(this.#sink(), this.#markets);
    const streams = this.#stream === undefined ? NO_STREAMS : options.rest.abilities.streams;
    this.#shared = { present, questions, outbox: this.#outbox, markets: this.#markets, streams, log };
    void this.#clock.measure();
    present.after(WATCH_MS, () => this.#watch());
  }

  now(since?: number): number {
    return this.#present.now(since);
  }

  serves(symbol: string): boolean {
    return this.#markets.serves(symbol);
  }

  near(symbol: string): readonly string[] {
    return this.#markets.near(symbol);
  }

  instrument(symbol: string): VenueMarket['instrument'] {
    return this.#markets.get(symbol)?.instrument;
  }

  open(symbol: string, from: number): Promise<Opened | OpenProblem> {
    const asked = this.#opening.get(symbol);
    if (asked !== undefined) return asked;
    const isWanted = (): boolean => this.#opening.get(symbol) === opening;
    const opening = this.#open(symbol, from, isWanted).then((answer) => {
      if ('code' in answer && isWanted()) this.#opening.delete(symbol);
      return answer;
    });
    this.#opening.set(symbol, opening);
    return opening;
  }

  close(symbol: string): void {
    this.#opening.delete(symbol);
    this.#stream?.close(symbol);
    this.#symbols.get(symbol)?.end();
    this.#symbols.delete(symbol);
  }

  take(): LiveInput | undefined {
    return this.#outbox.take();
  }

  onInput(listener: () => void): void {
    this.#outbox.onInput(listener);
  }

  facts(symbol: string): LiveFacts {
    return this.#symbols.get(symbol)?.facts() ?? noFacts(this.#markets.get(symbol), this.#stream !== undefined);
  }

  closed(symbol: string): readonly CandleRow[] {
    return this.#symbols.get(symbol)?.rows.all ?? NO_ROWS;
  }

  frame(): ExchangeFrame {
    return exchangeFrame({
      options: this.#options,
      questions: this.#questions,
      clock: this.#clock,
      stream: this.#stream?.health(),
      symbols: [...this.#symbols.values()],
      strays: this.#strays,
    });
  }

  end(): Promise<void> {
    this.#ended ??= this.#end();
    return this.#ended;
  }

  async #end(): Promise<void> {
    this.#present.end();
    await this.#stream?.end();
    await this.#questions.rest.close();
    this.#symbols.clear();
    this.#opening.clear();
    this.#outbox.clear();
  }

  /** The stream is opened behind the past: what closed between the two is the first thing that the line asks for. */
  async #open(symbol: string, from: number, isWanted: () => boolean): Promise<Opened | OpenProblem> {
    const refused = this.#markets.problem(symbol);
    if (refused !== undefined) return refused;
    const { abilities, title } = this.#questions.rest;
    if (!abilities.candles) {
      const found = `${title}, which gives none`;
      return { code: 'NOT_SUPPORTED', expected: 'an exchange with candles of one minute', found, fix: 'Name another' };
    }
    const market = await this.#markets.complete(symbol);
    const past = { present: this.#present, questions: this.#questions };
    const isPaid = abilities.fundingRates && market?.type === 'perpetual';
    const funding = isPaid ? await pastFunding(past, symbol, from, market.fundingMs) : [];
    if (isVenueProblem(funding)) return this.#problem(symbol, funding);
    const rows = await pastCandles(past, symbol, from);
    if (isVenueProblem(rows)) return this.#problem(symbol, rows);
    if (market === undefined || this.#present.isEnded || !isWanted()) return ENDED;
    const opened = { rows, funding };
    this.#symbols.set(symbol, new SymbolFeed(this.#shared, market, opened));
    this.#stream?.open(symbol);
    return opened;
  }

  #problem(symbol: string, { problem, expected, found, fix }: VenueProblem): OpenProblem {
    return {
      code: problem,
      expected: `the past of ${symbol} from ${this.#options.endpointText}: ${expected}`,
      found,
      fix,
    };
  }

  #watch(): void {
    // Armed first: one look is due at a time, however long this one or a suspend lasts.
    this.#present.after(WATCH_MS, () => this.#watch());
    this.#clock.watch();
    this.#markets.watch();
    for (const symbol of this.#symbols.values()) symbol.watch();
  }

  #wake(): void {
    for (const symbol of this.#symbols.values()) symbol.wake();
  }

  /** Ticks go to the symbol that they are of; others are counted and dropped. */
  #sink(): StreamSink {
    const of = (symbol: string): SymbolFeed | undefined => {
      const found = this.#symbols.get(symbol);
      if (found === undefined) this.#strays++;
      return found;
    };
    return {
      quote: (tick) => of(tick.symbol)?.quote(tick),
      book: (tick) => of(tick.symbol)?.book(tick),
      trade: (tick) => of(tick.symbol)?.trade(tick),
      candle: (tick) => of(tick.symbol)?.candle(tick),
      mark: (tick) => of(tick.symbol)?.mark(tick),
      changed: (change) => this.#symbols.get(change.symbol)?.changed(change),
    };
  }
}

/** Of an opening that the end of the feed cut short. */
const ENDED: OpenProblem = {
  code: 'FEED_ENDED',
  expected: 'a feed that is open',
  found: 'one that ended meanwhile',
  fix: 'Start the engine again',
};

/** Of a symbol that is not open. */
const noFacts = (market: VenueMarket | undefined, hasStream: boolean): LiveFacts => ({
  ...NO_FACTS,
  source: hasStream ? 'stream' : 'rest',
  venueAt: null,
  status: market?.status,
  fundingMs: market?.fundingMs ?? null,
});
