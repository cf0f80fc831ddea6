import { expect, it } from 'vitest';
import { createLiveFeed } from '../../../../src/core/market/live/feed.ts';
import { listedMarket, problemOf } from '../../../support/live-rest.ts';
import {
  BTC,
  createFeed,
  createParts,
  MIDNIGHT,
  MINUTE_MS,
  openScene,
  quote,
  rowAt,
  rowsFrom,
  START,
} from './fixtures.ts';

const MARKETS = [
  listedMarket(BTC),
  listedMarket('ETH/USDT:USDT'),
  listedMarket('LUNA/USDT:USDT', { status: 'delisted', statusText: 'SETTLING' }),
  listedMarket('SOL/USDT:USDT', { status: 'halted', statusText: 'HALT' }),
  listedMarket('BTC/USD:BTC', { instrument: undefined, why: 'it is inverse' }),
];

it('asks for the past in pages, oldest first, and opens the stream behind it', async () => {
  const parts = createParts({ answers: { pageMax: 4 } });
  const feed = await createFeed(parts);
  const opened = await feed.open(BTC, MIDNIGHT + 1);
  expect('rows' in opened && opened.rows).toEqual(rowsFrom(MIDNIGHT + MINUTE_MS, 9));
  const pages = parts.rest.asked.filter((text) => text.startsWith('candles')).map((text) => Number(text.split(' ')[2]));
  expect(pages).toEqual([1, 5, 9].map((minute) => MIDNIGHT + minute * MINUTE_MS));
  expect(parts.streams[0]?.opened).toEqual([BTC]);
  expect(feed.closed(BTC)).toEqual(rowsFrom(MIDNIGHT + MINUTE_MS, 9));
});

it('keeps a hole that the venue has and goes on behind it, however many pages it spans', async () => {
  const from = START - 10_000 - 3_000 * MINUTE_MS;
  const rows = [...rowsFrom(from, 5), ...rowsFrom(from + 2_600 * MINUTE_MS, 400)];
  const parts = createParts({ answers: { candles: new Map([[BTC, rows]]), pageMax: 300 } });
  const { candles } = parts.rest;
  // A venue that looks no farther than a page.
  parts.rest.candles = async (symbol, query) => {
    const page = await candles(symbol, query);
    return 'problem' in page ? page : page.filter(([openAt]) => openAt < query.from + 300 * MINUTE_MS);
  };
  const feed = await createFeed(parts);
  const opened = await feed.open(BTC, from);
  expect('rows' in opened && opened.rows).toEqual(rows);
});

it('tells the settlements since then', async () => {
  const funding = new Map([
    [
      BTC,
      [
        { at: MIDNIGHT, rate: '0.0001' },
        { at: MIDNIGHT + 3, rate: '-0.00025' },
      ],
    ],
  ]);
  const { opened } = await openScene({ answers: { funding } });
  expect(opened.funding).toEqual([
    { at: MIDNIGHT, rate: 100_000_000_000_000n },
    { at: MIDNIGHT + 3, rate: -250_000_000_000_000n },
  ]);
});

it('tells all of them, however few a venue tells at once', async () => {
  const HOUR_MS = 60 * MINUTE_MS;
  const from = MIDNIGHT - 9 * HOUR_MS;
  const rows = Array.from({ length: 10 }, (_, hour) => ({ at: from + hour * HOUR_MS, rate: '0.0001' }));
  const parts = createParts({
    answers: { funding: new Map([[BTC, rows]]), markets: [listedMarket(BTC, { fundingMs: HOUR_MS })] },
  });
  const { fundingRates } = parts.rest;
  parts.rest.fundingRates = (symbol, since) => fundingRates(symbol, since, 4);
  const feed = await createFeed(parts);
  const opened = await feed.open(BTC, from);
  expect('funding' in opened && opened.funding.map(({ at }) => at)).toEqual(rows.map(({ at }) => at));
});

it.each([
  ['BTC/USDT', 'UNKNOWN_SYMBOL', BTC],
  ['btcusdt', 'UNKNOWN_SYMBOL', BTC],
  ['ETC/USDT:USDT', 'UNKNOWN_SYMBOL', 'ETH/USDT:USDT'],
  ['LUNA/USDT:USDT', 'SYMBOL_DELISTED', 'SETTLING'],
  ['SOL/USDT:USDT', 'SYMBOL_HALTED', 'HALT'],
  ['BTC/USD:BTC', 'INSTRUMENT_UNSUPPORTED', 'it is inverse'],
])('does not open %s: %s, naming %s', async (symbol, code, text) => {
  const feed = await createFeed(createParts({ answers: { markets: MARKETS } }));
  const answer = await feed.open(symbol, MIDNIGHT);
  expect(answer).toMatchObject({ code });
  expect(JSON.stringify(answer)).toContain(text);
  expect(feed.serves(symbol)).toBe(false);
});

