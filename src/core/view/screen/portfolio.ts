import { divide, type Money, ONE } from '../../base/decimal.ts';
import type { Account } from '../../domain/account.ts';
import type { Run } from '../../domain/run.ts';
import { accountOf } from '../../domain/state.ts';
import {
  amount,
  amountOf,
  count,
  multiple,
  plain,
  price,
  profit,
  profitOf,
  share,
  span,
  unknown,
  word,
} from '../cell.ts';
import { emptyText } from '../empty.ts';
import { reasonText } from '../entry-line.ts';
import { decimal } from '../format.ts';
import { type Holding, holdingOf, shareOf } from '../holding.ts';
import { words } from '../language.ts';
import { equityPoints } from '../performance.ts';
import type { ClosedTrade, Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { focusOf, marketOf } from '../select.ts';
import { shortTime } from '../short-time.ts';
import { safetyCell } from '../status.ts';
import type { Action, Block, Cell, ChartBlock, Row, TableBlock, Tone } from '../view.ts';
import * as portfolioWords from '../words/portfolio.ts';
import * as commonWords from '../words/terms.ts';
import { venueAccountBlocks } from './portfolio-venue.ts';

/** Trades of the list, and those that stand there where there is room for other things, too. */
const TRADES_MAX = 40;
const TRADES_SHOWN = 8;
const CHART_HEIGHT = 7;

const tongue = ({ locale }: Ui) => words(portfolioWords, locale);

/** Every account and every position, whatever run holds it. */
export const portfolioScreen: Screen = {
  id: 'portfolio',
  key: '4',
  title: 'Portfolio',
  view: (scene, ui) => ({
    screen: 'portfolio',
    title: 'Portfolio',
    status: [],
    blocks: blocksOf(scene, ui),
    actions: actionsOf(scene, ui),
    asOf: scene.now,
  }),
};

function blocksOf(scene: Scene, ui: Ui): readonly Block[] {
  return [
    accountsBlock(scene, ui),
    positionsBlock(scene, ui),
    ...venueAccountBlocks(scene, ui),
    equityBlock(scene, ui),
    tradesBlock(scene, ui),
  ];
}

function accountsBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'accounts',
    title: say('accounts'),
    area: 'wide',
    rank: 0,
    columns: [
      { name: 'account', title: say('account') },
      { name: 'safety', title: say('safety'), rank: 4 },
      { name: 'balance', title: say('balance'), align: 'right', rank: 3 },
      { name: 'equity', title: say('equity'), align: 'right' },
      { name: 'open', title: say('open'), align: 'right', rank: 2 },
      { name: 'day', title: say('day'), align: 'right' },
      { name: 'dayShare', title: '', align: 'right', rank: 5 },
      { name: 'week', title: say('week'), align: 'right', rank: 6 },
      { name: 'reserved', title: say('reserved'), align: 'right', rank: 7 },
      { name: 'heat', title: say('heat'), align: 'right', rank: 8 },
      { name: 'positions', title: say('positionsCount'), align: 'right', rank: 9 },
    ],
    rows: scene.state.accounts.map((account) => accountRow(scene, account, ui)),
    empty: emptyText(scene, ui, say('noAccount')),
    picked: ui.picked.accounts,
  };
}

function accountRow(scene: Scene, account: Account, ui: Ui): Row {
  const { asset } = account;
  const frame = scene.accounts.find((each) => each.account === account.account);
  const dayShare = frame === undefined ? null : signedShare(frame.dayPnl, account.dayStartEquity);
  return {
    key: account.account,
    cells: [
      plain(account.account),
      safetyCell(account.safety, ui.locale),
      amountOf(account.balance, asset),
      amountOf(frame?.equity, asset),
      profitOf(frame?.openPnl, asset),
      profitOf(frame?.dayPnl, asset),
      share(dayShare, true),
      profitOf(frame?.weekPnl, asset),
      ofMost(frame?.reserved, frame?.reservedMax),
      ofMost(frame?.heat, frame?.heatMax),
      count(frame?.positions),
    ],
    opens: { to: 'screen', screen: 'risk' },
  };
}

