import { describe, expect, test } from 'vitest';
import { money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import type { Instrument } from '../../../src/core/domain/instrument.ts';
import type { Limits, RiskSettings } from '../../../src/core/domain/settings.ts';
import { DENIAL_CODES, type DenialCode, type Denied } from '../../../src/core/risk/denial.ts';
import type { EntryRequest, ReviewContext } from '../../../src/core/risk/request.ts';
import { review } from '../../../src/core/risk/review.ts';
import {
  AT,
  account,
  entryOrder,
  FREE,
  LONG,
  PERPETUAL,
  PLAIN,
  position,
  quote,
  run,
  SHORT,
  SPOT,
  scene,
} from './scene.ts';

const riskier = (given: Partial<RiskSettings>): RiskSettings => ({ ...PLAIN, ...given });
const limited = (limits: Limits, given: Partial<RiskSettings> = {}): Partial<ReviewContext> => ({
  run: run({ risk: riskier({ ...given, limits }) }),
});
const settled = (given: Partial<RiskSettings>): Partial<ReviewContext> => ({ run: run({ risk: riskier(given) }) });
const traded = (given: Partial<Instrument>): Partial<ReviewContext> => ({
  run: run({ instrument: { ...PERPETUAL, ...given } }),
});
const long = (given: Partial<EntryRequest>): EntryRequest => ({ ...LONG, ...given });
const byRisk = (share: string): RiskSettings['sizing'] => ({ by: 'risk', risk: rate(share) });
const fees = { ...FREE, takerRate: rate('0.0005'), makerRate: rate('0.0002') };
const spot = (given: Partial<RiskSettings> = {}) => ({ run: run({ instrument: SPOT, risk: riskier(given) }) });

type Row = readonly [
  code: DenialCode,
  name: string,
  request: EntryRequest,
  given: Partial<ReviewContext>,
  found: string,
];

/** Everything else is as it should be: a long of a tenth of 10,000 at 50,000 with a stop of 1 %. */
const ROWS: readonly Row[] = [
  [
    'ACCOUNT_HALTED',
    'halted',
    LONG,
    { account: account({ safety: 'HALTED', safetyReason: 'panic' }) },
    'HALTED: panic',
  ],
  [
    'ACCOUNT_REDUCING',
    'reducing',
    LONG,
    { account: account({ safety: 'REDUCING', safetyReason: 'drift' }) },
    'REDUCING: drift',
  ],
  [
    'DAY_LOSS',
    'blocked for the day',
    LONG,
    { account: account({ safety: 'REDUCING', safetyReason: 'day_block', blockedUntil: AT + 3_600_000 }) },
    'day_block, for another 1h',
  ],
  ['DAY_LOSS', 'by the equity of now', LONG, { ...limited({ dayBlock: rate('0.02') }), equity: money('9800') }, '200'],
  ['DAY_LOSS', 'the week', LONG, { ...limited({ weekHalt: rate('0.06') }), equity: money('9300') }, '700'],
  ['RUN_PAUSED', 'paused', LONG, { run: run({ state: 'PAUSED' }) }, 'PAUSED'],
  ['RUN_PAUSED', 'observing', LONG, { run: run({ state: 'OBSERVING' }) }, 'OBSERVING'],
  ['SYMBOL_LEASED', 'leased', LONG, { account: account({ leases: { 'BTC/USDT:USDT': 4 } }) }, 'leased by run 4'],
  ['POSITION_OPEN', 'open', LONG, { run: run({ position: position(-1, '0.5', '50000') }) }, 'short 0.5'],
  [
    'POSITION_OPEN',
    'unknown',
    LONG,
    { run: run({ orders: [entryOrder({ status: 'unknown' })] }) },
    'order 1 is unknown',
  ],
  ['SHORT_ON_SPOT', 'short', SHORT, spot(), 'a short'],
  ['LEVERAGE_ON_SPOT', 'leverage', LONG, spot({ leverage: rate('2') }), '2x'],
  ['LEVERAGE_ABOVE_MAX', 'the limit', LONG, limited({ leverageMax: rate('5') }, { leverage: rate('5.1') }), '5.1x'],
  ['LEVERAGE_ABOVE_MAX', 'the code', LONG, limited({ leverageMax: rate('99') }, { leverage: rate('21') }), '21x'],
  ['LEVERAGE_ABOVE_MAX', 'nothing', LONG, settled({ leverage: rate('0') }), '0x'],
  [
    'LEVERAGE_ABOVE_MAX',
    'the tier of the notional',
    LONG,
    {
      account: account({ balance: money('120000000') }),
      run: run({ instrument: { ...PERPETUAL, qtyMax: qty('0') }, risk: riskier({ leverage: rate('11') }) }),
    },
    '11x',
  ],
  ['INSTRUMENT_UNSUPPORTED', 'contracts', LONG, traded({ contractSize: qty('0.01') }), 'contract size 0.01'],
  ['QUOTE_MISSING', 'none', LONG, { quote: quote(Number.NaN, Number.NaN) }, 'bid ?, mid ?, ask ?'],
  ['QUOTE_MISSING', 'half', LONG, { quote: quote(50_000, Number.NaN) }, 'bid 50000, mid ?, ask ?'],
  ['QUOTE_MISSING', 'crossed', LONG, { quote: quote(50_001, 50_000) }, 'bid 50001, mid 50000.5, ask 50000'],
  ['QUOTE_MISSING', 'never', LONG, { quote: quote(1, 1, { at: Number.NEGATIVE_INFINITY }) }, 'bid 1, mid 1, ask 1'],
  ['PRICE_OFF_TICK', 'limit', long({ limit: price('49999.95') }), {}, '49999.95'],
  ['PRICE_OFF_TICK', 'stop', long({ stopPrice: price('49000.01') }), {}, '49000.01'],
  ['PRICE_OFF_TICK', 'target', long({ targetPrice: price('0') }), {}, '0'],
  ['STOP_WRONG_SIDE', 'long', long({ stopPrice: price('50000') }), {}, '50000'],
  ['STOP_WRONG_SIDE', 'short', { ...SHORT, stopPrice: price('49999.9') }, {}, '49999.9'],
  ['STOP_WRONG_SIDE', 'of a limit beyond the market', long({ limit: price('50600') }), {}, '50094'],
  ['STOP_WRONG_SIDE', 'in the spread', long({ stopPrice: price('49999') }), { quote: quote(49_998, 50_003) }, '49999'],
  ['STOP_WRONG_SIDE', 'the whole price', LONG, settled({ stop: { by: 'fixed', distance: rate('1') } }), '0'],
  ['TARGET_WRONG_SIDE', 'long', long({ targetPrice: price('50000') }), {}, '50000'],
  ['TARGET_WRONG_SIDE', 'short', { ...SHORT, targetPrice: price('50000.1') }, {}, '50000.1'],
  ['STOP_REQUIRED', 'by risk', long({ noStop: true }), settled({ sizing: byRisk('0.01') }), 'none'],
  ['STOP_REQUIRED', 'risk is limited', long({ noStop: true }), limited({ riskMax: rate('0.02') }), 'neither'],
  ['QUANTITY_BELOW_MINIMUM', 'fraction', LONG, { account: account({ balance: money('499') }) }, '0'],
  ['QUANTITY_BELOW_MINIMUM', 'nothing left', LONG, { account: account({ balance: money('-499') }) }, '0'],
  ['QUANTITY_BELOW_MINIMUM', 'under the least, not under a step', LONG, traded({ qtyMin: qty('0.021') }), '0.02'],
  ['QUANTITY_BELOW_MINIMUM', 'by hand', long({ qty: qty('0.0009') }), {}, '0'],
  ['QUANTITY_ABOVE_MAXIMUM', 'by hand', long({ qty: qty('121') }), {}, '121'],
  [
    'NOTIONAL_BELOW_MINIMUM',
    'cheap',
    LONG,
    { quote: quote(1000, 1000), account: account({ balance: money('40') }) },
    '4',
  ],
  ['POST_ONLY_CROSSES', 'at the ask', long({ limit: price('50000'), postOnly: true }), {}, '50000'],
  ['POST_ONLY_CROSSES', 'market', long({ postOnly: true }), {}, 'a market order'],
  ['POST_ONLY_CROSSES', 'at the bid', { ...SHORT, limit: price('50000'), postOnly: true }, {}, '50000'],
  ['MARGIN_INSUFFICIENT', 'by hand', long({ qty: qty('0.3') }), {}, '15000 USDT'],
  ['MARGIN_INSUFFICIENT', 'all in use', LONG, { reservedAccount: money('9980') }, '1000 USDT'],
  ['RESERVED_ABOVE_MAX', 'account', long({ qty: qty('0.11') }), limited({ reservedAccount: rate('0.5') }), '5500 USDT'],
  ['RESERVED_ABOVE_MAX', 'run', long({ qty: qty('0.06') }), limited({ reservedRun: rate('0.25') }), '3000 USDT'],
  [
    'LIQUIDATION_BEFORE_STOP',
    'leverage',
    LONG,
    limited({ liquidationBuffer: 0.2 }, { leverage: rate('20'), stop: { by: 'fixed', distance: rate('0.04') } }),
    'stop 48000, liquidation 47690.763052208835341366, entry 50000',
  ],
  [
    'MAX_LOSS_BELOW_COSTS',
    'fees of both legs, and a tick',
    LONG,
    { ...settled({ loss: { by: 'amount', amount: money('1') } }), account: account({ costs: fees }) },
    'a maximum loss of 1 USDT',
  ],
  [
    'MAX_LOSS_BELOW_COSTS',
    'nothing may be lost',
    SHORT,
    settled({ loss: { by: 'amount', amount: money('0') } }),
    'a maximum loss of 0 USDT',
  ],
  ['RISK_ABOVE_CEILING', 'setting', LONG, limited({ riskMax: rate('0.02') }, { sizing: byRisk('0.021') }), '2.1 %'],
  ['RISK_ABOVE_CEILING', 'size', long({ qty: qty('0.1') }), limited({ riskMax: rate('0.0049') }), '50, 0.5 %'],
  [
    'RISK_ABOVE_CEILING',
    'max loss',
    long({ noStop: true }),
    limited({ riskMax: rate('0.01') }, { loss: { by: 'amount', amount: money('101') } }),
    '101, 1.01 %',
  ],
  [
    'HEAT_ABOVE_MAX',
    'with what is open',
    LONG,
    { ...limited({ heat: rate('0.02') }), heat: money('190.01') },
    '200.01, 2.01 %',
  ],
  ['POSITIONS_AT_MAX', 'places', LONG, { ...limited({ positionsMax: 3 }), openPositions: 3 }, '3 open'],
  [
    'COSTS_ABOVE_MAX',
    'fees of both legs',
    LONG,
    { ...limited({ costsOfStopMax: 0.09 }), account: account({ costs: fees }) },
    '49.75, 9.95 %',
  ],
  [
    'REWARD_BELOW_MIN',
    'after costs',
    LONG,
    { ...limited({ rewardMin: 1.8 }), account: account({ costs: fees }) },
    '1.72 R',
  ],
  ['COOLDOWN', 'pause', LONG, { run: run({ cooldownUntil: AT + 90_000 }) }, 'a pause for another 1m30s'],
  ['COOLDOWN', 'stops', LONG, { run: run({ stopsToday: 5, risk: riskier({ limits: { stopsDayMax: 5 } }) }) }, '5'],
  [
    'ENTRIES_DAY',
    'today',
    LONG,
    { run: run({ entriesToday: 20, risk: riskier({ limits: { entriesDayMax: 20 } }) }) },
    '20 today',
  ],
  [
    'ORDERS_RATE',
    'this minute',
    LONG,
    { ...limited({ ordersMinuteMax: 2 }), account: account({ orderTimes: [AT - 59_000, AT - 1] }) },
    '2 in the last minute',
  ],
  [
    'FLIPS_DAY',
    'today',
    { ...LONG, reason: 'flip' },
    {
      run: run({
        flip: { sign: 1, cause: 1, at: AT, stopDistance: null },
        flipsToday: 6,
        lastFlipAt: AT - 5_400_000,
        risk: riskier({ limits: { flipsDayMax: 6 } }),
      }),
    },
    '6 today, the last 1h30m ago',
  ],
  ['QUOTE_STALE', 'streamed', LONG, { ...limited({ quoteAgeMsMax: 1500 }), at: AT + 1501 }, '1501ms'],
  [
    'QUOTE_STALE',
    'polled',
    LONG,
    { ...limited({ quoteAgeMsMax: 1500 }), quote: quote(50_000, 50_000, { source: 'rest' }), at: AT + 3001 },
    '3001ms',
  ],
  [
    'QUOTE_STALE',
    'late by the clock of the venue',
    LONG,
    { ...limited({ quoteAgeMsMax: 1500 }), quote: quote(50_000, 50_000, { lagMs: 1400 }), at: AT + 101 },
    '1501ms',
  ],
  ['SYMBOL_HALTED', 'delisted', LONG, { run: run({ marketStatus: 'delisted' }) }, 'delisted'],
  ['CLOCK_UNSURE', 'off', LONG, { clockOffsetMs: -1001 }, '-1001 ms'],
  ['CLOCK_UNSURE', 'unknown', LONG, { clockOffsetMs: null }, 'an offset that is not known'],
  [
    'QUOTE_POLLED',
    'by a strategy that may not',
    LONG,
    { tradesPolled: false, quote: quote(50_000, 50_000, { source: 'rest' }) },
    'polled ones',
  ],
  [
    'MARK_STALE',
    'streamed',
    LONG,
    {
      ...limited({ quoteAgeMsMax: 1500 }),
      quote: quote(50_000, 50_000, { source: 'stream', mark: 50_000, markAt: AT - 5_001 }),
    },
    '5001ms',
  ],
  ['LIMIT_FAR', 'a digit too few', long({ limit: price('5000') }), {}, '5000, 90.00 % away'],
  ['LIMIT_FAR', 'above', { ...SHORT, limit: price('55000.1') }, {}, '55000.1, 10.00 % away'],
  ['SPREAD_WIDE', 'wide', LONG, { ...limited({ spreadBpsMax: 3 }), quote: quote(50_000, 50_020) }, '4.00 bps'],
  ['GAP', 'gap', LONG, { ...limited({ gapBlock: true }), blockedByGap: true }, 'a gap'],
];

describe('review denies', () => {
  test.each(ROWS)('%s: %s', (code, _name, request, given, found) => {
    const verdict = review(request, scene(given)) as Denied;
    expect({ ok: verdict.ok, code: verdict.code, found: verdict.found }).toEqual({ ok: false, code, found });
    expect(verdict.expected).not.toBe('');
    expect(verdict.fix.length).toBeGreaterThan(10);
  });

  test('every code is reached by this table', () => {
    // Two equal orders by hand are the host's to see: a review knows of one.
    expect(new Set<DenialCode>([...ROWS.map(([code]) => code), 'DUPLICATE_DRAFT'])).toEqual(new Set(DENIAL_CODES));
  });

  test('the same scene without the cause is approved', () => {
    expect(review(LONG, scene()).ok).toBe(true);
    expect(review(SHORT, scene()).ok).toBe(true);
    expect(review(LONG, scene(spot())).ok).toBe(true);
  });
});

test('a price in a denial is a decimal, however small', () => {
  const far = review(long({ limit: price('5000') }), scene({ quote: quote(0.0000001, 0.0000002) })) as Denied;
  expect([far.code, far.expected]).toEqual(['LIMIT_FAR', 'at most 10 % from the mid 0.00000015']);
});

describe('a fix that names the number', () => {
  test('of leverage, by which the guard is passed', () => {
    const stop = { by: 'fixed', distance: rate('0.04') } as const;
    const with_ = (leverage: string) => scene(limited({ liquidationBuffer: 0.2 }, { stop, leverage: rate(leverage) }));
    expect((review(LONG, with_('20')) as Denied).fix).toBe('use at most 18.5x, or bring the stop nearer');
    expect(review(LONG, with_('18.5')).ok).toBe(true);
    expect(review(LONG, with_('18.6')).ok).toBe(false);
  });

  test('of a quantity by hand that does not fit', () => {
    const fix = (review(long({ qty: qty('0.3') }), scene()) as Denied).fix;
    expect(fix).toBe('ask for at most 0.2, raise the leverage, or close something');
    expect(review(long({ qty: qty('0.2') }), scene()).ok).toBe(true);
    expect(review(long({ qty: qty('0.201') }), scene()).ok).toBe(false);
  });
});

describe('what is lifted', () => {
  test.each<[string, EntryRequest, Partial<ReviewContext>]>([
    [
      'a day block that has ended',
      LONG,
      { account: account({ safety: 'REDUCING', safetyReason: 'day_block', blockedUntil: AT }) },
    ],
    ['a pause that has ended', LONG, { run: run({ cooldownUntil: AT }) }],
    ['its own lease', LONG, { account: account({ leases: { 'BTC/USDT:USDT': 1 } }) }],
    [
      'a stop that rests beside a flip',
      LONG,
      { run: run({ orders: [entryOrder({ role: 'stop', status: 'canceling' })] }) },
    ],
    [
      'a polled quote of twice the age',
      LONG,
      { ...limited({ quoteAgeMsMax: 1500 }), quote: quote(50_000, 50_000, { source: 'rest' }), at: AT + 3000 },
    ],
    [
      'a mark of five seconds',
      LONG,
      {
        ...limited({ quoteAgeMsMax: 1500 }),
        quote: quote(50_000, 50_000, { source: 'stream', mark: 50_000, markAt: AT - 5_000 }),
      },
    ],
    [
      'an old mark of a candle',
      LONG,
      { ...limited({ quoteAgeMsMax: 1500 }), quote: quote(50_000, 50_000, { mark: 50_000, markAt: AT - 60_000 }) },
    ],
    ['a limit a tenth away', long({ limit: price('45000') }), {}],
    ['a spread at its limit', LONG, { ...limited({ spreadBpsMax: 4 }), quote: quote(49_990, 50_010) }],
    ['a gap where nothing asks', LONG, { blockedByGap: true }],
    ['a post-only that rests', long({ limit: price('49999.9'), postOnly: true }), {}],
    [
      'no stop, by the user, with a max loss',
      long({ noStop: true }),
      limited({ riskMax: rate('0.02') }, { loss: { by: 'amount', amount: money('80') } }),
    ],
    ['heat to the digit', LONG, { ...limited({ heat: rate('0.02') }), heat: money('190') }],
  ])('%s', (_name, request, given) => expect(review(request, scene(given))).toMatchObject({ ok: true }));
});
