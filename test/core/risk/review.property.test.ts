import fc from 'fast-check';
import { expect, test } from 'vitest';
import {
  absolute,
  fromNumber,
  type Money,
  money,
  ONE,
  type Price,
  priceOf,
  type Qty,
  qty,
  type Rate,
  ratio,
  times,
  toStep,
} from '../../../src/core/base/decimal.ts';
import type { Instrument } from '../../../src/core/domain/instrument.ts';
import type { Sign } from '../../../src/core/domain/order.ts';
import { spreadBps } from '../../../src/core/domain/quote.ts';
import type { Costs, Limits, RiskSettings } from '../../../src/core/domain/settings.ts';
import { liquidationPrice } from '../../../src/core/risk/margin.ts';
import type { EntryRequest, ReviewContext } from '../../../src/core/risk/request.ts';
import { type ApprovedEntry, review, reviewExit } from '../../../src/core/risk/review.ts';
import { AT, account, PERPETUAL, position, quote, run, SPOT, scene } from './scene.ts';

const share = (most: number) => fc.integer({ min: 1, max: most }).map((n) => ratio(BigInt(n), 10_000n, 'down'));
const cash = (most: number) => fc.integer({ min: 0, max: most }).map((cents) => money(`${cents / 100}`));
/** Mostly off: with twenty limits on, nothing would ever be approved. */
const maybe = <T>(of: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 4, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: of });
const count = (most: number) => fc.integer({ min: 0, max: most });

const limits: fc.Arbitrary<Limits> = fc.record({
  leverageMax: maybe(fc.integer({ min: 1, max: 20 }).map((n) => (BigInt(n) * ONE) as Rate)),
  riskMax: maybe(share(500)),
  reservedAccount: maybe(share(9_000)),
  reservedRun: maybe(share(9_000)),
  heat: maybe(share(800)),
  positionsMax: maybe(count(4)),
  dayBlock: maybe(share(1_000)),
  dayFlatten: maybe(share(1_000)),
  weekHalt: maybe(share(1_000)),
  stopsDayMax: maybe(count(6)),
  entriesDayMax: maybe(count(25)),
  ordersMinuteMax: maybe(count(5)),
  flipsDayMax: maybe(count(6)),
  quoteAgeMsMax: maybe(count(4_000)),
  spreadBpsMax: maybe(count(12)),
  costsOfStopMax: maybe(fc.constantFrom(0.1, 0.2, 0.5)),
  rewardMin: maybe(fc.constantFrom(0.5, 1.2, 2)),
  liquidationBuffer: maybe(fc.constantFrom(0, 0.2, 0.5)),
  gapBlock: maybe(fc.boolean()),
});

const settings: fc.Arbitrary<RiskSettings> = fc.record({
  sizing: fc.oneof(
    fc.record({ by: fc.constant('fraction' as const), fraction: share(20_000) }),
    fc.record({ by: fc.constant('risk' as const), risk: share(300) }),
    fc.record({ by: fc.constant('qty' as const), qty: count(500).map((n) => qty(`${n / 1000}`)) }),
  ),
  leverage: fc.integer({ min: 1, max: 20 }).map((n) => (BigInt(n) * ONE) as Rate),
  stop: fc.oneof(
    fc.record({ by: fc.constant('fixed' as const), distance: share(800) }),
    fc.record({
      by: fc.constant('strategy' as const),
      distance: share(300),
      distanceMin: share(50),
      distanceMax: fc.constant(ratio(3n, 100n, 'down')),
    }),
    fc.constant({ by: 'none' as const }),
  ),
  target: fc.oneof(
    fc.record({ by: fc.constant('fixed' as const), distance: share(900) }),
    fc.record({ by: fc.constant('multiple' as const), multiple: share(40_000) }),
    fc.constant({ by: 'none' as const }),
  ),
  loss: fc.oneof(
    fc.record({ by: fc.constant('equity' as const), fraction: share(200) }),
    fc.constant({ by: 'none' as const }),
  ),
  slippageCap: maybe(share(30)),
  limits,
});

const costs: fc.Arbitrary<Costs> = fc.record({
  makerRate: share(5),
  takerRate: share(10),
  spread: share(8),
  slippage: share(5),
  latencyMs: fc.constant(0),
});

const instrument: fc.Arbitrary<Instrument> = fc.constantFrom(
  PERPETUAL,
  PERPETUAL,
  SPOT,
  { ...PERPETUAL, tick: (10n ** 10n) as Price, step: (10n ** 10n) as Qty, qtyMin: 0n as Qty, notionalMin: 0n as Money },
  { ...PERPETUAL, tick: (5n * ONE) as Price, step: (ONE / 100n) as Qty, qtyMax: qty('0.5') },
);

