import type { FrameSink } from './frames.ts';
import { fill, isRecord, type PlainEvent } from './plain-fields.ts';
import type { Fields } from './scan-fields.ts';
import type { Kind } from './scan-shape.ts';

const NESTING_MAX = 32;
/** Longer runs of digits may be ids above 2^53, which a double would change without a word. */
const LONG_DIGITS = /\d{16}/;
const ERROR_LENGTH_MAX = 200;
const FORBIDDEN = new Set(['__proto__', 'constructor', 'prototype']);
const MARKET: Readonly<Record<string, Kind>> = Object.assign(
  Object.create(null) as object,
  {
    bookTicker: 'quote',
    aggTrade: 'trade',
    trade: 'trade',
    kline: 'candle',
    markPriceUpdate: 'mark',
    depthUpdate: 'diff',
  } as const,
);

/**
 * What plain parsing made of a message: numbers of a kind in the fields; `told` where the sink heard it already;
 * `passed` where it is sound and says nothing that anybody asks for; `bad` for all else.
 */
export type Plain = Kind | 'told' | 'passed' | 'bad';

/** Reads messages that have no known shape: by JSON, with each value checked. */
export class PlainReader {
  readonly #fields: Fields;
  readonly #symbolOf: (id: string) => string | undefined;
  readonly #sink: FrameSink;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(fields: Fields, symbolOf: (id: string) => string | undefined, sink: FrameSink) {
    this.#fields = fields;
    this.#symbolOf = symbolOf;
    this.#sink = sink;
  }

  read(bytes: Uint8Array): Plain {
    const message = this.#parse(bytes);
    if (!isRecord(message)) return 'bad';
    const event = eventOf(message);
    if (event === undefined) return 'bad';
    if (event.e === undefined && isAnswer(event)) return this.#answer(event);
    if (event.e === 'serverShutdown') {
      this.#sink.closing();
      return 'told';
    }
    const kind = kindOf(event);
    if (kind !== undefined) return this.#market(kind, event);
    if (typeof event.e !== 'string') return 'bad';
    this.#sink.other(event);
    return 'told';
  }

  #parse(bytes: Uint8Array): unknown {
    if (isDeep(bytes)) return undefined;
    try {
      const text = this.#decoder.decode(bytes);
      const value: unknown = LONG_DIGITS.test(text) ? JSON.parse(text, keepDigits) : JSON.parse(text);
      return hasForbiddenKey(value) ? undefined : value;
    } catch {
      return undefined;
    }
  }

  #answer(message: PlainEvent): Plain {
    const { id, error } = message;
    if (id !== undefined && id !== null && typeof id !== 'string' && typeof id !== 'number') return 'bad';
    this.#sink.ack(id === undefined || id === null ? '' : String(id), errorText(error, message.status));
    return 'told';
  }

  #market(kind: Kind, event: PlainEvent): Plain {
    const symbol = typeof event.s === 'string' ? this.#symbolOf(event.s) : undefined;
    if (symbol === undefined) return 'bad';
    this.#fields.symbol = symbol;
    if (!fill(this.#fields, kind, event)) return 'bad';
    // Trades of the insurance fund and of auto-deleveraging: in no candle of the venue, so in none of ours.
    return event.e === 'trade' && typeof event.X === 'string' && event.X !== 'MARKET' ? 'passed' : kind;
  }
}

/** The event in a combined frame, in one of the user's data stream, or the message itself. */
function eventOf(message: PlainEvent): PlainEvent | undefined {
  if (message.e !== undefined) return message;
  if ('data' in message) return typeof message.stream === 'string' && isRecord(message.data) ? message.data : undefined;
  if ('event' in message) return isRecord(message.event) ? message.event : undefined;
  return message;
}

function kindOf(event: PlainEvent): Kind | undefined {
  if (typeof event.e === 'string') return MARKET[event.e];
  // The quote of spot has no name.
  return event.e === undefined && 'u' in event && 'b' in event && 'a' in event ? 'quote' : undefined;
}

const isAnswer = (message: PlainEvent): boolean =>
  ('id' in message && ('result' in message || 'status' in message)) || 'error' in message;

function errorText(error: unknown, status: unknown): string | null {
  if (error === undefined || error === null) return status === undefined || status === 200 ? null : `status ${status}`;
  const text = isRecord(error) ? `${String(error.code ?? '')} ${String(error.msg ?? '')}` : String(error);
  return withoutControls(text, ERROR_LENGTH_MAX);
}

/** Text of a stranger, for a screen or a log: no control characters, cut to a length. */
export function withoutControls(text: string, lengthMax: number): string {
  return text
    .replace(/[\s\p{Cc}\p{Cf}\p{Cs}]+/gu, ' ')
    .trim()
    .slice(0, lengthMax)
    .toWellFormed();
}

/** An id above 2^53 stays text. */
function keepDigits(_key: string, value: unknown, context?: { readonly source?: string }): unknown {
  if (typeof value !== 'number' || Number.isSafeInteger(value)) return value;
  const source = context?.source;
  return source !== undefined && /^-?\d+$/.test(source) ? source : value;
}

/** Counts braces outside of strings, before anything is built from them. */
function isDeep(bytes: Uint8Array): boolean {
  let depth = 0;
  let isText = false;
  for (let at = 0; at < bytes.length; at++) {
    const byte = bytes[at];
    if (isText) {
      if (byte === 0x5c) at++;
      else if (byte === 0x22) isText = false;
    } else if (byte === 0x22) isText = true;
    else if (byte === 0x7b || byte === 0x5b) {
      if (++depth > NESTING_MAX) return true;
    } else if (byte === 0x7d || byte === 0x5d) depth--;
  }
  return false;
}

function hasForbiddenKey(value: unknown): boolean {
  if (Array.isArray(value)) return value.some(hasForbiddenKey);
  if (typeof value !== 'object' || value === null) return false;
  return Object.entries(value).some(([key, inner]) => FORBIDDEN.has(key) || hasForbiddenKey(inner));
}
