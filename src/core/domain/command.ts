import type { Money, Price, Qty, Rate } from '../base/decimal.ts';
import type { AlertDelivery, ChannelReport } from './alert.ts';
import type { DraftSize } from './frame.ts';
import type { Instrument } from './instrument.ts';
import type { Sign } from './order.ts';
import type { Costs, RiskSettings } from './settings.ts';

/** Opens a paper account with its first balance and the cost models of its simulated venue. */
export interface OpenAccount {
  readonly name: 'open_account';
  readonly account: string;
  readonly asset: string;
  readonly balance: Money;
  readonly costs: Costs;
}

/** Deploys a strategy on a symbol. `manual` is the human's run. */
export interface StartRun {
  readonly name: 'start_run';
  readonly account: string;
  readonly symbol: string;
  readonly strategy: string;
  readonly strategyVersion: number;
  /** Checksum of the file that the strategy was read from; the product's own have none. */
  readonly strategySha256?: string | undefined;
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly timeframeMs: number;
  readonly higherMs: number;
  readonly seed: number;
  readonly instrument: Instrument;
  readonly riskSettings: RiskSettings;
  readonly observe: boolean;
}

/** A position to be opened by hand, at the next price; what is left out comes from the run's settings. */
export interface Enter {
  readonly name: 'enter';
  readonly run: number;
  readonly sign: Sign;
  readonly noStop: boolean;
  readonly size?: DraftSize | undefined;
  /** A limit order; a market entry without it. */
  readonly limit?: Price | undefined;
  readonly postOnly?: boolean | undefined;
  readonly stopPrice?: Price | undefined;
  readonly targetPrice?: Price | undefined;
  readonly leverage?: Rate | undefined;
}

/** What can be asked of the engine. Money is exact; a run is addressed by its number. */
export type Command =
  | OpenAccount
  | StartRun
  | { readonly name: 'stop_run'; readonly run: number; readonly position: 'keep' | 'flatten' }
  /** `fault`: what went wrong in its strategy, which has no opinion any more. */
  | { readonly name: 'pause_run'; readonly run: number; readonly fault?: string | undefined }
  | { readonly name: 'resume_run'; readonly run: number }
  /** OBSERVING <-> RUNNING; the signal keeps its `startedAt`. */
  | { readonly name: 'observe_run'; readonly run: number; readonly observe: boolean }
  /** All of it, or a part. */
  | { readonly name: 'close_position'; readonly run: number; readonly qty?: Qty | undefined }
  | Enter
  | { readonly name: 'flip_position'; readonly run: number }
  | { readonly name: 'cancel_order'; readonly run: number; readonly order: number }
  /** For the next entry; with `now` the working stop and target of the open position move, too. */
  | {
      readonly name: 'change_settings';
      readonly run: number;
      readonly riskSettings: RiskSettings;
      readonly now?: boolean | undefined;
    }
  /** Moves what protects the open position. */
  | { readonly name: 'move_stop'; readonly run: number; readonly stopPrice: Price }
  | { readonly name: 'move_target'; readonly run: number; readonly targetPrice: Price }
  /** Hands position, protection and lease of a run to the symbol's manual run (`to`), or back. */
  | { readonly name: 'hand_over'; readonly run: number; readonly to: number }
  /** Deposits (above zero) and withdrawals of a paper account. */
  | { readonly name: 'transfer'; readonly account: string; readonly amount: Money }
  | { readonly name: 'panic' | 'resume_account'; readonly account: string }
  | { readonly name: 'add_alert'; readonly symbol: string; readonly side: 'above' | 'below'; readonly price: Price }
  | { readonly name: 'remove_alert'; readonly alert: number }
  /** One alert that was raised, or all of them where `alert` is 0. */
  | { readonly name: 'acknowledge_alert'; readonly alert: number; readonly by: string }
  | { readonly name: 'test_alert' }
  /** What a sink took. */
  | (AlertDelivery & { readonly name: 'deliver_alert' })
  /** A sink that ends by itself says so, and that it is back. `why`: `conflict`, `unauthorized`. */
  | (ChannelReport & { readonly name: 'report_channel' })
  /** A setting of the profile that every face shares: `language`, `zone`, `theme`, ... */
  | { readonly name: 'set_option'; readonly option: string; readonly text: string }
  | { readonly name: 'note'; readonly about: number; readonly note: string };

/** A command that was not carried out: what was expected, what was found, what to do. */
export interface Refused {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}
