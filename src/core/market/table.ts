import type { Steps } from '../base/steps.ts';
import {
  COMMA,
  CR,
  cellEnd,
  cellText,
  LF,
  parseNumber,
  parseTime,
  readNumber,
  readTime,
  TIME_EXPECTED,
  timeFix,
  usedPlaces,
} from './cell.ts';
import { DataError, shown } from './data-error.ts';

/** What is read of a column. `word` keeps the first byte of the cell (0 where it is empty), enough to tell flags. */
export type Kind = 'skip' | 'time' | 'number' | 'word';

export interface Column {
  readonly name: string;
  readonly kind: Kind;
}

/** Where the rows of a table begin and what its columns hold. Columns after the last one named are passed over. */
export interface Layout {
  readonly rowsAt: number;
  readonly columns: readonly Column[];
}

/** The numbers of a table, one array a column that was not skipped, `rows` of them filled. */
export interface Table {
  readonly rows: number;
  readonly columns: readonly Float64Array[];
  /** The largest number of digits after the point in each column, trailing zeros not counted. */
  readonly places: Int32Array;
}

const SKIP = 0;
const TIME = 1;
const NUMBER = 2;
const CODES: Readonly<Record<Kind, number>> = { skip: SKIP, time: TIME, number: NUMBER, word: 3 };
/** V8 compiles a loop well only where its function is entered many times, so rows are read in chunks. */
const CHUNK = 1_024;
const SPACE = 32;
const QUOTE = 34;

interface Scan {
  readonly name: string;
  readonly bytes: Uint8Array;
  readonly layout: Layout;
  readonly kinds: Uint8Array;
  readonly columns: Float64Array[];
  readonly places: Int32Array;
  readonly cell: Float64Array;
  at: number;
  rows: number;
  capacity: number;
  /** Cells of the first row behind those that are read; -1 before it. */
  surplus: number;
}

/**
 * Reads the rows of a table into columns, without an object or a text for a row.
 * @throws {DataError} naming the line where a cell is missing, one too many, or not what its column holds.
 */
export function* scanTable(bytes: Uint8Array, layout: Layout, name: string): Steps<Table> {
  const scan = begin(bytes, layout, name);
  while (scan.at < bytes.length) {
    if (scan.rows === scan.capacity) grow(scan);
    scanChunk(scan, Math.min(scan.rows + CHUNK, scan.capacity));
    yield;
  }
  if (scan.rows === 0) throw noRows(name);
  return { rows: scan.rows, columns: scan.columns.map((column) => column.subarray(0, scan.rows)), places: scan.places };
}

export function noRows(file: string): DataError {
  return new DataError({ file, expected: 'at least one row', found: 'none', fix: 'Give a file with rows' });
}

function begin(bytes: Uint8Array, layout: Layout, name: string): Scan {
  const kinds = Uint8Array.from(layout.columns, (column) => CODES[column.kind]);
  const used = layout.columns.filter((column) => column.kind !== 'skip').length;
  const capacity = estimateRows(bytes, layout.rowsAt);
  const columns = Array.from({ length: used }, () => new Float64Array(capacity));
  const places = new Int32Array(used);
  const cell = new Float64Array(2);
  return { name, bytes, layout, kinds, columns, places, cell, at: layout.rowsAt, rows: 0, capacity, surplus: -1 };
}

/** From the length of the first lines; too few only costs a copy. */
function estimateRows(bytes: Uint8Array, from: number): number {
  let lines = 0;
  let at = from;
  while (at < bytes.length && lines < 100) if (bytes[at++] === LF) lines++;
  return at >= bytes.length ? lines : Math.ceil(((bytes.length - from) / (at - from)) * lines * 1.02) + 64;
}

function grow(scan: Scan): void {
  scan.capacity = Math.ceil(scan.capacity * 1.5) + 64;
  scan.columns.forEach((column, slot) => {
    const longer = new Float64Array(scan.capacity);
    longer.set(column);
    scan.columns[slot] = longer;
  });
}

function scanChunk(scan: Scan, until: number): void {
  const { bytes, kinds, columns, places, cell } = scan;
  const end = bytes.length;
  const last = kinds.length - 1;
  let at = scan.at;
  let row = scan.rows;
  while (row < until && at < end) {
    if ((bytes[at] as number) <= SPACE && isBlank(bytes, at)) {
      at = nextLine(bytes, at);
      continue;
    }
    let slot = 0;
    for (let column = 0; column <= last; column++) {
      const kind = kinds[column];
      if (kind === SKIP) at = cellEnd(bytes, at);
      else {
        const start = at;
        at = kind === NUMBER ? readNumber(bytes, start, cell) : kind === TIME ? readTime(bytes, start, cell) : -1;
        if (at < 0) at = scanText(scan, start, column);
        (columns[slot] as Float64Array)[row] = cell[0] as number;
        if ((cell[1] as number) > (places[slot] as number)) notePlaces(scan, slot, at);
        slot++;
      }
      if (column !== last) at = bytes[at] === COMMA ? at + 1 : missingCell(scan, at, column + 1);
    }
    at = endRow(scan, at);
    row++;
  }
  scan.at = at;
  scan.rows = row;
}