const signedShare = (part: Money, whole: Money): number | null =>
  whole <= 0n ? null : Number(divide(part * ONE, whole, 'down')) / 1e18;

/** `2,226 of 5,073`: an amount beside the most that it may be. */
function ofMost(value: Money | undefined, most: Money | null | undefined): Cell {
  const cell = amount(value, undefined, true);
  if (value === undefined || most === null || most === undefined) return cell;
  const used = shareOf(value, most);
  const tone: Tone = used !== null && used >= 0.8 ? 'warn' : 'plain';
  return { value: cell.value, text: `${cell.text}/${amount(most, undefined, true).text}`, tone };
}

function positionsBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'positions',
    title: say('positions'),
    area: 'wide',
    rank: 0,
    columns: [
      { name: 'run', title: '#', align: 'right', rank: 6 },
      { name: 'symbol', title: say('symbol') },
      { name: 'position', title: say('position') },
      { name: 'entry', title: say('entry'), align: 'right', rank: 8 },
      { name: 'mark', title: say('mark'), align: 'right', rank: 7 },
      { name: 'net', title: say('net'), align: 'right' },
      { name: 'r', title: say('r'), align: 'right', rank: 1 },
      { name: 'stop', title: say('stop'), align: 'right', rank: 3 },
      { name: 'target', title: say('target'), align: 'right', rank: 4 },
      { name: 'protection', title: say('protection'), rank: 2 },
      { name: 'held', title: say('held'), align: 'right', rank: 5 },
      { name: 'notional', title: say('notional'), align: 'right', rank: 9 },
      { name: 'liquidation', title: say('liquidation'), align: 'right', rank: 10 },
    ],
    rows: scene.state.runs.flatMap((run) => {
      const holding = holdingIn(scene, run);
      return holding === undefined ? [] : [positionRow(scene, run, holding, ui)];
    }),
    empty: emptyText(scene, ui, say('noPosition')),
    picked: ui.picked.positions,
  };
}

const holdingIn = (scene: Scene, run: Run): Holding | undefined =>
  holdingOf(run, accountOf(scene.state, run.account), marketOf(scene, run.symbol));

function positionRow(scene: Scene, run: Run, holding: Holding, ui: Ui): Row {
  const { position } = holding;
  const { tick, base } = run.instrument;
  const isSafe = position.protection === 'working' || position.protection === 'waived';
  return {
    key: `${run.run}`,
    cells: [
      count(run.run),
      { value: run.symbol, text: base },
      sideAndSize(holding, ui),
      price(holding.entry, tick),
      price(holding.mark, tick),
      profit(holding.net),
      multiple(holding.r),
      holding.stop === undefined ? none(ui) : share(holding.stop.way, true),
      holding.target === undefined ? none(ui) : share(holding.target.way, true),
      word(position.protection, words(commonWords, ui.locale)(position.protection), isSafe ? 'plain' : 'bad'),
      scene.now === null ? unknown() : span(scene.now - position.openedAt),
      amount(holding.notional, undefined, true),
      holding.liquidation === undefined ? none(ui) : share(holding.liquidationWay, true, undefined, 1),
    ],
    opens: { to: 'screen', screen: 'auto', pick: { run: `${run.run}` } },
  };
}

const none = ({ locale }: Ui): Cell => word('none', words(commonWords, locale)('none'), 'muted');

function sideAndSize({ position }: Holding, { locale }: Ui): Cell {
  const side = position.sign === 1 ? 'long' : 'short';
  return { value: side, text: `${words(commonWords, locale)(side)} ${decimal(position.qty)}` };
}

