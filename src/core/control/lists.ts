import { encode } from '../domain/entry.ts';
import type { CandleRow } from '../domain/frame.ts';
import type { ClosedTrade, EquityMark, Scene } from '../view/scene.ts';

/** The end of a list: what stands from `from` on is replaced by `rows`, what stands before `first` goes. */
export interface Tail<Row> {
  readonly first: number;
  readonly from: number;
  readonly rows: readonly Row[];
}

export type EquityRow = EquityMark;

/** The lists of a scene that grow at their end. */
export interface Lists {
  readonly candles?: Readonly<Record<string, Tail<CandleRow>>>;
  readonly trades?: Tail<ClosedTrade>;
  readonly equity?: Readonly<Record<string, Tail<EquityRow>>>;
}

export type Row = CandleRow | ClosedTrade | EquityRow;

/** Where a row stands: its seq, its open time or its instant. */
const keyOf = (row: Row): number => ('seq' in row ? row.seq : row[0]);

/** A list after a tail came: a new one, the old one is not touched. */
export function withTail<T extends Row>(old: readonly T[], tail: Tail<T>): readonly T[] {
  const kept = old.filter((row) => keyOf(row) >= tail.first && keyOf(row) < tail.from);
  return kept.concat(tail.rows);
}

/** Rows of one message: each message stays far below what a client takes. */
const ROWS_MAX = { candles: 20_000, trades: 2_000, equity: 20_000 } as const;
type ListName = keyof typeof ROWS_MAX;

/** All lists of a scene as params of messages, in pieces that follow each other. */
export function* wholeLists(scene: Scene): Generator<string> {
  for (const [list, name, rows] of listsOf(scene)) yield* pieces(list, name, rows, 0);
}

function* listsOf(scene: Scene): Generator<[list: ListName, name: string | undefined, rows: readonly Row[]]> {
  for (const [symbol, rows] of Object.entries(scene.candles)) yield ['candles', symbol, rows];
  yield ['trades', undefined, scene.trades];
  for (const [account, rows] of Object.entries(scene.equity)) yield ['equity', account, rows];
}

/** Pieces never part rows of one key: the second would take the place of the first. */
function* pieces(list: ListName, name: string | undefined, rows: readonly Row[], start: number): Generator<string> {
  const first = rows[0] === undefined ? 0 : keyOf(rows[0]);
  let i = start;
  do {
    let end = Math.min(rows.length, i + ROWS_MAX[list]);
    while (end < rows.length && end > i + 1 && isOneKey(rows, end)) end--;
    const from = rows[i] === undefined ? first : keyOf(rows[i] as Row);
    const tail = encode({ first, from, rows: rows.slice(i, end) });
    yield name === undefined ? `{"${list}":${tail}}` : `{"${list}":{${JSON.stringify(name)}:${tail}}}`;
    i = end;
  } while (i < rows.length);
}

const isOneKey = (rows: readonly Row[], i: number): boolean => keyOf(rows[i - 1] as Row) === keyOf(rows[i] as Row);

/** The first index whose row stands at `from` or after it; most often that is near the end. */
function indexFrom(rows: readonly Row[], from: number): number {
  let i = rows.length;
  while (i > 0 && keyOf(rows[i - 1] as Row) >= from) i--;
  return i;
}

/** How far a list was told. */
interface Known {
  readonly first: number;
  readonly last: number;
  /** Of the last row: an equity mark may be replaced. */
  readonly text: string;
}

/** Remembers how far the lists of a scene were told, and tells what came since. */
export class ListTeller {
  #known = new Map<string, Known>();

  /** Takes the lists as they are for told. */
  adopt(scene: Scene): void {
    for (const _each of this.news(scene));
  }

  /** Params of messages with what came since the last call. */
  *news(scene: Scene): Generator<string> {
    for (const [list, name, rows] of listsOf(scene)) {
      const key = `${list} ${name ?? ''}`;
      const before = this.#known.get(key);
      const now = endsOf(rows);
      if (before?.first === now.first && before.last === now.last && before.text === now.text) continue;
      this.#known.set(key, now);
      yield* pieces(list, name, rows, before === undefined ? 0 : startAfter(rows, before));
    }
  }
}

/** The last row that is known stands again at the beginning of what is new; a list that does not hold it is told anew. */
function startAfter(rows: readonly Row[], before: Known): number {
  const start = indexFrom(rows, before.last);
  const row = rows[start];
  return row !== undefined && keyOf(row) === before.last && keyOf(rows[0] as Row) >= before.first ? start : 0;
}

/** An empty list has told nothing, from nowhere. */
function endsOf(rows: readonly Row[]): Known {
  const first = rows[0];
  const last = rows.at(-1);
  if (first === undefined || last === undefined) return { first: 0, last: 0, text: '' };
  return { first: keyOf(first), last: keyOf(last), text: 'seq' in last ? '' : String(last) };
}
