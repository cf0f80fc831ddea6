import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Money, money, price, qty, rate, ratio, text, toNumber } from '../../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { Costs } from '../../../src/core/domain/settings.ts';
import { createDebug, type Debug, type DebugOptions } from '../../../src/core/lab/debug.ts';
import { engineScene } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

type Candle = readonly [open: number, high: number, low: number, close: number];

/** 10 BTC at 100: stop 99 or 101, target 102 or 98. */
function holding(side: 'long' | 'short', options: DebugOptions = {}): Debug {
  const debug = createDebug(options);
  debug.price(100);
  debug[side]();
  debug.price(100);
  return debug;
}

const play = (debug: Debug, [open, high, low, close]: Candle): readonly AnyEntry[] =>
  debug.candle({ open, high, low, close }).entries;

const closing = (entries: readonly AnyEntry[]): string | undefined =>
  plot(entries).find((line) => line.startsWith('position_closed'));

describe('inside one candle', () => {
  test.each<[string, 'long' | 'short', Candle, string | undefined]>([
    ['nothing is touched', 'long', [100, 101.9, 99.1, 101], undefined],
    ['the stop, touched', 'long', [100, 100.5, 99, 100], 'long 10 100 -> 99 pnl -10 stop_loss'],
    ['the target is a trigger: a touch fills', 'long', [100, 102, 99.5, 101], 'long 10 100 -> 102 pnl 20 take_profit'],
    ['the stop comes before the target', 'long', [100, 103, 98, 102.5], 'long 10 100 -> 99 pnl -10 stop_loss'],
    ['a gap through the stop fills at the open', 'long', [97, 98, 96, 97], 'long 10 100 -> 97 pnl -30 stop_loss'],
    [
      'a gap through the target fills at the open',
      'long',
      [104, 105, 103, 104],
      'long 10 100 -> 104 pnl 40 take_profit',
    ],
    ['a short stop', 'short', [100, 101, 99, 100], 'short 10 100 -> 101 pnl -10 stop_loss'],
    ['a short gap', 'short', [103, 104, 102, 103], 'short 10 100 -> 103 pnl -30 stop_loss'],
    ['a short target', 'short', [100, 100.5, 98, 99], 'short 10 100 -> 98 pnl 20 take_profit'],
    ['a short: the stop before the target', 'short', [100, 101.5, 97, 98], 'short 10 100 -> 101 pnl -10 stop_loss'],
  ])('%s (%s)', (_, side, candle, closed) => {
    expect(closing(play(holding(side), candle))).toBe(closed === undefined ? undefined : `position_closed ${closed}`);
  });

  test('the entry candle itself counts, and its exit is stamped with its close', () => {
    const debug = createDebug();
    debug.price(100);
    debug.long();
    const openAt = debug.now;
    const entries = play(debug, [100, 100, 98.5, 99]);
    expect(plot(entries)).toEqual([
      'order_filled 1 10 @ 100 T0',
      'position_opened long 10 cost 1000',
      'stop_triggered 2 @ 99 seen 98.5',
      'order_filled 2 10 @ 99 T0',
      'position_closed long 10 100 -> 99 pnl -10 stop_loss',
    ]);
    const closed = entries.find((entry) => entry.kind === 'position_closed');
    expect([closed?.body.entryAt, closed?.body.exitAt]).toEqual([openAt, openAt + 60_000]);
  });

  test.each<[string, Candle, string | undefined]>([
    ['no target: the reach may lie before it', [99, 99, 94, 94.5], undefined],
    ['the stop behind it, which the price passed', [99, 99, 89, 98], 'long 1 95 -> 90 pnl -5 stop_loss'],
    ['the stop at its trigger, whatever the open', [80, 99, 79, 98], 'long 1 95 -> 90 pnl -5 stop_loss'],
  ])('after a limit that filled in it comes %s', (_, candle, closed) => {
    const debug = createDebug();
    debug.price(100);
    const prices = { limit: price('95'), stopPrice: price('90'), targetPrice: price('97') };
    const size = { by: 'qty', qty: qty('1') } as const;
    debug.command({ name: 'enter', run: 1, sign: 1, noStop: false, size, ...prices });
    debug.price(100);
    expect(closing(play(debug, candle))).toBe(closed === undefined ? undefined : `position_closed ${closed}`);
    if (closed === undefined)
      expect(closing(play(debug, [98, 98, 97, 98]))).toMatch(/^position_closed long 1 95 -> 98/);
  });

  test('a position of a limit that filled in the candle is not liquidated by its open: the stop is nearer', () => {
    const debug = createDebug({ risk: { leverage: rate('20') } });
    debug.price(100);
    const size = { by: 'qty', qty: qty('1') } as const;
    const prices = { limit: price('95'), stopPrice: price('92') };
    debug.command({ name: 'enter', run: 1, sign: 1, noStop: false, size, ...prices });
    debug.price(100);
    expect(closing(play(debug, [80, 99, 79, 98]))).toBe('position_closed long 1 95 -> 92 pnl -3 stop_loss');
  });

  test.each<[string, Candle, string]>([
    ['the stop', [97, 98, 96, 97], 'stop_loss'],
    ['the target', [104, 105, 103, 104], 'take_profit'],
    ['the liquidation', [70, 75, 60, 72], 'liquidation'],
  ])('an exit at an open beyond %s is stamped with that open', (_, candle, reason) => {
    const leveraged = { leverage: rate('20'), stop: { by: 'fixed', distance: rate('0.01') } } as const;
    const debug = holding('long', reason === 'liquidation' ? { risk: leveraged } : {});
    const openAt = debug.now;
    const closed = play(debug, candle).find((entry) => entry.kind === 'position_closed');
    expect(closed).toMatchObject({ at: openAt + 60_000, body: { reason, exitAt: openAt } });
  });

  test('one side of the touch: spread and slippage are paid beyond a trigger, to the tick', () => {
    const costs = { spread: rate('0.001'), slippage: rate('0.001'), takerRate: rate('0.0005') };
    const debug = holding('long', { costs });
    expect(debug.entries().find((entry) => entry.kind === 'order_filled')?.body).toMatchObject({
      price: money('100.2'),
      fee: money('0.501'),
    });
    expect(closing(play(debug, [100, 100, 99, 99]))).toBe(
      'position_closed long 10 100.2 -> 98.8 pnl -14.995 stop_loss',
    );
  });
});

