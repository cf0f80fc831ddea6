import { neighbours, panicAction, runActions } from '../action.ts';
import { clock, count, fact, known, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { reasonText } from '../entry-line.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { type Focus, focusOf } from '../select.ts';
import { safetyCell } from '../status.ts';
import type { Block, Fact, FactsBlock, View } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import * as riskWords from '../words/risk.ts';
import { budgetBlock } from './auto-budget.ts';
import { nextLines } from './auto-position.ts';
import { limitsBlock } from './risk-limits.ts';
import { packedSettings, settingLines } from './risk-settings.ts';

/** What may be lost: the settings, every limit with what is used of it, halts and pauses, and the next entry. */
export const riskScreen: Screen = { id: 'risk', key: '3', title: 'Risk', view: riskView };

/** Actions of a run that belong here: what lifts a halt or closes. */
const SHOWN: ReadonlySet<string> = new Set(['pause', 'resume', 'resume-account', 'close', 'flatten']);

function riskView(scene: Scene, ui: Ui): View {
  const focus = focusOf(scene, ui);
  return {
    screen: 'risk',
    title: words(riskWords, ui.locale)('title'),
    status: [],
    blocks: blocksOf(scene, focus, ui),
    actions: [
      ...neighbours(ui),
      ...runActions(scene, focus, ui).filter(({ id }) => SHOWN.has(id)),
      panicAction(focus, ui),
    ],
    asOf: scene.now,
  };
}

function blocksOf(scene: Scene, focus: Focus, ui: Ui): readonly Block[] {
  const { run } = focus;
  const budget = budgetBlock(scene, focus, ui);
  if (run === undefined) return [budget, haltsBlock(scene, focus, ui)];
  return [
    settingsBlock(focus, ui),
    budget,
    haltsBlock(scene, focus, ui),
    ...nextBlocks(focus, ui),
    limitsBlock(scene, focus, run, ui),
  ];
}

/** The settings of the run in view. */
export function settingsBlock({ run }: Focus, ui: Ui): FactsBlock {
  const say = words(riskWords, ui.locale);
  const named = words(autoWords, ui.locale);
  return {
    kind: 'facts',
    id: 'settings',
    title: run === undefined ? say('settings') : `${say('settings')} ${run.symbol}  ${named('run', { run: run.run })}`,
    area: 'main',
    rank: 0,
    lines: run === undefined ? [[fact('none', '', [word('none', say('noRun'), 'muted')])]] : settingLines(run, ui),
    packed: run === undefined ? undefined : packedSettings(run, ui),
  };
}

/** What the next entry would be; nothing while a position is open. */
export function nextBlocks(focus: Focus, ui: Ui): readonly FactsBlock[] {
  const { run } = focus;
  if (run === undefined || run.position !== undefined) return [];
  const say = words(autoWords, ui.locale);
  const lines = nextLines(focus.runFrame?.next ?? null, { run, focus, ui, say });
  return [{ kind: 'facts', id: 'next', title: words(riskWords, ui.locale)('next'), area: 'side', rank: 2, lines }];
}

/** Why entries are off, and until when. */
function haltsBlock(scene: Scene, { run, account }: Focus, ui: Ui): FactsBlock {
  const say = words(riskWords, ui.locale);
  const lines: (readonly Fact[])[] = [];
  if (account === undefined)
    lines.push([fact('account', '', [word('none', emptyText(scene, ui, say('accountNone')), 'muted')])]);
  else {
    const { account: name, safety, safetyReason, blockedUntil } = account;
    lines.push([fact('safety', `${say('safety')} ${name}`, [safetyCell(safety, ui.locale)])]);
    if (safety !== 'ACTIVE') {
      const said = reasonText(safetyReason, ui.locale);
      const until = blockedUntil > 0 ? clock(blockedUntil, ui) : word('human', say('untilHuman'), 'warn');
      const end = blockedUntil > 0 ? { ...until, text: say('until', { at: until.text }) } : until;
      lines.push([fact('reason', say('since'), [word(safetyReason, said)]), fact('until', '', [end])]);
    }
  }
  if (run !== undefined) lines.push(cooldownFacts(scene, run.cooldownUntil, run.stopsInRow, ui));
  return { kind: 'facts', id: 'halts', title: say('halts'), area: 'side', rank: 1, lines };
}

function cooldownFacts({ now }: Scene, until: number, stopsInRow: number, ui: Ui): readonly Fact[] {
  const say = words(riskWords, ui.locale);
  const isOn = until > (now ?? 0);
  const cell = isOn ? clock(until, ui, 'warn') : word('none', say('noPause'), 'muted');
  return known([
    fact('cooldown', say('cooldown'), [isOn ? { ...cell, text: say('until', { at: cell.text }) } : cell]),
    stopsInRow > 0 && fact('stopsInRow', say('stopsInRow'), [count(stopsInRow, 'warn')]),
  ]);
}
