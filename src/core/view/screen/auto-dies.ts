import { MANUAL, type Run } from '../../domain/run.ts';
import { fact, known, price, profit, share, word } from '../cell.ts';
import { type Holding, holdingOf, shareOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { type Focus, marketOf, shortSymbol } from '../select.ts';
import type { Cell, Fact, FactsBlock } from '../view.ts';
import * as autoWords from '../words/auto.ts';

/**
 * If the engine died now: which orders rest at the venue, which rules end with it, and the loss from here to the stops.
 * On paper the venue is simulated inside the engine, so it says what a real one would keep.
 */
export function diesBlock(scene: Scene, focus: Focus, ui: Ui): FactsBlock {
  const say = words(autoWords, ui.locale);
  const runs = scene.state.runs.filter(
    (run) => run.account === focus.account?.account && (run.position !== undefined || hasEntry(run)),
  );
  const isNamed = runs.length > 1 || runs[0]?.run !== focus.run?.run;
  const lines = runs.flatMap((run) => runLines(scene, focus, run, isNamed, ui));
  if (runs.length > 0 && scene.mode !== 'LIVE')
    lines.push([fact('paper', '', [word('paper', say('paperDies'), 'muted')], 9)]);
  if (runs.length === 0) lines.push([fact('flat', '', [word('flat', say('diesFlat'), 'muted')])]);
  return {
    kind: 'facts',
    id: 'dies',
    title: say('dies'),
    area: 'side',
    rank: 2,
    lines,
    packed: packed(scene, focus, runs, lines, ui),
  };
}

/** From so many positions on they are told in one line. */
const SUMMED_FROM = 3;

/** One line a position: what rests, and the loss to it; of many the sum. */
function packed(
  scene: Scene,
  focus: Focus,
  runs: readonly Run[],
  lines: readonly (readonly Fact[])[],
  ui: Ui,
): FactsBlock['packed'] {
  const summed = sumFacts(scene, focus, runs, ui);
  if (runs.length >= SUMMED_FROM && summed !== undefined) return [summed];
  const told: Fact[][] = [];
  for (const each of lines.flat()) {
    if (each.name === 'engineOnly' || each.name === 'paper') continue;
    if (each.name === 'toStop' || each.name === 'toLiquidation') told.at(-1)?.push(each);
    else told.push([each.name === 'rests' ? { ...each, cells: each.cells.slice(0, 2) } : each]);
  }
  return told;
}

/** All stops and the loss to them; undefined where one is missing or an entry rests: that is never summed up. */
function sumFacts(scene: Scene, focus: Focus, runs: readonly Run[], ui: Ui): readonly Fact[] | undefined {
  const say = words(autoWords, ui.locale);
  const held = runs.map((run) => holdingOf(run, focus.account, marketOf(scene, run.symbol)));
  let loss = 0n;
  for (const each of held) {
    if (each === undefined || !rests(each.stop) || each.toStop === null) return undefined;
    loss += each.toStop;
  }
  if (runs.some(hasEntry)) return undefined;
  const stops: Cell = { value: held.length, text: say('diesAll', { count: held.length }) };
  return [fact('rests', venueText(scene, ui), [stops]), fact('toStop', say('diesLoss'), lossCells(loss, focus, ui))];
}

function venueText(scene: Scene, { locale }: Ui): string {
  const say = words(autoWords, locale);
  const venue = scene.system?.venue.name ?? scene.feed;
  return scene.mode === 'LIVE' ? say('diesRests', { venue }) : say('diesPaper');
}

const hasEntry = (run: Run): boolean => run.orders.some(({ role }) => role === 'entry');

function runLines(scene: Scene, focus: Focus, run: Run, isNamed: boolean, ui: Ui): readonly (readonly Fact[])[] {
  const say = words(autoWords, ui.locale);
  const holding = holdingOf(run, focus.account, marketOf(scene, run.symbol));
  const name = isNamed ? shortSymbol(scene, run.symbol) : '';
  const entries = run.orders.filter(({ role }) => role === 'entry').length;
  return known([
    ...(holding === undefined ? [] : restLines(scene, focus, run, holding, name, ui)),
    entries > 0 && [
      fact('entries', name, [{ value: entries, text: say('diesEntry', { count: entries }), tone: 'warn' }]),
    ],
    holding !== undefined && [
      fact(
        'engineOnly',
        '',
        [word('engine_only', say('diesEngine', { rules: rulesOf(holding, run, ui) }), 'muted')],
        isNamed ? 9 : 4,
      ),
    ],
  ]);
}

/** What rests and the loss to it; of several positions each in one line. */
function restLines(
  scene: Scene,
  focus: Focus,
  run: Run,
  holding: Holding,
  name: string,
  ui: Ui,
): readonly (readonly Fact[])[] {
  const rest = restsFact(scene, run, holding, name, ui);
  const loss = lossFact(holding, focus, ui);
  if (name === '' || loss === undefined) return [[rest], known([loss])];
  const isStopped = loss.name === 'toStop';
  return [[rest, isStopped ? { ...loss, label: '', cells: loss.cells.slice(0, 1) } : loss]];
}

/** The stop and the target that rest; a position without a stop says so. */
function restsFact(scene: Scene, run: Run, held: Holding, name: string, ui: Ui): Fact {
  const say = words(autoWords, ui.locale);
  const { tick } = run.instrument;
  const cells: Cell[] = rests(held.stop)
    ? [word('SL', say('SL'), 'muted'), price(held.stop?.price, tick)]
    : [word('none', say('diesNone'), 'bad')];
  if (rests(held.target)) cells.push(word('TP', say('TP'), 'muted'), price(held.target?.price, tick));
  return fact('rests', name === '' ? venueText(scene, ui) : name, cells);
}

const rests = (guard: Holding['stop']): boolean => guard?.order?.status === 'working';

/** The loss to the stop that rests; without one, all of the margin. */
function lossFact(held: Holding, focus: Focus, ui: Ui): Fact | undefined {
  const say = words(autoWords, ui.locale);
  if (!rests(held.stop)) return fact('toLiquidation', say('diesOpen'), lossCells(-held.margin, focus, ui));
  return held.toStop === null ? undefined : fact('toStop', say('diesLoss'), lossCells(held.toStop, focus, ui));
}

/** In money and of equity. */
function lossCells(loss: bigint, { accountFrame }: Focus, { locale }: Ui): readonly Cell[] {
  const part = accountFrame === undefined ? null : shareOf(loss < 0n ? -loss : loss, accountFrame.equity);
  const cell = share(part, false, 'muted');
  const said = words(autoWords, locale)('ofEquity', { share: cell.text });
  return [profit(loss), { ...cell, text: `(${said})` }];
}

function rulesOf({ position, lossRests }: Holding, run: Run, { locale }: Ui): string {
  const say = words(autoWords, locale);
  const { dayFlatten, weekHalt } = run.risk.limits;
  return known([
    position.lossMax !== undefined && !lossRests && say('ruleLoss'),
    run.strategy !== MANUAL && run.state === 'RUNNING' && say('ruleSignal'),
    (dayFlatten !== undefined || weekHalt !== undefined) && say('ruleDay'),
  ]).join(', ');
}