describe('the maximum loss', () => {
  test('is a trigger of its own where there is no stop', () => {
    const debug = holding('long', { risk: { stop: { by: 'none' }, loss: { by: 'amount', amount: money('30') } } });
    expect(debug.state().runs[0]?.position).toMatchObject({ protection: 'working', stopPrice: undefined });
    expect(closing(play(debug, [100, 100, 96.9, 97.5]))).toBe('position_closed long 10 100 -> 97 pnl -30 max_loss');
  });

  test('counts fees: the close never costs more than was allowed', () => {
    const costs = { takerRate: rate('0.0005') };
    const debug = holding('long', { costs, risk: { loss: { by: 'amount', amount: money('5') } } });
    const closed = debug.hitMaxLoss().entries.find((entry) => entry.kind === 'position_closed');
    expect(closed?.body.reason).toBe('max_loss');
    expect(closed?.body.pnl).toBeGreaterThanOrEqual(money('-5'));
    expect(closed?.body.pnl).toBeLessThan(money('-3'));
  });

  test('counts funding: what it eats closes at the next price', () => {
    const debug = holding('long', { risk: { loss: { by: 'amount', amount: money('9') }, stop: { by: 'none' } } });
    expect(story(debug.funding('0.0095').entries)).toContain('close_asked max_loss');
    expect(closing(debug.price(100).entries)).toBe('position_closed long 10 100 -> 100 pnl -9.5 max_loss');
  });
});

