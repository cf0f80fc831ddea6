import type { CandleTick, MarkTick, QuoteTick, TradeTick } from '../exchange.ts';
import { PlainReader, withoutControls } from './plain.ts';
import { Scanner } from './scan.ts';
import { createFields } from './scan-fields.ts';
import { SymbolTable } from './scan-symbols.ts';
import { Ticks } from './scan-ticks.ts';

/** A change of a book as one frame tells it; columns are lent, `bids` and `asks` are counts; `prevId` NaN on spot. */
export interface DiffTick {
  symbol: string;
  firstId: number;
  lastId: number;
  prevId: number;
  bids: number;
  asks: number;
  readonly bidPrice: Float64Array;
  readonly bidQty: Float64Array;
  readonly askPrice: Float64Array;
  readonly askQty: Float64Array;
  venueAt: number;
  at: number;
}

/** Hears what frames say, in their order. Ticks are lent: copy what you keep. */
export interface FrameSink {
  quote(tick: QuoteTick): void;
  trade(tick: TradeTick): void;
  candle(tick: CandleTick): void;
  mark(tick: MarkTick): void;
  diff(tick: DiffTick): void;
  /** Answer to a SUBSCRIBE: `error` null where it was taken. */
  ack(id: string, error: string | null): void;
  /** The venue says that it will close this connection. */
  closing(): void;
  /** Any other event, parsed (user data: JSON object). */
  other(event: Readonly<Record<string, unknown>>): void;
}

export interface FrameReader {
  /** Reads one message; never throws. */
  read(bytes: Uint8Array, at: number): void;
  /** Messages that had a known shape, byte for byte; answers and events of the user are among them. */
  readonly known: number;
  /** Messages that were given to plain parsing for want of a known shape. */
  readonly surprises: number;
  /** Messages that gave nothing because they are bad; of a known shape or not. */
  readonly dropped: number;
  /** The last one: at most 200 characters, none of them a control character. */
  readonly droppedSample: string | null;
}

/** Longer messages are dropped unread. The longest that Binance sends is a small part of it. */
const BYTES_MAX = 1 << 20;
const SAMPLE_LENGTH_MAX = 200;

/**
 * Reads messages of Binance's streams (USDS-M and spot, raw and combined). Market data of a known shape goes from bytes
 * to numbers without an object or a string; all else is parsed as JSON and each value checked. What is no JSON, too
 * long or too deep, of a wrong type, of an unknown symbol or impossible (a crossed quote, a price of zero) is dropped
 * and counted.
 *
 * `symbolOf` gives the symbol of a venue's own name (`BTCUSDT`), or undefined where nobody knows it; it is asked once
 * for each name that it knows. Instants of ticks: `at` is the caller's, `venueAt` the venue's event time `E`, of a
 * trade its trade time `T`, and NaN where none is told (the quote of spot). A trade's id is that of its kind: `a` of
 * aggTrade, `t` of trade. Ids above 2^53 in other events are text. An error that the sink throws passes through.
 */
export function createFrameReader(options: {
  readonly symbolOf: (id: string) => string | undefined;
  readonly sink: FrameSink;
}): FrameReader {
  return new Reader(options.symbolOf, options.sink);
}

class Reader implements FrameReader {
  known = 0;
  surprises = 0;
  dropped = 0;
  droppedSample: string | null = null;
  readonly #scanner: Scanner;
  readonly #plain: PlainReader;
  readonly #ticks: Ticks;
  readonly #decoder = new TextDecoder();

  constructor(symbolOf: (id: string) => string | undefined, sink: FrameSink) {
    const fields = createFields();
    this.#scanner = new Scanner(fields, new SymbolTable(symbolOf));
    this.#plain = new PlainReader(fields, symbolOf, sink);
    this.#ticks = new Ticks(sink, fields);
  }

  read(bytes: Uint8Array, at: number): void {
    if (bytes.length > BYTES_MAX) {
      this.#drop(bytes);
      return;
    }
    const kind = this.#scanner.scan(bytes);
    if (kind === undefined) this.#readPlain(bytes, at);
    else {
      this.known++;
      if (!this.#ticks.emit(kind, at)) this.#drop(bytes);
    }
  }

  #readPlain(bytes: Uint8Array, at: number): void {
    const found = this.#plain.read(bytes);
    // Answers and events of the user have no shape of their own: that they are parsed is no surprise.
    if (found === 'told') this.known++;
    else this.surprises++;
    if (found === 'told' || found === 'passed') return;
    if (found === 'bad' || !this.#ticks.emit(found, at)) this.#drop(bytes);
  }

  #drop(bytes: Uint8Array): void {
    this.dropped++;
    const text = this.#decoder.decode(bytes.subarray(0, 4 * SAMPLE_LENGTH_MAX));
    this.droppedSample = withoutControls(text, SAMPLE_LENGTH_MAX);
  }
}