it('opens several symbols at once, and one of them once', async () => {
  const eth = 'ETH/USDT:USDT';
  const candles = new Map([BTC, eth].map((symbol) => [symbol, rowsFrom(MIDNIGHT, 50)]));
  const parts = createParts({ answers: { markets: MARKETS, candles } });
  const feed = await createFeed(parts);
  const opening = feed.open(BTC, MIDNIGHT);
  expect(feed.open(BTC, MIDNIGHT)).toBe(opening);
  await Promise.all([opening, feed.open(eth, MIDNIGHT)]);
  expect(parts.streams[0]?.opened.toSorted()).toEqual([BTC, eth]);
});

it('asks again where an answer was lost, then says the problem, and may be opened later', async () => {
  const parts = createParts();
  const feed = await createFeed(parts);
  parts.rest.problems.set('candles', problemOf('TIMED_OUT'));
  const opening = feed.open(BTC, MIDNIGHT);
  await parts.timers.move(5_000);
  expect(await opening).toMatchObject({ code: 'TIMED_OUT' });
  expect(parts.rest.count('candles')).toBe(3);
  parts.rest.problems.clear();
  expect(await feed.open(BTC, MIDNIGHT)).toHaveProperty('rows');
});

it('waits for a budget that is spent, asks for prices meanwhile, and goes on where it was', async () => {
  const eth = 'ETH/USDT:USDT';
  const candles = new Map([BTC, eth].map((symbol) => [symbol, rowsFrom(MIDNIGHT, 50)]));
  const quotes = new Map([
    [
      BTC,
      { bid: 100, ask: 100.1, bidQty: 1, askQty: 1, mark: 100, fundingRate: 0, nextFundingAt: null, venueAt: null },
    ],
  ]);
  const parts = createParts({ answers: { markets: MARKETS, candles, quotes, pageMax: 4 } });
  const feed = await createFeed(parts);
  await feed.open(BTC, MIDNIGHT);
  const { candles: ask } = parts.rest;
  parts.rest.candles = async (...asked) => {
    const page = await ask(...asked);
    if (parts.rest.count('candles') === 5) {
      parts.rest.problems.set('candles', problemOf('RATE_LIMITED', parts.timers.wall() + 50_000));
    }
    return page;
  };
  const opening = feed.open(eth, MIDNIGHT);
  await parts.timers.move(49_000);
  const polls = parts.rest.count('poll');
  expect(polls).toBeGreaterThan(40);
  parts.rest.problems.clear();
  await parts.timers.move(2_000);
  expect(await opening).toMatchObject({ rows: rowsFrom(MIDNIGHT, 11) });
  const from = parts.rest.asked.filter((text) => text.startsWith(`candles ${eth} ${MIDNIGHT} `));
  expect(from).toHaveLength(1);
});

it('names place and proxy where the markets do not come', async () => {
  const parts = createParts({ options: { proxyText: 'http://proxy:3128' } });
  parts.rest.problems.set('markets', problemOf('NO_NETWORK'));
  const answer = await createLiveFeed(parts.options);
  expect(answer).toMatchObject({ code: 'NO_NETWORK', fix: 'Ask again' });
  expect(JSON.stringify(answer)).toMatch(/the stub.*http:\/\/proxy:3128/);
  expect(parts.timers.waiting).toBe(0);
});

it('opens what has no history yet, and gives its first candle', async () => {
  const scene = await openScene({ answers: { candles: new Map() } });
  expect(scene.opened.rows).toEqual([]);
  const first = rowAt(START - 10_000);
  await scene.timers.move(50_500);
  scene.stream.sink.candle({
    symbol: BTC,
    timeframeMs: MINUTE_MS,
    openAt: first[0],
    open: first[1],
    high: first[2],
    low: first[3],
    close: first[4],
    volume: first[5],
    isClosed: true,
    firstId: NaN,
    lastId: NaN,
    venueAt: first[0] + MINUTE_MS,
    at: 0,
  });
  expect(scene.of('close').map(({ bar }) => bar.openAt)).toEqual([first[0]]);
});

it('forgets a symbol that is closed, whatever of it is under way, and opens it anew', async () => {
  const scene = await openScene();
  const { feed, stream, told, rest, timers } = scene;
  quote(scene, 100, 100.1);
  await timers.move(0);
  expect(scene.of('quote')).toHaveLength(1);
  stream.changed(BTC, 'quote', 'silent');
  await timers.move(5_000);
  expect(rest.asked.filter((text) => text.startsWith('poll')).length).toBeGreaterThan(0);
  feed.close(BTC);
  told.length = 0;
  quote(scene, 101, 101.1);
  const asked = rest.asked.filter((text) => text.includes(BTC)).length;
  await timers.move(5 * MINUTE_MS);
  expect(rest.asked.filter((text) => text.includes(BTC))).toHaveLength(asked);
  expect(told.filter((input) => 'symbol' in input)).toEqual([]);
  expect(feed.closed(BTC)).toEqual([]);
  expect(feed.facts(BTC)).toMatchObject({ bid: null, mid: null });
  expect(feed.frame().streams).toEqual([]);

  const pages = rest.asked.filter((text) => text.startsWith('candles')).length;
  expect(await feed.open(BTC, MIDNIGHT)).toHaveProperty('rows');
  expect(rest.asked.filter((text) => text.startsWith('candles')).length).toBeGreaterThan(pages);
  expect(stream.opened).toEqual([BTC, BTC]);
});
