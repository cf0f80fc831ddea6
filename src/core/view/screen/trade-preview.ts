import { toNumber } from '../../base/decimal.ts';
import type { Preview } from '../../domain/frame.ts';
import { amount, fact, known, plain, price, quantity, share, word } from '../cell.ts';
import { denialFix, denialText } from '../denial.ts';
import { decimal } from '../format.ts';
import { hasWord, words } from '../language.ts';
import type { FormState, Scene, Ui } from '../scene.ts';
import type { Focus } from '../select.ts';
import { baseOf } from '../select.ts';
import type { Cell, Fact, FactsBlock, NoteBlock } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import * as tradeWords from '../words/trade.ts';
import { sideCell } from './auto-position.ts';
import { inputOf } from './trade-form.ts';

type Planned = Extract<Preview, { ok: true }>;

/** What `review` says of the draft as it stands: size, fees, margin, liquidation and risk, or why not. */
export function previewBlock(scene: Scene, focus: Focus, ui: Ui, form: FormState | undefined): FactsBlock {
  const say = words(tradeWords, ui.locale);
  return {
    kind: 'facts',
    id: 'preview',
    title: say('preview'),
    area: 'side',
    rank: 1,
    lines: previewLines(scene, focus, ui, form),
  };
}

function previewLines(scene: Scene, focus: Focus, ui: Ui, form: FormState | undefined): readonly (readonly Fact[])[] {
  const say = words(tradeWords, ui.locale);
  if (form === undefined) return [[fact('waits', '', [word('none', say('waits'), 'muted')])]];
  const wrong = Object.keys(form.problems);
  if (wrong.length > 0) {
    const fields = wrong.map((name) => labelOf(name, ui)).join(', ');
    return [[fact('problems', '', [word(wrong.join(','), say('problem', { fields }), 'bad')])]];
  }
  const { preview } = form;
  if (preview === null) return [[fact('preview', '', [{ value: null, text: `? ${say('noPreview')}`, tone: 'muted' }])]];
  if (preview.ok) return plannedLines(preview, focus, ui, inputOf(form.inputs, 'type'));
  return known([
    [fact('denied', say('denied'), [plain(preview.code, 'bad')])],
    [fact('why', '', [word(preview.code, denialText(preview, ui.locale))])],
    [fact('fix', say('fix'), [word(preview.code, leasedFix(scene, focus, preview, ui), 'accent')], 1)],
  ]);
}

/** What can be done from this screen about a symbol that a strategy trades. */
function leasedFix(scene: Scene, { symbol, account }: Focus, denied: Extract<Preview, { ok: false }>, ui: Ui): string {
  const holder = denied.code === 'SYMBOL_LEASED' ? account?.leases[symbol ?? ''] : undefined;
  const run = scene.state.runs.find((each) => each.run === holder);
  if (run === undefined) return denialFix(denied, ui.locale);
  return words(tradeWords, ui.locale)('leased', { run: run.run, strategy: run.strategy });
}

const FIELDS: readonly string[] = [
  ...['symbol', 'side', 'type', 'by', 'size', 'limit', 'postOnly'],
  ...['stop', 'target', 'leverage', 'noStop'],
];

function labelOf(name: string, { locale }: Ui): string {
  return FIELDS.includes(name) && hasWord(tradeWords, name)
    ? (words(tradeWords, locale) as (key: string) => string)(name)
    : name;
}

function plannedLines(planned: Planned, { run, market }: Focus, ui: Ui, type: string): readonly (readonly Fact[])[] {
  const say = words(tradeWords, ui.locale);
  const instrument = run?.instrument ?? market?.instrument;
  const tick = instrument?.tick;
  const from = toNumber(planned.price);
  const way = (to: bigint): Cell => share(toNumber(to) / from - 1, true);
  if (type === 'stop' || type === 'target') return movedLines(planned, tick, ui, type);
  const { closes } = planned;
  return known([
    closes !== undefined && [
      fact('closes', say('closesFirst'), [quantity(closes.qty, instrument?.base ?? ''), amount(closes.fee)]),
    ],
    [
      fact('side', '', [sideCell(planned.sign, ui.locale), quantity(planned.qty, instrument?.base ?? '')]),
      fact('price', say('at'), [price(planned.price, tick)]),
    ],
    [
      fact('notional', say('notional'), [amount(planned.notional)]),
      fact('margin', say('margin'), [amount(planned.margin)]),
    ],
    [
      fact(
        'SL',
        say('stop'),
        planned.stopPrice === undefined
          ? [word('none', say('none'), 'warn')]
          : [price(planned.stopPrice, tick), way(planned.stopPrice)],
      ),
    ],
    planned.targetPrice !== undefined && [
      fact('TP', say('target'), [price(planned.targetPrice, tick), way(planned.targetPrice)]),
    ],
    [
      fact('risk', say('risk'), [
        amount(planned.risk),
        { ...share(planned.riskShare), text: `${share(planned.riskShare).text} ${say('ofEquity')}` },
      ]),
    ],
    [fact('fee', say('fee'), [amount(planned.fee)], 1), fact('feeOut', say('feeOut'), [amount(planned.feeOut)], 1)],
    planned.liquidation !== undefined && [
      fact('liquidation', say('liq'), [price(planned.liquidation, tick), way(planned.liquidation)]),
    ],
    planned.clippedBy !== undefined && [fact('clippedBy', say('clipped'), [clipped(planned.clippedBy, ui)])],
  ]);
}

