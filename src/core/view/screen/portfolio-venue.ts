import { parse, text } from '../../base/decimal.ts';
import type { AccountError, VenueAccountFrame } from '../../domain/frame.ts';
import { amountOf, fact, plain, price, profitOf, unknown, word } from '../cell.ts';
import { isStandIn } from '../exchange.ts';
import { age, decimal } from '../format.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { marketOf } from '../select.ts';
import { shortTimeCell } from '../short-time.ts';
import type { Block, Cell, Fact, FactsBlock, Row, TableBlock } from '../view.ts';
import * as commonWords from '../words/terms.ts';
import * as venueWords from '../words/venue-account.ts';

type Account = VenueAccountFrame;

/** It is asked every few seconds; older than that nobody should act on it. */
const OLD_MS_MAX = 60_000;
const FLOWS_SHOWN = 6;

const tongue = ({ locale }: Ui) => words(venueWords, locale);

/** The real account as its venue tells it, apart from everything on paper: nothing where no keys were given. */
export function venueAccountBlocks(scene: Scene, ui: Ui): readonly Block[] {
  const account = scene.venueAccount ?? undefined;
  if (account === undefined) return [];
  return [
    summaryBlock(scene, account, ui),
    positionsBlock(scene, account, ui),
    ordersBlock(scene, account, ui),
    flowsBlock(scene, account, ui),
  ];
}

function summaryBlock(scene: Scene, account: Account, ui: Ui): FactsBlock {
  const say = tongue(ui);
  const { exchange, key, error, positionMode, balances, missing } = account;
  const mode = positionMode === null ? unknown() : word(positionMode, say(`mode.${positionMode}`));
  const noBalance = account.partial.includes('balances') ? unknown() : word('none', say('noBalance'), 'muted');
  const balanceLines = balances.map((balance) => balanceFacts(balance, ui));
  const standsIn = scene.system?.exchange !== undefined && isStandIn(scene.system.exchange);
  return {
    kind: 'facts',
    id: 'venue-account',
    title: say('title', { exchange }),
    area: 'wide',
    rank: 1,
    lines: [
      [
        fact('asked', say('asked'), [askedCell(scene, account, ui)]),
        fact('key', say('key'), [key === null ? unknown() : plain(key, 'muted')], 3),
        fact('mode', say('mode'), [mode], 3),
      ],
      ...(error === null ? [] : errorLines(error, ui)),
      ...(balanceLines.length > 0 ? balanceLines : [[fact('balance', '', [noBalance])]]),
      ...missing.map((what, index) => [fact(`missing${index}`, '', [plain(what, 'warn')])]),
      ...(standsIn ? [[fact('standIn', '', [word('stand_in', say('standIn'), 'warn')])]] : []),
      [fact('apart', '', [word('apart', say('apart', { exchange }), 'muted')])],
    ],
  };
}

/** Why it cannot be read now, and what helps. */
const errorLines = ({ code, found, fix }: AccountError, ui: Ui): readonly (readonly Fact[])[] => [
  [fact('error', tongue(ui)('error'), [{ value: code, text: found, tone: 'bad' }])],
  [fact('fix', tongue(ui)('fix'), [plain(fix, 'warn')])],
];

/** How long ago the venue told it. */
function askedCell({ system }: Scene, { at }: Account, ui: Ui): Cell {
  if (at === null) return word('never', tongue(ui)('never'), 'warn');
  if (system === null) return unknown();
  const oldMs = Math.max(0, system.wallAt - at);
  return { value: at, text: tongue(ui)('ago', { age: age(oldMs) }), tone: oldMs > OLD_MS_MAX ? 'warn' : 'plain' };
}

function balanceFacts({ asset, total, free, used }: Account['balances'][number], ui: Ui): readonly Fact[] {
  const say = tongue(ui);
  return [
    fact('total', asset, [amountCell(total, asset)]),
    fact('free', say('free'), [amountCell(free, asset)], 1),
    fact('used', say('used'), [amountCell(used, asset)], 1),
  ];
}

/** Text of the venue; a face behind the control channel has what has an exact name (`qty`, `price`) as a bigint. */
type Told = string | bigint | null;

/** Undefined where the venue told nothing, or nothing that is a decimal. */
function exactOf(told: Told): bigint | undefined {
  if (typeof told !== 'string') return told ?? undefined;
  try {
    return parse(told);
  } catch {
    return undefined;
  }
}

const amountCell = (told: Told, asset: string): Cell => amountOf(exactOf(told), asset);

/** What was gained or lost, in its tone. */
const gainCell = (told: Told, asset: string): Cell => profitOf(exactOf(told), asset);

/** A price of 0 is none that was told. */
function priceCell(scene: Scene, symbol: string, told: Told): Cell {
  const value = exactOf(told);
  return value === undefined || value === 0n ? unknown() : price(value, marketOf(scene, symbol)?.instrument.tick);
}

function qtyText(told: Told): string {
  const value = exactOf(told);
  return value === undefined ? '?' : decimal(value);
}

