import { timeframeName } from '../../domain/candle.ts';
import type { MarketFrame } from '../../domain/frame.ts';
import { plain, unknown, word } from '../cell.ts';
import { age } from '../format.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { type Focus, freshnessOf } from '../select.ts';
import { ageCell } from '../status.ts';
import type { Cell, Row, TableBlock } from '../view.ts';
import * as marketWords from '../words/market.ts';
import * as statusWords from '../words/status.ts';
import { candlesOf } from './chart-block.ts';

/** Where each number comes from, how old it is, and how old it may be. */
export function sourcesBlock(scene: Scene, focus: Focus, market: MarketFrame, ui: Ui): TableBlock {
  const say = words(marketWords, ui.locale);
  const fresh = freshnessOf(scene, market, focus.run);
  const source = word(market.source, say(`source.${market.source}`));
  const { rows, timeframeMs } = candlesOf(scene, focus, ui);
  const openAt = rows.at(-1)?.[0];
  const candleMs = openAt === undefined || scene.now === null ? null : Math.max(0, scene.now - openAt - timeframeMs);
  const timeframe = timeframeMs > 0 ? timeframeName(timeframeMs) : '?';
  const line = (key: string, what: string, ageMs: number | null, most: number): Row => ({
    key,
    cells: [
      word(key, what),
      source,
      ageCell(ageMs, most),
      { value: most, text: age(most), tone: 'muted' },
      freshCell(ageMs, most, ui),
    ],
  });
  return {
    kind: 'table',
    id: 'sources',
    title: say('sources'),
    area: 'side',
    rank: 4,
    columns: [
      { name: 'what', title: say('colOf') },
      { name: 'source', title: say('colSource'), rank: 2 },
      { name: 'age', title: say('colAge'), align: 'right' },
      { name: 'limit', title: say('colLimit'), align: 'right', rank: 1 },
      { name: 'state', title: say('colState') },
    ],
    rows: [
      line('quote', say('ofQuote'), fresh.quoteMs, fresh.quoteMsMax),
      line('mark', say('ofMark'), fresh.markMs, fresh.markMsMax),
      line('candles', say('ofCandles', { timeframe }), candleMs, timeframeMs),
      feedRow(scene, ui),
    ],
    empty: '',
  };
}

function freshCell(ageMs: number | null, most: number, { locale }: Ui): Cell {
  const say = words(marketWords, locale);
  if (ageMs === null) return word('unknown', say('unknown'), 'muted');
  return ageMs > most ? word('stale', say('stale'), 'warn') : word('fresh', say('fresh'), 'good');
}

function feedRow({ feed, system }: Scene, { locale }: Ui): Row {
  const state = system?.feed.state;
  const tone = state === 'up' ? 'good' : state === 'ended' ? 'muted' : 'warn';
  const said = state === undefined ? unknown() : word(state, words(statusWords, locale)(`feed.${state}`), tone);
  const blank: Cell = { value: null, text: '' };
  return { key: 'feed', cells: [word('feed', words(marketWords, locale)('ofFeed')), plain(feed), blank, blank, said] };
}
