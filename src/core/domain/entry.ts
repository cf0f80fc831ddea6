import { parse, text } from '../base/decimal.ts';
import { type Bodies, EXACT_WORDS, type Kind } from './events.ts';

/**
 * What led here: the seq of an earlier entry, or the input in words (`BTC/USDT:USDT close 1746372840000`).
 */
export type Cause = number | string;

/** A fact. `kind v at cause body` is its content; `seq epoch run account` is its address. `run` is 0 for an account's own. */
export interface Entry<K extends Kind = Kind> {
  readonly seq: number;
  readonly epoch: number;
  readonly run: number;
  readonly account: string;
  readonly kind: K;
  readonly v: number;
  readonly at: number;
  readonly cause: Cause;
  readonly body: Bodies[K];
}

/** An entry of any kind whose body is narrowed by its kind in a `switch`. */
export type AnyEntry = { [K in Kind]: Entry<K> }[Kind];

/** The epoch in which an entry leaves the journal: the address of `epoch_started` is still that of the one before. */
export const epochAt = (entry: AnyEntry): number => (entry.kind === 'epoch_started' ? entry.body.epoch : entry.epoch);

/** JSON text with exact values as decimal text. Keys stay in the order in which they were made. */
export function encode(value: unknown): string {
  return JSON.stringify(value, replace);
}

function replace(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? text(value) : value;
}

/** Reads what `encode` wrote: the exact words become bigints again. */
export function decode<T>(source: string): T {
  const value: unknown = JSON.parse(source);
  if (typeof value === 'object' && value !== null) thaw(value);
  return value as T;
}

/** What a venue wrote stays its text, down to the last zero. */
const AS_WRITTEN: ReadonlySet<string> = new Set(['venueAccount']);

/** A strategy's own parameter may share a word (`price=mid`): only decimal text is exact. */
const DECIMAL = /^-?\d+(\.\d+)?$/;

/** In place: a reviver would be called for each number of each candle. */
function thaw(value: object): void {
  if (Array.isArray(value)) {
    for (const each of value) if (typeof each === 'object' && each !== null) thaw(each);
    return;
  }
  const known = value as Record<string, unknown>;
  for (const key of Object.keys(known)) {
    const field = known[key];
    if (AS_WRITTEN.has(key)) continue;
    if (typeof field === 'object') {
      if (field !== null) thaw(field);
    } else if (typeof field === 'string' && EXACT_WORDS.has(key) && DECIMAL.test(field)) {
      known[key] = parse(field);
    }
  }
}
