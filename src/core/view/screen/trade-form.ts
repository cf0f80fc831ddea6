import { ONE, type Rate, text } from '../../base/decimal.ts';
import type { Preview } from '../../domain/frame.ts';
import type { Instrument } from '../../domain/instrument.ts';
import type { Run } from '../../domain/run.ts';
import type { RiskSettings } from '../../domain/settings.ts';
import { defaultRiskFor } from '../../risk/defaults.ts';
import { DRAFT_CHOICES, draftFields } from '../draft-input.ts';
import { decimal } from '../format.ts';
import { type Say, words } from '../language.ts';
import type { FormState, Scene, Ui } from '../scene.ts';
import type { Focus } from '../select.ts';
import type { Field, FormBlock } from '../view.ts';
import * as tradeWords from '../words/trade.ts';
import { asNumber, sizingCell } from './auto-budget.ts';
import { stopCell, targetCell } from './risk-settings.ts';

type Words = Say<typeof tradeWords.en>;
type Name =
  | 'symbol'
  | 'side'
  | 'type'
  | 'by'
  | 'size'
  | 'limit'
  | 'postOnly'
  | 'stop'
  | 'target'
  | 'leverage'
  | 'noStop';

const FALLBACK: Readonly<Record<string, string>> = {
  side: 'buy',
  type: 'market',
  by: 'settings',
  postOnly: 'no',
  noStop: 'no',
};

/** What stands in a field: typed, or the choice that holds while nothing was chosen. */
export const inputOf = (inputs: Readonly<Record<string, string>>, name: string): string =>
  inputs[name] ?? FALLBACK[name] ?? '';

/** The draft as it stands, with what is wrong at its field. */
export function draftBlock(scene: Scene, focus: Focus, ui: Ui, form: FormState | undefined): FormBlock {
  const say = words(tradeWords, ui.locale);
  const inputs = form?.inputs ?? {};
  const names = draftFields(inputs) as readonly Name[];
  return {
    kind: 'form',
    id: 'draft',
    title: focus.symbol === undefined ? say('draft') : `${say('draft')}  ${focus.symbol}`,
    area: 'main',
    rank: 0,
    fields: names.map((name) => fieldOf(name, inputs, { scene, focus, ui, say, form })),
    focused: form?.focused ?? '',
    cursor: form?.cursor,
  };
}

interface At {
  readonly scene: Scene;
  readonly focus: Focus;
  readonly ui: Ui;
  readonly say: Words;
  readonly form: FormState | undefined;
}

function fieldOf(name: Name, inputs: Readonly<Record<string, string>>, at: At): Field {
  const { say, form } = at;
  const problem = form?.problems[name];
  const isSymbol = name === 'symbol';
  return {
    name,
    label: say(name),
    input: isSymbol ? (inputs.symbol ?? at.focus.symbol ?? '') : inputOf(inputs, name),
    placeholder: placeholderOf(name, form?.preview ?? null, at),
    choices: isSymbol ? symbolsOf(at) : choicesOf(name, say),
    ...(isSymbol ? { isOpen: true } : {}),
    hint: problem === undefined ? hintOf(name, inputs, at) : problemText(problem, name, inputs, at),
    tone: problem === undefined ? 'plain' : 'bad',
  };
}

/** A stop that is to be moved is told where it is, as long as nothing was typed. */
function problemText(problem: string, name: Name, inputs: Readonly<Record<string, string>>, at: At): string {
  const isMoved = (name === 'stop' || name === 'target') && inputOf(inputs, 'type') === name;
  return isMoved && inputOf(inputs, name) === '' ? `${problem}; ${hintOf(name, inputs, at)}` : problem;
}

/** Symbols with prices, and those of runs. */
function symbolsOf({ scene, focus }: At): Field['choices'] {
  const runs = scene.state.runs.map(({ symbol }) => symbol);
  const shown = focus.symbol === undefined ? [] : [focus.symbol];
  const all = new Set([...scene.markets.map(({ symbol }) => symbol), ...runs, ...shown]);
  return [...all].map((value) => ({ value, label: value }));
}

