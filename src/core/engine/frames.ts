import { type Money, smaller, times } from '../base/decimal.ts';
import type { Account } from '../domain/account.ts';
import type { Vote } from '../domain/evidence.ts';
import type { AccountFrame, MarketFrame, Preview, RunFrame } from '../domain/frame.ts';
import { MANUAL, type Run } from '../domain/run.ts';
import type { Limits } from '../domain/settings.ts';
import { heatOf } from '../risk/heat.ts';
import { type Core, markOf, openPnl } from './core.ts';
import { reservedOf } from './exposure.ts';
import { funnelOf } from './funnel.ts';
import { missingOf, type RunMarket, symbolMarket } from './market.ts';
import { requestOf } from './orders.ts';
import { entryPreview } from './preview.ts';

export { recount } from './funnel.ts';
export { askOf, draftRun, preview } from './preview.ts';

/** The opinion and the next entry of every run that is attached to its market, as of now. Changes nothing. */
export function runFrames(core: Core): RunFrame[] {
  const frames: RunFrame[] = [];
  for (const run of core.state.runs) {
    const held = core.market.runs[run.run - 1];
    if (held !== undefined) frames.push(runFrame(core, run, held));
  }
  return frames;
}

function runFrame(core: Core, run: Run, held: RunMarket): RunFrame {
  const { verdict } = held;
  return {
    run: run.run,
    side: verdict.side,
    strength: verdict.strength,
    confidence: verdict.confidence,
    votes: votesOf(held),
    values: valuesOf(held),
    streak: held.streak,
    confirmations: held.confirmations,
    bars: held.bars,
    barsNeeded: held.bars + missingOf(held),
    nextCloseAt: nextCloseAt(run, core.now),
    funnel: funnelOf(held),
    next: nextEntry(core, run, held),
  };
}

/** Candles of a time frame begin at whole multiples of it since 1970, UTC. The human's run waits for none. */
const nextCloseAt = ({ strategy, timeframeMs, state }: Run, now: number): number | null =>
  strategy === MANUAL || state === 'OFF' ? null : (Math.floor(now / timeframeMs) + 1) * timeframeMs;

/** Votes that are not warm yet are left out. */
function votesOf({ specs, opinion }: RunMarket): readonly Vote[] {
  const cast: Vote[] = [];
  for (let i = 0; i < specs.length; i++) {
    const spec = specs[i];
    const vote = opinion.votes[i] as number;
    if (spec !== undefined && vote === vote) cast.push({ name: spec.name, vote, weight: spec.weight });
  }
  return cast;
}

function valuesOf({ definition, opinion }: RunMarket): Readonly<Record<string, number | null>> {
  const values: Record<string, number | null> = {};
  for (let i = 0; i < definition.values.length; i++) {
    const value = opinion.values[i] as number;
    values[definition.values[i] as string] = Number.isFinite(value) ? value : null;
  }
  return values;
}

function nextEntry(core: Core, run: Run, { verdict, opinion }: RunMarket): Preview | null {
  if (run.position !== undefined || run.state === 'OFF') return null;
  const sign = verdict.side === -1 ? -1 : 1;
  return entryPreview(core, run, requestOf({ sign, stopDistance: opinion.stopDistance }, 'signal'));
}

/**
 * Every account in sums, as of now. Changes nothing. Open positions are worth the marks of the markets that are told beside
 * them, which may be younger than what the engine saw last, else the engine's own.
 */
export function accountFrames(core: Core, markets: readonly MarketFrame[] = []): AccountFrame[] {
  const marks = new Map(markets.map(({ symbol, mark, mid }) => [symbol, mark ?? mid]));
  return core.state.accounts.map((account) => accountFrame(core, account, marks));
}

function accountFrame(core: Core, account: Account, marks: ReadonlyMap<string, number | null>): AccountFrame {
  const { account: name, balance, dayStartEquity, weekStartEquity } = account;
  const own = core.state.runs.filter((run) => run.account === name);
  const held = own.filter(({ position }) => position !== undefined);
  const open = held.map((run) => openPnl(run, marks.get(run.symbol) ?? markOf(symbolMarket(core.market, run.symbol))));
  const equity = open.reduce<bigint>((sum, each) => sum + each, balance) as Money;
  return {
    account: name,
    equity,
    openPnl: (equity - balance) as Money,
    reserved: reservedOf(core, name),
    reservedMax: tightest(own, equity, 'reservedAccount'),
    heat: heatOf(core.state, name),
    heatMax: tightest(own, equity, 'heat'),
    positions: held.length,
    dayPnl: (equity - dayStartEquity) as Money,
    weekPnl: (equity - weekStartEquity) as Money,
  };
}

/** Limits are told to runs: the account's is the lowest of those that are on; null where none is. */
function tightest(runs: readonly Run[], equity: Money, limit: 'reservedAccount' | 'heat'): Money | null {
  let least: NonNullable<Limits[typeof limit]> | undefined;
  for (const { state, risk } of runs) {
    const share = risk.limits[limit];
    if (state === 'OFF' || share === undefined) continue;
    least = least === undefined ? share : smaller(least, share);
  }
  return least === undefined ? null : (times(equity, least, 'floor') as Money);
}
