import { fork } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import type { StreamLimits } from '../src/core/venue/binance/limits.ts';
import { createBinanceStream } from '../src/core/venue/binance/stream.ts';
import type { ExchangeStream, StreamSink, Timers } from '../src/core/venue/exchange.ts';
import { ended, minded } from './engine-process.ts';
import { type Row, round } from './row.ts';

const SYMBOLS = 50;
const PER_SECOND = 5_000;
const SECONDS = 60;
const WARM_SECONDS = 3;
const RECONNECTS = 500;
/** Reconnects after which memory is looked at first: V8 has grown its heap by then. */
const SETTLED = 1_500;

const TIMERS: Timers = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** A minute of a busy stream, and a stream that is cut again and again. */
export async function run(): Promise<Row[]> {
  // A process of its own: what it uses is not the stream's.
  const sender = minded(fork(join(import.meta.dirname, 'stream-sender.ts')));
  try {
    const [port] = (await once(sender, 'message')) as [number];
    const base = `http://127.0.0.1:${port}`;
    const rows = await busy(base);
    sender.send('cut');
    return [...rows, ...(await cut(base))];
  } finally {
    await ended(sender);
  }
}

async function busy(base: string): Promise<Row[]> {
  const delays = Array.from({ length: SECONDS + 2 }, (): number[] => []);
  const counts = { messages: 0, books: 0 };
  const from = performance.now();
  const count = (at: number, venueAt: number): void => {
    counts.messages += 1;
    const second = Math.floor((performance.now() - from) / 1_000) - WARM_SECONDS;
    if (second >= 0) delays[second]?.push(at - venueAt);
  };
  const stream = open(base, {
    quote: ({ at, venueAt }) => count(at, venueAt),
    trade: ({ at, venueAt }) => count(at, venueAt),
    book({ at, venueAt }) {
      counts.books += 1;
      count(at, venueAt);
    },
  });
  await sleep(WARM_SECONDS * 1_000);
  const before = { ...counts };
  const used = process.threadCpuUsage();
  await sleep(SECONDS * 1_000);
  const { user, system } = process.threadCpuUsage(used);
  const health = stream.health();
  await stream.end();
  const perSecond = (counts.messages - before.messages) / SECONDS;
  const share = (user + system) / 1e4 / SECONDS;
  const [first, last] = [
    percentile(delays.slice(0, 10).flat(), 0.99),
    percentile(delays.slice(SECONDS - 10, SECONDS).flat(), 0.99),
  ];
  return [
    {
      name: `messages of ${SYMBOLS} symbols in ${SECONDS} s`,
      value: round(perSecond, 0),
      unit: '/s',
      limit: `>= ${(PER_SECOND * 0.98).toLocaleString('en')}`,
      isGood: perSecond >= PER_SECOND * 0.98,
      beside: `${counts.books.toLocaleString('en')} books, ${health.resyncs} resyncs, ${health.dropped} dropped`,
    },
    { name: '  of a core', value: round(share, 1), unit: '%', limit: '< 15', isGood: share < 15 },
    {
      name: '  p99 from venue to tick in the last 10 s',
      value: round(last, 0),
      unit: 'ms',
      limit: '<= 100',
      isGood: last <= 100,
      beside: `first 10 s ${round(first, 0)} ms`,
    },
  ];
}

/** Every connection is cut after its first messages; the waits are left out, all else is as it is. */
async function cut(base: string): Promise<Row[]> {
  const stream = open(base, {}, { backoffMs: { min: 1, max: 1 }, connects: { max: 10_000, windowMs: 1 }, sweepMs: 5 });
  const reached = async (reconnects: number): Promise<number> => {
    while (stream.health().reconnects < reconnects) await sleep(20);
    return process.memoryUsage().rss / 2 ** 20;
  };
  const settled = await reached(SETTLED);
  const grown = (await reached(SETTLED + RECONNECTS)) - settled;
  await stream.end();
  const value = round(grown, 1);
  const beside = `${round(settled, 0)} MB before`;
  return [
    { name: `memory after ${RECONNECTS} reconnects`, value, unit: 'MB', limit: '<= 20', isGood: grown <= 20, beside },
  ];
}

function open(base: string, heard: Partial<StreamSink>, limits?: Partial<StreamLimits>): ExchangeStream {
  const unheard = (): void => undefined;
  let latest = 0;
  const all = { quote: unheard, book: unheard, trade: unheard, candle: unheard, mark: unheard, changed: unheard };
  const stream = createBinanceStream({
    market: 'usdm',
    endpoint: { base },
    timers: TIMERS,
    random: () => 0.5,
    sink: {
      ...all,
      ...heard,
      quote(tick) {
        latest = tick.updateId;
        heard.quote?.(tick);
      },
    },
    symbolOf: (id) => id,
    idOf: (symbol) => symbol,
    // Quotes and diffs share their ids, so the next diff meets it.
    snapshot: async () => ({ updateId: latest, bids: levels(-1), asks: levels(1) }),
    timeframeMs: 60_000,
    limits,
  });
  for (let index = 0; index < SYMBOLS; index += 1) stream.open(`C${index}USDT`);
  return stream;
}

const levels = (side: 1 | -1) =>
  Array.from({ length: 500 }, (_, row) => [1_000 + side * (0.1 + row * 0.1), 1] as const);

function percentile(values: readonly number[], share: number): number {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.floor(sorted.length * share)] ?? Number.NaN;
}
