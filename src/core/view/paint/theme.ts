import type { Tone } from '../view.ts';

/** `none`: no colour at all, bold and inverse only; for NO_COLOR and terminals without colours. */
export type ThemeName = 'dark' | 'light' | 'blue-orange' | 'none';

export const THEMES: readonly ThemeName[] = ['dark', 'light', 'blue-orange', 'none'];

/** One colour for pictures (`#rrggbb`) and for terminals (one of 256). */
export interface Colour {
  readonly hex: string;
  readonly ansi: number;
}

/** What a painter needs of a theme. A tone without a colour takes that of plain text. */
export interface Theme {
  readonly name: ThemeName;
  readonly tones: Readonly<Partial<Record<Tone, Colour>>>;
  /** Of pictures; a terminal keeps its own. */
  readonly paper: string;
  readonly text: string;
  readonly edge: string;
}

const colour = (hex: string, ansi: number): Colour => ({ hex, ansi });

/** The hexes are those of the 256 colours, so that a picture shows what a terminal does. */
const DARK: Theme = {
  name: 'dark',
  paper: '#14171c',
  text: '#d0d0d0',
  edge: '#303640',
  tones: {
    good: colour('#5fd787', 78),
    bad: colour('#ff5f5f', 203),
    warn: colour('#ffd75f', 221),
    muted: colour('#8a8a8a', 245),
    accent: colour('#5fafff', 75),
  },
};

const LIGHT: Theme = {
  name: 'light',
  paper: '#fbfbf8',
  text: '#262626',
  edge: '#d0d0d0',
  tones: {
    good: colour('#005f00', 22),
    bad: colour('#af0000', 124),
    warn: colour('#875f00', 94),
    muted: colour('#6c6c6c', 242),
    accent: colour('#005faf', 25),
  },
};

/** Gain and loss that those who do not tell red from green tell apart. */
const BLUE_ORANGE: Theme = {
  ...DARK,
  name: 'blue-orange',
  tones: {
    good: colour('#5fafff', 75),
    bad: colour('#ff8700', 208),
    warn: colour('#ffd75f', 221),
    muted: colour('#8a8a8a', 245),
    accent: colour('#d7afff', 183),
  },
};

const NONE: Theme = { ...DARK, name: 'none', tones: {} };

/** The theme of a name: what tones look like, for every painter. */
export const themeOf = (name: ThemeName): Theme =>
  ({ dark: DARK, light: LIGHT, 'blue-orange': BLUE_ORANGE, none: NONE })[name];
