import { type Money, text, times } from '../../base/decimal.ts';
import type { Account } from '../../domain/account.ts';
import type { AccountFrame } from '../../domain/frame.ts';
import type { Run } from '../../domain/run.ts';
import type { Limits, Sizing } from '../../domain/settings.ts';
import { placesOf } from '../../risk/limits.ts';
import { amount, clock, fact, known, profit, share, shortest, unknown } from '../cell.ts';
import { decimal, percent } from '../format.ts';
import { shareOf } from '../holding.ts';
import { words } from '../language.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Focus } from '../select.ts';
import type { Cell, Fact, FactsBlock, Tone } from '../view.ts';
import * as autoWords from '../words/auto.ts';

/** What is used of what may be lost: per trade, by all that is open, by the day and the week. */
export function budgetBlock(scene: Scene, focus: Focus, ui: Ui): FactsBlock {
  return {
    kind: 'facts',
    id: 'budget',
    title: words(autoWords, ui.locale)('budget'),
    area: 'side',
    rank: 1,
    lines: budgetLines(scene, focus, ui),
    packed: packedLines(budgetLines(scene, focus, ui)),
  };
}

/** Week and the second loss limit stand on Risk. */
const packedLines = (lines: readonly (readonly Fact[])[]): FactsBlock['packed'] =>
  lines
    .map((line) => line.filter(({ name }) => !['week', 'weekHalt', 'dayFlatten', 'lossUsed'].includes(name)))
    .filter((line) => line.length > 0);

export function budgetLines(scene: Scene, { run, account, accountFrame }: Focus, ui: Ui): readonly (readonly Fact[])[] {
  const say = words(autoWords, ui.locale);
  const limits = run?.risk.limits ?? {};
  return known([
    known([
      run !== undefined && fact('perTrade', say('perTrade'), [sizingCell(run.risk.sizing, run.instrument.base)]),
      accountFrame?.heat !== 0n && fact('heat', say('heat'), [heatCell(accountFrame, limits)]),
    ]),
    [fact('reserved', say('reserved'), reservedCells(accountFrame, limits, ui))],
    account !== undefined && dayFacts(account, accountFrame, limits, ui),
    account !== undefined && weekFacts(account, accountFrame, limits, ui),
    run !== undefined && countFacts(scene, run, ui),
    pauseFacts(scene, account, run, ui),
  ]).filter((line) => line.length > 0);
}

/** `0.50 %` by risk, `10.00 %` of the balance, or a quantity. */
export function sizingCell(sizing: Sizing, unit = ''): Cell {
  if (sizing.by === 'qty') return { value: text(sizing.qty), text: `${decimal(sizing.qty)} ${unit}`.trimEnd() };
  const part = sizing.by === 'risk' ? sizing.risk : sizing.fraction;
  return { value: text(part), text: percent(part) };
}

/** `0.50/2.00 %`: a part beside its limit, with a tone from four fifths on. */
export function usedShare(used: number | null, limit: number | undefined, digits = 2): Cell {
  if (used === null) return unknown();
  if (limit === undefined) return share(used, false, undefined, digits);
  const said = `${decimal(used * 100, { digits })}/${percent(limit, { digits })}`;
  return { value: shortest(used), text: said, tone: usedTone(used, limit) };
}

export const usedTone = (used: number, limit: number): Tone =>
  used >= limit ? 'bad' : used >= limit * 0.8 ? 'warn' : 'plain';

/** `1/3`; a limit that is off leaves the count alone. */
export function usedCount(used: number, limit: number | undefined): Cell {
  if (limit === undefined) return { value: used, text: decimal(used) };
  return { value: used, text: `${used}/${limit}`, tone: used >= limit ? 'warn' : 'plain' };
}

/** A rate at the scale as a plain number. */
export const asNumber = (rate: bigint | undefined): number | undefined =>
  rate === undefined ? undefined : Number(rate) / 1e18;

export function heatCell(frame: AccountFrame | undefined, limits: Limits): Cell {
  return usedShare(frame === undefined ? null : shareOf(frame.heat, frame.equity), asNumber(limits.heat));
}

