import { denialFix, denialText } from '../../view/denial.ts';
import { words } from '../../view/language.ts';
import type { Refusal } from '../refusal.ts';
import * as countedWords from '../words/counted.ts';
import { REFUSALS_RU, SENTENCES_RU } from '../words/refusal.ts';

/**
 * A refusal in Russian, lines for a terminal: what its code means, and the English data beside it. The advice of the
 * engine on a denial is told in Russian, too; one that names a command line stays.
 */
export function russianRefusal({ code, expected, found, fix }: Omit<Refusal, 'ok' | 'exit'>): readonly string[] {
  const denied = denialText({ code }, 'ru');
  const meaning = REFUSALS_RU[code] ?? (denied === code ? undefined : denied);
  const isLine = /\bdzentra |--/.test(fix);
  const advice = denied === code || isLine ? russianSentence(fix) : denialFix({ code, fix }, 'ru');
  return [
    meaning === undefined ? `dzentra: ${code}` : `dzentra: ${code}: ${meaning}`,
    `  ожидалось  ${russianSentence(expected)}`,
    `  найдено    ${russianSentence(found)}`,
    `  решение    ${advice}`,
  ];
}

/** A sentence of few; any other is told as it is. */
export function russianSentence(text: string): string {
  const exported = /^([\d,]+) (entr|candle)\w+ exported$/.exec(text);
  const dropped = /^([\d,]+) files? dropped, (\d+) kept$/.exec(text);
  const say = words(countedWords, 'ru');
  const count = Number((exported ?? dropped)?.[1]?.replaceAll(',', ''));
  if (exported !== null) return say(exported[2] === 'entr' ? 'entries' : 'candles', { count });
  if (dropped !== null) return say('files', { count, kept: dropped[2] ?? '' });
  for (const [english, russian] of SENTENCES_RU) {
    if (english.test(text)) return text.replace(english, russian);
  }
  return text;
}