test('the maximum loss has a stop as soon as the position is large enough to lose so much', () => {
  const scene = engineScene({ stepMs: 100 });
  const none = { by: 'none' } as const;
  const loss = { by: 'amount', amount: money('50') } as const;
  const hand = scene.start({ risk: { leverage: rate('1'), stop: none, target: none, loss } });
  hand.quote({ bid: 99.9, ask: 100 });
  const size = { by: 'qty', qty: qty('10') } as const;
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, size, limit: price('100') });
  hand.quote({ bid: 99.9, ask: 100, askQty: 0.2 });
  // 0.2 at 100 cannot lose 50.
  expect(scene.run(1)).toMatchObject({ position: { qty: qty('0.2') }, orders: [{ role: 'entry' }] });
  hand.quote({ bid: 99.8, ask: 99.9 });
  expect(scene.run(1)).toMatchObject({
    position: { qty: qty('10'), protection: 'working' },
    orders: [{ role: 'stop', qty: qty('10'), trigger: price('95'), reason: 'max_loss' }],
  });
});

describe('a maximum loss below what entering and leaving costs', () => {
  /** A flat run at a price, whose next entry has this maximum loss. */
  function facing(amount: Money, on: string, costs: Partial<Costs>): Debug {
    const risk = { loss: { by: 'amount', amount }, stop: { by: 'none' }, target: { by: 'none' } } as const;
    const debug = createDebug({ risk, costs });
    steady(debug, on);
    return debug;
  }
  const steady = (debug: Debug, on: string): readonly AnyEntry[] =>
    (on === 'quotes' ? debug.quote({ bid: 99.9, ask: 100.1 }) : debug.price(100)).entries;

  test.each([
    ['long', 'candles'],
    ['long', 'quotes'],
    ['short', 'candles'],
    ['short', 'quotes'],
  ] as const)('is denied and says the least; with that, a price that stands closes nothing (%s, %s)', (side, on) => {
    const bps = (most: number) => fc.integer({ min: 0, max: most }).map((n) => ratio(BigInt(n), 10_000n, 'down'));
    const models = fc.record({ takerRate: bps(10), slippage: bps(10), spread: bps(20) });
    fc.assert(
      fc.property(models, (costs) => {
        const poor = facing(money('0.5'), on, costs);
        poor[side]();
        const denied = steady(poor, on).find((entry) => entry.kind === 'order_denied');
        expect(denied?.body.code).toBe('MAX_LOSS_BELOW_COSTS');
        const least = money(/^at least ([\d.]+) USDT/.exec(denied?.body.expected ?? '')?.[1] ?? '');
        const enough = facing(least, on, costs);
        enough[side]();
        for (let i = 0; i < 3; i++) steady(enough, on);
        expect(enough.state().runs[0]?.position?.lossMax).toBe(least);
        const short = facing((least - 1n) as Money, on, costs);
        short[side]();
        expect(plot(steady(short, on))).toContain('order_denied MAX_LOSS_BELOW_COSTS');
      }),
      { numRuns: 40 },
    );
  });
});

describe('the maximum loss follows funding', () => {
  const risk = { loss: { by: 'amount', amount: money('20') }, stop: { by: 'none' }, target: { by: 'none' } } as const;
  const triggers = (debug: Debug): (string | undefined)[] =>
    (debug.state().runs[0]?.orders ?? []).map(({ trigger }) => trigger && text(trigger));

  test('what was paid brings the trigger nearer, what was received lets it back', () => {
    const debug = holding('long', { risk });
    expect(triggers(debug)).toEqual(['98']);
    debug.funding('0.004');
    expect(triggers(debug)).toEqual(['98.4']);
    debug.funding('-0.009');
    expect(triggers(debug)).toEqual(['97.5']);
    expect(closing(play(debug, [100, 100, 97.5, 98]))).toBe('position_closed long 10 100 -> 97.5 pnl -20 max_loss');
  });

  test('never beyond the stop loss, which rests again where it is the nearer one', () => {
    const stop = { by: 'fixed', distance: rate('0.018') } as const;
    const debug = holding('short', { risk: { ...risk, stop } });
    expect(triggers(debug)).toEqual(['101.8']);
    debug.funding('-0.01');
    expect(triggers(debug)).toEqual(['101']);
    debug.funding('0.03');
    expect(triggers(debug)).toEqual(['101.8']);
    expect(debug.state().runs[0]?.orders[0]?.reason).toBe('stop_loss');
  });

  test.each([
    ['long', 'candles'],
    ['long', 'quotes'],
    ['short', 'candles'],
    ['short', 'quotes'],
  ] as const)(
    'whatever was paid and received, no more is lost than allowed, and a tick less at most (%s, %s)',
    (side, on) => {
      const settlements = fc.array(fc.integer({ min: -25, max: 25 }), { minLength: 1, maxLength: 6 });
      fc.assert(
        fc.property(settlements, (bps) => {
          const debug = createDebug({ risk, costs: { takerRate: rate('0.0005') } });
          if (on === 'quotes') debug.quote({ bid: 100, ask: 100 });
          debug.price(100);
          debug[side]();
          debug.price(100);
          for (const each of bps) {
            debug.funding(`${each / 10_000}`);
            debug.price(100);
          }
          const closed = debug.hitMaxLoss().entries.find((entry) => entry.kind === 'position_closed');
          expect(closed?.body.reason).toBe('max_loss');
          // 10 of it, and a tick of 0.1; the fee is rounded up at the eighth digit.
          expect(toNumber(closed?.body.pnl ?? 0n)).toBeGreaterThanOrEqual(-20.00000001);
          expect(toNumber(closed?.body.pnl ?? 0n)).toBeLessThan(-19);
        }),
        { numRuns: 40 },
      );
    },
  );
});

