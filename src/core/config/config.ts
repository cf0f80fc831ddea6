import type { Ceilings } from '../risk/defaults.ts';
import type { ExchangeTable } from './exchanges.ts';
import type { TelegramTable } from './telegram.ts';
import type { Webhook } from './webhook.ts';

/** Where a value comes from: the later ones in this list stand before the earlier ones. */
export type Origin =
  | { readonly from: 'default' }
  | { readonly from: 'file'; readonly line: number | undefined }
  | { readonly from: 'env'; readonly variable: string }
  | { readonly from: 'flag'; readonly flag: string };

/** A value with its origin, as the text that a flag takes. `text` is undefined where nothing stands. */
export interface Setting {
  readonly key: string;
  readonly text: string | undefined;
  readonly origin: Origin;
  readonly isSecret: boolean;
}

/** The configuration of one profile: machinery and ceilings, never what a run was told. */
export interface Config {
  /** Where the file is, or would be. */
  readonly file: string;
  readonly hasFile: boolean;
  readonly profile: string;
  readonly profiles: readonly string[];
  readonly settings: readonly Setting[];
  /** Language of every face: as set, else of the locale. */
  readonly locale: 'en' | 'ru';
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  readonly theme: string;
  readonly ascii: boolean;
  /** What no setting of this profile exceeds. */
  readonly ceilings: Ceilings;
  /** Texts for the flags of `auto start`, by flag without the hyphens. */
  readonly run: Readonly<Record<string, string>>;
  /** Parameters by strategy. */
  readonly params: Readonly<Record<string, Readonly<Record<string, string>>>>;
  /** What the file says of exchanges, by their names at ccxt. Never a key. */
  readonly exchanges: Readonly<Record<string, ExchangeTable>>;
  /** Where alerts are posted, where the file says so. */
  readonly webhook?: Webhook | undefined;
  /** What the file says of the bridge, else the defaults. */
  readonly telegram?: TelegramTable | undefined;
}
