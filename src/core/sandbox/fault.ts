/** What may go wrong on purpose, by flag (`--fault`), by script, or by `POST /sandbox/faults` while it runs. */
export type FaultKind =
  /** Answers of REST: `path` is a prefix, all where it is left out. */
  | 'delay'
  | 'reset'
  | 'reset-after'
  | 'hang'
  | 'truncate'
  | 'empty'
  | 'html'
  | 'redirect'
  | 'status'
  | 'error'
  | 'rate-limit'
  | 'ban'
  | 'maintenance'
  /** Streams: `stream` is a part of the name, all where it is left out. */
  | 'silence'
  | 'half-open'
  | 'cut'
  | 'refuse'
  | 'gap'
  | 'duplicate'
  | 'reorder'
  | 'garbage'
  | 'mute-ack'
  /** Of the whole exchange. */
  | 'clock-skew'
  | 'filters'
  | 'halt'
  | 'delist';

/** One fault: what, where, from when, for how long. Undefined fields match everything. */
export interface Fault {
  readonly kind: FaultKind;
  /** Prefix of a REST path: `/fapi/v1/klines`. */
  readonly path?: string | undefined;
  /** Part of a stream's name: `@depth`, `btcusdt@`. */
  readonly stream?: string | undefined;
  /** The symbol of `filters`, `halt` and `delist`, as the venue names it. */
  readonly id?: string | undefined;
  /** Begins so many ms after it was set, and ends by itself after so many ms more. */
  readonly afterMs?: number | undefined;
  readonly forMs?: number | undefined;
  /** Only every n-th matching answer or frame, and at most so many of them. */
  readonly every?: number | undefined;
  readonly count?: number | undefined;
  /** Delay or skew; HTTP status; Binance's code and message; seconds of `Retry-After`. */
  readonly ms?: number | undefined;
  readonly status?: number | undefined;
  readonly code?: number | undefined;
  readonly msg?: string | undefined;
  readonly retryAfter?: number | undefined;
}

/** Faults at work. Of several that match the one that was set first acts. */
export interface Faults {
  set(fault: Fault): void;
  clear(kind?: FaultKind): void;
  /** The one that strikes this answer or frame now; it counts. */
  strike(kinds: readonly FaultKind[], where: { readonly path?: string; readonly stream?: string }): Fault | undefined;
  /** Whether one of a lasting kind holds now (`half-open`, `silence`, `clock-skew`, `halt`); it does not count. */
  holds(kind: FaultKind, where?: { readonly path?: string; readonly stream?: string }): Fault | undefined;
  readonly all: readonly Fault[];
}

/** The faults that strike instead of an answer, or while it is sent. `delay` comes before any of them. */
export const SPOILERS: readonly FaultKind[] = [
  'reset',
  'reset-after',
  'hang',
  'truncate',
  'empty',
  'html',
  'redirect',
  'status',
  'error',
  'rate-limit',
  'ban',
  'maintenance',
];
