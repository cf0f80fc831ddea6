import { dayOf, MINUTE_MS } from '../domain/time.ts';
import { clockText } from './cell.ts';
import { utcShort } from './format.ts';
import type { Ui } from './scene.ts';
import type { Cell } from './view.ts';

/** The clock of today, the day with it before that, in the chosen zone. */
export function shortTime(at: number, now: number | null, ui: Pick<Ui, 'zone'>): string {
  const offsetMs = ui.zone.offsetMinutes * MINUTE_MS;
  if (now !== null && dayOf(at + offsetMs) === dayOf(now + offsetMs)) return clockText(at, ui);
  return utcShort(at + offsetMs);
}

/** The same as a cell: ms for programs. */
export const shortTimeCell = (at: number, now: number | null, ui: Pick<Ui, 'zone'>): Cell => ({
  value: at,
  text: shortTime(at, now, ui),
  tone: 'muted',
});