function notePlaces(scan: Scan, slot: number, end: number): void {
  const used = usedPlaces(scan.bytes, end, scan.cell[1] as number);
  if (used > (scan.places[slot] as number)) scan.places[slot] = used;
}

/** The rare cell: spaces, quotes, an exponent, very many digits, a word, or a mistake. */
function scanText(scan: Scan, start: number, column: number): number {
  const { bytes, cell } = scan;
  const end = cellEnd(bytes, start);
  const text = cellText(bytes, start, end);
  const { kind, name } = scan.layout.columns[column] as Column;
  if (kind === 'word') {
    cell[0] = text === '' ? 0 : text.charCodeAt(0);
    cell[1] = 0;
  } else if (!(kind === 'time' ? parseTime(text, cell) : parseNumber(text, cell))) {
    const expected = kind === 'time' ? `${TIME_EXPECTED} (${name})` : `a number (${name})`;
    const found = text === '' ? 'an empty cell' : shown(text);
    throw new DataError({ file: scan.name, line: lineAt(bytes, start), expected, found, fix: fixOf(text, kind, name) });
  }
  return end;
}

/**
 * The next line. Every row has as many cells as the first: one that was cut short has fewer, and two that run together,
 * or a comma between thousands, make more, with a last number that is none.
 */
function endRow(scan: Scan, end: number): number {
  const { bytes } = scan;
  let at = end;
  let surplus = 0;
  let isQuoted = false;
  for (let byte = bytes[at]; byte !== LF; byte = bytes[++at]) {
    if (byte === QUOTE) isQuoted = !isQuoted;
    else if (byte === COMMA && !isQuoted) surplus++;
  }
  if (surplus !== scan.surplus) {
    if (scan.surplus >= 0) throw unequalRow(scan, end, surplus);
    scan.surplus = surplus;
  }
  return at + 1;
}

function unequalRow({ name, bytes, layout, surplus }: Scan, at: number, found: number): DataError {
  const read = layout.columns.length;
  return new DataError({
    file: name,
    line: lineAt(bytes, at),
    expected: `${read + surplus} columns, as in the first row`,
    found: `${read + found}`,
    fix: found < surplus ? 'Give the whole row' : 'Give each row a line, and numbers without commas between thousands',
  });
}

function fixOf(text: string, kind: Kind, name: string): string {
  if (/[;\t|]/.test(text)) return 'Separate the columns with commas';
  if (kind === 'time') return timeFix(text);
  return text.startsWith('"') ? 'Give numbers without commas between thousands' : `Correct the ${name}`;
}

function missingCell(scan: Scan, at: number, column: number): never {
  const { columns } = scan.layout;
  const names = columns.map((each) => each.name).join(',');
  throw new DataError({
    file: scan.name,
    line: lineAt(scan.bytes, at),
    expected: `${columns.length} columns with commas between (${names})`,
    found: column === 1 ? 'one' : `${column}`,
    fix: `Give the missing ${(columns[column] as Column).name}`,
  });
}

/** Whether the line from here on holds nothing but spaces. */
export function isBlank(bytes: Uint8Array, start: number): boolean {
  let at = start;
  while (bytes[at] === SPACE || bytes[at] === 9 || bytes[at] === CR) at++;
  return bytes[at] === LF;
}

export function nextLine(bytes: Uint8Array, start: number): number {
  let at = start;
  while (bytes[at] !== LF) at++;
  return at + 1;
}

/** The number of the line, from 1, that holds the byte at `at`. */
export function lineAt(bytes: Uint8Array, at: number): number {
  let line = 1;
  for (let index = 0; index < at; index++) if (bytes[index] === LF) line++;
  return line;
}

/** The numbers of the lines that hold these rows (from 0, each once, rising) of the table. Read again only when something is to be refused. */
export function linesOfRows(bytes: Uint8Array, layout: Layout, rows: readonly number[]): readonly number[] {
  const lines: number[] = [];
  let line = lineAt(bytes, layout.rowsAt);
  let row = 0;
  for (let at = layout.rowsAt; lines.length < rows.length && at < bytes.length; at = nextLine(bytes, at), line++) {
    if (isBlank(bytes, at)) continue;
    if (row === rows[lines.length]) lines.push(line);
    row++;
  }
  return lines;
}

export const lineOfRow = (bytes: Uint8Array, layout: Layout, row: number): number =>
  linesOfRows(bytes, layout, [row])[0] as number;
