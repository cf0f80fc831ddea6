import { join } from 'node:path';
import { EXCHANGE_NAME } from '../exchanges.ts';
import { keyIn } from './content.ts';
import {
  type FoundKey,
  isSandboxKey,
  isSecretProblem,
  type KeptKey,
  type KeySource,
  type SecretProblem,
  secretProblem,
} from './key.ts';
import { CREDENTIAL_PREFIX, passphraseOf, plainFile, type SecretPlaces, sealedFile } from './places.ts';
import { readPrivate } from './private-file.ts';
import { unseal } from './sealed.ts';

/**
 * The key of an exchange: of systemd, else of the keyring, else sealed, else in a plain private file. The first place that
 * has one decides: where it cannot be used the others are not looked at. Its secrets are made known to all sinks.
 */
export async function findKey(exchange: string, places: SecretPlaces): Promise<FoundKey | undefined | SecretProblem> {
  // A name goes into paths.
  if (!EXCHANGE_NAME.test(exchange)) return undefined;
  for (const [from, look] of SOURCES) {
    const found = await look(exchange, places);
    if (found === undefined) continue;
    if (isSecretProblem(found)) return found;
    for (const secret of [found.apiKey, found.secret, found.passphrase ?? '']) places.register(secret);
    return { ...found, from, isSandbox: isSandboxKey(found.apiKey) };
  }
  return undefined;
}

type Look = (exchange: string, places: SecretPlaces) => Promise<KeptKey | undefined | SecretProblem>;

const SOURCES: readonly (readonly [KeySource, Look])[] = [
  ['systemd', inCredentials],
  ['keyring', inKeyring],
  ['encrypted', inSealedFile],
  ['file', inPlainFile],
];

async function inCredentials(exchange: string, { credentials }: SecretPlaces) {
  if (credentials === undefined) return undefined;
  const path = join(credentials, CREDENTIAL_PREFIX + exchange);
  const text = await readPrivate(path, 'systemd');
  if (typeof text !== 'string') return text;
  const found = keyIn(text, exchange, path);
  // A key that is added beside it is not looked at.
  return isSecretProblem(found)
    ? { ...found, fix: `give ${CREDENTIAL_PREFIX + exchange} key and secret, a line each` }
    : found;
}

/** A machine without a desktop has no keyring, and one that is locked for ever has none either: the files are next. */
async function inKeyring(exchange: string, places: SecretPlaces) {
  const keyring = await places.keyring();
  if (typeof keyring === 'string') return undefined;
  let text: string | undefined;
  try {
    text = await keyring.get(exchange);
  } catch {
    return undefined;
  }
  return text === undefined ? undefined : keyIn(text, exchange, 'the keyring');
}

async function inSealedFile(exchange: string, places: SecretPlaces) {
  const path = sealedFile(places, exchange);
  const text = await readPrivate(path);
  if (typeof text !== 'string') return text;
  const passphrase = await passphraseOf(places, `Passphrase of the key of ${exchange}:`);
  if (typeof passphrase === 'object') return passphrase;
  if (passphrase === undefined) {
    const fix =
      'ask from a terminal, set DZENTRA_PASSPHRASE_FILE to the full path of a file of mode 0600, or give systemd the credential dzentra-passphrase';
    return secretProblem('NO_PASSPHRASE', `the passphrase of ${path}`, 'none', fix);
  }
  const opened = await unseal(text, passphrase, path);
  return typeof opened === 'string' ? keyIn(opened, exchange, path) : opened;
}

async function inPlainFile(exchange: string, places: SecretPlaces) {
  const path = plainFile(places, exchange);
  const text = await readPrivate(path);
  return typeof text === 'string' ? keyIn(text, exchange, path) : text;
}
