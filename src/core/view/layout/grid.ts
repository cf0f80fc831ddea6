import type { Cell, FactsBlock } from '../view.ts';
import { type Content, type ContentLine, listed } from './content.ts';
import { blanks, ink, inkCell, type Pen } from './pen.ts';
import { padSpans, type Spans, spaced, widthOfSpans } from './spans.ts';

const LINES_MIN = 4;
const GAP = 3;
const COLUMNS_MAX = 8;

interface Column {
  readonly label: number;
  readonly value: number;
}

/** Facts as a grid: labels at the left of their column, values at its right, filled line by line. */
export function gridContent(block: FactsBlock, width: number, pen: Pen): Content {
  const pairs = block.lines.flat().map(
    ({ label, cells }): Pair => ({
      label: [ink(pen, label, 'muted')],
      value: valueSpans(cells, pen),
    }),
  );
  const columns = columnsFor(pairs, width);
  const body = Array.from({ length: Math.ceil(pairs.length / columns.length) }, (_, row): ContentLine => {
    const cells = columns.flatMap(({ label, value }, index): Spans[] => {
      const pair = pairs[row * columns.length + index];
      if (pair === undefined) return [];
      return [[...padSpans(pair.label, label, pen), blanks(1), ...padSpans(pair.value, value, pen, 'right')]];
    });
    return { spans: joined(cells) };
  });
  return { ...listed(block, body, LINES_MIN, pen), grows: 'list' };
}

interface Pair {
  readonly label: Spans;
  readonly value: Spans;
}

/** As many columns as fit; a single one gives its labels what the values leave. */
function columnsFor(pairs: readonly Pair[], width: number): readonly Column[] {
  for (let count = COLUMNS_MAX; count > 1; count--) {
    const columns = Array.from({ length: count }, (_, index) => columnOf(pairs, index, count));
    const total = columns.reduce((sum, { label, value }) => sum + label + 1 + value, GAP * (count - 1));
    if (total <= width) return columns;
  }
  const { label, value } = columnOf(pairs, 0, 1);
  return [{ label: Math.max(1, Math.min(label, width - value - 1)), value: Math.min(value, Math.max(0, width - 2)) }];
}

function columnOf(pairs: readonly Pair[], index: number, count: number): Column {
  const own = pairs.filter((_, at) => at % count === index);
  return {
    label: Math.max(0, ...own.map(({ label }) => widthOfSpans(label))),
    value: Math.max(0, ...own.map(({ value }) => widthOfSpans(value))),
  };
}

const valueSpans = (cells: readonly Cell[], pen: Pen): Spans =>
  spaced(
    cells.map((cell) => inkCell(pen, cell)),
    1,
  );

const joined = (cells: readonly Spans[]): Spans =>
  cells.flatMap((spans, index) => (index === 0 ? spans : [blanks(GAP), ...spans]));
