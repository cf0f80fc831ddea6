import { toNumber } from '../../base/decimal.ts';
import type { MarketFrame } from '../../domain/frame.ts';
import type { Run } from '../../domain/run.ts';
import { accountOf, type PriceAlert } from '../../domain/state.ts';
import { count, multiple, price, profit, share, shortest, unknown, word } from '../cell.ts';
import { sparkline } from '../chart.ts';
import { emptyText } from '../empty.ts';
import { decimal, duration } from '../format.ts';
import { holdingOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { freshnessOf, marketOf, runOn, shortSymbol } from '../select.ts';
import { ageCell } from '../status.ts';
import type { Action, Cell, Column, Row, TableBlock } from '../view.ts';
import * as monitoringWords from '../words/monitoring.ts';
import * as commonWords from '../words/terms.ts';

const SPARK_LENGTH = 24;

const tongue = ({ locale }: Ui) => words(monitoringWords, locale);

/** Several symbols at once, each once. */
export const monitoringScreen: Screen = {
  id: 'monitoring',
  key: '9',
  title: 'Monitor',
  view: (scene, ui) => ({
    screen: 'monitoring',
    title: 'Monitor',
    status: [],
    blocks: [symbolsBlock(scene, ui), alertsBlock(scene, ui)],
    actions: actionsOf(scene, ui),
    asOf: scene.now,
  }),
};

function columnsOf(ui: Ui): readonly Column[] {
  const say = tongue(ui);
  return [
    { name: 'symbol', title: say('symbol') },
    { name: 'price', title: say('price'), align: 'right' },
    { name: 'change', title: say('change'), align: 'right', rank: 1 },
    { name: 'spread', title: say('spread'), align: 'right', rank: 5 },
    { name: 'age', title: say('age'), align: 'right', rank: 3 },
    { name: 'source', title: say('source'), rank: 8 },
    { name: 'signal', title: say('signal'), rank: 2 },
    { name: 'run', title: say('run'), align: 'right', rank: 9 },
    { name: 'position', title: say('position'), rank: 1 },
    { name: 'net', title: say('net'), align: 'right' },
    { name: 'r', title: say('r'), align: 'right', rank: 4 },
    { name: 'funding', title: say('funding'), align: 'right', rank: 7 },
    { name: 'chart', title: say('chart'), rank: 6 },
  ];
}

/** Symbols in the order in which they are traded or watched; one that no market frame speaks of is there, too. */
function symbolsOf({ markets, state }: Scene): readonly string[] {
  return [...new Set([...state.runs.map(({ symbol }) => symbol), ...markets.map(({ symbol }) => symbol)])];
}

function symbolsBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  const isSimulated = scene.markets.some((market) => market.isSimulated);
  return {
    kind: 'table',
    id: 'symbols',
    title: isSimulated ? `${say('symbols')}  ${say('simulated')}` : say('symbols'),
    area: 'wide',
    rank: 0,
    columns: columnsOf(ui),
    rows: symbolsOf(scene).map((symbol) => symbolRow(scene, symbol, ui)),
    empty: emptyText(scene, ui, say('nothing')),
    picked: ui.picked.symbols,
  };
}

function symbolRow(scene: Scene, symbol: string, ui: Ui): Row {
  const say = tongue(ui);
  const market = marketOf(scene, symbol);
  const run = runOn(scene, symbol);
  const fresh = freshnessOf(scene, market, run);
  const tick = market?.instrument.tick ?? run?.instrument.tick;
  const holding = run === undefined ? undefined : holdingOf(run, accountOf(scene.state, run.account), market);
  return {
    key: symbol,
    cells: [
      symbolCell(scene, symbol, market, ui),
      price(market?.mid ?? market?.last, tick, fresh.isStale ? 'warn' : undefined),
      share(market?.change, true, toneOf(market?.change)),
      spreadCell(market),
      ageCell(fresh.quoteMs, fresh.quoteMsMax),
      market === undefined ? unknown() : word(market.source, say(`source.${market.source}`), 'muted'),
      signalCell(scene, run, ui),
      run === undefined ? nothing() : count(run.run),
      holding === undefined ? nothing() : positionCell(holding.position, ui),
      holding === undefined ? nothing() : profit(holding.net),
      holding === undefined ? nothing() : multiple(holding.r),
      share(market?.fundingRate, true, undefined, 4),
      sparkCell(scene, symbol),
    ],
    opens: { to: 'screen', screen: 'market', pick: { symbol } },
  };
}

