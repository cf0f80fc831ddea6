import { describe, expect, test } from 'vitest';
import { money, price, priceOf, type Qty, qty, rate, ratio, text, times } from '../../../src/core/base/decimal.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import type { EntryRequest, ReviewContext } from '../../../src/core/risk/request.ts';
import { type ApprovedEntry, review, reviewExit, reviewTrigger } from '../../../src/core/risk/review.ts';

import { account, FINE, FREE, LONG, PERPETUAL, PLAIN, position, quote, run, SHORT, SPOT, scene } from './scene.ts';

function approved(request: EntryRequest, given: Partial<ReviewContext>): ApprovedEntry {
  const verdict = review(request, scene(given));
  if (!verdict.ok) throw new Error(`${verdict.code}: expected ${verdict.expected}, found ${verdict.found}`);
  return verdict;
}

/** As it stands in the journal: exact values as text. */
const told = (value: unknown): unknown => JSON.parse(encode(value));

test('a price of one tick is the lowest that a sell can expect: judged, no crash', () => {
  const costs = { ...FREE, slippage: rate('0.0003') };
  const tick = price('0.0001');
  const sizing = { by: 'fraction', fraction: rate('0.1') } as const;
  const cheap = run({ instrument: { ...PERPETUAL, tick, qtyMax: 0n as Qty }, risk: { ...DEFAULT_RISK, sizing } });
  const verdict = review(SHORT, scene({ run: cheap, account: account({ costs }), quote: quote(0.0001, 0.0001) }));
  expect(verdict.ok ? verdict.type : verdict.code).toBe('LIQUIDATION_BEFORE_STOP');
});

describe('the benchmark: a tenth of the balance at the open, no costs, no limits', () => {
  const fine = run({ instrument: FINE });

  test('stop and target are exact shares of the open, the size is rounded down', () => {
    const wallet = account({ balance: money('10000.5') });
    const entry = approved(LONG, { run: fine, account: wallet, quote: quote(61_840.2, 61_840.2) });
    expect(told(entry)).toEqual({
      ok: true,
      role: 'entry',
      type: 'market',
      side: 'buy',
      qty: '0.01617151',
      reduceOnly: false,
      postOnly: false,
      tif: 'ioc',
      reason: 'signal',
      stopPrice: '61221.798',
      targetPrice: '63077.004',
      risk: '10.00049412702',
      margin: '1000.049412702',
      waived: false,
      size: {
        by: 'fraction',
        equity: '10000.5',
        wanted: '1000.05',
        entry: '61840.2',
        stopPrice: '61221.798',
        targetPrice: '63077.004',
        perUnit: '618.402',
        notional: '1000.049412702',
        margin: '1000.049412702',
        risk: '10.00049412702',
      },
      quote: { bid: 61_840.2, ask: 61_840.2, mid: 61_840.2, mark: null, source: 'replay', ageMs: 0, spreadBps: 0 },
    });
  });

  test('a short mirrors it', () => {
    const entry = approved(SHORT, { run: fine, quote: quote(61_840.2, 61_840.2) });
    expect([entry.side, text(entry.stopPrice as never), text(entry.targetPrice as never)]).toEqual([
      'sell',
      '62458.602',
      '60603.396',
    ]);
  });
});

