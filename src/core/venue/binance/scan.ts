import { isUtf8 } from 'node:buffer';
import type { Fields } from './scan-fields.ts';
import { readDecimal, readInteger, readLongInteger, readRate, readTradeId } from './scan-number.ts';
import { RowReader } from './scan-rows.ts';
import * as shapes from './scan-shape.ts';
import type { SymbolTable } from './scan-symbols.ts';

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const OPEN_BRACE = 0x7b;
const CLOSE_BRACE = 0x7d;
const ASCII = new TextEncoder();
const STREAM = ASCII.encode('{"stream":"');
const DATA = ASCII.encode(',"data":');
const TRUE = ASCII.encode('true');
const FALSE = ASCII.encode('false');
/** Shorter than any frame that has a shape. */
const BYTES_MIN = 24;
/** Longer ones are parsed plainly; they would have more rows than are read here. */
const BYTES_MAX = 1 << 18;
/** Bytes behind the longest frame: so far is looked ahead. */
const ROOM = 64;
const MINUTE_MS = 60_000;
const UNITS_MS: { readonly [letter: number]: number } = {
  [code('s')]: 1_000,
  [code('m')]: MINUTE_MS,
  [code('h')]: 60 * MINUTE_MS,
  [code('d')]: 1_440 * MINUTE_MS,
  [code('w')]: 10_080 * MINUTE_MS,
};

function code(letter: string): number {
  return letter.charCodeAt(0);
}

/** Reads frames of a known shape from bytes to numbers. It makes no object and no string for one. */
export class Scanner {
  readonly #fields: Fields;
  readonly #symbols: SymbolTable;
  /** The frame, copied: four of its bytes are read at once, and a view of each frame would be made each time. */
  readonly #bytes = new Uint8Array(BYTES_MAX + ROOM);
  readonly #view = new DataView(this.#bytes.buffer);
  readonly #rows = new RowReader(this.#bytes, this.#view);
  /** By the first letter of the event's name; the shape that matched last stands first. */
  readonly #shapes: (shapes.Shape[] | undefined)[] = [];

  constructor(fields: Fields, symbols: SymbolTable) {
    this.#fields = fields;
    this.#symbols = symbols;
    for (let letter = 0; letter < 256; letter++) this.#shapes.push(undefined);
    for (const [letter, known] of Object.entries(shapes.SHAPES)) this.#shapes[code(letter)] = [...known];
  }

  /** The kind of the frame, with its numbers in the fields; undefined where it has no known shape. */
  scan(frame: Uint8Array): shapes.Kind | undefined {
    const end = frame.length;
    if (end < BYTES_MIN || end > BYTES_MAX || frame[end - 1] !== CLOSE_BRACE || frame[0] !== OPEN_BRACE)
      return undefined;
    const bytes = this.#bytes;
    bytes.set(frame);
    // What is left of a longer frame is no part of this one.
    bytes[end] = 0;
    if (bytes[2] !== STREAM[2] || bytes[3] !== STREAM[3]) return this.#event(0, end);
    let at = after(STREAM, bytes, 0, end);
    if (at >= 0) at = afterText(bytes, at, end);
    if (at >= 0) at = after(DATA, bytes, at, end);
    // The outer brace closes what the stream's name opened.
    return at < 0 || end - at < BYTES_MIN || bytes[end - 2] !== CLOSE_BRACE ? undefined : this.#event(at, end - 1);
  }

  #event(from: number, end: number): shapes.Kind | undefined {
    const bytes = this.#bytes;
    const letter = bytes[from + 2] as number;
    const known = this.#shapes[(letter === 0x65 ? bytes[from + 6] : letter) as number];
    if (known === undefined) return undefined;
    for (let i = 0; i < known.length; i++) {
      const shape = known[i] as shapes.Shape;
      if (!this.#matches(shape, from, end)) continue;
      if (i > 0) known.unshift(...known.splice(i, 1));
      return shape.kind;
    }
    return undefined;
  }

