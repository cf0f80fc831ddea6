import type { Column, Row, TableBlock } from '../view.ts';
import { type Content, type ContentLine, listed, moreLine, type Scroll, whereOf, windowOf } from './content.ts';
import { factLines } from './facts.ts';
import { ink, inkCell, type Pen } from './pen.ts';
import { inverse, padSpans, type Spans, spaced, widthOfSpans, wrapSpan } from './spans.ts';

/** A flexible column that is narrower tells nothing. */
const FLEXIBLE_MIN = 8;
/** Rows that the widths of columns are measured by, beside those in sight. */
const MEASURED_MAX = 200;
/** Rows that still make a table. */
const ROWS_MIN = 3;

interface Measured {
  readonly column: Column;
  /** Place of its cells in a row. */
  readonly index: number;
  readonly width: number;
}

interface Shape {
  readonly columns: readonly Measured[];
  readonly gap: number;
}

/** A table whose columns leave by rank until the rest fits; where not even those of rank 0 do, rows become facts. */
export function tableContent(block: TableBlock, width: number, pen: Pen): Content {
  if (block.rows.length === 0) {
    const lines = wrapSpan(ink(pen, block.empty, 'muted'), width, pen).map((spans) => ({ spans }));
    return listed(block, lines, 1, pen);
  }
  const wanted = Math.min(block.height ?? block.rows.length, block.rows.length);
  if (shapeOf(block, block.rows.slice(0, MEASURED_MAX), width, pen) === undefined) {
    return folded({ ...block, rows: block.rows.slice(0, wanted) }, width, pen);
  }
  const picked = block.rows.findIndex(({ key }) => key === block.picked);
  // From the rows that it wants on nobody counts what is beneath.
  const scrollAt = (height: number): Scroll => {
    const isEndless = block.height !== undefined && height > wanted;
    return { block: block.id, head: 1, total: block.rows.length, picked, isEndless };
  };
  return {
    full: 1 + wanted,
    most: 1 + block.rows.length,
    least: (rank) => 1 + Math.min(rank > block.rank ? (block.least ?? ROWS_MIN) : ROWS_MIN, block.rows.length),
    grows: 'list',
    lines(height) {
      const { from, to, more } = windowOf(scrollAt(height), height, pen);
      const seen = block.rows.slice(from, to);
      const shape = shapeOf(block, [...block.rows.slice(0, Math.min(from, MEASURED_MAX)), ...seen], width, pen);
      if (shape === undefined) return folded({ ...block, rows: seen }, width, pen).lines(height);
      const rows = seen.map((row) => rowLine(row, shape, block, pen));
      return [headLine(shape, pen), ...rows, ...(more > 0 ? [moreLine(more, pen)] : [])].slice(0, height);
    },
    where: (height) => whereOf(scrollAt(height), height, pen),
  };
}

/** The columns that fit, and their widths; undefined where those of rank 0 are too wide together. */
function shapeOf(block: TableBlock, rows: readonly Row[], width: number, pen: Pen): Shape | undefined {
  let columns = block.columns.map((column, index) => ({
    column,
    index,
    width: naturalWidth(column, index, rows, pen),
  }));
  for (;;) {
    const rank = Math.max(0, ...columns.map(({ column }) => column.rank ?? 0));
    const gap = GAPS.find(({ isWhole, gap }) => widthOfColumns(columns, isWhole, gap) <= width)?.gap;
    if (gap !== undefined) return { columns: flexed(columns, width - gap * (columns.length - 1)), gap };
    if (rank === 0) return undefined;
    const leaving = columns.findLastIndex(({ column }) => (column.rank ?? 0) === rank);
    columns = columns.filter((_, index) => index !== leaving);
  }
}

function naturalWidth(column: Column, index: number, rows: readonly Row[], pen: Pen): number {
  let width = widthOfSpans([ink(pen, column.title)]);
  for (const { cells } of rows) {
    const cell = cells[index];
    if (cell !== undefined) width = Math.max(width, widthOfSpans([inkCell(pen, cell)]));
  }
  return width;
}

/** What is tried before a column leaves: whole texts wide apart, then close, then flexible columns give. */
const GAPS = [
  { isWhole: true, gap: 2 },
  { isWhole: true, gap: 1 },
  { isWhole: false, gap: 2 },
  { isWhole: false, gap: 1 },
] as const;

function widthOfColumns(columns: readonly Measured[], isWhole: boolean, gap: number): number {
  return columns.reduce((sum, each) => sum + (isWhole ? each.width : leastWidth(each)), gap * (columns.length - 1));
}

const leastWidth = ({ column, width }: Measured): number =>
  column.isFlexible === true ? Math.min(width, FLEXIBLE_MIN) : width;

/** Flexible columns share the width that the others leave, the first ones first. */
function flexed(columns: readonly Measured[], width: number): Measured[] {
  let spare = width - columns.reduce((sum, each) => sum + leastWidth(each), 0);
  return columns.map((each) => {
    const least = leastWidth(each);
    const more = Math.min(spare, each.width - least);
    spare -= more;
    return { ...each, width: least + more };
  });
}

function headLine({ columns, gap }: Shape, pen: Pen): ContentLine {
  const titles = columns.map(({ column, width }) =>
    padSpans([ink(pen, column.title, 'muted', { isBold: true })], width, pen, column.align),
  );
  return { spans: joined(titles, gap) };
}

function rowLine(row: Row, { columns, gap }: Shape, block: TableBlock, pen: Pen): ContentLine {
  const cells = columns.map(({ column, index, width }) => {
    const cell = row.cells[index];
    return padSpans(cell === undefined ? [] : [inkCell(pen, cell)], width, pen, column.align);
  });
  return pickable(joined(cells, gap), row.key, block, pen);
}

/** A line that can be picked: marked where it is, inverse where its block has the focus, too. */
export function pickable(
  spans: Spans,
  key: string,
  { id, picked }: { readonly id: string; readonly picked?: string | undefined },
  pen: Pen,
): ContentLine {
  const isMarked = picked !== undefined && key === picked;
  return { spans: isMarked && pen.focus === id ? inverse(spans) : spans, key, isMarked };
}

function joined(cells: readonly Spans[], gap: number): Spans {
  return cells.flatMap((cell, index) =>
    index === 0 ? cell : [{ text: ' '.repeat(gap), tone: 'plain' as const }, ...cell],
  );
}

/** Each row as facts with the titles for labels. Nothing of rank 0 is lost, however narrow it is. */
function folded(block: TableBlock, width: number, pen: Pen): Content {
  const columns = block.columns
    .map((column, index) => ({ column, index }))
    .filter(({ column }) => (column.rank ?? 0) === 0);
  const lines = block.rows.flatMap((row) => {
    const facts = columns.flatMap(({ column, index }) => {
      const cell = row.cells[index];
      if (cell === undefined || cell.text === '') return [];
      const label = column.title === '' ? [] : [ink(pen, column.title, 'muted')];
      return [{ label, cells: spaced([inkCell(pen, cell)], 1), rank: 0 }];
    });
    return factLines([facts], width, pen).map((spans) => pickable(spans, row.key, block, pen));
  });
  return { ...listed(block, lines, ROWS_MIN, pen), grows: 'list' };
}
