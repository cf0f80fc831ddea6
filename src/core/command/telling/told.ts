import { type AnyEntry, encode } from '../../domain/entry.ts';
import type { StreamedRow } from '../command.ts';
import type { Cell, Column, Tone } from '../outcome.ts';
import { lineOf } from './line.ts';
import { isoTime, time } from './words.ts';

/** What a person who watches a run wants to see pass by. */
const TRADES = new Set([
  'run_started',
  'run_ended',
  'warmed_up',
  'feed_gap',
  'feed_lost',
  'feed_stale',
  'feed_switched',
  'clock_stepped',
  'instrument_changed',
  'order_denied',
  'order_rejected',
  'order_unknown',
  'position_opened',
  'position_increased',
  'position_reduced',
  'position_flipped',
  'position_closed',
  'flip_incomplete',
  'liquidated',
  'stop_lost',
  'limit_reached',
  'trading_paused',
  'trading_resumed',
  'halted',
  'resumed_by_operator',
]);

/** Whether an entry is printed while a run goes on. */
export const isTold = (entry: AnyEntry, print: 'trades' | 'all' | 'none'): boolean =>
  print === 'all' || (print === 'trades' && TRADES.has(entry.kind));

/** The columns of `journal list`. */
export const ENTRY_COLUMNS: readonly Column[] = [
  { name: 'at', title: 'time (UTC)' },
  { name: 'seq', title: '#', align: 'right' },
  { name: 'run', title: 'run', align: 'right', rank: 2 },
  { name: 'kind', title: 'kind' },
  { name: 'text', title: 'what' },
];

/** An entry as the cells of these columns. */
export function entryCells(entry: AnyEntry): readonly Cell[] {
  const line = lineOf(entry);
  return [
    { value: isoTime(entry.at), text: time(entry.at) },
    { value: entry.seq, text: `${entry.seq}` },
    { value: entry.run, text: entry.run === 0 ? '' : `${entry.run}` },
    { value: entry.kind, text: entry.kind, tone: toneOf(entry) },
    { value: line, text: line },
  ];
}

/** An entry as plain data: exact values as decimal text. */
export const entryData = (entry: AnyEntry): unknown => JSON.parse(encode(entry));

/** A row of a stream: the columns have no head, so kinds stand in a width of their own. */
export function toldRow(entry: AnyEntry): StreamedRow {
  const cells = entryCells(entry).map((cell, i) => (i === 3 ? { ...cell, text: cell.text.padEnd(18) } : cell));
  return { cells, data: entryData(entry) };
}

const BAD = new Set([
  'order_denied',
  'order_rejected',
  'order_unknown',
  'stop_lost',
  'liquidated',
  'halted',
  'flip_incomplete',
]);

const WARN = new Set(['limit_reached', 'feed_gap', 'feed_lost', 'feed_stale', 'trading_paused']);

function toneOf(entry: AnyEntry): Tone {
  if (entry.kind === 'position_closed') return entry.body.pnl < 0n ? 'bad' : 'good';
  if (BAD.has(entry.kind)) return 'bad';
  return WARN.has(entry.kind) ? 'warn' : 'plain';
}
