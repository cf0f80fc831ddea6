import { ONE, priceOf, text, toNumber } from '../base/decimal.ts';
import { PRICE_MAX, PRICE_MIN } from '../domain/candle.ts';
import { type Quote, spreadBps } from '../domain/quote.ts';
import { CEILINGS } from './defaults.ts';
import { type Denied, deny } from './denial.ts';
import { flipsSpent, ordersSpent } from './limits.ts';
import type { EntryRequest, ReviewContext } from './request.ts';
import { span } from './words.ts';

/** The venue refuses orders whose instant is off by more; ages say nothing then. */
export const CLOCK_OFFSET_MS_MAX = 1_000;
/** A polled quote may be twice as old as a streamed one (defaults: 1.5 s and 3 s). */
const POLLED_AGE = 2;
/** A limit entry stands within this share of the mid. */
const LIMIT_BAND = 0.1;
/** Margin and liquidation are the mark's: older it says nothing. Venues send it every second or three. */
const MARK_AGE_MS_MAX = 5_000;

/** May this run open anything now? States, lease, and nothing open yet. Always on. */
export function stateDenial({ account, run, at }: ReviewContext): Denied | undefined {
  if (account.safety === 'HALTED') {
    return deny('ACCOUNT_HALTED', { expected: 'an ACTIVE account', found: `HALTED: ${account.safetyReason}` });
  }
  if (account.blockedUntil > at) {
    const found = `${account.safetyReason}, for another ${span(account.blockedUntil - at)}`;
    return deny('DAY_LOSS', { expected: 'a day within its loss limit', found });
  }
  if (account.safety === 'REDUCING' && account.blockedUntil === 0) {
    return deny('ACCOUNT_REDUCING', { expected: 'an ACTIVE account', found: `REDUCING: ${account.safetyReason}` });
  }
  if (run.state !== 'RUNNING') return deny('RUN_PAUSED', { expected: 'a RUNNING run', found: run.state });
  const holder = account.leases[run.symbol];
  if (holder !== undefined && holder !== run.run) {
    return deny('SYMBOL_LEASED', {
      expected: `${run.symbol} leased by run ${run.run}`,
      found: `leased by run ${holder}`,
    });
  }
  if (run.marketStatus !== undefined) {
    return deny('SYMBOL_HALTED', { expected: `${run.symbol} trading`, found: run.marketStatus });
  }
  return openDenial({ run });
}

function openDenial({ run }: Pick<ReviewContext, 'run'>): Denied | undefined {
  if (run.position !== undefined) {
    const side = run.position.sign === 1 ? 'long' : 'short';
    return deny('POSITION_OPEN', { expected: 'a flat run', found: `${side} ${text(run.position.qty)}` });
  }
  for (const { order, role, status, filled } of run.orders) {
    // An exit that was not answered may still come to the venue, and would reduce what is opened meanwhile.
    if (role !== 'entry' && !(role === 'exit' && (status === 'unknown' || filled === 0n))) continue;
    return deny('POSITION_OPEN', { expected: `no live ${role}`, found: `order ${order} is ${status}` });
  }
  return undefined;
}

/** Does the side fit the market, and the leverage the market and its limits? Always on but for `leverageMax`. */
export function modeDenial({ sign }: EntryRequest, { run }: ReviewContext): Denied | undefined {
  const { instrument } = run;
  const { leverage, limits } = run.risk;
  if (instrument.contractSize !== ONE) {
    const found = `contract size ${text(instrument.contractSize)}`;
    return deny('INSTRUMENT_UNSUPPORTED', { expected: 'contract size 1', found });
  }
  if (instrument.kind === 'spot') {
    if (sign === -1) return deny('SHORT_ON_SPOT', { expected: 'a long on spot', found: 'a short' });
    if (leverage !== ONE) return deny('LEVERAGE_ON_SPOT', { expected: '1x on spot', found: `${text(leverage)}x` });
  }
  const max = limits.leverageMax;
  const most = max !== undefined && max < CEILINGS.leverageCode ? max : CEILINGS.leverageCode;
  if (leverage >= ONE && leverage <= most) return undefined;
  return deny('LEVERAGE_ABOVE_MAX', { expected: `1x to ${text(most)}x`, found: `${text(leverage)}x` });
}

/** Is there a price at all? Unknown is never taken for a number. */
export function quoteDenial({ quote, run }: ReviewContext): Denied | undefined {
  const { bid, ask, mid, at } = quote;
  const isRising = bid >= PRICE_MIN && ask >= bid && mid >= bid && mid <= ask && ask <= PRICE_MAX;
  if (isRising && at > Number.NEGATIVE_INFINITY) return undefined;
  const expected = `a bid, a mid and an ask of ${run.symbol} in rising order`;
  return deny('QUOTE_MISSING', { expected, found: `bid ${shown(bid)}, mid ${shown(mid)}, ask ${shown(ask)}` });
}

const shown = (price: number): string => (Number.isNaN(price) ? '?' : `${price}`);

/** Is a limit so far from the market that it must be a slip of a digit? Venues refuse such prices, too. */
export function farDenial({ limit }: EntryRequest, { quote }: ReviewContext): Denied | undefined {
  if (limit === undefined) return undefined;
  const away = Math.abs(toNumber(limit) - quote.mid);
  if (away <= quote.mid * LIMIT_BAND) return undefined;
  const found = `${text(limit)}, ${((away / quote.mid) * 100).toFixed(2)} % away`;
  return deny('LIMIT_FAR', {
    expected: `at most ${LIMIT_BAND * 100} % from the mid ${text(priceOf(quote.mid))}`,
    found,
  });
}

