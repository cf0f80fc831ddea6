import type { Locale } from '../../view/language.ts';
import type { Refusal } from '../refusal.ts';

/** The one shape of an error: what was expected, what was found, what to do. English loads no words. */
export async function refusalLines(refusal: Refusal, locale: Locale | undefined): Promise<readonly string[]> {
  if (locale === 'ru') return (await import('./outcome-words.ts')).russianRefusal(refusal);
  const { code, expected, found, fix } = refusal;
  return [`dzentra: ${code}`, `  expected  ${expected}`, `  found     ${found}`, `  fix       ${fix}`];
}

/** Lines for a terminal that shows ASCII alone: Russian in Latin letters, as on screens. */
export async function inAscii(lines: readonly string[]): Promise<readonly string[]> {
  const { clean } = await import('../../view/layout/clean.ts');
  return lines.map((line) => clean(line, true));
}

/** What is said beside the data. */
export async function noteLine(note: string, locale: Locale | undefined): Promise<string> {
  return `${locale === 'ru' ? 'примечание' : 'note'}: ${await sentence(note, locale)}`;
}

/** A sentence that a command says in English; one that is not known stays so. */
export async function sentence(text: string, locale: Locale | undefined): Promise<string> {
  return locale === 'ru' ? (await import('./outcome-words.ts')).russianSentence(text) : text;
}

/** That a signal ended it, and what was saved. */
export async function stoppedLines(saved: readonly string[], locale: Locale | undefined): Promise<readonly string[]> {
  if (locale !== 'ru') return ['stopped', ...saved.map((line) => `  ${line}`)];
  const { russianSentence } = await import('./outcome-words.ts');
  return ['остановлено', ...saved.map((line) => `  ${russianSentence(line)}`)];
}
