import { money } from '../../src/core/base/decimal.ts';
import { PAPER_COSTS } from '../../src/core/command/run/costs.ts';
import type { AnyEntry } from '../../src/core/domain/entry.ts';
import type { CandleRow, ExchangeFrame } from '../../src/core/domain/frame.ts';
import type { Input } from '../../src/core/domain/input.ts';
import type { Instrument } from '../../src/core/domain/instrument.ts';
import { builtInInstrument } from '../../src/core/domain/instrument-table.ts';
import { createMemoryJournal, type MemoryJournal } from '../../src/core/journal/memory.ts';
import { createExchangeFeed } from '../../src/core/lab/host/feed.ts';
import { createHost, type PaperHost } from '../../src/core/lab/host/host.ts';
import type { LiveFeed, LiveInput, MidStore, Opened, OpenProblem } from '../../src/core/market/feed.ts';
import { CEILINGS } from '../../src/core/risk/defaults.ts';
import type { Definition } from '../../src/core/strategy/definition.ts';
import { STRATEGIES } from '../../src/core/strategy/registry.ts';
import { refold } from './engine-play.ts';

export const BTC = 'BTC/USDT:USDT';
export const MINUTE_MS = 60_000;
export const BEGIN_AT = Date.UTC(2026, 0, 5, 12);

/** A feed of the present whose clock and inputs are the test's. */
export interface LiveScript {
  readonly feed: LiveFeed;
  now: number;
  /** What a symbol opens with, or why it does not. */
  opened: Opened | OpenProblem;
  readonly asked: string[];
  readonly closed: string[];
  push(...inputs: LiveInput[]): void;
}

export function createLiveScript(rows: readonly CandleRow[] = []): LiveScript {
  const queue: LiveInput[] = [];
  let listener = (): void => {};
  let quote: Extract<LiveInput, { kind: 'quote' }> | undefined;
  const script: LiveScript = {
    now: BEGIN_AT,
    opened: { rows, funding: [] },
    asked: [],
    closed: [],
    push(...inputs) {
      queue.push(...inputs);
      listener();
    },
    feed: {
      exchange: 'binanceusdm',
      timeframeMs: MINUTE_MS,
      speed: 1,
      now: () => script.now,
      serves: (symbol) => symbol === BTC,
      near: () => [BTC],
      instrument: (symbol) => builtInInstrument(symbol) as Instrument,
      open(symbol, from) {
        script.asked.push(`${symbol} ${from}`);
        return Promise.resolve(script.opened);
      },
      close: (symbol) => void script.closed.push(symbol),
      take() {
        const next = queue.shift();
        if (next?.kind === 'quote') quote = next;
        return next;
      },
      onInput(heard) {
        listener = heard;
      },
      facts: () => ({
        source: quote?.source ?? 'stream',
        isSimulated: false,
        bid: quote?.bid ?? null,
        ask: quote?.ask ?? null,
        bidQty: quote?.bidQty ?? null,
        askQty: quote?.askQty ?? null,
        mid: quote === undefined ? null : (quote.bid + quote.ask) / 2,
        last: null,
        quoteAt: quote === undefined ? null : script.now,
        mark: null,
        markAt: null,
        fundingRate: null,
        nextFundingAt: null,
        change: null,
        depth: null,
        timeframeMs: MINUTE_MS,
        forming: null,
      }),
      closed: () => rows,
      frame: () => FRAME,
      end: () => Promise.resolve(),
    },
  };
  return script;
}

const FRAME: ExchangeFrame = {
  name: 'binanceusdm',
  title: 'Binance USDS-M',
  endpoint: 'the venue',
  proxy: null,
  state: 'up',
  latencyMsP50: null,
  latencyMsP99: null,
  weightUsed: null,
  weightMax: null,
  silentUntil: null,
  offsetMs: 12,
  offsetErrorMs: 5,
  reconnects: 0,
  resyncs: 0,
  surprises: 0,
  dropped: 0,
  refused: 0,
  lastError: null,
  streams: [],
};

export const quoteOf = (bid: number, ask = bid + 0.1, more: Partial<LiveInput> = {}): LiveInput =>
  ({ kind: 'quote', symbol: BTC, bid, ask, bidQty: 5, askQty: 5, source: 'stream', ...more }) as LiveInput;

export const closeOf = (openAt: number, price: number): LiveInput => ({
  kind: 'close',
  symbol: BTC,
  bar: { openAt, closeAt: openAt + MINUTE_MS, open: price, high: price, low: price, close: price, volume: 1 },
});

export interface ExchangeHost {
  readonly host: PaperHost;
  readonly journal: MemoryJournal;
  readonly tape: { n: number; at: number; seq: number; input: Input }[];
  /** Runs the loop; each time it has nothing to do the next step is taken, and after the last one it ends. */
  play(...steps: (() => unknown)[]): Promise<void>;
  /** Kinds of the entries so far, from a seq on. */
  kinds(from?: number): readonly string[];
}

/** A paper host in memory on a scripted exchange, which keeps its mids in `mids`. */
export function exchangeHost(
  script: LiveScript,
  survived: readonly AnyEntry[] = [],
  { mids, strategies = STRATEGIES }: { mids?: MidStore; strategies?: readonly Definition[] } = {},
): ExchangeHost {
  const journal = createMemoryJournal();
  for (const entry of survived) journal.append(entry);
  const tape: ExchangeHost['tape'] = [];
  let clock = 0;
  let waiting: () => Promise<void> = () => Promise.resolve();
  const host = createHost({
    mode: 'PAPER',
    onUpgrade: 'resume',
    profile: 'test',
    build: 'test',
    feed: createExchangeFeed(script.feed, 'binanceusdm', BTC, mids),
    speed: 1,
    journal: Object.assign(journal, { isSnapshotDue: false, saveSnapshot: () => {}, keepMark: () => {} }),
    state: refold(survived),
    isShort: false,
    openTape: () => ({
      append: (n, input, seq) => tape.push({ n, at: input.at, seq, input: structuredClone(input) }),
      precede: () => {},
      flush: () => {},
      close: () => {},
    }),
    find: (name) =>
      Promise.resolve(
        strategies.find((each) => each.name === name) ?? { code: 'UNKNOWN', expected: 'one', found: name, fix: 'none' },
      ),
    known: new Map(strategies.map((each) => [each.name, each])),
    account: { name: 'paper', balance: money('10000'), costs: PAPER_COSTS },
    ceilings: CEILINGS,
    system: () => null,
    strategies: [],
    commands: [],
    isDebugEnabled: false,
    clock: () => clock,
    wait: () => waiting(),
  });
  return {
    host,
    journal,
    tape,
    async play(...steps) {
      const end = new AbortController();
      const left = [...steps];
      let idle = 0;
      waiting = async () => {
        clock += 100;
        // What was asked for has answered, and what came of it is done, before the next step.
        if (idle++ % 3 !== 0) return;
        const step = left.shift();
        if (step === undefined) end.abort();
        else await step();
      };
      await host.run(end.signal);
    },
    kinds: (from = 1) => journal.all.filter(({ seq }) => seq >= from).map(({ kind }) => kind),
  };
}
