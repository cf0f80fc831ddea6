import {
  changeOf,
  expectsIn,
  type Field,
  type FormBlock,
  positionText,
  symbolOf,
  type View,
  wordsOfForm,
} from '../core.ts';
import type { Key } from './input.ts';
import { edit, emptyLine, insert, lineOf, type TypedLine } from './line.ts';
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
import { isSymbolOpen, SYMBOL, withSymbol } from './symbol.ts';

/** Nobody has read in less time what is asked. */
const READ_MS = 500;

const FORM_OF_KEY: Readonly<Record<string, FormName>> = { t: 'draft', E: 'draft', e: 'risk', a: 'auto' };

/** Opens the form that a key stands for, with what was typed there before. */
export function openForm(model: Model, sight: Sight, key: string, given?: Readonly<Record<string, string>>): Step {
  const form = FORM_OF_KEY[key];
  if (form === undefined) return [model, []];
  const inputs = given ?? (key === 'E' ? { type: 'stop' } : keptOf(model, form));
  const blank = {
    form,
    inputs,
    focused: inputs.type === 'stop' ? 'stop' : '',
    preview: null,
    problems: {},
    isConfirming: false,
  } as const;
  // A draft stays on its symbol, whatever becomes of the run that was looked at.
  const symbol = model.ui.symbol ?? (form === 'draft' ? sight.symbol : undefined);
  const next: Model = { ...model, ui: { ...model.ui, symbol, form: blank }, mode: { is: 'form' }, seen: undefined };
  return refreshed({ ...next, frozen: undefined, message: undefined }, sight);
}

/** Whether a draft moves the stop or the target of a position. */
const isMove = ({ type }: Readonly<Record<string, string>>): boolean => type === 'stop' || type === 'target';