function movedLines(
  { stopPrice, targetPrice, risk }: Planned,
  tick: bigint | undefined,
  ui: Ui,
  type: 'stop' | 'target',
) {
  const say = words(tradeWords, ui.locale);
  const to = type === 'stop' ? stopPrice : targetPrice;
  return known([
    [fact(type === 'stop' ? 'SL' : 'TP', say(type), [price(to, tick)])],
    risk > 0n && [fact('risk', say('risk'), [amount(risk)])],
    [fact('moves', '', [word('moves', say('moveAsks'), 'muted')], 1)],
  ]);
}

function clipped(by: string, { locale }: Ui): Cell {
  const key = `clip.${by}`;
  const said = hasWord(autoWords, key) ? (words(autoWords, locale) as (key: string) => string)(key) : by;
  return word(by, said, 'warn');
}

/** What is about to be sent, and which key sends it. */
export function confirmBlock(scene: Scene, focus: Focus, ui: Ui, form: FormState): NoteBlock {
  const say = words(tradeWords, ui.locale);
  const symbol = focus.symbol ?? '';
  const how = scene.mode === 'LIVE' ? say('confirmLive', { word: baseOf(symbol) }) : say('confirmPaper');
  const status = form.status === undefined ? [] : [form.status.text];
  return {
    kind: 'note',
    id: 'confirm',
    title: say('confirm'),
    area: 'wide',
    rank: 0,
    tone: scene.mode === 'LIVE' ? 'bad' : 'accent',
    lines: [...status, ...sentLines(focus, ui, form, symbol), how],
  };
}

function sentLines(focus: Focus, ui: Ui, { inputs, preview }: FormState, symbol: string): readonly string[] {
  const say = words(tradeWords, ui.locale);
  const type = inputOf(inputs, 'type');
  if (type === 'stop') return [say('confirmStop', { symbol, price: inputOf(inputs, 'stop') })];
  if (type === 'target') return [say('confirmTarget', { symbol, price: inputOf(inputs, 'target') })];
  if (preview?.ok !== true) return [];
  const { base = '' } = focus.run?.instrument ?? focus.market?.instrument ?? {};
  const said = preview.type === 'limit' ? say('type.limit') : say('type.market');
  return [
    say('confirmOrder', {
      side: say(preview.sign === 1 ? 'side.buy' : 'side.sell'),
      qty: `${decimal(preview.qty)} ${base}`,
      symbol,
      type: said,
      price: decimal(preview.price),
    }),
    say('confirmRisk', {
      risk: amount(preview.risk).text,
      share: share(preview.riskShare).text,
      margin: amount(preview.margin).text,
    }),
  ];
}

/** The command line that sends the same draft, for faces that have no form. */
export function wordsOfDraft(inputs: Readonly<Record<string, string>>, { symbol, run }: Focus): readonly string[] {
  const type = inputOf(inputs, 'type');
  const ofRun = run === undefined ? [] : ['--run', `${run.run}`];
  if (type === 'stop' || type === 'target') return ['trade', type, inputOf(inputs, type), ...ofRun];
  const option = (flag: string, value: string, unit = ''): readonly string[] =>
    value.trim() === '' ? [] : [`--${flag}`, `${value.trim()}${unit}`];
  const size = inputOf(inputs, 'size');
  const by = inputOf(inputs, 'by');
  return [
    'trade',
    inputOf(inputs, 'side'),
    ...option('symbol', symbol ?? ''),
    ...(by === 'qty' || by === 'notional' ? option(by, size) : []),
    ...(by === 'risk' ? option('risk', size.replace('%', ''), '%') : []),
    ...(by === 'fraction' ? option('percent', size.replace('%', ''), '%') : []),
    ...(type === 'limit' ? option('limit', inputOf(inputs, 'limit')) : []),
    ...(type === 'limit' && inputOf(inputs, 'postOnly') === 'yes' ? ['--post-only'] : []),
    ...(inputOf(inputs, 'noStop') === 'yes' ? ['--no-stop'] : []),
    ...option('sl', inputOf(inputs, 'stop')),
    ...option('tp', inputOf(inputs, 'target')),
    ...option('leverage', inputOf(inputs, 'leverage')),
  ];
}
