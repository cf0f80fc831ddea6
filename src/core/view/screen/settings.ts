import type { Run } from '../../domain/run.ts';
import { command, neighbours, panicAction } from '../action.ts';
import { fact, known, plain, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { words } from '../language.ts';
import type { FormState, Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { type Focus, focusOf } from '../select.ts';
import type { Action, Block, Cell, FactsBlock, NoteBlock, View } from '../view.ts';
import * as settingsWords from '../words/settings.ts';
import { budgetLines } from './auto-budget.ts';
import { limitsBlock } from './risk-limits.ts';
import { settingLines } from './risk-settings.ts';
import { changesOf, confirmRisk, riskForm, wordsOfRisk } from './settings-form.ts';

const THEMES = ['dark', 'light', 'blue-orange'] as const;

/** Risk settings of the run in view with what they mean, and what every face shares. */
export const settingsScreen: Screen = { id: 'settings', key: 'o', title: 'Settings', view: settingsView };

function settingsView(scene: Scene, ui: Ui): View {
  const focus = focusOf(scene, ui);
  const form = ui.form?.form === 'risk' ? ui.form : undefined;
  return {
    screen: 'settings',
    title: words(settingsWords, ui.locale)('title'),
    status: [],
    blocks: blocksOf(scene, focus, ui, form),
    actions: [...riskActions(focus, ui, form), ...sharedActions(scene, ui), ...neighbours(ui), panicAction(focus, ui)],
    asOf: scene.now,
  };
}

/** Settings belong to a run that is started or holds a position. */
const isAlive = (run: Run | undefined): run is Run =>
  run !== undefined && (run.state !== 'OFF' || run.position !== undefined);

function blocksOf(scene: Scene, focus: Focus, ui: Ui, form: FormState | undefined): readonly Block[] {
  const { run } = focus;
  const shared = sharedBlock(scene, ui);
  if (!isAlive(run))
    return [offNote(scene, run, ui), ...(run === undefined ? [] : [summaryBlock(scene, focus, run, ui)]), shared];
  return [
    ...(form?.isConfirming === true ? [confirmRisk(scene, run, form, ui)] : []),
    riskForm(run, ui, form),
    summaryBlock(scene, focus, run, ui),
    shared,
    { ...limitsBlock(scene, focus, run, ui), rank: 4 },
  ];
}

function offNote(scene: Scene, run: Run | undefined, ui: Ui): NoteBlock {
  const say = words(settingsWords, ui.locale);
  const line = run === undefined ? emptyText(scene, ui, say('noRun')) : say('isOff');
  return { kind: 'note', id: 'risk-form', title: say('form'), area: 'main', rank: 0, tone: 'muted', lines: [line] };
}

/** The settings in words, and what is used of the limits. */
function summaryBlock(scene: Scene, focus: Focus, run: Run, ui: Ui): FactsBlock {
  const lines = [...settingLines(run, ui), ...budgetLines(scene, focus, ui).slice(1)];
  const title = words(settingsWords, ui.locale)('summary');
  return { kind: 'facts', id: 'summary', title, area: 'side', rank: 1, lines };
}

/** What was set for every face; a face may have its own. */
function sharedBlock({ state }: Scene, ui: Ui): FactsBlock {
  const say = words(settingsWords, ui.locale);
  const options = state.options ?? {};
  const own = (option: string, text: string): Cell =>
    options[option] === undefined ? { value: null, text, tone: 'muted' } : plain(options[option]);
  const theme = THEMES.find((each) => each === options.theme);
  const onOff = (text: string): Cell => (text === 'on' || text === 'off' ? word(text, say(text)) : plain(text));
  return {
    kind: 'facts',
    id: 'shared',
    title: say('shared'),
    area: 'side',
    rank: 2,
    lines: known([
      [fact('language', say('language'), [word(ui.locale, say(`language.${ui.locale}`))])],
      [fact('zone', say('zone'), [word(ui.zone.name, ui.zone.name)])],
      [
        fact('theme', say('theme'), [
          theme === undefined ? own('theme', say('notSet')) : word(theme, say(`theme.${theme}`)),
        ]),
      ],
      options.alerts !== undefined && [fact('alerts', say('alerts'), [onOff(options.alerts)], 1)],
      options.quiet !== undefined && [fact('quiet', say('quiet'), [onOff(options.quiet)], 1)],
      options.bell !== undefined && [fact('bell', say('bell'), [onOff(options.bell)], 1)],
      options.mouse !== undefined && [fact('mouse', say('mouse'), [onOff(options.mouse)], 1)],
    ]),
  };
}

function riskActions({ run }: Focus, ui: Ui, form: FormState | undefined): readonly Action[] {
  const say = words(settingsWords, ui.locale);
  const barred = isAlive(run) ? undefined : say(run === undefined ? 'noRun' : 'isOff');
  const edit: Action = {
    id: 'edit',
    label: say('edit'),
    key: 'e',
    stakes: 'none',
    link: { to: 'screen', screen: 'settings', pick: { form: 'risk' } },
    disabled: barred,
  };
  if (run === undefined) return [edit];
  const isChanged =
    form !== undefined && changesOf(run, form, ui).length > 0 && Object.keys(form.problems).length === 0;
  const save = command(
    'save',
    say('save'),
    undefined,
    'raises',
    wordsOfRisk(run, form?.inputs ?? {}),
    isChanged ? undefined : say('nothingToSave'),
  );
  return [
    edit,
    save,
    command('reset', say('reset'), undefined, 'raises', ['risk', 'reset', '--run', `${run.run}`], barred),
  ];
}

/** The other language, the next theme, UTC again. */
function sharedActions({ state }: Scene, ui: Ui): readonly Action[] {
  const say = words(settingsWords, ui.locale);
  const set = (id: string, label: string, option: string, text: string): Action =>
    command(id, label, undefined, 'none', ['settings', 'set', option, text]);
  const here = THEMES.indexOf(state.options?.theme as (typeof THEMES)[number]);
  const theme = THEMES[(here + 1) % THEMES.length] ?? 'dark';
  const isRussian = ui.locale === 'ru';
  return [
    set('language', isRussian ? say('toEnglish') : say('toRussian'), 'language', isRussian ? 'en' : 'ru'),
    set('theme', say('nextTheme', { theme: say(`theme.${theme}`) }), 'theme', theme),
    ...(ui.zone.name === 'UTC' ? [] : [set('zone', say('toZone', { zone: 'UTC' }), 'zone', 'UTC')]),
  ];
}
