import type { Run } from '../../domain/run.ts';
import { CEILINGS } from '../../risk/defaults.ts';
import { decimal, percent } from '../format.ts';
import { type Say, words } from '../language.ts';
import type { FormState, Scene, Ui } from '../scene.ts';
import { baseOf } from '../select.ts';
import type { Field, FormBlock, NoteBlock } from '../view.ts';
import * as settingsWords from '../words/settings.ts';
import { asNumber } from './auto-budget.ts';
import { typedSettings } from './risk-settings.ts';

/** The fields are named as the options of `risk set` are: what is typed goes there as it is. */
const FIELDS = ['risk', 'size', 'qty', 'leverage', 'sl', 'tp', 'maxLoss', 'now'] as const;
type Name = (typeof FIELDS)[number];

/** Risk settings as they stand, each to be typed over; an empty field stays what it is. */
export function riskForm(run: Run, ui: Ui, form: FormState | undefined): FormBlock {
  const say = words(settingsWords, ui.locale);
  return {
    kind: 'form',
    id: 'risk-form',
    title: `${say('form')}  ${run.symbol}`,
    area: 'main',
    rank: 0,
    fields: FIELDS.filter((name) => name !== 'now' || run.position !== undefined).map((name) =>
      fieldOf(name, run, say, form),
    ),
    focused: form?.focused ?? '',
    cursor: form?.cursor,
  };
}

function fieldOf(name: Name, run: Run, say: Say<typeof settingsWords.en>, form: FormState | undefined): Field {
  const problem = form?.problems[name];
  const isChoice = name === 'now';
  return {
    name,
    label: say(name),
    input: form?.inputs[name] ?? (isChoice ? 'no' : ''),
    placeholder: standing(name, run),
    choices: isChoice ? (['no', 'yes'] as const).map((value) => ({ value, label: say(`now.${value}`) })) : undefined,
    hint: problem ?? hintOf(name, run, say),
    tone: problem === undefined ? 'plain' : 'bad',
  };
}

/** What holds now, as it would be typed; blank where the run is sized another way. */
function standing(name: Name, { risk }: Run): string {
  const typed = typedSettings(risk);
  if (name === 'risk') return typed.by === 'risk' ? (typed.size ?? '') : '';
  if (name === 'size') return typed.by === 'fraction' ? (typed.size ?? '') : '';
  if (name === 'qty') return typed.by === 'qty' ? (typed.size ?? '') : '';
  return typed[name === 'maxLoss' ? 'ml' : name] ?? '';
}

function hintOf(name: Name, { risk, instrument }: Run, say: Say<typeof settingsWords.en>): string {
  if (name === 'risk') return say('hint.risk', { most: percent(risk.limits.riskMax ?? CEILINGS.risk) });
  if (name === 'qty') return say('hint.qty', { base: instrument.base });
  if (name === 'leverage') {
    const most = risk.limits.leverageMax ?? CEILINGS.leverageCode;
    return say('hint.leverage', { most: decimal(asNumber(most)) });
  }
  return say(`hint.${name}`);
}

/** What differs from what holds, as `risk 0.5% -> 1%`. */
export function changesOf(run: Run, form: FormState, { locale }: Ui): readonly string[] {
  const say = words(settingsWords, locale);
  return FIELDS.flatMap((name) => {
    const to = (form.inputs[name] ?? '').trim();
    if (to === '' || name === 'now') return [];
    return [say('change', { name: say(name), was: standing(name, run) || '-', to })];
  });
}

/** What is about to be saved, and from when it holds. */
export function confirmRisk(scene: Scene, run: Run, form: FormState, ui: Ui): NoteBlock {
  const say = words(settingsWords, ui.locale);
  const changes = changesOf(run, form, ui);
  const when = say(form.inputs.now === 'yes' ? 'whenNow' : 'whenNext');
  const status = form.status === undefined ? [] : [form.status.text];
  const isLive = scene.mode === 'LIVE';
  const what = { changes: changes.join(', '), when };
  const told = isLive ? say('confirmLive', { ...what, word: baseOf(run.symbol) }) : say('confirm', what);
  const line = changes.length === 0 ? say('nothing') : told;
  return {
    kind: 'note',
    id: 'confirm',
    title: say('confirmTitle'),
    area: 'wide',
    rank: 0,
    tone: isLive ? 'bad' : 'accent',
    lines: [...status, line],
  };
}

/** The command line that saves the same, for faces that have no form. */
export function wordsOfRisk({ run }: Run, inputs: Readonly<Record<string, string>>): readonly string[] {
  const options = FIELDS.flatMap((name) => {
    const given = (inputs[name] ?? '').trim();
    if (given === '' || given === 'no') return [];
    if (name === 'now') return ['--now'];
    return [`--${name === 'maxLoss' ? 'max-loss' : name}`, given];
  });
  return ['risk', 'set', '--run', `${run}`, ...options];
}
