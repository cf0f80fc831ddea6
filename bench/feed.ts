import { once } from 'node:events';
import { join } from 'node:path';
import { Worker } from 'node:worker_threads';
import { WebSocket } from 'ws';
import { type Book, createBook } from '../src/core/venue/binance/book.ts';
import { createFrameReader, type DiffTick, type FrameSink } from '../src/core/venue/binance/frames.ts';
import { type Diffs, diffs, QUOTE } from './feed-frames.ts';
import { median, type Row, round } from './row.ts';

const ROUNDS = 60;
const QUOTES = 100_000;
const DIFFS = 1_000;
const CHUNK = 500;
const MESSAGES = 1_000_000;
const WARM = 200_000;
const SOCKET_ROUNDS = 3;

let sink = 0;

/** Frames of the stream to ticks and books, and through a WebSocket on loopback. */
export async function run(): Promise<Row[]> {
  const rows = frameRows();
  const worker = new Worker(join(import.meta.dirname, 'feed-sender.ts'));
  try {
    const [port] = (await once(worker, 'message')) as [number];
    rows.push(...(await socketRows(`ws://127.0.0.1:${port}`)));
  } finally {
    await worker.terminate();
  }
  if (Number.isNaN(sink)) throw new Error('bench: expected numbers, found NaN');
  return rows;
}

/** A way to do the same work; each call makes one pass over its items and tells how long one took, ns. */
type Pass = () => number;

/** All that is measured goes by turns: a machine that is slow for a second is so to every one of them. */
function frameRows(): Row[] {
  const sizes = diffs(DIFFS, 'sizes');
  const passes = {
    ...quotePasses(),
    parsedDiff: pass(DIFFS, (from) => {
      for (let i = 0; i < CHUNK; i++) sink += (JSON.parse(String(sizes.frames[from + i])) as { readonly u: number }).u;
    }),
    toColumns: toColumns(sizes),
    fromColumns: fromColumns(sizes),
    toBook: toBook(sizes),
    // 38 % of the rows come and go; where they do, a book has to move others.
    mixed: toBook(diffs(DIFFS, 'mixed')),
  };
  const least = best(passes);
  const quoteBeside = `JSON.parse ${round(least.parsedQuote, 0)} ns`;
  const beside = `JSON.parse ${round(least.parsedDiff, 0).toLocaleString('en')} ns`;
  return [
    nanoseconds('bookTicker, bytes to tick', least.quote, 1_000, quoteBeside),
    nanoseconds('depth 20 + 20, bytes to columns', least.toColumns, 1_500, beside),
    nanoseconds('  columns to a book of 1,000, sizes change', least.fromColumns, 2_000, ''),
    nanoseconds('  bytes to that book, sizes change', least.toBook, 2_000, beside),
    nanoseconds('  bytes -> book, recorded mix', least.mixed, 2_000, beside),
  ];
}

function quotePasses(): { readonly quote: Pass; readonly parsedQuote: Pass } {
  const reader = readerOf({
    quote: (tick) => {
      sink += tick.bid + tick.updateId;
    },
  });
  return {
    quote: pass(QUOTES, () => {
      for (let i = 0; i < CHUNK; i++) reader.read(QUOTE, 1.5);
    }),
    parsedQuote: pass(QUOTES, () => {
      for (let i = 0; i < CHUNK; i++) sink += bidOf(QUOTE);
    }),
  };
}

const bidOf = (bytes: Buffer): number => Number((JSON.parse(String(bytes)) as { readonly b: string }).b);

function toColumns({ frames }: Diffs): Pass {
  const reader = readerOf({
    diff: (diff) => {
      sink += diff.bids;
    },
  });
  return pass(DIFFS, (from) => {
    for (let i = 0; i < CHUNK; i++) reader.read(frames[from + i] as Buffer, 1.5);
  });
}

function fromColumns({ frames, bids, asks }: Diffs): Pass {
  const ticks: DiffTick[] = [];
  const reader = readerOf({ diff: (diff) => ticks.push(copyOf(diff)) });
  for (const frame of frames) reader.read(frame, 1.5);
  const book = createBook('BTC/USDT:USDT');
  return pass(
    DIFFS,
    (from) => {
      for (let i = 0; i < CHUNK; i++) applied(book, ticks[from + i] as DiffTick);
    },
    () => book.reset({ updateId: 1_000, bids, asks }, 0.5),
  );
}

