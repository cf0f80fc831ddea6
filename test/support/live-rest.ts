import type { CandleRow } from '../../src/core/domain/frame.ts';
import { builtInInstrument } from '../../src/core/domain/instrument-table.ts';
import type {
  Channel,
  ChannelState,
  ExchangeRest,
  ExchangeStream,
  FundingRow,
  PolledQuote,
  RestHealth,
  StreamHealth,
  StreamSink,
  VenueMarket,
  VenueProblem,
  VenueProblemCode,
} from '../../src/core/venue/exchange.ts';

/** A market that trades, with the built-in instrument of its symbol. */
export function listedMarket(symbol: string, changes: Partial<VenueMarket> = {}): VenueMarket {
  const isPerpetual = symbol.includes(':');
  return {
    symbol,
    id: symbol.replace(/[/:].*$/, '') + (symbol.split(/[/:]/)[1] ?? ''),
    type: isPerpetual ? 'perpetual' : 'spot',
    status: 'trading',
    statusText: 'TRADING',
    instrument: builtInInstrument(symbol),
    why: undefined,
    fundingMs: isPerpetual ? 28_800_000 : null,
    ...changes,
  };
}

export const problemOf = (problem: VenueProblemCode, silentUntil?: number): VenueProblem => ({
  problem,
  expected: 'an answer',
  found: `${problem} of the stub`,
  fix: 'Ask again',
  silentUntil,
});

type Question = 'markets' | 'instrument' | 'candles' | 'poll' | 'book' | 'fundingRates' | 'measureClock';

/** What the stub answers from; a test changes it while it runs. */
export interface StubAnswers {
  markets: VenueMarket[];
  /** By symbol, oldest first; those that are closed by `now` are told, `pageMax` at a time. */
  candles: Map<string, CandleRow[]>;
  quotes: Map<string, Omit<PolledQuote, 'symbol'>>;
  funding: Map<string, FundingRow[]>;
  offsetMs: number;
  offsetErrorMs: number;
  pageMax: number;
}

export interface StubRest extends ExchangeRest {
  readonly answers: StubAnswers;
  /** Questions that are answered with a problem for now. */
  readonly problems: Map<Question, VenueProblem>;
  /** Every question in order: `candles BTC/USDT 1717200000000 5`. */
  readonly asked: string[];
  /** How often a question was asked. */
  count(question: Question): number;
  isClosed: boolean;
}

const ALL_CHANNELS: { readonly [channel in Channel]: boolean } = {
  quote: true,
  book: true,
  trade: true,
  candle: true,
  mark: true,
};

/** An exchange over REST that answers at once from arrays. `now` is its clock: later candles are not closed yet. */
export function stubRest(
  now: () => number,
  changes: Partial<StubAnswers> = {},
  streams: { readonly [channel in Channel]: boolean } = ALL_CHANNELS,
): StubRest {
  const answers: StubAnswers = {
    markets: [listedMarket('BTC/USDT:USDT')],
    candles: new Map(),
    quotes: new Map(),
    funding: new Map(),
    offsetMs: 0,
    offsetErrorMs: 5,
    pageMax: 1_000,
    ...changes,
  };
  const asked: string[] = [];
  const problems = new Map<Question, VenueProblem>();
  let bannedUntil = 0;
  const answer = async <T>(question: Question, text: string, give: () => T): Promise<T | VenueProblem> => {
    asked.push(`${question} ${text}`.trim());
    const problem = problems.get(question);
    if (problem?.problem === 'BANNED') bannedUntil = Math.max(bannedUntil, problem.silentUntil ?? 0);
    return problem ?? give();
  };
  const unknown = (symbol: string): VenueProblem => ({ ...problemOf('UNKNOWN_SYMBOL'), found: symbol });
  return {
    answers,
    problems,
    asked,
    count: (question) => asked.filter((text) => text.split(' ')[0] === question).length,
    isClosed: false,
    exchange: 'stub',
    title: 'Stub',
    abilities: { candles: true, markCandles: false, fundingRates: true, leverageTiers: true, account: false, streams },
    markets: () => answer('markets', '', () => answers.markets),
    instrument: (symbol) =>
      answer<VenueMarket | VenueProblem>('instrument', symbol, () => {
        return answers.markets.find((market) => market.symbol === symbol) ?? unknown(symbol);
      }) as Promise<VenueMarket | VenueProblem>,
    candles: (symbol, { timeframeMs, from, limit }) =>
      answer('candles', `${symbol} ${from} ${limit}`, () =>
        (answers.candles.get(symbol) ?? [])
          .filter(([openAt]) => openAt >= from && openAt + timeframeMs <= now())
          .slice(0, Math.min(limit, answers.pageMax)),
      ),
    poll: (symbol) =>
      answer<PolledQuote | VenueProblem>('poll', symbol, () => {
        const quote = answers.quotes.get(symbol);
        return quote === undefined ? problemOf('NO_NETWORK') : { symbol, ...quote };
      }) as Promise<PolledQuote | VenueProblem>,
    book: (symbol) => answer('book', symbol, () => ({ updateId: 0, bids: [], asks: [] })),
    fundingRates: (symbol, from, limit) =>
      answer('fundingRates', `${symbol} ${from}`, () =>
        (answers.funding.get(symbol) ?? []).filter(({ at }) => at >= from && at <= now()).slice(0, limit),
      ),
    account: () => Promise.resolve(problemOf('NOT_SUPPORTED')),
    keyRights: () => Promise.resolve(problemOf('NOT_SUPPORTED')),
    measureClock: () => answer('measureClock', '', () => answers.offsetMs),
    health: (): RestHealth => ({
      latencyMsP50: 20,
      latencyMsP99: 90,
      weightUsed: 10,
      weightMax: 2_400,
      silentUntil: bannedUntil > now() ? bannedUntil : null,
      offsetMs: answers.offsetMs,
      offsetErrorMs: answers.offsetErrorMs,
      lastError: null,
      asked: asked.length,
      failed: 0,
    }),
    close() {
      this.isClosed = true;
      return Promise.resolve();
    },
  };
}

/** A stream that says what a test makes its sink hear. */
export interface ScriptedStream extends ExchangeStream {
  readonly sink: StreamSink;
  readonly opened: string[];
  state: StreamHealth['state'];
  isEnded: boolean;
  changed(symbol: string, channel: Channel, state: ChannelState): void;
}

export function scriptedStream(sink: StreamSink): ScriptedStream {
  const opened: string[] = [];
  const states = new Map<string, { symbol: string; channel: Channel; state: ChannelState }>();
  return {
    exchange: 'stub',
    sink,
    opened,
    state: 'up',
    isEnded: false,
    open: (symbol) => opened.push(symbol),
    close: () => {},
    changed(symbol, channel, state) {
      states.set(`${symbol} ${channel}`, { symbol, channel, state });
      sink.changed({ symbol, channel, state, why: `${channel} ${state}` });
    },
    health() {
      const channels = [...states.values()].map((channel) => ({ ...channel, lastAt: 0, messages: 0 }));
      const none = { surprises: 0, dropped: 0, resyncs: 0, droppedSample: null, lastError: null };
      return { state: this.state, connections: 1, reconnects: 0, channels, ...none };
    },
    end() {
      this.isEnded = true;
      return Promise.resolve();
    },
  };
}