const context: fc.Arbitrary<ReviewContext> = fc
  .record({
    instrument,
    settings,
    costs,
    cents: fc.integer({ min: 100_000, max: 9_000_000 }),
    spread: count(2_000),
    ageMs: count(5_000),
    source: fc.constantFrom('stream' as const, 'rest' as const),
    balance: fc.integer({ min: -10_000, max: 5_000_000 }).map((cents) => money(`${cents / 100}`)),
    open: fc.integer({ min: -60_000, max: 60_000 }).map((cents) => money(`${cents / 100}`)),
    reserved: cash(300_000),
    heat: cash(20_000),
    openPositions: count(4),
    blockedByGap: fc.boolean(),
    pace: fc.record({ entriesToday: count(25), stopsToday: count(6), flipsToday: count(6) }),
    cooldown: fc.constantFrom(0, 0, 0, 0, 60_000),
    orders: fc.array(fc.integer({ min: 0, max: 90_000 }), { maxLength: 5 }),
    flip: fc.constantFrom(true, false, false),
  })
  .map((given) => {
    const bid = given.cents / 100;
    const wallet = account({
      balance: given.balance,
      costs: given.costs,
      orderTimes: given.orders.sort((a, b) => b - a).map((ago) => AT - ago),
    });
    const flip = given.flip ? { sign: 1 as const, cause: 1, at: AT, stopDistance: null } : undefined;
    const of = run({
      instrument: given.instrument,
      risk: given.settings,
      cooldownUntil: AT + given.cooldown,
      flip,
      ...given.pace,
    });
    return scene({
      run: of,
      account: wallet,
      quote: quote(bid, bid + given.spread / 100, { source: given.source, at: AT - given.ageMs }),
      equity: (given.balance + given.open) as Money,
      reservedAccount: given.reserved,
      reservedRun: times(given.reserved, ratio(1n, 2n, 'down'), 'down') as Money,
      heat: given.heat,
      openPositions: given.openPositions,
      blockedByGap: given.blockedByGap,
    });
  });

const request: fc.Arbitrary<EntryRequest> = fc.record({
  sign: fc.constantFrom<Sign>(1, -1),
  reason: fc.constant('signal'),
  stopDistance: fc.oneof(fc.constant(Number.NaN), fc.double({ min: 0, max: 5_000, noNaN: true })),
  qty: maybe(count(300).map((n) => qty(`${n / 1000}`))),
  notional: maybe(cash(2_000_000)),
  noStop: fc.constantFrom(true, false, false),
});

const within = (part: bigint, of: bigint, most: Rate | undefined): boolean =>
  most === undefined || part * ONE <= of * most;
const below = (value: number, most: number | undefined): boolean => most === undefined || value < most;
const atMost = (value: number, most: number | undefined): boolean => most === undefined || value <= most;

/** Which limits an approved entry is above, written from the words of the limits and not from the code. */
function broken(entry: ApprovedEntry, at: ReviewContext): string[] {
  const { account: wallet, run: of, equity } = at;
  const { limits: most, leverage } = of.risk;
  const risk = entry.risk;
  const dayLoss = wallet.dayStartEquity - equity;
  const weekLoss = wallet.weekStartEquity - equity;
  const lost = (loss: bigint, start: bigint, max: Rate | undefined): boolean =>
    max !== undefined && loss > 0n && loss * ONE >= start * max;
  const checks: Record<string, boolean> = {
    leverageMax: most.leverageMax === undefined || leverage <= most.leverageMax,
    riskMax: within(risk, equity, most.riskMax),
    unlimited: (most.riskMax === undefined && most.heat === undefined) || risk > 0n,
    reservedAccount: within(at.reservedAccount + entry.margin, equity, most.reservedAccount),
    reservedRun: within(at.reservedRun + entry.margin, equity, most.reservedRun),
    free: takenBy(entry, at) <= wallet.balance - at.reservedAccount,
    margin: entry.margin * leverage >= entry.size.notional * ONE,
    heat: within(at.heat + risk, equity, most.heat),
    positionsMax: below(at.openPositions, most.positionsMax),
    dayBlock: !lost(dayLoss, wallet.dayStartEquity, most.dayBlock),
    dayFlatten: !lost(dayLoss, wallet.dayStartEquity, most.dayFlatten),
    weekHalt: !lost(weekLoss, wallet.weekStartEquity, most.weekHalt),
    stopsDayMax: below(of.stopsToday, most.stopsDayMax),
    entriesDayMax: below(of.entriesToday, most.entriesDayMax),
    ordersMinuteMax: below(wallet.orderTimes.filter((time) => time > AT - 60_000).length, most.ordersMinuteMax),
    flipsDayMax: of.flip === undefined || below(of.flipsToday, most.flipsDayMax),
    cooldown: of.cooldownUntil <= AT,
    quoteAge: atMost(entry.quote.ageMs / (entry.quote.source === 'rest' ? 2 : 1), most.quoteAgeMsMax),
    spread: atMost(spreadBps(at.quote), most.spreadBpsMax),
    gap: !(most.gapBlock === true && at.blockedByGap),
    spot: of.instrument.kind === 'perpetual' || (entry.side === 'buy' && leverage === ONE),
    ...physical(entry, of.instrument),
    ...worth(entry, at),
  };
  return Object.keys(checks).filter((name) => !checks[name]);
}

