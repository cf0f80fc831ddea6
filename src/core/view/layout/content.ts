import { words } from '../language.ts';
import type { Block } from '../view.ts';
import * as layoutWords from '../words/layout.ts';
import { ink, type Pen } from './pen.ts';
import type { Spans } from './spans.ts';

/** A line of a block without its frame. */
export interface ContentLine {
  readonly spans: Spans;
  /** The row that a click on it picks. */
  readonly key?: string | undefined;
  /** The row that is picked. */
  readonly isMarked?: boolean | undefined;
}

/** A block at one width: how many lines it would have, and how it looks in fewer or more. */
export interface Content {
  /** Lines in full. */
  readonly full: number;
  /** Lines of all that there is, where that is more than it wants. */
  readonly most?: number;
  /** The fewest that still tell something, where what has this rank or a higher one may leave. */
  least(rank: number): number;
  /** What it does with lines to spare: a chart is drawn larger, a list leaves them blank. */
  readonly grows: 'chart' | 'list' | 'no';
  /** At most `height` lines. */
  lines(height: number): readonly ContentLine[];
  /** `4-12/40` where it is scrolled, else empty. */
  where(height: number): string;
}

interface Window {
  readonly from: number;
  readonly to: number;
  /** Lines beneath. */
  readonly more: number;
}

/** Lines of a block that may be scrolled: a head that stays, and a body of which a part is seen. */
export interface Scroll {
  readonly block: string;
  readonly head?: number | undefined;
  readonly total: number;
  /** Line of the body that stays in sight while the block has the focus. */
  readonly picked?: number | undefined;
  /** Nobody counts what is beneath: the rest stands on another screen. */
  readonly isEndless?: boolean | undefined;
}

/** The part of the body that is seen in `height` lines; with more beneath, the last line says how many. */
export function windowOf(
  { block, head = 0, total, picked = -1, isEndless = false }: Scroll,
  height: number,
  pen: Pen,
): Window {
  const room = Math.max(0, height - head);
  if (total <= room) return { from: 0, to: total, more: 0 };
  const last = Math.max(0, total - room);
  let from = Math.min(Math.max(0, Math.floor(pen.scrolled[block] ?? 0)), last);
  if (picked >= 0 && pen.focus === block) {
    from = Math.min(from, picked);
    const hidden = isEndless ? 1 : 2;
    if (picked > from + room - hidden) from = Math.min(last, picked - room + hidden);
  }
  if (from >= last || room < 2 || isEndless) return { from, to: Math.min(total, from + room), more: 0 };
  return { from, to: from + room - 1, more: total - from - room + 1 };
}

export function whereOf(scroll: Scroll, height: number, pen: Pen): string {
  const { from, to } = windowOf(scroll, height, pen);
  return from === 0 ? '' : `${from + 1}-${to}/${scroll.total}`;
}

export const moreLine = (more: number, pen: Pen): ContentLine => ({
  spans: [ink(pen, `${pen.mark} ${words(layoutWords, pen.locale)('more', { count: more })}`, 'muted')],
});

/** A body that is there as a whole. */
export function listed(block: Block, body: readonly ContentLine[], least: number, pen: Pen): Content {
  const scroll = { block: block.id, total: body.length, picked: body.findIndex(({ isMarked }) => isMarked === true) };
  return {
    full: body.length,
    least: () => Math.min(least, body.length),
    grows: 'no',
    lines(height) {
      const { from, to, more } = windowOf(scroll, height, pen);
      return [...body.slice(from, to), ...(more > 0 ? [moreLine(more, pen)] : [])];
    },
    where: (height) => whereOf(scroll, height, pen),
  };
}