  #matches(shape: shapes.Shape, from: number, end: number): boolean {
    const steps = shape.steps;
    let at = from;
    for (let i = 0; i < steps.length; i++) {
      const step = steps[i] as shapes.Step;
      const value = at + step.length;
      if (value > end || !this.#stands(step, at)) {
        if (step.isOptional) continue;
        return false;
      }
      at = this.#read(step.reads, step.slot, this.#bytes, value, end);
      if (at < 0) return false;
    }
    return at === end;
  }

  /** Whether the text of a step stands there. */
  #stands({ words, masks }: shapes.Step, from: number): boolean {
    const view = this.#view;
    const length = words.length;
    let unlike = 0;
    for (let i = 0; i < length; i++) {
      unlike |= (view.getInt32(from + 4 * i, true) ^ (words[i] as number)) & (masks[i] as number);
    }
    return unlike === 0;
  }

  #read(reads: number, slot: number, bytes: Uint8Array, at: number, end: number): number {
    const { numbers } = this.#fields;
    switch (reads) {
      case shapes.DECIMAL:
        return readDecimal(bytes, at, numbers, slot);
      case shapes.INTEGER:
        return readLongInteger(this.#view, bytes, at, numbers, slot);
      case shapes.SYMBOL:
        return this.#symbol(bytes, at, end);
      case shapes.TEXT:
        return afterText(bytes, at, end);
      case shapes.BIDS:
        return this.#rows.read(this.#fields.bids, at);
      case shapes.ASKS:
        return this.#rows.read(this.#fields.asks, at);
      case shapes.FLAG:
        return readFlag(bytes, at, end, numbers, slot);
      case shapes.SAME:
        return this.#same(bytes, at, end);
      case shapes.LENGTH:
        return readLength(bytes, at, numbers, slot);
      case shapes.TRADE_ID:
        return readTradeId(bytes, at, numbers, slot);
      case shapes.RATE:
        return readRate(bytes, at, numbers, slot);
      case shapes.ABSENT:
        numbers[slot] = Number.NaN;
        return at;
      default:
        return at;
    }
  }

  #symbol(bytes: Uint8Array, at: number, end: number): number {
    const to = this.#symbols.read(bytes, at, end);
    if (to >= 0) this.#fields.symbol = this.#symbols.symbol;
    return to;
  }

  #same(bytes: Uint8Array, at: number, end: number): number {
    const to = this.#symbols.read(bytes, at, end);
    return to >= 0 && this.#symbols.symbol === this.#fields.symbol ? to : -1;
  }
}

/** The place after a text that stands at `from`, or -1. */
function after(text: Uint8Array, bytes: Uint8Array, from: number, end: number): number {
  const length = text.length;
  const to = from + length;
  if (to > end) return -1;
  for (let i = 0; i < length; i++) if (text[i] !== bytes[from + i]) return -1;
  return to;
}

/** The place after a string without escapes and its closing quote, or -1. */
function afterText(bytes: Uint8Array, from: number, end: number): number {
  let seen = 0;
  for (let at = from; at < end; at++) {
    const byte = bytes[at] as number;
    if (byte === QUOTE) return seen < 0x80 || isUtf8(bytes.subarray(from, at)) ? at + 1 : -1;
    if (byte === BACKSLASH || byte < 0x20) return -1;
    seen |= byte;
  }
  return -1;
}

function readFlag(bytes: Uint8Array, at: number, end: number, out: Float64Array, slot: number): number {
  const isTrue = bytes[at] === TRUE[0];
  out[slot] = isTrue ? 1 : 0;
  return after(isTrue ? TRUE : FALSE, bytes, at, end);
}

/** `15m"` as ms; a month, which has no fixed length, as 0. */
function readLength(bytes: Uint8Array, from: number, out: Float64Array, slot: number): number {
  const at = readInteger(bytes, from, out, slot);
  if (at < 0 || out[slot] === 0 || at + 1 >= bytes.length || bytes[at + 1] !== QUOTE) return -1;
  const letter = bytes[at] as number;
  const unit = letter === code('M') && out[slot] === 1 ? 0 : UNITS_MS[letter];
  if (unit === undefined) return -1;
  out[slot] = (out[slot] as number) * unit;
  return at + 2;
}