describe('liquidation', () => {
  const leveraged = {
    leverage: rate('20'),
    stop: { by: 'fixed', distance: rate('0.2') },
    target: { by: 'none' },
  } as const;

  test('acts before a stop that lies farther away: the isolated margin is lost, no more', () => {
    const debug = holding('long', { risk: leveraged });
    // Margin 50 on 1,000: bankrupt at 95, liquidated where the maintenance margin of 0.4 % begins.
    expect(plot(play(debug, [100, 100, 94, 94.5]))).toEqual([
      'liquidated at 95.381526104417670683 mark 94 loss 50',
      'order_filled 0 10 @ 95 L',
      'position_closed long 10 100 -> 95 pnl -50 liquidation',
    ]);
    expect(text(debug.state().accounts[0]?.balance ?? 0n)).toBe('9950');
    expect(debug.state().runs[0]?.orders).toEqual([]);
  });

  test('does not act where the stop is nearer', () => {
    const debug = holding('short', { risk: { ...leveraged, stop: { by: 'fixed', distance: rate('0.03') } } });
    expect(closing(play(debug, [100, 110, 100, 105]))).toBe('position_closed short 10 100 -> 103 pnl -30 stop_loss');
  });

  test('comes before a stop where a candle opens beyond both: a gap takes no more than the margin', () => {
    const stop = { by: 'fixed', distance: rate('0.03') } as const;
    const debug = holding('long', { risk: { ...leveraged, stop } });
    expect(closing(play(debug, [70, 75, 60, 72]))).toBe('position_closed long 10 100 -> 95 pnl -50 liquidation');
    // Between the two, the stop is what the price came to first.
    const other = holding('long', { risk: { ...leveraged, stop } });
    expect(closing(play(other, [96, 96, 60, 72]))).toBe('position_closed long 10 100 -> 96 pnl -40 stop_loss');
  });

  test('comes before a close that waited for such an open', () => {
    const debug = holding('short', { risk: leveraged });
    debug.close();
    expect(plot(debug.price(130).entries)).toEqual([
      'liquidated at 104.581673306772908366 mark 130 loss 50',
      'order_filled 0 10 @ 105 L',
      'position_closed short 10 100 -> 105 pnl -50 liquidation',
    ]);
    expect(debug.state().runs[0]?.orders).toEqual([]);
  });

  test('a short, too; and nothing happens just before', () => {
    const debug = holding('short', { risk: leveraged });
    expect(play(debug, [100, 104.5, 100, 104])).toEqual([]);
    expect(closing(play(debug, [104, 104.7, 104, 104.5]))).toBe(
      'position_closed short 10 100 -> 105 pnl -50 liquidation',
    );
  });

  test('follows the mark, not the last price, where one is known', () => {
    const debug = holding('long', { risk: leveraged, stepMs: 1_000 });
    debug.quote({ bid: 100, ask: 100 });
    debug.mark(96);
    expect(plot(debug.quote({ bid: 95, ask: 95 }).entries)).toEqual([]);
    expect(plot(debug.mark(95.3).entries)[0]).toBe('liquidated at 95.381526104417670683 mark 95.3 loss 50');
  });

  test.each([
    ['long', { bid: 80, ask: 81 }, 'liquidated at 95.381526104417670683 mark 80 loss 50'],
    ['short', { bid: 119, ask: 120 }, 'liquidated at 104.581673306772908366 mark 120 loss 50'],
  ] as const)(
    'takes a %s whose exit meets a touch beyond its margin while the mark stands still',
    (side, gap, told) => {
      const stop = { by: 'fixed', distance: rate('0.03') } as const;
      const held = (options: DebugOptions['risk']) => {
        const debug = holding(side, { stepMs: 1_000, risk: { ...leveraged, ...options } });
        debug.mark(100);
        return debug;
      };
      expect(plot(held({ stop }).quote(gap).entries)[0]).toBe(told);
      const closed = held({});
      closed.close();
      expect(plot(closed.quote(gap).entries)[0]).toBe(told);
      // A stop that lies beyond the gap is not set off, and the mark alone liquidates.
      expect(plot(held({ stop: { by: 'fixed', distance: rate('0.3') } }).quote(gap).entries)).toEqual([]);
    },
  );

  test.each([
    ['long', 'a gap of a candle'],
    ['long', 'the mark'],
    ['short', 'a gap of a candle'],
    ['short', 'the mark'],
  ] as const)('takes the margin, and nothing beside the fee of the entry, whatever the tick (%s, %s)', (side, by) => {
    const scenes = fc.record({
      entry: fc.integer({ min: 180, max: 400 }),
      leverage: fc.integer({ min: 3, max: 20 }),
      fraction: fc.integer({ min: 1, max: 40 }),
    });
    fc.assert(
      fc.property(scenes, ({ entry, leverage, fraction }) => {
        const debug = createDebug({
          instrument: { tick: price('0.5') },
          costs: { takerRate: rate('0.0005') },
          risk: {
            ...leveraged,
            stop: { by: 'none' },
            leverage: rate(`${leverage}`),
            sizing: { by: 'fraction', fraction: rate(`${fraction / 10}`) },
          },
        });
        if (by === 'the mark') debug.quote({ bid: entry / 2, ask: entry / 2 });
        debug.price(entry / 2);
        debug[side]();
        debug.price(entry / 2);
        const { cost = 0n, fees = 0n } = debug.state().runs[0]?.position ?? {};
        const far = side === 'long' ? 1 : 1_000;
        const { entries } = by === 'the mark' ? debug.mark(far) : debug.price(far);
        const closed = entries.find((entry) => entry.kind === 'position_closed');
        const lost = -(closed?.body.pnl ?? 0n) - fees;
        expect(lost * BigInt(leverage)).toBeLessThanOrEqual(cost);
        expect((lost + money('0.00000001')) * BigInt(leverage)).toBeGreaterThan(cost);
      }),
      { numRuns: 40 },
    );
  });

  // (cost - margin - cum) / (qty x (1 - MMR)), tier and cum of the notional at that price.
  test.each([
    ['0.01', 10_000, 0.004, 0],
    ['0.2', 200_000, 0.005, 50],
    ['1', 1_000_000, 0.01, 2_550],
    ['5', 5_000_000, 0.01, 2_550],
  ])(
    '%s of a million at 10x is in a tier of its own: larger positions are taken earlier',
    (fraction, cost, mmr, cum) => {
      const debug = holding('long', {
        balance: money('1000000'),
        risk: { ...leveraged, leverage: rate('10'), sizing: { by: 'fraction', fraction: rate(fraction) } },
      });
      const entry = play(debug, [100, 100, 89, 90]).find(({ kind }) => kind === 'liquidated');
      const at = entry?.kind === 'liquidated' ? toNumber(entry.body.liquidation) : Number.NaN;
      expect(at).toBeCloseTo((cost * 0.9 - cum) / ((cost / 100) * (1 - mmr)), 9);
    },
  );
});
