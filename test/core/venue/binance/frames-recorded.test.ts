import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { gunzipSync } from 'node:zlib';
import { describe, expect, test } from 'vitest';
import { createBook } from '../../../../src/core/venue/binance/book.ts';
import { createFrameReader, type DiffTick } from '../../../../src/core/venue/binance/frames.ts';
import type { BookSnapshot, QuoteTick } from '../../../../src/core/venue/exchange.ts';
import { ROOT } from '../../../support/checkout.ts';
import { type Heard, listen, told } from './frames-oracle.ts';

const DATA = join(ROOT, '../shared/data');
const hasData = existsSync(join(DATA, 'ticks'));
const SYMBOL = 'BTC/USDT:USDT';
const TICKS = ['usdm-BTCUSDT', 'usdm-ETHUSDT', 'spot-BTCUSDT'];
const PROTOCOL = ['cryptofeed-binance-session', 'cryptofeed-binance_futures-session'];

const linesOf = (path: string): string[] =>
  gunzipSync(readFileSync(join(DATA, path)))
    .toString()
    .trim()
    .split('\n');

/** Frames of a recording, and the snapshot that was asked for meanwhile. */
function recorded(name: string): { readonly frames: readonly Buffer[]; readonly snapshot: BookSnapshot } {
  const lines = linesOf(`ticks/binance-${name}-20240808.frames.gz`).map((line) => line.slice(line.indexOf(' ') + 1));
  const frames = lines.filter((line) => line.startsWith('{"stream"'));
  const told = JSON.parse(lines.find((line) => !line.startsWith('{"stream"')) as string) as {
    readonly lastUpdateId: number;
    readonly bids: readonly (readonly [string, string])[];
    readonly asks: readonly (readonly [string, string])[];
  };
  const rows = (side: typeof told.bids) => side.map(([price, qty]) => [Number(price), Number(qty)] as const);
  const snapshot = { updateId: told.lastUpdateId, bids: rows(told.bids), asks: rows(told.asks) };
  return { frames: frames.map((line) => Buffer.from(line)), snapshot };
}

const isSame = (a: Heard | undefined, b: Heard | undefined): boolean =>
  a?.length === b?.length && (a ?? []).every((value, i) => Object.is(value, b?.[i]));

/** The first frame that does not tell what plain JSON tells of it. */
function firstUnlike(frames: readonly Uint8Array[], symbolOf: (id: string) => string | undefined): unknown {
  const { reader, heard } = listen(symbolOf);
  for (const frame of frames) {
    heard.length = 0;
    reader.read(frame, 1);
    const plain = told(frame, symbolOf);
    if (!isSame(heard[0], plain)) return { frame: String(frame), heard: heard[0], plain };
  }
  return { surprises: reader.surprises, dropped: reader.dropped, known: reader.known };
}

describe.skipIf(!hasData)('recorded frames (../shared/data)', () => {
  test.each(TICKS)('%s: every line tells what plain JSON tells', (name) => {
    const { frames } = recorded(name);
    expect(firstUnlike(frames, () => SYMBOL)).toEqual({ surprises: 0, dropped: 0, known: frames.length });
  });

  test.each(PROTOCOL)('%s: every message tells what plain JSON tells', (name) => {
    const messages = linesOf(`protocol/${name}.jsonl.gz`)
      .map((line) => JSON.parse(line) as { readonly t: string; readonly data: string })
      .filter(({ t }) => t === 'recv');
    const frames = messages.map(({ data }) => Buffer.from(data));
    expect(firstUnlike(frames, (id) => id)).toEqual({ surprises: 0, dropped: 0, known: frames.length });
    expect(frames.length).toBeGreaterThan(100);
  });

  test('events of the user are handed on as they are', () => {
    const lines = readFileSync(join(DATA, 'protocol/binance-userdata/WebSocketFutureStopLimitSubmittedFilled.jsonl'));
    const events = lines.toString().trim().split('\n');
    const { reader, heard } = listen();
    for (const event of events) reader.read(Buffer.from(event), 1);
    expect(heard).toEqual(events.map((event) => ['other', JSON.stringify(JSON.parse(event))]));
  });
});

describe.skipIf(!hasData)('a book that follows a recording (../shared/data)', () => {
  test.each(TICKS)('%s: its best prices are those of the quotes with the same id', (name) => {
    const { frames, snapshot } = recorded(name);
    // Wider than the snapshot: the price leaves its levels within these minutes, and no second one was recorded.
    const book = createBook(SYMBOL, 5_000);
    book.reset(snapshot, 0);
    const bests = new Map<number, readonly number[]>();
    const counts = { applied: 0, early: 0, gap: 0, crossed: 0 };
    const quotes = new Map<number, readonly number[]>();
    const diff = (tick: DiffTick): void => {
      counts[book.apply(tick)]++;
      const { bidPrice, bidQty, askPrice, askQty, updateId } = book.tick;
      bests.set(
        updateId,
        [bidPrice, bidQty, askPrice, askQty].map((column) => column[0] as number),
      );
    };
    const quote = (tick: QuoteTick): void =>
      void quotes.set(tick.updateId, [tick.bid, tick.bidQty, tick.ask, tick.askQty]);
    play(frames, { diff, quote });
    const met = [...bests.keys()].filter((id) => quotes.has(id));
    expect(met.map((id) => bests.get(id))).toEqual(met.map((id) => quotes.get(id)));
    expect(met.length).toBeGreaterThan(500);
    expect(counts).toMatchObject({ gap: 0, crossed: 0 });
  });

  test('it asks for a snapshot once the price has left the levels of the last one', () => {
    const { frames, snapshot } = recorded('usdm-BTCUSDT');
    const book = createBook(SYMBOL, 1_000);
    book.reset(snapshot, 0);
    let rows = 0;
    let best = 0;
    let last = '';
    const diff = (tick: DiffTick): void => {
      if (last === 'gap') return;
      last = book.apply(tick);
      if (last === 'applied') [rows, best] = [book.tick.bids, book.tick.bidPrice[0] as number];
    };
    play(frames, { diff, quote: () => undefined });
    const edge = snapshot.bids.at(-1)?.[0] as number;
    expect([last, book.isWhole, book.tick.bids]).toEqual(['gap', false, 0]);
    expect(rows).toBeGreaterThanOrEqual(20);
    expect(best - edge).toBeLessThan(((snapshot.bids[0]?.[0] as number) - edge) / 3);
  });
});

function play(
  frames: readonly Buffer[],
  { diff, quote }: { diff(tick: DiffTick): void; quote(tick: QuoteTick): void },
): void {
  const none = (): void => undefined;
  const others = { trade: none, candle: none, mark: none, ack: none, closing: none, other: none };
  const reader = createFrameReader({ symbolOf: () => SYMBOL, sink: { ...others, diff, quote } });
  for (const frame of frames) reader.read(frame, 1);
}
