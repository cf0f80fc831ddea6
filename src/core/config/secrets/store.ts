import { readdir, rm } from 'node:fs/promises';
import { EXCHANGE_NAME } from '../exchanges.ts';
import { contentOf, keyIn } from './content.ts';
import { isSecretProblem, type KeptKey, type KeySource, type SecretProblem, secretProblem, shortKey } from './key.ts';
import {
  CREDENTIAL_PREFIX,
  PASSPHRASE_CREDENTIAL,
  plainFile,
  type SecretPlaces,
  sealedFile,
  TELEGRAM_CREDENTIAL,
} from './places.ts';
import { readPrivate, writePrivate } from './private-file.ts';
import { labelOf, seal } from './sealed.ts';

/** A key in a list: no more than its ends are shown. */
export interface KeyLabel {
  readonly exchange: string;
  readonly from: KeySource;
  /** First and last characters; null where they cannot be read. */
  readonly key: string | null;
  /** ms UTC; null where it is not known. */
  readonly addedAt: number | null;
  readonly problem: SecretProblem | null;
}

/** Where a key is put. */
export type KeyPlace = Exclude<KeySource, 'systemd'>;

/** Keeps a key; a passphrase is for `encrypted`. Answers where it is now. */
export async function storeKey(
  key: KeptKey,
  place: KeyPlace,
  places: SecretPlaces,
  passphrase?: string,
): Promise<string | SecretProblem> {
  const { exchange } = key;
  if (place === 'keyring') return await intoKeyring(key, places);
  const path = place === 'file' ? plainFile(places, exchange) : sealedFile(places, exchange);
  if (place === 'encrypted' && (passphrase ?? '') === '')
    return secretProblem('NO_PASSPHRASE', 'a passphrase for the sealed key', 'none', 'give one');
  await writePrivate(path, place === 'file' ? contentOf(key) : await seal(key, passphrase ?? ''));
  return path;
}

async function intoKeyring(key: KeptKey, places: SecretPlaces): Promise<string | SecretProblem> {
  const keyring = await places.keyring();
  const fix = `dzentra keys add ${key.exchange} --in encrypted`;
  if (typeof keyring === 'string') return secretProblem('NO_KEYRING', 'a keyring of the desktop', keyring, fix);
  try {
    await keyring.set(key.exchange, contentOf(key));
    return 'the keyring';
  } catch (problem) {
    return secretProblem('KEYRING_FAILED', 'a keyring that takes the key', messageOf(problem), fix);
  }
}

/** Takes the keys of an exchange away, wherever they are; what systemd gives stays. Answers the places. */
export async function removeKey(exchange: string, places: SecretPlaces): Promise<readonly string[] | SecretProblem> {
  const removed: string[] = [];
  const keyring = await places.keyring();
  if (typeof keyring !== 'string') {
    try {
      if (await keyring.remove(exchange)) removed.push('the keyring');
    } catch (problem) {
      return secretProblem(
        'KEYRING_FAILED',
        'a keyring that lets the key go',
        messageOf(problem),
        'unlock it, and again',
      );
    }
  }
  for (const path of [sealedFile(places, exchange), plainFile(places, exchange)]) {
    if (await isGone(path)) removed.push(path);
  }
  return removed;
}

async function isGone(path: string): Promise<boolean> {
  try {
    await rm(path);
    return true;
  } catch (problem) {
    if (problem instanceof Error && 'code' in problem && problem.code === 'ENOENT') return false;
    throw problem;
  }
}

/** All keys that there are, the ones that are used first. Nobody is asked for a passphrase. */
export async function listKeys(places: SecretPlaces): Promise<readonly KeyLabel[]> {
  const groups = await Promise.all([credentialLabels(places), keyringLabels(places), fileLabels(places)]);
  return groups.flat();
}

/** What is no key of an exchange. */
const NO_KEYS: ReadonlySet<string> = new Set([PASSPHRASE_CREDENTIAL, TELEGRAM_CREDENTIAL]);

async function credentialLabels({ credentials }: SecretPlaces): Promise<readonly KeyLabel[]> {
  if (credentials === undefined) return [];
  const names = (await namesIn(credentials)).filter((name) => name.startsWith(CREDENTIAL_PREFIX) && !NO_KEYS.has(name));
  return await Promise.all(
    names.map(async (name) => {
      const path = `${credentials}/${name}`;
      return labelled(name.slice(CREDENTIAL_PREFIX.length), 'systemd', await readPrivate(path, 'systemd'), path);
    }),
  );
}

async function keyringLabels(places: SecretPlaces): Promise<readonly KeyLabel[]> {
  const keyring = await places.keyring();
  if (typeof keyring === 'string') return [];
  try {
    const found = await keyring.list();
    return found
      .filter(({ exchange }) => EXCHANGE_NAME.test(exchange))
      .map(({ exchange, text }) => labelled(exchange, 'keyring', text, 'the keyring'));
  } catch {
    return [];
  }
}

async function fileLabels(places: SecretPlaces): Promise<readonly KeyLabel[]> {
  const names = await namesIn(places.folder);
  const labels = names.map(async (name): Promise<readonly KeyLabel[]> => {
    const [, exchange, isSealed] = /^([a-z][a-z0-9]*)(\.sealed)?\.json$/.exec(name) ?? [];
    if (exchange === undefined) return [];
    const path = `${places.folder}/${name}`;
    const text = await readPrivate(path);
    if (isSealed === undefined || typeof text !== 'string') {
      return [labelled(exchange, isSealed === undefined ? 'file' : 'encrypted', text, path)];
    }
    const { key = null, addedAt = null } = labelOf(text) ?? {};
    return [{ exchange, from: 'encrypted', key, addedAt, problem: null }];
  });
  const found = (await Promise.all(labels)).flat();
  return found.sort((a, b) => (a.from === b.from ? 0 : a.from === 'encrypted' ? -1 : 1));
}

function labelled(
  exchange: string,
  from: KeySource,
  text: string | undefined | SecretProblem,
  place: string,
): KeyLabel {
  const key = typeof text === 'string' ? keyIn(text, exchange, place) : text;
  if (key === undefined || isSecretProblem(key))
    return { exchange, from, key: null, addedAt: null, problem: key ?? null };
  return { exchange, from, key: shortKey(key.apiKey), addedAt: key.addedAt ?? null, problem: null };
}

async function namesIn(folder: string): Promise<readonly string[]> {
  try {
    return (await readdir(folder)).sort();
  } catch {
    return [];
  }
}

const messageOf = (problem: unknown): string => (problem instanceof Error ? problem.message : String(problem));