describe('as paper', () => {
  const costs = { ...FREE, takerRate: rate('0.0005'), makerRate: rate('0.0002'), slippage: rate('0.0001') };
  const given = { run: run({ risk: DEFAULT_RISK }), account: account({ costs }), quote: quote(61_838, 61_840) };

  test('the size follows from the distance to the stop with everything that the way costs', () => {
    const entry = approved({ ...LONG, stopDistance: 618.4 }, given);
    // mid 61,839; fill 61,840 + 1 bp = 61,846.2; stop 61,220.6 fills at 61,214.4: 631.8 + 30.9231 + 30.6072 a unit.
    expect(told(entry)).toMatchObject({
      qty: '0.072',
      limit: '61932.7',
      stopPrice: '61220.6',
      targetPrice: '63075.8',
      lossMax: '100',
      risk: '49.9197816',
      margin: '2226.204',
      size: {
        by: 'risk',
        equity: '10000',
        wanted: '50',
        entry: '61846.2',
        perUnit: '693.3303',
        notional: '4452.408',
        // (61,846.2 - half of it) / (1 - 0.4 %): where the position is liquidated once it is filled there.
        liquidation: expect.stringMatching(/^31047\.2/),
      },
      quote: { ageMs: 0, spreadBps: expect.closeTo(0.3234, 4) },
    });
  });

  test('the touch is paid even where nothing slips', () => {
    const risk = { ...PLAIN, sizing: { by: 'risk', risk: rate('0.005') } } as const;
    const entry = approved(LONG, { run: run({ risk }), quote: quote(61_838, 61_840) });
    // Stop 1 % below the mid of 61,839, loss from the ask.
    expect(told(entry.size)).toMatchObject({ entry: '61840', stopPrice: '61220.7', perUnit: '619.3' });
  });

  test.each([
    ['a buy', LONG, '61840.3'],
    ['a sell', SHORT, '61840.2'],
  ])(
    '%s between two ticks is expected at the one against it, though nothing is paid beyond the touch',
    (_, request, fill) => {
      const risk = { ...PLAIN, sizing: { by: 'risk', risk: rate('0.005') } } as const;
      const entry = approved(request, { run: run({ risk }), quote: quote(61_840.26, 61_840.26) });
      expect(text(entry.size.entry)).toBe(fill);
    },
  );

  test('a limit entry is sized from its limit and needs no cap', () => {
    const request = { ...LONG, limit: price('61800'), postOnly: true, stopDistance: 618 };
    const entry = approved(request, given);
    // 61,800 to 61,182, which fills at 61,175.8: 624.2 + 12.36 maker + 30.5879 taker.
    expect(told(entry)).toMatchObject({
      type: 'limit',
      limit: '61800',
      tif: 'gtx',
      postOnly: true,
      qty: '0.074',
      stopPrice: '61182',
      size: { entry: '61800', perUnit: '667.1479' },
    });
    expect(approved({ ...request, postOnly: false }, given).tif).toBe('gtc');
  });

  test('a limit that may take or rest is sized by the dearer of both fees', () => {
    const rateIn = (makerRate: string, takerRate: string) => {
      const costs = { ...FREE, makerRate: rate(makerRate), takerRate: rate(takerRate) };
      const { size } = approved({ ...LONG, limit: price('50000') }, { run: run({}), account: account({ costs }) });
      // Stop 1 % below.
      const perUnit = (size.perUnit ?? 0n) - money('500') - times(money('49500'), costs.takerRate, 'up');
      return text(ratio(perUnit, money('50000'), 'up'));
    };
    expect([rateIn('0.001', '0.0005'), rateIn('0.0002', '0.0005')]).toEqual(['0.001', '0.0005']);
  });

  test('half the modelled spread is paid beyond the stop as well', () => {
    const wide = { ...given, account: account({ costs: { ...costs, spread: rate('0.0004') } }) };
    const perUnit = approved({ ...LONG, stopDistance: 618.4 }, wide).size.perUnit as bigint;
    // 61,220.6 less 3 bps is 61,202.2, and the fee of that.
    expect(text(perUnit)).toBe('705.5242');
  });

  test('the cap of a market entry: touch and 15 bps, to the tick on our side', () => {
    const sell = approved({ ...SHORT, stopDistance: 618.4 }, given);
    expect(text(sell.limit as never)).toBe('61745.3');
    const tight = run({ risk: { ...DEFAULT_RISK, slippageCap: rate('0') } });
    expect(text(approved(LONG, { ...given, run: tight }).limit as never)).toBe('61840');
  });
});

describe('a size that the margin does not carry', () => {
  const half = { ...PLAIN, sizing: { by: 'fraction', fraction: rate('0.5') } } as const;
  const reserved = (given: object) => run({ risk: { ...half, limits: given } });
  test.each<[string, Partial<ReviewContext>, string, string | undefined]>([
    ['fits', { run: run({ risk: half }) }, '0.1', undefined],
    [
      'is clipped to the free margin',
      { run: run({ risk: half }), reservedAccount: money('8000') },
      '0.04',
      'free_margin',
    ],
    ['to the account', { run: reserved({ reservedAccount: rate('0.3') }) }, '0.06', 'reserved_account'],
    [
      'to the account, less what is in use',
      { run: reserved({ reservedAccount: rate('0.3') }), reservedAccount: money('1000') },
      '0.04',
      'reserved_account',
    ],
    [
      'to the run',
      { run: reserved({ reservedAccount: rate('0.3'), reservedRun: rate('0.25') }) },
      '0.05',
      'reserved_run',
    ],
  ])('%s', (_name, given, size, by) => {
    const entry = approved(LONG, given);
    expect([text(entry.qty), entry.size.clippedBy]).toEqual([size, by]);
    expect(text(entry.size.wanted)).toBe('5000');
    expect(entry.risk).toBe(entry.qty * 500n);
  });

  test('leverage lets it carry more', () => {
    const risk = { ...PLAIN, sizing: { by: 'fraction', fraction: rate('1.5') }, leverage: rate('2') } as const;
    const entry = approved(LONG, { run: run({ risk }) });
    expect([text(entry.qty), text(entry.margin)]).toEqual(['0.3', '7500']);
  });

  test('all in on spot leaves room for what a fill may cost at worst', () => {
    const risk = { ...PLAIN, sizing: { by: 'fraction', fraction: rate('1') }, slippageCap: rate('0.01') } as const;
    const entry = approved(LONG, { run: run({ instrument: SPOT, risk }) });
    expect([text(entry.qty), entry.size.clippedBy]).toEqual(['0.198', 'free_margin']);
    expect(text(entry.limit as never)).toBe('50500');
    expect(entry.margin <= money('10000')).toBe(true);
  });

  test('nor does it bind more where the price lies between two ticks', () => {
    const risk = { ...PLAIN, sizing: { by: 'fraction', fraction: rate('1') } } as const;
    const instrument = { ...SPOT, tick: price('10'), step: qty('0.00001') };
    const entry = approved(LONG, { run: run({ instrument, risk }), quote: quote(61_831, 61_831) });
    // 0.16173 would cost 61,840 each, and 10,001.38 in all.
    expect([text(entry.qty), text(entry.margin)]).toEqual(['0.1617', '9999.528']);
  });
});

