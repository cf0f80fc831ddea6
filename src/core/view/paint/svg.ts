import type { Line, Span } from '../view.ts';
import { widthOf } from '../width.ts';
import { escapeXml } from './html.ts';
import { boxPath, CELL, px } from './svg-box.ts';
import { type Theme, type ThemeName, themeOf } from './theme.ts';

/** Of the window, in pixels. */
const MARGIN = 16;

export interface SvgOptions {
  readonly theme: ThemeName;
  /** Width of the grid; by default that of the widest line. */
  readonly columns?: number | undefined;
  /** Told to those who do not see the picture. */
  readonly title?: string | undefined;
}

/**
 * Lines as a picture of a terminal window, complete in itself: a grid of characters, each text at the place that it has in
 * a terminal whatever the font, boxes and bars drawn as shapes so that they join.
 */
export function paintSvg(lines: readonly Line[], { theme: name, columns, title = 'dzentra' }: SvgOptions): string {
  const theme = themeOf(name);
  const wide = columns ?? Math.max(1, ...lines.map(widthOfLine));
  const width = px(wide * CELL.width + 2 * MARGIN);
  const height = px(lines.length * CELL.height + 2 * MARGIN);
  const label = escapeXml(title);
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${height}" width="${width}" height="${height}" role="img" aria-label="${label}">`,
    `<title>${label}</title>`,
    `<rect x="0.5" y="0.5" width="${px(Number(width) - 1)}" height="${px(Number(height) - 1)}" rx="8" fill="${theme.paper}" stroke="${theme.edge}"/>`,
    `<g font-family="ui-monospace,SFMono-Regular,Menlo,Consolas,'DejaVu Sans Mono',monospace" font-size="${CELL.font}" fill="${theme.text}" xml:space="preserve">`,
    ...lines.flatMap((line, row) => lineShapes(line, row, theme)),
    '</g>',
    '</svg>',
    '',
  ].join('\n');
}

const widthOfLine = ({ spans }: Line): number => spans.reduce((sum, { text }) => sum + widthOf(text), 0);

function lineShapes({ spans }: Line, row: number, theme: Theme): string[] {
  const shapes: string[] = [];
  let column = 0;
  for (const span of spans) {
    shapes.push(...spanShapes(span, column, row, theme));
    column += widthOf(span.text);
  }
  return shapes;
}

function spanShapes(span: Span, column: number, row: number, theme: Theme): string[] {
  const own = theme.tones[span.tone]?.hex ?? theme.text;
  const shapes: string[] = [];
  const top = MARGIN + row * CELL.height;
  if (span.isInverse === true) {
    const wide = px(widthOf(span.text) * CELL.width);
    shapes.push(
      `<rect x="${px(MARGIN + column * CELL.width)}" y="${px(top)}" width="${wide}" height="${CELL.height}" fill="${own}"/>`,
    );
  }
  const fill = span.isInverse === true ? theme.paper : own;
  const style = `${fill === theme.text ? '' : ` fill="${fill}"`}${span.isBold === true ? ' font-weight="bold"' : ''}`;
  let path = '';
  for (const piece of piecesOf(span.text, column)) {
    const left = MARGIN + piece.column * CELL.width;
    const drawn = boxPath(piece.text, left, top);
    if (drawn === undefined) shapes.push(textShape(piece, left, top, style));
    else path += drawn;
  }
  return path === '' ? shapes : [...shapes, `<path d="${path}" fill="${fill}"/>`];
}

interface Piece {
  readonly text: string;
  readonly column: number;
}

function textShape({ text }: Piece, left: number, top: number, style: string): string {
  const wide = px(widthOf(text) * CELL.width);
  const fitted = text.length > 1 ? ` textLength="${wide}" lengthAdjust="spacingAndGlyphs"` : '';
  return `<text x="${px(left)}" y="${px(top + CELL.rise)}"${fitted}${style}>${escapeXml(text)}</text>`;
}

/** Words at their columns, and each glyph that is drawn by itself; blanks are nothing. */
function piecesOf(text: string, from: number): Piece[] {
  const pieces: Piece[] = [];
  let column = from;
  let word = '';
  let wordAt = from;
  const flush = (): void => {
    if (word !== '') pieces.push({ text: word, column: wordAt });
    word = '';
  };
  for (const glyph of text) {
    const isOwn = /[\u2500-\u259f\u2800-\u28ff]/.test(glyph) || widthOf(glyph) === 2;
    if (glyph === ' ' || isOwn) flush();
    if (isOwn) pieces.push({ text: glyph, column });
    else if (glyph !== ' ') {
      if (word === '') wordAt = column;
      word += glyph;
    }
    column += widthOf(glyph);
  }
  flush();
  return pieces;
}
