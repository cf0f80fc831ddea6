import { channelBack } from './rule/channel-back.ts';
import { channelLost } from './rule/channel-lost.ts';
import { clockOff } from './rule/clock-off.ts';
import { dailySummary } from './rule/daily-summary.ts';
import { dayLoss } from './rule/day-loss.ts';
import { engineStarted } from './rule/engine-started.ts';
import { feedGap } from './rule/feed-gap.ts';
import { feedLost } from './rule/feed-lost.ts';
import { feedStale } from './rule/feed-stale.ts';
import { halted } from './rule/halted.ts';
import { liquidated } from './rule/liquidated.ts';
import { liquidationNear } from './rule/liquidation-near.ts';
import { orderDenied } from './rule/order-denied.ts';
import { orderRejected } from './rule/order-rejected.ts';
import { orderUnknown } from './rule/order-unknown.ts';
import { positionClosed } from './rule/position-closed.ts';
import { positionFlipped } from './rule/position-flipped.ts';
import { positionOpened } from './rule/position-opened.ts';
import { priceCrossed } from './rule/price-crossed.ts';
import { signalDropped } from './rule/signal-dropped.ts';
import { signalReady } from './rule/signal-ready.ts';
import { stopHit } from './rule/stop-hit.ts';
import { stopLost } from './rule/stop-lost.ts';
import { strategyBroken } from './rule/strategy-broken.ts';
import { symbolHalted } from './rule/symbol-halted.ts';
import type { Rule } from './rule.ts';

/** Every rule, in the order in which they speak of one entry. */
export const ALERT_RULES: readonly Rule[] = [
  stopLost,
  liquidated,
  liquidationNear,
  stopHit,
  halted,
  dayLoss,
  orderUnknown,
  feedStale,
  channelLost,
  signalReady,
  positionOpened,
  positionClosed,
  positionFlipped,
  orderDenied,
  orderRejected,
  priceCrossed,
  symbolHalted,
  strategyBroken,
  clockOff,
  signalDropped,
  feedLost,
  feedGap,
  channelBack,
  dailySummary,
  engineStarted,
];