/** `2,226 of 5,073  22/50 %`; while nothing is reserved what may be: `up to 5,073`. */
export function reservedCells(frame: AccountFrame | undefined, limits: Limits, { locale }: Ui): readonly Cell[] {
  if (frame === undefined) return [unknown()];
  const say = words(autoWords, locale);
  if (frame.reserved === 0n && frame.reservedMax === null) return [{ value: '0', text: '0', tone: 'muted' }];
  if (frame.reserved === 0n && frame.reservedMax !== null) {
    const most = amount(frame.reservedMax, undefined, true);
    return [{ value: '0', text: say('upTo', { amount: most.text }) }];
  }
  const used = shareOf(frame.reserved, frame.equity);
  const limit = asNumber(limits.reservedAccount);
  const cells = [amount(frame.reserved, undefined, true)];
  if (frame.reservedMax !== null) {
    const most = amount(frame.reservedMax, undefined, true);
    cells.push({ ...most, text: `${say('of')} ${most.text}` });
  }
  return [...cells, usedShare(used, limit, 0)];
}

/** From there on the part of the day's limit is told beside the amounts. */
const LOSS_TOLD = 0.25;

/** Day and week: profit or loss so far, and the losses at which entries end and everything is closed. */
function dayFacts(account: Account, frame: AccountFrame | undefined, limits: Limits, { locale }: Ui): readonly Fact[] {
  const say = words(autoWords, locale);
  const start = account.dayStartEquity;
  const used = lossUsed(account, frame, limits);
  return known([
    fact('day', say('day'), pnlCells(frame?.dayPnl, start)),
    limits.dayBlock !== undefined && fact('dayBlock', say('block'), [threshold(start, limits.dayBlock)], 2),
    limits.dayFlatten !== undefined && fact('dayFlatten', say('flat'), [threshold(start, limits.dayFlatten)], 7),
    used !== null &&
      used >= LOSS_TOLD &&
      fact('lossUsed', say('lossUsed'), [share(used, false, usedTone(used, 1), 0)], 7),
  ]);
}

/** Nothing gained and nothing lost is one zero. */
function pnlCells(pnl: Money | undefined, start: Money): readonly Cell[] {
  if (pnl === 0n) return [{ value: '0', text: '0', tone: 'muted' }];
  return [profit(pnl), share(pnlShare(pnl, start), true)];
}

function weekFacts(account: Account, frame: AccountFrame | undefined, limits: Limits, { locale }: Ui): readonly Fact[] {
  const say = words(autoWords, locale);
  const start = account.weekStartEquity;
  return known([
    fact('week', say('week'), pnlCells(frame?.weekPnl, start), 7),
    limits.weekHalt !== undefined && fact('weekHalt', say('halt'), [threshold(start, limits.weekHalt)], 7),
  ]);
}

/** The part of the day's loss limit that is used, 0 while nothing is lost; null without a limit or a number. */
export function lossUsed(account: Account, frame: AccountFrame | undefined, limits: Limits): number | null {
  if (frame === undefined || limits.dayBlock === undefined) return null;
  if (frame.dayPnl >= 0n) return 0;
  return shareOf(-frame.dayPnl, times(account.dayStartEquity, limits.dayBlock, 'down'));
}

export const pnlShare = (pnl: Money | undefined, start: Money): number | null =>
  pnl === undefined ? null : start <= 0n ? null : Number((pnl * 10n ** 12n) / start) / 1e12;

/** A loss limit in money: `-202.00`. */
export function threshold(start: Money, rate: bigint): Cell {
  const loss = -times(start, rate, 'down');
  return { value: text(loss), text: decimal(loss, { digits: loss <= -1_000n * 10n ** 18n ? 0 : 2 }), tone: 'muted' };
}

function countFacts({ state }: Scene, { risk, entriesToday, account }: Run, { locale }: Ui): readonly Fact[] {
  const say = words(autoWords, locale);
  const { positionsMax, entriesDayMax } = risk.limits;
  const places = placesOf(state, account).size;
  const tells = (used: number, limit: number | undefined): boolean => limit !== undefined || used !== 0;
  return known([
    tells(places, positionsMax) && fact('slots', say('slots'), [usedCount(places, positionsMax)], 2),
    tells(entriesToday, entriesDayMax) &&
      fact('entriesToday', say('entriesToday'), [usedCount(entriesToday, entriesDayMax)], 2),
  ]);
}

/** Only while they last. */
export function pauseFacts(scene: Scene, account: Account | undefined, run: Run | undefined, ui: Ui): readonly Fact[] {
  const say = words(autoWords, ui.locale);
  const now = scene.now ?? 0;
  return known([
    run !== undefined &&
      run.cooldownUntil > now &&
      fact('cooldown', say('cooldownUntil'), [clock(run.cooldownUntil, ui, 'warn')]),
    account !== undefined &&
      account.blockedUntil > now &&
      fact('blocked', say('blockedUntil'), [clock(account.blockedUntil, ui, 'warn')]),
  ]);
}
