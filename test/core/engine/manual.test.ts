import { describe, expect, test } from 'vitest';
import { type Money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import { STRATEGIES } from '../../../src/core/strategy/registry.ts';
import { expectRefolds } from '../../support/engine-refold.ts';
import { BTC, ETH, engineScene, PLAIN, type Scene, type SceneOptions } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const flat = (at: number) => ({ open: at, high: at, low: at, close: at });
const leases = (scene: Scene): Record<string, number> => scene.account.leases;

/** Run 1 is the human's. */
function manual(options: SceneOptions = {}) {
  const scene = engineScene(options);
  const hand = scene.start({ strategy: 'manual' });
  hand.candle(flat(100));
  const long = () => {
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle(flat(100));
  };
  return { scene, hand, long };
}

describe('the manual run', () => {
  test('is no strategy that anybody lists, and has no opinion', () => {
    expect(STRATEGIES.map(({ name }) => name)).not.toContain('manual');
    const { scene, hand } = manual();
    for (const at of [100, 110, 90, 120]) hand.candle(flat(at));
    expect(scene.run(1)).toMatchObject({ state: 'RUNNING', warmedUp: true, position: undefined });
    expect(scene.entries.filter(({ kind }) => kind.startsWith('signal_'))).toEqual([]);
  });

  test('holds the symbol only while it has something', () => {
    const { scene, hand, long } = manual();
    expect(leases(scene)).toEqual({});
    long();
    expect(leases(scene)).toEqual({ [BTC]: 1 });
    scene.command({ name: 'close_position', run: 1 });
    hand.candle(flat(100));
    expect(leases(scene)).toEqual({});
    expectRefolds(scene);
  });

  test('gives the symbol back when its limit order is taken back, or its entry is denied', () => {
    const { scene, hand } = manual();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, limit: price('90') });
    hand.candle(flat(100));
    expect(leases(scene)).toEqual({ [BTC]: 1 });
    scene.command({ name: 'cancel_order', run: 1, order: 1 });
    expect(leases(scene)).toEqual({});
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, size: { by: 'qty', qty: qty('9999') } });
    hand.candle(flat(100));
    expect(leases(scene)).toEqual({});
  });

  test('is refused on a symbol that a strategy holds, and a strategy on one that it holds', () => {
    const { scene, hand, long } = manual();
    scene.start();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    const fix = 'stop that run, or use another paper account';
    expect(scene.refused).toMatchObject({ code: 'SYMBOL_LEASED', found: 'run 2 holds it', fix });
    scene.command({ name: 'stop_run', run: 2, position: 'keep' });
    hand.candle(flat(100));
    long();
    scene.start();
    expect(scene.refused).toMatchObject({ code: 'SYMBOL_LEASED', fix: expect.stringContaining('manual run') });
  });

  test('is one a symbol, and is not stopped', () => {
    const { scene } = manual();
    scene.start({ strategy: 'manual' });
    expect(scene.refused).toMatchObject({ code: 'RUN_EXISTS', fix: 'use run 1' });
    scene.start({ strategy: 'manual', symbol: ETH });
    expect(scene.refused).toBeUndefined();
    scene.command({ name: 'stop_run', run: 1, position: 'flatten' });
    expect(scene.refused?.code).toBe('RUN_MANUAL');
  });
});

describe('a strategy that keeps a position', () => {
  test('stands in the way of a new start until it is flat', () => {
    const scene = engineScene();
    const hand = scene.start();
    hand.candle(flat(100));
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle(flat(100));
    scene.command({ name: 'stop_run', run: 1, position: 'keep' });
    scene.start();
    expect(scene.refused?.code).toBe('POSITION_OPEN');
  });
});

