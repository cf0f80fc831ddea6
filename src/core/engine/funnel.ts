import type { AnyEntry } from '../domain/entry.ts';
import type { Funnel } from '../domain/frame.ts';
import { dayOf } from '../domain/time.ts';
import type { Core } from './core.ts';
import type { RunMarket } from './market.ts';

/** A UTC day begins: nothing has happened yet. */
export function startFunnel({ funnel, bars }: RunMarket): void {
  funnel.barsBefore = bars;
  funnel.candidates = 0;
  funnel.ready = 0;
  funnel.denied = 0;
  funnel.orders = 0;
}

/**
 * History was seen: of its candles only those of the present day, and of the run's own time, count. What they led to is in
 * the journal (`recount`).
 */
export function beginFunnel({ funnel, run, bars }: RunMarket, now: number): void {
  const from = Math.max(dayOf(now), run.startedAt);
  const today = Math.floor(now / run.timeframeMs) - Math.floor(from / run.timeframeMs);
  funnel.barsBefore = bars - Math.max(0, Math.min(bars, today));
}

/** After a restart: counts what the journal tells of the present UTC day. Entries of other days are passed over. */
export function recount(core: Core, entries: Iterable<AnyEntry>): void {
  const from = dayOf(core.now);
  const sides = new Map<number, number>();
  for (const entry of entries) {
    const held = core.market.runs[entry.run - 1];
    if (held === undefined || entry.at < from) continue;
    const { funnel } = held;
    if (entry.kind === 'signal_raised') {
      if (entry.body.side !== 0 && entry.body.side !== sides.get(entry.run)) funnel.candidates++;
      sides.set(entry.run, entry.body.side);
    } else if (entry.kind === 'signal_confirmed') funnel.ready++;
    else if (entry.kind === 'order_denied') funnel.denied++;
    else if (entry.kind === 'order_intended' && entry.body.role === 'entry') funnel.orders++;
  }
}

/** How often what led to what since the UTC day began, or the run. */
export function funnelOf({ funnel, bars }: RunMarket): Funnel {
  const { candidates, ready, denied, orders } = funnel;
  return { closes: Math.max(0, bars - funnel.barsBefore), candidates, ready, denied, orders };
}
