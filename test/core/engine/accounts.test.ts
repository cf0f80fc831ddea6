import { describe, expect, test } from 'vitest';
import { money, price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import { freeFor, reservedOf, riskModels } from '../../../src/core/engine/exposure.ts';
import { createDebug } from '../../../src/core/lab/debug.ts';
import { expectRefolds } from '../../support/engine-refold.ts';
import { BTC, ETH, engineScene, FREE } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const flat = (price: number) => ({ bid: price, ask: price });
const enter = (run: number, sign: 1 | -1 = 1) => ({ name: 'enter', run, sign, noStop: false }) as const;

describe('two runs on one account', () => {
  test('one symbol is leased to one of them, until it is off, flat and nothing is on its way', () => {
    const scene = engineScene({ stepMs: 100, costs: { latencyMs: 150 } });
    const hand = scene.start();
    const quote = () => hand.quote(flat(100));
    quote();
    scene.start();
    expect(scene.refused).toEqual({
      code: 'SYMBOL_LEASED',
      expected: `${BTC} free on paper`,
      found: 'run 1 holds it',
      fix: 'stop that run, use another paper account, or start with --observe',
    });
    scene.command(enter(1));
    for (let i = 0; i < 4; i++) quote();
    scene.command({ name: 'stop_run', run: 1, position: 'flatten' });
    quote();
    scene.start();
    expect(scene.refused?.code).toBe('SYMBOL_LEASED');
    for (let i = 0; i < 3; i++) quote();
    expect(plot(scene.entries).at(-1)).toBe(`lease_released ${BTC}`);
    scene.start();
    expect(scene.account.leases).toEqual({ [BTC]: 2 });
  });

  test('another account may trade the same symbol', () => {
    const scene = engineScene();
    scene.start();
    scene.command({ name: 'open_account', account: 'second', asset: 'USDT', balance: money('500'), costs: FREE });
    scene.start({ account: 'second' });
    expect(scene.engine.core.state.accounts.map(({ leases }) => leases)).toEqual([{ [BTC]: 1 }, { [BTC]: 2 }]);
    scene.command({ name: 'open_account', account: 'second', asset: 'USDT', balance: money('500'), costs: FREE });
    expect(scene.refused?.code).toBe('ACCOUNT_EXISTS');
  });

  test('share margin: what one holds the other cannot take', () => {
    const scene = engineScene({ stepMs: 100 });
    const btc = scene.start({ symbol: BTC, risk: { sizing: { by: 'qty', qty: qty('150') } } });
    const eth = scene.start({ symbol: ETH, risk: { sizing: { by: 'qty', qty: qty('80') } } });
    for (const hand of [btc, eth]) hand.quote(flat(100));
    scene.command(enter(1));
    btc.quote(flat(100));
    scene.command(enter(2));
    // 15,000 at 2x binds 7,500 of the 10,000; 8,000 at 2x wants 4,000.
    expect(plot(scene.since(() => eth.quote(flat(100))))).toEqual(['order_denied MARGIN_INSUFFICIENT']);
    scene.command({ name: 'close_position', run: 1 });
    btc.quote(flat(100));
    scene.command(enter(2));
    expect(plot(scene.since(() => eth.quote(flat(100)))).at(-1)).toBe('position_opened long 80 cost 8000');
  });

  test('share what an entry on its way takes at worst: its fee beside its margin', () => {
    const scene = engineScene({ stepMs: 100, costs: { latencyMs: 150, takerRate: rate('0.001') } });
    const btc = scene.start({ symbol: BTC, risk: { sizing: { by: 'qty', qty: qty('150') } } });
    const eth = scene.start({ symbol: ETH, risk: { sizing: { by: 'qty', qty: qty('49.8') } } });
    for (const hand of [btc, eth]) hand.quote(flat(100));
    scene.command(enter(1));
    btc.quote(flat(100));
    // 7,500 and 15 are on their way; 49.8 want 2,490 and 4.98 of the 2,485 that are left.
    scene.command(enter(2));
    const told = scene.since(() => eth.quote(flat(100)));
    expect(plot(told)).toContain('order_denied MARGIN_INSUFFICIENT');
    expect(told.find(({ kind }) => kind === 'order_denied')?.body).toMatchObject({
      expected: 'at most 2485 USDT of margin and fee (free_margin)',
      found: '2494.98 USDT',
    });
  });

  test('share heat: the losses to all stops together', () => {
    const scene = engineScene({ stepMs: 100 });
    const risk = { sizing: { by: 'risk', risk: rate('0.01') }, limits: { heat: rate('0.015') } } as const;
    const btc = scene.start({ symbol: BTC, risk });
    const eth = scene.start({ symbol: ETH, risk });
    for (const hand of [btc, eth]) hand.quote(flat(100));
    scene.command(enter(1));
    btc.quote(flat(100));
    scene.command(enter(2));
    expect(plot(scene.since(() => eth.quote(flat(100))))).toEqual(['order_denied HEAT_ABOVE_MAX']);
  });

  test('majors on one side share a place, on two sides they do not', () => {
    const scene = engineScene({ stepMs: 100 });
    const limits = { positionsMax: 1 };
    const hands = [BTC, ETH].map((symbol) => scene.start({ symbol, risk: { limits } }));
    for (const hand of hands) hand.quote(flat(100));
    scene.command(enter(1));
    hands[0]?.quote(flat(100));
    scene.command(enter(2, -1));
    expect(plot(scene.since(() => hands[1]?.quote(flat(100))))).toEqual(['order_denied POSITIONS_AT_MAX']);
    scene.command(enter(2, 1));
    expect(plot(scene.since(() => hands[1]?.quote(flat(100)))).at(-1)).toMatch(/^position_opened/);
  });

  test('a loss limit of one closes the positions of both', () => {
    const scene = engineScene({ stepMs: 4_000 });
    const risk = { sizing: { by: 'qty', qty: qty('40') }, stop: { by: 'none' }, target: { by: 'none' } } as const;
    const btc = scene.start({ symbol: BTC, risk: { ...risk, limits: { dayFlatten: rate('0.03') } } });
    const eth = scene.start({ symbol: ETH, risk });
    for (const hand of [btc, eth]) hand.quote(flat(100));
    scene.command(enter(1));
    scene.command(enter(2));
    for (const hand of [btc, eth]) hand.quote(flat(100));
    btc.quote(flat(95));
    eth.quote(flat(96));
    btc.quote(flat(95));
    btc.quote(flat(95));
    expect(scene.account.safety).toBe('HALTED');
    for (const hand of [btc, eth]) hand.quote(flat(95));
    expect(plot(scene.entries).filter((line) => line.startsWith('position_closed'))).toEqual([
      'position_closed long 40 100 -> 95 pnl -200 day_flatten',
      'position_closed long 40 100 -> 95 pnl -200 day_flatten',
    ]);
    expect(text(scene.account.balance)).toBe('9600');
  });
});

describe('funding', () => {
  const settle = (sign: 1 | -1, rateText: string): string[] => {
    const scene = engineScene();
    const hand = scene.start();
    const price = (at: number) => hand.candle({ open: at, high: at, low: at, close: at });
    price(100);
    scene.command(enter(1, sign));
    price(100);
    price(100.5);
    return story(scene.since(() => hand.funding(rate(rateText))));
  };

  test.each([
    [1, '0.0001', '-0.1005'],
    [1, '-0.0001', '0.1005'],
    [-1, '0.0001', '0.1005'],
    [-1, '-0.0001', '-0.1005'],
  ] as const)('a side of %i at a rate of %s gets %s on 10 at 100.5', (sign, rateText, amount) => {
    expect(settle(sign, rateText)).toEqual([`funding_paid ${amount} at 100.5`]);
  });

  test('is rounded against us to the smallest unit of the asset', () => {
    expect(settle(1, '0.00000000123')).toEqual(['funding_paid -0.00000124 at 100.5']);
    expect(settle(-1, '0.00000000123')).toEqual(['funding_paid 0.00000123 at 100.5']);
  });

  test('uses the mark where one is known, and goes into balance, trade and run', () => {
    const scene = engineScene();
    const hand = scene.start();
    const price = (at: number) => hand.candle({ open: at, high: at, low: at, close: at });
    price(100);
    scene.command(enter(1));
    price(100);
    hand.mark(200);
    hand.funding(rate('0.001'));
    scene.command({ name: 'close_position', run: 1 });
    price(100);
    expect(plot(scene.entries).slice(-1)).toEqual(['position_closed long 10 100 -> 100 pnl -2 manual']);
    expect([scene.account.balance, scene.run(1).funding]).toEqual([money('9998'), money('-2')]);
  });

  test('is paid at a mid of more digits than are exact, too', () => {
    const scene = engineScene();
    const hand = scene.start({ instrument: { tick: price('0.00000001'), step: qty('1') } });
    const quote = () => hand.quote({ bid: 0.00000107, ask: 0.00000108 });
    quote();
    scene.command({ ...enter(1), noStop: true });
    quote();
    expect(story(scene.since(() => hand.funding(rate('0.001'))))).toEqual([
      'funding_paid -1 at 0.0000010749999999999999',
    ]);
  });

  test('told afterwards it is paid by what was held then, and by nothing that was opened since', () => {
    const scene = engineScene();
    const hand = scene.start();
    const price = () => hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    price();
    scene.command(enter(1));
    const openedAt = hand.now;
    price();
    const told = (settledAt: number) =>
      scene.since(() =>
        scene.engine.input({ kind: 'funding', symbol: BTC, at: hand.now, rate: rate('0.0001'), settledAt }),
      );
    expect(told(openedAt - 1)).toEqual([]);
    expect(told(openedAt)).toMatchObject([{ kind: 'funding_paid', at: hand.now, body: { fundingAt: openedAt } }]);
  });

  test('told afterwards it is paid for what was closed since, and by no other position', () => {
    const scene = engineScene();
    const hand = scene.start({ risk: { sizing: { by: 'qty', qty: qty('10') } } });
    const price = () => hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    const late = (settledAt: number) =>
      scene.since(() =>
        scene.engine.input({ kind: 'funding', symbol: BTC, at: hand.now, rate: rate('0.001'), settledAt }),
      );
    price();
    scene.command(enter(1));
    price();
    const heldAt = hand.now - 1;
    scene.command({ name: 'close_position', run: 1, qty: qty('5') });
    price();
    expect(late(heldAt)).toMatchObject([{ body: { amount: money('-1'), held: { side: 'long', qty: qty('10') } } }]);
    expect(scene.run(1).position?.funding).toBe(money('-1'));
    scene.command({ name: 'close_position', run: 1 });
    price();
    const closed = scene.entries.findLast(({ kind }) => kind === 'position_closed')?.seq;
    const flatAt = hand.now - 1;
    scene.command(enter(1, -1));
    price();
    expect(late(heldAt)).toMatchObject([
      { body: { amount: money('-1'), balance: money('9998'), held: { side: 'long', qty: qty('10') }, closed } },
    ]);
    expect(late(flatAt)).toEqual([]);
    expect(late(hand.now)).toMatchObject([{ body: { amount: money('1'), held: undefined } }]);
    expect([scene.account.balance, scene.run(1).funding]).toEqual([money('9999'), money('-1')]);
    expect(scene.run(1).position?.funding).toBe(money('1'));
    expectRefolds(scene);
  });

  test.each([
    // Margin 50 on 1,000, maintenance 0.4 %: 95.38 before; 10 of it are paid, or received.
    [1, '0.01', '40', /^96\.38/, [96.5, 96.3]],
    [1, '-0.01', '60', /^94\.37/, [94.5, 94.3]],
    [-1, '0.01', '60', /^105\.57/, [105.5, 105.7]],
    [-1, '-0.01', '40', /^103\.58/, [103.5, 103.7]],
  ] as const)(
    'of an isolated position of side %i at %s leaves it a margin of %s',
    (sign, paid, margin, at, [kept, taken]) => {
      const scene = engineScene();
      const stop = { by: 'none' } as const;
      const hand = scene.start({ risk: { leverage: rate('20'), stop, target: stop, loss: stop } });
      const price = (at: number) => hand.candle({ open: at, high: at, low: at, close: at });
      price(100);
      scene.command(enter(1, sign));
      price(100);
      const { core } = scene.engine;
      const free = freeFor(core.state, scene.account);
      hand.funding(rate(paid));
      expect(text(reservedOf(core, 'paper'))).toBe(margin);
      expect(freeFor(core.state, scene.account)).toBe(free);
      expect(text(riskModels.liquidationOf(scene.run(1)) ?? 0n)).toMatch(at);
      expect(plot(scene.since(() => price(kept)))).toEqual([]);
      expect(plot(scene.since(() => price(taken)))[0]).toMatch(/^liquidated/);
      // With what was paid and received no more is lost than the margin of the entry.
      expect(text(scene.account.balance)).toBe('9950');
    },
  );

  test('of a position that is closed in part goes with that part', () => {
    const scene = engineScene();
    const hand = scene.start();
    const price = () => hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    price();
    scene.command(enter(1));
    price();
    hand.funding(rate('0.01'));
    scene.command({ name: 'close_position', run: 1, qty: qty('4') });
    price();
    // 6 of 10 at 2x, and 6 of the 10 that were paid.
    expect(text(reservedOf(scene.engine.core, 'paper'))).toBe('294');
    expectRefolds(scene);
  });

  test('nobody pays who is flat, or holds the coin itself', () => {
    const scene = engineScene();
    const hand = scene.start({ symbol: 'BTC/USDT' });
    hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    expect(scene.since(() => hand.funding(rate('0.01')))).toEqual([]);
    scene.command(enter(1));
    hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    expect(scene.since(() => hand.funding(rate('0.01')))).toEqual([]);
  });
});

describe('spot', () => {
  const spot = (costs = {}) => {
    const scene = engineScene({ costs });
    const hand = scene.start({ symbol: 'BTC/USDT', risk: { sizing: { by: 'qty', qty: qty('1.5') } } });
    const price = (at: number) => scene.since(() => hand.candle({ open: at, high: at, low: at, close: at }));
    price(100);
    return { scene, price };
  };

  test('knows no short', () => {
    const { scene, price } = spot();
    scene.command(enter(1, -1));
    expect(plot(price(100))).toEqual(['order_denied SHORT_ON_SPOT']);
  });

  test('a sell signal closes a long and opens nothing', () => {
    const debug = createDebug({ symbol: 'BTC/USDT' });
    debug.price(100);
    debug.long();
    debug.price(100);
    debug.signal(-1);
    debug.price(100);
    expect(plot(debug.price(100).entries).at(-1)).toMatch(/^position_closed long .* signal$/);
    expect(plot(debug.price(100).entries)).toEqual([]);
  });

  test('is not turned round, and a sell by hand takes nothing of it away', () => {
    const { scene, price } = spot();
    scene.command(enter(1));
    price(100);
    scene.command(enter(1, -1));
    expect(scene.refused).toMatchObject({ code: 'POSITION_OPEN', found: '1.5 open' });
    scene.command({ name: 'flip_position', run: 1 });
    expect(scene.refused?.code).toBe('SHORT_ON_SPOT');
    expect(plot(price(100))).toEqual([]);
    expect(scene.run(1).position?.qty).toBe(qty('1.5'));
  });

  test.each(['close', 'stop'] as const)(
    'pays the fee of a buy in the coin; what is under a step stays as dust (%s)',
    (by) => {
      const { scene, price } = spot({ takerRate: rate('0.000333') });
      scene.command(enter(1));
      // 1.5 x 0.000333 = 0.0004995 BTC: 1.4995005 are held, 1.4995 can be sold.
      expect(plot(price(100))).toEqual([
        'order_filled 1 1.5 @ 100 T0 fee 0.0004995 base',
        'position_opened long 1.4995005 cost 149.95005',
      ]);
      if (by === 'close') scene.command({ name: 'close_position', run: 1 });
      const closed = plot(price(by === 'close' ? 100 : 99)).at(-1);
      const pnl = by === 'close' ? '-0.09993335' : '-1.59893402';
      expect(closed).toMatch(new RegExp(`^position_closed long 1.4995 .* pnl ${pnl} \\w+ dust 0.0000005$`));
      const run = scene.run(1);
      expect(scene.account.balance).toBe(money('10000') + run.gross - run.fees);
    },
  );

  test('with prices of twelve digits its fee in the coin still leaves money that is exact', () => {
    const instrument = { tick: price('0.000000000001'), step: qty('1') };
    const debug = createDebug({ symbol: 'PEPE/USDT', instrument, costs: { takerRate: rate('0.000777') } });
    debug.price(0.000012345679);
    debug.long();
    debug.price(0.000012345679);
    const { qty: held = 0n, cost = 0n } = debug.state().runs[0]?.position ?? {};
    expect(cost * 10n ** 18n).toBe(held * price('0.000012345679'));
    debug.close();
    const closed = debug.price(0.000012345671).entries.find(({ kind }) => kind === 'position_closed');
    expect(closed?.body).toMatchObject({ entryPrice: price('0.000012345679'), exitPrice: price('0.000012345671') });
  });

  test('loses no more than its maximum loss, the dust that is left among it', () => {
    const debug = createDebug({
      symbol: 'BTC/USDT',
      instrument: { tick: price('0.01'), step: qty('0.1') },
      costs: { takerRate: rate('0.001') },
      risk: { stop: { by: 'none' }, target: { by: 'none' }, loss: { by: 'amount', amount: money('50') } },
    });
    debug.price(100);
    debug.long();
    debug.price(100);
    // 9.99 are held, 9.9 can be sold: 9.9 x 96.06 x 0.999 is the first tick that brings back 950.
    const closed = debug.hitMaxLoss().entries.find((entry) => entry.kind === 'position_closed');
    expect(closed?.body).toMatchObject({ qty: qty('9.9'), dust: qty('0.09'), reason: 'max_loss' });
    expect(text(closed?.body.exitPrice ?? 0n)).toBe('96.06');
    expect(closed?.body.pnl).toBeGreaterThanOrEqual(money('-50'));
  });

  test.each([
    ['25', 'order_denied MAX_LOSS_BELOW_COSTS'],
    ['35', 'position_opened long 9.8901 cost 989.01'],
  ])('a maximum loss of %s: fees of 2, and up to a step of dust', (amount, told) => {
    const debug = createDebug({
      symbol: 'BTC/USDT',
      instrument: { tick: price('0.01'), step: qty('0.3') },
      costs: { takerRate: rate('0.001') },
      risk: { stop: { by: 'none' }, target: { by: 'none' }, loss: { by: 'amount', amount: money(amount) } },
    });
    debug.price(100);
    debug.long();
    expect(plot(debug.price(100).entries)).toContain(told);
    expect(story(debug.price(100).entries)).toEqual([]);
  });

  test('has no leverage', () => {
    const scene = engineScene();
    const hand = scene.start({ symbol: 'BTC/USDT', risk: { leverage: rate('2') } });
    hand.candle({ open: 100, high: 100, low: 100, close: 100 });
    scene.command(enter(1));
    expect(plot(scene.since(() => hand.candle({ open: 100, high: 100, low: 100, close: 100 })))).toEqual([
      'order_denied LEVERAGE_ON_SPOT',
    ]);
  });
});