/** Would a post-only order take? */
export function crossDenial({ sign, limit, postOnly }: EntryRequest, { quote }: ReviewContext): Denied | undefined {
  if (postOnly !== true) return undefined;
  const touch = text(priceOf(sign === 1 ? quote.ask : quote.bid));
  const expected = sign === 1 ? `a limit below the ask ${touch}` : `a limit above the bid ${touch}`;
  if (limit === undefined) return deny('POST_ONLY_CROSSES', { expected, found: 'a market order' });
  const at = toNumber(limit);
  const rests = sign === 1 ? at < quote.ask : at > quote.bid;
  return rests ? undefined : deny('POST_ONLY_CROSSES', { expected, found: text(limit) });
}

/** How often, and how soon after a stop. Each only where its limit is set. */
export function paceDenial({ account, run, at }: ReviewContext): Denied | undefined {
  const { limits } = run.risk;
  if (run.cooldownUntil > at) {
    return deny('COOLDOWN', { expected: 'no pause', found: `a pause for another ${span(run.cooldownUntil - at)}` });
  }
  const { stopsDayMax, entriesDayMax } = limits;
  if (stopsDayMax !== undefined && run.stopsToday >= stopsDayMax) {
    return deny('COOLDOWN', { expected: `fewer than ${stopsDayMax} stops today`, found: `${run.stopsToday}` });
  }
  if (entriesDayMax !== undefined && run.entriesToday >= entriesDayMax) {
    return deny('ENTRIES_DAY', {
      expected: `at most ${entriesDayMax} entries a day`,
      found: `${run.entriesToday} today`,
    });
  }
  if (ordersSpent(account, at, limits)) {
    const found = `${limits.ordersMinuteMax} in the last minute`;
    return deny('ORDERS_RATE', { expected: `at most ${limits.ordersMinuteMax} orders a minute`, found });
  }
  if (run.flip === undefined || !flipsSpent(run, at)) return undefined;
  const expected = `at most ${limits.flipsDayMax} flips a day, a closed candle apart`;
  return deny('FLIPS_DAY', { expected, found: `${run.flipsToday} today, the last ${span(at - run.lastFlipAt)} ago` });
}

/** Is the market's data good enough? Each only where its limit is set. */
export function dataDenial({ limit }: EntryRequest, context: ReviewContext): Denied | undefined {
  const { quote, run, at, blockedByGap } = context;
  const { quoteAgeMsMax, spreadBpsMax, gapBlock } = run.risk.limits;
  const unsure = clockDenial(context);
  if (unsure !== undefined) return unsure;
  if (quoteAgeMsMax !== undefined) {
    const most = quote.source === 'rest' ? quoteAgeMsMax * POLLED_AGE : quoteAgeMsMax;
    const age = at - quote.at + quote.lagMs;
    if (age > most) return deny('QUOTE_STALE', { expected: `a quote of at most ${span(most)}`, found: span(age) });
  }
  const marked = markDenial(quote, at, quoteAgeMsMax);
  if (marked !== undefined) return marked;
  // A limit order names its own price.
  if (spreadBpsMax !== undefined && limit === undefined && spreadBps(quote) > spreadBpsMax) {
    return deny('SPREAD_WIDE', {
      expected: `at most ${spreadBpsMax} bps`,
      found: `${spreadBps(quote).toFixed(2)} bps`,
    });
  }
  if (gapBlock !== true || !blockedByGap) return undefined;
  return deny('GAP', { expected: 'candles without a gap in the warm-up', found: 'a gap' });
}

/** Prices of an exchange are worth what its clock and its stream are. Always on. */
function clockDenial({ quote, clockOffsetMs, tradesPolled }: ReviewContext): Denied | undefined {
  if (clockOffsetMs !== undefined && !(Math.abs(clockOffsetMs ?? Number.NaN) <= CLOCK_OFFSET_MS_MAX)) {
    const expected = `a venue's clock within ${span(CLOCK_OFFSET_MS_MAX)} of ours`;
    const found = clockOffsetMs === null ? 'an offset that is not known' : `${Math.round(clockOffsetMs)} ms`;
    return deny('CLOCK_UNSURE', { expected, found });
  }
  if (quote.source !== 'rest' || tradesPolled !== false) return undefined;
  return deny('QUOTE_POLLED', { expected: 'prices of the stream', found: 'polled ones' });
}

/** Only of an exchange: candles, replays and the synthetic market tell a mark with the candle that it belongs to. */
function markDenial(
  { mark, markAt, source }: Quote,
  at: number,
  quoteAgeMsMax: number | undefined,
): Denied | undefined {
  const isOfExchange = source === 'stream' || source === 'rest';
  if (quoteAgeMsMax === undefined || !isOfExchange || Number.isNaN(mark) || at - markAt <= MARK_AGE_MS_MAX) {
    return undefined;
  }
  return deny('MARK_STALE', { expected: `at most ${span(MARK_AGE_MS_MAX)} since the mark`, found: span(at - markAt) });
}