describe('an entry without a stop', () => {
  test('by the word of the user: nothing is planned, and it says so', () => {
    const entry = approved({ ...LONG, noStop: true }, {});
    expect([entry.waived, entry.stopPrice, text(entry.risk)]).toEqual([true, undefined, '0']);
  });

  test('a max loss is then the risk', () => {
    const risk = { ...PLAIN, stop: { by: 'none' }, loss: { by: 'equity', fraction: rate('0.01') } } as const;
    const entry = approved(LONG, { run: run({ risk }) });
    expect([entry.waived, text(entry.risk), text(entry.lossMax as never)]).toEqual([true, '100', '100']);
  });

  test('a stop by hand stands, whatever the rule', () => {
    const entry = approved({ ...LONG, noStop: true, stopPrice: price('49000') }, {});
    expect([entry.waived, text(entry.stopPrice as never), text(entry.risk)]).toEqual([false, '49000', '20']);
  });
});

test('a market number becomes the decimal that it shows, however small', () => {
  expect(text(priceOf(61_840.2))).toBe('61840.2');
  expect(text(priceOf(0.1 + 0.2))).toBe('0.30000000000000004');
  expect(text(priceOf((0.00001234 + 0.00001235) / 2))).toBe('0.000012345');
  expect(text(priceOf(1.5e-12))).toBe('0.0000000000015');
});

describe('exits', () => {
  const asks = (of: string, asked: string | undefined, given: Partial<typeof PERPETUAL> = {}): string => {
    const instrument = { ...PERPETUAL, ...given };
    const size = asked === undefined ? undefined : qty(asked);
    return text(reviewExit(run({ instrument }), position(1, of, '50000'), 'signal', size).qty);
  };

  test.each<[string, string, string | undefined, Partial<typeof PERPETUAL>, string]>([
    ['all of it', '0.072', undefined, {}, '0.072'],
    ['never more than there is', '0.072', '5', {}, '0.072'],
    ['a part, down to the step', '0.072', '0.0359', {}, '0.035'],
    ['less than a step is one', '0.072', '0.0002', {}, '0.001'],
    ['what is less than a step goes whole', '0.0004', '0.0002', {}, '0.0004'],
    ['a step that changed does not lock it in', '0.0725', undefined, {}, '0.0725'],
    ['spot leaves dust', '0.0725', undefined, SPOT, '0.072'],
    ['spot, dust alone', '0.0005', undefined, SPOT, '0.0005'],
    ['the largest order first', '300', undefined, {}, '120'],
  ])('%s', (_name, of, asked, given, expected) => expect(asks(of, asked, given)).toBe(expected));

  test('goes at market, reduce-only, on the other side, whatever the account is', () => {
    const exit = reviewExit(run({ state: 'PAUSED' }), position(-1, '1', '50000'), 'max_loss');
    expect(exit).toMatchObject({
      ok: true,
      role: 'exit',
      type: 'market',
      side: 'buy',
      reduceOnly: true,
      reason: 'max_loss',
    });
  });

  test('of nothing is a bug', () => {
    expect(() => reviewExit(run(), position(1, '1', '50000'), 'signal', 0n as Qty)).toThrow('Invariant');
  });

  test('protection rests on the other side and only reduces', () => {
    const stop = reviewTrigger(position(1, '1', '50000'), 'stop', price('49500'), qty('2'), 'stop_loss');
    expect(told(stop)).toEqual({
      ok: true,
      role: 'stop',
      type: 'stop',
      side: 'sell',
      qty: '2',
      trigger: '49500',
      reduceOnly: true,
      postOnly: false,
      tif: 'gtc',
      reason: 'stop_loss',
    });
    expect(() => reviewTrigger(position(1, '1', '50000'), 'stop', price('0'), qty('2'), 'stop_loss')).toThrow(
      'Invariant',
    );
  });
});
