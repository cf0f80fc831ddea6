import { describe, expect, test } from 'vitest';
import { money, type Price, price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import type { Enter } from '../../../src/core/domain/command.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { DraftSize } from '../../../src/core/domain/frame.ts';
import { createEngine } from '../../../src/core/engine/engine.ts';
import { riskModels } from '../../../src/core/engine/exposure.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { expectRefolds, refold } from '../../support/engine-refold.ts';
import { BTC, engineScene, type RunGiven, type SceneOptions, START_AT } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const flat = (at: number) => ({ open: at, high: at, low: at, close: at });

function opened(options: SceneOptions = {}, given: RunGiven = {}) {
  const scene = engineScene(options);
  const hand = scene.start(given);
  const enter = (wishes: Partial<Enter> = {}) =>
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, ...wishes });
  return { scene, hand, enter };
}

describe('the size of one entry', () => {
  const sizes: readonly (readonly [string, DraftSize, string])[] = [
    ['by the settings: a tenth of the balance', { by: 'settings' }, '10'],
    ['by quantity', { by: 'qty', qty: qty('3.5') }, '3.5'],
    ['by notional, down to the step', { by: 'notional', notional: money('250.07') }, '2.5'],
    ['by a share of the balance', { by: 'fraction', fraction: rate('0.2') }, '20'],
    ['by risk: 0.5 % of equity to a stop 1 % away', { by: 'risk', risk: rate('0.005') }, '49.999'],
  ];
  test.each(sizes)('%s', (_name, size, expected) => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter({ size });
    hand.candle(flat(100));
    expect(text(scene.run(1).position?.qty ?? 0n)).toBe(expected);
    expectRefolds(scene);
  });

  test('by notional is denied rather than made smaller', () => {
    const { hand, enter, scene } = opened();
    hand.candle(flat(100));
    enter({ size: { by: 'notional', notional: money('30000') } });
    expect(story(scene.since(() => hand.candle(flat(100))))).toEqual(['order_denied MARGIN_INSUFFICIENT']);
  });
});

describe('an entry by hand', () => {
  test('brings its own stop, target and leverage; the run keeps its settings', () => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter({ stopPrice: price('97'), targetPrice: price('110'), leverage: rate('5') });
    hand.candle(flat(100));
    const run = scene.run(1);
    expect(run.position).toMatchObject({ stopPrice: price('97'), targetPrice: price('110'), leverage: rate('5') });
    expect(run.risk.leverage).toBe(rate('2'));
    expect(run.orders.map(({ trigger }) => text(trigger as Price))).toEqual(['97', '110']);
    expectRefolds(scene);
  });

  test('takes its wishes through a flip', () => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter();
    hand.candle(flat(100));
    enter({ sign: -1, size: { by: 'qty', qty: qty('2') }, stopPrice: price('104') });
    hand.candle(flat(100));
    expect(scene.run(1).position).toMatchObject({ sign: -1, qty: qty('2'), stopPrice: price('104') });
    expectRefolds(scene);
  });

  test('adds nothing to what is open: it is refused at once', () => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter();
    hand.candle(flat(100));
    enter({ size: { by: 'qty', qty: qty('1') } });
    expect(scene.refused).toMatchObject({ code: 'POSITION_OPEN', expected: 'a flat run', found: '10 open' });
    expect(story(scene.since(() => hand.candle(flat(100))))).toEqual([]);
  });

  test('the other way round closes nothing where it would be denied itself', () => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter();
    hand.candle(flat(100));
    enter({ sign: -1, stopPrice: price('96') });
    expect(scene.refused?.code).toBe('STOP_WRONG_SIDE');
    expect(story(scene.since(() => hand.candle(flat(100))))).toEqual([]);
    expect(scene.run(1).position).toMatchObject({ sign: 1, protection: 'working' });
  });

  test('the other way round waits for the next quote, however old the last one is', () => {
    const { scene, hand, enter } = opened({}, { risk: { limits: { quoteAgeMsMax: 1_500 } } });
    hand.candle(flat(100));
    enter();
    hand.candle(flat(100));
    hand.pass(2_500);
    enter({ sign: -1 });
    expect(scene.refused).toBeUndefined();
    hand.candle(flat(100));
    expect(scene.run(1).position).toMatchObject({ sign: -1 });
  });

  test('waits for its price over a restart', () => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter({ limit: price('99'), size: { by: 'qty', qty: qty('1') } });
    expect(refold(scene.entries).runs[0]?.pending).toMatchObject({ wishes: { limit: price('99') } });
  });

  test.each([
    ['on the wrong side', { stopPrice: price('101') }, 'order_denied STOP_WRONG_SIDE'],
    ['off the tick', { limit: price('99.123456789') }, 'order_denied PRICE_OFF_TICK'],
    ['post-only that would take', { limit: price('101'), postOnly: true }, 'order_denied POST_ONLY_CROSSES'],
    ['more leverage than there is', { leverage: rate('21') }, 'order_denied LEVERAGE_ABOVE_MAX'],
  ])('is denied: %s', (_name, wishes, expected) => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter(wishes);
    expect(story(scene.since(() => hand.candle(flat(100))))).toEqual([expected]);
    expect(scene.run(1).pending).toBeUndefined();
  });
});