/** A side, in words where it was told, and its size. */
const sided = (side: string | null, said: string | undefined, size: string): Cell => ({
  value: side,
  text: `${said ?? '?'} ${size}`,
});

/** What stands where a list has no rows: none, where the venue told all of it. */
const emptyOf = ({ partial }: Account, list: Account['partial'][number], ui: Ui): string =>
  tongue(ui)(partial.includes(list) ? 'notTold' : 'none');

function positionsBlock(scene: Scene, account: Account, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'venue-positions',
    title: say('positions'),
    area: 'wide',
    rank: 1,
    columns: [
      { name: 'symbol', title: say('symbol') },
      { name: 'position', title: say('position') },
      { name: 'entry', title: say('entry'), align: 'right', rank: 4 },
      { name: 'mark', title: say('mark'), align: 'right', rank: 5 },
      { name: 'pnl', title: say('pnl'), align: 'right' },
      { name: 'liquidation', title: say('liquidation'), align: 'right', rank: 1 },
      { name: 'leverage', title: say('leverage'), align: 'right', rank: 2 },
      { name: 'margin', title: say('margin'), rank: 3 },
    ],
    rows: account.positions.map((position) => positionRow(scene, position, ui)),
    empty: emptyOf(account, 'positions', ui),
  };
}

function positionRow(scene: Scene, position: Account['positions'][number], ui: Ui): Row {
  const { symbol, side, qty, entry, mark, liquidation, leverage, pnl, isIsolated } = position;
  const times = exactOf(leverage);
  const margin = isIsolated === null ? undefined : isIsolated ? 'isolated' : 'cross';
  const settle = symbol.split(':')[1] ?? 'USDT';
  return {
    key: `${symbol} ${side}`,
    cells: [
      plain(symbol),
      sided(side, side === null ? undefined : words(commonWords, ui.locale)(side), qtyText(qty)),
      priceCell(scene, symbol, entry),
      priceCell(scene, symbol, mark),
      gainCell(pnl, settle),
      priceCell(scene, symbol, liquidation),
      times === undefined ? unknown() : { value: text(times), text: `${decimal(times)}x` },
      margin === undefined ? unknown() : word(margin, tongue(ui)(margin)),
    ],
  };
}

/** Conditional ones wait for a trigger, and may have a limit, too. */
function ordersBlock(scene: Scene, account: Account, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'venue-orders',
    title: say('orders'),
    area: 'wide',
    rank: 2,
    columns: [
      { name: 'symbol', title: say('symbol') },
      { name: 'order', title: say('order') },
      { name: 'type', title: say('type'), rank: 1 },
      { name: 'at', title: say('orderAt'), align: 'right' },
      { name: 'limit', title: say('limit'), align: 'right', rank: 2 },
      { name: 'filled', title: say('filled'), align: 'right', rank: 4 },
      { name: 'reduceOnly', title: '', rank: 3 },
      { name: 'age', title: say('age'), align: 'right', rank: 5 },
      { name: 'id', title: '#', rank: 6 },
    ],
    rows: account.orders.map((order) => orderRow(scene, order, ui)),
    empty: emptyOf(account, 'orders', ui),
  };
}

function orderRow(scene: Scene, order: Account['orders'][number], ui: Ui): Row {
  const say = tongue(ui);
  const { id, symbol, side, type, qty, filled, price: limit, trigger, reduceOnly, closesPosition, at } = order;
  const oldMs = at === null || scene.system === null ? null : Math.max(0, scene.system.wallAt - at);
  const done = exactOf(filled);
  return {
    key: id,
    cells: [
      plain(symbol),
      sided(
        side,
        side === null ? undefined : say(`side.${side}`),
        closesPosition ? say('wholePosition') : qtyText(qty),
      ),
      type === null ? unknown() : word(type, type.toLowerCase().replaceAll('_', ' ')),
      priceCell(scene, symbol, trigger ?? limit),
      trigger === null || limit === null ? word('', '') : priceCell(scene, symbol, limit),
      done === undefined ? unknown() : { value: text(done), text: decimal(done) },
      reduceOnly ? word('reduce_only', say('reduceOnly'), 'muted') : word('', ''),
      { value: at, text: age(oldMs), tone: 'muted' },
      plain(id, 'muted'),
    ],
  };
}

function flowsBlock({ now }: Scene, account: Account, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'venue-flows',
    title: say('flows'),
    area: 'wide',
    rank: 4,
    columns: [
      { name: 'at', title: say('at') },
      { name: 'kind', title: say('kind') },
      { name: 'symbol', title: say('symbol'), rank: 1 },
      { name: 'amount', title: say('amount'), align: 'right' },
      { name: 'asset', title: '' },
    ],
    rows: account.flows.slice(0, FLOWS_SHOWN).map(({ id, at, kind, symbol, asset, amount }) => ({
      key: id,
      cells: [
        shortTimeCell(at, now, ui),
        word(kind, say(`kind.${kind}`)),
        plain(symbol ?? ''),
        gainCell(amount, asset),
        plain(asset, 'muted'),
      ],
    })),
    empty: emptyOf(account, 'flows', ui),
  };
}
