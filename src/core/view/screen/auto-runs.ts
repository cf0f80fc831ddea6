import type { Money } from '../../base/decimal.ts';
import { timeframeName } from '../../domain/candle.ts';
import { MANUAL, type Run } from '../../domain/run.ts';
import { accountOf } from '../../domain/state.ts';
import { dayOf } from '../../domain/time.ts';
import { heatOfPosition } from '../../risk/heat.ts';
import { clockText, multiple, plain, profit, quantity, share, span, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { type Holding, holdingOf, shareOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import { marketOf } from '../select.ts';
import { stateCell } from '../status.ts';
import type { Cell, Column, Row, TableBlock } from '../view.ts';
import * as autoWords from '../words/auto.ts';
import { asNumber } from './auto-budget.ts';
import { sideCell } from './auto-position.ts';
import { signalCell } from './auto-signal.ts';

const BLANK: Cell = { value: null, text: '' };

/** Every run in one line; blank is none, `?` is unknown. */
export function runsBlock(scene: Scene, ui: Ui, picked: Run | undefined): TableBlock {
  const say = words(autoWords, ui.locale);
  const days = daysOf(scene);
  return {
    kind: 'table',
    id: 'runs',
    title: say('runs'),
    area: 'wide',
    rank: 5,
    columns: columns(ui),
    rows: scene.state.runs.map((run) => rowOf(scene, run, days.get(run.run), ui)),
    empty: emptyText(scene, ui, say('noRuns')),
    picked: picked === undefined ? undefined : `${picked.run}`,
  };
}

function columns({ locale }: Ui): readonly Column[] {
  const say = words(autoWords, locale);
  return [
    { name: 'run', title: say('colRun'), align: 'right' },
    { name: 'symbol', title: say('colSymbol') },
    { name: 'strategy', title: say('colStrategy'), rank: 5 },
    { name: 'state', title: say('colState') },
    { name: 'signal', title: say('colSignal'), rank: 2 },
    { name: 'position', title: say('colPosition') },
    { name: 'net', title: say('colNet'), align: 'right' },
    { name: 'r', title: say('colR'), align: 'right', rank: 3 },
    { name: 'day', title: say('colDay'), align: 'right', rank: 4 },
    { name: 'heat', title: say('colHeat'), align: 'right', rank: 7 },
    { name: 'cap', title: say('colCap'), align: 'right', rank: 8 },
    { name: 'note', title: say('colNote'), rank: 6, isFlexible: true },
  ];
}

function rowOf(scene: Scene, run: Run, day: Day | undefined, ui: Ui): Row {
  const account = accountOf(scene.state, run.account);
  const held = holdingOf(run, account, marketOf(scene, run.symbol));
  const equity = scene.accounts.find(({ account }) => account === run.account)?.equity;
  const heat =
    held === undefined || equity === undefined || account === undefined
      ? null
      : shareOf(heatOfPosition(run, held.position, account.costs), equity);
  const cap = asNumber(run.risk.limits.reservedRun);
  return {
    key: `${run.run}`,
    cells: [
      { value: run.run, text: `${run.run}` },
      plain(run.symbol),
      plain(run.strategy === MANUAL ? MANUAL : `${run.strategy} ${timeframeName(run.timeframeMs)}`),
      stateCell(run, ui.locale),
      signalText(scene, run, ui),
      held === undefined ? BLANK : positionCell(held, ui),
      held === undefined ? BLANK : profit(held.net),
      held === undefined || held.position.risk === 0n ? BLANK : multiple(held.r),
      day === undefined ? BLANK : profit(day.sharers.length === 0 ? day.made : null),
      held === undefined ? BLANK : share(heat),
      cap === undefined ? BLANK : share(cap, false, 'muted', 0),
      noteCell(scene, run, day, ui),
    ],
    opens: { to: 'screen', screen: 'auto', pick: { run: `${run.run}` } },
  };
}

function signalText(scene: Scene, run: Run, { locale }: Ui): Cell {
  if (run.strategy === MANUAL || !run.warmedUp) return BLANK;
  const frame = scene.runs.find((each) => each.run === run.run);
  const cell = signalCell(frame?.side ?? run.signal.side, frame?.votes ?? [], locale);
  if (scene.now === null) return cell;
  return { ...cell, text: `${cell.text} ${span(scene.now - run.signal.startedAt).text}` };
}

/** `LONG 0.072`. */
export function positionCell({ position }: Holding, { locale }: Pick<Ui, 'locale'>): Cell {
  const side = sideCell(position.sign, locale);
  const size = quantity(position.qty, '');
  return { value: `${side.value} ${size.value}`, text: `${side.text} ${size.text.trim()}`, tone: side.tone };
}

/** What a run has made since the UTC day began. */
interface DayPart {
  readonly run: Run;
  /** Trades that closed, and what is open at its mark, as equity has it: null where the mark is not known. */
  readonly made: Money | null;
  /** It held something when the day began: a part of that was made before. */
  readonly isCarried: boolean;
}

/** The day of a run; where runs carried positions into it, what they made of it together. */
interface Day {
  readonly made: Money | null;
  /** The other runs of that. */
  readonly sharers: readonly number[];
}

/**
 * Each run's part of the day of its account; a run without one is not there. What was carried into the day is told by what
 * the others leave of the account's day; of two that were carried nobody knows who made what.
 */
function daysOf(scene: Scene): ReadonlyMap<number, Day> {
  const { now } = scene;
  if (now === null) return new Map();
  const parts = scene.state.runs.flatMap((run) => dayPart(scene, run, dayOf(now)) ?? []);
  return new Map(
    parts.map((part) => [
      part.run.run,
      part.isCarried ? restOfDay(scene, part, parts) : { made: part.made, sharers: [] },
    ]),
  );
}

function dayPart(scene: Scene, run: Run, from: number): DayPart | undefined {
  const trades = scene.trades.filter((trade) => trade.run === run.run && trade.body.exitAt >= from);
  const { position } = run;
  if (trades.length === 0 && position === undefined) return undefined;
  const closed = trades.reduce((sum, { body }) => sum + body.pnl, 0n);
  const isCarried = trades.some(({ body }) => body.entryAt < from);
  if (position === undefined) return { run, made: closed as Money, isCarried };
  const gross = holdingOf(run, accountOf(scene.state, run.account), marketOf(scene, run.symbol))?.gross ?? null;
  const made = gross === null ? null : ((closed + gross - position.fees + position.funding) as Money);
  return { run, made, isCarried: isCarried || position.openedAt < from };
}

function restOfDay(scene: Scene, { run }: DayPart, parts: readonly DayPart[]): Day {
  const frame = scene.accounts.find(({ account }) => account === run.account);
  const others = parts.filter((other) => other.run !== run && other.run.account === run.account);
  const sharers = others.filter(({ isCarried }) => isCarried).map((other) => other.run.run);
  let made: bigint | null = frame?.dayPnl ?? null;
  for (const other of others) {
    if (!other.isCarried) made = made === null || other.made === null ? null : made - other.made;
  }
  return { made: made as Money | null, sharers };
}

function noteCell(scene: Scene, run: Run, day: Day | undefined, ui: Ui): Cell {
  const say = words(autoWords, ui.locale);
  if (run.state === 'OFF') return BLANK;
  if (run.state === 'OBSERVING') return word('observing', say('noteObserving'), 'muted');
  if (scene.now !== null && run.cooldownUntil > scene.now) {
    return word('cooldown', say('noteCooldown', { at: clockText(run.cooldownUntil, ui) }), 'warn');
  }
  if (!run.warmedUp) return word('warming', say('noteWarming'), 'muted');
  const { lastDenial, signal, position } = run;
  if (position === undefined && lastDenial !== undefined && lastDenial.at >= signal.startedAt) {
    return word(lastDenial.code, say('noteDenied', { code: lastDenial.code }), 'warn');
  }
  if (day !== undefined && day.made !== null && day.sharers.length > 0) {
    const runs = day.sharers.map((each) => `#${each}`).join(' ');
    return word('day_shared', say('noteDay', { runs, made: profit(day.made).text }), 'muted');
  }
  return BLANK;
}
