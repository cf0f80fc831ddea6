import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Money, money, price, qty, rate } from '../../../src/core/base/decimal.ts';
import type { Command } from '../../../src/core/domain/command.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { refold } from '../../support/engine-refold.ts';
import { BTC, engineScene, PLAIN, type Scene } from '../../support/engine-scene.ts';

type Step =
  | { readonly command: Command }
  | { readonly candle: readonly [number, number, number, number] }
  | { readonly ms: number }
  /** A settlement is told so many ms after it was. */
  | { readonly lateMs: number };

const between = (min: number, max: number) => fc.integer({ min: min * 10, max: max * 10 }).map((ticks) => ticks / 10);
/** Mostly calm, so that positions live; now and then far away. */
const at = fc.oneof({ weight: 12, arbitrary: between(99, 101) }, { weight: 1, arbitrary: between(70, 130) });
const priceText = between(94, 106).map((value) => price(value.toFixed(1)));
const run = fc.constantFrom(1, 2);
const sign = fc.constantFrom<1 | -1>(1, -1);
const maybe = <T>(value: fc.Arbitrary<T>) => fc.option(value, { nil: undefined, freq: 1 });
const rarely = <T>(value: fc.Arbitrary<T>) =>
  fc.oneof({ weight: 5, arbitrary: fc.constant(undefined) }, { weight: 1, arbitrary: value });

const size = fc.oneof(
  fc.integer({ min: 1, max: 60 }).map((n) => ({ by: 'qty' as const, qty: qty(`${n}`) })),
  fc.constant({ by: 'fraction' as const, fraction: rate('0.3') }),
  fc.constant({ by: 'risk' as const, risk: rate('0.01') }),
);
const enter = fc.record({
  name: fc.constant('enter' as const),
  run,
  sign,
  noStop: fc.constantFrom(false, false, false, false, true),
  size: maybe(size),
  limit: rarely(priceText),
  postOnly: rarely(fc.boolean()),
  stopPrice: rarely(priceText),
  leverage: rarely(fc.constantFrom(rate('1'), rate('5'), rate('20'))),
});
const settings = fc.record({
  name: fc.constant('change_settings' as const),
  run,
  now: fc.boolean(),
  riskSettings: fc.record({
    ...Object.fromEntries(Object.entries(PLAIN).map(([key, value]) => [key, fc.constant(value)])),
    leverage: fc.constantFrom(rate('1'), rate('3'), rate('10')),
    stop: fc.constantFrom('0.005', '0.02', '0.06').map((share) => ({ by: 'fixed' as const, distance: rate(share) })),
    loss: fc.constantFrom({ by: 'none' as const }, { by: 'amount' as const, amount: money('25') }),
  }) as fc.Arbitrary<typeof PLAIN>,
});
const command: fc.Arbitrary<Command> = fc.oneof(
  { weight: 8, arbitrary: enter },
  { weight: 1, arbitrary: settings },
  { weight: 4, arbitrary: fc.record({ name: fc.constant('move_stop' as const), run, stopPrice: priceText }) },
  { weight: 2, arbitrary: fc.record({ name: fc.constant('move_target' as const), run, targetPrice: priceText }) },
  fc.record({ name: fc.constant('cancel_order' as const), run, order: fc.integer({ min: 1, max: 12 }) }),
  fc.record({ name: fc.constant('close_position' as const), run, qty: maybe(fc.constant(qty('0.5'))) }),
  fc.record({ name: fc.constant('flip_position' as const), run }),
  {
    weight: 4,
    arbitrary: fc.constantFrom<Command>({ name: 'hand_over', run: 1, to: 2 }, { name: 'hand_over', run: 2, to: 1 }),
  },
  fc.record({ name: fc.constant('observe_run' as const), run: fc.constant(2), observe: fc.boolean() }),
  fc.constantFrom<Command>({ name: 'pause_run', run: 2 }, { name: 'resume_run', run: 2 }),
  { weight: 1, arbitrary: fc.constant<Command>({ name: 'panic', account: 'paper' }) },
  { weight: 4, arbitrary: fc.constant<Command>({ name: 'resume_account', account: 'paper' }) },
  fc
    .constantFrom('300', '-300')
    .map((amount): Command => ({ name: 'transfer', account: 'paper', amount: money(amount) })),
  fc.record({
    name: fc.constant('add_alert' as const),
    symbol: fc.constant(BTC),
    side: fc.constantFrom('above' as const, 'below' as const),
    price: priceText,
  }),
);
const candle = fc
  .tuple(at, at, at, at)
  .map(([open, a, b, close]) => [open, Math.max(open, a, b, close), Math.min(open, a, b, close), close] as const);