describe('hand over', () => {
  /** Run 1 by hand, run 2 a strategy that is long 10 at 100, with fees of 5 bps. */
  function both() {
    const scene = engineScene({ costs: { takerRate: rate('0.0005') } });
    const hand = scene.start({ strategy: 'manual' });
    scene.start();
    hand.candle(flat(100));
    scene.command({ name: 'enter', run: 2, sign: 1, noStop: false });
    hand.candle({ open: 100, high: 101.5, low: 99.5, close: 100 });
    const hands = (run: number, to: number) => scene.command({ name: 'hand_over', run, to });
    return { scene, hand, hands };
  }
  const sums = (scene: Scene, run: number) => {
    const { gross, fees, funding, trades } = scene.run(run);
    return { gross, fees, funding, trades };
  };

  test('moves position, protection and lease, and the new run goes on with it', () => {
    const { scene, hand, hands } = both();
    hands(2, 1);
    expect(scene.run(2)).toMatchObject({ position: undefined, orders: [], state: 'RUNNING' });
    expect(scene.run(1)).toMatchObject({
      position: { qty: qty('10'), stopPrice: price('99'), protection: 'working' },
      orders: [
        { order: 1, role: 'stop', status: 'working' },
        { order: 2, role: 'target', status: 'working' },
      ],
      ordersMade: 2,
    });
    expect(leases(scene)).toEqual({ [BTC]: 1 });
    expect(plot(scene.since(() => hand.candle(flat(98))))).toEqual([
      'stop_triggered 1 @ 99 seen 98',
      'order_filled 1 10 @ 98 T0 fee 0.49',
      'position_closed long 10 100 -> 98 pnl -20.99 stop_loss',
      `lease_released ${BTC}`,
    ]);
    expectRefolds(scene);
  });

  test('leaves the sums of each run those of its trades, and the account to the last digit', () => {
    const { scene, hand, hands } = both();
    hand.funding(rate('0.0001'));
    hands(2, 1);
    hand.candle(flat(98));
    expect(sums(scene, 2)).toEqual({ gross: 0n, fees: 0n, funding: 0n, trades: 0 });
    const { gross, fees, funding } = scene.run(1);
    const closed = scene.entries.find((entry) => entry.kind === 'position_closed');
    expect(closed?.body).toMatchObject({ fees, funding, gross, mfe: 15 });
    expect(scene.account.balance).toBe((scene.account.startBalance + gross - fees + funding) as Money);
  });

  test('and back: the strategy closes what it entered', () => {
    const { scene, hand, hands } = both();
    hands(2, 1);
    hands(1, 2);
    expect(leases(scene)).toEqual({ [BTC]: 2 });
    scene.command({ name: 'close_position', run: 2 });
    hand.candle(flat(101));
    expect(scene.run(2)).toMatchObject({ position: undefined, orders: [], trades: 1 });
    expectRefolds(scene);
  });

  test('leaves a strategy that gave its position away out of the market until the symbol is free', () => {
    const { scene, hand, hands } = both();
    hands(2, 1);
    scene.command({ name: 'enter', run: 2, sign: 1, noStop: false });
    expect(story(scene.since(() => hand.candle(flat(100))))).toEqual(['order_denied SYMBOL_LEASED']);
    scene.command({ name: 'close_position', run: 1 });
    hand.candle(flat(100));
    scene.command({ name: 'enter', run: 2, sign: 1, noStop: false });
    hand.candle(flat(100));
    expect(leases(scene)).toEqual({ [BTC]: 2 });
    expect(scene.run(2).position).toBeDefined();
  });

  test('makes an observing run that adopts a position RUNNING, and keeps the leverage it was opened with', () => {
    const { scene, hand, long } = manual();
    const risk = { ...PLAIN, leverage: rate('7') };
    scene.start({ observe: true, risk });
    long();
    scene.command({ name: 'hand_over', run: 1, to: 2 });
    expect(scene.run(2)).toMatchObject({ state: 'RUNNING', position: { leverage: rate('2') } });
    hand.candle(flat(100));
    expectRefolds(scene);
  });

  test('takes what was held along: a settlement that is told late is paid once, with the position', () => {
    const { scene, hand, hands } = both();
    const settledAt = hand.now - 1;
    scene.command({ name: 'close_position', run: 2, qty: qty('5') });
    hand.candle(flat(100));
    hands(2, 1);
    const input = { kind: 'funding' as const, symbol: BTC, at: hand.now, rate: rate('0.001'), settledAt };
    expect(scene.since(() => scene.engine.input(input))).toMatchObject([
      { run: 1, kind: 'funding_paid', body: { held: { side: 'long', qty: qty('10') } } },
    ]);
    expectRefolds(scene);
  });

  test('takes what a strategy kept when it was stopped', () => {
    const { scene, hands } = both();
    scene.command({ name: 'stop_run', run: 2, position: 'keep' });
    hands(2, 1);
    expect(scene.run(1)).toMatchObject({ position: { protection: 'working' } });
    expect(leases(scene)).toEqual({ [BTC]: 1 });
    expectRefolds(scene);
  });

  test.each([
    ['to itself', 2, 2, 'RUN_UNKNOWN'],
    ['of nothing', 1, 2, 'NO_POSITION'],
    ['to another symbol', 2, 3, 'RUN_OTHER'],
    ['to a run that is off', 2, 4, 'RUN_OFF'],
  ])('%s is refused', (_name, run, to, code) => {
    const { scene, hands } = both();
    scene.start({ symbol: ETH });
    scene.start({ observe: true });
    scene.command({ name: 'stop_run', run: 4, position: 'keep' });
    hands(run, to);
    expect(scene.refused?.code).toBe(code);
  });

  test('while an order is on its way is refused: nobody knows yet where it will land', () => {
    const scene = engineScene({ costs: { latencyMs: 150 }, stepMs: 60_000 });
    const hand = scene.start({ strategy: 'manual' });
    scene.start();
    hand.candle(flat(100));
    scene.command({ name: 'enter', run: 2, sign: 1, noStop: false });
    hand.candle(flat(100));
    scene.command({ name: 'move_stop', run: 2, stopPrice: price('98') });
    scene.command({ name: 'hand_over', run: 2, to: 1 });
    expect(scene.refused?.code).toBe('ORDER_IN_FLIGHT');
    hand.pass(1_000);
    scene.command({ name: 'hand_over', run: 2, to: 1 });
    expect(scene.refused).toBeUndefined();
  });
});

