import { decimal } from './format.ts';
import { hasWord, type Locale, words } from './language.ts';
import * as denialWords from './words/denial.ts';

/** A refusal as it is told: of `review`, of a journal entry, of a preview. At least the code is known. */
export interface DenialTold {
  readonly code: string;
  readonly expected?: string | undefined;
  readonly found?: string | undefined;
  readonly fix?: string | undefined;
}

/** A decimal with the unit that stands behind it, the lengths of time among them: `4.10 bps`, `2.5 %`, `1h05m`. */
const NUMBER = /-?\d[\d,]*(?:\.\d+)?(?:(?:ms|s|m|h|d|x)(?:\d{2}[smh])?(?![a-z])| ?(?:%|bps\b|R\b|[A-Z]{3,6}\b))?/g;
const BETWEEN = ['LIQUIDATION_BEFORE_STOP', 'QUOTE_MISSING', 'SYMBOL_LEASED'];

/** What is the matter in plain words, with its numbers: `the spread is too wide (4.10 bps > 3 bps)`. */
export function denialText(denial: DenialTold, locale: Locale): string {
  const key = `says.${denial.code}`;
  const numbers = numbersOf(denial);
  if (hasWord(denialWords, key)) {
    const said = (words(denialWords, locale) as (key: string) => string)(key);
    return numbers === '' ? said : `${said} (${numbers})`;
  }
  const { code, expected, found } = denial;
  return expected === undefined || found === undefined ? code : `${code}: ${found}, ${expected}`;
}

/** What to do about it. The engine's own advice may name numbers; it speaks English. */
export function denialFix({ code, fix }: DenialTold, locale: Locale): string {
  if (locale === 'en' && fix !== undefined) return fix;
  const key = `fix.${code}`;
  return hasWord(denialWords, key) ? (words(denialWords, locale) as (key: string) => string)(key) : (fix ?? '');
}

/** The numbers of a refusal without words, so that they are the same in every language; empty where it has none. */
function numbersOf({ code, expected = '', found = '' }: DenialTold): string {
  const inFound = numbersIn(found);
  if (BETWEEN.includes(code)) return inFound.join(' / ');
  const value = telling(inFound);
  const limit = limitIn(expected);
  if (value === undefined) return '';
  if (limit === undefined) return value;
  if (expected.startsWith('at most') || /^(a quote of at most|a loss below|1x to)/.test(expected)) {
    return relation(value, limit, '>');
  }
  return expected.startsWith('at least') ? relation(value, limit, '<') : `${value} / ${limit}`;
}

/** With thousands separators, as amounts are told everywhere. */
const numbersIn = (text: string): readonly string[] =>
  (text.match(NUMBER) ?? []).map((number) => inSeconds(number).replace(/^-?\d+/, (digits) => decimal(digits)));

/** `1500ms` -> `1.5s`. */
const inSeconds = (number: string): string =>
  /^\d{4,}ms$/.test(number) ? `${decimal(Number(number.slice(0, -2)) / 1_000)}s` : number;

/** Of `1x to 5x` the last, else the first: what stands behind says of what it is. */
const limitIn = (expected: string): string | undefined => numbersIn(expected).at(expected.startsWith('1x to') ? 1 : 0);

/** Of `250, 2.5 %` the share tells more. */
const telling = (numbers: readonly string[]): string | undefined =>
  numbers.find((number) => /%|bps|R$/.test(number)) ?? numbers[0];

const relation = (value: string, limit: string, sign: '<' | '>'): string =>
  value === limit ? `${value} / ${limit}` : `${value} ${sign} ${limit}`;
