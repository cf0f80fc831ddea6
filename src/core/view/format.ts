import { digitsOf, divide, parse, text } from '../base/decimal.ts';
import { DAY_MS } from '../domain/time.ts';

/** What is not known. Never 0, never blank. */
export const UNKNOWN = '?';
/** What cannot be told from so little. */
export const NOT_AVAILABLE = 'n/a';

/**
 * A value to print: decimal text (money, prices, quantities), an exact bigint at scale 10^18, or a plain number of market
 * data and analysis. Undefined, null, NaN and infinities are unknown.
 */
export type Printable = string | bigint | number | null | undefined;

export interface DecimalStyle {
  /** Digits after the point; undefined: as many as the value has. */
  readonly digits?: number | undefined;
  /** A plus before what is above 0. */
  readonly signed?: boolean | undefined;
}

/**
 * `61840.2` -> `61,840.20`: thousands separators, fixed digits, half away from zero, no `-0.00`.
 * Exact values are rounded as integers and never pass through a number.
 * @throws {DecimalError} where text is no decimal.
 */
export function decimal(value: Printable, { digits, signed = false }: DecimalStyle = {}): string {
  const plain = typeof value === 'number' ? plainNumber(value, digits) : plainExact(value, digits);
  if (plain === UNKNOWN) return UNKNOWN;
  const negative = plain.startsWith('-');
  const body = negative ? plain.slice(1) : plain;
  const isZero = !/[1-9]/.test(body);
  const sign = isZero ? '' : negative ? '-' : signed ? '+' : '';
  return sign + grouped(body);
}

/** Digits after the point that are told of a value that has more; of a small one so many that mean something. */
const TOLD_DIGITS = 8;
const MEANT_DIGITS = 6;

/** An exact value but for digits that nobody needs: `61,840.2`, `0.0000124345`. */
export function exact(value: bigint): string {
  const zeros = /^-?0\.(0*)/.exec(text(value))?.[1]?.length ?? 0;
  return decimal(value, { digits: Math.min(digitsOf(value), Math.max(TOLD_DIGITS, zeros + MEANT_DIGITS)) });
}

/** `+14.63`, `-4.46`, `0.00`: profit and loss. */
export const signed = (value: Printable, digits?: number): string => decimal(value, { digits, signed: true });

/** `0.0043` -> `0.43 %`. The value is a fraction of 1. */
export function percent(share: Printable, { digits = 2, signed = false }: DecimalStyle = {}): string {
  const hundred = typeof share === 'number' ? share * 100 : share === null ? null : scaledOf(share);
  const value = decimal(typeof hundred === 'bigint' ? hundred * 100n : hundred, { digits, signed });
  return value === UNKNOWN ? UNKNOWN : `${value} %`;
}

/** `0.29` -> `+0.29 R`: profit in units of the planned risk. */
export function inRisk(r: number | null | undefined): string {
  const value = signed(r, 2);
  return value === UNKNOWN ? UNKNOWN : `${value} R`;
}

function scaledOf(value: string | bigint | undefined): bigint | undefined {
  return typeof value === 'string' ? parse(value) : value;
}

function plainExact(value: string | bigint | null | undefined, digits: number | undefined): string {
  const scaled = value === null ? undefined : scaledOf(value);
  if (scaled === undefined) return UNKNOWN;
  if (digits === undefined || digits >= 18) return text(scaled);
  const unit = 10n ** BigInt(18 - digits);
  // Half away from zero: a display, not a decision.
  const half = scaled < 0n ? -unit / 2n : unit / 2n;
  return padded(text(divide(scaled + half, unit, 'down') * unit), digits);
}

/** A number is rounded as the decimal that it is read as (`0.145`), where that has few digits, else as its binary value. */
function plainNumber(value: number, digits: number | undefined): string {
  if (!Number.isFinite(value)) return UNKNOWN;
  const shortest = String(value);
  if (shortest.includes('e')) {
    if (Math.abs(value) >= 1) return shortest;
    return digits === undefined ? value.toFixed(18).replace(/0+$/, '') : value.toFixed(digits);
  }
  if (digits === undefined) return shortest;
  return shortest.length <= 17 ? plainExact(shortest, digits) : value.toFixed(digits);
}

function padded(plain: string, digits: number): string {
  if (digits === 0) return plain;
  const point = plain.indexOf('.');
  if (point === -1) return `${plain}.${'0'.repeat(digits)}`;
  return plain + '0'.repeat(digits - (plain.length - point - 1));
}

