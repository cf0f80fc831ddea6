import type { Line } from './drawing.ts';
import type { Block, Cell } from './outcome.ts';

/** A block as lines of at most `columns` columns for a terminal. A pipe never loads what draws them. */
export async function layout(block: Exclude<Block, { kind: 'backtest' }>, columns: number): Promise<readonly Line[]> {
  return (await import('./drawing.ts')).draw(block, columns);
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
  }
}

/** A row for a pipe. */
export const tabs = (cells: readonly Cell[]): string => cells.map(cellOf).join('\t');

/** A tab or a line break inside a value would make two of it. */
const cellOf = ({ value }: Cell): string => (value === null ? '' : String(value).replace(/[\t\r\n]+/g, ' '));

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
