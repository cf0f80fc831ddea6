import type { Money } from '../base/decimal.ts';
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
  readonly params: Readonly<Record<string, number | string | boolean>>;
  readonly timeframeMs: number;
  readonly higherMs: number;
  readonly seed: number;
  readonly instrument: Instrument;
  readonly riskSettings: RiskSettings;
  readonly observe: boolean;
}

/** What can be asked of the engine. Money is exact; a run is addressed by its number. */
export type Command =
  | OpenAccount
  | StartRun
  | { readonly name: 'stop_run'; readonly run: number; readonly position: 'keep' | 'flatten' }
  | { readonly name: 'pause_run' | 'resume_run' | 'close_position'; readonly run: number }
  | { readonly name: 'enter'; readonly run: number; readonly sign: Sign; readonly noStop: boolean }
  | { readonly name: 'flip_position'; readonly run: number }
  | { readonly name: 'change_settings'; readonly run: number; readonly riskSettings: RiskSettings }
  | { readonly name: 'panic' | 'resume_account'; readonly account: string }
  | { readonly name: 'note'; readonly about: number; readonly note: string };
