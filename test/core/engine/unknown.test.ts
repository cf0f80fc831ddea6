import { describe, expect, test } from 'vitest';
import { price, qty, rate } from '../../../src/core/base/decimal.ts';
import { exposureOf } from '../../../src/core/engine/exposure.ts';
import { expectRefolds } from '../../support/engine-refold.ts';
import { BTC, ETH, engineScene } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

/** The answers to these orders of run 1 never come. */
const losing = (...orders: readonly number[]) => ({
  losesAnswer: (run: number, order: number) => run === 1 && orders.includes(order),
});

describe('an order whose answer never comes', () => {
  test('is unknown after 5 s, is asked for, and is never sent again', () => {
    const scene = engineScene({ faults: losing(1), costs: { latencyMs: 150 } });
    const hand = scene.start();
    hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    const sentAt = hand.now;
    const entries = scene.since(() => hand.candle({ open: 100, high: 100, low: 100, close: 100 }));
    expect(plot(entries)).toEqual([
      'order_unknown 1 no answer within 5 s',
      'order_filled 1 10 @ 100 T0',
      'position_opened long 10 cost 1000',
    ]);
    const at = (kind: string) => (entries.find((entry) => entry.kind === kind)?.at ?? 0) - sentAt;
    expect([at('order_unknown'), at('order_filled')]).toEqual([5_000, 5_150]);
    const entryIntents = scene.entries.filter(
      ({ kind, body }) => kind === 'order_intended' && 'role' in body && body.role === 'entry',
    );
    expect(entryIntents).toHaveLength(1);
  });

  test('that came late after all stands: the question that was asked meanwhile changes nothing', () => {
    const scene = engineScene({ costs: { latencyMs: 6_000 }, stepMs: 1_000 });
    const hand = scene.start();
    const quotes = (count: number, bid: number, ask: number) => {
      for (let i = 0; i < count; i++) hand.quote({ bid, ask });
    };
    quotes(1, 100, 100.1);
    const size = { by: 'qty', qty: qty('1') } as const;
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: true, postOnly: true, limit: price('100'), size });
    const entries = scene.since(() => {
      quotes(9, 100, 100.1);
      // The ask comes to the limit, and not through it, before the question arrives.
      quotes(6, 99.9, 100);
    });
    expect(story(entries)).toEqual([
      'order_intended 1 entry buy 1 @ 100 manual',
      'order_unknown 1 no answer within 5 s',
      'order_accepted 1',
    ]);
  });

  test('counts as live: its margin is taken, and no second entry goes', () => {
    const scene = engineScene({ faults: losing(1), costs: { latencyMs: 150 }, stepMs: 100 });
    const hand = scene.start({ risk: { sizing: { by: 'qty', qty: qty('10') } } });
    hand.quote({ bid: 100, ask: 100 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.quote({ bid: 100, ask: 100 });
    hand.pass(4_950);
    expect(scene.run(1).orders.map(({ status }) => status)).toEqual(['unknown']);
    const { core } = scene.engine;
    expect(exposureOf(core, scene.account, scene.run(1))).toMatchObject({ reserved: 500n * 10n ** 18n, positions: 1 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    expect(story(scene.since(() => hand.quote({ bid: 100, ask: 100 }))).slice(0, 1)).toEqual([
      'order_denied POSITION_OPEN',
    ]);
  });

  test('takes the room of other runs, too', () => {
    const scene = engineScene({ faults: losing(1), costs: { latencyMs: 150 }, stepMs: 100 });
    const limits = { reservedAccount: rate('0.5') };
    const btc = scene.start({ symbol: BTC, risk: { sizing: { by: 'qty', qty: qty('90') }, limits } });
    const eth = scene.start({ symbol: ETH, risk: { sizing: { by: 'qty', qty: qty('20') }, limits } });
    for (const hand of [btc, eth]) hand.quote({ bid: 100, ask: 100 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    btc.quote({ bid: 100, ask: 100 });
    btc.pass(5_000);
    scene.command({ name: 'enter', run: 2, sign: 1, noStop: false });
    expect(plot(scene.since(() => eth.quote({ bid: 100, ask: 100 })))).toContain('order_denied RESERVED_ABOVE_MAX');
  });

  test('a stop without an answer does not count as protection until it is found', () => {
    const scene = engineScene({ faults: losing(2), costs: { latencyMs: 150 }, stepMs: 100 });
    const hand = scene.start();
    hand.quote({ bid: 100, ask: 100 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.quote({ bid: 100, ask: 100 });
    hand.pass(5_100);
    expect(scene.run(1).position?.protection).toBe('pending');
    expect(scene.run(1).orders.map(({ role, status }) => `${role} ${status}`)).toEqual([
      'stop unknown',
      'target working',
    ]);
    expect(story(scene.since(() => hand.pass(300)))).toEqual(['stop_placed 2 @ 99']);
    expectRefolds(scene);
    expect(scene.run(1).position?.protection).toBe('working');
  });

  test('a close without an answer holds entries back, though the stop closed first: it would reduce what they open', () => {
    const scene = engineScene({ faults: losing(4), costs: { latencyMs: 150 }, stepMs: 1_000 });
    const hand = scene.start({ risk: { sizing: { by: 'qty', qty: qty('10') } } });
    const quote = (at: number) => hand.quote({ bid: at, ask: at });
    const enter = () => scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    quote(100);
    enter();
    quote(100);
    scene.command({ name: 'close_position', run: 1 });
    quote(98);
    expect(scene.run(1).position).toBeUndefined();
    enter();
    expect(story(scene.since(() => quote(98)))).toEqual(['order_denied POSITION_OPEN']);
    expect(story(scene.since(() => hand.pass(5_000)))).toEqual([
      'order_unknown 4 no answer within 5 s',
      'order_rejected 4 REDUCE_ONLY',
    ]);
    enter();
    quote(98);
    quote(98);
    expect(scene.run(1).position?.qty).toBe(qty('10'));
    expectRefolds(scene);
  });

  test('a close without an answer is asked for, not sent twice', () => {
    const scene = engineScene({ faults: losing(4), costs: { latencyMs: 150 }, stepMs: 1_000 });
    const hand = scene.start();
    const quote = () => hand.quote({ bid: 100, ask: 100 });
    quote();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    quote();
    scene.command({ name: 'close_position', run: 1 });
    for (let i = 0; i < 4; i++) quote();
    scene.command({ name: 'close_position', run: 1 });
    for (let i = 0; i < 4; i++) quote();
    expect(plot(scene.entries).slice(-4)).toEqual([
      'close_asked manual',
      'order_unknown 4 no answer within 5 s',
      'order_filled 4 10 @ 100 T1',
      'position_closed long 10 100 -> 100 pnl 0 manual',
    ]);
    expect(scene.run(1).pending).toBeUndefined();
  });

  test('a panic in the meantime: the entry that comes through is closed again', () => {
    const scene = engineScene({ faults: losing(1), costs: { latencyMs: 150 }, stepMs: 1_000 });
    const hand = scene.start();
    const quote = () => hand.quote({ bid: 100, ask: 100 });
    quote();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    for (let i = 0; i < 5; i++) quote();
    expect(scene.run(1).orders.map(({ status }) => status)).toEqual(['unknown']);
    scene.command({ name: 'panic', account: 'paper' });
    for (let i = 0; i < 2; i++) quote();
    expect(plot(scene.entries).slice(-7)).toEqual([
      'halted panic',
      'order_canceling 1 panic',
      'order_filled 1 10 @ 100 T1',
      'position_opened long 10 cost 1000',
      'close_asked panic',
      'order_filled 4 10 @ 100 T1',
      'position_closed long 10 100 -> 100 pnl 0 panic',
    ]);
    expect(scene.run(1)).toMatchObject({ position: undefined, orders: [] });
  });
});
