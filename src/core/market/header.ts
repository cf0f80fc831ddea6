import { COMMA, CR, cellText, LF } from './cell.ts';
import { DataError, shown } from './data-error.ts';
import { type Column, isBlank, type Kind, lineAt, nextLine, noRows } from './table.ts';

/** The first line of a table that is not blank. `names` are its columns, lower case, where it is a header. */
export interface Opening {
  readonly names: readonly string[] | undefined;
  readonly cells: readonly string[];
  readonly line: number;
  /** The byte at which the first row begins. */
  readonly rowsAt: number;
}

/** What a file seems to hold. */
export type Content = 'candles' | 'trades' | 'funding rates' | 'quotes' | 'JSON' | 'unknown';

const BYTE_ORDER_MARK = [0xef, 0xbb, 0xbf];

/**
 * Reads the first line and tells a header from a row by its first character: of the second column, where the first has no
 * name, as an index has none.
 * @throws {DataError} where there is no row, or no line ends.
 */
export function readOpening(bytes: Uint8Array, name: string): Opening {
  const start = firstLine(bytes, BYTE_ORDER_MARK.every((byte, index) => bytes[index] === byte) ? 3 : 0);
  if (start === bytes.length) throw noRows(name);
  const next = nextLine(bytes, start);
  const cells = splitLine(bytes, start, next - 1);
  const line = lineAt(bytes, start);
  if (hasReturnInside(bytes, start, next)) throw returnsAlone(name, line);
  const first = cells.find((cell) => cell !== '') ?? '';
  if (/^[-+.]?\d|^$/.test(first)) return { names: undefined, cells, line, rowsAt: start };
  const names = cells.map((cell) => cell.toLowerCase().replaceAll(/[^a-z0-9]+/g, '_'));
  return { names, cells, line, rowsAt: next };
}

function firstLine(bytes: Uint8Array, from: number): number {
  let at = from;
  while (at < bytes.length && isBlank(bytes, at)) at = nextLine(bytes, at);
  return at;
}

/** Whether something stands behind a carriage return: lines that end in it alone would all be taken for one. */
function hasReturnInside(bytes: Uint8Array, start: number, end: number): boolean {
  const at = bytes.subarray(start, end).indexOf(CR);
  return at >= 0 && !isBlank(bytes, start + at);
}

function returnsAlone(file: string, line: number): DataError {
  const expected = 'lines that end in a line feed';
  const fix = 'Save it with the line ends of Unix or Windows';
  return new DataError({ file, line, expected, found: 'a carriage return alone', fix });
}

function splitLine(bytes: Uint8Array, start: number, end: number): readonly string[] {
  const cells: string[] = [];
  let from = start;
  for (let at = start; at <= end; at++) {
    if (bytes[at] !== COMMA && bytes[at] !== LF) continue;
    cells.push(cellText(bytes, from, at));
    from = at + 1;
  }
  return cells;
}

/** What a file holds, as far as its first line tells. */
export function contentOf({ names, cells }: Opening): Content {
  if (/[{[]/.test(cells.join())) return 'JSON';
  if (names === undefined) return isTrade(cells) ? 'trades' : 'unknown';
  if (names.includes('open')) return 'candles';
  if (names.some((each) => each.includes('funding'))) return 'funding rates';
  if (names.some((each) => /^(bid|ask)(_|$)/.test(each))) return 'quotes';
  const isSized = names.some((each) => /^(qty|quantity|amount|size)$/.test(each));
  return isSized && names.includes('price') ? 'trades' : 'unknown';
}

/** Time, price and quantity, or a row that says who was the maker: nothing else has three cells, or truth in one. */
const isTrade = (cells: readonly string[]): boolean =>
  cells.length === 3 || cells.some((cell) => /^(true|false)$/i.test(cell));

/** @throws {DataError} where the file holds something else than what is asked for. */
export function expectContent(opening: Opening, wanted: Content, name: string): void {
  const found = contentOf(opening);
  if (found === wanted || found === 'unknown') return;
  throw new DataError({
    file: name,
    line: opening.line,
    expected: wanted,
    found: `${found} (${shown(opening.cells.join())})`,
    fix: `Give a file of ${wanted}`,
  });
}

/** A column that is wanted: what it is called here, what it may be called in files (best first), what it holds. */
export interface Wanted {
  readonly name: string;
  readonly aliases: readonly string[];
  readonly kind: Kind;
  readonly isOptional?: boolean;
}

/** Which column of the file holds each wanted one; -1 where an optional one is absent. */
export interface Placement {
  readonly columns: readonly Column[];
  /** For each wanted column its place among the columns that are read, or -1. */
  readonly slots: readonly number[];
}

/**
 * Finds the wanted columns by their names in the header.
 * @throws {DataError} where one is missing, or more than one may be meant.
 */
export function placeByNames(opening: Opening, wanted: readonly Wanted[], name: string): Placement {
  const names = opening.names ?? [];
  const places = wanted.map((column) => {
    const [place, ...others] = find(names, column.aliases);
    if (place === undefined && column.isOptional === true) return -1;
    if (place !== undefined && others.length === 0) return place;
    const called = `column ${column.aliases[0]}`;
    throw new DataError({
      file: name,
      line: opening.line,
      expected: `${place === undefined ? 'a' : 'one'} ${called}${isVolume(column.aliases) ? ', in the base asset' : ''}`,
      found: shown(opening.cells.join()),
      fix:
        place === undefined
          ? missingFix(opening, called)
          : `Name the one that is meant ${column.aliases[0]}, and no other one`,
    });
  });
  return place(wanted, places);
}

function missingFix({ cells: [only = '', ...others] }: Opening, called: string): string {
  if (others.length > 0) return `Name one ${called}, or give the columns without a header`;
  return /[;\t|]/.test(only) ? 'Separate the columns with commas' : 'Remove what stands before the header';
}

/** Where names stand that may be meant: exact ones first; then, for `volume`, those that begin with it (`volume_btc`). */
function find(names: readonly string[], aliases: readonly string[]): readonly number[] {
  const placesOf = (is: (each: string) => boolean): number[] => names.flatMap((each, at) => (is(each) ? [at] : []));
  const exact = aliases.find((alias) => names.includes(alias));
  if (exact !== undefined) return placesOf((each) => each === exact);
  return isVolume(aliases) ? placesOf((each) => each.startsWith('volume_') && !OF_QUOTE.test(each)) : [];
}

const isVolume = (aliases: readonly string[]): boolean => aliases[0] === 'volume';

/** `Volume USDT` is turnover in the quote asset: its column stands before or behind that of the base, as the source likes. */
const OF_QUOTE = /_(quote|currency|usdt?|usdc|busd|fdusd|tusd|dai|eur|gbp|jpy|krw|try|brl|aud)(_|$)/;

/** Lays wanted columns on given places of the file (from 0; -1 for absent). */
export function place(wanted: readonly Wanted[], places: readonly number[]): Placement {
  const columns: Column[] = [];
  const slots = places.map(() => -1);
  for (let at = 0, slot = 0; at <= Math.max(...places); at++) {
    const index = places.indexOf(at);
    const column = wanted[index];
    columns.push(
      column === undefined ? { name: `column ${at + 1}`, kind: 'skip' } : { name: column.name, kind: column.kind },
    );
    if (column !== undefined) slots[index] = slot++;
  }
  return { columns, slots };
}