/** Where a market entry is expected to fill: touch and slippage, to the tick against it. */
function fillOf(entry: ApprovedEntry, { quote: now, account: wallet, run: of }: ReviewContext): bigint {
  const isBuy = entry.side === 'buy';
  const touch = fromNumber(isBuy ? now.ask : now.bid);
  const { slippage } = wallet.costs;
  const slipped = isBuy ? times(touch, ONE + slippage, 'up') : times(touch, ONE - slippage, 'down');
  return toStep(slipped, of.instrument.tick, isBuy ? 'ceil' : 'floor');
}

/** The margin of what is bought at worst, and the fee of that; a spot buy pays its fee of what it buys. */
function takenBy(entry: ApprovedEntry, at: ReviewContext): bigint {
  const { instrument: of, risk } = at.run;
  const worst = entry.side === 'buy' ? (entry.limit ?? fillOf(entry, at)) : fromNumber(at.quote.mid);
  const value = times(worst, entry.qty, 'up');
  const fee = of.kind === 'spot' ? 0n : toStep(times(value, at.account.costs.takerRate, 'up'), of.assetStep, 'up');
  return ratio(value, risk.leverage, 'up') + fee;
}

function physical(entry: ApprovedEntry, of: Instrument): Record<string, boolean> {
  return {
    step: entry.qty > 0n && entry.qty % of.step === 0n,
    quantity: entry.qty >= of.qtyMin && (of.qtyMax === 0n || entry.qty <= of.qtyMax),
    notional: entry.size.notional >= of.notionalMin,
    tick: [entry.limit, entry.stopPrice, entry.targetPrice].every((at) => at === undefined || at % of.tick === 0n),
  };
}

/** What a fill at the worst expected prices would cost and earn, by hand. */
function worth(entry: ApprovedEntry, at: ReviewContext): Record<string, boolean> {
  const { stopPrice, targetPrice, size } = entry;
  const { limits: most, leverage } = at.run.risk;
  const { costs: fees } = at.account;
  if (stopPrice === undefined) return {};
  const sign = entry.side === 'buy' ? 1n : -1n;
  const { tiers } = at.run.instrument;
  const fill = fillOf(entry, at);
  const slip = fees.slippage + fees.spread / 2n;
  const mid = fromNumber(at.quote.mid);
  const distance = absolute(mid - stopPrice);
  const perUnit = size.perUnit as bigint;
  const reward =
    targetPrice === undefined
      ? undefined
      : sign * (targetPrice - fill) -
        times(fill, fees.takerRate, 'down') -
        times(targetPrice, fees.takerRate + slip, 'down');
  const cost = times(fill, entry.qty, 'down') as Money;
  const margin = ratio(cost, leverage, 'up') as bigint as Money;
  const liquidation =
    tiers.length === 0 || most.liquidationBuffer === undefined
      ? undefined
      : liquidationPrice({ sign: sign === 1n ? 1 : -1, qty: entry.qty, cost, margin, tiers });
  const buffer = fromNumber(most.liquidationBuffer ?? 0);
  return {
    side: sign * (mid - stopPrice) > 0n && (targetPrice === undefined || sign * (targetPrice - mid) > 0n),
    leverage: leverage >= ONE,
    costs: within(
      perUnit - distance,
      distance,
      most.costsOfStopMax === undefined ? undefined : (fromNumber(most.costsOfStopMax) as Rate),
    ),
    reward:
      most.rewardMin === undefined ||
      reward === undefined ||
      (reward + 3n) * ONE >= perUnit * fromNumber(most.rewardMin),
    liquidation:
      liquidation === undefined || sign * (stopPrice - liquidation) * ONE >= buffer * sign * (fill - liquidation),
  };
}

test('review never approves above a limit, nor what a venue would refuse', () => {
  let yes = 0;
  fc.assert(
    fc.property(request, context, (asked, at) => {
      const verdict = review(asked, at);
      if (!verdict.ok) return;
      yes++;
      expect(broken(verdict, at)).toEqual([]);
    }),
    { numRuns: 8_000 },
  );
  // The draws must not all be refused, or nothing was tested.
  expect(yes).toBeGreaterThan(300);
});

