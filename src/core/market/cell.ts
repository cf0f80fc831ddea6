/**
 * Cells of a comma-separated table, read from bytes. The common shapes (plain digits with a point) are read without
 * making text; everything else goes through text once. Each reader returns where the cell ends (its comma, CR or LF)
 * or -1 for *not a plain cell*, and leaves the value in `cell[0]` and the digits after the point in `cell[1]`.
 * The bytes must end in a line feed.
 */
export const COMMA = 44;
export const LF = 10;
export const CR = 13;
const POINT = 46;
const MINUS = 45;
const ZERO = 48;

/** 1990 and 2100: a time outside of them is a number that means something else. */
export const EARLIEST_AT = 631_152_000_000;
export const LATEST_AT = 4_102_444_800_000;

const POWERS = Float64Array.from({ length: 19 }, (_, digits) => Number(`1e${digits}`));

const endsCell = (byte: number): boolean => byte === COMMA || byte === LF || byte === CR;

/**
 * A decimal number. Exact: up to 15 digits are an integer below 2^53, divided by a power of ten up to 10^9, which IEEE
 * division rounds to the double nearest to the text (Clinger's fast path).
 */
export function readNumber(bytes: Uint8Array, start: number, cell: Float64Array): number {
  const isNegative = bytes[start] === MINUS;
  const wholeAt = isNegative ? start + 1 : start;
  let at = wholeAt;
  let whole = 0;
  let digit = (bytes[at] as number) - ZERO;
  // Both halves stay in integer registers; one that has more than nine digits wraps, and is not used.
  while (digit >>> 0 < 10) {
    whole = (whole * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const wholeDigits = at - wholeAt;
  let places = 0;
  let fraction = 0;
  if (digit === POINT - ZERO) {
    const fractionAt = at + 1;
    digit = (bytes[++at] as number) - ZERO;
    while (digit >>> 0 < 10) {
      fraction = (fraction * 10 + digit) | 0;
      digit = (bytes[++at] as number) - ZERO;
    }
    places = at - fractionAt;
  }
  if (!endsCell(digit + ZERO) || wholeDigits === 0 || places > 9 || wholeDigits + places > 15) return -1;
  if (wholeDigits > 9) return places === 0 ? readLong(bytes, start, cell) : -1;
  const power = POWERS[places] as number;
  const value = places === 0 ? whole : (whole * power + fraction) / power;
  cell[0] = isNegative ? -value : value;
  cell[1] = places;
  return at;
}

/** Ten digits and more before the point: trade ids, volumes of cheap coins. Plain integers up to 2^53, else text. */
function readLong(bytes: Uint8Array, start: number, cell: Float64Array): number {
  let at = start;
  let value = 0;
  let digit = (bytes[at] as number) - ZERO;
  while (digit >= 0 && digit <= 9 && at < start + 15) {
    value = value * 10 + digit;
    at++;
    digit = (bytes[at] as number) - ZERO;
  }
  if (!endsCell(bytes[at] as number)) return -1;
  cell[0] = value;
  cell[1] = 0;
  return at;
}

/** An instant since 1970 in s, ms, us or ns, told by its length; the value is whole milliseconds. */
export function readTime(bytes: Uint8Array, start: number, cell: Float64Array): number {
  let at = start;
  let high = 0;
  let low = 0;
  let digit = (bytes[at] as number) - ZERO;
  while (digit >>> 0 < 10 && at < start + 9) {
    high = (high * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const middle = at;
  while (digit >>> 0 < 10 && at < start + 13) {
    low = (low * 10 + digit) | 0;
    digit = (bytes[++at] as number) - ZERO;
  }
  const lead = high * (POWERS[at - middle] as number) + low;
  while (digit >>> 0 < 10) digit = (bytes[++at] as number) - ZERO;
  const length = at - start;
  if (length < 9 || length > 19 || !endsCell(bytes[at] as number)) return -1;
  const ms = length === 13 ? lead : inMilliseconds(lead, length);
  if (Number.isNaN(ms)) return -1;
  cell[0] = ms;
  cell[1] = 0;
  return at;
}

/** `lead` holds the first 13 digits: those are the milliseconds of 16 digits of us and of 19 digits of ns. */
function inMilliseconds(lead: number, length: number): number {
  if (length <= 11) return lead * 1_000;
  if (length <= 14) return length === 14 ? Number.NaN : lead;
  const places = length <= 17 ? 16 - length : 19 - length;
  return places >= 0 ? Math.floor(lead / (POWERS[places] as number)) : Number.NaN;
}

const DECIMAL = /^[+-]?(\d+\.?\d*|\.\d+)(?:[eE]([+-]?\d{1,4}))?$/;

/** What a cell says as text, without spaces and quotes around it. */
export function cellText(bytes: Uint8Array, start: number, end: number): string {
  const text = Buffer.from(bytes.buffer, bytes.byteOffset + start, end - start)
    .toString('latin1')
    .trim();
  return text.startsWith('"') && text.endsWith('"') && text.length > 1 ? text.slice(1, -1).trim() : text;
}

/** Where the cell that begins at `start` ends. */
export function cellEnd(bytes: Uint8Array, start: number): number {
  let at = start;
  while (!endsCell(bytes[at] as number)) at++;
  return at;
}

/** A number through its text: exponents, spaces, quotes, many digits. False where it is none. */
export function parseNumber(text: string, cell: Float64Array): boolean {
  const match = DECIMAL.exec(text);
  if (match === null) return false;
  const [, digits = '', exponent] = match;
  const point = digits.indexOf('.');
  const places = point < 0 ? 0 : digits.length - point - 1;
  cell[0] = Number(text);
  cell[1] = Math.max(0, places - Number(exponent ?? 0));
  return true;
}

/** What `readTime` and `parseTime` read, for messages. */
export const TIME_EXPECTED = 'a time in s, ms, us or ns since 1970, or with its zone';

const DATE = /\d[-/:]\d/;
const ZONED = /^(\d{4}-\d{2}-\d{2})[T ](\d{2}:\d{2}(?::\d{2}(?:\.\d+)?)?) ?(?:(Z|UTC)|([+-]\d{2}):?(\d{2}))$/;

/** A day or an instant without a zone is not read: in one file it is that of the exchange, in the next one UTC. */
export const timeFix = (text: string): string =>
  DATE.test(text) ? 'Give times with their zone (2025-05-04T12:30:00Z), or in ms since 1970' : 'Correct the time';

/**
 * An instant through its text: a number (`1704067200.5`, `1.7040672e12`), whose unit is told by the magnitude, or date
 * and time of day with their zone (`2024-01-01T00:00:00Z`, `2024-01-01 01:00:00+01:00`).
 */
export function parseTime(text: string, cell: Float64Array): boolean {
  const zoned = ZONED.exec(text);
  if (zoned !== null) return placeZoned(zoned, cell);
  if (!parseNumber(text, cell)) return false;
  const value = cell[0] as number;
  cell[1] = 0;
  if (value < 1e11) cell[0] = Math.floor(value * 1_000);
  else if (value < 1e14) cell[0] = Math.floor(value);
  else cell[0] = Math.floor(value < 1e17 ? value / 1_000 : value / 1_000_000);
  return true;
}

function placeZoned([, day = '', time, , hours = '+00', minutes = '00']: RegExpExecArray, cell: Float64Array): boolean {
  const local = Date.parse(`${day}T${time}Z`);
  // V8 takes 30 February for 1 March.
  if (Number.isNaN(local) || !new Date(local).toISOString().startsWith(day)) return false;
  cell[0] = Date.parse(`${day}T${time}${hours}:${minutes}`);
  cell[1] = 0;
  return !Number.isNaN(cell[0]);
}

/** Digits after the point without trailing zeros (`61837.63000000` -> 2): what the market used, not what was printed. */
export function usedPlaces(bytes: Uint8Array, end: number, places: number): number {
  let used = places;
  while (used > 0 && bytes[end - 1 - (places - used)] === ZERO) used--;
  return used;
}
