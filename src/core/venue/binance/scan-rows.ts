import { ROWS_MAX, type Rows } from './scan-fields.ts';
import { faults, fourDigits, readDecimal, ZEROS } from './scan-number.ts';

const ZERO = 0x30;
const QUOTE = 0x22;
const COMMA = 0x2c;
const POINT = 0x2e;
const OPEN = 0x5b;
const CLOSE = 0x5d;
/** `"],[`, `"]]` and `","`, the first byte lowest. */
const NEXT = 0x5b2c5d22;
const LAST = 0x5d5d22;
const BETWEEN = 0x222c22;
const QUOTES = 0x22222222;
const THREE = 0xffffff;
/** As many digits as an int32 holds for sure. */
const RUN = 9;
const POWERS = Int32Array.from([1, 10, 100, 1_000, 10_000]);
/** Of four bytes that end with a number those of its last digits: none to four of them. */
const ENDS = Int32Array.from([0, 0xff000000, 0xffff0000, 0xffffff00, 0xffffffff]);

/**
 * Reads `["1.5","2"],["1.4","0"]]`, the closing bracket of all rows included. Most bytes of a stream are rows, and rows
 * of a market are alike: as long a price, and as many digits behind the point. So the next row is taken to have the form
 * of the last one, digits are read by four, and what stands between them is checked at the end, all at once. A row
 * that is unlike is read byte by byte, and tells the form of those after it.
 */
export class RowReader {
  readonly #bytes: Uint8Array;
  readonly #view: DataView;
  /** Bytes of a price, and digits before its point and behind it; 0 where a price has no form that is known here. */
  #length = 0;
  #whole = 0;
  #places = 0;
  /** Digits of a size behind its point; 0 for no such form. */
  #qtyPlaces = 0;
  /** The digits of a price before the last four of its whole part, as bytes and as a number. Rows share them. */
  #lead = 0;
  #leading = 0;

  /** `view` is of `bytes`; both are some 40 bytes longer than what is read. */
  constructor(bytes: Uint8Array, view: DataView) {
    this.#bytes = bytes;
    this.#view = view;
  }

