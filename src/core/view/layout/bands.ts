import type { Block } from '../view.ts';
import { chartContent } from './charts.ts';
import type { Content } from './content.ts';
import { factsContent } from './facts.ts';
import { formContent } from './form.ts';
import { logContent } from './log.ts';
import { noteContent } from './note.ts';
import type { Pen } from './pen.ts';
import { tableContent } from './table.ts';

/** A block at its place. */
export interface Pane {
  readonly block: Block;
  readonly content: Content;
  /** Fewest lines. */
  readonly least: number;
}

/** Panes beneath each other, between two bars. */
export interface Stack {
  /** Columns for text. */
  readonly width: number;
  readonly panes: readonly Pane[];
}

/** Stacks beside each other: one, or two. They are of one height. */
export interface Band {
  readonly stacks: readonly Stack[];
}

export const PAIRED_FROM = 80;
export const BESIDE_FROM = 120;
/** Share of `main` in the width. */
const MAIN_SHARE = 0.64;
/** A bar, and a blank at each side of a text. */
const PADDING = 2;

/** Where panes stand: without boxes all beneath each other, with them by area and width. Order is that of the view. */
export function bandsOf(blocks: readonly Block[], columns: number, isBoxed: boolean, paneOf: PaneOf): Band[] {
  if (!isBoxed) {
    return blocks.map((block) => ({ stacks: [stackOf([block], columns - (isPickable(block) ? PADDING : 0), paneOf)] }));
  }
  const bands: Band[] = [];
  for (let index = 0; index < blocks.length; ) {
    const group = groupAt(blocks, index);
    index += group.length;
    bands.push(...bandsOfGroup(group, columns, paneOf));
  }
  return bands;
}

/** Makes the pane of a block at a width. */
export type PaneOf = (block: Block, width: number) => Pane;

/** Panes where what has a rank, or a higher one, may leave. Contents are kept: ranks go down while a frame is fitted. */
export function createPanes(pen: Pen): (rank: number) => PaneOf {
  const contents = new Map<Block, Map<number, Content>>();
  return (rank) => (block, width) => {
    const byWidth = contents.get(block) ?? new Map<number, Content>();
    contents.set(block, byWidth);
    const content = byWidth.get(width) ?? contentOf(block, width, pen);
    byWidth.set(width, content);
    return { block, content, least: content.least(rank) };
  };
}

/** Without a box a mark for what is picked needs columns of its own. */
export const isPickable = (block: Block): boolean =>
  (block.kind === 'table' || block.kind === 'log') && block.picked !== undefined;

/** Neighbours that are placed together. */
function groupAt(blocks: readonly Block[], from: number): readonly Block[] {
  const group = blocks[from]?.area === 'half' ? ['half'] : blocks[from]?.area === 'wide' ? [] : ['main', 'side'];
  let to = from + 1;
  while (to < blocks.length && group.includes(blocks[to]?.area ?? '')) to++;
  return blocks.slice(from, to);
}

function bandsOfGroup(group: readonly Block[], columns: number, paneOf: PaneOf): Band[] {
  const main = group.filter(({ area }) => area === 'main');
  const side = group.filter(({ area }) => area === 'side');
  if (columns >= BESIDE_FROM && main.length > 0 && side.length > 0) {
    return [besideBand(main, side, Math.round(columns * MAIN_SHARE), columns, paneOf)];
  }
  const bands: Band[] = [];
  // With less width `side` blocks pair up like `half` ones.
  for (let index = 0; index < group.length; index++) {
    const [block, next] = [group[index], group[index + 1]];
    if (block === undefined) break;
    const isPair = block.area !== 'main' && block.area !== 'wide' && next?.area === block.area;
    if (isPair && next !== undefined) {
      bands.push(besideBand([block], [next], Math.floor((columns - 1) / 2), columns, paneOf));
      index++;
    } else bands.push({ stacks: [stackOf([block], columns - 2 - PADDING, paneOf)] });
  }
  return bands;
}

function besideBand(
  left: readonly Block[],
  right: readonly Block[],
  bar: number,
  columns: number,
  paneOf: PaneOf,
): Band {
  return { stacks: [stackOf(left, bar - 1 - PADDING, paneOf), stackOf(right, columns - 2 - bar - PADDING, paneOf)] };
}

const stackOf = (blocks: readonly Block[], width: number, paneOf: PaneOf): Stack => ({
  width,
  panes: blocks.map((block) => paneOf(block, width)),
});

function contentOf(block: Block, width: number, pen: Pen): Content {
  switch (block.kind) {
    case 'facts':
      return factsContent(block, width, pen);
    case 'table':
      return tableContent(block, width, pen);
    case 'chart':
      return chartContent(block, width, pen);
    case 'log':
      return logContent(block, width, pen);
    case 'note':
      return noteContent(block, width, pen);
    case 'form':
      return formContent(block, width, pen);
  }
}
