import { kindOf } from '../act/stakes.ts';
import type {
  Action,
  Block,
  ChartName,
  FormBlock,
  Link,
  MirrorSay,
  Pictures,
  Row,
  Scene,
  ScreenId,
  Ui,
  View,
} from '../core.ts';
import type { Deed } from './button.ts';
import type { Knob } from './message.ts';

type Rows = readonly (readonly Knob[])[];

/** Buttons of a row; rows of lists that open something. */
const ACROSS = 3;
const ROWS_MAX = 6;
const LABEL_MAX = 24;

/** What the buttons of a screen are made of. */
export interface Board {
  readonly pictures: Pictures;
  readonly scene: Scene;
  readonly view: View;
  readonly ui: Ui;
  readonly say: MirrorSay;
  readonly page: number;
  readonly pages: number;
  /** An engine of another version takes nothing but panic and close. */
  readonly isOther: boolean;
}

/** Where one can go, what can be done, what can be opened, charts; at the end Home, Back and panic. */
export function screenKnobs(board: Board): Rows {
  const { view, say } = board;
  const actions = view.actions.filter((action) => action.disabled === undefined && isTaken(action, board));
  const leading = actions.filter(({ link }) => link.to === 'screen').map((action) => knobOf(withTitle(action, board)));
  const going = board.ui.screen === 'auto' ? [...leading, screenKnob('journal', board)] : leading;
  const doing = actions.filter(({ id, link }) => link.to === 'command' && id !== 'panic').map(knobOf);
  const looking = [{ text: say('refresh'), deed: { is: 'go', to: 'refresh' } } as const, ...moreKnob(board)];
  return [
    ...inRows([...looking, ...runKnob(board), ...formKnob(board), ...going]),
    ...inRows(doing),
    ...inRows(openers(board)),
    ...inRows(chartKnobs(board)),
    [...endKnobs(say), ...actions.filter(({ id }) => id === 'panic').map(knobOf)],
  ];
}

/** Home and Back: on every message. */
export const endKnobs = (say: MirrorSay): readonly Knob[] => [
  { text: say('home'), deed: { is: 'go', to: 'home' } },
  { text: say('back'), deed: { is: 'go', to: 'back' } },
];

/** Knobs side by side, as many as there is room for. */
export const inRows = (knobs: readonly Knob[], across = ACROSS): Rows =>
  Array.from({ length: Math.ceil(knobs.length / across) }, (_, row) => knobs.slice(row * across, (row + 1) * across));

/** The next page of what is longer than one. */
export const moreKnob = ({ say, page, pages }: Pick<Board, 'say' | 'page' | 'pages'>): readonly Knob[] =>
  pages < 2 ? [] : [{ text: say('more', { page: page + 1, pages }), deed: { is: 'go', to: 'more' } }];

/** Texts of buttons are plain, and short. */
export function labelOf(text: string, max = LABEL_MAX): string {
  const glyphs = Array.from(text.trim());
  return glyphs.length <= max ? glyphs.join('') : `${glyphs.slice(0, max - 1).join('')}\u2026`;
}

export const capital = (text: string): string => text.slice(0, 1).toUpperCase() + text.slice(1);

/** What belongs to the machine of the engine is no button here. */
function isTaken({ link }: Action, { isOther }: Board): boolean {
  if (link.to === 'screen') return true;
  const [noun = '', verb = ''] = link.words;
  if (isOther) return noun === 'panic' || (noun === 'trade' && verb === 'close');
  return kindOf(`${noun} ${verb}`) !== 'never' || kindOf(noun) !== 'never';
}

export const screenKnob = (screen: ScreenId, { pictures, ui }: Pick<Board, 'pictures' | 'ui'>): Knob => ({
  text: pictures.titleOf(screen, ui.locale),
  deed: { is: 'screen', screen },
});

/** What leads to a screen as a whole is called as that screen is. */
function withTitle(action: Action, { pictures, ui }: Board): Action {
  const { link } = action;
  const isWhole = link.to === 'screen' && link.pick === undefined;
  return isWhole ? { ...action, label: pictures.titleOf(link.screen, ui.locale) } : action;
}

