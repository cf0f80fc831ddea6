import { describe, expect, test } from 'vitest';
import type { MarketFrame } from '../../../../src/core/domain/frame.ts';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import { blockOf, cellsOf, sceneOf, show, told } from './debug-scene.ts';

const market = (given: Partial<MarketFrame>) => show(sceneOf(createDebug(), { market: given }), 'market');

describe('market', () => {
  test('prices, spread in basis points, and that they are made up', () => {
    const view = market({ bid: 99.9, ask: 100.1, last: 100 });
    expect(told(view, 'prices', 'last')).toBe('100.0 SIMULATED');
    expect(told(view, 'prices', 'bid')).toBe('99.9');
    expect(told(view, 'prices', 'spread')).toBe('20.00 bps');
    expect(cellsOf(view, 'prices', 'spread')[0]?.value).toBe('20');
  });

  test('a quote past its limit carries its age, a fresh one does not', () => {
    const stale = show(sceneOf(createDebug(), { quoteAgeMs: 12_000 }), 'market');
    expect(told(stale, 'prices', 'bid')).toBe('100.0 ~12s');
    expect(cellsOf(stale, 'prices', 'bid')[1]).toMatchObject({ value: 12_000, tone: 'muted' });
    expect(told(market({}), 'prices', 'bid')).toBe('100.0');
  });

  test('each source has its age and its limit; a polled quote may be twice as old', () => {
    const rows = (source: MarketFrame['source']) => {
      const block = blockOf(market({ source }), 'sources');
      return block?.kind === 'table' ? block.rows.map(({ cells }) => cells.map(({ text }) => text).join(' ')) : [];
    };
    expect(rows('stream')[0]).toBe('bid and ask stream 0.2s 1.5s fresh');
    expect(rows('rest')[0]).toBe('bid and ask polled 0.2s 3.0s fresh');
    expect(rows('stream')[1]).toBe('mark price stream 0.3s 5.0s fresh');
  });

  test.each([
    [0.0001, 'longs pay', 'longsPay'],
    [-0.0001, 'shorts pay', 'shortsPay'],
    [0, 'nobody pays', 'nobodyPays'],
  ])('a funding rate of %d: %s', (fundingRate, said, code) => {
    const cells = cellsOf(market({ fundingRate }), 'prices', 'funding');
    expect(cells.map(({ value }) => value)).toContain(code);
    expect(cells.map(({ text }) => text)).toContain(said);
  });

  test('the book: best first, prices beside each other, a missing level blank', () => {
    const view = market({
      depth: {
        bids: [
          [99.9, 1.5],
          [99.8, 2],
        ],
        asks: [[100.1, 0.25]],
      },
    });
    const block = blockOf(view, 'depth');
    const rows = block?.kind === 'table' ? block.rows.map(({ cells }) => cells.map(({ text }) => text)) : [];
    expect(rows).toEqual([
      ['1.500', '99.9', '100.1', '0.250'],
      ['2.000', '99.8', '', ''],
    ]);
  });

  test('what is not known is ?', () => {
    const view = market({ bid: null, ask: null, mid: null, mark: null, last: null, markAt: null, quoteAt: null });
    for (const name of ['bid', 'ask', 'spread', 'mark']) expect(told(view, 'prices', name)).toBe('?');
    expect(view.status.find(({ name }) => name === 'quote')?.cells[0]).toMatchObject({ value: null, text: '?' });
  });

  test('candles of a longer time frame are put together', () => {
    const minute = 60_000;
    const rows = [0, 1, 2, 3].map((i) => [i * minute, 10 + i, 20 + i, 5 - i, 11 + i, 1] as const);
    const scene = sceneOf(createDebug());
    const symbol = scene.markets[0]?.symbol ?? '';
    const view = show({ ...scene, candles: { [symbol]: rows } }, 'market', 'en', { timeframeMs: 3 * minute });
    const block = blockOf(view, 'chart');
    const chart = block?.kind === 'chart' ? block.chart : undefined;
    expect(chart?.of === 'candles' ? chart.candles : []).toEqual([
      [0, 10, 22, 3, 13],
      [3 * minute, 13, 23, 2, 14],
    ]);
    expect(block?.title).toBe('3m  candles');
  });
});
