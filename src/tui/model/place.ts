import type { Block, Link, Row, ScreenId, TableBlock, Ui, View } from '../core.ts';
import { browse, type Model, remark, type Sight } from './model.ts';

const TRAIL_MAX = 20;

/** Goes to a screen; the one that is left can be come back to. */
export function goTo(model: Model, screen: ScreenId, pick: Readonly<Record<string, string>> = {}): Model {
  const from = model.ui.screen;
  const ui = picking({ ...model.ui, screen, filter: '', seq: undefined }, pick);
  if (screen === from) return { ...model, ui, mode: browse };
  return { ...model, ui: { ...ui, form: undefined }, mode: browse, focus: undefined, trail: push(model) };
}

const push = ({ trail, ui }: Model): readonly ScreenId[] => [...trail, ui.screen].slice(-TRAIL_MAX);

function picking(ui: Ui, pick: Readonly<Record<string, string>>): Ui {
  const { run, symbol, seq, ...others } = pick;
  return {
    ...ui,
    // A run is looked at with its own symbol.
    ...(run === undefined ? {} : { run: Number(run), symbol: undefined }),
    ...(symbol === undefined ? {} : { symbol }),
    ...(seq === undefined ? {} : { seq: Number(seq) }),
    picked: { ...ui.picked, ...others },
  };
}

/** Esc: out of a detail, of a filter, of the screen. */
export function goUp(model: Model): Model {
  const { ui, trail } = model;
  if (ui.seq !== undefined) return { ...model, ui: { ...ui, seq: undefined } };
  if (ui.filter !== '') return { ...model, ui: { ...ui, filter: '' } };
  const screen = trail.at(-1) ?? 'auto';
  return { ...goTo(model, screen), trail: trail.slice(0, -1) };
}

/** Backspace: the screen before this one, and with the same key back again. */
export function goLast(model: Model): Model {
  const screen = model.trail.at(-1);
  return screen === undefined
    ? model
    : { ...goTo(model, screen), trail: [...model.trail.slice(0, -1), model.ui.screen] };
}

/** Blocks that keys can act on: where rows are picked, forms, and what scrolls. */
const isPane = (block: Block): boolean => block.kind !== 'chart';
const isList = (block: Block): boolean => block.kind === 'form' || keysOf(block) !== undefined;

/** The block that keys act on: the one that was chosen, else a form, else the first list. */
export function focusOf(view: View, focus: string | undefined): string | undefined {
  const panes = view.blocks.filter(isPane);
  const chosen = panes.find(({ id }) => id === focus);
  return (chosen ?? panes.find(({ kind }) => kind === 'form') ?? panes.find(isList) ?? panes[0])?.id;
}

/** The next pane round. */
export function movePane(model: Model, { view }: Sight, sign: 1 | -1): Model {
  const panes = view.blocks.filter(isPane).map(({ id }) => id);
  if (panes.length === 0) return model;
  const at = panes.indexOf(focusOf(view, model.focus) ?? '');
  return { ...model, focus: panes[(at + sign + panes.length) % panes.length] };
}

/** Picks another row of the pane, or scrolls it where it has none to pick. */
export function moveRow(model: Model, sight: Sight, by: 'line' | 'page' | 'all', sign: 1 | -1): Model {
  const block = sight.view.blocks.find(({ id }) => id === focusOf(sight.view, model.focus));
  if (block === undefined) return model;
  const steps = by === 'line' ? 1 : by === 'page' ? Math.max(1, sight.pageLines - 2) : 1_000_000;
  const keys = keysOf(block);
  if (keys === undefined) return scroll(model, block, steps * sign);
  if (keys.length === 0) return model;
  const at = pickedAt(model.ui, block, keys);
  const next = at === -1 && sign === 1 ? 0 : Math.max(0, Math.min(keys.length - 1, at + steps * sign));
  return pick(model, block.id, keys[next] ?? '');
}

/** Picks a row by its key. */
export const pick = (model: Model, block: string, key: string): Model => ({
  ...model,
  focus: block,
  ui: { ...model.ui, picked: { ...model.ui.picked, [block]: key } },
});

/** Keys of the rows of a block; undefined where none can be picked. */
function keysOf(block: Block): readonly string[] | undefined {
  if (block.kind === 'log') return block.lines.map(({ key }) => key);
  return block.kind === 'table' && isPickable(block) ? block.rows.map(({ key }) => key) : undefined;
}

/** A table says so, or its rows lead somewhere. */
const isPickable = ({ picked, rows }: TableBlock): boolean =>
  picked !== undefined || rows.some(({ opens }) => opens !== undefined);

/** The view with what was picked in it marked, in lists that do not mark it themselves. */
export function marked(view: View, { picked }: Ui): View {
  const blocks = view.blocks.map((block): Block => {
    const key = picked[block.id];
    const isList = block.kind === 'log' || (block.kind === 'table' && isPickable(block));
    return isList && key !== undefined && block.picked === undefined ? { ...block, picked: key } : block;
  });
  return { ...view, blocks };
}

