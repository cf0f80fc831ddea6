import type { Line } from '../view.ts';

export const plainLine = ({ spans }: Line): string =>
  spans
    .map(({ text }) => text)
    .join('')
    .trimEnd();

/** Lines as text without any colour; each ends with a line feed. */
export const paintPlain = (lines: readonly Line[]): string => lines.map((line) => `${plainLine(line)}\n`).join('');
