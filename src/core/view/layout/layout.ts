import type { Block, Line, View } from '../view.ts';
import { type Band, bandsOf, createPanes, PAIRED_FROM } from './bands.ts';
import { boxedLines, lineOf, ruledLines } from './frame.ts';
import { bandFull, bandHeights, bandLeast } from './heights.ts';
import { createPen, type Pen, type Size } from './pen.ts';
import { clipSpans } from './spans.ts';
import { keyLine, statusLines } from './status.ts';

export type { Size } from './pen.ts';

/** Narrower than this no text is told from another; it is laid out for this width and cut. */
const COLUMNS_MIN = 8;

interface Frame {
  readonly columns: number;
  readonly isBoxed: boolean;
  readonly keeps: string | undefined;
  readonly pen: Pen;
}

/**
 * A view as lines for one size: the status line, panes, the key line. From 120 columns on panes stand beside each other,
 * from 80 on they are boxed, below there are rules between them. With `rows` there are exactly so many lines: charts,
 * tables and logs of high rank shrink first, then text, then blocks leave, and what is left grows to fill it. Without,
 * everything is there in full. Texts are made harmless; no line is wider than `columns`; a number is whole or absent.
 */
export function layout(view: View, size: Size): Line[] {
  const columns = Math.max(1, Math.floor(size.columns));
  const pen = createPen(size);
  const frame = {
    columns: Math.max(COLUMNS_MIN, columns),
    isBoxed: columns >= PAIRED_FROM && size.isFlat !== true,
    keeps: size.keeps,
    pen,
  };
  const lines = withStatus(view, size, frame);
  const narrowed =
    columns < COLUMNS_MIN ? lines.map(({ spans }) => ({ spans: clipSpans(spans, columns, pen) })) : lines;
  return size.rows === undefined ? narrowed : exactly(narrowed, Math.max(0, Math.floor(size.rows)));
}

const exactly = (lines: readonly Line[], rows: number): Line[] =>
  Array.from({ length: rows }, (_, row) => lines[row] ?? { spans: [] });

function withStatus(view: View, size: Size, frame: Frame): Line[] {
  if (size.isBare === true) return panes(view.blocks, size.rows, frame);
  const { columns, pen } = frame;
  const status = statusLines(view, columns, size.rows === undefined, pen).map((spans) => lineOf(spans, []));
  const keys = columns >= PAIRED_FROM ? keyLine(view, columns, pen) : undefined;
  const bottom = keys === undefined || keys.targets.length === 0 ? [] : [lineOf(keys.spans, keys.targets)];
  if (size.rows === undefined) return [...status, ...panes(view.blocks, undefined, frame), ...bottom];
  const rows = Math.max(0, Math.floor(size.rows) - status.length - bottom.length);
  return [...status, ...exactly(panes(view.blocks, rows, frame), rows), ...bottom];
}

function panes(blocks: readonly Block[], rows: number | undefined, frame: Frame): Line[] {
  const bands =
    rows === undefined
      ? bandsOf(blocks, frame.columns, frame.isBoxed, createPanes(frame.pen)(0))
      : fittingBands(blocks, rows, frame);
  const room = rows === undefined ? bands.reduce((sum, band) => sum + bandFull(band), 0) : rows - rulesOf(bands, frame);
  const heights = bandHeights(bands, room).map((height) =>
    bands.length > 1 ? height : Math.min(height, Math.max(0, room)),
  );
  const draw = frame.isBoxed ? boxedLines : ruledLines;
  return draw(bands, heights, frame.columns, frame.pen);
}

/** Lines that are no text: one above each band, and with boxes one beneath the last. */
const rulesOf = (bands: readonly Band[], { isBoxed }: Frame): number =>
  bands.length === 0 ? 0 : bands.length + (isBoxed ? 1 : 0);

/**
 * From the highest rank down: charts, tables and logs shrink, facts of that rank leave, then blocks of that rank, of equals
 * the last, until the rest fits. The first block never leaves.
 */
function fittingBands(blocks: readonly Block[], rows: number, frame: Frame): Band[] {
  const panesOf = createPanes(frame.pen);
  let kept = blocks;
  for (let rank = rankMax(blocks); ; rank--) {
    for (;;) {
      const bands = bandsOf(kept, frame.columns, frame.isBoxed, panesOf(rank));
      const least = bands.reduce((sum, band) => sum + bandLeast(band), rulesOf(bands, frame));
      const leaving = kept.findLastIndex(({ rank: own, id }) => own >= rank && id !== frame.keeps);
      if (least <= rows || (rank <= 0 && kept.length <= 1)) return bands;
      if (leaving === -1 || kept.length <= 1) break;
      kept = kept.filter((_, index) => index !== leaving);
    }
  }
}

/** The highest rank of a block, or of a fact in it. */
function rankMax(blocks: readonly Block[]): number {
  const ranks = blocks.map((block) =>
    block.kind === 'facts' ? Math.max(block.rank, ...block.lines.flat().map(({ rank = 0 }) => rank)) : block.rank,
  );
  return Math.max(0, ...ranks);
}