function equityBlock(scene: Scene, ui: Ui): ChartBlock {
  const say = tongue(ui);
  const { account } = focusOf(scene, ui);
  const points = account === undefined ? [] : equityPoints(scene, account);
  return {
    kind: 'chart',
    id: 'equity',
    title: account === undefined ? say('equityChart') : `${say('equityChart')}  ${account.account}, ${account.asset}`,
    area: 'wide',
    rank: 3,
    chart: { of: 'line', points, digits: 2, reach: [], offsetMinutes: ui.zone.offsetMinutes },
    empty: emptyText(scene, ui, say('noEquity')),
    height: CHART_HEIGHT,
  };
}

function tradesBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'trades',
    title: say('trades'),
    area: 'wide',
    rank: 2,
    columns: [
      { name: 'closedAt', title: say('closedAt') },
      { name: 'symbol', title: say('symbol') },
      { name: 'position', title: say('position') },
      { name: 'entry', title: say('entry'), align: 'right', rank: 5 },
      { name: 'exitPrice', title: say('exit'), align: 'right', rank: 6 },
      { name: 'reason', title: '', rank: 3 },
      { name: 'net', title: say('netClosed'), align: 'right' },
      { name: 'r', title: say('r'), align: 'right', rank: 1 },
      { name: 'held', title: say('held'), align: 'right', rank: 4 },
    ],
    rows: scene.trades
      .slice(-TRADES_MAX)
      .toReversed()
      .map((trade) => tradeRow(scene, trade, ui)),
    height: TRADES_SHOWN,
    empty: emptyText(scene, ui, say('noTrade')),
    picked: ui.picked.trades,
  };
}

function tradeRow(scene: Scene, { seq, run, symbol, body }: ClosedTrade, ui: Ui): Row {
  const tick = scene.state.runs[run - 1]?.instrument.tick;
  return {
    key: `${seq}`,
    cells: [
      { value: body.exitAt, text: shortTime(body.exitAt, scene.now, ui) },
      { value: symbol, text: symbol.split('/')[0] ?? symbol },
      { value: body.side, text: `${words(commonWords, ui.locale)(body.side)} ${decimal(body.qty)}` },
      price(body.entryPrice, tick),
      price(body.exitPrice, tick),
      word(body.reason, reasonText(body.reason, ui.locale)),
      profit(body.pnl),
      body.r === null ? none(ui) : multiple(body.r),
      span(body.exitAt - body.entryAt),
    ],
    opens: { to: 'screen', screen: 'journal', pick: { seq: `${seq}` } },
  };
}

/** What is marked, and nothing where that has gone meanwhile; else the run in view, else the only one there is. */
function meant(holders: readonly Run[], picked: string | undefined, seen: Run | undefined): Run | undefined {
  if (picked !== undefined) return holders.find(({ run }) => `${run}` === picked);
  return holders.find(({ run }) => run === seen?.run) ?? (holders.length === 1 ? holders[0] : undefined);
}

function actionsOf(scene: Scene, ui: Ui): readonly Action[] {
  const say = tongue(ui);
  const { account, run: seen } = focusOf(scene, ui);
  const holders = scene.state.runs.filter((run) => run.position !== undefined);
  const run = meant(holders, ui.picked.positions, seen);
  return [
    {
      id: 'close',
      label: say('close'),
      key: 'c',
      stakes: 'lowers',
      link: { to: 'command', words: ['trade', 'close', ...(run === undefined ? [] : ['--run', `${run.run}`])] },
      disabled: run === undefined ? say(holders.length === 0 ? 'noPositionWhy' : 'pickPosition') : undefined,
    },
    { id: 'risk', label: say('risk'), key: '3', stakes: 'none', link: { to: 'screen', screen: 'risk' } },
    {
      id: 'panic',
      label: say('panic'),
      key: '!',
      stakes: 'lowers',
      link: { to: 'command', words: ['panic', ...(account === undefined ? [] : ['--account', account.account])] },
    },
  ];
}
