import type { Acts, Asked, Question, Told } from '../act/acts.ts';
import type { Photo } from '../bot/api.ts';
import type { Outbound } from '../bot/outbound.ts';
import type { Clock } from '../clock.ts';
import type {
  BridgeLog,
  BridgeStore,
  Change,
  ChartName,
  EngineClient,
  FaceLine,
  Pictures,
  ScreenId,
  Ui,
} from '../core.ts';
import type { Buttons, Deed } from './button.ts';

/** What the screens of a chat are made with. */
export interface ScreensOptions {
  readonly chat: number;
  readonly client: EngineClient;
  readonly pictures: Pictures;
  readonly line: Pick<FaceLine, 'check'>;
  readonly outbound: Outbound;
  readonly buttons: Buttons;
  readonly acts: Acts;
  readonly store: Pick<BridgeStore, 'memory' | 'change'>;
  readonly clock: Clock;
  readonly log: BridgeLog;
  /** A chart of what a screen shows, drawn; a sentence where there is none. */
  chart(ui: Ui, which: ChartName): Promise<Photo | string>;
}

/** How the wait of a pressed button ends: without a word, with a passing one, or with a window. */
export interface PressEnd {
  readonly text?: string | undefined;
  readonly isAlert?: boolean | undefined;
}

/**
 * The live screens of one chat: up to four, each screen once, edited in place. Calls may come while others are under way;
 * what a call changed is shown when it resolves, or is on its way to be.
 */
export interface ChatScreens {
  /** The messages of an earlier process get screens and buttons of this one. */
  restore(): Promise<void>;
  /** Asked for: it comes at the bottom. */
  open(screen: ScreenId, pick?: Readonly<Record<string, string>>): Promise<void>;
  /** A list of all screens, with a button each, and what can be typed. */
  home(): Promise<void>;
  /** A button: every deed but `acknowledge`, which is the bridge's. */
  press(deed: Deed, asked: Asked): Promise<PressEnd>;
  /** A button that is none any more: its message is drawn anew if it is one of the live screens. */
  pressedOld(asked: Asked, is: 'old' | 'forged'): Promise<PressEnd>;
  /** A message of a person; false where no form waits for one. */
  typed(text: string, asked: Asked): Promise<boolean>;
  /** An answer to what was typed, as a message of its own; a question with its buttons, which only `asked.person` may press. */
  tell(said: Told | Question, asked?: Asked): Promise<void>;
  /** The engine's picture changed: what is shown of it is edited, now or when its time comes. */
  changed(change: Change): void;
  /** Nothing is shown any more. */
  close(): void;
}
