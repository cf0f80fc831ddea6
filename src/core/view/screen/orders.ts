import type { AnyEntry, Entry } from '../../domain/entry.ts';
import type { Order } from '../../domain/order.ts';
import type { Run } from '../../domain/run.ts';
import { flattenAction } from '../action.ts';
import { amount, count, plain, price, share, span, unknown, word } from '../cell.ts';
import { denialText } from '../denial.ts';
import { emptyText } from '../empty.ts';
import { intentOf } from '../entry-chain.ts';
import { reasonText } from '../entry-line.ts';
import { decimal } from '../format.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { marketOf, runInView, shortSymbol } from '../select.ts';
import { shortTimeCell } from '../short-time.ts';
import type { Action, Block, Cell, Column, NoteBlock, Row, TableBlock, Tone } from '../view.ts';
import * as actionWords from '../words/action.ts';
import * as ordersWords from '../words/orders.ts';

/** Rows of a list, and those that stand there where there is room for other things, too. */
const ROWS_MAX = 40;
const ROWS_SHOWN = 12;

const tongue = ({ locale }: Ui) => words(ordersWords, locale);

/** What may still fill, what filled last, and what was denied. */
export const ordersScreen: Screen = {
  id: 'orders',
  key: '6',
  title: 'Orders',
  view: (scene, ui) => ({
    screen: 'orders',
    title: 'Orders',
    status: [],
    blocks: blocksOf(scene, ui),
    actions: actionsOf(scene, ui),
    asOf: scene.now,
  }),
};

function blocksOf(scene: Scene, ui: Ui): readonly Block[] {
  const unknowns = unknownBlock(scene, ui);
  return [
    ...(unknowns === undefined ? [] : [unknowns]),
    workingBlock(scene, ui),
    fillsBlock(scene, ui),
    denialsBlock(scene, ui),
  ];
}

const keyOf = (run: Run, order: Order): string => `${run.run}/${order.order}`;

const orderWords = ({ run }: Run, { order }: Order): readonly string[] => [`${order}`, '--run', `${run}`];

/** An order whose fate is not known comes before everything else. */
function unknownBlock(scene: Scene, ui: Ui): NoteBlock | undefined {
  const say = tongue(ui);
  const lines = scene.state.runs.flatMap((run) =>
    run.orders
      .filter(({ status }) => status === 'unknown')
      .map(({ order, side, qty }) =>
        say('unknown', { symbol: shortSymbol(scene, run.symbol), order, side: say(side), qty: decimal(qty) }),
      ),
  );
  if (lines.length === 0) return undefined;
  return { kind: 'note', id: 'unknown', title: say('unknownTitle'), area: 'wide', rank: 0, tone: 'bad', lines };
}

function workingBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  const columns: readonly Column[] = [
    { name: 'run', title: say('run'), align: 'right', rank: 7 },
    { name: 'order', title: say('order'), align: 'right', rank: 6 },
    { name: 'symbol', title: say('symbol') },
    { name: 'role', title: say('role') },
    { name: 'type', title: say('type'), rank: 8 },
    { name: 'side', title: say('side'), rank: 2 },
    { name: 'qty', title: say('qty'), align: 'right', rank: 1 },
    { name: 'price', title: say('price'), align: 'right' },
    { name: 'away', title: say('away'), align: 'right', rank: 3 },
    { name: 'filled', title: say('filled'), align: 'right', rank: 5 },
    { name: 'age', title: say('age'), align: 'right', rank: 4 },
    { name: 'status', title: say('status') },
  ];
  return {
    kind: 'table',
    id: 'orders',
    title: say('working'),
    area: 'wide',
    rank: 0,
    columns,
    rows: scene.state.runs.flatMap((run) => run.orders.map((order) => orderRow(scene, run, order, ui))),
    empty: emptyText(scene, ui, say('noOrder')),
    picked: ui.picked.orders,
  };
}

const STATUS_TONES: Readonly<Record<Order['status'], Tone>> = {
  intended: 'muted',
  working: 'good',
  canceling: 'warn',
  unknown: 'bad',
};

function orderRow(scene: Scene, run: Run, order: Order, ui: Ui): Row {
  const say = tongue(ui);
  const { tick } = run.instrument;
  const at = order.trigger ?? order.limit;
  const role = order.reason === 'max_loss' ? 'max_loss' : order.role;
  const ageMs = scene.now === null ? null : Math.max(0, scene.now - order.intendedAt);
  return {
    key: keyOf(run, order),
    cells: [
      count(run.run),
      count(order.order),
      { value: run.symbol, text: shortSymbol(scene, run.symbol) },
      word(role, say(`role.${role}`)),
      word(order.type, say(`type.${order.type}`)),
      word(order.side, say(order.side)),
      plain(decimal(order.qty)),
      at === undefined ? word('market', say('type.market')) : price(at, tick),
      at === undefined ? blank() : share(awayOf(scene, run, Number(at) / 1e18), true),
      order.filled === 0n ? blank() : plain(decimal(order.filled)),
      span(ageMs),
      word(order.status, say(`status.${order.status}`), STATUS_TONES[order.status]),
    ],
    opens: { to: 'screen', screen: 'journal', pick: { seq: `${order.seq}` } },
  };
}

