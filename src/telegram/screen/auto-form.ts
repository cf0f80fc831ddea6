import type { Field, FormBlock, FormState, MirrorSay, Pictures, Scene, Ui } from '../core.ts';
import type { Inputs } from './place.ts';

const TIMEFRAMES = ['1m', '5m', '15m', '30m', '1h', '4h'] as const;
const TIMEFRAME = 'timeframe';
const PARAM = 'param.';

export const isParam = (field: string): boolean => field.startsWith(PARAM);

/** What a start can be told: fields named as the options are, and one for each parameter of the strategy. */
export interface AutoForm {
  readonly block: FormBlock;
  readonly strategy: string;
}

/** The form of a start of the strategy that is picked; undefined where none is known. */
export function autoForm(
  scene: Scene,
  ui: Ui,
  form: FormState,
  pictures: Pictures,
  say: MirrorSay,
): AutoForm | undefined {
  const { run, symbol } = pictures.focusOf(scene, ui);
  const name = ui.picked.strategies ?? run?.strategy;
  const card = scene.strategies.find((each) => each.name === name) ?? scene.strategies[0];
  if (card === undefined) return undefined;
  // The time frame is an option of its own.
  const params = card.params.filter((param) => param.name !== TIMEFRAME);
  const ownTimeframe = card.params.find((param) => param.name === TIMEFRAME)?.fallback ?? '';
  const of = (field: Pick<Field, 'name' | 'label'> & Partial<Field>): Field => {
    const problem = form.problems[field.name];
    const given = { input: form.inputs[field.name] ?? '', placeholder: '', hint: '', tone: 'plain', ...field } as const;
    return problem === undefined ? given : { ...given, hint: problem, tone: 'bad' };
  };
  const symbols = new Set([...scene.markets, ...scene.state.runs].map((each) => each.symbol));
  const values = (all: Iterable<string>) => [...all].map((value) => ({ value, label: value }));
  const observed = (['no', 'yes'] as const).map((value) => ({ value, label: say(`observe.${value}`) }));
  const fields = [
    of({ name: 'symbol', label: say('symbol'), choices: values(symbols), isOpen: true, placeholder: symbol ?? '' }),
    of({ name: TIMEFRAME, label: say('timeframe'), choices: values(TIMEFRAMES), placeholder: ownTimeframe }),
    of({ name: 'observe', label: say('observe'), choices: observed, input: form.inputs.observe ?? 'no' }),
    ...params.map(({ name, range, fallback }) => {
      const choices = /^one of (.+)$/.exec(range)?.[1]?.split(', ');
      const what = {
        placeholder: fallback,
        hint: range,
        ...(choices === undefined ? {} : { choices: values(choices) }),
      };
      return of({ name: `${PARAM}${name}`, label: name, ...what });
    }),
  ];
  const title = say('startTitle', { strategy: card.name });
  const { focused } = form;
  const block: FormBlock = { kind: 'form', id: 'auto-form', title, area: 'main', rank: 0, fields, focused };
  return { block, strategy: card.name };
}

/** The option that stands for one field. */
export function autoOption(field: string, text: string): readonly string[] {
  if (isParam(field)) return [`--param=${field.slice(PARAM.length)}=${text}`];
  if (field === 'observe') return text === 'yes' ? ['--observe'] : [];
  return [`--${field}=${text}`];
}

/** The command line of the start; what was not filled in is as the strategy has it. */
export function autoWords(strategy: string, symbol: string | undefined, inputs: Inputs): readonly string[] {
  const { symbol: typed, ...others } = inputs;
  const on = typed ?? symbol;
  return [
    ...['auto', 'start', '--strategy', strategy],
    ...(on === undefined ? [] : [`--symbol=${on}`]),
    ...Object.entries(others).flatMap(([field, text]) => autoOption(field, text)),
  ];
}
