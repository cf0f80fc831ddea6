import { commandLine, type Locale, pictures } from '../core.ts';

/** The sentences of this face's beginning and end, in a language. */
export async function sentences(locale: Locale) {
  const { words, telegramCommandWords } = await pictures();
  return words(telegramCommandWords, locale);
}

export type Sentences = Awaited<ReturnType<typeof sentences>>;

/** What may be wrong, in the words of the command line. */
export async function refusals() {
  const { bridgeRefusals, isRefusal } = await commandLine();
  return { ...bridgeRefusals, isRefusal };
}
