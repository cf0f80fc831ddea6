import { MANUAL, type Run } from '../../domain/run.ts';
import { fact, known, price, profit, share, word } from '../cell.ts';
import { type Holding, holdingOf, shareOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { baseOf, type Focus, marketOf } from '../select.ts';
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
  const lines = runs.flatMap((run) => runLines(scene, focus, run, runs.length > 1, ui));
  if (runs.length > 0 && scene.mode !== 'LIVE')
    lines.push([fact('paper', '', [word('paper', say('paperDies'), 'muted')], 9)]);
  if (runs.length === 0) lines.push([fact('flat', '', [word('flat', say('diesFlat'), 'muted')])]);
  return { kind: 'facts', id: 'dies', title: say('dies'), area: 'side', rank: 2, lines };
}

const hasEntry = (run: Run): boolean => run.orders.some(({ role }) => role === 'entry');

function runLines(scene: Scene, focus: Focus, run: Run, isNamed: boolean, ui: Ui): readonly (readonly Fact[])[] {
  const say = words(autoWords, ui.locale);
  const holding = holdingOf(run, focus.account, marketOf(scene, run.symbol));
  const name = isNamed ? baseOf(run.symbol) : '';
  const entries = run.orders.filter(({ role }) => role === 'entry').length;
  return known([
    holding !== undefined && [restsFact(scene, run, holding, name, ui)],
    holding !== undefined && known([lossFact(holding, focus, ui)]),
    entries > 0 && [
      fact('entries', name, [{ value: entries, text: say('diesEntry', { count: entries }), tone: 'warn' }]),
    ],
    holding !== undefined && [
      fact(
        'engineOnly',
        '',
        [word('engine_only', say('diesEngine', { rules: rulesOf(holding, run, ui) }), 'muted')],
        4,
      ),
    ],
  ]);
}

/** The stop and the target that rest; a position without a stop says so. */
function restsFact(scene: Scene, run: Run, held: Holding, name: string, { locale }: Ui): Fact {
  const say = words(autoWords, locale);
  const { tick } = run.instrument;
  const venue = scene.system?.venue.name ?? scene.feed;
  const said = scene.mode === 'LIVE' ? say('diesRests', { venue }) : say('diesPaper');
  const cells: Cell[] = rests(held.stop)
    ? [word('SL', say('SL'), 'muted'), price(held.stop?.price, tick)]
    : [word('none', say('diesNone'), 'bad')];
  if (rests(held.target)) cells.push(word('TP', say('TP'), 'muted'), price(held.target?.price, tick));
  return fact('rests', name === '' ? said : `${name} ${said}`, cells);
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
