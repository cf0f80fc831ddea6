import { cancelAction, moveStopAction, neighbours, panicAction, runActions, whyAction } from '../action.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { type Focus, focusOf } from '../select.ts';
import type { Block, FactsBlock, View } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import { budgetBlock } from './auto-budget.ts';
import { diesBlock } from './auto-dies.ts';
import { positionBlock } from './auto-position.ts';
import { runsBlock } from './auto-runs.ts';
import { signalBlock } from './auto-signal.ts';
import { journalBlock, whyBlock } from './auto-why.ts';
import { chartBlock } from './chart-block.ts';

const CHART_HEIGHT = 14;

/** One run at a glance: position or next entry, signal, what may be lost, why and why not; all runs; the journal. */
export const autoScreen: Screen = {
  id: 'auto',
  key: '1',
  title: 'Auto',
  view: autoView,
};

function autoView(scene: Scene, ui: Ui): View {
  const focus = focusOf(scene, ui);
  return {
    screen: 'auto',
    title: words(autoWords, ui.locale)('title'),
    status: [],
    blocks: blocksOf(scene, focus, ui),
    actions: [
      ...runActions(scene, focus, ui),
      cancelAction(focus, ui),
      moveStopAction(focus, ui),
      ...neighbours(ui),
      whyAction(scene, focus, ui),
      panicAction(focus, ui),
    ],
    asOf: scene.now,
  };
}

/** A run by hand that nothing was denied to has no why. */
const whyOf = (block: FactsBlock): readonly Block[] => (block.lines.length === 0 ? [] : [block]);

/** Without a run there is little to show: where to begin, and what happened so far. */
function blocksOf(scene: Scene, focus: Focus, ui: Ui): readonly Block[] {
  const { run, account } = focus;
  const position = positionBlock(scene, focus, ui);
  const journal = scene.entries.length === 0 ? [] : [journalBlock(scene, focus, ui)];
  if (run === undefined) {
    return [position, ...(account === undefined ? [] : [budgetBlock(scene, focus, ui)]), ...journal];
  }
  return [
    position,
    signalBlock(scene, focus, ui),
    budgetBlock(scene, focus, ui),
    ...whyOf(whyBlock(scene, focus, ui)),
    diesBlock(scene, focus, ui),
    chartBlock(scene, focus, ui, { rank: 6, height: CHART_HEIGHT }),
    runsBlock(scene, ui, run),
    ...journal,
  ];
}
