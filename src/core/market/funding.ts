import { type Rate, rate } from '../base/decimal.ts';
import { cellText, LF, parseTime, TIME_EXPECTED, timeFix } from './cell.ts';
import { DataError, shown } from './data-error.ts';
import { expectContent, place, placeByNames, readOpening, type Wanted } from './header.ts';
import { isBlank, lineAt, nextLine, noRows } from './table.ts';
import { readTextFile, unpack } from './text-file.ts';

/** Funding rates of one symbol, in the order of their instants (ms UTC). A rate is exact: 0.01 % is `0.0001`. */
export interface FundingRates {
  readonly length: number;
  readonly at: Float64Array;
  /** As decimal text, as the file has it. */
  readonly rate: readonly string[];
}

/** Those of a file; `sha256` is that of the file as it lies on disk. */
export interface FundingFile extends FundingRates {
  sha256(): string;
}

const COLUMNS: readonly Wanted[] = [
  { name: 'time', aliases: ['timestamp_ms', 'calc_time', 'funding_time', 'timestamp', 'time'], kind: 'time' },
  { name: 'rate', aliases: ['funding_rate', 'last_funding_rate', 'rate'], kind: 'number' },
];

/**
 * Reads funding rates from a CSV or CSV.gz file: `timestamp_ms,funding_rate`, or Binance's public files.
 * @throws {DataError} where instants are out of order or twice, or a rate is no decimal.
 */
export async function readFunding(path: string, signal?: AbortSignal): Promise<FundingFile> {
  const { bytes, sha256 } = await readTextFile(path, signal);
  return { ...parseFunding(bytes, path), sha256 };
}

/** `readFunding` of bytes already in memory (plain or gzip); `name` is for messages. A row a payment: speed is no aim. */
export function parseFunding(raw: Uint8Array, name: string): FundingRates {
  const bytes = unpack(raw, name);
  const opening = readOpening(bytes, name);
  expectContent(opening, 'funding rates', name);
  const { columns } = opening.names === undefined ? place(COLUMNS, [0, 1]) : placeByNames(opening, COLUMNS, name);
  const [timeAt, rateAt] = COLUMNS.map((wanted) => columns.findIndex((column) => column.name === wanted.name)) as [
    number,
    number,
  ];
  const at: number[] = [];
  const rates: string[] = [];
  for (let from = opening.rowsAt; from < bytes.length; from = nextLine(bytes, from)) {
    if (isBlank(bytes, from)) continue;
    const cells = cellText(bytes, from, bytes.indexOf(LF, from)).split(',');
    const refuse = refuser(name, bytes, from);
    at.push(readInstant(cells[timeAt] ?? '', at.at(-1), refuse));
    rates.push(readRate(cells[rateAt] ?? '', refuse));
  }
  if (at.length === 0) throw noRows(name);
  return { length: at.length, at: Float64Array.from(at), rate: rates };
}

type Refuse = (expected: string, found: string, fix: string) => never;

const refuser =
  (file: string, bytes: Uint8Array, at: number): Refuse =>
  (expected, found, fix) => {
    throw new DataError({ file, line: lineAt(bytes, at), expected, found, fix });
  };

function readInstant(text: string, before: number | undefined, refuse: Refuse): number {
  const cell = new Float64Array(2);
  if (!parseTime(text.trim(), cell)) return refuse(TIME_EXPECTED, shown(text), timeFix(text));
  const at = cell[0] as number;
  if (before === undefined || at > before) return at;
  return refuse('times that rise', `${at} after ${before}`, 'Sort the rows by time and remove repeated ones');
}

/** The text itself, when it is an exact rate. */
function readRate(text: string, refuse: Refuse): string {
  const trimmed = text.trim();
  try {
    const exact: Rate = rate(trimmed);
    return exact < LIMIT && exact > -LIMIT
      ? trimmed
      : refuse('a rate between -1 and 1', shown(text), 'Give a plain ratio');
  } catch (error) {
    if (error instanceof DataError) throw error;
    return refuse(
      'a decimal funding rate such as 0.0001',
      text === '' ? 'an empty cell' : shown(text),
      'Correct the rate',
    );
  }
}

const LIMIT = rate('1');