function pickedAt(ui: Ui, block: Block, keys: readonly string[]): number {
  const told = block.kind === 'table' || block.kind === 'log' ? block.picked : undefined;
  const at = keys.indexOf(ui.picked[block.id] ?? told ?? '');
  return at === -1 ? keys.indexOf(told ?? '') : at;
}

/** Whether the block with the keys has rows to pick, and none is picked. */
export function isUnmarked({ ui, focus }: Model, { view }: Sight): boolean {
  const block = view.blocks.find(({ id }) => id === focusOf(view, focus));
  const keys = block === undefined ? undefined : keysOf(block);
  return block !== undefined && keys !== undefined && keys.length > 0 && pickedAt(ui, block, keys) === -1;
}

/** Lines that a block can be scrolled by: never past its last one. */
function lengthOf(block: Block): number {
  if (block.kind === 'table') return block.rows.length;
  return block.kind === 'chart' || block.kind === 'form' ? 0 : block.lines.length * 4;
}

/** Scrolls a block by lines. */
export function scroll(model: Model, block: Block, lines: number): Model {
  const { scrolled } = model.ui;
  const top = Math.max(0, Math.min(Math.max(0, lengthOf(block) - 1), (scrolled[block.id] ?? 0) + lines));
  return top === (scrolled[block.id] ?? 0)
    ? model
    : { ...model, ui: { ...model.ui, scrolled: { ...scrolled, [block.id]: top } } };
}

/** The wheel scrolls what is under the pointer; in the pane that has the keys the mark goes along, which stays in sight. */
export function turnWheel(model: Model, sight: Sight, under: string | undefined, lines: number): Model {
  const focus = focusOf(sight.view, model.focus);
  const block = sight.view.blocks.find(({ id }) => id === (under ?? focus));
  if (block === undefined) return model;
  const keys = keysOf(block) ?? [];
  const at = pickedAt(model.ui, block, keys);
  if (block.id !== focus || at === -1) return scroll(model, block, lines);
  return pick(model, block.id, keys[Math.max(0, Math.min(keys.length - 1, at + lines))] ?? '');
}

/** What Enter stands for: the row's link, the entry of a log line, or undefined. */
export function linkAt(model: Model, { view }: Sight): Link | undefined {
  const block = view.blocks.find(({ id }) => id === focusOf(view, model.focus));
  if (block?.kind === 'table') return rowAt(model.ui, block.rows, block.picked, block.id)?.opens;
  if (block?.kind !== 'log') return undefined;
  const seq = model.ui.picked[block.id] ?? block.picked ?? '';
  // What the filter hides is not opened: nobody sees that it is marked.
  return /^\d+$/.test(seq) && block.lines.some(({ key }) => key === seq)
    ? { to: 'screen', screen: 'journal', pick: { seq, [block.id]: seq } }
    : undefined;
}

function rowAt(ui: Ui, rows: readonly Row[], told: string | undefined, block: string): Row | undefined {
  const key = ui.picked[block] ?? told;
  return rows.find((row) => row.key === key) ?? rows.find((row) => row.key === told);
}

/** The run after, or before. */
export function moveRun(model: Model, { scene, run, say }: Sight, sign: 1 | -1, at: number): Model {
  const runs = scene.state.runs.map(({ run }) => run);
  if (runs.length < 2) return remark(model, say(runs.length === 0 ? 'noRun' : 'oneRun'), at);
  const here = runs.indexOf(run?.run ?? -1);
  const next = scene.state.runs[(here + sign + runs.length) % runs.length];
  return next === undefined ? model : { ...model, ui: { ...model.ui, run: next.run, symbol: next.symbol } };
}

/** Time frames of charts, ms. */
const TIMEFRAMES = [60_000, 180_000, 300_000, 900_000, 1_800_000, 3_600_000, 14_400_000, 86_400_000];

/** A longer or a shorter time frame than that of the chart, out of those that the candles of the feed add up to. */
export function moveTimeframe(model: Model, { scene, run, symbol, say }: Sight, sign: 1 | -1, at: number): Model {
  const fed = scene.markets.find((market) => market.symbol === symbol)?.timeframeMs ?? 0;
  const wanted = model.ui.timeframeMs ?? (run?.symbol === symbol ? run?.timeframeMs : undefined) ?? fed;
  const shown = Math.max(wanted, fed);
  const drawn = TIMEFRAMES.filter((ms) => ms >= fed && (fed === 0 || ms % fed === 0));
  const next = sign === 1 ? drawn.find((ms) => ms > shown) : drawn.findLast((ms) => ms < shown);
  if (next === undefined) return remark(model, say(sign === 1 ? 'noLonger' : 'noShorter'), at);
  return { ...model, ui: { ...model.ui, timeframeMs: next } };
}
