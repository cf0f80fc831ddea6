import type { Fact, FactsBlock } from '../view.ts';
import { type Content, type ContentLine, listed } from './content.ts';
import { gridContent } from './grid.ts';
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

/** Facts of a block, arranged; so many of them may leave. */
interface Arranged {
  /** The highest rank leaves first, of equals the last. */
  readonly leaving: readonly Inked[];
  /** Without the first so many that may leave. */
  without(count: number): readonly ContentLine[];
}

/**
 * Facts in aligned columns; a line that is too long wraps between facts. Where lines are short facts leave by rank, and
 * once those of the ranks down to the block's own are gone the packed lines stand in.
 */
export function factsContent(block: FactsBlock, width: number, pen: Pen): Content {
  if (block.isGrid === true) return gridContent(block, width, pen);
  const inWhole = arranged(block.lines, width, pen, false);
  const packed = block.packed === undefined ? undefined : arranged(block.packed, width, pen, true);
  const body = inWhole.without(0);
  const all = listed(block, body, 1, pen);
  return {
    ...all,
    least(rank) {
      const most = leastOf(inWhole, rank);
      return packed === undefined || rank > PACKED_FROM ? most : Math.min(most, leastOf(packed, rank));
    },
    lines(height) {
      if (height >= body.length || pen.scrolled[block.id] !== undefined) return all.lines(height);
      const count = fewest(inWhole, height);
      const isPacked = packed !== undefined && (!isSlight(inWhole, count) || inWhole.without(count).length > height);
      const lines = isPacked ? packed.without(fewest(packed, height)) : inWhole.without(count);
      return listed(block, lines, 1, pen).lines(height);
    },
  };
}

/** Facts from this rank on leave before lines are packed. */
const PACKED_FROM = 4;

function arranged(given: FactsBlock['lines'], width: number, pen: Pen, isTight: boolean): Arranged {
  const inked = given.map((line) => line.map((fact) => inkFact(fact, pen)));
  const leaving = inked
    .flat()
    .filter(({ rank }) => rank > 0)
    .reverse()
    .sort((a, b) => b.rank - a.rank);
  const drawn = new Map<number, readonly ContentLine[]>();
  return {
    leaving,
    without(count) {
      const gone = new Set(leaving.slice(0, count));
      const lines =
        drawn.get(count) ??
        factLines(
          inked.map((line) => line.filter((fact) => !gone.has(fact))),
          width,
          pen,
          isTight,
        ).map((spans) => ({ spans }));
      drawn.set(count, lines);
      return lines;
    },
  };
}

function leastOf({ leaving, without }: Arranged, rank: number): number {
  const full = without(0).length;
  const count = leaving.filter((fact) => fact.rank >= Math.max(1, rank)).length;
  return count === 0 ? full : Math.min(full, Math.max(1, without(count).length));
}

/** How many facts leave, so that the rest has at most `height` lines; all that may, where that is not enough. */
function fewest({ leaving, without }: Arranged, height: number): number {
  let low = 0;
  let high = leaving.length;
  while (low < high) {
    const middle = Math.floor((low + high) / 2);
    if (without(middle).length <= height) high = middle;
    else low = middle + 1;
  }
  return high;
}

/** Whether nothing of weight leaves with the first `count` facts. */
const isSlight = ({ leaving }: Arranged, count: number): boolean =>
  count === 0 || (leaving[count - 1]?.rank ?? 0) >= PACKED_FROM;

export function inkFact({ label, cells, rank = 0 }: Fact, pen: Pen): Inked {
  return {
    label: label === '' ? [] : [ink(pen, label, 'muted')],
    cells: cells.filter((cell) => cell.text !== '').map((cell) => inkCell(pen, cell)),
    rank,
  };
}

/**
 * Lines of facts at one width. The first label of each line has a column, unless they are tight, and so have the facts as
 * far as they fit.
 */
export function factLines(lines: readonly (readonly Inked[])[], width: number, pen: Pen, isTight = false): Spans[] {
  const filled = lines.filter((line) => line.length > 0);
  const label = isTight ? 0 : labelWidthOf(filled, width);
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
