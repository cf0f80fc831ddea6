import { describe, expect, test } from 'vitest';
import { money, type Price, price, rate, text } from '../../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { RiskSettings } from '../../../src/core/domain/settings.ts';
import { expectRefolds } from '../../support/engine-refold.ts';
import { engineScene, type RunGiven, type Scene, type SceneOptions } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const flat = (at: number) => ({ open: at, high: at, low: at, close: at });

/** Long 10 at 100: stop 99, target 102. */
function holding(given: RunGiven = {}, options: SceneOptions = {}, noStop = false) {
  const scene = engineScene(options);
  const hand = scene.start(given);
  hand.candle(flat(100));
  scene.command({ name: 'enter', run: 1, sign: 1, noStop });
  hand.candle(flat(100));
  return { scene, hand };
}

const stopTo = (scene: Scene, at: string) => scene.command({ name: 'move_stop', run: 1, stopPrice: price(at) });
const targetTo = (scene: Scene, at: string) => scene.command({ name: 'move_target', run: 1, targetPrice: price(at) });
const triggers = (scene: Scene) => scene.run(1).orders.map(({ role, trigger }) => `${role} ${text(trigger as Price)}`);
const replacing = (entries: readonly AnyEntry[]) => story(entries).filter((line) => !line.startsWith('order_canceled'));

describe('a stop that is moved', () => {
  test('rests before the old one goes, and the new one is what stops the position', () => {
    const { scene, hand } = holding();
    expect(story(stopTo(scene, '97'))).toEqual([
      'order_intended 4 stop sell 10 @ 97 stop_loss',
      'stop_placed 4 @ 97',
      'stop_replaced {"order":4,"trigger":"97","was":"99"}',
      'order_canceling 2 replaced',
      'order_canceled 2 asked',
    ]);
    expect(triggers(scene)).toEqual(['target 102', 'stop 97']);
    expect(scene.run(1).position).toMatchObject({ stopPrice: price('97'), protection: 'working' });
    expect(plot(scene.since(() => hand.candle({ open: 100, high: 100, low: 98, close: 98.5 })))).toEqual([]);
    expect(plot(scene.since(() => hand.candle({ open: 98, high: 98, low: 96, close: 96.5 }))).at(-1)).toBe(
      'position_closed long 10 100 -> 97 pnl -30 stop_loss',
    );
    expect(scene.run(1).orders).toEqual([]);
    expectRefolds(scene);
  });

  test('protects at every instant of a slow venue, also when both are reached at once', () => {
    const { scene, hand } = holding({}, { costs: { latencyMs: 150 }, stepMs: 60_000 });
    hand.pass(1_000);
    stopTo(scene, '98.5');
    expect(scene.run(1).position?.protection).toBe('working');
    hand.pass(200);
    expect(scene.run(1).orders.filter(({ role }) => role === 'stop')).toMatchObject([
      { order: 2, status: 'canceling' },
      { order: 4, status: 'working' },
    ]);
    const { entries } = scene;
    hand.candle({ open: 100, high: 100, low: 98, close: 98 });
    expect(entries.filter(({ kind }) => kind === 'position_closed')).toHaveLength(1);
    expect(entries.some(({ kind }) => kind === 'stop_lost')).toBe(false);
    expect(scene.run(1).orders).toEqual([]);
    expectRefolds(scene);
  });

  test('twice before the venue answers ends with the last one alone', () => {
    const { scene, hand } = holding({}, { costs: { latencyMs: 150 }, stepMs: 60_000 });
    hand.pass(1_000);
    stopTo(scene, '98.5');
    stopTo(scene, '98.8');
    hand.pass(1_000);
    expect(triggers(scene)).toEqual(['target 102', 'stop 98.8']);
    expect(scene.run(1).position).toMatchObject({ stopPrice: price('98.8'), protection: 'working' });
  });

  test('gives a position that had none its first one', () => {
    const { scene } = holding({}, {}, true);
    expect(scene.run(1).position).toMatchObject({ protection: 'waived', stopPrice: undefined });
    stopTo(scene, '98');
    expect(scene.run(1).position).toMatchObject({ protection: 'working', stopPrice: price('98') });
    expectRefolds(scene);
  });

  test.each([
    ['at the bid', '100', 'STOP_WRONG_SIDE'],
    ['above the bid', '101', 'STOP_WRONG_SIDE'],
    ['off the tick', '98.123456789', 'PRICE_OFF_TICK'],
    ['at zero', '0', 'PRICE_OFF_TICK'],
    ['where it is', '99', 'ALREADY_SO'],
    ['beyond liquidation', '50', 'LIQUIDATION_BEFORE_STOP'],
  ])('%s is refused and nothing moves', (_name, at, code) => {
    const { scene } = holding();
    expect(story(stopTo(scene, at))).toEqual([`command_refused ${code}`]);
    expect(triggers(scene)).toEqual(['stop 99', 'target 102']);
  });

  test('away beyond the limit of risk is refused, nearer never is', () => {
    const { scene } = holding({ risk: { limits: { riskMax: rate('0.003') } } });
    stopTo(scene, '96');
    expect(scene.refused?.code).toBe('RISK_ABOVE_CEILING');
    stopTo(scene, '97.5');
    expect(scene.refused).toBeUndefined();
  });

  test('beyond the maximum loss is refused: that would act first', () => {
    const { scene } = holding({ risk: { loss: { by: 'amount', amount: money('20') } } });
    stopTo(scene, '97.5');
    expect(scene.refused).toMatchObject({ code: 'MAX_LOSS_NEARER', expected: 'nearer than the maximum loss at 98' });
  });

  test('of a flat run is refused', () => {
    const scene = engineScene();
    scene.start().candle(flat(100));
    stopTo(scene, '90');
    expect(scene.refused?.code).toBe('NO_POSITION');
  });

  test('of a short lies above the ask', () => {
    const scene = engineScene();
    const hand = scene.start();
    hand.candle(flat(100));
    scene.command({ name: 'enter', run: 1, sign: -1, noStop: false });
    hand.candle(flat(100));
    stopTo(scene, '99');
    expect(scene.refused?.code).toBe('STOP_WRONG_SIDE');
    stopTo(scene, '103');
    expect(triggers(scene)).toEqual(['target 98', 'stop 103']);
  });
});

