import { readdirSync, readFileSync } from 'node:fs';
import { join, relative, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import { describe, expect, it } from 'vitest';
import { hasWord, type Words, words } from '../../../src/core/view/language.ts';

const entries = {
  en: { found: '{count} {count|entry|entries} of {account}', empty: 'nothing yet' },
  ru: { found: '{count} {count|запись|записи|записей} счёта {account}', empty: 'пока ничего' },
} as const;

describe('plurals', () => {
  it.each([
    [0, '0 entries of main', '0 записей счёта main'],
    [1, '1 entry of main', '1 запись счёта main'],
    [2, '2 entries of main', '2 записи счёта main'],
    [5, '5 entries of main', '5 записей счёта main'],
    [11, '11 entries of main', '11 записей счёта main'],
    [21, '21 entries of main', '21 запись счёта main'],
    [22, '22 entries of main', '22 записи счёта main'],
    [112, '112 entries of main', '112 записей счёта main'],
    [1.5, '1.5 entries of main', '1.5 записи счёта main'],
    [12_001, '12,001 entries of main', '12,001 запись счёта main'],
  ])('of %d follow each language', (count, english, russian) => {
    expect(words(entries, 'en')('found', { count, account: 'main' })).toBe(english);
    expect(words(entries, 'ru')('found', { count, account: 'main' })).toBe(russian);
  });

  it('leaves braces in a filling alone', () => {
    expect(words(entries, 'en')('found', { count: 1, account: '{count}$&' })).toBe('1 entry of {count}$&');
  });

  it('knows which codes it has a word for', () => {
    expect(hasWord(entries, 'empty')).toBe(true);
    expect(hasWord(entries, 'toString')).toBe(false);
  });
});

const src = resolve(import.meta.dirname, '../../../src');
const folder = join(src, 'core/view/words');
/** Faces, and the rooms whose codes are keys. */
const USERS = ['view', 'command', 'domain', 'risk', 'strategy', 'execution', 'alert'].map((room) => `core/${room}`);
const FACES = ['tui', 'cli', 'telegram', 'testing'];

const filesIn = (root: string): string[] =>
  readdirSync(root, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile() && /\.tsx?$/.test(entry.name))
    .map((entry) => join(entry.parentPath, entry.name));

const wordFiles = filesIn(folder);
const users = [...USERS, ...FACES]
  .flatMap((face) => {
    try {
      return filesIn(join(src, face));
    } catch {
      return [];
    }
  })
  .filter((file) => !file.startsWith(`${folder}/`));
const sources = users.map((file) => readFileSync(file, 'utf8'));

const load = (file: string): Promise<Partial<Words<Record<string, string>>>> => import(pathToFileURL(file).href);

/** English may do without forms where its noun does not change, and Russian likewise: only the names must agree. */
const names = (text: string): string[] =>
  [...new Set([...text.matchAll(/\{(\w+)/g)].map(([, name]) => name ?? ''))].sort();

const formCounts = (text: string): number[] =>
  [...text.matchAll(/\{\w+((?:\|[^{}|]*)+)\}/g)].map(([, forms = '']) => forms.split('|').length - 1);

/** Quoted somewhere, or one of a family that is built of a prefix and a code. */
const isUsed = (key: string): boolean => {
  const family = key.includes('.') ? [`\`${key.slice(0, key.lastIndexOf('.') + 1)}\${`] : [];
  return [`'${key}'`, ...family].some((text) => sources.some((source) => source.includes(text)));
};

describe.each(wordFiles.map((file) => [relative(folder, file), file] as const))('words/%s', (_, file) => {
  it('has every key in both languages', async () => {
    const { en = {}, ru = {} } = await load(file);
    expect(Object.keys(en).length).toBeGreaterThan(0);
    expect(Object.keys(ru).sort()).toEqual(Object.keys(en).sort());
    expect([...Object.entries(en), ...Object.entries(ru)].filter(([, text]) => text.trim() === '')).toEqual([]);
  });

  it('has the same placeholders in both, well formed', async () => {
    const { en = {}, ru = {} } = await load(file);
    for (const [key, text] of Object.entries(en)) {
      const russian = ru[key] ?? '';
      expect([key, names(russian)]).toEqual([key, names(text)]);
      expect([key, formCounts(text).filter((count) => count !== 2)]).toEqual([key, []]);
      expect([key, formCounts(russian).filter((count) => count !== 3)]).toEqual([key, []]);
      for (const said of [text, russian]) {
        expect([key, said.replace(/\{\w+(?:\|[^{}|]*)*\}/g, '')]).toEqual([key, expect.not.stringMatching(/[{}]/)]);
      }
    }
  });

  it('has no Cyrillic in English and no control characters', async () => {
    const { en = {}, ru = {} } = await load(file);
    expect(Object.entries(en).filter(([, text]) => /[\u0400-\u04ff]/.test(text))).toEqual([]);
    expect([...Object.values(en), ...Object.values(ru)].filter((text) => /\p{Cc}/u.test(text))).toEqual([]);
  });

  it('has no key that nothing uses', async () => {
    const { en = {} } = await load(file);
    expect(Object.keys(en).filter((key) => !isUsed(key))).toEqual([]);
  });
});

it('sees the words files', () => {
  expect(wordFiles.length).toBeGreaterThanOrEqual(2);
});