function choicesOf(name: Name, say: Words): Field['choices'] {
  if (name === 'side') return DRAFT_CHOICES.side.map((value) => ({ value, label: say(`side.${value}`) }));
  if (name === 'type') return DRAFT_CHOICES.type.map((value) => ({ value, label: say(`type.${value}`) }));
  if (name === 'postOnly' || name === 'noStop') {
    return DRAFT_CHOICES[name].map((value) => ({ value, label: say(`choice.${value}`) }));
  }
  return name === 'by' ? DRAFT_CHOICES.by.map((value) => ({ value, label: say(`by.${value}`) })) : undefined;
}

/** What it would be without a word: the settings, or what `review` made of them. */
function placeholderOf(name: Name, preview: Preview | null, { focus }: At): string {
  const planned = preview?.ok === true ? preview : undefined;
  if (name === 'leverage') {
    const instrument = focus.run?.instrument ?? focus.market?.instrument;
    return instrument === undefined ? '' : text(riskOf(focus.run, instrument).leverage);
  }
  if (name === 'stop' && planned?.stopPrice !== undefined) return text(planned.stopPrice);
  if (name === 'target' && planned?.targetPrice !== undefined) return text(planned.targetPrice);
  return '';
}

function hintOf(name: Name, inputs: Readonly<Record<string, string>>, at: At): string {
  const { focus, say } = at;
  const { run } = focus;
  const instrument = run?.instrument ?? focus.market?.instrument;
  if (name === 'symbol') return say('hint.symbol');
  if (name === 'side') return say('hint.side');
  if (name === 'type') return inputOf(inputs, 'type') === 'market' ? say('hint.type') : '';
  if (name === 'postOnly') return say('hint.postOnly');
  if (name === 'noStop') return say('hint.noStop');
  if (name === 'by') return run === undefined ? '' : say('hint.by', { sizing: sizingCell(run.risk.sizing).text });
  if (instrument === undefined) return '';
  if (name === 'size') return sizeHint(inputOf(inputs, 'by'), instrument, say);
  if (name === 'leverage') return say('hint.leverage', { most: decimal(mostLeverage(run, instrument)) });
  if (name === 'limit') return say('hint.price', { tick: text(instrument.tick) });
  return exitHint(name, inputs, instrument, at);
}

function sizeHint(by: string, { base, quote, step }: Instrument, say: Words): string {
  if (by === 'qty') return say('hint.sizeQty', { base, step: text(step) });
  return by === 'notional' ? say('hint.sizeNotional', { quote }) : say('hint.sizeShare');
}

/** The settings of the run; where there is none, those that its first order would begin with. */
const riskOf = (run: Run | undefined, { base, kind }: Instrument): Pick<RiskSettings, 'leverage' | 'limits'> => {
  if (run !== undefined) return run.risk;
  const risk = defaultRiskFor(base);
  return kind === 'spot' ? { ...risk, leverage: ONE as Rate } : risk;
};

const mostLeverage = (run: Run | undefined, instrument: Instrument): number =>
  asNumber(riskOf(run, instrument).limits.leverageMax) ?? asNumber(instrument.tiers[0]?.leverageMax) ?? 20;

/** An order that moves protection says where it is now; an entry what happens where nothing is typed. */
function exitHint(
  name: 'stop' | 'target',
  inputs: Readonly<Record<string, string>>,
  { tick }: Instrument,
  { focus, ui, say }: At,
): string {
  const { run } = focus;
  const type = inputOf(inputs, 'type');
  if (type === 'stop' || type === 'target') {
    const now = type === 'stop' ? run?.position?.stopPrice : run?.position?.targetPrice;
    return now === undefined ? say('hint.price', { tick: text(tick) }) : say('hint.stopNow', { price: decimal(now) });
  }
  if (run === undefined) return say('hint.price', { tick: text(tick) });
  const rule = name === 'stop' ? stopCell(run.risk.stop, ui.locale) : targetCell(run.risk.target, ui.locale);
  return say('hint.exit', { rule: rule.text });
}
