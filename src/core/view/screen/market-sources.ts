import { timeframeName } from '../../domain/candle.ts';
import type { MarketFrame } from '../../domain/frame.ts';
import { clockText, plain, unknown, word } from '../cell.ts';
import { FEED_TONES, feedWord, offsetOf } from '../exchange.ts';
import { age } from '../format.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { type Focus, type Freshness, freshnessOf } from '../select.ts';
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
    rank: market.depth === null ? 3 : 4,
    columns: [
      { name: 'what', title: say('colOf') },
      { name: 'source', title: say('colSource'), rank: 2 },
      { name: 'age', title: say('colAge'), align: 'right' },
      { name: 'limit', title: say('colLimit'), align: 'right', rank: 1 },
      { name: 'state', title: say('colState') },
    ],
    rows: [
      line('quote', say('ofQuote'), fresh.sinceMs, fresh.quoteMsMax),
      ...venueRow(scene, market, fresh, ui),
      line('mark', say('ofMark'), fresh.markMs, fresh.markMsMax),
      line('candles', say('ofCandles', { timeframe }), candleMs, timeframeMs),
      feedRow(scene, ui),
    ],
    empty: '',
  };
}

const blank: Cell = { value: null, text: '' };

/** The venue's own instant of bid and ask, and how old it is by the venue's clock. */
function venueRow({ now, system }: Scene, { venueAt }: MarketFrame, { quoteMsMax }: Freshness, ui: Ui): readonly Row[] {
  if (venueAt === undefined || venueAt === null || now === null) return [];
  const offsetMs = offsetOf(system) ?? null;
  const oldMs = offsetMs === null ? null : Math.max(0, now + offsetMs - venueAt);
  const cells: readonly Cell[] = [
    word('venue', words(marketWords, ui.locale)('ofVenue')),
    { value: venueAt, text: clockText(venueAt, ui) },
    ageCell(oldMs, quoteMsMax),
    { value: quoteMsMax, text: age(quoteMsMax), tone: 'muted' },
    oldMs === null ? blank : freshCell(oldMs, quoteMsMax, ui),
  ];
  return [{ key: 'venue', cells }];
}

function freshCell(ageMs: number | null, most: number, { locale }: Ui): Cell {
  const say = words(marketWords, locale);
  if (ageMs === null) return word('unknown', say('unknown'), 'muted');
  return ageMs > most ? word('stale', say('stale'), 'warn') : word('fresh', say('fresh'), 'good');
}

function feedRow(scene: Scene, { locale }: Ui): Row {
  const state = feedWord(scene);
  const said =
    state === undefined ? unknown() : word(state, words(statusWords, locale)(`feed.${state}`), FEED_TONES[state]);
  // The status line names an exchange, and its times need the room.
  const name = scene.system?.exchange === undefined ? plain(scene.feed) : blank;
  return { key: 'feed', cells: [word('feed', words(marketWords, locale)('ofFeed')), name, blank, blank, said] };
}
