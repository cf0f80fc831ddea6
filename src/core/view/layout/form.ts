import type { Field, FormBlock } from '../view.ts';
import { widthOf } from '../width.ts';
import { type Content, type ContentLine, listed } from './content.ts';
import { blanks, ink, type Pen } from './pen.ts';
import { clipSpans, inverse, padSpans, type Spans, widthOfSpans, wrapSpan } from './spans.ts';

const LINES_MIN = 3;
const INPUT_MIN = 12;
const LABEL_MAX = 24;
/** A hint with less room goes to the next line. */
const HINT_MIN = 16;
const AT_END = Number.POSITIVE_INFINITY;

interface Shape {
  readonly label: number;
  readonly input: number;
  readonly width: number;
}

/** Fields beneath each other: label, input in brackets, hint. The focused one is inverse and stays in sight. */
export function formContent(block: FormBlock, width: number, pen: Pen): Content {
  const labels = block.fields.map(({ label }) => widthOfSpans([ink(pen, label)]));
  const label = Math.min(LABEL_MAX, Math.floor(width / 2), Math.max(0, ...labels));
  const wanted = Math.max(INPUT_MIN, ...block.fields.map((field) => widthOf(shown(field, pen).text) + 1));
  const shape: Shape = { label, input: Math.max(1, Math.min(wanted, width - label - 4)), width };
  const body = block.fields.flatMap((field) =>
    fieldLines(field, field.name === block.focused ? (block.cursor ?? AT_END) : undefined, shape, pen),
  );
  // The cursor is always in sight, wherever the focus of the screen is.
  const all = listed(block, body, LINES_MIN, { ...pen, focus: block.id });
  return { ...all, least: (rank) => (block.rank >= rank ? Math.min(LINES_MIN, all.full) : all.full) };
}

/** What was typed or chosen; else, in parentheses, what holds while nothing is. */
function shown({ input, placeholder, choices }: Field, pen: Pen): Spans[number] {
  const chosen = choices?.find(({ value }) => value === input)?.label ?? input;
  if (chosen !== '') return ink(pen, chosen);
  return ink(pen, placeholder === '' ? '' : `(${placeholder})`, 'muted');
}

function fieldLines(field: Field, cursor: number | undefined, shape: Shape, pen: Pen): ContentLine[] {
  const isFocused = cursor !== undefined;
  const label = padSpans([ink(pen, field.label, isFocused ? 'accent' : 'muted')], shape.label, pen);
  const [open, close] = field.choices === undefined ? ['[', ']'] : ['<', '>'];
  const text = padSpans([tailOf(shown(field, pen), shape.input, pen)], shape.input, pen);
  const isText = field.choices === undefined || field.isOpen === true;
  const input = cursor === undefined ? text : isText ? withCursor(text, field, cursor) : inverse(text);
  const bracket = (glyph: string): Spans[number] => ({ text: glyph, tone: isFocused ? 'accent' : 'muted' });
  const box = [...label, blanks(1), bracket(open ?? ''), ...input, bracket(close ?? '')];
  const hints = hintLines(field, shape, pen);
  const isBeside = hints.length === 1 && widthOfSpans(box) + 1 + widthOfSpans(hints[0] ?? []) <= shape.width;
  const first = isBeside ? [...box, blanks(1), ...(hints[0] ?? [])] : box;
  const line = (spans: Spans): ContentLine => ({ spans: clipSpans(spans, shape.width, pen), key: field.name });
  const beneath = isBeside ? [] : hints.map((hint) => line([blanks(2), ...hint]));
  return [{ ...line(first), isMarked: isFocused }, ...beneath];
}

/** The field is inverse, but for the character that the cursor stands on; beyond the text it is the blank after it. */
function withCursor(text: Spans, { input }: Field, cursor: number): Spans {
  const glyphs = text.flatMap((span) => Array.from(span.text, (glyph) => ({ ...span, text: glyph })));
  const shown = Array.from(input).length;
  // A long text is seen by its end.
  const at = Math.min(cursor, shown) - Math.max(0, shown - glyphs.length);
  const on = Math.max(0, Math.min(glyphs.length - 1, at));
  return glyphs.map((span, index) => ({ ...span, isInverse: index !== on }));
}

/** What is wrong is marked by a sign, too. */
function hintLines({ hint, tone }: Field, { label, input, width }: Shape, pen: Pen): Spans[] {
  if (hint === '') return [];
  const span = ink(pen, tone === 'bad' ? `! ${hint}` : hint, tone === 'plain' ? 'muted' : tone);
  const beside = width - label - input - 4;
  const isShort = beside >= HINT_MIN && widthOf(span.text) <= beside;
  return isShort ? [[span]] : wrapSpan(span, width - 2, pen);
}

/** The end of a long input, where the cursor is. */
function tailOf(span: Spans[number], width: number, pen: Pen): Spans[number] {
  if (widthOf(span.text) <= width) return span;
  const glyphs = Array.from(span.text);
  let used = 0;
  let from = glyphs.length;
  while (from > 0 && used + widthOf(glyphs[from - 1] ?? '') <= width - 1) used += widthOf(glyphs[--from] ?? '');
  return { ...span, text: pen.mark + glyphs.slice(from).join('') };
}
