import type { Fact, FactsBlock } from '../view.ts';
import { type Content, type ContentLine, listed } from './content.ts';
import { blanks, ink, inkCell, type Pen } from './pen.ts';
import { fitSpan, padSpans, type Spans, spaced, widthOfSpans, wrapSpan } from './spans.ts';

/** Blanks between cells of a fact, and between facts: where there is room, and where there is not. */
const LOOSE = { cell: 2, fact: 3 } as const;
const TIGHT = { cell: 1, fact: 2 } as const;
type Gaps = typeof LOOSE | typeof TIGHT;

/** A longer label has no column of its own. */
const LABEL_MAX = 18;

interface Inked {
  readonly label: Spans;
  readonly cells: Spans;
  readonly rank: number;
}

/** Facts in aligned columns; a line that is too long wraps between facts, and where lines are short facts leave by rank. */
export function factsContent(block: FactsBlock, width: number, pen: Pen): Content {
  const inked = block.lines.map((line) => line.map((fact) => inkFact(fact, pen)));
  const order = leavingOrder(inked);
  const without = (leaving: ReadonlySet<Inked>): ContentLine[] =>
    factLines(
      inked.map((line) => line.filter((fact) => !leaving.has(fact))),
      width,
      pen,
    ).map((spans) => ({ spans }));
  const body = without(new Set());
  const all = listed(block, body, 1, pen);
  const leasts = new Map<number, number>();
  return {
    ...all,
    least(rank) {
      const leaving = order.filter((fact) => fact.rank >= Math.max(1, rank));
      if (leaving.length === 0) return all.full;
      const known = leasts.get(leaving.length) ?? Math.min(all.full, Math.max(1, without(new Set(leaving)).length));
      leasts.set(leaving.length, known);
      return known;
    },
    lines(height) {
      if (height >= body.length || order.length === 0 || pen.scrolled[block.id] !== undefined) return all.lines(height);
      return listed(block, fewest(order, without, height), 1, pen).lines(height);
    },
  };
}

/** Facts that may leave: the highest rank first, of equals the last. */
const leavingOrder = (lines: readonly (readonly Inked[])[]): Inked[] =>
  lines
    .flat()
    .filter(({ rank }) => rank > 0)
    .reverse()
    .sort((a, b) => b.rank - a.rank);

/** So few facts leave that the rest has at most `height` lines; all that may, where that is not enough. */
function fewest(
  order: readonly Inked[],
  without: (leaving: ReadonlySet<Inked>) => ContentLine[],
  height: number,
): ContentLine[] {
  let low = 1;
  let high = order.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (without(new Set(order.slice(0, middle))).length <= height) high = middle;
    else low = middle + 1;
  }
  return without(new Set(order.slice(0, high)));
}

export function inkFact({ label, cells, rank = 0 }: Fact, pen: Pen): Inked {
  return {
    label: label === '' ? [] : [ink(pen, label, 'muted')],
    cells: cells.filter((cell) => cell.text !== '').map((cell) => inkCell(pen, cell)),
    rank,
  };
}

/** Lines of facts at one width. The first label of each line has a column, and so have the facts as far as they fit. */
export function factLines(lines: readonly (readonly Inked[])[], width: number, pen: Pen, isTight = false): Spans[] {
  const filled = lines.filter((line) => line.length > 0);
  const label = labelWidthOf(filled, width);
  const isRoomy = !isTight && filled.every((line) => widthOfLine(line, LOOSE, label) <= width);
  const gaps = isRoomy ? LOOSE : TIGHT;
  const fitting = filled.filter((line) => widthOfLine(line, gaps, label) <= width);
  const columns = columnsOf(fitting, gaps, label, width);
  return filled.flatMap((line) =>
    fitting.includes(line)
      ? [alignedLine(line, gaps, label, columns, pen)]
      : wrappedLines(line, gaps, label, width, pen),
  );
}

function labelWidthOf(lines: readonly (readonly Inked[])[], width: number): number {
  const widths = lines.map(([first]) => widthOfSpans(first?.label ?? [])).filter((label) => label > 0);
  if (widths.length < 2) return 0;
  return Math.max(0, ...widths.filter((label) => label <= Math.min(LABEL_MAX, width / 3)));
}

