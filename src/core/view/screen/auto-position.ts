import { toNumber } from '../../base/decimal.ts';
import { timeframeName } from '../../domain/candle.ts';
import type { Preview } from '../../domain/frame.ts';
import { leverageOf, MANUAL, type Run } from '../../domain/run.ts';
import { amount, fact, known, multiple, plain, price, profit, quantity, share, span, unknown, word } from '../cell.ts';
import { denialFix, denialText } from '../denial.ts';
import { emptyText } from '../empty.ts';
import { decimal } from '../format.ts';
import { type Holding, holdingOf, nextFunding } from '../holding.ts';
import { hasWord, type Locale, type Say, words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { type Focus, freshnessOf } from '../select.ts';
import { ageCell } from '../status.ts';
import type { Cell, Fact, FactsBlock } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import * as commonWords from '../words/terms.ts';
import { nextClose } from './auto-signal.ts';
import { sparkFacts } from './chart-block.ts';

type Words = Say<typeof autoWords.en>;

/** `BTC/USDT:USDT  run 7  trend 15m/1h`. */
export function runTitle(run: Run, locale: Locale): string {
  const say = words(autoWords, locale);
  if (run.strategy === MANUAL) return `${run.symbol}  ${say('run', { run: run.run })}  ${say('byHand')}`;
  const higher = run.higherMs > 0 ? `/${timeframeName(run.higherMs)}` : '';
  return `${run.symbol}  ${say('run', { run: run.run })}  ${run.strategy} ${timeframeName(run.timeframeMs)}${higher}`;
}

/** The position of the run in view with what ends it, or what the next entry would be. */
export function positionBlock(scene: Scene, focus: Focus, ui: Ui): FactsBlock {
  const say = words(autoWords, ui.locale);
  const { run } = focus;
  const holding = run === undefined ? undefined : holdingOf(run, focus.account, focus.market);
  const title = say(holding === undefined ? 'nextEntry' : 'position');
  return {
    kind: 'facts',
    id: 'position',
    title: run === undefined ? title : `${title}  ${runTitle(run, ui.locale)}`,
    area: 'main',
    rank: 0,
    lines:
      run === undefined
        ? [[fact('position', '', [word('none', emptyText(scene, ui, say('noRuns')), 'muted')])]]
        : holding === undefined
          ? nextLines(focus.runFrame?.next ?? null, { run, focus, ui, say })
          : heldLines(holding, { scene, run, focus, ui, say }),
    packed:
      run === undefined || holding === undefined ? undefined : packedLines(holding, { scene, run, focus, ui, say }),
  };
}

interface Held {
  readonly scene: Scene;
  readonly run: Run;
  readonly focus: Focus;
  readonly ui: Ui;
  readonly say: Words;
}

export const sideCell = (sign: number, locale: Locale): Cell =>
  sign > 0
    ? word('long', words(commonWords, locale)('long'), 'good')
    : word('short', words(commonWords, locale)('short'), 'bad');

function heldLines(held: Holding, at: Held): readonly (readonly Fact[])[] {
  const { scene, run, ui, say } = at;
  const { position } = held;
  const { tick, base } = run.instrument;
  const heldMs = scene.now === null ? null : scene.now - position.openedAt;
  const mark = [price(held.mark, tick), share(held.move, true), ...staleCells(at)];
  return [
    [
      fact('side', '', [sideCell(position.sign, ui.locale), quantity(position.qty, base), span(heldMs)]),
      fact('net', say('net'), [profit(held.net), multiple(held.r)]),
    ],
    known([
      fact('entry', say('entry'), [price(held.entry, tick)]),
      fact('mark', say('mark'), mark),
      fact('gross', say('gross'), [profit(held.gross, true)], 4),
      fact('costs', say('costs'), [profit(held.costs, true)], 4),
    ]),
    known([
      stopFact(held, at),
      held.netAtStop !== null &&
        position.protection === 'working' &&
        fact('netAtStop', say('maxLoss'), [profit(held.netAtStop)], 2),
    ]),
    known([targetFact(held, at), fact('breakEven', say('breakEven'), [price(held.breakEven, tick)], 4)]),
    known([lossFact(held, at), liquidationFact(held, at)]),
    sizeFacts(held, at),
    [fact('exit', say('exitNext'), [exitCell(held, at)], 8)],
  ].filter((line) => line.length > 0);
}

/** The same in five lines for 80x24, where there is no chart: its last closes stand in a line. */
function packedLines(held: Holding, at: Held): readonly (readonly Fact[])[] {
  const whole = heldLines(held, at).flat();
  const named = (...names: readonly string[]): readonly Fact[] =>
    names.flatMap((name) => whole.filter((each) => each.name === name));
  /** Without the words behind the numbers. */
  const bare = (name: string, cells: number, ...more: readonly Cell[]): readonly Fact[] =>
    named(name).map((each) => ({ ...each, cells: [...each.cells.slice(0, cells), ...more] }));
  const { scene, run, focus, ui } = at;
  const isWorking = held.position.protection === 'working' && held.stop !== undefined;
  const working = word('working', words(commonWords, ui.locale)('working'), 'good');
  return [
    named('side', 'net'),
    named('entry', 'mark', 'breakEven'),
    [...(isWorking ? bare('SL', 2, working) : named('SL')), ...bare('TP', 2), ...bare('ML', 1)],
    named('notional', 'margin', 'liquidation'),
    [...named('funding'), ...nextClose(scene, run, focus.runFrame, ui), ...sparkFacts(scene, focus, ui)],
  ];
}

/** A mark past its limit carries its age. */
function staleCells({ scene, focus, run }: Held): readonly Cell[] {
  const fresh = freshnessOf(scene, focus.market, run);
  const [ms, most] = focus.market?.mark == null ? [fresh.quoteMs, fresh.quoteMsMax] : [fresh.markMs, fresh.markMsMax];
  if (ms === null || ms <= most) return [];
  const cell = ageCell(ms, most);
  return [{ ...cell, text: `~${cell.text}`, tone: 'muted' }];
}

function stopFact({ position, stop }: Holding, { scene, run, say }: Held): Fact {
  const { protection } = position;
  const key = protection === 'working' && scene.mode !== 'LIVE' ? 'stop.workingPaper' : (`stop.${protection}` as const);
  const tone = protection === 'working' ? 'good' : protection === 'pending' ? 'warn' : 'bad';
  const state = word(protection, say(key), tone);
  if (stop === undefined) return fact('SL', say('SL'), [state]);
  return fact('SL', say('SL'), [price(stop.price, run.instrument.tick), share(stop.way, true), state]);
}

function targetFact({ target }: Holding, { run, say }: Held): Fact | undefined {
  if (target === undefined) return undefined;
  const status = target.order?.status;
  const key = status === 'working' ? 'rests' : status === 'unknown' ? 'unknown' : 'pending';
  const state = word(key, say(`target.${key}`), key === 'rests' ? 'plain' : 'warn');
  return fact('TP', say('TP'), [price(target.price, run.instrument.tick), share(target.way, true), state]);
}

/** A maximum loss nearer than the stop rests as the stop; one beyond it is not reached while the stop works. */
function lossFact({ position, stop, lossRests, netAtStop }: Holding, { run, say }: Held): Fact | undefined {
  const { lossMax } = position;
  if (lossMax === undefined) return undefined;
  const isBeyond = stop !== undefined && netAtStop !== null && netAtStop > -lossMax;
  const key = lossRests ? 'loss.rests' : isBeyond ? 'loss.beyond' : 'loss.engine';
  const { quote } = run.instrument;
  const loss = { ...profit(-lossMax), text: `${profit(-lossMax).text} ${quote}`, tone: 'plain' } as const;
  return fact('ML', say('ML'), [loss, word(key.slice(5), say(key), 'muted')]);
}

function liquidationFact({ liquidation, liquidationWay }: Holding, { run, say }: Held): Fact | undefined {
  if (liquidation === undefined) return undefined;
  return fact(
    'liquidation',
    say('liq'),
    [price(liquidation, run.instrument.tick), share(liquidationWay, true, 'plain', 1)],
    1,
  );
}

function sizeFacts(held: Holding, { scene, run, focus, say }: Held): readonly Fact[] {
  const isSpot = run.instrument.kind === 'spot';
  const leverage = decimal(leverageOf(run));
  const way = isSpot ? word('spot', say('spot')) : word(leverage, `${leverage}x ${say('isolated')}`);
  const due = focus.market?.nextFundingAt;
  const dueMs = due == null || scene.now === null ? null : due - scene.now;
  return known([
    fact('notional', say('notional'), [amount(held.notional, undefined, true)], 4),
    fact('margin', say('margin'), [amount(held.margin, undefined, true), way]),
    dueMs !== null && dueMs >= 0
      ? fact(
          'funding',
          say('funding'),
          [
            profit(nextFunding(held.position, focus.market), true),
            { ...span(dueMs), text: say('in', { span: span(dueMs).text }) },
          ],
          4,
        )
      : undefined,
  ]);
}

/** What ends the position, as a sentence (`SL, TP or a READY SELL`) and as codes. */
function exitCell(held: Holding, { run, ui, say }: Held): Cell {
  const side = held.position.sign === 1 ? 'sell' : 'buy';
  const isLed = run.strategy !== MANUAL && run.state === 'RUNNING';
  const exits: readonly (readonly [code: string, said: string])[] = known([
    held.stop !== undefined && (['SL', say('SL')] as const),
    held.target !== undefined && (['TP', say('TP')] as const),
    held.position.lossMax !== undefined && (['ML', say('ML')] as const),
    isLed && ([side, say('exitOpposite', { side: words(commonWords, ui.locale)(side) })] as const),
  ]);
  const said = exits.map(([, text]) => text);
  const last = said.at(-1) ?? say('exitNone');
  const list = said.length < 2 ? last : `${said.slice(0, -1).join(', ')} ${say('or')} ${last}`;
  return word(exits.map(([code]) => code).join(' '), list);
}

interface Next {
  readonly run: Run;
  readonly focus: Focus;
  readonly ui: Ui;
  readonly say: Words;
}

/** An entry as it would go now, or what keeps it away; without a position nothing else is shown. */
export function nextLines(next: Preview | null, at: Next): readonly (readonly Fact[])[] {
  const { say, ui } = at;
  if (next === null) return [[fact('next', say('nextUnknown'), [unknown()])]];
  if (!next.ok) {
    const side = sideCell(next.sign, ui.locale);
    return [
      [fact('blockedBy', '', [side, word('blocked', say('blockedBy'), 'muted'), plain(next.code, 'warn')])],
      [fact('why', '', [word(next.code, denialText(next, ui.locale))])],
      [fact('fix', say('fix'), [word(next.code, denialFix(next, ui.locale), 'muted')], 4)],
    ];
  }
  return plannedLines(next, at);
}

function plannedLines(next: Extract<Preview, { ok: true }>, at: Next): readonly (readonly Fact[])[] {
  const { run, focus, say, ui } = at;
  const { tick, base } = run.instrument;
  const isIdle = focus.runFrame?.side === 0 && run.strategy !== MANUAL;
  const from = toNumber(next.price);
  const way = (to: bigint): Cell => share(toNumber(to) / from - 1, true);
  const leverage = decimal(run.risk.leverage);
  const fees = (next.fee + next.feeOut) as typeof next.fee;
  return known([
    isIdle && [fact('hypothetical', '', [word('none', say('ifSignal'), 'muted')])],
    [
      fact('side', '', [sideCell(next.sign, ui.locale), quantity(next.qty, base)]),
      fact('price', say('at'), [price(next.price, tick)]),
      fact('notional', say('notional'), [amount(next.notional, undefined, true)], 4),
    ],
    [
      fact('margin', say('margin'), [amount(next.margin, undefined, true), word(leverage, `${leverage}x`)]),
      fact('risk', say('risk'), [amount(next.risk), share(next.riskShare)]),
    ],
    known([
      next.stopPrice === undefined
        ? fact('SL', say('SL'), [word('none', say('noStop'), 'warn')])
        : fact('SL', say('SL'), [price(next.stopPrice, tick), way(next.stopPrice)]),
      next.targetPrice !== undefined && fact('TP', say('TP'), [price(next.targetPrice, tick), way(next.targetPrice)]),
      next.lossMax !== undefined && fact('ML', say('ML'), [amount(next.lossMax)], 2),
    ]),
    known([
      fact('fees', say('fee'), [amount(fees)], 7),
      next.liquidation !== undefined &&
        fact('liquidation', say('liq'), [price(next.liquidation, tick), way(next.liquidation)], 3),
    ]),
    next.clippedBy !== undefined && [fact('clippedBy', say('clippedBy'), [clipCell(next.clippedBy, ui.locale)], 4)],
  ]);
}

function clipCell(by: string, locale: Locale): Cell {
  const key = `clip.${by}`;
  const said = hasWord(autoWords, key) ? (words(autoWords, locale) as (key: string) => string)(key) : by;
  return word(by, said, 'warn');
}
