import { describe, expect, test } from 'vitest';
import { price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import type { Command } from '../../../src/core/domain/command.ts';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { Stepper } from '../../../src/core/engine/stepper.ts';
import { createDebug } from '../../../src/core/lab/debug.ts';
import { engineScene, PLAIN, type Scene } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const flat = (price: number) => ({ open: price, high: price, low: price, close: price });

/** Long 10 at 100. */
function holding(options: Parameters<typeof engineScene>[0] = {}): { scene: Scene; hand: Stepper } {
  const scene = engineScene(options);
  const hand = scene.start();
  hand.candle(flat(100));
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
  hand.candle(flat(100));
  return { scene, hand };
}

const leases = (scene: Scene): Record<string, number> => scene.account.leases;

describe('pause', () => {
  test('takes no entry, keeps stop and target, and resume takes entries again', () => {
    const debug = createDebug();
    debug.price(100);
    expect(story(debug.pause().entries)).toEqual(['trading_paused asked']);
    debug.long();
    expect(story(debug.price(100).entries)).toEqual(['order_denied RUN_PAUSED']);
    debug.resume();
    debug.long();
    debug.price(100);
    debug.pause();
    expect(plot(debug.hitStop().entries).at(-1)).toMatch(/stop_loss$/);
  });

  test('an opposite signal while paused still ends the position, flat', () => {
    const debug = createDebug();
    debug.signal(1);
    debug.price(100);
    debug.price(100);
    debug.pause();
    debug.signal(-1);
    debug.price(100);
    expect(plot(debug.price(101).entries)).toEqual([
      'order_filled 4 10 @ 101 T0',
      'position_closed long 10 100 -> 101 pnl 10 flip',
      'order_denied RUN_PAUSED',
      'flip_incomplete RUN_PAUSED',
    ]);
  });

  test('is refused twice, and drops what waited', () => {
    const debug = createDebug();
    debug.price(100);
    debug.long();
    debug.pause();
    expect(debug.pause().refused?.code).toBe('NOT_RUNNING');
    expect(story(debug.price(100).entries)).toEqual([]);
  });
});

describe('stop', () => {
  test('keep: the strategy is off, the position keeps its stop, the symbol stays leased until it is flat', () => {
    const { scene, hand } = holding();
    expect(story(scene.command({ name: 'stop_run', run: 1, position: 'keep' }))).toEqual(['run_ended keep']);
    expect(scene.run(1)).toMatchObject({ state: 'OFF', position: { protection: 'working' } });
    expect(leases(scene)).toEqual({ 'BTC/USDT:USDT': 1 });
    expect(plot(scene.since(() => hand.candle(flat(98))))).toEqual([
      'stop_triggered 2 @ 99 seen 98',
      'order_filled 2 10 @ 98 T0',
      'position_closed long 10 100 -> 98 pnl -20 stop_loss',
      'lease_released BTC/USDT:USDT',
    ]);
    expect(leases(scene)).toEqual({});
  });

  test('flatten: closed at the next price, then the symbol is free', () => {
    const { scene, hand } = holding();
    expect(story(scene.command({ name: 'stop_run', run: 1, position: 'flatten' }))).toEqual([
      'run_ended flatten',
      'close_asked run_ended',
    ]);
    expect(plot(scene.since(() => hand.candle(flat(100)))).slice(-2)).toEqual([
      'position_closed long 10 100 -> 100 pnl 0 run_ended',
      'lease_released BTC/USDT:USDT',
    ]);
  });

  test('an entry that is on its way when its run ends is closed again', () => {
    const scene = engineScene({ costs: { latencyMs: 150 }, stepMs: 100 });
    const hand = scene.start();
    const quote = () => hand.quote({ bid: 100, ask: 100 });
    quote();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    quote();
    scene.command({ name: 'stop_run', run: 1, position: 'keep' });
    for (let i = 0; i < 6; i++) quote();
    expect(plot(scene.entries).slice(-8)).toEqual([
      'run_ended keep',
      'order_canceling 1 run_ended',
      'order_filled 1 10 @ 100 T1',
      'position_opened long 10 cost 1000',
      'close_asked run_ended',
      'order_filled 4 10 @ 100 T1',
      'position_closed long 10 100 -> 100 pnl 0 run_ended',
      'lease_released BTC/USDT:USDT',
    ]);
  });

  test('twice is refused', () => {
    const { scene } = holding();
    scene.command({ name: 'stop_run', run: 1, position: 'keep' });
    scene.command({ name: 'stop_run', run: 1, position: 'keep' });
    expect(scene.refused?.code).toBe('ALREADY_OFF');
  });
});

describe('a close that waits for the next price', () => {
  /** Long 10 at 100 on quotes, and the account halted. */
  function halted(): { scene: Scene; hand: Stepper; next: () => string[] } {
    const scene = engineScene();
    const hand = scene.start();
    const quote = () => hand.quote({ bid: 100, ask: 100 });
    quote();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    quote();
    scene.command({ name: 'panic', account: 'paper' });
    return { scene, hand, next: () => plot(scene.since(quote)) };
  }
  const all = 'position_closed long 10 100 -> 100 pnl 0 panic';

  test('goes although its run is stopped and would keep the position', () => {
    const { scene, next } = halted();
    expect(story(scene.command({ name: 'stop_run', run: 1, position: 'keep' }))).toEqual([
      'run_ended keep',
      'close_asked panic',
    ]);
    expect(next()).toContain(all);
  });

  test('goes although a signal becomes ready before it', () => {
    const { scene, hand, next } = halted();
    scene.vote(1);
    const at = hand.now;
    const bar = { openAt: at - 60_000, closeAt: at, ...flat(100), volume: 1 };
    const said = scene.since(() => scene.engine.input({ kind: 'close', symbol: 'BTC/USDT:USDT', at, bar }));
    expect(said.at(-1)).toMatchObject({ kind: 'signal_dropped', body: { reason: 'in_position' } });
    expect(next()).toContain(all);
  });

  test.each<[string, Command]>([
    ['a part', { name: 'close_position', run: 1, qty: qty('1') }],
    ['a flip', { name: 'flip_position', run: 1 }],
    ['an entry of the other side', { name: 'enter', run: 1, sign: -1, noStop: false }],
  ])('is not given up for %s', (_name, command) => {
    const { scene, next } = halted();
    expect(scene.command(command).at(-1)).toMatchObject({ kind: 'command_refused', body: { code: 'ORDER_IN_FLIGHT' } });
    expect(next()).toContain(all);
  });
});

describe('panic', () => {
  test('closes what its entry still got while all of the position was being closed', () => {
    const scene = engineScene({ stepMs: 100, costs: { latencyMs: 150 } });
    const hand = scene.start();
    hand.quote({ bid: 99.9, ask: 100 });
    const wishes = { limit: price('100'), size: { by: 'qty', qty: qty('10') } } as const;
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, ...wishes });
    for (let i = 0; i < 3; i++) hand.quote({ bid: 99.9, ask: 100, askQty: 4 });
    expect(scene.run(1)).toMatchObject({ position: { qty: qty('4') } });
    scene.command({ name: 'panic', account: 'paper' });
    hand.quote({ bid: 99.8, ask: 99.9, askQty: 3 });
    expect(scene.run(1)).toMatchObject({ position: { qty: qty('7') } });
    for (let i = 0; i < 5; i++) hand.quote({ bid: 99.9, ask: 100 });
    expect(scene.run(1)).toMatchObject({ position: undefined, orders: [], pending: undefined });
  });

  test('does not open at any price what had not come to the venue yet', () => {
    const scene = engineScene({ stepMs: 100, costs: { latencyMs: 150 } });
    const hand = scene.start({ risk: { slippageCap: rate('0.001') } });
    hand.quote({ bid: 100, ask: 100 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.quote({ bid: 100, ask: 100 });
    const told = scene.since(() => {
      scene.command({ name: 'panic', account: 'paper' });
      for (let i = 0; i < 3; i++) hand.quote({ bid: 105, ask: 105 });
    });
    expect(plot(told)).toContain('order_expired 1 the price is beyond the cap');
    expect(scene.run(1)).toMatchObject({ position: undefined, orders: [] });
  });

  test('halts first, closes everything at the next price, and lets nothing in until a human resumes', () => {
    const { scene, hand } = holding();
    expect(story(scene.command({ name: 'panic', account: 'paper' }))).toEqual(['halted panic']);
    expect(plot(scene.since(() => hand.candle(flat(101)))).at(-1)).toBe(
      'position_closed long 10 100 -> 101 pnl 10 panic',
    );
    const entered = (): string[] => {
      scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
      return plot(scene.since(() => hand.candle(flat(101))));
    };
    expect(entered()).toEqual(['order_denied ACCOUNT_HALTED']);
    hand.pass(48 * 3_600_000);
    expect(entered().at(-1)).toBe('order_denied ACCOUNT_HALTED');
    expect(story(scene.command({ name: 'resume_account', account: 'paper' }))).toEqual([
      'resumed_by_operator HALTED panic',
    ]);
    expect(entered().at(-1)).toMatch(/^position_opened long/);
  });

  test.each<[string, Command, string]>([
    ['all of it', { name: 'panic', account: 'paper' }, '0'],
    ['a part', { name: 'close_position', run: 1, qty: qty('7') }, '3'],
    ['the closing leg of a flip', { name: 'flip_position', run: 1 }, '-4'],
  ])('closes what is above the largest order in pieces, a price each: %s', (_name, command, left) => {
    const { scene, hand } = holding();
    const instrument = { ...scene.run(1).instrument, qtyMax: qty('4') };
    const symbol = 'BTC/USDT:USDT';
    scene.engine.input({ kind: 'instrument', symbol, at: hand.now, status: 'trading', instrument });
    scene.command({
      name: 'change_settings',
      run: 1,
      riskSettings: { ...PLAIN, sizing: { by: 'qty', qty: qty('4') } },
    });
    scene.command(command);
    for (let i = 0; i < 3; i++) hand.candle(flat(100));
    const { position } = scene.run(1);
    expect(position === undefined ? '0' : text(BigInt(position.sign) * position.qty)).toBe(left);
  });

  test('closes all, although the close of a part that was on its way ends without a fill', () => {
    const scene = engineScene({ costs: { latencyMs: 150 }, stepMs: 100 });
    const hand = scene.start();
    const quotes = () => {
      for (let i = 0; i < 4; i++) hand.quote({ bid: 100, ask: 100 });
    };
    quotes();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    quotes();
    scene.command({ name: 'close_position', run: 1, qty: qty('3') });
    hand.quote({ bid: 100, ask: 100 });
    scene.command({ name: 'panic', account: 'paper' });
    const order = scene.run(1).orders.find(({ role }) => role === 'exit')?.order ?? 0;
    const expired = { kind: 'report', type: 'expired', run: 1, order, why: 'nothing is left' } as const;
    scene.engine.input({ ...expired, at: hand.now });
    quotes();
    expect(plot(scene.entries).at(-1)).toBe('position_closed long 10 100 -> 100 pnl 0 panic');
  });

  test('ends a flip halfway: what was closed stays closed', () => {
    const scene = engineScene({ costs: { latencyMs: 150 }, stepMs: 100 });
    const hand = scene.start();
    const quote = () => hand.quote({ bid: 100, ask: 100 });
    quote();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    for (let i = 0; i < 4; i++) quote();
    scene.command({ name: 'flip_position', run: 1 });
    quote();
    scene.command({ name: 'panic', account: 'paper' });
    for (let i = 0; i < 6; i++) quote();
    expect(plot(scene.entries).slice(-3)).toEqual([
      'halted panic',
      'order_filled 4 10 @ 100 T1',
      'position_closed long 10 100 -> 100 pnl 0 flip',
    ]);
    expect(scene.run(1)).toMatchObject({ position: undefined, orders: [] });
  });

  test('an unknown account and a healthy one are refused', () => {
    const { scene } = holding();
    scene.command({ name: 'panic', account: 'nobody' });
    expect(scene.refused?.code).toBe('ACCOUNT_UNKNOWN');
    scene.command({ name: 'resume_account', account: 'paper' });
    expect(scene.refused?.code).toBe('NOT_HALTED');
  });
});

describe('an observing run', () => {
  test('tells its signals and sends nothing; it takes no lease', () => {
    const scene = engineScene();
    const hand = scene.start({ observe: true });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle(flat(100));
    expect(scene.run(1).state).toBe('OBSERVING');
    expect(story(scene.entries)).toEqual(['entry_asked long', 'order_denied RUN_PAUSED']);
    expect(leases(scene)).toEqual({});
    scene.start();
    expect(leases(scene)).toEqual({ 'BTC/USDT:USDT': 2 });
  });
});

describe('settings', () => {
  test('that change hold from the next entry on', () => {
    const { scene, hand } = holding();
    const { risk } = scene.run(1);
    const changed = {
      ...risk,
      sizing: { by: 'qty', qty: qty('3') },
      stop: { by: 'fixed', distance: rate('0.05') },
    } as const;
    scene.command({ name: 'change_settings', run: 1, riskSettings: changed });
    expect(scene.run(1).orders.map(({ trigger }) => trigger)).toEqual([99n, 102n].map((each) => each * 10n ** 18n));
    scene.command({ name: 'flip_position', run: 1 });
    const entries: AnyEntry[] = scene.since(() => hand.candle(flat(100)));
    expect(story(entries)).toContain('order_intended 6 stop buy 3 @ 105 stop_loss');
  });

  test('a run that is not there is refused', () => {
    const scene = engineScene();
    expect(story(scene.command({ name: 'pause_run', run: 7 }))).toEqual(['command_refused RUN_UNKNOWN']);
  });
});
