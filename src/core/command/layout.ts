import type { Size } from '../view/layout/layout.ts';
import type { View } from '../view/view.ts';
import type { Line, Paper } from './drawing.ts';
import type { Block, Cell } from './outcome.ts';

/** A block as lines of at most `columns` columns for a terminal. A pipe never loads what draws them. */
export async function layout(
  block: Exclude<Block, { kind: 'backtest' | 'view' }>,
  paper: Paper,
): Promise<readonly Line[]> {
  return (await import('./drawing.ts')).draw(block, paper);
}

/** A screen as lines of a terminal; without a theme they have no colour. An unknown theme is the dark one. */
export async function screenLines(view: View, size: Size, theme: string | undefined): Promise<readonly string[]> {
  const { ansiLine, layout, plainLine, THEMES } = await import('../view/door.ts');
  const lines = layout(view, size);
  if (theme === undefined) return lines.map(plainLine);
  const name = THEMES.find((each) => each === theme) ?? 'dark';
  return lines.map((line) => ansiLine(line, name));
}

/** Lines for a pipe: values with a tab between them, no head, names before facts. */
export function tabbed(block: Block): string[] {
  switch (block.kind) {
    case 'table':
      return block.rows.map((row) => tabs(row));
    case 'facts':
    case 'backtest':
      return block.facts.map(({ name, cell }) => `${name}\t${cellOf(cell)}`);
    case 'text':
    case 'prose':
      return [...block.lines];
    case 'view':
      return block.piped === undefined ? block.view.blocks.flatMap(ofScreen) : block.piped.flatMap(tabbed);
  }
}

/** The values of a screen's block; what is only drawn has none. */
function ofScreen(block: View['blocks'][number]): string[] {
  switch (block.kind) {
    case 'facts':
      return block.lines.flat().map(({ name, cells }) => `${name}\t${tabs(cells)}`);
    case 'table':
      return block.rows.map(({ cells }) => tabs(cells));
    case 'log':
      return block.lines.map(({ cells }) => tabs(cells));
    case 'note':
      return [...block.lines];
    case 'form':
      return block.fields.map(({ name, input }) => `${name}\t${tabs([{ value: input }])}`);
    case 'chart':
      return [];
  }
}

/** A row for a pipe. */
export const tabs = (cells: readonly Pick<Cell, 'value'>[]): string => cells.map(cellOf).join('\t');

/** A tab or a line break inside a value would make two of it. */
const cellOf = ({ value }: Pick<Cell, 'value'>): string =>
  value === null ? '' : String(value).replace(/[\t\r\n]+/g, ' ');

const BAR = 24;

/** A bar for work that takes a while: `backtest [######      ]  45 %`. */
export function progressLine(label: string, done: number, all: number, columns: number): string {
  const share = all > 0 ? Math.min(1, Math.max(0, done / all)) : 0;
  const filled = Math.floor(share * BAR);
  const bar = '#'.repeat(filled) + ' '.repeat(BAR - filled);
  const percent = String(Math.floor(share * 100)).padStart(3);
  // The last column stays free: some terminals wrap when it is written.
  return `${label} [${bar}] ${percent} %`.slice(0, Math.max(1, columns - 1));
}