const widthOfCells = (cells: Spans, gap: number): number => widthOfSpans(cells) + gap * Math.max(0, cells.length - 1);

function widthOfFact({ label, cells }: Inked, gaps: Gaps, labelColumn: number): number {
  if (label.length === 0) return widthOfCells(cells, gaps.cell);
  const wide = Math.max(labelColumn, widthOfSpans(label));
  return cells.length === 0 ? wide : wide + gaps.cell + widthOfCells(cells, gaps.cell);
}

function widthOfLine(line: readonly Inked[], gaps: Gaps, labelColumn: number): number {
  let width = gaps.fact * (line.length - 1);
  line.forEach((fact, index) => {
    width += widthOfFact(fact, gaps, index === 0 ? labelColumn : 0);
  });
  return width;
}

/** Widths of as many leading facts as can stand in columns without any line getting too long. */
function columnsOf(lines: readonly (readonly Inked[])[], gaps: Gaps, label: number, width: number): number[] {
  const columns: number[] = [];
  const most = Math.max(0, ...lines.map((line) => line.length - 1));
  for (let index = 0; index < most; index++) {
    const reaching = lines.filter((line) => line.length > index + 1);
    const wide = Math.max(...reaching.map((line) => widthOfFact(line[index] as Inked, gaps, index === 0 ? label : 0)));
    const before = columns.reduce((sum, column) => sum + column + gaps.fact, 0);
    const fits = reaching.every(
      (line) => before + wide + gaps.fact + widthOfLine(line.slice(index + 1), gaps, 0) <= width,
    );
    if (!fits) break;
    columns.push(wide);
  }
  return columns;
}

function factSpans({ label, cells }: Inked, gaps: Gaps, labelColumn: number, pen: Pen): Spans {
  if (label.length === 0) return spaced(cells, gaps.cell);
  const padded = widthOfSpans(label) < labelColumn && cells.length > 0 ? padSpans(label, labelColumn, pen) : label;
  return cells.length === 0 ? label : [...padded, blanks(gaps.cell), ...spaced(cells, gaps.cell)];
}

function alignedLine(line: readonly Inked[], gaps: Gaps, label: number, columns: readonly number[], pen: Pen): Spans {
  return line.flatMap((fact, index) => {
    const spans = factSpans(fact, gaps, index === 0 ? label : 0, pen);
    if (index === line.length - 1) return spans;
    const wide = columns[index];
    return [...(wide === undefined ? spans : padSpans(spans, wide, pen)), blanks(gaps.fact)];
  });
}

/** Breaks between facts; a fact that is longer than a line breaks between its cells, a cell between its words. */
function wrappedLines(line: readonly Inked[], gaps: Gaps, label: number, width: number, pen: Pen): Spans[] {
  const lines: Spans[] = [];
  let open: Inked[] = [];
  const flush = (): void => {
    if (open.length > 0) lines.push(alignedLine(open, gaps, label, [], pen));
    open = [];
  };
  for (const fact of line) {
    if (open.length > 0 && widthOfLine([...open, fact], gaps, label) > width) flush();
    if (widthOfFact(fact, gaps, open.length === 0 ? label : 0) > width)
      lines.push(...brokenFact(fact, label, width, pen));
    else open.push(fact);
  }
  flush();
  return lines;
}

function brokenFact({ label, cells }: Inked, labelColumn: number, width: number, pen: Pen): Spans[] {
  const head = label.length === 0 ? [] : fitSpan(label[0] ?? blanks(0), width, pen);
  const indent = Math.min(labelColumn > 0 ? labelColumn + 1 : 2, Math.floor(width / 3));
  const lines: Spans[] = [];
  let open: Spans = head.length === 0 ? [] : padSpans(head, Math.max(labelColumn, widthOfSpans(head)), pen);
  for (const piece of cells.flatMap((cell) => wrapSpan(cell, width - indent, pen))) {
    const longer = open.length === 0 ? piece : [...open, blanks(1), ...piece];
    if (widthOfSpans(longer) <= width) open = longer;
    else {
      lines.push(open);
      open = [blanks(indent), ...piece];
    }
  }
  return open.length === 0 ? lines : [...lines, open];
}
