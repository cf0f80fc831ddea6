import { fromNumber, parse, text } from '../../base/decimal.ts';
import type { Json } from './client.ts';
import { Failure, fail, problemOf } from './problem.ts';

/*
 * Reading JSON of a venue. Amounts stay the text that the venue wrote; a field of another shape ends the question as
 * BAD_ANSWER, so that nothing is made up for it.
 */

export const isJson = (value: unknown): value is Json =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

export function jsonOf(value: unknown, what: string): Json {
  if (isJson(value)) return value;
  return fail('BAD_ANSWER', `an object as ${what}`, `${kindOf(value)} in place of an object`);
}

export function arrayOf(value: unknown, what: string): readonly unknown[] {
  return Array.isArray(value) ? value : fail('BAD_ANSWER', `a list as ${what}`, `${kindOf(value)} in place of a list`);
}

export const listOf = (value: unknown, what: string): readonly Json[] => arrayOf(value, what).filter(isJson);

const kindOf = (value: unknown): string =>
  value === null ? 'null' : Array.isArray(value) ? 'a list' : typeof value === 'object' ? 'an object' : typeof value;

/** Decimal text of a field, or null where it is absent or empty. Numbers become their shortest text. */
export function textOf(from: Json, name: string): string | null {
  const value = from[name];
  if (typeof value === 'string') return value === '' ? null : value;
  return typeof value === 'number' && Number.isFinite(value) ? plain(value) : null;
}

/** Decimal text of a field; null where it is absent, or no decimal. */
export function decimalOf(from: Json, name: string): string | null {
  const told = textOf(from, name);
  try {
    if (told !== null) parse(told);
    return told;
  } catch {
    return null;
  }
}

/** A finite number of a field, or null. */
export function numberOf(from: Json, name: string): number | null {
  const value = from[name];
  if (value === null || value === undefined || value === '') return null;
  const number = Number(value);
  return Number.isFinite(number) ? number : null;
}

/** A price or a quantity that must be there. */
export function amountOf(value: unknown, what: string, isZeroFine: boolean): number {
  const number = typeof value === 'string' && value !== '' ? Number(value) : value;
  if (typeof number === 'number' && Number.isFinite(number) && (isZeroFine ? number >= 0 : number > 0)) return number;
  const found = `${what} ${String(value).slice(0, 40)}`;
  throw new Failure(problemOf({ code: 'BAD_ANSWER', found }, { expected: `${what} above zero` }));
}

/** The shortest plain text of a number: `1e-7` becomes `0.0000001`. */
export function plain(value: number): string {
  try {
    return text(fromNumber(value));
  } catch {
    return String(value);
  }
}

/**
 * The venue's own text for a number that ccxt read from it: the first text in `info` of the same value; else the number's
 * shortest text, which is exact for what ccxt reads from up to 15 digits.
 */
export function exactText(info: unknown, value: number): string {
  return findText(info, value, 0) ?? plain(value);
}

function findText(info: unknown, value: number, depth: number): string | undefined {
  if (typeof info === 'string') return /^-?\d/.test(info) && Number(info) === value ? info : undefined;
  if (typeof info !== 'object' || info === null || depth > 4) return undefined;
  for (const part of Object.values(info)) {
    const found = findText(part, value, depth + 1);
    if (found !== undefined) return found;
  }
  return undefined;
}
