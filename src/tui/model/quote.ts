import type { Preview } from '../core.ts';
import type { Seen, Sight } from './model.ts';

/** What was on the screen longer than that is not sent without another look. */
const QUOTE_AGE_MS_MAX = 2_000;
/** As shares: a price moves with each tick; a size at a fixed stop, and the margin with it, several times as far. */
const PRICE_MOVE_MAX = 0.001;
const MARGIN_MOVE_MAX = 0.01;

/**
 * How a fresh preview differs from what was seen, as a key of words; undefined where it may be sent. On a market that
 * passes `speed` times as fast as a hand moves, prices go the square root of it further meanwhile, as a random walk does.
 * A stop or target that is moved (`isMove`) has its price as it was typed: only another position makes it another draft.
 */
export function changeOf(
  seen: Seen | undefined,
  fresh: { readonly preview: Preview; readonly at: number },
  position: string,
  speed: number,
  isMove = false,
): 'priceMoved' | 'quoteOld' | 'draftChanged' | undefined {
  const before = seen?.preview;
  const after = fresh.preview;
  if (seen === undefined || before?.ok !== true || !after.ok) return 'draftChanged';
  if (before.sign !== after.sign || seen.position !== position) return 'draftChanged';
  if (isMove) return undefined;
  const haste = Math.sqrt(Math.max(1, speed));
  const priceMoveMax = PRICE_MOVE_MAX * haste;
  if (isMoved(before.mid, after.mid, priceMoveMax)) return 'priceMoved';
  if (isMoved(Number(before.price), Number(after.price), priceMoveMax)) return 'priceMoved';
  if (isMoved(Number(before.margin), Number(after.margin), MARGIN_MOVE_MAX * haste)) return 'draftChanged';
  return fresh.at - seen.at > QUOTE_AGE_MS_MAX ? 'quoteOld' : undefined;
}

const isMoved = (before: number, after: number, shareMax: number): boolean =>
  Math.abs(after - before) > Math.abs(before) * shareMax;

/** The position of the symbol that is traded, as text that differs where it does. */
export function positionText({ scene, symbol }: Sight): string {
  const held = scene.state.runs.filter((run) => run.symbol === symbol && run.position !== undefined);
  return held.map(({ run, position }) => `${run}:${position?.sign}:${position?.qty}`).join(' ');
}

/** What must be typed before risk is raised: nothing on paper, the asset of the symbol (`BTC`) in live. */
export function expectsIn({ scene, symbol }: Sight): string {
  return scene.mode === 'LIVE' ? ((symbol ?? scene.profile).split('/')[0] ?? '') : '';
}