/** Three points: it is asked once more. */
function knobOf({ id, label, stakes, link }: Action): Knob {
  const name = id === 'panic' ? label.toUpperCase() : capital(label);
  return { text: labelOf(stakes === 'none' ? name : `${name}...`), deed: deedOf(link, label, stakes) };
}

const deedOf = (link: Link, label: string, stakes: Action['stakes'] = 'none'): Deed =>
  link.to === 'screen' ? { is: 'screen', screen: link.screen, pick: link.pick } : { is: 'do', label, link, stakes };

/** Screens that look at one run. */
const OF_RUN: ReadonlySet<string> = new Set(['auto', 'risk', 'settings', 'orders', 'trade', 'market']);

function runKnob({ pictures, scene, ui, say }: Board): readonly Knob[] {
  const { runs } = scene.state;
  if (runs.length < 2 || !OF_RUN.has(ui.screen)) return [];
  const at = runs.findIndex(({ run }) => run === pictures.focusOf(scene, ui).run?.run);
  return [{ text: say('nextRun', { at: at + 1, count: runs.length }), deed: { is: 'go', to: 'run' } }];
}

/** The form of the screen, where it is not open. */
function formKnob({ view, ui, say, isOther }: Board): readonly Knob[] {
  const isForm = view.blocks.some(({ kind }) => kind === 'form') || ui.screen === 'strategies';
  const isOffered =
    isForm && !isOther && view.actions.every(({ link }) => !isRiskForm(link) || ui.screen !== 'settings');
  return isOffered ? [{ text: say('fill'), deed: { is: 'form', does: 'again' } }] : [];
}

const isRiskForm = (link: Link): boolean => link.to === 'screen' && link.pick?.form === 'risk';

/** Rows that lead somewhere or can be picked, and entries of the journal. */
function openers({ view, ui }: Board): readonly Knob[] {
  return view.blocks.flatMap((block) => openersOf(block, ui)).slice(0, ROWS_MAX);
}

function openersOf(block: Block, { screen, seq }: Ui): readonly Knob[] {
  if (block.kind === 'log') {
    if (screen !== 'journal' || seq !== undefined) return [];
    const keys = block.lines.slice(0, ROWS_MAX).map(({ key }) => key);
    return keys.map((key) => ({ text: `#${key}`, deed: { is: 'screen', screen, pick: { seq: key } } }));
  }
  if (block.kind !== 'table') return [];
  const named = block.rows.map(nameOf);
  return block.rows.flatMap(({ key, opens }, row): readonly Knob[] => {
    const name = named[row] ?? key;
    const text = labelOf(named.filter((each) => each === name).length > 1 ? `${name} #${key}` : name);
    if (opens !== undefined)
      return isHere(opens, screen, key, block.picked) ? [] : [{ text, deed: deedOf(opens, text) }];
    if (block.picked === undefined || block.picked === key) return [];
    return [{ text, deed: { is: 'screen', screen, pick: { [block.id]: key } } }];
  });
}

const COLUMNS_NAMED = 3;
/** A name, a date or a time: numbers tell one row from another to nobody, and change. */
const IS_NAME = /[\p{L}:]/u;

/** What a row is called by: what its first columns name. */
function nameOf({ key, cells }: Row): string {
  const names = cells.slice(0, COLUMNS_NAMED).filter(({ text }) => IS_NAME.test(text) && text.length < LABEL_MAX);
  const [first, second] = names.map(({ text }) => text.trim());
  return [first ?? key, ...(second === undefined ? [] : [second])].join(' ');
}

const isHere = (link: Link, screen: string, key: string, picked: string | undefined): boolean =>
  link.to === 'screen' && link.screen === screen && key === picked;

function chartKnobs({ view, say, isOther }: Board): readonly Knob[] {
  if (isOther) return [];
  const charts = new Set(view.blocks.flatMap(chartIn));
  return [...charts].map((chart) => ({ text: say(`chart.${chart}`), deed: { is: 'chart', chart } }));
}

function chartIn(block: Block): readonly ChartName[] {
  if (block.kind !== 'chart') return [];
  if (block.chart.of === 'candles') return ['candles'];
  return block.id === 'equity' || block.id === 'drawdown' ? [block.id] : [];
}

/** The form of a view, where it has one. */
export const formBlockIn = (view: View): FormBlock | undefined =>
  view.blocks.find((block): block is FormBlock => block.kind === 'form');
