import { command } from '../action.ts';
import { plain, word } from '../cell.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { type Focus, focusOf } from '../select.ts';
import type { Action, Block, NoteBlock, TableBlock, Tone, View } from '../view.ts';
import * as debugWords from '../words/debug.ts';
import { budgetBlock } from './auto-budget.ts';
import { positionBlock } from './auto-position.ts';
import { signalBlock } from './auto-signal.ts';
import { journalBlock, whyBlock } from './auto-why.ts';
import { chartBlock } from './chart-block.ts';

/** The verbs of `dzentra debug` with the key that each has here, and an example of its arguments. */
const OFFERS = [
  ['start', 'A', []],
  ['step', 'n', []],
  ['play', 'P', ['10']],
  ['price', undefined, ['60000']],
  ['signal', 'B', ['buy']],
  ['long', 'L', []],
  ['short', 'S', []],
  ['flip', 'f', []],
  ['close', 'c', []],
  ['hit-stop', 'K', []],
  ['hit-target', 'T', []],
  ['hit-max-loss', 'M', []],
  ['block-margin', 'G', []],
  ['pause', 'p', []],
  ['resume', 'r', []],
  ['panic', undefined, []],
  ['lift', undefined, []],
  ['wait', undefined, ['60000']],
  ['watch', undefined, []],
  ['state', undefined, []],
  ['save', undefined, ['sandbox.json']],
  ['reset', 'R', []],
  ['stop', undefined, []],
] as const;

/** The sandbox: an engine of its own, stepped by hand. Nothing here can address another run. */
export const debugScreen: Screen = { id: 'debug', key: 'D', title: 'Debug', view: debugView };

function debugView(scene: Scene, ui: Ui): View {
  const isOn = scene.isDebugEnabled && scene.mode === 'DEBUG';
  return {
    screen: 'debug',
    title: words(debugWords, ui.locale)('title'),
    status: [],
    blocks: isOn ? sandboxBlocks(scene, focusOf(scene, ui), ui) : offBlocks(scene, ui),
    // A sandbox is begun once; reset begins it anew.
    actions: !scene.isDebugEnabled ? [] : OFFERS.filter(([verb]) => isOn === (verb !== 'start')).map(actionOf),
    asOf: scene.now,
  };
}

function offBlocks({ isDebugEnabled }: Scene, ui: Ui): readonly Block[] {
  const say = words(debugWords, ui.locale);
  if (!isDebugEnabled) return [note(say('sandbox'), 'warn', [say('offHow'), say('offWhat')])];
  return [note(say('sandbox'), 'accent', [say('startIt'), say('offWhat')]), offersBlock(ui)];
}

const note = (title: string, tone: Tone, lines: readonly string[]): NoteBlock => ({
  kind: 'note',
  id: 'sandbox',
  title,
  area: 'wide',
  rank: 0,
  tone,
  lines,
});

function sandboxBlocks(scene: Scene, focus: Focus, ui: Ui): readonly Block[] {
  const say = words(debugWords, ui.locale);
  return [
    note(say('sandbox'), 'accent', [say('apart')]),
    positionBlock(scene, focus, ui),
    signalBlock(scene, focus, ui),
    budgetBlock(scene, focus, ui),
    whyBlock(scene, focus, ui),
    chartBlock(scene, focus, ui, { rank: 6, height: 10 }),
    { ...journalBlock(scene, focus, ui), title: say('journal'), empty: say('noEntries') },
    { ...offersBlock(ui), rank: 7 },
  ];
}

function offersBlock(ui: Ui): TableBlock {
  const say = words(debugWords, ui.locale);
  return {
    kind: 'table',
    id: 'offers',
    title: say('offers'),
    area: 'wide',
    rank: 1,
    columns: [
      { name: 'command', title: say('colCommand') },
      { name: 'about', title: say('colAbout'), isFlexible: true },
    ],
    rows: OFFERS.map(([verb, , args]) => {
      const line = ['debug', verb, ...args];
      return {
        key: verb,
        cells: [plain(line.join(' ')), word(verb, say(`about.${verb}`))],
        opens: { to: 'command', words: line },
      };
    }),
    empty: '',
  };
}

/** Nothing here is at stake. */
const actionOf = ([verb, key, args]: (typeof OFFERS)[number]): Action =>
  command(verb, verb, key, 'none', ['debug', verb, ...args]);
