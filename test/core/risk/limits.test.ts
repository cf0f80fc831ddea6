import { describe, expect, test } from 'vitest';
import { money, rate } from '../../../src/core/base/decimal.ts';
import type { Account } from '../../../src/core/domain/account.ts';
import type { Instrument } from '../../../src/core/domain/instrument.ts';
import type { Limits } from '../../../src/core/domain/settings.ts';
import {
  cooldownAfterStop,
  flipsSpent,
  lossSteps,
  openPositionsOf,
  ordersSpent,
  placesOf,
} from '../../../src/core/risk/limits.ts';
import { AT, account, entryOrder, PERPETUAL, PLAIN, position, run, stateOf } from './scene.ts';

const time = (text: string): number => Date.parse(`${text}Z`);

describe('steps of a loss', () => {
  const limits: Limits = { dayBlock: rate('0.02'), dayFlatten: rate('0.03'), weekHalt: rate('0.06') };
  const rules = (wallet: Account, equity: string, given = limits): string[] =>
    lossSteps(wallet, money(equity), given).map(({ rule }) => rule);

  test.each([
    ['a profit', '10500', []],
    ['a digit before the block', '9800.000000000000000001', []],
    ['the block, to the digit', '9800', ['day_block']],
    ['a digit before the flatten', '9700.000000000000000001', ['day_block']],
    ['the flatten, to the digit', '9700', ['day_block', 'day_flatten']],
    ['everything', '-20', ['day_block', 'week_halt', 'day_flatten']],
  ])('%s', (_name, equity, expected) => expect(rules(account(), equity)).toEqual(expected));

  test('a week is lost in days that were each within their limit', () => {
    const wallet = account({ weekStartEquity: money('10400') });
    expect(rules(wallet, '9900')).toEqual([]);
    expect(lossSteps(wallet, money('9776'), limits).at(-1)).toEqual({
      rule: 'week_halt',
      loss: money('624'),
      max: money('624'),
      until: 0,
    });
  });

  test('a block tells loss, limit and the next UTC day, once', () => {
    const until = time('2025-05-08T00:00');
    const steps = lossSteps(account(), money('9790'), limits);
    expect(steps).toEqual([{ rule: 'day_block', loss: money('210'), max: money('200'), until }]);
    const blocked = account({ safety: 'REDUCING', safetyReason: 'day_block', blockedUntil: until });
    expect(rules(blocked, '9790')).toEqual([]);
    expect(rules(blocked, '9690')).toEqual(['day_flatten']);
    expect(rules(account({ safety: 'HALTED' }), '5000')).toEqual([]);
  });

  test('no limit, no step', () => expect(rules(account(), '1', {})).toEqual([]));
});

describe('what is open', () => {
  const on = (base: string, given: Parameters<typeof run>[0]) => {
    const instrument: Instrument = { ...PERPETUAL, base, symbol: `${base}/USDT:USDT` };
    return run({ instrument, ...given });
  };

  test('one side of the majors takes one place', () => {
    const asking = run();
    const state = stateOf(
      asking,
      on('ETH', { run: 2, position: position(1, '1', '100') }),
      on('SOL', { run: 3, position: position(1, '1', '100') }),
      on('DOGE', { run: 4, orders: [entryOrder()] }),
      on('PEPE', { run: 5, account: 'other', position: position(1, '1', '100') }),
      on('LTC', { run: 6 }),
    );
    expect(openPositionsOf(state, asking, 1)).toBe(1);
    expect(openPositionsOf(state, asking, -1)).toBe(2);
    expect(openPositionsOf(state, on('LTC', { run: 6 }), 1)).toBe(2);
    expect(openPositionsOf(state, on('ETH', { run: 2 }), 1)).toBe(1);
    expect(openPositionsOf(state, on('DOGE', { run: 4 }), 1)).toBe(1);
    expect([placesOf(state, asking.account).size, placesOf(state, 'other').size]).toEqual([2, 1]);
  });

  test('majors on the other side, and an entry that sells', () => {
    const state = stateOf(run(), on('ETH', { run: 2, orders: [entryOrder({ side: 'sell' })] }));
    expect(openPositionsOf(state, run(), 1)).toBe(1);
    expect(openPositionsOf(state, run(), -1)).toBe(0);
  });
});

describe('pace', () => {
  test('orders of the last minute', () => {
    const wallet = account({ orderTimes: [AT - 60_000, AT - 59_999, AT] });
    expect(ordersSpent(wallet, AT, { ordersMinuteMax: 2 })).toBe(true);
    expect(ordersSpent(wallet, AT, { ordersMinuteMax: 3 })).toBe(false);
    expect(ordersSpent(wallet, AT + 1, { ordersMinuteMax: 2 })).toBe(false);
    expect(ordersSpent(account(), AT, { ordersMinuteMax: 0 })).toBe(true);
    expect(ordersSpent(wallet, AT, {})).toBe(false);
  });

  test('flips: so many a day, and a closed candle apart', () => {
    const limited = { ...PLAIN, limits: { flipsDayMax: 2 } };
    const last = time('2025-05-07T12:07');
    const spent = (at: string, given = {}) => flipsSpent(run({ risk: limited, lastFlipAt: last, ...given }), time(at));
    expect(spent('2025-05-07T12:14:59.999')).toBe(true);
    expect(spent('2025-05-07T12:15')).toBe(false);
    expect(spent('2025-05-07T12:15', { flipsToday: 2 })).toBe(true);
    expect(flipsSpent(run({ lastFlipAt: last, flipsToday: 99 }), last)).toBe(false);
    expect(flipsSpent(run({ risk: limited }), 0)).toBe(false);
  });

  const limits: Limits = { stopCooldownMs: 300_000, stopsInRowMax: 3, stopsInRowCooldownMs: 3_600_000, stopsDayMax: 5 };
  const limited = { ...PLAIN, limits };
  test.each([
    ['one whole candle after the one of the stop', '03:41:18', {}, 'stop', '04:00'],
    ['told at the close of the candle that it fell in', '03:45', {}, 'stop', '04:00'],
    ['at least five minutes', '03:41:18', { timeframeMs: 60_000 }, 'stop', '03:46:18'],
    ['the third in a row', '03:41:18', { stopsInRow: 3 }, 'stops_in_row', '04:41:18'],
    ['the fifth of the day', '03:41:18', { stopsInRow: 3, stopsToday: 5 }, 'stops_day', '24:00'],
  ])('pause after a stop: %s', (_name, at, given, reason, until) => {
    const expected = until === '24:00' ? time('2025-05-08T00:00') : time(`2025-05-07T${until}`);
    const found = cooldownAfterStop(run({ risk: limited, ...given }), time(`2025-05-07T${at}`));
    expect(found).toEqual({ reason, until: expected });
  });

  test('no limit, no pause', () =>
    expect(cooldownAfterStop(run({ stopsInRow: 9, stopsToday: 9 }), AT)).toBeUndefined());
});