describe('observe', () => {
  test('switches there and back; the signal keeps its start, the symbol is free in between', () => {
    const scene = engineScene();
    const hand = scene.start();
    hand.candle(flat(100));
    const { startedAt } = scene.run(1).signal;
    scene.command({ name: 'observe_run', run: 1, observe: true });
    expect(scene.run(1).state).toBe('OBSERVING');
    expect(leases(scene)).toEqual({});
    hand.candle(flat(100));
    scene.command({ name: 'observe_run', run: 1, observe: false });
    expect(scene.run(1)).toMatchObject({ state: 'RUNNING', signal: { startedAt } });
    expect(leases(scene)).toEqual({ [BTC]: 1 });
    expectRefolds(scene);
  });

  test.each([
    ['with a position', 'POSITION_OPEN', true, (scene: Scene) => scene.run(1).position !== undefined],
    ['what it does already', 'ALREADY_SO', false, () => true],
  ])('%s is refused', (_name, code, observe, holds) => {
    const scene = engineScene();
    const hand = scene.start();
    hand.candle(flat(100));
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle(flat(100));
    expect(holds(scene)).toBe(true);
    scene.command({ name: 'observe_run', run: 1, observe });
    expect(scene.refused?.code).toBe(code);
  });

  test('back to RUNNING needs the symbol', () => {
    const scene = engineScene();
    scene.start({ observe: true });
    scene.start();
    scene.command({ name: 'observe_run', run: 1, observe: false });
    expect(scene.refused?.code).toBe('SYMBOL_LEASED');
  });
});