/** Nothing is there to be told, and that is known. */
const blank = (): Cell => ({ value: '', text: '' });

/** Way of the price from the mark. */
function awayOf(scene: Scene, run: Run, at: number): number | null {
  const market = marketOf(scene, run.symbol);
  const mark = market?.mark ?? market?.mid ?? null;
  return mark === null ? null : at / mark - 1;
}

function fillsBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  const fills = lastOf(scene.entries, 'order_filled');
  return {
    kind: 'table',
    id: 'fills',
    title: say('fills'),
    area: 'wide',
    rank: 1,
    columns: [
      { name: 'at', title: say('at') },
      { name: 'symbol', title: say('symbol') },
      { name: 'side', title: say('side'), rank: 2 },
      { name: 'qty', title: say('qty'), align: 'right' },
      { name: 'price', title: say('price'), align: 'right' },
      { name: 'slip', title: say('slip'), align: 'right', rank: 3 },
      { name: 'fee', title: say('fee'), align: 'right', rank: 4 },
      { name: 'why', title: say('why'), rank: 1 },
    ],
    rows: fills.map((fill) => fillRow(scene, fill, ui)),
    height: ROWS_SHOWN,
    empty: emptyText(scene, ui, say('noFill')),
    picked: ui.picked.fills,
  };
}

function fillRow(scene: Scene, fill: Entry<'order_filled'>, ui: Ui): Row {
  const say = tongue(ui);
  const run = scene.state.runs[fill.run - 1];
  const intent = intentOf(scene.entries, fill);
  const { body } = fill;
  return {
    key: `${fill.seq}`,
    cells: [
      shortTimeCell(fill.at, scene.now, ui),
      run === undefined ? unknown() : { value: run.symbol, text: shortSymbol(scene, run.symbol) },
      intent === undefined ? unknown() : word(intent.body.side, say(intent.body.side)),
      plain(decimal(body.fill)),
      price(body.price, run?.instrument.tick),
      { value: body.slippageBps, text: decimal(body.slippageBps, { digits: 1, signed: true }) },
      amount(body.fee),
      intent === undefined ? unknown() : word(intent.body.reason, reasonText(intent.body.reason, ui.locale)),
    ],
    opens: { to: 'screen', screen: 'journal', pick: { seq: `${fill.seq}` } },
  };
}

function denialsBlock(scene: Scene, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'denials',
    title: say('denials'),
    area: 'wide',
    rank: 2,
    columns: [
      { name: 'at', title: say('at') },
      { name: 'symbol', title: say('symbol') },
      { name: 'side', title: say('side'), rank: 2 },
      { name: 'code', title: say('code'), rank: 1 },
      { name: 'why', title: say('why'), isFlexible: true },
    ],
    rows: lastOf(scene.entries, 'order_denied').map((entry) => ({
      key: `${entry.seq}`,
      cells: [
        shortTimeCell(entry.at, scene.now, ui),
        plain(shortSymbol(scene, scene.state.runs[entry.run - 1]?.symbol ?? '')),
        word(entry.body.side, say(entry.body.side)),
        plain(entry.body.code, 'warn'),
        word(entry.body.code, denialText(entry.body, ui.locale)),
      ],
      opens: { to: 'screen' as const, screen: 'journal' as const, pick: { seq: `${entry.seq}` } },
    })),
    height: ROWS_SHOWN,
    empty: emptyText(scene, ui, say('noDenial')),
    picked: ui.picked.denials,
  };
}

/** The newest entries of a kind, newest first. */
function lastOf<K extends 'order_filled' | 'order_denied'>(
  entries: readonly AnyEntry[],
  kind: K,
): readonly Extract<AnyEntry, { kind: K }>[] {
  const found: Extract<AnyEntry, { kind: K }>[] = [];
  for (let i = entries.length - 1; i >= 0 && found.length < ROWS_MAX; i--) {
    const entry = entries[i];
    if (entry?.kind === kind) found.push(entry as Extract<AnyEntry, { kind: K }>);
  }
  return found;
}

function actionsOf(scene: Scene, ui: Ui): readonly Action[] {
  const say = tongue(ui);
  const all = scene.state.runs.flatMap((run) => run.orders.map((order) => ({ run, order })));
  const marked = all.find(({ run, order }) => keyOf(run, order) === ui.picked.orders);
  const picked = ui.picked.orders === undefined && all.length === 1 ? all[0] : marked;
  return [
    {
      id: 'cancel',
      label: say('cancel'),
      key: 'x',
      stakes: 'lowers',
      link: {
        to: 'command',
        words: ['orders', 'cancel', ...(picked === undefined ? [] : orderWords(picked.run, picked.order))],
      },
      disabled: cancelProblem(picked?.order, all.length, ui),
    },
    flattenAction(runInView(scene, ui), words(actionWords, ui.locale)),
    { id: 'trade', label: say('trade'), key: 't', stakes: 'none', link: { to: 'screen', screen: 'trade' } },
  ];
}

/** What protects a position is not cancelled from a list. */
function cancelProblem(order: Order | undefined, count: number, ui: Ui): string | undefined {
  if (order === undefined) return tongue(ui)(count === 0 ? 'nothingToCancel' : 'pickOrder');
  return order.reduceOnly ? tongue(ui)('protects') : undefined;
}
