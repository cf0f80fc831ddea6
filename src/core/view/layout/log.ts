import type { LogBlock } from '../view.ts';
import { type Content, type ContentLine, listed, moreLine, type Scroll, whereOf, windowOf } from './content.ts';
import { blanks, ink, inkCell, type Pen } from './pen.ts';
import { clipSpans, padSpans, type Spans, widthOfSpans, wrapSpan } from './spans.ts';
import { pickable } from './table.ts';

const LINES_MIN = 3;
/** Columns before the message take no more than this share of a line, else they are not aligned. */
const ALIGNED_SHARE_MAX = 0.6;

/** Lines of one log, newest first: cells in columns, the message to the end of the line. */
export function logContent(block: LogBlock, width: number, pen: Pen): Content {
  if (block.lines.length === 0) {
    const empty = wrapSpan(ink(pen, block.empty, 'muted'), width, pen).map((spans): ContentLine => ({ spans }));
    return { ...listed(block, empty, 1, pen), grows: 'list' };
  }
  const picked = block.lines.findIndex(({ key }) => key === block.picked);
  const isEndless = block.height !== undefined;
  const scroll: Scroll = { block: block.id, total: block.lines.length, picked, isEndless };
  return {
    full: Math.min(block.height ?? block.lines.length, block.lines.length),
    most: block.lines.length,
    least: (rank) => Math.min(rank > block.rank ? (block.least ?? LINES_MIN) : LINES_MIN, block.lines.length),
    grows: 'list',
    lines(height) {
      const { from, to, more } = windowOf(scroll, height, pen);
      const seen = block.lines.slice(from, to).map(({ cells }) => cells.map((cell) => inkCell(pen, cell)));
      const columns = columnsOf(seen, width);
      const lines = seen.map((cells, index) =>
        pickable(
          clipSpans(inColumns(cells, columns, pen), width, pen),
          block.lines[from + index]?.key ?? '',
          block,
          pen,
        ),
      );
      return [...lines, ...(more > 0 ? [moreLine(more, pen)] : [])];
    },
    where: (height) => whereOf(scroll, height, pen),
  };
}

/** Widths of all cells but each line's last. */
function columnsOf(lines: readonly Spans[], width: number): readonly number[] {
  const columns: number[] = [];
  for (const cells of lines) {
    for (let index = 0; index < cells.length - 1; index++) {
      columns[index] = Math.max(columns[index] ?? 0, widthOfSpans(cells.slice(index, index + 1)));
    }
  }
  const all = columns.reduce((sum, column) => sum + column + 1, 0);
  return all <= width * ALIGNED_SHARE_MAX ? columns : [];
}

function inColumns(cells: Spans, columns: readonly number[], pen: Pen): Spans {
  return cells.flatMap((cell, index) => {
    if (index === cells.length - 1) return [cell];
    const column = columns[index];
    if (column === undefined) return cell.text === '' ? [] : [cell, blanks(1)];
    return column === 0 ? [] : [...padSpans([cell], column, pen), blanks(1)];
  });
}
