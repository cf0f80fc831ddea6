import { COLUMNS } from './row.ts';

/** A query whose times, symbol and limit are resolved to seqs and runs. `undefined` asks for all. */
export interface Bounds {
  readonly fromSeq: number;
  readonly toSeq: number;
  readonly kinds: readonly string[] | undefined;
  readonly runs: readonly number[] | undefined;
  readonly newest: boolean;
  readonly limit: number;
}

export interface Select {
  readonly sql: string;
  readonly values: readonly (string | number)[];
}

/** Each value is an index scan of its own; SQLite merges them by seq and stops at the limit. Past this, it reads on by seq. */
const ARMS_MAX = 8;

/** The statement for one page of rows, in the order of their seq, or against it for `newest`. */
export function select(bounds: Bounds): Select {
  const { kinds, runs } = bounds;
  if (isFew(kinds)) return merge(bounds, 'kind', kinds, among('run', runs));
  if (isFew(runs)) return merge(bounds, 'run', runs, among('kind', kinds));
  const filters = [among('kind', kinds), among('run', runs)];
  const sql = `SELECT ${COLUMNS} FROM entry WHERE seq BETWEEN ? AND ?${filters.map((filter) => filter.sql).join('')}`;
  return ordered(bounds, sql, [bounds.fromSeq, bounds.toSeq, ...filters.flatMap((filter) => filter.values)]);
}

const isFew = <T>(values: readonly T[] | undefined): values is readonly T[] =>
  values !== undefined && values.length > 0 && values.length <= ARMS_MAX;

/** A filter that must not choose the index: hence the `+`. */
function among(column: 'kind' | 'run', values: readonly (string | number)[] | undefined): Select {
  if (values === undefined) return { sql: '', values: [] };
  return { sql: ` AND +${column} IN (${values.map(() => '?').join(', ')})`, values };
}

function merge(bounds: Bounds, column: 'kind' | 'run', values: readonly (string | number)[], filter: Select): Select {
  const arm =
    `SELECT ${COLUMNS} FROM entry INDEXED BY entry_${column} ` +
    `WHERE ${column} = ? AND seq BETWEEN ? AND ?${filter.sql}`;
  const distinct = [...new Set(values)];
  const sql = distinct.map(() => arm).join(' UNION ALL ');
  return ordered(
    bounds,
    sql,
    distinct.flatMap((value) => [value, bounds.fromSeq, bounds.toSeq, ...filter.values]),
  );
}

function ordered({ newest, limit }: Bounds, sql: string, values: readonly (string | number)[]): Select {
  return { sql: `${sql} ORDER BY seq ${newest ? 'DESC' : 'ASC'} LIMIT ?`, values: [...values, limit] };
}
