import type { AnyEntry } from '../domain/entry.ts';
import type { ClosedBody } from '../domain/events.ts';
import type {
  AccountFrame,
  CandleRow,
  MarketFrame,
  Preview,
  RunFrame,
  SystemFrame,
  VenueAccountFrame,
} from '../domain/frame.ts';
import type { State } from '../domain/state.ts';
import type { ScreenId } from './view.ts';

/** A closed trade with its address. */
export interface ClosedTrade {
  readonly seq: number;
  readonly run: number;
  readonly account: string;
  readonly symbol: string;
  readonly body: ClosedBody;
}

/** A mark of an account's equity; `paidIn`: what of it was deposited (below zero: withdrawn) since the mark before. */
export type EquityMark = readonly [at: number, value: number, paidIn?: number];

/** A strategy as screens tell it. */
export interface StrategyCard {
  readonly name: string;
  readonly version: number;
  readonly title: string;
  readonly about: string;
  /** `trend.ts` of the product, or a file of the user. */
  readonly origin: 'built-in' | 'own';
  readonly params: readonly {
    readonly name: string;
    readonly about: string;
    readonly range: string;
    readonly fallback: string;
  }[];
  readonly votes: readonly { readonly name: string; readonly weight: number; readonly about: string }[];
}

/** A command as help and palette tell it. */
export interface CommandCard {
  /** `journal list`. */
  readonly name: string;
  readonly summary: string;
}

/** An entry and its hash in the chain of the journal: whoever keeps both can hold the journal against them later. */
export interface Witness {
  readonly seq: number;
  /** Hex. */
  readonly hash: string;
}

/**
 * Everything that a screen may show, at one instant. With an engine it is kept by a client; without one `state` is empty
 * and `link` says so. What is not known is absent or null, and prints `?`.
 */
export interface Scene {
  readonly link: 'up' | 'lost' | 'none';
  /** Since when the link is what it is, ms of the face's clock; null where that says nothing. */
  readonly linkAt: number | null;
  readonly mode: 'PAPER' | 'LIVE' | 'DEBUG' | 'BACKTEST';
  readonly profile: string;
  /** `SIM x60`, `replay x1000`, `binanceusdm`. */
  readonly feed: string;
  /** The engine's clock; null without an engine. */
  readonly now: number | null;
  readonly state: State;
  readonly markets: readonly MarketFrame[];
  /** Closed candles of each symbol, of its frame's time frame, oldest first. */
  readonly candles: Readonly<Record<string, readonly CandleRow[]>>;
  readonly runs: readonly RunFrame[];
  readonly accounts: readonly AccountFrame[];
  readonly system: SystemFrame | null;
  /** The real account that keys were given for, for reading; absent or null where there is none. */
  readonly venueAccount?: VenueAccountFrame | null | undefined;
  /** The last entries, oldest first. */
  readonly entries: readonly AnyEntry[];
  /** Closed trades of the journal, oldest first. */
  readonly trades: readonly ClosedTrade[];
  /** Equity by account: marks of the journal, oldest first. */
  readonly equity: Readonly<Record<string, readonly EquityMark[]>>;
  /** Of the last closed days, oldest first; left out where the journal is chained by nobody. */
  readonly witnesses?: readonly Witness[] | undefined;
  readonly strategies: readonly StrategyCard[];
  readonly commands: readonly CommandCard[];
  /** The debug engine's own scene is a scene of mode DEBUG; whether it may be had at all. */
  readonly isDebugEnabled: boolean;
}

/** What a person has picked, typed and filtered: it is the face's, and survives a lost engine. */
export interface Ui {
  readonly screen: ScreenId;
  readonly locale: 'en' | 'ru';
  /** `UTC`, or minutes east of it with a name that is shown. */
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  /** The run that is looked at; undefined: the first that is not OFF, else the last. */
  readonly run?: number | undefined;
  readonly symbol?: string | undefined;
  readonly timeframeMs?: number | undefined;
  /** Text of the `/` filter. */
  readonly filter: string;
  /** What is picked in a table or a log, by block. */
  readonly picked: Readonly<Record<string, string>>;
  /** Lines that a block is scrolled by. */
  readonly scrolled: Readonly<Record<string, number>>;
  /** The entry that is looked at in detail. */
  readonly seq?: number | undefined;
  readonly form?: FormState | undefined;
}

/** A form while it is filled in. */
export interface FormState {
  readonly form: 'draft' | 'risk' | 'auto';
  readonly inputs: Readonly<Record<string, string>>;
  readonly focused: string;
  /** Where the cursor stands in the text of that field, in characters; undefined at its end. */
  readonly cursor?: number | undefined;
  /** What `review` says of it as it stands; null while it is not known. */
  readonly preview: Preview | null;
  /** What is wrong, by field. */
  readonly problems: Readonly<Record<string, string>>;
  /** A passing remark, cleared after about 2.5 s. */
  readonly status?: { readonly text: string; readonly isGood: boolean } | undefined;
  readonly isConfirming: boolean;
}

export const UTC = { name: 'UTC', offsetMinutes: 0 } as const;

/** A face that has picked nothing yet. */
export const emptyUi = (screen: ScreenId, locale: Ui['locale'] = 'en'): Ui => ({
  screen,
  locale,
  zone: UTC,
  filter: '',
  picked: {},
  scrolled: {},
});
