import type { FoundKey } from '../../config/secrets/key.ts';
import type { KeyLabel, KeyPlace } from '../../config/secrets/store.ts';
import type { KeyRights } from '../../venue/exchange.ts';
import type { Refusal } from '../refusal.ts';

/** Asks a person without showing what is typed; undefined is no answer. */
export type AskSecret = (question: string) => Promise<string | undefined>;

/** A key as it was given, before it is stored. */
export interface GivenKey {
  readonly exchange: string;
  readonly apiKey: string;
  readonly secret: string;
  readonly passphrase?: string | undefined;
}

/** Keys of exchanges, and what may be asked with them. None of it prints a secret. */
export interface KeyPorts {
  list(): Promise<readonly KeyLabel[]>;
  /** The key that would be used; a sealed one asks for its passphrase. */
  find(exchange: string, ask: AskSecret | undefined): Promise<FoundKey | Refusal | undefined>;
  /** What the exchange says that the key may do; refused where it cannot be asked, and where key and endpoint do not fit. */
  check(key: GivenKey): Promise<KeyRights | Refusal>;
  /** Why there is no keyring; undefined where there is one. */
  whyNoKeyring(): Promise<string | undefined>;
  /** The passphrase for sealing that needs nobody: of systemd, or of DZENTRA_PASSPHRASE_FILE. */
  passphrase(): Promise<string | Refusal | undefined>;
  /** Keeps a key and answers where. */
  add(key: GivenKey, place: KeyPlace, passphrase: string | undefined): Promise<string | Refusal>;
  /** Takes all keys of an exchange away that are ours to take; answers the places. */
  remove(exchange: string): Promise<readonly string[] | Refusal>;
}

export type { KeyLabel, KeyPlace };
