import type { AnyEntry } from '../domain/entry.ts';
import { jsonText } from './row.ts';

/** Entries as JSON lines, one a line with its line end: exact values as decimal text, instants in ms. */
export function* jsonLines(entries: Iterable<AnyEntry>): Generator<string> {
  for (const entry of entries) yield `${jsonText(entry)}\n`;
}

const HEADER = 'seq,epoch,run,account,kind,v,at,time,cause,body\n';

/** Entries as CSV (RFC 4180 with `\n`): `time` is `at` in ISO 8601 UTC, `body` is JSON. */
export function* csvLines(entries: Iterable<AnyEntry>): Generator<string> {
  yield HEADER;
  for (const { seq, epoch, run, account, kind, v, at, cause, body } of entries) {
    const time = new Date(at).toISOString();
    const cells = [seq, epoch, run, account, kind, v, at, time, cause, jsonText(body)];
    yield `${cells.map((cell) => csvCell(String(cell))).join(',')}\n`;
  }
}

const FORMULA = /^[=+\-@\t\r]/;
const NUMBER = /^[+-]?\d+(\.\d+)?([eE][+-]?\d+)?$/;
const SPECIAL = /[",\r\n]/;

/** A spreadsheet runs a cell that begins like a formula; an apostrophe makes it text. Plain numbers stay numbers. */
export function csvCell(value: string): string {
  const safe = FORMULA.test(value) && !NUMBER.test(value) ? `'${value}` : value;
  return SPECIAL.test(safe) ? `"${safe.replaceAll('"', '""')}"` : safe;
}
