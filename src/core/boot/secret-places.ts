import { join } from 'node:path';
import { processRedactor } from '../config/redact.ts';
import { type Keyring, openKeyring } from '../config/secrets/keyring.ts';
import type { SecretPlaces } from '../config/secrets/places.ts';
import type { Paths } from './paths.ts';

/**
 * Where the keys of this user lie. The keyring is opened once, when it is first asked; DZENTRA_KEYRING=off leaves it alone.
 */
export function secretPlaces(
  paths: Paths,
  env: Readonly<Record<string, string | undefined>>,
  ask?: SecretPlaces['ask'],
): SecretPlaces {
  const absolute = (path: string | undefined): string | undefined =>
    path?.startsWith('/') === true ? path : undefined;
  return {
    folder: join(paths.config, 'keys'),
    credentials: absolute(env.CREDENTIALS_DIRECTORY),
    passphraseFile: absolute(env.DZENTRA_PASSPHRASE_FILE),
    keyring: async () => {
      if (env.DZENTRA_KEYRING === 'off') return 'DZENTRA_KEYRING=off';
      keyring ??= openKeyring();
      return await keyring;
    },
    ask,
    register: (secret) => processRedactor.register(secret),
  };
}

let keyring: Promise<Keyring | string> | undefined;
