import { hasWord, type Locale, words } from './language.ts';
import type { StrategyCard } from './scene.ts';
import * as strategyWords from './words/strategy.ts';

/** A strategy in the language of a face: those of the product are translated, those of a user speak for themselves. */
export function spokenCard(card: StrategyCard, locale: Locale): StrategyCard {
  if (locale === 'en') return card;
  const { name, origin, title, about, params, votes } = card;
  const isOwn = origin === 'own';
  return {
    ...card,
    title: isOwn ? title : said(`title.${name}`, title, locale),
    about: isOwn ? about : said(`about.${name}`, about, locale),
    params: params.map((param) => ({
      ...param,
      about: isOwn ? param.about : said(`param.${ofCard(name, param.name)}`, param.about, locale),
      range: rangeText(param.range, locale),
    })),
    votes: votes.map((vote) => ({
      ...vote,
      about: isOwn ? vote.about : said(`vote.${ofCard(name, vote.name)}`, vote.about, locale),
    })),
  };
}

const ofCard = (strategy: string, name: string): string => `${strategy}-${name}`;

/** Words of a strategy have nothing to fill in. */
function said(key: string, fallback: string, locale: Locale): string {
  if (!hasWord(strategyWords, key)) return fallback;
  return (words(strategyWords, locale) as (key: string) => string)(key);
}

/** What a parameter accepts, as `expectation` of the strategies says it in English. */
function rangeText(range: string, locale: Locale): string {
  const say = words(strategyWords, locale);
  const [, whole, min, max] = /^a (whole )?number from (\S+) to (\S+)$/.exec(range) ?? [];
  if (min !== undefined && max !== undefined)
    return say(whole === undefined ? 'range.number' : 'range.whole', { min, max });
  const [, choices] = /^one of (.+)$/.exec(range) ?? [];
  if (choices !== undefined) return say('range.oneOf', { words: choices });
  return range === 'true or false' ? say('range.switch') : range;
}
