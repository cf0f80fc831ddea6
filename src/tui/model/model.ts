import type {
  Draft,
  DraftReading,
  Line,
  OpenAlert,
  Preview,
  Run,
  Scene,
  ScreenId,
  SeenDraft,
  Target,
  TuiSay,
  Ui,
  View,
} from '../core.ts';
import { type Alarm, NO_ALARM } from './alarm.ts';
import type { Key } from './input.ts';
import type { TypedLine } from './line.ts';

/** Words of the command line that are to be carried out, and what they are called on the screen. */
export interface Deed {
  readonly label: string;
  readonly words: readonly string[];
}

/** A key that carries out an armed deed. */
export interface Choice {
  readonly key: string;
  readonly label: string;
  readonly words: readonly string[];
}

/** What the next key means. */
export type Mode =
  | { readonly is: 'browse' }
  | { readonly is: 'filter'; readonly line: TypedLine }
  | {
      readonly is: 'palette';
      readonly line: TypedLine;
      readonly hints: readonly Hint[];
      /** The place in the history; -1 for what is being typed. */
      readonly back: number;
      readonly typed: string;
    }
  /** What lowers risk: a second, different key until then carries it out. */
  | {
      readonly is: 'armed';
      readonly label: string;
      readonly first: string;
      readonly choices: readonly Choice[];
      readonly at: number;
      readonly until: number;
    }
  /** What raises risk: Enter, after `expects` was typed where it is live. */
  | { readonly is: 'agree'; readonly deed: Deed; readonly expects: string; readonly line: TypedLine }
  | { readonly is: 'form' }
  /** The draft or the settings stand, as they are shown since `at`; Enter sends them. */
  | {
      readonly is: 'confirm';
      readonly expects: string;
      readonly line: TypedLine;
      readonly isAsked: boolean;
      readonly at: number;
    }
  | { readonly is: 'result'; readonly title: string; readonly lines: readonly Line[]; readonly top: number }
  /** `Q` was pressed that often; the second time a word is to be typed. */
  | { readonly is: 'ending'; readonly presses: 1 | 2; readonly line: TypedLine };

/** A way to go on in the palette. */
export interface Hint {
  readonly text: string;
  readonly about: string;
}

/** A passing remark; it goes when its time is over. */
export interface Message {
  readonly text: string;
  readonly tone: 'good' | 'bad' | 'warn' | 'plain';
  readonly until: number;
}

/** All that the terminal remembers; `ui` is what the screens see of it. */
export interface Model {
  readonly ui: Ui;
  readonly mode: Mode;
  /** Screens that Backspace goes back to, the last one at the end. */
  readonly trail: readonly ScreenId[];
  readonly focus: string | undefined;
  readonly message: Message | undefined;
  /** Lines of the palette, newest last. */
  readonly history: readonly string[];
  /** The picture that is held; undefined while it moves. */
  readonly frozen: Scene | undefined;
  readonly isMouseOn: boolean;
  readonly seen: SeenDraft | undefined;
  /** Forms that were left half filled in. */
  readonly kept: Readonly<Partial<Record<FormName, Readonly<Record<string, string>>>>>;
  /** Deeds that were sent and have no answer yet. */
  readonly busy: number;
  readonly lastKey: LastKey | undefined;
  readonly alarm: Alarm;
}

/** The key that came last: the same one again may be held. */
export interface LastKey {
  readonly name: string;
  readonly at: number;
  /** Something was sent with it. */
  readonly isDeed: boolean;
}

export type FormName = NonNullable<Ui['form']>['form'];