/** What was typed before; the symbol is the one that is looked at now. */
function keptOf({ kept }: Model, form: FormName): Readonly<Record<string, string>> {
  const { [SYMBOL]: _, ...inputs } = kept[form] ?? {};
  return form === 'draft' ? inputs : (kept[form] ?? {});
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
      return [leftForm(model), []];
    case 'tab':
    case 'down':
      return moved(model, sight, fields, field, 1);
    case 'shift-tab':
    case 'up':
      return moved(model, sight, fields, field, -1);
    case 'enter':
      if (key.isBurst) return [model, []];
      return isSymbolOpen(model, sight) ? settleSymbol(model, sight, fields) : ask(model, sight, at);
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

/** Another field; a symbol that was typed is taken first, and where it is none the cursor stays. */
function moved(model: Model, sight: Sight, fields: readonly Field[], field: Field, by: 1 | -1): Step {
  if (!isSymbolOpen(model, sight)) return [focused(model, fields, field, by), []];
  const [next, effects] = settleSymbol(model, sight, fields);
  return [isSymbolOpen(next, sight) ? next : focused(next, fields, field, by), effects];
}

/** The typed symbol becomes the one in view: its prices are asked for, and the draft is reviewed on it. */
function settleSymbol(model: Model, sight: Sight, fields: readonly Field[]): Step {
  const { form } = model.ui;
  const choices = fields.find(({ name }) => name === SYMBOL)?.choices;
  const symbol = symbolOf(form?.inputs[SYMBOL] ?? '', choices, sight.symbol);
  if (form === undefined) return [model, []];
  if (symbol === undefined) {
    const problems = { ...form.problems, [SYMBOL]: sight.say('noSymbol') };
    return [{ ...model, ui: { ...model.ui, form: { ...form, problems } } }, []];
  }
  const chosen = withSymbol(withInputs(model, { ...form.inputs, [SYMBOL]: symbol }), symbol);
  const [next, effects] = refreshed({ ...chosen, seen: undefined }, { ...sight, symbol });
  return [next, [{ do: 'watch', symbol }, ...effects]];
}

function focused(model: Model, fields: readonly Field[], field: Field, by: 1 | -1): Model {
  const { form } = model.ui;
  const next = fields[(fields.indexOf(field) + by + fields.length) % fields.length];
  return form === undefined || next === undefined
    ? model
    : { ...model, ui: { ...model.ui, form: { ...form, focused: next.name, cursor: undefined } } };
}

function typeField(model: Model, field: Field, name: string, sight: Sight): Step {
  if (field.isOpen === true) return typeSymbol(model, field, name, sight);
  if (field.choices !== undefined) return choose(model, field, name, sight);
  return typeText(model, field, name, sight);
}

/** A key in a text field: the cursor moves, or the text changes before it. */
function typeText(model: Model, field: Field, name: string, sight: Sight): Step {
  return setLine(model, field, name === 'ctrl-u' ? emptyLine : edit(lineIn(model, field), name), sight);
}

function lineIn({ ui: { form } }: Model, { name }: Field): TypedLine {
  const whole = lineOf(form?.inputs[name] ?? '');
  return { ...whole, at: Math.min(whole.at, form?.cursor ?? whole.at) };
}

function setLine(model: Model, field: Field, line: TypedLine | undefined, sight: Sight): Step {
  const { form } = model.ui;
  if (form === undefined || line === undefined) return [model, []];
  const cursor = line.at === lineOf(line.text).at ? undefined : line.at;
  const moved: Model = { ...model, ui: { ...model.ui, form: { ...form, cursor } } };
  return line.text === (form.inputs[field.name] ?? '') ? [moved, []] : setField(moved, field.name, line.text, sight);
}

/** Left and right choose; a letter begins a text of its own in place of what was chosen. */
function typeSymbol(model: Model, field: Field, name: string, sight: Sight): Step {
  const values = (field.choices ?? []).map(({ value }) => value);
  if (name === 'left' || name === 'right') {
    const by = name === 'left' ? -1 : 1;
    const symbol = values[(Math.max(0, values.indexOf(field.input)) + by + values.length) % values.length];
    if (symbol === undefined) return [model, []];
    return settleSymbol(withInputs(model, { ...model.ui.form?.inputs, [SYMBOL]: symbol }), sight, [field]);
  }
  const isChosen = !isSymbolOpen(model, sight) && Array.from(name).length === 1;
  const line = name === 'ctrl-u' || isChosen ? edit(emptyLine, name) : edit(lineOf(field.input), name);
  return line === undefined ? [model, []] : [withSymbolText(model, line.text), []];
}

/** What review said was of another symbol. */
function withSymbolText(model: Model, text: string): Model {
  const typed = withInputs(model, { ...model.ui.form?.inputs, [SYMBOL]: text.slice(0, 32) });
  const { form } = typed.ui;
  return form === undefined ? typed : { ...typed, ui: { ...typed.ui, form: { ...form, preview: null } } };
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

/** Text that was pasted goes in at the cursor; a symbol takes the place of what was there. */
export function pasteField(model: Model, text: string, sight: Sight): Step {
  const { form } = model.ui;
  const field = formIn(sight.view)?.fields.find(({ name }) => name === form?.focused);
  if (form === undefined || field === undefined) return [model, []];
  if (field.isOpen === true) return [withSymbolText(model, text.trim()), []];
  if (field.choices !== undefined) return [model, []];
  return setLine(model, field, insert(lineIn(model, field), text.trim()), sight);
}

function setField(model: Model, name: string, text: string, sight: Sight): Step {
  return refreshed(withInputs(model, { ...model.ui.form?.inputs, [name]: text }), sight);
}

/** The form with what was typed, which stays for the next time; a price for the stop or the target of now is no order. */
function withInputs(model: Model, inputs: Readonly<Record<string, string>>): Model {
  const { form } = model.ui;
  if (form === undefined) return model;
  const fresh = { ...form, inputs, problems: {}, status: undefined, isConfirming: false };
  const kept = isMove(inputs) ? model.kept : { ...model.kept, [form.form]: inputs };
  return { ...model, ui: { ...model.ui, form: fresh }, kept };
}

/** Reads the draft again: what is wrong stands at its field, else `review` is asked what it says. */
export function refreshed(model: Model, sight: Sight, isReview = false): Step {
  const { form } = model.ui;
  if (form !== undefined && form.form !== 'draft') {
    const words = form.form === 'auto' ? ['auto', 'start'] : ['risk', 'set'];
    return [model, [{ do: 'check', words, inputs: form.inputs }]];
  }
  const symbol = model.ui.symbol ?? sight.symbol;
  if (form === undefined || symbol === undefined || isSymbolOpen(model, sight)) return [model, []];
  const reading = sight.draftOf(form.inputs);
  if (!reading.ok) {
    return [{ ...model, ui: { ...model.ui, form: { ...form, preview: null, problems: reading.problems } } }, []];
  }
  const asked: Effect = {
    do: 'preview',
    inputs: form.inputs,
    symbol,
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
  const mode = { is: 'confirm', expects: expectsIn(sight), line: emptyLine, isAsked: false, at } as const;
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
  // The draft changed right before: this Enter was meant for the one before.
  if (at - mode.at < READ_MS) return [remark(model, sight.say('tooFast', { key: 'Enter' }), at, 'warn'), []];
  if (mode.line.text.trim() !== mode.expects) {
    return [remark(model, sight.say('typeIt', { word: mode.expects }), at, 'warn'), []];
  }
  if (form.form === 'draft') return refreshed({ ...model, mode: { ...mode, isAsked: true } }, sight, true);
  return submitted(model, sight, at);
}

/** Nobody asks review again while a draft is left: it goes from the screen, and comes back as it was typed. */
function leftForm(model: Model): Model {
  const { form } = model.ui;
  const left = form === undefined || form.form === 'draft' ? undefined : { ...form, isConfirming: false };
  return { ...model, mode: browse, ui: { ...model.ui, form: left } };
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
  const sent = remark({ ...leftForm(model), busy: model.busy + 1 }, sight.say('sent', { what: deed.label }), at);
  return [sent, [{ do: 'run', deed, shown: 'message' }]];
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
  if (model.mode.is !== 'confirm') return [shown, []];
  const speed = sight.scene.system?.feed.speed ?? 1;
  const change = changeOf(model.seen, event, positionText(sight), speed, isMove(form.inputs));
  if (!preview.ok) return [remark(backToForm(shown), sight.say('refused', preview), at, 'bad'), []];
  if (change !== undefined) return [changed(shown, sight, change, at), []];
  // A review that was asked for before Esc sends nothing after it.
  return event.isReview && model.mode.isAsked ? sendDraft(shown, sight, at) : [shown, []];
}

/** The new draft in place of the old one; Enter is needed again. */
function changed(model: Model, sight: Sight, change: NonNullable<ReturnType<typeof changeOf>>, at: number): Model {
  const { form } = model.ui;
  const text = sight.say(change);
  if (form === undefined || model.mode.is !== 'confirm') return model;
  const told = { ...form, status: { text, isGood: false } };
  const mode = { ...model.mode, isAsked: false, at };
  return remark({ ...model, mode, ui: { ...model.ui, form: told } }, text, at, 'bad');
}

function sendDraft(model: Model, sight: Sight, at: number): Step {
  const { form } = model.ui;
  const reading = form === undefined ? undefined : sight.draftOf(form.inputs);
  if (form === undefined || reading?.ok !== true || sight.symbol === undefined) return [backToForm(model), []];
  const { type } = reading.draft;
  const label = sight.say(type === 'stop' ? 'movedStop' : type === 'target' ? 'movedTarget' : 'newOrder');
  const deed: Deed = { label, words: [] };
  const sent: Model = { ...leftForm(model), busy: model.busy + 1, seen: undefined };
  const effect: Effect = { do: 'send', deed, symbol: sight.symbol, draft: reading.draft };
  return [remark(sent, sight.say('sent', { what: deed.label }), at), [effect]];
}
