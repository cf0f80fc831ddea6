import type { Axis } from '../chart.ts';
import type { Say } from '../language.ts';
import type { Tone } from '../view.ts';
import type { en } from '../words/telegram-chart.ts';
import type { Mark, Tag } from './chart-axes.ts';
import type { Plot } from './chart-sheet.ts';
import type { Theme } from './theme.ts';

/** What a kind of chart puts into a plot, whose size is not known before its labels are. */
export interface Drawing {
  readonly say: Say<typeof en>;
  readonly axis: Axis;
  /** The most that its labels may have after the point. */
  readonly digits: number;
  readonly tags: readonly Tag[];
  /** What its signs mean, told beneath. */
  readonly legend: readonly { readonly sign: string; readonly tone: Tone; readonly text: string }[];
  readonly marks: (plot: Plot) => readonly Mark[];
  readonly shapes: (plot: Plot, theme: Theme) => readonly string[];
}
