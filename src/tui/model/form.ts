import type { Field, FormBlock, FormState, View } from '../core.ts';
import type { Key } from './input.ts';
import { edit, emptyLine, lineOf } from './line.ts';
import {
  browse,
  type Deed,
  type Effect,
  type Event,
  type FormName,
  type Model,
  remark,
  type Sight,
  type Step,
} from './model.ts';
import { changeOf, expectsIn, positionText } from './quote.ts';

const FORM_OF_KEY: Readonly<Record<string, FormName>> = { t: 'draft', E: 'draft', e: 'risk', a: 'auto' };

/** Opens the form that a key stands for, with what was typed there before. */
export function openForm(model: Model, sight: Sight, key: string, given?: Readonly<Record<string, string>>): Step {
  const form = FORM_OF_KEY[key];
  if (form === undefined) return [model, []];
  const inputs = given ?? (key === 'E' ? { type: 'stop' } : (model.kept[form] ?? {}));
  const blank = { form, inputs, focused: '', preview: null, problems: {}, isConfirming: false } as const;
  const next: Model = { ...model, ui: { ...model.ui, form: blank }, mode: { is: 'form' }, seen: undefined };
  return refreshed({ ...next, frozen: undefined, message: undefined }, sight);
}

/** The form of a view, where it has one. */
export const formIn = (view: View): FormBlock | undefined =>
  view.blocks.find((block): block is FormBlock => block.kind === 'form');

/** The model once its view is known: the cursor stands in a field that there is. */
export function settled(model: Model, view: View): Model {
  const { form } = model.ui;
  if (form === undefined) return model;
  const block = formIn(view);
  if (block === undefined) {
    const isTyping = model.mode.is === 'form' || model.mode.is === 'confirm';
    return isTyping ? { ...model, mode: browse, ui: { ...model.ui, form: undefined } } : model;
  }
  if (block.fields.some(({ name }) => name === form.focused)) return model;
  const focused = block.fields[0]?.name ?? '';
  return focused === form.focused
    ? model
    : { ...model, focus: block.id, ui: { ...model.ui, form: { ...form, focused } } };
}

/** A key while a form is filled in. */
export function typeForm(model: Model, key: Key, sight: Sight, at: number): Step {
  const { form } = model.ui;
  const fields = formIn(sight.view)?.fields ?? [];
  const field = fields.find(({ name }) => name === form?.focused) ?? fields[0];
  if (form === undefined || field === undefined) return [{ ...model, mode: browse }, []];
  switch (key.name) {
    case 'esc':
    case 'ctrl-c':
      return [{ ...model, mode: browse, kept: { ...model.kept, [form.form]: form.inputs } }, []];
    case 'tab':
    case 'down':
      return [focused(model, fields, field, 1), []];
    case 'shift-tab':
    case 'up':
      return [focused(model, fields, field, -1), []];
    case 'enter':
      return key.isBurst ? [model, []] : ask(model, sight, at);
    case 'ctrl-r':
      return resetForm(model, sight, at);
    default:
      return typeField(model, field, key.name, sight);
  }
}

/** An empty form; where the screen can reset what holds, that is asked for. */
function resetForm(model: Model, sight: Sight, at: number): Step {
  const [empty, effects] = refreshed(remark(withInputs(model, {}), sight.say('formReset'), at), sight);
  const reset = sight.view.actions.find(({ id, disabled }) => id === 'reset' && disabled === undefined);
  if (reset?.link.to !== 'command') return [empty, effects];
  const deed: Deed = { label: reset.label, words: reset.link.words };
  return [
    { ...empty, message: undefined, mode: { is: 'agree', deed, expects: expectsIn(sight), line: emptyLine } },
    [],
  ];
}

function focused(model: Model, fields: readonly Field[], field: Field, by: 1 | -1): Model {
  const { form } = model.ui;
  const next = fields[(fields.indexOf(field) + by + fields.length) % fields.length];
  return form === undefined || next === undefined
    ? model
    : { ...model, ui: { ...model.ui, form: { ...form, focused: next.name } } };
}

function typeField(model: Model, field: Field, name: string, sight: Sight): Step {
  if (field.choices !== undefined) return choose(model, field, name, sight);
  const line = name === 'ctrl-u' ? emptyLine : edit(lineOf(model.ui.form?.inputs[field.name] ?? ''), name);
  return line === undefined ? [model, []] : setField(model, field.name, line.text, sight);
}

