import { expect, test } from 'vitest';
import type { Change } from '../../src/telegram/core.ts';
import { createNews } from '../../src/telegram/news.ts';
import { handClock } from './bot/scene.ts';

/** Changes of one entry each, told by their seq. */
function openNews() {
  const { clock, timers } = handClock();
  const told: { seqs: number[]; isLink: boolean }[] = [];
  const news = createNews(clock, ({ entries, isLink }) => {
    told.push({ seqs: entries.map(({ seq }) => seq), isLink });
  });
  const hear = (seq: number, isLink = false): void => news.heard({ entries: [{ seq }], isLink } as unknown as Change);
  return { news, timers, told, hear };
}

test('an entry is told at once, a burst of them in a few looks, all of it and in its order', async () => {
  const { timers, told, hear } = openNews();
  hear(1);
  expect(told).toEqual([{ seqs: [1], isLink: false }]);
  for (let seq = 2; seq <= 500; seq++) hear(seq, seq === 40);
  await timers.move(100);
  expect(told).toHaveLength(2);
  expect(told.flatMap(({ seqs }) => seqs)).toEqual(Array.from({ length: 500 }, (_, index) => index + 1));
  expect(told[1]?.isLink).toBe(true);
  hear(501);
  expect(told.at(-1)).toEqual({ seqs: [501], isLink: false });
});

test('once it is closed nothing is told, and no timer is left', async () => {
  const { news, timers, told, hear } = openNews();
  hear(1);
  hear(2);
  news.close();
  await timers.move(1_000);
  expect(told).toHaveLength(1);
});
