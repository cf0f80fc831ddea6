import { chmodSync, chownSync, mkdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../../src/core/config/redact.ts';
import { findKey } from '../../../../src/core/config/secrets/find.ts';
import { fits, shortKey } from '../../../../src/core/config/secrets/key.ts';
import type { Keyring } from '../../../../src/core/config/secrets/keyring.ts';
import type { SecretPlaces } from '../../../../src/core/config/secrets/places.ts';
import { listKeys, removeKey, storeKey } from '../../../../src/core/config/secrets/store.ts';
import { scratchFolder } from '../../../support/scratch.ts';

const EXCHANGE = 'binanceusdm';
const PASSPHRASE = 'correct horse battery';
const keyOf = (from: string) => ({
  exchange: EXCHANGE,
  apiKey: `${from}KEY0123456789abc`,
  secret: `${from}SECRET0123456`,
});
const text = (from: string): string => JSON.stringify(keyOf(from));

interface Home {
  readonly places: SecretPlaces;
  readonly folder: string;
}

function home(changes: Partial<SecretPlaces> = {}): Home {
  const folder = join(scratchFolder(), 'keys');
  mkdirSync(folder, { mode: 0o700 });
  const places: SecretPlaces = {
    folder,
    keyring: () => Promise.resolve('no service'),
    register: () => undefined,
    ...changes,
  };
  return { places, folder };
}

function file(path: string, content: string, mode = 0o600): string {
  writeFileSync(path, content);
  chmodSync(path, mode);
  return path;
}

/** A keyring in memory. */
function keyringOf(entries: Record<string, string>): Keyring {
  const held = new Map(Object.entries(entries));
  return {
    get: (exchange) => Promise.resolve(held.get(exchange)),
    set: (exchange, content) => Promise.resolve(void held.set(exchange, content)),
    remove: (exchange) => Promise.resolve(held.delete(exchange)),
    list: () => Promise.resolve([...held].map(([exchange, content]) => ({ exchange, text: content }))),
  };
}

function credentialsOf(files: Record<string, string>): string {
  const folder = scratchFolder();
  for (const [name, content] of Object.entries(files)) file(join(folder, name), content, 0o400);
  return folder;
}

describe('a key', () => {
  it('is taken from the first place that has one: systemd, keyring, sealed file, plain file', async () => {
    const keyring = keyringOf({ [EXCHANGE]: text('ring') });
    const all = home({
      credentials: credentialsOf({ [`dzentra-${EXCHANGE}`]: text('unit') }),
      keyring: () => Promise.resolve(keyring),
      ask: () => Promise.resolve(PASSPHRASE),
    });
    await storeKey(keyOf('sealed'), 'encrypted', all.places, PASSPHRASE);
    await storeKey(keyOf('plain'), 'file', all.places);
    const { credentials: _, ...withoutUnit } = all.places;
    const withoutRing = { ...withoutUnit, keyring: () => Promise.resolve('none') };
    expect(await findKey(EXCHANGE, all.places)).toMatchObject({ ...keyOf('unit'), from: 'systemd', isSandbox: false });
    expect(await findKey(EXCHANGE, withoutUnit)).toMatchObject({ ...keyOf('ring'), from: 'keyring' });
    expect(await findKey(EXCHANGE, withoutRing)).toMatchObject({ ...keyOf('sealed'), from: 'encrypted' });
    await removeKey(EXCHANGE, withoutRing);
    await storeKey(keyOf('plain'), 'file', all.places);
    expect(await findKey(EXCHANGE, withoutRing)).toMatchObject({ ...keyOf('plain'), from: 'file' });
    expect(await findKey('bybit', all.places)).toBeUndefined();
    expect(await findKey(`../keys/${EXCHANGE}`, withoutRing)).toBeUndefined();
  });

  it('that is found is hidden from then on, whole or in parts of a text', async () => {
    const redactor = createRedactor();
    const { places } = home({ register: redactor.register });
    await storeKey({ ...keyOf('plain'), passphrase: 'pAss/phrase+1' }, 'file', places);
    await findKey(EXCHANGE, places);
    const { apiKey, secret } = keyOf('plain');
    const said = redactor.hide(`key ${apiKey} secret=${secret} ${encodeURIComponent('pAss/phrase+1')}`);
    for (const each of [apiKey, secret, 'pAss', encodeURIComponent('pAss/phrase+1')]) expect(said).not.toContain(each);
  });

  it('may be two or three bare lines of systemd', async () => {
    const credentials = credentialsOf({ 'dzentra-okx': 'k1\r\ns1\np1\n' });
    expect(await findKey('okx', home({ credentials }).places)).toMatchObject({
      apiKey: 'k1',
      secret: 's1',
      passphrase: 'p1',
    });
    const cut = home({ credentials: credentialsOf({ 'dzentra-okx': 'k1\n' }) });
    const fix = 'give dzentra-okx key and secret, a line each';
    expect(await findKey('okx', cut.places)).toMatchObject({ code: 'KEY_DAMAGED', fix });
  });

  it('of a keyring that fails is looked for in the files', async () => {
    const broken: Keyring = {
      ...keyringOf({}),
      get: () => Promise.reject(new Error('locked')),
      list: () => Promise.reject(new Error('locked')),
    };
    const { places } = home({ keyring: () => Promise.resolve(broken) });
    await storeKey(keyOf('plain'), 'file', places);
    expect(await findKey(EXCHANGE, places)).toMatchObject({ from: 'file' });
    expect(await listKeys(places)).toMatchObject([{ from: 'file' }]);
  });

  it.each([
    ['no JSON', '{ nonsense CANARY'],
    ['no apiKey', '{"secret":"CANARY"}'],
    ['no secret', '{"apiKey":"CANARY","secret":""}'],
    ['a key of another exchange', '{"exchange":"okx","apiKey":"CANARY","secret":"CANARY"}'],
  ])('that is damaged is told without its text: %s', async (found, content) => {
    const { places, folder } = home();
    file(join(folder, `${EXCHANGE}.json`), content);
    const answer = await findKey(EXCHANGE, places);
    expect(answer).toMatchObject({ code: 'KEY_DAMAGED', found });
    expect(JSON.stringify(answer)).not.toContain('CANARY');
  });
});

describe('a plain file', () => {
  const path = (folder: string): string => join(folder, `${EXCHANGE}.json`);

  it.each([0o640, 0o604, 0o660, 0o666, 0o644])('of mode %o is refused with the command that helps', async (mode) => {
    const { places, folder } = home();
    file(path(folder), text('plain'), mode);
    const answer = await findKey(EXCHANGE, places);
    expect(answer).toMatchObject({ code: 'KEY_UNSAFE', fix: `chmod 600 ${path(folder)}` });
    expect(await listKeys(places)).toMatchObject([{ from: 'file', key: null, problem: { code: 'KEY_UNSAFE' } }]);
  });

  it.each([0o600, 0o400])('of mode %o is taken', async (mode) => {
    const { places, folder } = home();
    file(path(folder), text('plain'), mode);
    expect(await findKey(EXCHANGE, places)).toMatchObject({ from: 'file' });
  });

  it('in a folder that others write to is refused', async () => {
    const { places, folder } = home();
    file(path(folder), text('plain'));
    chmodSync(folder, 0o777);
    expect(await findKey(EXCHANGE, places)).toMatchObject({ code: 'KEY_UNSAFE', fix: `chmod 700 ${folder}` });
  });

  it('that is a link is taken inside its folder and refused out of it', async () => {
    const { places, folder } = home();
    symlinkSync(file(join(folder, 'real'), text('plain')), path(folder));
    expect(await findKey(EXCHANGE, places)).toMatchObject({ from: 'file' });
    const other = home();
    symlinkSync(file(join(scratchFolder(), 'real'), text('plain')), path(other.folder));
    expect(await findKey(EXCHANGE, other.places)).toMatchObject({
      code: 'KEY_UNSAFE',
      found: 'a link out of its folder',
    });
  });

  it.skipIf(process.geteuid?.() !== 0)(
    'of another user is refused (as user 0: only then can a test make one)',
    async () => {
      const { places, folder } = home();
      chownSync(file(path(folder), text('plain')), 12_345, 12_345);
      expect(await findKey(EXCHANGE, places)).toMatchObject({ code: 'KEY_UNSAFE', found: 'it belongs to user 12345' });
    },
  );

  it('that is a folder is no key', async () => {
    const { places, folder } = home();
    mkdirSync(path(folder), { mode: 0o700 });
    expect(await findKey(EXCHANGE, places)).toMatchObject({ code: 'KEY_UNSAFE' });
  });
});

describe('a sealed file', () => {
  it('opens with its passphrase, of a person, of systemd or of a private file', async () => {
    const { places, folder } = home();
    await storeKey(keyOf('sealed'), 'encrypted', places, PASSPHRASE);
    const passphraseFile = file(join(folder, 'phrase'), `${PASSPHRASE}\n`);
    const credentials = credentialsOf({ 'dzentra-passphrase': PASSPHRASE });
    const questions: string[] = [];
    const ask = (question: string) => {
      questions.push(question);
      return Promise.resolve(PASSPHRASE);
    };
    for (const way of [{ ask }, { passphraseFile }, { credentials }, { credentials, ask }])
      expect(await findKey(EXCHANGE, { ...places, ...way })).toMatchObject({ ...keyOf('sealed'), from: 'encrypted' });
    expect(questions).toEqual([`Passphrase of the key of ${EXCHANGE}:`]);
  });

  it('says plainly that the passphrase is wrong, missing, or in a file that others read', async () => {
    const { places, folder } = home();
    await storeKey(keyOf('sealed'), 'encrypted', places, PASSPHRASE);
    const wrong = await findKey(EXCHANGE, { ...places, ask: () => Promise.resolve('another one') });
    expect(wrong).toMatchObject({ code: 'WRONG_PASSPHRASE', found: expect.stringContaining('passphrase is wrong') });
    expect(await findKey(EXCHANGE, places)).toMatchObject({ code: 'NO_PASSPHRASE' });
    expect(await findKey(EXCHANGE, { ...places, ask: () => Promise.resolve(undefined) })).toMatchObject({
      code: 'NO_PASSPHRASE',
    });
    const passphraseFile = file(join(folder, 'phrase'), PASSPHRASE, 0o644);
    expect(await findKey(EXCHANGE, { ...places, passphraseFile })).toMatchObject({
      code: 'KEY_UNSAFE',
      fix: `chmod 600 ${passphraseFile}`,
    });
  });

  it('holds neither key nor secret in plain, and no plain field of it can be changed', async () => {
    const { places, folder } = home({ ask: () => Promise.resolve(PASSPHRASE) });
    await storeKey(keyOf('sealed'), 'encrypted', places, PASSPHRASE);
    const path = join(folder, `${EXCHANGE}.sealed.json`);
    const sealed = readFileSync(path, 'utf8');
    for (const each of [keyOf('sealed').apiKey, keyOf('sealed').secret, PASSPHRASE]) expect(sealed).not.toContain(each);
    file(path, sealed.replace('"key":"seal', '"key":"fake'));
    expect(await findKey(EXCHANGE, places)).toMatchObject({ code: 'WRONG_PASSPHRASE' });
    file(path, sealed.replace(/"N":\d+/, '"N":1099511627776'));
    expect(await findKey(EXCHANGE, places)).toMatchObject({ code: 'KEY_DAMAGED' });
  });

  it('is listed without being opened', async () => {
    const { places } = home();
    await storeKey({ ...keyOf('sealed'), addedAt: 5 }, 'encrypted', places, PASSPHRASE);
    const label = { exchange: EXCHANGE, from: 'encrypted', key: 'seal...9abc', addedAt: 5, problem: null };
    expect(await listKeys(places)).toEqual([label]);
  });
});

describe('keeping keys', () => {
  it('in the keyring, and taking them away from wherever they are', async () => {
    const keyring = keyringOf({});
    const { places, folder } = home({ keyring: () => Promise.resolve(keyring) });
    expect(await storeKey(keyOf('ring'), 'keyring', places)).toBe('the keyring');
    expect(await findKey(EXCHANGE, places)).toMatchObject({ ...keyOf('ring'), from: 'keyring' });
    await storeKey(keyOf('plain'), 'file', places);
    expect(await removeKey(EXCHANGE, places)).toEqual(['the keyring', join(folder, `${EXCHANGE}.json`)]);
    expect(await findKey(EXCHANGE, places)).toBeUndefined();
    expect(await removeKey(EXCHANGE, places)).toEqual([]);
  });

  it('says what to do where there is no keyring or it fails', async () => {
    expect(await storeKey(keyOf('ring'), 'keyring', home().places)).toMatchObject({
      code: 'NO_KEYRING',
      fix: expect.stringContaining('--in encrypted'),
    });
    const broken: Keyring = { ...keyringOf({}), set: () => Promise.reject(new Error('locked')) };
    expect(
      await storeKey(keyOf('ring'), 'keyring', home({ keyring: () => Promise.resolve(broken) }).places),
    ).toMatchObject({ code: 'KEYRING_FAILED', found: 'locked' });
  });

  it('makes folder and file for their owner alone', async () => {
    const folder = join(scratchFolder(), 'a', 'keys');
    const path = await storeKey(keyOf('plain'), 'file', { ...home().places, folder });
    expect([statSync(folder).mode & 0o777, statSync(path as string).mode & 0o777]).toEqual([0o700, 0o600]);
  });
});

describe('a key and an endpoint', () => {
  it.each<[string, { base?: string; proxy?: string }, string | undefined]>([
    ['sandbox-read', { base: 'http://127.0.0.1:1' }, undefined],
    ['realKEY', {}, undefined],
    ['sandbox-read', {}, 'a real key for the hosts'],
    ['sandbox-read', { proxy: 'http://127.0.0.1:1' }, 'a real key for the hosts'],
    ['realKEY', { base: 'http://127.0.0.1:1' }, 'begins with sandbox'],
  ])('%s at %o', (apiKey, endpoint, expected) => {
    const problem = fits({ exchange: EXCHANGE, isSandbox: apiKey.startsWith('sandbox') }, endpoint);
    if (expected === undefined) expect(problem).toBeUndefined();
    else expect(problem).toMatchObject({ code: 'KEY_MISFIT', expected: expect.stringContaining(expected) });
  });

  it('shows no more than the ends of a key', () => {
    expect(shortKey('abcdefgh12345678')).toBe('abcd...5678');
    expect(shortKey('abcdefgh')).toBe('ab...');
  });
});