/** Left and right, or a blank, go through the choices; a letter goes to the next one that begins with it. */
function choose(model: Model, field: Field, name: string, sight: Sight): Step {
  const choices = field.choices ?? [];
  const here = choices.findIndex(({ value }) => value === field.input);
  const by = name === 'left' ? -1 : name === 'right' || name === ' ' ? 1 : 0;
  const start = Math.max(0, here) + 1;
  const byLetter = [...choices.slice(start), ...choices.slice(0, start)].find(
    ({ value, label }) => value.startsWith(name) || label.toLowerCase().startsWith(name),
  );
  const next = by === 0 ? byLetter : choices[(Math.max(0, here) + by + choices.length) % choices.length];
  return next === undefined ? [model, []] : setField(model, field.name, next.value, sight);
}

/** Text that was pasted into the field that has the cursor. */
export function pasteField(model: Model, text: string, sight: Sight): Step {
  const { form } = model.ui;
  const field = formIn(sight.view)?.fields.find(({ name }) => name === form?.focused);
  if (form === undefined || field === undefined || field.choices !== undefined) return [model, []];
  return setField(model, field.name, `${form.inputs[field.name] ?? ''}${text.trim()}`.slice(0, 80), sight);
}

function setField(model: Model, name: string, text: string, sight: Sight): Step {
  return refreshed(withInputs(model, { ...model.ui.form?.inputs, [name]: text }), sight);
}

function withInputs(model: Model, inputs: Readonly<Record<string, string>>): Model {
  const { form } = model.ui;
  if (form === undefined) return model;
  const fresh = { ...form, inputs, problems: {}, status: undefined, isConfirming: false };
  return { ...model, ui: { ...model.ui, form: fresh }, kept: { ...model.kept, [form.form]: inputs } };
}

/** Reads the draft again: what is wrong stands at its field, else `review` is asked what it says. */
export function refreshed(model: Model, sight: Sight, isReview = false): Step {
  const { form } = model.ui;
  if (form !== undefined && form.form !== 'draft') {
    const words = form.form === 'auto' ? ['auto', 'start'] : ['risk', 'set'];
    return [model, [{ do: 'check', words, inputs: form.inputs }]];
  }
  if (form === undefined || sight.symbol === undefined) return [model, []];
  const reading = sight.draftOf(form.inputs);
  if (!reading.ok) {
    return [{ ...model, ui: { ...model.ui, form: { ...form, preview: null, problems: reading.problems } } }, []];
  }
  const asked: Effect = {
    do: 'preview',
    inputs: form.inputs,
    symbol: sight.symbol,
    draft: reading.draft,
    isReview,
  };
  return [model, [asked]];
}

/** What the command line has to say against the fields of a form. */
export function checked(model: Model, inputs: object, problems: Readonly<Record<string, string>>): Model {
  const { form } = model.ui;
  if (form === undefined || form.inputs !== inputs) return model;
  return { ...model, ui: { ...model.ui, form: { ...form, problems } } };
}

/** Enter in a form: a draft that `review` approves of, or settings, wait for a second Enter. */
function ask(model: Model, sight: Sight, at: number): Step {
  const { form } = model.ui;
  if (form === undefined) return [model, []];
  if (form.form === 'draft' && form.preview?.ok !== true) {
    const why = form.preview === null ? sight.say('notReady') : sight.say('refused', form.preview);
    return [remark(model, why, at, 'warn'), []];
  }
  if (Object.keys(form.problems).length > 0) return [remark(model, sight.say('notReady'), at, 'warn'), []];
  const mode = { is: 'confirm', expects: expectsIn(sight), line: emptyLine, isAsked: false } as const;
  return [{ ...model, mode, ui: { ...model.ui, form: { ...form, isConfirming: true } } }, []];
}

