import { clip, pad, widthOf } from './width.ts';

/** A column: `rank` 0 always stays, and the highest rank leaves first where there is no room. */
export interface ReportColumn {
  readonly title: string;
  readonly align: 'left' | 'right';
  readonly rank: number;
}

const GAP = 2;

/** A head and its rows as lines of at most `width` columns. What stays and is still too wide is clipped at the right. */
export function reportTable(
  columns: readonly ReportColumn[],
  rows: readonly (readonly string[])[],
  width: number,
  ascii: boolean,
): string[] {
  const widths = columns.map(({ title }, i) => Math.max(widthOf(title), ...rows.map((row) => widthOf(row[i] ?? ''))));
  const shown = shownOf(columns, widths, width);
  const line = (cells: readonly string[]): string => {
    const parts = shown.map((i) => pad(cells[i] ?? '', widths[i] ?? 0, columns[i]?.align, ascii));
    return clip(parts.join(' '.repeat(GAP)).trimEnd(), width, ascii);
  };
  return [line(columns.map(({ title }) => title)), ...rows.map(line)];
}

function shownOf(columns: readonly ReportColumn[], widths: readonly number[], width: number): number[] {
  const shown = columns.map((_, i) => i);
  const total = (): number => shown.reduce((sum, i) => sum + (widths[i] ?? 0) + GAP, -GAP);
  while (total() > width) {
    const highest = shown.reduce(
      (worst, i) => (rankOf(columns, i) > rankOf(columns, worst) ? i : worst),
      shown[0] ?? 0,
    );
    if (rankOf(columns, highest) === 0) break;
    shown.splice(shown.indexOf(highest), 1);
  }
  return shown;
}

const rankOf = (columns: readonly ReportColumn[], i: number): number => columns[i]?.rank ?? 0;
