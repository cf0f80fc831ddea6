import type { Span } from '../view.ts';
import { widthOf } from '../width.ts';
import { blanks, type Pen } from './pen.ts';

/** A piece of a line while it is put together; its texts are clean. */
export type Spans = readonly Span[];

export function widthOfSpans(spans: Spans): number {
  let width = 0;
  for (const span of spans) width += widthOf(span.text);
  return width;
}

/** Exactly `width` columns: padded, or clipped with a mark. */
export function padSpans(spans: Spans, width: number, pen: Pen, align: 'left' | 'right' = 'left'): Spans {
  const clipped = clipSpans(spans, width, pen);
  const gap = width - widthOfSpans(clipped);
  if (gap <= 0) return clipped;
  return align === 'left' ? [...clipped, blanks(gap)] : [blanks(gap), ...clipped];
}

/** At most `width` columns; what is cut says so, and a number goes as a whole: half of one would be another number. */
export function clipSpans(spans: Spans, width: number, pen: Pen): Spans {
  if (widthOfSpans(spans) <= width) return spans;
  if (width <= 0) return [];
  const whole = spans.map(({ text }) => text).join('');
  const kept = lengthThatFits(whole, width - 1);
  return [...spansUpTo(spans, kept), { text: pen.mark, tone: 'muted' }];
}

/** Code units of `text` that stand in `width` columns, without half a number and blanks at the end. */
function lengthThatFits(text: string, width: number): number {
  let used = 0;
  let end = 0;
  for (const glyph of text) {
    used += widthOf(glyph);
    if (used > width) break;
    end += glyph.length;
  }
  const kept = text.slice(0, end);
  const isInNumber = /\d[.,:]?$/.test(kept) && /^[.,:]?\d/.test(text.slice(end));
  return (isInNumber ? kept.replace(/[-+~]?\d[\d.,:]*$/, '') : kept).trimEnd().length;
}

function spansUpTo(spans: Spans, length: number): Span[] {
  const kept: Span[] = [];
  let left = length;
  for (const span of spans) {
    if (left <= 0) break;
    kept.push(span.text.length <= left ? span : { ...span, text: span.text.slice(0, left) });
    left -= span.text.length;
  }
  return kept;
}

/** A cell that no line can hold: a number goes, words are clipped. */
export function fitSpan(span: Span, width: number, pen: Pen): Spans {
  return clipSpans([span], width, pen);
}

/** What is read together with the number before it. */
const UNIT = /^(?:%|R|bps|USDT|\u0431\.\u043f\.)(?![\p{L}\p{N}])/u;

/** Words of a text, a number with its unit as one, unless that is wider than a line. */
function unbroken(text: string, width: number): string[] {
  const words: string[] = [];
  for (const word of text.split(' ')) {
    const before = words.at(-1) ?? '';
    const isUnit = UNIT.test(word) && /\d$/.test(before) && widthOf(before) + 1 + widthOf(word) <= width;
    if (isUnit) words[words.length - 1] = `${before} ${word}`;
    else if (word !== '') words.push(word);
  }
  return words;
}

/** A text in lines of at most `width` columns, broken at blanks. */
export function wrapSpan(span: Span, width: number, pen: Pen): Spans[] {
  const lines: Spans[] = [];
  let line = '';
  const flush = (): void => {
    if (line !== '') lines.push(fitSpan({ ...span, text: line }, width, pen));
  };
  for (const word of unbroken(span.text, width)) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || widthOf(longer) <= width) line = longer;
    else {
      flush();
      line = word;
    }
  }
  flush();
  return lines;
}

/** Neighbours of one style become one. */
export function merged(spans: Spans): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    const last = joined.at(-1);
    if (span.text === '') continue;
    if (last !== undefined && isAlike(last, span)) joined[joined.length - 1] = { ...last, text: last.text + span.text };
    else joined.push(span);
  }
  return joined;
}

/** Blanks have no colour: they go with any tone. */
const isAlike = (one: Span, other: Span): boolean =>
  one.isInverse === other.isInverse &&
  ((one.tone === other.tone && one.isBold === other.isBold) || isBlank(other.text));

const isBlank = (text: string): boolean => text.charCodeAt(0) === 32 && text.trimStart() === '';

/** Texts with `gap` blanks between them. */
export function spaced(spans: Spans, gap: number): Span[] {
  const joined: Span[] = [];
  for (const span of spans) {
    if (joined.length > 0) joined.push(blanks(gap));
    joined.push(span);
  }
  return joined;
}

export const inverse = (spans: Spans): Spans => spans.map((span) => ({ ...span, isInverse: true }));
