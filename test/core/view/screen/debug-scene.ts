import { type Money, NO_MONEY, notional, priceOf } from '../../../../src/core/base/decimal.ts';
import type { MarketFrame, Preview, RunFrame } from '../../../../src/core/domain/frame.ts';
import type { Run } from '../../../../src/core/domain/run.ts';
import type { Debug } from '../../../../src/core/lab/debug.ts';
import { emptyUi, type Scene, type Ui } from '../../../../src/core/view/scene.ts';
import { viewOf } from '../../../../src/core/view/screens.ts';
import type { Block, Cell, ScreenId, View } from '../../../../src/core/view/view.ts';

/** What of a scene a test sets by hand: the rest comes from the debug engine. */
export interface Given {
  readonly mark?: number | null;
  readonly bid?: number;
  readonly ask?: number;
  readonly quoteAgeMs?: number;
  readonly market?: Partial<MarketFrame>;
  readonly frame?: Partial<RunFrame>;
  readonly next?: Preview | null;
  readonly scene?: Partial<Scene>;
}

/** The picture that faces would get of a debug engine at a price. */
export function sceneOf(debug: Debug, given: Given = {}): Scene {
  const state = debug.state();
  const [run] = state.runs as readonly Run[];
  const [account] = state.accounts;
  if (run === undefined || account === undefined) throw new Error('a debug engine has a run and an account');
  const mark = given.mark === undefined ? 100 : given.mark;
  const bid = given.bid ?? mark;
  const ask = given.ask ?? mark;
  const open = run.position === undefined || mark === null ? NO_MONEY : openPnl(run, mark);
  return {
    link: 'up',
    linkAt: 0,
    mode: 'DEBUG',
    profile: 'debug',
    feed: 'script',
    now: debug.now,
    state: state as Scene['state'],
    markets: [
      {
        symbol: run.symbol,
        instrument: run.instrument,
        source: 'stream',
        isSimulated: true,
        bid,
        ask,
        bidQty: null,
        askQty: null,
        mid: mark,
        last: mark,
        quoteAt: debug.now - (given.quoteAgeMs ?? 200),
        mark,
        markAt: debug.now - 300,
        fundingRate: null,
        nextFundingAt: null,
        change: null,
        depth: null,
        timeframeMs: 60_000,
        forming: null,
        ...given.market,
      },
    ],
    candles: {},
    runs: [frameOf(run, given)],
    accounts: [
      {
        account: account.account,
        equity: (account.balance + open) as Money,
        openPnl: open,
        reserved: run.position === undefined ? NO_MONEY : ((run.position.cost / 2n) as Money),
        reservedMax: null,
        heat: run.position?.risk ?? NO_MONEY,
        heatMax: null,
        positions: run.position === undefined ? 0 : 1,
        dayPnl: (account.balance + open - account.dayStartEquity) as Money,
        weekPnl: (account.balance + open - account.weekStartEquity) as Money,
      },
    ],
    system: null,
    entries: debug.entries(),
    trades: [],
    equity: {},
    strategies: [],
    commands: [],
    isDebugEnabled: true,
    ...given.scene,
  };
}

function openPnl({ position }: Run, mark: number): Money {
  if (position === undefined) return NO_MONEY;
  const value = notional(priceOf(mark), position.qty);
  return (position.sign === 1 ? value - position.cost : position.cost - value) as Money;
}

function frameOf(run: Run, { frame, next = null }: Given): RunFrame {
  return {
    run: run.run,
    side: run.signal.side,
    strength: 'normal',
    confidence: 0.67,
    votes: [],
    values: {},
    streak: 0,
    confirmations: 2,
    bars: 0,
    barsNeeded: 0,
    nextCloseAt: null,
    funnel: { closes: 0, candidates: 0, ready: 0, denied: 0, orders: 0 },
    next,
    ...frame,
  };
}

export const show = (scene: Scene, screen: ScreenId, locale: Ui['locale'] = 'en', ui: Partial<Ui> = {}): View =>
  viewOf(scene, { ...emptyUi(screen, locale), ...ui });

export const blockOf = (view: View, id: string): Block | undefined => view.blocks.find((block) => block.id === id);

/** The cells of a fact in a block. */
export function cellsOf(view: View, block: string, name: string): readonly Cell[] {
  const found = blockOf(view, block);
  if (found?.kind !== 'facts') throw new Error(`expected facts ${block} in ${view.screen}`);
  return found.lines.flat().find((fact) => fact.name === name)?.cells ?? [];
}

/** The fact as it is read: `+14.63 +0.29 R`; empty where it is not there. */
export const told = (view: View, block: string, name: string): string =>
  cellsOf(view, block, name)
    .map(({ text }) => text)
    .join(' ');

/** Every text of a view that a person may read. */
export function textsOf(view: View): string[] {
  const blocks = view.blocks.flatMap((block) => [block.title, ...textsIn(block)]);
  const actions = view.actions.flatMap(({ label, disabled }) => [label, disabled ?? '']);
  return [
    view.title,
    ...view.status.flatMap(({ label, cells }) => [label, ...cells.map(textOf)]),
    ...blocks,
    ...actions,
  ];
}

const textOf = ({ text }: Cell): string => text;

function textsIn(block: Block): string[] {
  switch (block.kind) {
    case 'facts':
      return block.lines.flat().flatMap(({ label, cells }) => [label, ...cells.map(textOf)]);
    case 'table':
      return [
        block.empty,
        ...block.columns.map(({ title }) => title),
        ...block.rows.flatMap(({ cells }) => cells.map(textOf)),
      ];
    case 'log':
      return [block.empty, ...block.lines.flatMap(({ cells }) => cells.map(textOf))];
    case 'note':
      return [...block.lines];
    case 'form':
      return block.fields.flatMap(({ label, input, placeholder, hint }) => [label, input, placeholder, hint]);
    case 'chart':
      return [block.empty];
  }
}

/** Every cell of a view, in its order. */
export function allCells(view: View): Cell[] {
  return [...view.status.flatMap(({ cells }) => cells), ...view.blocks.flatMap(cellsIn)];
}

function cellsIn(block: Block): readonly Cell[] {
  if (block.kind === 'facts') return block.lines.flat().flatMap(({ cells }) => cells);
  if (block.kind === 'table') return block.rows.flatMap(({ cells }) => cells);
  return block.kind === 'log' ? block.lines.flatMap(({ cells }) => cells) : [];
}