/** A key while the filled form waits: Enter sends it, Esc goes back to it. */
export function confirmForm(model: Model, key: Key, sight: Sight, at: number): Step {
  const { mode } = model;
  const { form } = model.ui;
  if (mode.is !== 'confirm' || form === undefined) return [{ ...model, mode: browse }, []];
  if (key.name === 'esc' || key.name === 'ctrl-c') return [backToForm(model), []];
  if (key.name !== 'enter') {
    const line = mode.expects === '' ? undefined : edit(mode.line, key.name);
    return [line === undefined ? model : { ...model, mode: { ...mode, line } }, []];
  }
  if (key.isBurst || mode.isAsked) return [model, []];
  if (mode.line.text.trim() !== mode.expects) {
    return [remark(model, sight.say('typeIt', { word: mode.expects }), at, 'warn'), []];
  }
  if (form.form === 'draft') return refreshed({ ...model, mode: { ...mode, isAsked: true } }, sight, true);
  return submitted(model, sight, at);
}

export function backToForm(model: Model): Model {
  const { form } = model.ui;
  if (form === undefined) return { ...model, mode: browse };
  return { ...model, mode: { is: 'form' }, ui: { ...model.ui, form: { ...form, isConfirming: false } } };
}

/** Settings and starts are commands with what was typed as their options. */
function submitted(model: Model, sight: Sight, at: number): Step {
  const { form } = model.ui;
  if (form === undefined) return [model, []];
  const deed: Deed = {
    label: sight.say(form.form === 'auto' ? 'autoForm' : 'riskForm'),
    words: wordsOfForm(form, sight),
  };
  const sent = remark(
    { ...backToForm(model), mode: browse, busy: model.busy + 1 },
    sight.say('sent', { what: deed.label }),
    at,
  );
  return [sent, [{ do: 'run', deed, shown: 'message' }]];
}

/** The command that a form stands for, with what was typed as its options. */
export function wordsOfForm({ form, inputs }: FormState, { run }: Sight): readonly string[] {
  const options = Object.entries(inputs).flatMap(([name, text]) => optionOf(name, text));
  if (form === 'auto') return ['auto', 'start', ...options];
  return ['risk', 'set', ...(run === undefined ? [] : [`--run=${run.run}`]), ...options];
}

/** A field is named as its option is. */
export function optionOf(name: string, text: string): readonly string[] {
  const given = text.trim();
  const flag = name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);
  if (given === '' || given === 'no') return [];
  return given === 'yes' ? [`--${flag}`] : [`--${flag}=${given}`];
}

/** What `review` said. Right before sending, a draft that differs from the one on the screen is shown instead. */
export function previewed(model: Model, event: Extract<Event, { kind: 'previewed' }>, sight: Sight): Step {
  const { form } = model.ui;
  const { preview, at } = event;
  if (form?.form !== 'draft' || form.inputs !== event.inputs) return [model, []];
  const shown: Model = {
    ...model,
    ui: { ...model.ui, form: { ...form, preview } },
    seen: { preview, at, position: positionText(sight) },
  };
  const isConfirming = model.mode.is === 'confirm';
  if (!isConfirming) return [shown, []];
  const change = changeOf(model.seen, event, positionText(sight));
  if (!preview.ok) return [remark(backToForm(shown), sight.say('refused', preview), at, 'bad'), []];
  if (change !== undefined) return [changed(shown, sight, change, at), []];
  return event.isReview ? sendDraft(shown, sight, at) : [shown, []];
}

/** The new draft in place of the old one; Enter is needed again. */
function changed(model: Model, sight: Sight, change: NonNullable<ReturnType<typeof changeOf>>, at: number): Model {
  const { form } = model.ui;
  const text = sight.say(change);
  if (form === undefined || model.mode.is !== 'confirm') return model;
  const told = { ...form, status: { text, isGood: false } };
  const mode = { ...model.mode, isAsked: false };
  return remark({ ...model, mode, ui: { ...model.ui, form: told } }, text, at, 'bad');
}

function sendDraft(model: Model, sight: Sight, at: number): Step {
  const { form } = model.ui;
  const reading = form === undefined ? undefined : sight.draftOf(form.inputs);
  if (form === undefined || reading?.ok !== true || sight.symbol === undefined) return [backToForm(model), []];
  const deed: Deed = { label: sight.say('newOrder'), words: [] };
  const sent: Model = { ...backToForm(model), mode: browse, busy: model.busy + 1, seen: undefined };
  const effect: Effect = { do: 'send', deed, symbol: sight.symbol, draft: reading.draft };
  return [remark(sent, sight.say('sent', { what: deed.label }), at), [effect]];
}
