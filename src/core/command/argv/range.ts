import { DecimalError, parse } from '../../base/decimal.ts';

/** Bounds as the user would write them, without the unit. */
export interface Range {
  readonly above?: string | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly below?: string | undefined;
}

/** Whether an exact value lies inside. */
export function inside(value: bigint, range: Range): boolean {
  if (range.above !== undefined && value <= parse(range.above)) return false;
  if (range.from !== undefined && value < parse(range.from)) return false;
  if (range.to !== undefined && value > parse(range.to)) return false;
  return range.below === undefined || value < parse(range.below);
}

/** `above 0 % and at most 100 %`; empty where there is no bound. */
export function rangeText(range: Range, unit = ''): string {
  const parts: string[] = [];
  if (range.above !== undefined) parts.push(`above ${range.above}${unit}`);
  if (range.from !== undefined) parts.push(`at least ${range.from}${unit}`);
  if (range.to !== undefined) parts.push(`at most ${range.to}${unit}`);
  if (range.below !== undefined) parts.push(`below ${range.below}${unit}`);
  return parts.join(' and ');
}

/** `a share such as 1%, above 0% and at most 100%`. */
export function expectation(what: string, example: string, range: Range, unit = ''): string {
  const bounds = rangeText(range, unit);
  return bounds === '' ? `${what} such as ${example}` : `${what} such as ${example}, ${bounds}`;
}

/** Exact decimal text, or undefined where it is none: `NaN`, `1,000`, too many digits. */
export function decimal(text: string): bigint | undefined {
  try {
    return parse(text.startsWith('+') ? text.slice(1) : text);
  } catch (problem) {
    if (problem instanceof DecimalError) return undefined;
    throw problem;
  }
}

const THOUSANDS = /^[1-9]\d{0,2}(,\d{3})+(\.\d+)?$/;
const POINTS = /^[1-9]\d{0,2}(\.\d{3})+,\d+$/;

/**
 * The number that was meant with a comma, a blank or `_` in it, as it is written here: `0,1` -> `0.1`, `1,000,000` ->
 * `1000000`, `1 000,5` and `1.000,5` -> `1000.5`. `1,500` may be either, and both are told. Undefined where nothing fits.
 */
export function meant(given: string): string | undefined {
  const bare = given.replace(/[_ ]/g, '');
  if (THOUSANDS.test(bare)) {
    const whole = bare.replaceAll(',', '');
    return /^\d+,\d{3}$/.test(bare)
      ? `${whole} or, where the comma is a decimal one, ${bare.replace(',', '.')}`
      : whole;
  }
  const pointed = POINTS.test(bare) ? bare.replaceAll('.', '') : bare;
  const text = /^[+-]?\d+,\d+$/.test(pointed) ? pointed.replace(',', '.') : pointed;
  return text !== given && decimal(text) !== undefined ? text : undefined;
}