function grouped(body: string): string {
  if (body.includes('e')) return body;
  const point = body.indexOf('.');
  const whole = point === -1 ? body : body.slice(0, point);
  let groups = whole.slice(-3);
  for (let end = whole.length - 3; end > 0; end -= 3) groups = `${whole.slice(Math.max(0, end - 3), end)},${groups}`;
  return point === -1 ? groups : groups + body.slice(point);
}

/** `3d04h`, `1h26m`, `4m05s`, `45s`: two units, the rest cut off. Milliseconds in. */
export function duration(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  if (ms <= -1_000) return `-${duration(-ms)}`;
  const seconds = Math.floor(Math.abs(ms) / 1_000);
  if (seconds < 60) return `${seconds}s`;
  const minutes = Math.floor(seconds / 60);
  if (minutes < 60) return `${minutes}m${two(seconds % 60)}s`;
  const hours = Math.floor(minutes / 60);
  if (hours < 24) return `${hours}h${two(minutes % 60)}m`;
  return `${decimal(Math.floor(hours / 24))}d${two(hours % 24)}h`;
}

/** Age of a number: `0.2s` under ten seconds, then as a duration. */
export function age(ms: number | null | undefined): string {
  if (ms === null || ms === undefined || !Number.isFinite(ms)) return UNKNOWN;
  if (ms < 0 || ms >= 10_000) return duration(ms);
  return `${(Math.floor(ms / 100) / 10).toFixed(1)}s`;
}

/** Mark of a number past its age limit, empty before: `~12s`. */
export function staleMark(ageMs: number, ageMsMax: number): string {
  return ageMs > ageMsMax ? `~${age(ageMs)}` : '';
}

interface Instant {
  readonly date: string;
  readonly clock: string;
}

/** `2025-05-04 06:30:01` in UTC from ms. */
export function utcTime(at: number | null | undefined): string {
  const instant = civil(at);
  return instant === undefined ? UNKNOWN : `${instant.date} ${instant.clock}`;
}

/** `2025-05-04`. */
export const utcDate = (at: number | null | undefined): string => civil(at)?.date ?? UNKNOWN;

/** `06:30:01`. */
export const utcClock = (at: number | null | undefined): string => civil(at)?.clock ?? UNKNOWN;

/** `2025-05-04 06:30`. */
export const utcMinute = (at: number | null | undefined): string => utcTime(at).slice(0, 16);

/** `05-04 06:30`: where the year is plain. */
export const utcShort = (at: number | null | undefined): string => {
  const time = utcMinute(at);
  return time === UNKNOWN ? UNKNOWN : time.slice(-11);
};

/** Years 0001 to 9999. Source: H. Hinnant, chrono-Compatible Low-Level Date Algorithms, `civil_from_days`. */
function civil(at: number | null | undefined): Instant | undefined {
  if (at === null || at === undefined || !(at >= -62_135_596_800_000 && at < 253_402_300_800_000)) return undefined;
  const day = Math.floor(at / DAY_MS);
  const seconds = Math.floor((at - day * DAY_MS) / 1_000);
  const shifted = day + 719_468;
  const era = Math.floor(shifted / 146_097);
  const ofEra = shifted - era * 146_097;
  const yearOfEra = Math.floor(
    (ofEra - Math.floor(ofEra / 1_460) + Math.floor(ofEra / 36_524) - Math.floor(ofEra / 146_096)) / 365,
  );
  const ofYear = ofEra - (365 * yearOfEra + Math.floor(yearOfEra / 4) - Math.floor(yearOfEra / 100));
  const monthFromMarch = Math.floor((5 * ofYear + 2) / 153);
  const dayOfMonth = ofYear - Math.floor((153 * monthFromMarch + 2) / 5) + 1;
  const month = monthFromMarch < 10 ? monthFromMarch + 3 : monthFromMarch - 9;
  const year = yearOfEra + era * 400 + (month <= 2 ? 1 : 0);
  return {
    date: `${String(year).padStart(4, '0')}-${two(month)}-${two(dayOfMonth)}`,
    clock: `${two(Math.floor(seconds / 3_600))}:${two(Math.floor(seconds / 60) % 60)}:${two(seconds % 60)}`,
  };
}

const two = (value: number): string => String(value).padStart(2, '0');