/** What its venue does not trade says so beside its name. */
function symbolCell(scene: Scene, symbol: string, market: MarketFrame | undefined, ui: Ui): Cell {
  const status = market?.status ?? 'trading';
  if (status === 'trading') return { value: symbol, text: shortSymbol(scene, symbol) };
  return { value: symbol, text: `${shortSymbol(scene, symbol)} ${tongue(ui)(`status.${status}`)}`, tone: 'bad' };
}

const toneOf = (change: number | null | undefined) =>
  change === null || change === undefined ? undefined : change > 0 ? 'good' : change < 0 ? 'bad' : 'plain';

/** Nothing is there, and that is known. */
const nothing = (): Cell => ({ value: '', text: '' });

function spreadCell(market: MarketFrame | undefined): Cell {
  const { bid = null, ask = null } = market ?? {};
  if (bid === null || ask === null) return unknown();
  const bps = ((ask - bid) / ((ask + bid) / 2)) * 10_000;
  return { value: shortest(bps), text: decimal(bps, { digits: 1 }) };
}

/** `BUY 4/6 1h26m`; HOLD says no votes. */
function signalCell(scene: Scene, run: Run | undefined, ui: Ui): Cell {
  if (run === undefined || run.strategy === 'manual') return nothing();
  const say = words(commonWords, ui.locale);
  const { side, startedAt, ready } = run.signal;
  const key = side === 0 ? 'hold' : side > 0 ? 'buy' : 'sell';
  const votes = scene.runs.find((frame) => frame.run === run.run)?.votes ?? [];
  const agree = votes.filter(({ vote }) => side !== 0 && Math.sign(vote) === side).length;
  const since = scene.now === null ? '' : ` ${duration(scene.now - startedAt)}`;
  const tally = side === 0 || votes.length === 0 ? '' : ` ${agree}/${votes.length}`;
  const tone = side === 0 ? 'muted' : ready ? (side > 0 ? 'good' : 'bad') : 'plain';
  return { value: side === 0 ? 'HOLD' : side > 0 ? 'BUY' : 'SELL', text: `${say(key)}${tally}${since}`, tone };
}

function positionCell({ sign, qty }: { readonly sign: 1 | -1; readonly qty: bigint }, { locale }: Ui): Cell {
  const side = sign === 1 ? 'long' : 'short';
  return { value: side, text: `${words(commonWords, locale)(side)} ${decimal(qty)}` };
}

function sparkCell({ candles }: Scene, symbol: string): Cell {
  const closes = (candles[symbol] ?? []).slice(-SPARK_LENGTH).map(([, , , , close]) => close);
  return { value: closes.at(-1) ?? null, text: sparkline(closes, SPARK_LENGTH), tone: 'muted' };
}

function alertsBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'alerts',
    title: say('alerts'),
    area: 'wide',
    rank: 2,
    columns: [
      { name: 'alert', title: '#', align: 'right' },
      { name: 'symbol', title: say('symbol') },
      { name: 'side', title: '' },
      { name: 'price', title: say('price'), align: 'right' },
      { name: 'away', title: say('away'), align: 'right', rank: 1 },
    ],
    rows: (scene.state.alerts ?? []).map((alert) => alertRow(scene, alert, ui)),
    empty: emptyText(scene, ui, say('noAlert')),
    picked: ui.picked.alerts,
  };
}

function alertRow(scene: Scene, { alert, symbol, side, price: at }: PriceAlert, ui: Ui): Row {
  const market = marketOf(scene, symbol);
  const mid = market?.mid ?? null;
  return {
    key: `${alert}`,
    cells: [
      count(alert),
      { value: symbol, text: shortSymbol(scene, symbol) },
      word(side, tongue(ui)(side)),
      price(at, market?.instrument.tick),
      share(mid === null ? null : toNumber(at) / mid - 1, true),
    ],
  };
}

function actionsOf(scene: Scene, ui: Ui): readonly Action[] {
  const say = tongue(ui);
  const symbol = ui.picked.symbols ?? symbolsOf(scene)[0];
  const pick = symbol === undefined ? {} : { pick: { symbol } };
  return [
    { id: 'market', label: say('market'), key: '2', stakes: 'none', link: { to: 'screen', screen: 'market', ...pick } },
    {
      id: 'alert',
      label: say('alert'),
      key: 'A',
      stakes: 'none',
      link: { to: 'command', words: ['alert', 'add', ...(symbol === undefined ? [] : [symbol])] },
    },
  ];
}