test.each(['quotes', 'candles'])(
  'what is sized by risk loses no more than that at its stop, as a venue on %s books it',
  (tier) => {
    let yes = 0;
    fc.assert(
      fc.property(request, context, (asked, given) => {
        const at = tier === 'candles' ? onCandles(given) : given;
        const { sizing, limits: _off, ...rest } = at.run.risk;
        if (sizing.by !== 'risk') return;
        const of = { ...at.run, risk: { ...rest, sizing, limits: {} }, cooldownUntil: 0 };
        const verdict = review({ ...asked, qty: undefined, notional: undefined }, { ...at, run: of });
        if (!verdict.ok) return;
        yes++;
        const budget = (at.equity * sizing.risk) / ONE;
        expect(bookedLoss(verdict, at) <= budget).toBe(true);
        expect(verdict.risk <= budget).toBe(true);
      }),
      { numRuns: 5_000 },
    );
    expect(yes).toBeGreaterThan(100);
  },
);

/** Bid and ask lie half the modelled spread from the mid. */
function onCandles(at: ReviewContext): ReviewContext {
  const { mid } = at.quote;
  const half = Number(at.account.costs.spread) / 2e18;
  return { ...at, isStreamed: false, quote: { ...at.quote, bid: mid - mid * half, ask: mid + mid * half } };
}

/**
 * In at touch and slippage (on candles at the mid with half the spread and slippage), out at the stop with half the spread and slippage, each price to the tick, each fee up. On spot
 * the first fee is taken of what was bought, and only whole steps of the rest are sold.
 */
function bookedLoss(entry: ApprovedEntry, { account: wallet, run: of, quote: now, isStreamed }: ReviewContext): bigint {
  const { costs: fees } = wallet;
  const { tick, assetStep } = of.instrument;
  const worse = (at: bigint, isBuy: boolean, share_: bigint): bigint =>
    isBuy ? toStep(times(at, ONE + share_, 'up'), tick, 'up') : toStep(times(at, ONE - share_, 'down'), tick, 'down');
  const isBuy = entry.side === 'buy';
  const paid =
    isStreamed === false
      ? worse(priceOf(now.mid), isBuy, fees.spread / 2n + fees.slippage)
      : worse(fromNumber(isBuy ? now.ask : now.bid), isBuy, fees.slippage);
  const got = worse(entry.stopPrice as bigint, !isBuy, fees.spread / 2n + fees.slippage);
  const fee = (at: bigint, size: bigint = entry.qty): bigint =>
    toStep(times(times(at, size, 'up'), fees.takerRate, 'up'), assetStep, 'up');
  if (of.instrument.kind === 'spot') {
    const held = entry.qty - toStep(times(entry.qty, fees.takerRate, 'up'), 10n ** 10n, 'up');
    const sold = held - (held % of.instrument.step) || held;
    return times(paid, entry.qty, 'up') - times(got, sold, 'down') + fee(got, sold);
  }
  const gross = isBuy ? paid - got : got - paid;
  return times(gross, entry.qty, 'up') + fee(paid) + fee(got);
}

test('an exit is never refused, never larger than the position, and always closes something', () => {
  const held = fc.record({
    sign: fc.constantFrom<Sign>(1, -1),
    size: fc.integer({ min: 1, max: 10 ** 9 }).map((n) => (BigInt(n) * 10n ** 12n) as Qty),
    asked: maybe(fc.integer({ min: 1, max: 10 ** 9 }).map((n) => (BigInt(n) * 10n ** 12n) as Qty)),
    instrument,
    state: fc.constantFrom('OFF' as const, 'OBSERVING' as const, 'RUNNING' as const, 'PAUSED' as const),
  });
  fc.assert(
    fc.property(held, settings, ({ sign, size, asked, instrument: of, state }, risk) => {
      const open = { ...position(sign, '1', '50000'), qty: size };
      const exit = reviewExit(run({ instrument: of, state, risk }), open, 'signal', asked);
      expect(exit.qty > 0n && exit.qty <= size).toBe(true);
      expect(exit.side).toBe(sign === 1 ? 'sell' : 'buy');
      expect(exit.reduceOnly).toBe(true);
      if (asked !== undefined && asked >= of.step) expect(exit.qty <= asked || exit.qty === size).toBe(true);
      if (asked === undefined && of.kind !== 'spot' && (of.qtyMax === 0n || size <= of.qtyMax))
        expect(exit.qty).toBe(size);
    }),
    { numRuns: 2_000 },
  );
});