describe('a limit entry on candles', () => {
  function resting(wishes: Partial<Enter> = {}) {
    const all = opened();
    all.hand.candle(flat(100));
    all.enter({ limit: price('98'), ...wishes });
    all.hand.candle(flat(100));
    return all;
  }

  test('rests, is not filled by a touch, and fills at its price once the market goes beyond', () => {
    const { scene, hand } = resting();
    expect(scene.run(1).orders).toMatchObject([{ role: 'entry', type: 'limit', tif: 'gtc', status: 'working' }]);
    expect(plot(scene.since(() => hand.candle({ open: 99, high: 99, low: 98, close: 99 })))).toEqual([]);
    expect(plot(scene.since(() => hand.candle({ open: 99, high: 99, low: 97.9, close: 98.5 })))).toEqual([
      'order_filled 1 10.204 @ 98 T0',
      'position_opened long 10.204 cost 999.992',
    ]);
    // Stop 1 % and target 2 % from the limit.
    expect(scene.run(1).orders.map(({ trigger }) => text(trigger as Price))).toEqual(['97.1', '100']);
    expectRefolds(scene);
  });

  test('binds margin while it rests, and a second entry is denied', () => {
    const { scene, hand, enter } = resting();
    enter();
    expect(story(scene.since(() => hand.candle(flat(100))))).toEqual(['order_denied POSITION_OPEN']);
  });

  test('above the market takes at once, and never pays beyond its price', () => {
    const { scene, hand, enter } = opened({ costs: { spread: rate('0.02'), slippage: rate('0.01') } });
    hand.candle(flat(100));
    enter({ limit: price('101'), size: { by: 'qty', qty: qty('1') }, stopPrice: price('90') });
    hand.candle(flat(100));
    expect(plot(scene.entries).slice(-2)[0]).toBe('order_filled 1 1 @ 101 T0');
  });

  test('is taken back by hand, by pause and by panic', () => {
    const byHand = resting();
    byHand.scene.command({ name: 'cancel_order', run: 1, order: 1 });
    expect(byHand.scene.run(1).orders).toEqual([]);
    const byPause = resting();
    byPause.scene.command({ name: 'pause_run', run: 1 });
    expect(byPause.scene.run(1).orders).toEqual([]);
    const { scene } = resting();
    expect(story(scene.command({ name: 'panic', account: 'paper' }))).toEqual([
      'halted panic',
      'order_canceling 1 panic',
      'order_canceled 1 asked',
    ]);
  });

  test('with an open position is refused', () => {
    const { scene, hand, enter } = opened();
    hand.candle(flat(100));
    enter();
    hand.candle(flat(100));
    enter({ limit: price('90') });
    expect(scene.refused?.code).toBe('POSITION_OPEN');
  });
});

test('on quotes a limit fills in parts, is protected from the first one, and its rest goes with the position', () => {
  const { scene, hand, enter } = opened({ stepMs: 1_000 });
  const quote = (bid: number, ask: number, askQty = Number.POSITIVE_INFINITY) => hand.quote({ bid, ask, askQty });
  quote(100, 100.1);
  enter({ limit: price('99'), size: { by: 'qty', qty: qty('5') }, stopPrice: price('97') });
  quote(100, 100.1);
  quote(98.8, 98.9, 2);
  expect(scene.run(1)).toMatchObject({ position: { qty: qty('2'), protection: 'working' } });
  expect(plot(scene.since(() => quote(96.5, 99.5)))).toEqual([
    'stop_triggered 2 @ 97 seen 96.5',
    'order_filled 2 2 @ 96.5 T1 left 3',
    'position_closed long 2 99 -> 96.5 pnl -5 stop_loss',
    'order_canceling 1 position_closed',
  ]);
  expect(scene.run(1).orders).toEqual([]);
  expectRefolds(scene);
});

