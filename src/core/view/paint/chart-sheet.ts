import type { Axis } from '../chart.ts';
import { clean } from '../layout/clean.ts';
import type { Tone } from '../view.ts';
import { clipToWidth } from './glyph-width.ts';
import { escapeXml } from './html.ts';
import { px } from './svg-box.ts';
import type { Theme } from './theme.ts';

/** Every picture is drawn 1,000 units wide, and scaled by whoever shows it. */
export const WIDE = 1_000;
/** Sizes of its letters: even the smallest can be read on a phone. */
export const FONT = { title: 32, text: 22, small: 20 } as const;
/** Free at the left and the right. */
export const SIDE = 28;

/** The paper of one picture. */
export interface Sheet {
  /** Units; the width is always `WIDE`. */
  readonly height: number;
  readonly theme: Theme;
}

/** The part of a sheet in which a curve lies, and where a value of its axis is. */
export interface Plot {
  readonly left: number;
  readonly right: number;
  readonly top: number;
  readonly bottom: number;
  readonly yOf: (value: number) => number;
}

export interface TextStyle {
  readonly size: number;
  readonly fill: string;
  readonly anchor?: 'start' | 'middle' | 'end' | undefined;
  readonly isBold?: boolean | undefined;
  /** Units that it may take; what is longer is clipped. */
  readonly room?: number | undefined;
}

/** A tone without a colour of its own is drawn as text is. */
export const inkOf = ({ tones, text }: Theme, tone: Tone): string => tones[tone]?.hex ?? text;

/** A text that may come from anywhere, on its base line; nothing where it is empty. */
export function textShape(said: string, x: number, y: number, style: TextStyle): string {
  const { size, fill, anchor = 'start', isBold = false, room = WIDE } = style;
  // SVG draws several blanks as one, and none at the ends.
  const text = clipToWidth(clean(said, false).replace(/ +/g, ' ').trim(), room, size, isBold);
  if (text === '') return '';
  const aside = anchor === 'start' ? '' : ` text-anchor="${anchor}"`;
  const weight = isBold ? ' font-weight="bold"' : '';
  return `<text x="${px(x)}" y="${px(y)}" font-size="${size}" fill="${fill}"${aside}${weight}>${escapeXml(text)}</text>`;
}

/** A place for the curve below the header and above the times, with `margin` units of labels at its right. */
export function plotOf({ height }: Sheet, { low, high }: Axis, margin: number): Plot {
  const [top, bottom] = [plotTop, height - PLOT_BELOW];
  return {
    left: SIDE,
    right: WIDE - margin,
    top,
    bottom,
    // Halves, so that no span overflows.
    yOf: (value) => top + ((high / 2 - value / 2) / (high / 2 - low / 2)) * (bottom - top),
  };
}

const plotTop = 112;
/** Times and the footer lie below. */
const PLOT_BELOW = 92;

/** How high the curve of a sheet is. */
export const plotHeight = ({ height }: Sheet): number => height - PLOT_BELOW - plotTop;