/** What happens to the terminal. `at` is the face's clock, ms. */
export type Event =
  | { readonly kind: 'key'; readonly key: Key; readonly at: number }
  | { readonly kind: 'paste'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'click';
      readonly target: Pick<Target, 'block' | 'key'> | undefined;
      readonly tab: string | undefined;
      readonly at: number;
    }
  /** `block` is the one under the pointer. */
  | { readonly kind: 'wheel'; readonly block: string | undefined; readonly lines: number; readonly at: number }
  | { readonly kind: 'tick'; readonly at: number }
  /** Alerts changed: those that are open now, in a journal that ends at `last`. `isMute`: no bell. */
  | {
      readonly kind: 'heard';
      readonly open: readonly OpenAlert[];
      readonly last: number;
      readonly isMute: boolean;
      readonly at: number;
    }
  /** An answer to `preview` or `review`; it holds for the inputs that it was asked with. */
  | {
      readonly kind: 'previewed';
      readonly inputs: Readonly<Record<string, string>>;
      readonly preview: Preview;
      readonly isReview: boolean;
      readonly at: number;
    }
  /** An answer that did not come. */
  | { readonly kind: 'failed'; readonly text: string; readonly at: number }
  | {
      readonly kind: 'checked';
      readonly inputs: Readonly<Record<string, string>>;
      readonly problems: Readonly<Record<string, string>>;
    }
  | { readonly kind: 'hinted'; readonly text: string; readonly hints: readonly Hint[] }
  | { readonly kind: 'ran'; readonly deed: Deed; readonly result: Result; readonly shown: Shown; readonly at: number };

/** How the outcome of a deed is shown: in a line that goes, or in a panel. */
export type Shown = 'message' | 'panel';

/** How a command ended, as lines for people. */
export interface Result {
  readonly isOk: boolean;
  /** The sentence for a line. */
  readonly summary: string;
  readonly lines: readonly Line[];
}

/** What the program is to do; `update` does nothing itself. */
export type Effect =
  | { readonly do: 'run'; readonly deed: Deed; readonly shown: Shown }
  /** Asks what `review` says; with `isReview` right before it is sent. */
  | {
      readonly do: 'preview';
      readonly inputs: Readonly<Record<string, string>>;
      readonly symbol: string;
      readonly draft: Draft;
      readonly isReview: boolean;
    }
  | { readonly do: 'send'; readonly deed: Deed; readonly symbol: string; readonly draft: Draft }
  /** Asks the command line what is wrong with options, each for itself. */
  | {
      readonly do: 'check';
      readonly words: readonly string[];
      readonly inputs: Readonly<Record<string, string>>;
    }
  /** Prices of a symbol that no run trades are needed. */
  | { readonly do: 'watch'; readonly symbol: string }
  | { readonly do: 'hint'; readonly text: string }
  | { readonly do: 'mouse'; readonly isOn: boolean }
  /** Ends the commands that are still at work. */
  | { readonly do: 'abort' }
  | { readonly do: 'ring' }
  | { readonly do: 'leave'; readonly isEngineToo: boolean };

/** What keys act on: the picture as it is shown, and the surroundings. */
export interface Sight {
  readonly scene: Scene;
  readonly view: View;
  /** The run and the symbol that are looked at. */
  readonly run: Run | undefined;
  readonly symbol: string | undefined;
  /** The zone of this machine. */
  readonly local: Ui['zone'];
  readonly say: TuiSay;
  readonly draftOf: (inputs: Readonly<Record<string, string>>) => DraftReading;
  /** Lines of the body: what a page is. */
  readonly pageLines: number;
  /** The terminal is too small for a screen: what a key would act on is not seen. */
  readonly isTooSmall: boolean;
}

/** A model with what is to be done. */
export type Step = readonly [Model, readonly Effect[]];

export const browse: Mode = { is: 'browse' };

/** Remarks go after about 2.5 s; what was refused stays long enough to be read. */
const MESSAGE_MS = 2_500;
const REFUSAL_MS = 6_000;

/** The model with a remark. */
export function remark(model: Model, text: string, at: number, tone: Message['tone'] = 'plain'): Model {
  return { ...model, message: { text, tone, until: at + (tone === 'bad' ? REFUSAL_MS : MESSAGE_MS) } };
}

/** A terminal where nothing was pressed yet. */
export const beginModel = (ui: Ui): Model => ({
  ui,
  mode: browse,
  trail: [],
  focus: undefined,
  message: undefined,
  history: [],
  frozen: undefined,
  isMouseOn: false,
  seen: undefined,
  kept: {},
  busy: 0,
  lastKey: undefined,
  alarm: NO_ALARM,
});