describe('a target', () => {
  test('moves the same way', () => {
    const { scene, hand } = holding();
    expect(replacing(targetTo(scene, '105'))).toContain(
      'stop_replaced {"order":4,"trigger":"105","was":"102","role":"target"}',
    );
    expect(triggers(scene)).toEqual(['stop 99', 'target 105']);
    expect(plot(scene.since(() => hand.candle({ open: 100, high: 106, low: 100, close: 105 }))).at(-1)).toBe(
      'position_closed long 10 100 -> 105 pnl 50 take_profit',
    );
    expectRefolds(scene);
  });

  test('is taken away, and set again', () => {
    const { scene } = holding();
    scene.command({ name: 'cancel_order', run: 1, order: 3 });
    expect(scene.run(1).position?.targetPrice).toBeUndefined();
    targetTo(scene, '103');
    expect(scene.run(1).position?.targetPrice).toBe(price('103'));
    targetTo(scene, '99');
    expect(scene.refused?.code).toBe('TARGET_WRONG_SIDE');
    expectRefolds(scene);
  });
});

describe('cancel', () => {
  test('the stop of an open position is refused with what to do, and an unknown order with what there is', () => {
    const { scene } = holding();
    scene.command({ name: 'cancel_order', run: 1, order: 2 });
    expect(scene.refused).toMatchObject({ code: 'ORDER_PROTECTS', fix: expect.stringContaining('move_stop') });
    scene.command({ name: 'cancel_order', run: 1, order: 9 });
    expect(scene.refused).toMatchObject({ code: 'ORDER_UNKNOWN', expected: 'a live order of run 1 (2, 3)' });
  });
});

describe('settings that apply now', () => {
  const change = (scene: Scene, risk: Partial<RiskSettings>, now = true) =>
    scene.command({ name: 'change_settings', run: 1, riskSettings: { ...scene.run(1).risk, ...risk }, now });

  test('move stop and target by the same rules, from the entry', () => {
    const { scene, hand } = holding();
    hand.candle(flat(101));
    change(scene, { stop: { by: 'fixed', distance: rate('0.03') }, target: { by: 'fixed', distance: rate('0.05') } });
    expect(triggers(scene).sort()).toEqual(['stop 97', 'target 105']);
    expectRefolds(scene);
  });

  test('put the maximum loss in the place of a stop that lies farther away', () => {
    const { scene, hand } = holding();
    change(scene, {
      stop: { by: 'fixed', distance: rate('0.04') },
      loss: { by: 'amount', amount: money('30') },
    });
    expect(triggers(scene).sort()).toEqual(['stop 97', 'target 102']);
    expect(scene.run(1).position).toMatchObject({ stopPrice: price('96'), lossMax: money('30') });
    expect(plot(scene.since(() => hand.candle({ open: 100, high: 100, low: 96.5, close: 97 }))).at(-1)).toMatch(
      /max_loss$/,
    );
    expectRefolds(scene);
  });

  test('that would stop the position at once are refused whole', () => {
    const { scene, hand } = holding({ risk: { stop: { by: 'fixed', distance: rate('0.05') } } });
    hand.candle(flat(97));
    change(scene, { stop: { by: 'fixed', distance: rate('0.01') } });
    expect(scene.refused?.code).toBe('STOP_WRONG_SIDE');
    expect(scene.run(1).risk.stop).toMatchObject({ distance: rate('0.05') });
  });

  test('take no stop away', () => {
    const { scene } = holding();
    change(scene, { stop: { by: 'none' }, target: { by: 'none' } });
    expect(triggers(scene)).toEqual(['stop 99', 'target 102']);
  });

  test('give a strategy its own distance within the new bounds', () => {
    const { scene } = holding();
    const wide = {
      by: 'strategy',
      distance: rate('0.01'),
      distanceMin: rate('0.02'),
      distanceMax: rate('0.05'),
    } as const;
    change(scene, { stop: wide });
    expect(triggers(scene)).toContain('stop 98');
    change(scene, { stop: { ...wide, distanceMin: rate('0.004'), distanceMax: rate('0.05') } });
    expect(triggers(scene)).toContain('stop 98');
  });
});

test('leverage is of the next entry: an open position keeps its margin and its liquidation price', () => {
  const { scene, hand } = holding({ risk: { stop: { by: 'none' }, target: { by: 'none' } } });
  const { risk } = scene.run(1);
  scene.command({ name: 'change_settings', run: 1, riskSettings: { ...risk, leverage: rate('20') } });
  expect(scene.run(1).position?.leverage).toBe(rate('2'));
  // At 20x a long of 100 is liquidated above 95; at 2x it is not.
  expect(plot(scene.since(() => hand.candle({ open: 100, high: 100, low: 90, close: 92 })))).toEqual([]);
  scene.command({ name: 'change_settings', run: 1, riskSettings: { ...risk, leverage: rate('3') } });
  expect(scene.run(1).position?.leverage).toBe(rate('2'));
  scene.command({ name: 'close_position', run: 1 });
  hand.candle(flat(92));
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: true });
  hand.candle(flat(92));
  expect(scene.run(1).position?.leverage).toBeUndefined();
  expectRefolds(scene);
});
