import { expect, test } from 'vitest';
import type { LiveFeed, OpenProblem } from '../../../../src/core/market/feed.ts';
import { createLaterFeed } from '../../../../src/core/market/live/later.ts';
import { handTimers } from '../../../support/hand-timers.ts';
import { BTC, createLiveScript, quoteOf } from '../../../support/live-script.ts';

const PROBLEM: OpenProblem = { code: 'NO_NETWORK', expected: 'a venue', found: 'nobody', fix: 'look at the network' };

test('an exchange that cannot be reached is down and tried again, at most every five seconds; then it is its own', async () => {
  const timers = handTimers(Date.UTC(2026, 0, 5));
  const script = createLiveScript([]);
  let answer: LiveFeed | OpenProblem = PROBLEM;
  let tries = 0;
  const feed = createLaterFeed({
    exchange: 'binanceusdm',
    title: 'Binance USDS-M',
    endpointText: 'the venue',
    proxyText: null,
    timers,
    problem: PROBLEM,
    open() {
      tries++;
      return Promise.resolve(answer);
    },
  });
  let heard = 0;
  feed.onInput(() => {
    heard++;
  });
  expect(feed.frame()).toMatchObject({ state: 'down', lastError: { text: 'nobody; look at the network' } });
  expect(await feed.open(BTC, 0)).toBe(PROBLEM);
  expect(tries).toBe(0);
  await timers.move(5_000);
  expect(await Promise.all([feed.open(BTC, 0), feed.open(BTC, 0)])).toEqual([PROBLEM, PROBLEM]);
  expect(tries).toBe(1);
  answer = script.feed;
  await timers.move(5_000);
  expect(await feed.open(BTC, 0)).toMatchObject({ rows: [] });
  script.push(quoteOf(50_000));
  expect([heard, feed.take()?.kind, feed.frame().state]).toEqual([1, 'quote', 'up']);
});
