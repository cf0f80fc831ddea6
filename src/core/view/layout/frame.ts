import type { Line, Target } from '../view.ts';
import type { Band, Pane, Stack } from './bands.ts';
import type { ContentLine } from './content.ts';
import { paneHeights } from './heights.ts';
import { blanks, ink, type Pen } from './pen.ts';
import { clipSpans, merged, padSpans, type Spans, widthOfSpans } from './spans.ts';

/** Box-drawing by the arms that meet: up 1, down 2, left 4, right 8. */
const JOINTS = ' \u2575\u2577\u2502\u2574\u2518\u2510\u2524\u2576\u2514\u250c\u251c\u2500\u2534\u252c\u253c';
const UP = 1;
const DOWN = 2;
const LEFT = 4;
const RIGHT = 8;

function joint(arms: number, pen: Pen): string {
  if (!pen.ascii) return JOINTS[arms] ?? ' ';
  if ((arms & (LEFT | RIGHT)) === 0) return arms === 0 ? ' ' : '|';
  return (arms & (UP | DOWN)) === 0 ? '-' : '+';
}

/** What stands between two bars in one line: the rule above a pane, or a line of it. */
type Cut =
  | { readonly is: 'rule'; readonly pane: Pane; readonly where: string }
  | { readonly is: 'text'; readonly pane: Pane; readonly line: ContentLine | undefined };

/** The lines of a stack, the rule above it first: `height` + 1. */
function cutsOf(stack: Stack, height: number): Cut[] {
  const heights = paneHeights(stack, height);
  return stack.panes.flatMap((pane, index): Cut[] => {
    const own = Math.max(0, heights[index] ?? 0);
    const lines = pane.content.lines(own);
    const text = Array.from({ length: own }, (_, at): Cut => ({ is: 'text', pane, line: lines[at] }));
    return [{ is: 'rule', pane, where: pane.content.where(own) }, ...text];
  });
}

/** Columns of the bars of a band. */
const barsOf = ({ stacks }: Band, columns: number): number[] =>
  stacks.length === 2 ? [0, (stacks[0]?.width ?? 0) + 3, columns - 1] : [0, columns - 1];

/** Boxes that share their borders: each line exactly `columns` wide. */
export function boxedLines(bands: readonly Band[], heights: readonly number[], columns: number, pen: Pen): Line[] {
  const lines: Line[] = [];
  let above: readonly number[] = [];
  bands.forEach((band, index) => {
    const bars = barsOf(band, columns);
    const stacks = band.stacks.map((stack) => cutsOf(stack, heights[index] ?? 0));
    for (let row = 0; row <= (heights[index] ?? 0); row++) {
      const cuts = stacks.flatMap((stack) => stack[row] ?? []);
      lines.push(boxedLine(cuts, bars, row === 0 ? above : bars, pen));
    }
    above = bars;
  });
  return bands.length === 0 ? [] : [...lines, closing(above, columns, pen)];
}

function boxedLine(cuts: readonly Cut[], bars: readonly number[], above: readonly number[], pen: Pen): Line {
  const spans: Spans[number][] = [];
  const targets: Target[] = [];
  bars.forEach((bar, index) => {
    const [before, after] = [cuts[index - 1], cuts[index]];
    const sides = (before?.is === 'rule' ? LEFT : 0) | (after?.is === 'rule' ? RIGHT : 0);
    spans.push({ text: joint(DOWN | (above.includes(bar) ? UP : 0) | sides, pen), tone: 'muted' });
    if (after === undefined) return;
    const till = bars[index + 1] ?? bar + 1;
    if (after.is === 'rule') spans.push(...ruleSpans(after.pane, after.where, bar + 1, till, above, pen));
    else {
      spans.push(...textSpans(after.line, till - bar - 1, pen));
      targets.push({ block: after.pane.block.id, key: after.line?.key, from: bar + 1, to: till });
    }
  });
  return lineOf(spans, targets);
}

/** A line with what can be picked in it. */
export const lineOf = (spans: Spans, targets: readonly Target[]): Line =>
  targets.length === 0 ? { spans: merged(spans) } : { spans: merged(spans), targets };

/** `- TITLE ---- 4-12/40 -`; where bars end above, they join. */
function ruleSpans(
  { block }: Pane,
  where: string,
  from: number,
  till: number,
  above: readonly number[],
  pen: Pen,
): Spans {
  const width = till - from;
  const isFocused = pen.focus === block.id;
  const title = titleSpans(block.title, isFocused, width - 2, pen);
  const tail = where === '' || widthOfSpans(title) + where.length + 5 > width ? '' : ` ${where} `;
  const filled = width - 1 - widthOfSpans(title) - tail.length - (tail === '' ? 0 : 1);
  const start = from + 1 + widthOfSpans(title);
  return [
    { text: bars(from, 1, above, pen), tone: 'muted' },
    ...title,
    { text: bars(start, filled, above, pen), tone: 'muted' },
    ...(tail === ''
      ? []
      : [{ text: tail, tone: 'muted' } as const, { text: bars(till - 1, 1, above, pen), tone: 'muted' } as const]),
  ];
}

/** A piece of a rule, joined to the bars that end above it. */
function bars(from: number, length: number, above: readonly number[], pen: Pen): string {
  const rule = joint(LEFT | RIGHT, pen).repeat(Math.max(0, length));
  return above
    .filter((bar) => bar >= from && bar < from + length)
    .reduce(
      (text, bar) => text.slice(0, bar - from) + joint(LEFT | RIGHT | UP, pen) + text.slice(bar - from + 1),
      rule,
    );
}

/** The focus is told by brackets, not by colour alone. */
function titleSpans(title: string, isFocused: boolean, width: number, pen: Pen): Spans {
  if (width < 3 || (title === '' && !isFocused)) return [];
  const [open, close] = isFocused ? ['[', ']'] : [' ', ' '];
  const tone = isFocused ? 'accent' : 'plain';
  const text = clipSpans([ink(pen, title, tone, { isBold: true })], width - 2, pen);
  return [{ text: open ?? '', tone }, ...text, { text: close ?? '', tone }];
}

const picked = (isMarked: boolean | undefined): Spans[number] =>
  isMarked === true ? { text: '>', tone: 'accent', isBold: true } : blanks(1);

function textSpans(line: ContentLine | undefined, width: number, pen: Pen): Spans {
  if (line === undefined) return [blanks(width)];
  return [picked(line.isMarked), ...padSpans(line.spans, width - 2, pen), blanks(1)];
}

function closing(above: readonly number[], columns: number, pen: Pen): Line {
  const rule = bars(1, columns - 2, above, pen);
  return { spans: [{ text: joint(UP | RIGHT, pen) + rule + joint(UP | LEFT, pen), tone: 'muted' }] };
}

/** Rules instead of boxes: no line has blanks at its end. */
export function ruledLines(bands: readonly Band[], heights: readonly number[], columns: number, pen: Pen): Line[] {
  return bands.flatMap((band, index) =>
    band.stacks.flatMap((stack) =>
      cutsOf(stack, heights[index] ?? 0).map((cut): Line => {
        if (cut.is === 'rule') return lineOf(ruleSpans(cut.pane, cut.where, 0, columns, [], pen), []);
        const isIndented = stack.width < columns;
        const spans = clipSpans(cut.line?.spans ?? [], stack.width, pen);
        const key = cut.line?.key;
        const targets = key === undefined ? [] : [{ block: cut.pane.block.id, key, from: 0, to: columns }];
        return lineOf(isIndented ? [picked(cut.line?.isMarked), blanks(1), ...spans] : spans, targets);
      }),
    ),
  );
}
