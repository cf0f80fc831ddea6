import { join } from 'node:path';
import type { SecretProblem } from './key.ts';
import type { Keyring } from './keyring.ts';
import { readPrivate } from './private-file.ts';

/** Where keys may lie. Never in an argument, never in the value of a variable. */
export interface SecretPlaces {
  /** `$XDG_CONFIG_HOME/dzentra/keys`. */
  readonly folder: string;
  /** $CREDENTIALS_DIRECTORY of systemd. */
  readonly credentials?: string | undefined;
  /** DZENTRA_PASSPHRASE_FILE: a file of mode 0600. */
  readonly passphraseFile?: string | undefined;
  /** The keyring, or why there is none. */
  keyring(): Promise<Keyring | string>;
  /** Asks a person without showing what is typed; absent where there is none. Undefined is no answer. */
  readonly ask?: ((question: string) => Promise<string | undefined>) | undefined;
  /** Makes a secret known to every sink that hides them. */
  register(secret: string): void;
}

export const plainFile = ({ folder }: SecretPlaces, exchange: string): string => join(folder, `${exchange}.json`);
export const sealedFile = ({ folder }: SecretPlaces, exchange: string): string =>
  join(folder, `${exchange}.sealed.json`);

export const CREDENTIAL_PREFIX = 'dzentra-';
export const PASSPHRASE_CREDENTIAL = 'dzentra-passphrase';
/** The token of a Telegram bot. */
export const TELEGRAM_CREDENTIAL = 'dzentra-telegram';

/**
 * The passphrase of sealed keys: a credential of systemd, else a private file, else as a person types it. Undefined where
 * there is none.
 */
export async function passphraseOf(
  places: SecretPlaces,
  question: string,
): Promise<string | undefined | SecretProblem> {
  const { credentials, passphraseFile, ask } = places;
  const credential =
    credentials === undefined ? undefined : await readPrivate(join(credentials, PASSPHRASE_CREDENTIAL), 'systemd');
  const told = credential ?? (passphraseFile === undefined ? undefined : await readPrivate(passphraseFile));
  if (typeof told === 'object') return told;
  const given = told?.replace(/\r?\n$/, '') ?? (await ask?.(question));
  if (given === undefined || given === '') return undefined;
  places.register(given);
  return given;
}