describe('a limit that is asked back before the venue has it', () => {
  /** At 100 ms it is sent, at 200 ms asked back, at 250 ms at the venue. */
  function askedBack() {
    const { scene, hand, enter } = opened({ costs: { latencyMs: 150 }, stepMs: 100 });
    hand.quote({ bid: 100, ask: 100.1 });
    enter({ limit: price('99'), size: { by: 'qty', qty: qty('5') } });
    hand.quote({ bid: 100, ask: 100.1 });
    scene.command({ name: 'cancel_order', run: 1, order: 1 });
    expect(plot(scene.entries).at(-1)).toBe('order_canceling 1 asked');
    hand.pass(60);
    return { scene, hand };
  }

  test('goes in time, also where the engine was killed when it had come', () => {
    const { scene } = askedBack();
    expect(scene.entries.at(-1)?.kind).toBe('order_accepted');
    expect(scene.run(1).orders).toMatchObject([{ status: 'canceling' }]);
    const entries: AnyEntry[] = [];
    const engine = createEngine(
      {
        append: (entry) => entries.push(entry as AnyEntry),
        venue(state) {
          const venue = new SimulatedVenue(state, riskModels);
          venue.restore();
          return venue;
        },
        definitionOf: () => undefined,
      },
      refold(scene.entries),
      () => 100,
    );
    engine.startEpoch('next');
    engine.input({
      kind: 'quote',
      symbol: BTC,
      at: START_AT + 400,
      bid: 100,
      ask: 100.1,
      bidQty: 9,
      askQty: 9,
      source: 'script',
    });
    expect(entries.map(({ kind, at }) => [kind, at - START_AT])).toEqual([
      ['epoch_started', 250],
      ['order_canceled', 350],
    ]);
  });

  test('takes of the quote that comes through it meanwhile, not of the one before', () => {
    const { scene, hand } = askedBack();
    hand.quote({ bid: 98.8, ask: 98.9, askQty: 2 });
    expect(scene.run(1)).toMatchObject({ position: { qty: qty('2') }, taken: [{ side: 'buy', isEarly: false }] });
    hand.pass(100);
    expect(scene.run(1).orders.map(({ role }) => role)).toEqual(['stop', 'target']);
    expectRefolds(scene);
  });
});

test('the stop at the venue follows the maximum loss through the fills of an entry and a partial close', () => {
  const { scene, hand, enter } = opened({ stepMs: 1_000 }, { risk: { loss: { by: 'amount', amount: money('6') } } });
  const quote = (bid: number, ask: number, askQty = Number.POSITIVE_INFINITY) => hand.quote({ bid, ask, askQty });
  const stops = () =>
    scene.run(1).orders.flatMap(({ role, trigger }) => (role === 'stop' ? [text(trigger ?? 0n)] : []));
  quote(100, 100.1);
  enter({ limit: price('99'), size: { by: 'qty', qty: qty('5') }, stopPrice: price('95') });
  quote(100, 100.1);
  quote(98.8, 98.9, 2);
  quote(98.8, 99.5);
  expect(stops()).toEqual(['96']);
  quote(98.8, 98.9, 3);
  quote(98.8, 99.5);
  expect(stops()).toEqual(['97.8']);
  // 2 of 5 are sold 0.2 below the entry: the rest may lose 5.6.
  scene.command({ name: 'close_position', run: 1, qty: qty('2') });
  quote(98.8, 99.5);
  quote(98.8, 99.5);
  expect(stops()).toEqual(['97.8']);
  expect(plot(scene.since(() => quote(97.7, 97.9))).at(-2)).toBe('order_filled 4 3 @ 97.7 T1 left 2');
  expectRefolds(scene);
});

describe('a partial close', () => {
  function holding() {
    const all = opened();
    all.hand.candle(flat(100));
    all.enter();
    all.hand.candle(flat(100));
    return all;
  }

  test('leaves the rest with its stop and its share of the cost', () => {
    const { scene, hand } = holding();
    scene.command({ name: 'close_position', run: 1, qty: qty('4') });
    expect(plot(scene.since(() => hand.candle(flat(101))))).toEqual([
      'order_filled 4 4 @ 101 T0',
      'position_reduced long 6 cost 600',
    ]);
    expect(scene.run(1).position).toMatchObject({ protection: 'working', qty: qty('6') });
    scene.command({ name: 'close_position', run: 1 });
    expect(plot(scene.since(() => hand.candle(flat(102)))).at(-1)).toMatch(/^position_closed long 10 .* pnl 16 manual/);
    expectRefolds(scene);
  });

  test.each([['0'], ['11'], ['0.0001'], ['-1']])('of %s is refused', (part) => {
    const { scene } = holding();
    scene.command({ name: 'close_position', run: 1, qty: qty(part) });
    expect(scene.refused?.code).toBe('QUANTITY_OUT_OF_RANGE');
  });
});
