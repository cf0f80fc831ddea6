import { chmodSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { createRedactor } from '../../../../src/core/config/redact.ts';
import { isSecretProblem } from '../../../../src/core/config/secrets/key.ts';
import type { Keyring } from '../../../../src/core/config/secrets/keyring.ts';
import type { SecretPlaces } from '../../../../src/core/config/secrets/places.ts';
import { findToken, keepToken, takeToken, tokenFile } from '../../../../src/core/config/secrets/token.ts';
import { scratchFolder } from '../../../support/scratch.ts';

const tokenOf = (from: string): string => `700000001:${from.padEnd(35, '-')}`;

function home(changes: Partial<SecretPlaces> = {}) {
  const folder = scratchFolder();
  const registered: string[] = [];
  const places: SecretPlaces = {
    folder: join(folder, 'keys'),
    keyring: () => Promise.resolve('no service'),
    register: (secret) => void registered.push(secret),
    ...changes,
  };
  return { folder, file: tokenFile(folder, 'night'), places, registered };
}

const ring = (get: Keyring['get']): Partial<SecretPlaces> => ({
  keyring: () => Promise.resolve({ get } as Keyring),
});

function credentials(text: string): string {
  const folder = scratchFolder();
  writeFileSync(join(folder, 'dzentra-telegram'), text, { mode: 0o400 });
  return folder;
}

describe('the token of a bot', () => {
  it('is taken from the first place that has one: environment, systemd, keyring, file', async () => {
    const asked: string[] = [];
    const keyring = ring((name) => {
      asked.push(name);
      return Promise.resolve(tokenOf('ring'));
    });
    const { places, file } = home({ credentials: credentials(`${tokenOf('unit')}\n`), ...keyring });
    await keepToken(tokenOf('file'), file);
    const found = (own: SecretPlaces, told?: string) => findToken('night', file, own, told);
    const { credentials: _, ...withoutUnit } = places;
    const alone = { ...withoutUnit, keyring: () => Promise.resolve('none') };
    expect(await found(places, tokenOf('env'))).toEqual({ token: tokenOf('env'), from: 'DZENTRA_TELEGRAM_TOKEN' });
    expect(await found(places, '')).toEqual({ token: tokenOf('unit'), from: 'systemd' });
    expect(await found(withoutUnit)).toEqual({ token: tokenOf('ring'), from: 'the keyring' });
    expect(asked).toEqual(['telegram-night']);
    expect(await found(alone)).toEqual({ token: tokenOf('file'), from: file });
    expect(await findToken('day', tokenFile(scratchFolder(), 'day'), alone, undefined)).toBeUndefined();
  });

  it('is kept in a file that nobody else can read, and refused from one that others can', async () => {
    const { places, file, folder } = home();
    await keepToken(tokenOf('file'), file);
    expect(readFileSync(file, 'utf8')).toBe(`${tokenOf('file')}\n`);
    expect([statSync(file).mode & 0o777, statSync(join(folder, 'telegram')).mode & 0o777]).toEqual([0o600, 0o700]);
    chmodSync(file, 0o644);
    expect(await findToken('night', file, places, undefined)).toMatchObject({ code: 'KEY_UNSAFE' });
    chmodSync(file, 0o600);
    chmodSync(join(folder, 'telegram'), 0o777);
    expect(await findToken('night', file, places, undefined)).toMatchObject({ code: 'KEY_UNSAFE' });
  });

  it('goes on to the file where the keyring is locked', async () => {
    const { places, file } = home(ring(() => Promise.reject(new Error('locked'))));
    await keepToken(tokenOf('file'), file);
    expect(await findToken('night', file, places, undefined)).toMatchObject({ from: file });
  });

  it.each([
    ['nothing', '  \n'],
    ['a word', 'hunter2'],
    ['a number alone', '700000001:'],
    ['a token with a letter too few', tokenOf('x').slice(0, -6)],
    ['two lines', `${tokenOf('x')}\n${tokenOf('y')}`],
    ['an address with it', `https://api.telegram.org/bot${tokenOf('x')}/getMe`],
  ])('is not %s, and what was given is never shown', (_, text) => {
    const { places } = home();
    const problem = takeToken(text, 'stdin', places);
    expect(isSecretProblem(problem)).toBe(true);
    if (text.trim() !== '') expect(JSON.stringify(problem)).not.toContain(text.trim());
  });

  it('is hidden from then on: whole, in an address, and without its number', () => {
    const redactor = createRedactor();
    const token = tokenOf('CANARY');
    takeToken(token, 'stdin', home({ register: (secret) => redactor.register(secret) }).places);
    const secret = token.split(':')[1] ?? '';
    const hidden = redactor.hide(
      `GET https://api.telegram.org/bot${token}/getMe ${encodeURIComponent(token)} ${secret}`,
    );
    expect(hidden).not.toContain(secret);
  });
});