  /** Gives the place after the rows, or -1: a price of zero is none. */
  read(rows: Rows, from: number): number {
    rows.count = 0;
    if (this.#bytes[from] === CLOSE) return from + 1;
    if (this.#bytes[from] !== OPEN) return -1;
    let at = this.#alike(rows, from + 2);
    while (at < -1) at = this.#unlike(rows, ~at);
    return at;
  }

  /**
   * Reads rows of the form of the last one; `from` is where a price begins. Gives the place after all rows, -1 where
   * there can be none, or what `~` makes of the place where an unlike price begins.
   */
  #alike(rows: Rows, from: number): number {
    const bytes = this.#bytes;
    const view = this.#view;
    const { price, qty } = rows;
    const [length, whole, places, qtyPlaces] = [this.#length, this.#whole, this.#places, this.#qtyPlaces];
    const [lead, leading] = [this.#lead, this.#leading];
    const highMask = ENDS[Math.max(0, whole - 4)] as number;
    const lowMask = ENDS[Math.min(4, whole)] as number;
    const placesMask = ENDS[places] as number;
    const scale = POWERS[places] as number;
    const qtyMask = ENDS[qtyPlaces] as number;
    const qtyScale = POWERS[qtyPlaces] as number;
    if (length === 0 || qtyPlaces === 0) return ~from;
    let start = from;
    // `| 0` keeps what is added an int32: without it each sum is checked for more.
    for (let count = rows.count; count < ROWS_MAX; count++) {
      const point = (start + whole) | 0;
      const end = (start + length) | 0;
      const high = view.getInt32((point - 8) | 0, true) & highMask;
      const low = (view.getInt32((point - 4) | 0, true) ^ ZEROS) & lowMask;
      const fraction = (view.getInt32((end - 4) | 0, true) ^ ZEROS) & placesMask;
      const digits = (Math.imul(leading + fourDigits(low), scale) + fourDigits(fraction)) | 0;
      // A size is of four to seven bytes: the quote behind it is the lowest byte that is zero in `quotes`.
      const size = (end + 3) | 0;
      const quotes = view.getInt32((size + 4) | 0, true) ^ QUOTES;
      const found = (quotes - 0x01010101) & ~quotes & -0x7f7f7f80;
      const sizeEnd = (size + 4 + ((31 - Math.clz32(found & (~found + 1))) >> 3)) | 0;
      const sizePoint = (sizeEnd - qtyPlaces - 1) | 0;
      const sizeWhole = (sizePoint - size) | 0;
      const sizeLow = (view.getInt32((sizePoint - 4) | 0, true) ^ ZEROS) & (-1 << (-8 * sizeWhole));
      const sizeFraction = (view.getInt32((sizeEnd - 4) | 0, true) ^ ZEROS) & qtyMask;
      const sizeDigits = (Math.imul(fourDigits(sizeLow), qtyScale) + fourDigits(sizeFraction)) | 0;
      const isWrong =
        (faults(low) | faults(fraction) | faults(sizeLow) | faults(sizeFraction)) !== 0 ||
        (((bytes[start - 1] as number) ^ QUOTE) |
          ((bytes[point] as number) ^ POINT) |
          ((bytes[sizePoint] as number) ^ POINT) |
          ((view.getInt32(end, true) & THREE) ^ BETWEEN) |
          (high ^ lead)) !==
          0;
      if (isWrong || found === 0 || digits === 0 || (bytes[start] === ZERO && whole > 1)) return ~start;
      if (sizeWhole !== 1 && (sizeWhole < 1 || sizeWhole > 4 || bytes[size] === ZERO)) return ~start;
      price[count] = digits / scale;
      qty[count] = sizeDigits / qtyScale;
      rows.count = count + 1;
      const next = view.getInt32(sizeEnd, true);
      if (next !== NEXT) return (next & THREE) === LAST ? sizeEnd + 3 : -1;
      start = (sizeEnd + 5) | 0;
    }
    return -1;
  }

  /** Reads a row of any form, then those that are like it. Gives what `#alike` gives. */
  #unlike(rows: Rows, start: number): number {
    const bytes = this.#bytes;
    const { price, qty, count } = rows;
    if (count >= ROWS_MAX || bytes[start - 1] !== QUOTE) return -1;
    const to = readDecimal(bytes, start, price, count);
    if (to < 0 || price[count] === 0 || bytes[to] !== COMMA || bytes[to + 1] !== QUOTE) return -1;
    const size = to + 2;
    const sizeTo = readDecimal(bytes, size, qty, count);
    if (sizeTo < 0) return -1;
    this.#learn(start, to - 1, size, sizeTo - 1);
    rows.count = count + 1;
    const next = this.#view.getInt32(sizeTo - 1, true);
    if (next === NEXT) return this.#alike(rows, sizeTo + 4);
    return (next & THREE) === LAST ? sizeTo + 2 : -1;
  }

  /** The form of a row, where it is one of those that are read by four: not more than nine digits, and a point. */
  #learn(start: number, end: number, size: number, sizeEnd: number): void {
    const whole = this.#pointOf(start, end) - start;
    const places = end - start - whole - 1;
    const isShort = whole <= 8 && places >= 1 && places <= 4 && whole + places <= RUN;
    this.#length = isShort ? end - start : 0;
    this.#whole = isShort ? whole : 0;
    this.#places = isShort ? places : 0;
    const qtyPlaces = sizeEnd - this.#pointOf(size, sizeEnd) - 1;
    this.#qtyPlaces = qtyPlaces >= 1 && qtyPlaces <= 4 ? qtyPlaces : 0;
    const mask = ENDS[Math.max(0, this.#whole - 4)] as number;
    this.#lead = this.#view.getInt32(start + this.#whole - 8, true) & mask;
    this.#leading = Math.imul(fourDigits((this.#lead ^ ZEROS) & mask), 10_000);
  }

  #pointOf(from: number, to: number): number {
    let at = from;
    while (at < to && this.#bytes[at] !== POINT) at++;
    return at;
  }
}
