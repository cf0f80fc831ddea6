import type { ScreenId } from './screen-ids.ts';

export type { ScreenId } from './screen-ids.ts';

/** Tones are meanings; only a painter knows colours, and no meaning rests on colour alone. */
export type Tone = 'plain' | 'good' | 'bad' | 'warn' | 'muted' | 'accent';

/** A value for programs (decimal text, an English code, ms) and the text for people. Null is unknown, and prints `?`. */
export interface Cell {
  readonly value: string | number | boolean | null;
  readonly text: string;
  readonly tone?: Tone | undefined;
}

/** A label and what stands behind it. The least important has the highest rank and leaves first; 0 always stays. */
export interface Fact {
  readonly name: string;
  /** Empty: the cells speak for themselves. */
  readonly label: string;
  readonly cells: readonly Cell[];
  readonly rank?: number | undefined;
}

/** A column of a table: the highest rank leaves first where it is narrow; 0 always stays. */
export interface Column {
  readonly name: string;
  readonly title: string;
  readonly align?: 'left' | 'right' | undefined;
  readonly rank?: number | undefined;
  /** It takes the width that is left; texts in it are clipped with a mark, those of others never. */
  readonly isFlexible?: boolean | undefined;
}

export interface Row {
  /** What is picked with it: a run's number, an order, a seq, a symbol. */
  readonly key: string;
  readonly cells: readonly Cell[];
  /** The command words that Enter on this row stands for, or a screen to go to. */
  readonly opens?: Link | undefined;
}

/** Where a row or an action leads: a screen (with what is picked there), or a command line. */
export type Link =
  | { readonly to: 'screen'; readonly screen: ScreenId; readonly pick?: Readonly<Record<string, string>> | undefined }
  | { readonly to: 'command'; readonly words: readonly string[] };

/** A price level that a chart of candles marks: `SL`, `TP`, `IN`. */
export interface Level {
  readonly name: string;
  readonly price: number;
  readonly tone: Tone;
}

/** What a chart shows; a painter with pixels and one with characters draw the same. */
export type Chart =
  | {
      readonly of: 'candles';
      readonly candles: readonly (readonly [at: number, open: number, high: number, low: number, close: number])[];
      readonly digits: number;
      readonly levels: readonly Level[];
      readonly last: number | null;
      /** Fills to be marked in it; `isExit`: of an order that may only make the position smaller. */
      readonly fills: readonly {
        readonly at: number;
        readonly price: number;
        readonly side: 'buy' | 'sell';
        readonly isExit?: boolean | undefined;
      }[];
      /** Minutes east of UTC of the zone that its axis tells the time in; UTC by default. */
      readonly offsetMinutes?: number | undefined;
    }
  | {
      readonly of: 'line';
      readonly points: readonly (readonly [at: number, value: number])[];
      readonly digits: number;
      /** Values that the axis reaches at least. */
      readonly reach: readonly number[];
      readonly isArea?: boolean | undefined;
      readonly offsetMinutes?: number | undefined;
    }
  /** Small bars in one line. */
  | { readonly of: 'spark'; readonly values: readonly number[] };

interface BlockBase {
  /** English, unique in its view: what focus and scrolling remember. */
  readonly id: string;
  readonly title: string;
  /** At 120 columns and more: `main` and `side` stand beside each other, `wide` beneath them. `half` blocks pair up from 80 on. */
  readonly area: 'main' | 'side' | 'wide' | 'half';
  /** Where the height is short the highest rank shrinks and leaves first; 0 always stays. */
  readonly rank: number;
}

/** Lines of facts: each inner list is one line where it fits, and wraps at facts where it does not. */
export interface FactsBlock extends BlockBase {
  readonly kind: 'facts';
  readonly lines: readonly (readonly Fact[])[];
  /** What matters most of it in fewer lines: they stand instead where the height is short. */
  readonly packed?: readonly (readonly Fact[])[] | undefined;
  /** A label and a value each, in as many columns as there is room for; it shrinks and scrolls as a list does. */
  readonly isGrid?: boolean | undefined;
}

