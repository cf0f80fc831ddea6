import { timeframeName } from '../../domain/candle.ts';
import type { DepthRow, MarketFrame } from '../../domain/frame.ts';
import { neighbours, panicAction } from '../action.ts';
import { amount, fact, known, price, quantity, share, shortest, span, unknown, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { age, decimal, percent, UNKNOWN } from '../format.ts';
import { type Say, words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { type Focus, focusOnSymbol, freshnessOf, POLLED_AGE } from '../select.ts';
import { ageCell } from '../status.ts';
import type { Block, Cell, FactsBlock, NoteBlock, Row, TableBlock, View } from '../view.ts';
import * as marketWords from '../words/market.ts';
import { asNumber } from './auto-budget.ts';
import { chartBlock } from './chart-block.ts';
import { sourcesBlock } from './market-sources.ts';

const CHART_HEIGHT = 16;
const DEPTH_ROWS = 10;

/** One symbol: prices, book, candles, and where each number comes from. */
export const marketScreen: Screen = { id: 'market', key: '2', title: 'Market', view: marketView };

function marketView(scene: Scene, ui: Ui): View {
  const focus = focusOnSymbol(scene, ui);
  return {
    screen: 'market',
    title: words(marketWords, ui.locale)('title'),
    status: [],
    blocks: focus.market === undefined ? [emptyBlock(scene, focus, ui)] : blocksOf(scene, focus, focus.market, ui),
    actions: [...neighbours(ui), panicAction(focus, ui)],
    asOf: scene.now,
  };
}

function emptyBlock(scene: Scene, { symbol }: Focus, ui: Ui): Block {
  const say = words(marketWords, ui.locale);
  const lines = symbol === undefined ? [] : [`${symbol}: ${say('unknown')}`];
  return {
    kind: 'note',
    id: 'prices',
    title: say('prices'),
    area: 'main',
    rank: 0,
    tone: 'muted',
    lines: [...lines, emptyText(scene, ui, say('noMarket'))],
  };
}

function blocksOf(scene: Scene, focus: Focus, market: MarketFrame, ui: Ui): readonly Block[] {
  return [
    ...polledNote(scene, focus, market, ui),
    pricesBlock(scene, focus, market, ui),
    chartBlock(scene, focus, ui, { rank: 1, height: CHART_HEIGHT }),
    depthBlock(market, ui),
    sourcesBlock(scene, focus, market, ui),
    instrumentBlock(market, ui),
  ];
}

function pricesBlock(scene: Scene, focus: Focus, market: MarketFrame, ui: Ui): FactsBlock {
  const say = words(marketWords, ui.locale);
  const { tick } = market.instrument;
  const fresh = freshnessOf(scene, market, focus.run);
  const quoteAge = lateCells(fresh.quoteMs, fresh.quoteMsMax);
  const simulated = market.isSimulated ? [word('simulated', say('simulated'), 'warn')] : [];
  const { status = 'trading' } = market;
  const halted = status === 'trading' ? [] : [word(status, say(`status.${status}`), 'bad')];
  return {
    kind: 'facts',
    id: 'prices',
    title: `${say('prices')}  ${market.symbol}`,
    area: 'main',
    rank: 0,
    lines: [
      [
        fact('last', say('last'), [price(market.last, tick), ...halted, ...simulated]),
        fact('change', say('change'), [share(market.change, true, changeTone(market.change))], 1),
      ],
      [
        fact('bid', say('bid'), [price(market.bid, tick), ...quoteAge]),
        fact('ask', say('ask'), [price(market.ask, tick), ...quoteAge]),
        fact('spread', say('spread'), [spreadCell(market, ui)]),
      ],
      known([
        fact('mark', say('mark'), [price(market.mark, tick), ...lateCells(fresh.markMs, fresh.markMsMax)]),
        market.mark !== null && market.mid !== null
          ? fact('basis', say('basis'), [share(market.mark / market.mid - 1, true, 'muted', 3)], 3)
          : undefined,
        market.instrument.kind === 'spot' ? undefined : fundingFact(scene, market, ui),
      ]),
    ],
  };
}

/** A number past its limit carries its own age: `~12s`. */
function lateCells(ageMs: number | null, most: number): readonly Cell[] {
  if (ageMs === null || ageMs <= most) return [];
  const cell = ageCell(ageMs, most);
  return [{ ...cell, text: `~${cell.text}`, tone: 'muted' }];
}

const changeTone = (change: number | null): 'good' | 'bad' | 'plain' =>
  change === null || change === 0 ? 'plain' : change > 0 ? 'good' : 'bad';

function spreadCell({ bid, ask }: MarketFrame, { locale }: Ui): Cell {
  if (bid === null || ask === null) return unknown();
  const bps = ((ask - bid) / ((ask + bid) / 2)) * 10_000;
  return { value: shortest(bps), text: words(marketWords, locale)('bps', { value: decimal(bps, { digits: 2 }) }) };
}

function fundingFact({ now }: Scene, { fundingRate, nextFundingAt, fundingMs }: MarketFrame, { locale }: Ui) {
  const say = words(marketWords, locale);
  const each = fundingMs === undefined ? [] : [eachCell(fundingMs, say)];
  if (fundingRate === null) return fact('funding', say('funding'), [unknown(), ...each], 1);
  const code = fundingRate > 0 ? 'longsPay' : fundingRate < 0 ? 'shortsPay' : 'nobodyPays';
  const due = nextFundingAt === null || now === null ? null : Math.max(0, nextFundingAt - now);
  const when = due === null ? [] : [{ ...span(due), text: say('in', { span: span(due).text }) }];
  return fact(
    'funding',
    say('funding'),
    [share(fundingRate, true, 'plain', 4), word(code, say(code), 'muted'), ...when, ...each],
    1,
  );
}

/** `every 8h`: symbols of one venue differ. */
const eachCell = (fundingMs: number | null, say: Say<typeof marketWords.en>): Cell => ({
  value: fundingMs,
  text: say('every', { span: fundingMs === null ? UNKNOWN : timeframeName(fundingMs) }),
  tone: 'muted',
});

/** Prices that are asked for, because the stream is not there. A stale one has a note of its own. */
function polledNote(scene: Scene, focus: Focus, market: MarketFrame, ui: Ui): readonly NoteBlock[] {
  if (market.source !== 'rest') return [];
  const { isStale, quoteMsMax } = freshnessOf(scene, market, focus.run);
  if (isStale) return [];
  const say = words(marketWords, ui.locale);
  const lines = [say('polledWhat', { limit: age(quoteMsMax), usual: age(quoteMsMax / POLLED_AGE) }), say('polledFix')];
  return [{ kind: 'note', id: 'polled', title: say('polled'), area: 'wide', rank: 0, tone: 'warn', lines }];
}

/** Sizes and prices of the book, the best first; the prices stand beside each other in the middle. */
function depthBlock({ depth, instrument }: MarketFrame, { locale }: Ui): TableBlock {
  const say = words(marketWords, locale);
  const bids = depth?.bids ?? [];
  const asks = depth?.asks ?? [];
  const rows: Row[] = [];
  for (let i = 0; i < Math.min(DEPTH_ROWS, Math.max(bids.length, asks.length)); i++) {
    const [bid, bidQty] = levelCells(bids[i], instrument, 'good');
    const [ask, askQty] = levelCells(asks[i], instrument, 'bad');
    rows.push({ key: `${i}`, cells: [bidQty, bid, ask, askQty] });
  }
  return {
    kind: 'table',
    id: 'depth',
    title: say('depth'),
    area: 'side',
    // Where there is no book, room goes to where the prices come from.
    rank: rows.length === 0 ? 4 : 3,
    columns: [
      { name: 'bidQty', title: say('colBidQty'), align: 'right' },
      { name: 'bid', title: say('colBid'), align: 'right' },
      { name: 'ask', title: say('colAsk'), align: 'right' },
      { name: 'askQty', title: say('colAskQty'), align: 'right' },
    ],
    rows,
    empty: say('noDepth'),
  };
}

function levelCells(
  level: DepthRow | undefined,
  { tick, step }: MarketFrame['instrument'],
  tone: 'good' | 'bad',
): readonly [Cell, Cell] {
  const blank: Cell = { value: null, text: '' };
  if (level === undefined) return [blank, blank];
  const [at, qty] = level;
  // A size is told like a price: with the digits of its step.
  return [price(at, tick, tone), price(qty, step)];
}

function instrumentBlock({ instrument }: MarketFrame, { locale }: Ui): FactsBlock {
  const say = words(marketWords, locale);
  const { kind, tick, step, qtyMin, notionalMin, makerRate, takerRate, tiers, quote, base } = instrument;
  const leverage = asNumber(tiers[0]?.leverageMax);
  const least = amount(notionalMin);
  return {
    kind: 'facts',
    id: 'instrument',
    title: say('instrument'),
    area: 'side',
    rank: 5,
    lines: [
      known([
        fact('kind', say('kind'), [word(kind, say(kind))]),
        leverage !== undefined &&
          fact('leverageMax', say('leverageMax'), [word(shortest(leverage), `${decimal(leverage)}x`)], 2),
      ]),
      [fact('tick', say('tick'), [price(tick, undefined)]), fact('step', say('step'), [quantity(step, base)])],
      [fact('least', say('least'), [quantity(qtyMin, base), { ...least, text: `${least.text} ${quote}` }], 1)],
      [fact('maker', say('maker'), [rateCell(makerRate)], 1), fact('taker', say('taker'), [rateCell(takerRate)], 1)],
    ],
  };
}

const rateCell = (rate: bigint): Cell => ({ value: shortest(asNumber(rate) ?? 0), text: percent(rate, { digits: 3 }) });
