import { decimal } from './format.ts';

/** The languages of every face. */
export type Locale = 'en' | 'ru';

export const LOCALES: readonly Locale[] = ['en', 'ru'];

/** What a words file exports: `export const en = {...} as const; export const ru: Record<keyof typeof en, string> = ...`. */
export interface Words<En extends Readonly<Record<string, string>>> {
  readonly en: En;
  readonly ru: Readonly<Record<keyof En, string>>;
}

/** The names in braces of a text. */
type NamesOf<Text> = Text extends `${string}{${infer Inside}}${infer Rest}`
  ? (Inside extends `${infer Name}|${string}` ? Name : Inside) | NamesOf<Rest>
  : never;

type Filled<Name extends string> = [Name] extends [never]
  ? readonly []
  : readonly [filling: Readonly<Record<Name, string | number>>];

/** Says a text by its key. What stands in braces in the English text must be given, and the compiler checks it. */
export type Say<En extends Readonly<Record<string, string>>> = <Key extends keyof En>(
  key: Key,
  ...filled: Filled<NamesOf<En[Key]>>
) => string;

const PLURALS = { en: new Intl.PluralRules('en'), ru: new Intl.PluralRules('ru') } as const;
/** Places of the forms in a text: English one|other, Russian one|few|many; a Russian fraction takes the few form. */
const FORMS: Readonly<Record<Locale, Partial<Record<Intl.LDMLPluralRule, number>>>> = {
  en: { one: 0, other: 1 },
  ru: { one: 0, few: 1, many: 2, other: 1 },
};

/**
 * The words of one file in one language:
 *
 *     // words/journal.ts
 *     export const en = { found: '{count} {count|entry|entries} of {account}', empty: 'nothing yet' } as const;
 *     export const ru: Record<keyof typeof en, string> = {
 *       found: '{count} {count|запись|записи|записей} счёта {account}', empty: 'пока ничего',
 *     };
 *     // screen/journal.ts
 *     import * as journalWords from '../words/journal.ts';
 *     const say = words(journalWords, ui.locale);
 *     say('found', { count: 21, account: 'main' }); // 21 entries of main; 21 запись счёта main
 *     say('empty');
 *
 * `{name}` is replaced; numbers get thousands separators. `{name|one|other}` (Russian `{name|one|few|many}`) picks a form
 * by the number. Keys are camelCase, or codes of the domain (`SPREAD_WIDE`, `stop_loss`). A key must stand quoted in a
 * file that uses it, or as a family: key `reason.time` by `` `reason.${code}` ``. A test holds all of that.
 */
export function words<const En extends Readonly<Record<string, string>>>(file: Words<En>, locale: Locale): Say<En> {
  const texts: Readonly<Record<keyof En, string>> = file[locale];
  return (key, ...[filling]) => fill(texts[key], locale, filling);
}

/** Whether a words file has the key: for codes that come from outside. */
export const hasWord = <En extends Readonly<Record<string, string>>>(
  file: Words<En>,
  key: PropertyKey,
): key is keyof En => Object.hasOwn(file.en, key);

const BRACES = /\{(\w+)((?:\|[^{}|]*)*)\}/g;

function fill(text: string, locale: Locale, filling: Readonly<Record<string, string | number>> | undefined): string {
  if (filling === undefined || !text.includes('{')) return text;
  return text.replace(BRACES, (braces: string, name: string, forms: string) => {
    const value = filling[name];
    if (value === undefined) return braces;
    if (forms !== '') return formOf(Number(value), forms.slice(1).split('|'), locale);
    return typeof value === 'number' ? decimal(value) : value;
  });
}

function formOf(count: number, forms: readonly string[], locale: Locale): string {
  const rule = PLURALS[locale].select(Math.abs(count));
  return forms[FORMS[locale][rule] ?? 0] ?? forms.at(-1) ?? '';
}