export interface TableBlock extends BlockBase {
  readonly kind: 'table';
  readonly columns: readonly Column[];
  readonly rows: readonly Row[];
  /** Rows that it wants, more where there is room; by default all. */
  readonly height?: number | undefined;
  /** The fewest rows as long as what matters less may leave instead; 3 by default. */
  readonly least?: number | undefined;
  /** Said where there are no rows. */
  readonly empty: string;
  /** The row that is picked, by its key; undefined where rows cannot be picked. */
  readonly picked?: string | undefined;
}

export interface ChartBlock extends BlockBase {
  readonly kind: 'chart';
  readonly chart: Chart;
  /** Said where there is nothing to draw. */
  readonly empty: string;
  /** Lines of its own that it wants, without a frame. */
  readonly height: number;
}

/** Entries or messages, newest first; what does not fit is clipped at the end of the line. */
export interface LogBlock extends BlockBase {
  readonly kind: 'log';
  readonly lines: readonly { readonly key: string; readonly cells: readonly Cell[] }[];
  /** Lines that it wants, more where there is room; by default all. */
  readonly height?: number | undefined;
  /** The fewest as long as what matters less may leave instead; 3 by default. */
  readonly least?: number | undefined;
  readonly empty: string;
  readonly picked?: string | undefined;
}

/** Sentences that wrap. */
export interface NoteBlock extends BlockBase {
  readonly kind: 'note';
  readonly tone: Tone;
  readonly lines: readonly string[];
}

/** Fields that are filled in: a draft, risk settings. */
export interface FormBlock extends BlockBase {
  readonly kind: 'form';
  readonly fields: readonly Field[];
  /** The field that has the cursor. */
  readonly focused: string;
  /** Characters before the cursor in it; undefined at the end of its text. */
  readonly cursor?: number | undefined;
}

export interface Field {
  readonly name: string;
  readonly label: string;
  /** What was typed or chosen. */
  readonly input: string;
  /** Shown where nothing was typed. */
  readonly placeholder: string;
  /** The values that can be chosen, where it is no text. */
  readonly choices?: readonly { readonly value: string; readonly label: string }[] | undefined;
  /** Another text than the choices may be typed. */
  readonly isOpen?: boolean | undefined;
  /** Beneath or beside: unit, range, or what is wrong. */
  readonly hint: string;
  readonly tone: Tone;
}

export type Block = FactsBlock | TableBlock | ChartBlock | LogBlock | NoteBlock | FormBlock;

/** What an action does to risk: it decides how it is confirmed, in every face alike. */
export type Stakes = 'none' | 'lowers' | 'raises';

/** Something that can be done from here. It names a command, or leads to a screen; a disabled one says why. */
export interface Action {
  readonly id: string;
  readonly label: string;
  /** The key in the terminal; undefined where it has none. */
  readonly key?: string | undefined;
  readonly stakes: Stakes;
  readonly link: Link;
  readonly disabled?: string | undefined;
}

/** A screen as data: the same for the terminal, a phone and a pipe. */
export interface View {
  readonly screen: ScreenId;
  readonly title: string;
  /** MODE, profile or account, state, ages of the sources, clock: cells of one line, the last leave first. */
  readonly status: readonly Fact[];
  readonly blocks: readonly Block[];
  readonly actions: readonly Action[];
  /** The instant that it shows, ms UTC of the engine's clock. */
  readonly asOf: number | null;
}

/** A piece of a line with its meaning. */
export interface Span {
  readonly text: string;
  readonly tone: Tone;
  readonly isBold?: boolean | undefined;
  readonly isInverse?: boolean | undefined;
}

/** What a click on a part of a line picks: a row of a block, or an action (block `actions`, key its id). */
export interface Target {
  readonly block: string;
  /** Undefined where there is nothing to pick: the block alone. */
  readonly key: string | undefined;
  /** Columns of the line, from 0; `to` is beyond the last. */
  readonly from: number;
  readonly to: number;
}

/** A line as painters get it; no control character is in it. */
export interface Line {
  readonly spans: readonly Span[];
  readonly targets?: readonly Target[] | undefined;
}