const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: candle.map((each) => ({ candle: each })) },
  { weight: 3, arbitrary: command.map((each) => ({ command: each })) },
  { weight: 1, arbitrary: fc.constantFrom(50, 400, 60_000).map((ms) => ({ ms })) },
  { weight: 1, arbitrary: fc.constantFrom(0, 30_000, 90_000, 600_000).map((lateMs) => ({ lateMs })) },
);

/** Run 1 is the human's, run 2 a strategy's. `streamed`: the prices come as quotes. */
function playAll(steps: readonly Step[], latencyMs: number, streamed: boolean, check: (scene: Scene) => void): Scene {
  const costs = { takerRate: rate('0.0005'), makerRate: rate('0.0002'), slippage: rate('0.0003'), latencyMs };
  const scene = engineScene({ costs, stepMs: streamed ? 1_000 : 60_000 });
  const hand = scene.start({ strategy: 'manual' });
  scene.start({ observe: true, risk: { stop: { by: 'fixed', distance: rate('0.03') } } });
  for (const each of steps) {
    if ('command' in each) scene.command(each.command);
    else if ('ms' in each) hand.pass(each.ms);
    else if ('lateMs' in each) settle(scene, each.lateMs);
    else {
      const [open, high, low, close] = each.candle;
      if (streamed) hand.quote({ bid: low, ask: low + 0.1, askQty: 7, bidQty: 7 });
      else hand.candle({ open, high, low, close });
    }
    check(scene);
  }
  return scene;
}

/** Of a position that went from one run to the other since, one of them pays. */
function settle({ engine, since }: Scene, lateMs: number): void {
  const { now: at } = engine.core;
  const input = { kind: 'funding' as const, symbol: BTC, at, rate: rate('0.0003'), settledAt: at - lateMs };
  expect(since(() => engine.input(input)).filter(({ kind }) => kind === 'funding_paid').length).toBeLessThanOrEqual(1);
}

/** What is owned is the sum of what was paid in, won, paid and received: to the last digit. */
function expectExact(scene: Scene): void {
  let balance: bigint = scene.account.startBalance;
  for (const entry of scene.entries) if (entry.kind === 'transferred') balance += entry.body.amount;
  for (const { gross, fees, funding } of scene.engine.core.state.runs) balance += gross - fees + funding;
  expect(scene.account.balance).toBe(balance as Money);
}

/** Whoever has something at the venue holds the symbol, alone. */
function expectLeased(scene: Scene): void {
  const { runs } = scene.engine.core.state;
  const active = runs
    .filter(({ position, orders }) => position !== undefined || orders.length > 0)
    .map((each) => each.run);
  expect(active.length).toBeLessThanOrEqual(1);
  if (active.length === 1) expect(scene.account.leases[BTC]).toBe(active[0]);
}

/** A position that counts as safe has a stop at the venue. */
function expectProtected(scene: Scene): void {
  for (const { position, orders } of scene.engine.core.state.runs) {
    if (position?.protection !== 'working') continue;
    const stops = orders.filter(({ role, status }) => role === 'stop' && status !== 'intended');
    expect(stops.some(({ qty: covered, filled }) => covered - filled >= position.qty)).toBe(true);
  }
}

test('whatever is asked, in whatever order: money is exact, one run has the symbol, stops rest, the journal tells it all', () => {
  fc.assert(
    fc.property(
      fc.array(step, { minLength: 5, maxLength: 60 }),
      fc.constantFrom(0, 150),
      fc.boolean(),
      (steps, latencyMs, streamed) => {
        const scene = playAll(steps, latencyMs, streamed, (each) => {
          expectLeased(each);
          expectProtected(each);
        });
        expectExact(scene);
        expect(encode(refold(scene.entries)) === encode(scene.engine.core.state)).toBe(true);
      },
    ),
    { numRuns: 300 },
  );
});
