import type { Block, Field, FormBlock, FormState, MirrorSay, View } from '../core.ts';
import { isParam } from './auto-form.ts';
import { capital, endKnobs, formBlockIn, inRows, labelOf } from './keyboard.ts';
import type { Knob } from './message.ts';
import type { FormName, Inputs } from './place.ts';

/** Fields that are seen at once; a start has as many as its strategy has parameters. */
const FIELDS_MAX = 12;
const INPUT_CHARS_MAX = 80;
/** Blocks that say what comes of what is filled in. */
const BESIDE: ReadonlySet<string> = new Set(['preview', 'quote', 'summary', 'confirm']);

export const blankForm = (form: FormName, inputs: Inputs): FormState => ({
  form,
  inputs,
  focused: '',
  preview: null,
  problems: {},
  isConfirming: false,
});

/** The form with another text in a field; an empty one is as if nothing was ever typed. What was said of it is void. */
export function withInput(form: FormState, field: string, text: string): FormState {
  const { [field]: _, ...others } = form.inputs;
  const given = text.trim().slice(0, INPUT_CHARS_MAX);
  return { ...form, inputs: given === '' ? others : { ...others, [field]: given }, problems: {}, preview: null };
}

/** The view of an open form: what is amiss, the fields of its page, and what comes of them. */
export function formView(view: View, page: number): { readonly view: View; readonly pages: number } {
  const block = formBlockIn(view);
  if (block === undefined) return { view, pages: 1 };
  const pages = Math.max(1, Math.ceil(block.fields.length / FIELDS_MAX));
  const from = (page % pages) * FIELDS_MAX;
  const shown: FormBlock = {
    ...block,
    fields: block.fields.slice(from, from + FIELDS_MAX).map(forFingers),
  };
  const before = view.blocks.slice(0, view.blocks.indexOf(block));
  const blocks: Block[] = [...before, shown, ...view.blocks.filter(({ id }) => BESIDE.has(id) && id !== 'confirm')];
  return { view: { ...view, blocks }, pages };
}

/** These hints tell of keys of a terminal; a finger sees the choices. */
const OF_KEYS: ReadonlySet<string> = new Set(['symbol', 'side']);
const forFingers = (field: Field): Field =>
  OF_KEYS.has(field.name) && field.tone === 'plain' ? { ...field, hint: '' } : field;

/** A button for each field of the page, then what becomes of the form. */
export function formKnobs(
  { fields }: FormBlock,
  form: FormName,
  more: readonly Knob[],
  say: MirrorSay,
): readonly (readonly Knob[])[] {
  const knobs = fields.map((field): Knob => ({ text: fieldText(field), deed: { is: 'field', field: field.name } }));
  const send = say(form === 'draft' ? 'sendDraft' : form === 'risk' ? 'sendRisk' : 'sendAuto');
  return [
    ...inRows(knobs, 2),
    ...inRows(more),
    [{ text: send, deed: { is: 'form', does: 'send' } }],
    [
      { text: say('reset'), deed: { is: 'form', does: 'reset' } },
      { text: say('leave'), deed: { is: 'form', does: 'leave' } },
    ],
    endKnobs(say),
  ];
}

const fieldText = ({ name, label, input, placeholder, choices }: Field): string => {
  const called = isParam(name) ? label : capital(label);
  const chosen = choices?.find(({ value }) => value === input)?.label ?? input;
  const shown = chosen === '' ? placeholder : chosen;
  return labelOf(shown === '' ? called : `${called}: ${shown}`);
};

/** The choices of a field, and the way back. */
export function fieldKnobs(field: Field, say: MirrorSay): readonly (readonly Knob[])[] {
  const choices = (field.choices ?? []).map(({ value, label }): Knob => {
    const text = `${value === field.input ? '\u2713 ' : ''}${labelOf(label)}`;
    return { text, deed: { is: 'choice', field: field.name, value } };
  });
  const clear: Knob = { text: say('clear'), deed: { is: 'choice', field: field.name, value: '' } };
  const isClearable = field.choices === undefined && field.input !== '';
  return [
    ...inRows(choices, 2),
    [...(isClearable ? [clear] : []), { text: say('again'), deed: { is: 'form', does: 'again' } }],
    endKnobs(say),
  ];
}

/** What a person is to do about a field, in sentences. */
export function fieldAsk(field: Field, say: MirrorSay): readonly string[] {
  const { label, input, placeholder, choices, hint, tone } = forFingers(field);
  const ask =
    choices === undefined
      ? say('typeIt', { field: label })
      : field.isOpen === true
        ? say('chooseOrType', { field: label })
        : say('chooseIt', { field: label });
  const now = choices === undefined && input === '' ? placeholder : input;
  const told = choices === undefined && now !== '' ? [say('typeNow', { value: now })] : [];
  return [`> ${ask}`, ...told, ...(hint === '' ? [] : [tone === 'bad' ? `! ${hint}` : hint])];
}

/** The value that a typed text stands for in a field of choices; undefined where it is none of them. */
export function choiceOf({ choices }: Field, text: string): string | undefined {
  const given = text.trim().toLowerCase();
  return choices?.find(({ value, label }) => value.toLowerCase() === given || label.toLowerCase() === given)?.value;
}
