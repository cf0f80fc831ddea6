import type { Band, Pane, Stack } from './bands.ts';
import type { Content } from './content.ts';

/** Lines of rules among the panes of a stack, beside the one above it. */
const rulesIn = ({ panes }: Stack): number => panes.length - 1;

const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

const stackFull = (stack: Stack): number => sum(stack.panes.map(({ content }) => content.full)) + rulesIn(stack);
const stackLeast = (stack: Stack): number => sum(stack.panes.map(({ least }) => least)) + rulesIn(stack);

export const bandFull = ({ stacks }: Band): number => Math.max(...stacks.map(stackFull));
export const bandLeast = ({ stacks }: Band): number => Math.max(...stacks.map(stackLeast));

const isElastic = ({ block }: Pane): boolean =>
  block.kind === 'chart' ||
  block.kind === 'table' ||
  block.kind === 'log' ||
  (block.kind === 'facts' && block.isGrid === true);

/** Who gives lines first: charts, tables and logs before text, then the highest rank, then the last. */
const yieldOf = (pane: Pane): number => (isElastic(pane) ? 1_000_000 : 0) + pane.block.rank;

/** Heights of bands, without their rules, that add up to `lines`; less only where all are at their least. */
export function bandHeights(bands: readonly Band[], lines: number): number[] {
  const heights = bands.map(bandFull);
  const excess = sum(heights) - lines;
  if (excess > 0) {
    shrink(bands, heights, excess);
    reclaim(bands, heights);
  } else if (excess < 0) grow(bands, heights, -excess);
  return heights;
}

function shrink(bands: readonly Band[], heights: number[], excess: number): void {
  for (let left = excess; left > 0; left--) {
    let giving = -1;
    let most = -1;
    bands.forEach((band, index) => {
      if ((heights[index] ?? 0) <= bandLeast(band)) return;
      const yields = Math.max(...band.stacks.flatMap(({ panes }) => panes.filter(canShrink).map(yieldOf)));
      if (yields >= most) [giving, most] = [index, yields];
    });
    if (giving === -1) return;
    heights[giving] = (heights[giving] ?? 0) - 1;
  }
}

/** Packed text may need fewer lines than it was left: a list gets them back. */
function reclaim(bands: readonly Band[], heights: number[]): void {
  let spare = 0;
  bands.forEach(({ stacks }, index) => {
    const pane = stacks.length === 1 && stacks[0]?.panes.length === 1 ? stacks[0].panes[0] : undefined;
    if (pane === undefined || isElastic(pane)) return;
    const height = heights[index] ?? 0;
    const used = Math.min(height, pane.content.lines(height).length);
    heights[index] = used;
    spare += height - used;
  });
  const takers = bands.map((band, index) => ({ index, room: bandFull(band) - (heights[index] ?? 0), band }));
  for (const { index, room, band } of takers.reverse()) {
    if (!band.stacks.some(({ panes }) => panes.some(isElastic))) continue;
    const more = Math.max(0, Math.min(spare, room));
    heights[index] = (heights[index] ?? 0) + more;
    spare -= more;
  }
  const last = bands.length - 1;
  if (spare > 0 && last >= 0) heights[last] = (heights[last] ?? 0) + spare;
}

const canShrink = (pane: Pane): boolean => pane.content.full > pane.least;

/** A chart that is given what nothing else needs is at most so much of its width high. */
const CHART_SHAPE_MAX = 0.2;

/**
 * Charts are drawn up to twice as high, lists show what they left out, then charts get what is left. What they cannot use is
 * blank: in the last list, else in the last band.
 */
function grow(bands: readonly Band[], heights: number[], spare: number): void {
  if (bands.length === 0) return;
  let left = spare;
  const give = (index: number, most: number): void => {
    const more = Math.max(0, Math.min(left, most));
    heights[index] = (heights[index] ?? 0) + more;
    left -= more;
  };
  const giveCharts = (most: (chart: Content, width: number) => number): void => {
    bands.forEach(({ stacks }, index) => {
      const charts = stacks.flatMap(({ panes, width }) =>
        panes.filter(isChart).map(({ content }) => most(content, width)),
      );
      give(index, Math.max(0, ...charts));
    });
  };
  giveCharts(({ full }) => full);
  const lacking = bands.map(leftOut);
  while (left > 0 && lacking.some((lines) => lines > 0)) {
    lacking.forEach((lines, index) => {
      if (lines > 0) give(index, 1);
      lacking[index] = lines - 1;
    });
  }
  giveCharts(({ full }, width) => Math.floor(width * CHART_SHAPE_MAX) - 2 * full);
  const lists = bands.findLastIndex(({ stacks }) =>
    stacks.some(({ panes }) => panes.some(({ content }) => content.grows === 'list')),
  );
  give(lists === -1 ? bands.length - 1 : lists, left);
}

const isChart = ({ content }: Pane): boolean => content.grows === 'chart';

/** Lines of lists that would be seen if the band were higher. */
const leftOut = ({ stacks }: Band): number =>
  Math.max(
    ...stacks.map((stack) => {
      const content = stack.panes[growerOf(stack)]?.content;
      return (content?.most ?? 0) - (content?.full ?? 0);
    }),
  );

/** Heights of the panes of a stack in a band of `height` lines; together with rules they fill it. */
export function paneHeights(stack: Stack, height: number): number[] {
  const heights = stack.panes.map(({ content }) => content.full);
  let spare = height - rulesIn(stack) - sum(heights);
  if (spare >= 0) {
    const grower = growerOf(stack);
    heights[grower] = (heights[grower] ?? 0) + spare;
    return heights;
  }
  const order = stack.panes
    .map((pane, index) => ({ pane, index }))
    .sort((a, b) => yieldOf(b.pane) - yieldOf(a.pane) || b.index - a.index);
  // Where not even the least fits, the last ones get what is left.
  for (const least of [(pane: Pane) => pane.least, () => 0]) {
    for (const { pane, index } of order) {
      const less = Math.max(0, Math.min(-spare, (heights[index] ?? 0) - least(pane)));
      heights[index] = (heights[index] ?? 0) - less;
      spare += less;
    }
  }
  return heights;
}

function growerOf({ panes }: Stack): number {
  const chart = panes.findIndex(isChart);
  if (chart !== -1) return chart;
  const list = panes.findLastIndex(({ content }) => content.grows === 'list');
  return list === -1 ? panes.length - 1 : list;
}
