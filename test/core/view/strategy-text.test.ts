import { expect, test } from 'vitest';
import { strategyCard } from '../../../src/core/lab/strategy-card.ts';
import { STRATEGIES } from '../../../src/core/strategy/registry.ts';
import { spokenCard } from '../../../src/core/view/strategy-text.ts';
import * as strategyWords from '../../../src/core/view/words/strategy.ts';

const cards = STRATEGIES.map((definition) => strategyCard(definition, 'built-in'));

test.each(cards)('$name says the same in the words file as in its definition, and every word is in Russian', (card) => {
  const { name, title, about, params, votes } = card;
  const told = [
    [`title.${name}`, title],
    [`about.${name}`, about],
    ...params.map((param) => [`param.${name}-${param.name}`, param.about]),
    ...votes.map((vote) => [`vote.${name}-${vote.name}`, vote.about]),
  ];
  const words: Readonly<Record<string, string>> = strategyWords.en;
  for (const [key, text] of told) expect(words[key ?? ''], key).toBe(text);
  const spoken = spokenCard(card, 'ru');
  const russian = [spoken.about, ...spoken.params.flatMap((param) => [param.about, param.range])];
  for (const text of russian) expect(text).toMatch(/[\u0400-\u04ff]/);
});

test('the strategy of a user speaks for itself, but for the range of its numbers', () => {
  const [card] = cards;
  if (card === undefined) throw new Error('expected a strategy');
  const own = spokenCard({ ...card, origin: 'own' }, 'ru');
  expect(own.about).toBe(card.about);
  expect(own.params.find(({ name }) => name === 'emaFast')?.range).toBe('целое от 1 до 1000');
});
