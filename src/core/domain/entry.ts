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

/** JSON text with exact values as decimal text. Keys stay in the order in which they were made. */
export function encode(value: unknown): string {
  return JSON.stringify(value, replace);
}

function replace(_key: string, value: unknown): unknown {
  return typeof value === 'bigint' ? text(value) : value;
}

/** Reads what `encode` wrote: the exact words become bigints again. */
export function decode<T>(source: string): T {
  return JSON.parse(source, revive) as T;
}

/** A strategy's own parameter may share a word (`price=mid`): only decimal text is exact. */
const DECIMAL = /^-?\d+(\.\d+)?$/;

function revive(key: string, value: unknown): unknown {
  return typeof value === 'string' && EXACT_WORDS.has(key) && DECIMAL.test(value) ? parse(value) : value;
}
