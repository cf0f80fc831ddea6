import type { Line, Span } from '../view.ts';
import { type Theme, type ThemeName, themeOf } from './theme.ts';

/** Lines for a terminal of 256 colours; each line begins and ends without a style, and ends with a line feed. */
export function paintAnsi(lines: readonly Line[], theme: ThemeName): string {
  return lines.map((line) => `${ansiLine(line, theme)}\n`).join('');
}

/** One line with its styles (ECMA-48 SGR), without a line feed. */
export function ansiLine({ spans }: Line, name: ThemeName): string {
  const theme = themeOf(name);
  let line = '';
  let style = '';
  for (const span of spans) {
    const next = styleOf(span, theme);
    if (next !== style) line += style === '' ? next : `\x1b[0m${next}`;
    style = next;
    line += span.text;
  }
  return style === '' ? line : `${line}\x1b[0m`;
}

function styleOf({ tone, isBold, isInverse }: Span, theme: Theme): string {
  const codes: (string | number)[] = [];
  if (isBold === true) codes.push(1);
  if (isInverse === true) codes.push(7);
  const colour = theme.tones[tone];
  if (colour !== undefined) codes.push(38, 5, colour.ansi);
  return codes.length === 0 ? '' : `\x1b[${codes.join(';')}m`;
}