const copyOf = (diff: DiffTick): DiffTick => ({
  ...diff,
  bidPrice: diff.bidPrice.slice(0, diff.bids),
  bidQty: diff.bidQty.slice(0, diff.bids),
  askPrice: diff.askPrice.slice(0, diff.asks),
  askQty: diff.askQty.slice(0, diff.asks),
});

function toBook({ frames, bids, asks }: Diffs): Pass {
  const book = createBook('BTC/USDT:USDT');
  const reader = readerOf({ diff: (diff) => applied(book, diff) });
  return pass(
    DIFFS,
    (from) => {
      for (let i = 0; i < CHUNK; i++) reader.read(frames[from + i] as Buffer, 1.5);
    },
    () => book.reset({ updateId: 1_000, bids, asks }, 0.5),
  );
}

function applied(book: Book, diff: DiffTick): void {
  const done = book.apply(diff);
  if (done !== 'applied') throw new Error(`bench: expected every diff applied, found ${done}`);
}

async function socketRows(url: string): Promise<Row[]> {
  const reader = readerOf({
    quote: (tick) => {
      sink += tick.bid;
    },
  });
  const scan = (data: Buffer): void => reader.read(data, Date.now());
  const parse = (data: Buffer): void => {
    sink += bidOf(data);
  };
  const scanned: number[] = [];
  const parsed: number[] = [];
  for (let i = 0; i < SOCKET_ROUNDS; i++) {
    scanned.push(await messagesPerSecond(url, scan));
    parsed.push(await messagesPerSecond(url, parse));
  }
  const value = median(scanned);
  return [
    {
      name: 'bookTicker through ws on loopback',
      value: round(value, 0),
      unit: '/s of a core',
      limit: '>= 500,000',
      isGood: value >= 500_000,
      beside: `JSON.parse ${round(median(parsed), 0).toLocaleString('en')}/s`,
    },
  ];
}

/** Messages for each second that the receiving thread was busy; others on the machine do not count. */
async function messagesPerSecond(url: string, take: (data: Buffer) => void): Promise<number> {
  const socket = new WebSocket(url, { perMessageDeflate: false, skipUTF8Validation: true });
  let left = WARM + MESSAGES;
  let warm = process.threadCpuUsage();
  let busy = warm;
  const { promise, resolve, reject } = Promise.withResolvers<void>();
  socket.on('error', reject);
  socket.on('message', (data: Buffer) => {
    take(data);
    left--;
    if (left === MESSAGES) warm = process.threadCpuUsage();
    if (left !== 0) return;
    busy = process.threadCpuUsage(warm);
    resolve();
  });
  await promise;
  socket.terminate();
  return (MESSAGES / (busy.user + busy.system)) * 1e6;
}

function readerOf(heard: Partial<FrameSink>) {
  const unheard = (): void => {
    throw new Error('bench: expected only the kind that is measured');
  };
  const all = { quote: unheard, trade: unheard, candle: unheard, mark: unheard, diff: unheard, ack: unheard };
  return createFrameReader({
    symbolOf: () => 'BTC/USDT:USDT',
    sink: { ...all, closing: unheard, other: unheard, ...heard },
  });
}

/** A pass is made of chunks, so that none of it runs in OSR code. */
function pass(items: number, take: (from: number) => void, before = (): void => undefined): Pass {
  return () => {
    before();
    const from = process.hrtime.bigint();
    for (let at = 0; at < items; at += CHUNK) take(at);
    return Number(process.hrtime.bigint() - from) / items;
  };
}

/** The best pass of each, ns for one item. */
function best<K extends string>(passes: Readonly<Record<K, Pass>>): Record<K, number> {
  const names = Object.keys(passes) as K[];
  const least = Object.fromEntries(names.map((name) => [name, Infinity])) as Record<K, number>;
  for (let i = 0; i < ROUNDS; i++) {
    for (const name of names) least[name] = Math.min(least[name], passes[name]());
  }
  return least;
}

const nanoseconds = (name: string, ns: number, most: number, beside: string): Row => ({
  name,
  value: round(ns, 0),
  unit: `ns, best of ${ROUNDS}`,
  limit: `< ${most.toLocaleString('en')}`,
  isGood: ns < most,
  beside,
});
