import type { AnyEntry } from '../../domain/entry.ts';
import { emptyState } from '../../domain/state.ts';
import { evolve } from '../../engine/evolve.ts';
import type { ClosedTrade, EquityMark, Scene } from '../../view/scene.ts';
import { emptyScene } from '../fixture/scene.ts';
import { createMarker } from '../host/record.ts';

/** Entries that a picture of the past shows. */
const ENTRIES_KEPT = 500;

/**
 * What a journal alone tells of an instant: state, trades, equity and entries up to the last that is given. There is no
 * market in it, so its numbers are unknown.
 */
export function journalScene(entries: Iterable<AnyEntry>, profile: string): Scene {
  const state = emptyState();
  const told: AnyEntry[] = [];
  const trades: ClosedTrade[] = [];
  const equity = new Map<string, EquityMark[]>();
  const markOf = createMarker();
  for (const entry of entries) {
    evolve(state, entry);
    told.push(entry);
    if (told.length > ENTRIES_KEPT * 2) told.splice(0, ENTRIES_KEPT);
    const worth = markOf(entry);
    if (worth !== undefined) {
      const marks = equity.get(entry.account) ?? [];
      marks.push(worth);
      equity.set(entry.account, marks);
    }
    if (entry.kind !== 'position_closed') continue;
    const { seq, run, account, body } = entry;
    trades.push({ seq, run, account, symbol: state.runs[run - 1]?.symbol ?? '', body });
  }
  const isEmpty = state.seq === 0;
  return {
    ...emptyScene(profile),
    link: isEmpty ? 'none' : 'up',
    feed: `journal #${state.seq}`,
    now: isEmpty ? null : state.at,
    state,
    entries: told.slice(-ENTRIES_KEPT),
    trades,
    equity: Object.fromEntries(equity),
  };
}
