import type { Locale } from '../language.ts';
import type { Cell, Span, Tone } from '../view.ts';
import { clean } from './clean.ts';

/** What a frame is drawn for. */
export interface Size {
  /** No line is wider. 120 and more: panes beside each other; 80 and more: boxes; fewer: rules, as for a phone. */
  readonly columns: number;
  /** Exactly so many lines; undefined: everything in full. */
  readonly rows?: number | undefined;
  /** No character beyond ASCII. */
  readonly ascii?: boolean | undefined;
  /** Block that has the focus. */
  readonly focus?: string | undefined;
  /** Block that does not leave, however short the height is: a person went to it. */
  readonly keeps?: string | undefined;
  /** Lines that a block is scrolled by. */
  readonly scrolled?: Readonly<Record<string, number>> | undefined;
  /** Blocks only: neither the status line nor the keys. */
  readonly isBare?: boolean | undefined;
  /** No boxes and nothing beside each other at any width: for a screen reader. */
  readonly isFlat?: boolean | undefined;
  /** Language of what the layout itself says (`12 more`); English by default. */
  readonly locale?: Locale | undefined;
}

/** What blocks draw with: the size, and the glyphs that it allows. */
export interface Pen {
  readonly ascii: boolean;
  readonly locale: Locale;
  readonly focus: string | undefined;
  readonly scrolled: Readonly<Record<string, number>>;
  /** Stands for what was clipped. */
  readonly mark: string;
}

export const createPen = ({ ascii = false, focus, scrolled = {}, locale = 'en' }: Size): Pen => ({
  ascii,
  locale,
  focus,
  scrolled,
  mark: ascii ? '~' : '\u2026',
});

interface Style {
  readonly isBold?: boolean;
  readonly isInverse?: boolean;
}

/** The only maker of spans out of texts from outside: they are harmless from here on. */
export const ink = (pen: Pen, text: string, tone: Tone = 'plain', style?: Style): Span => ({
  text: clean(text, pen.ascii),
  tone,
  ...style,
});

export const inkCell = (pen: Pen, cell: Cell): Span => ink(pen, cell.text, cell.tone);

/** Between what belongs together. */
export const blanks = (count: number): Span => ({ text: ' '.repeat(Math.max(0, count)), tone: 'plain' });
