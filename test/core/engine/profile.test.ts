import { describe, expect, test } from 'vitest';
import { money, price, rate } from '../../../src/core/base/decimal.ts';
import { type AnyEntry, decode, encode } from '../../../src/core/domain/entry.ts';
import type { State } from '../../../src/core/domain/state.ts';
import { createEngine, type Engine, riskModels } from '../../../src/core/engine/engine.ts';
import { createScript } from '../../../src/core/lab/script.ts';
import { NO_EXTRAS } from '../../../src/core/market/feed.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { expectRefolds, refold } from '../../support/engine-refold.ts';
import { BTC, ETH, engineScene, type Scene, START_AT } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

const flat = (at: number) => ({ open: at, high: at, low: at, close: at });

function market() {
  const scene = engineScene();
  const hand = scene.start();
  hand.candle(flat(100));
  const alert = (side: 'above' | 'below', at: string, symbol = BTC) =>
    scene.command({ name: 'add_alert', symbol, side, price: price(at) });
  return { scene, hand, alert };
}
function quietMarket() {
  const scene = engineScene();
  scene.start();
  return { scene };
}

const scriptEngine = (entries: AnyEntry[], state: State): Engine =>
  createEngine(
    {
      append: (entry) => entries.push(entry as AnyEntry),
      venue: (own) => new SimulatedVenue(own, riskModels),
      definitionOf: () => createScript().definition,
    },
    state,
    () => 60_000,
  );

const crossings = (scene: Scene, work: () => unknown): string[] =>
  scene.since(work).flatMap((entry) => (entry.kind === 'price_crossed' ? [encode(entry.body)] : []));

describe('a price alert', () => {
  test('speaks once when the reach of a candle crosses it, and is gone', () => {
    const { scene, hand, alert } = market();
    alert('above', '105');
    alert('below', '95');
    expect(scene.engine.core.state.alerts).toHaveLength(2);
    expect(crossings(scene, () => hand.candle({ open: 100, high: 104.9, low: 95.1, close: 100 }))).toEqual([]);
    expect(crossings(scene, () => hand.candle({ open: 100, high: 105, low: 99, close: 100 }))).toEqual([
      `{"alert":1,"symbol":"${BTC}","side":"above","price":"105","seen":105}`,
    ]);
    expect(crossings(scene, () => hand.candle(flat(110)))).toEqual([]);
    expect(scene.engine.core.state.alerts).toMatchObject([{ alert: 2, side: 'below' }]);
    expectRefolds(scene);
  });

  test('speaks on a mid of quotes, not on a touch', () => {
    const { scene, hand, alert } = market();
    alert('above', '105');
    expect(crossings(scene, () => hand.quote({ bid: 104, ask: 105.5 }))).toEqual([]);
    expect(crossings(scene, () => hand.quote({ bid: 104.9, ask: 105.1 }))).toHaveLength(1);
  });

  test('is numbered on after the last one was removed, and survives in the journal', () => {
    const { scene, alert } = market();
    alert('above', '105');
    scene.command({ name: 'remove_alert', alert: 1 });
    alert('above', '106');
    expect(refold(scene.entries).alerts).toMatchObject([{ alert: 2, price: price('106') }]);
    scene.command({ name: 'remove_alert', alert: 1 });
    expect(scene.refused).toMatchObject({ code: 'ALERT_UNKNOWN', expected: 'the number of an alert (2)' });
  });

  test.each([
    ['that is there already', 'above', '100', BTC, 'ALERT_PASSED'],
    ['at zero', 'below', '0', BTC, 'PRICE_OFF_TICK'],
    ['on a symbol without prices', 'above', '200', ETH, 'SYMBOL_UNKNOWN'],
  ] as const)('%s is refused', (_name, side, at, symbol, code) => {
    const { scene, alert } = market();
    alert(side, at, symbol);
    expect(scene.refused?.code).toBe(code);
  });

  test('is heard by candles that concern nobody else, at the right one, also after a restart', () => {
    const length = 2_000;
    const fill = (value: (i: number) => number) => Float64Array.from({ length }, (_, i) => value(i));
    const at = (i: number) => 100 + i / 100;
    const candles = {
      timeframeMs: 60_000,
      length,
      openAt: fill((i) => START_AT + i * 60_000),
      open: fill(at),
      high: fill(at),
      low: fill(at),
      close: fill(at),
      volume: fill(() => 1),
    };
    const series = { symbol: BTC, source: 'script', candles, tradeFrom: 0, extras: NO_EXTRAS } as const;
    const { scene } = quietMarket();
    scene.command({ name: 'add_alert', symbol: BTC, side: 'above', price: price('110') });
    const seenBy = (engine: Engine, entries: AnyEntry[]) => {
      while (engine.begin([series]).run(Number.POSITIVE_INFINITY, length + 1));
      return entries.flatMap((entry) => (entry.kind === 'price_crossed' ? [[entry.at, entry.body.seen]] : []));
    };
    const state = refold(scene.entries);
    const again: AnyEntry[] = [];
    expect(seenBy(scene.engine, scene.entries)).toEqual([[START_AT + 1_001 * 60_000, 110]]);
    expect(seenBy(scriptEngine(again, state), again)).toEqual([[START_AT + 1_001 * 60_000, 110]]);
  });

  test('changes nothing of a run: its trades are those of an engine without alerts', () => {
    const traded = (withAlerts: boolean): string[] => {
      const { scene, hand, alert } = market();
      if (withAlerts) for (const at of ['101', '102', '103']) alert('above', at);
      scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
      for (const at of [100, 101.5, 103]) hand.candle(flat(at));
      return story(scene.entries.filter(({ run }) => run === 1));
    };
    expect(traded(true)).toEqual(traded(false));
  });
});

describe('a transfer', () => {
  const transfer = (scene: Scene, amount: string) =>
    scene.command({ name: 'transfer', account: 'paper', amount: money(amount) });

  test('changes the balance and is neither gain nor loss of the day', () => {
    const { scene } = market();
    transfer(scene, '500');
    transfer(scene, '-2500');
    expect(scene.account).toMatchObject({
      balance: money('8000'),
      dayStartEquity: money('8000'),
      weekStartEquity: money('8000'),
      startBalance: money('10000'),
    });
    expectRefolds(scene);
  });

  test('takes out no more than what no position binds', () => {
    const { scene, hand } = market();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle({ open: 100, high: 100, low: 99.5, close: 99.5 });
    // 10 at 100, twice leveraged, bind 500; 5 are an open loss.
    transfer(scene, '-9495.01');
    expect(scene.refused).toMatchObject({ code: 'BALANCE_INSUFFICIENT', expected: 'at most 9495 USDT free' });
    transfer(scene, '-9495');
    expect(scene.refused).toBeUndefined();
  });

  test('leaves what an entry on its way takes, with its fee', () => {
    const scene = engineScene({ stepMs: 100, costs: { latencyMs: 150, takerRate: rate('0.001') } });
    const hand = scene.start();
    hand.quote({ bid: 100, ask: 100 });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.quote({ bid: 100, ask: 100 });
    transfer(scene, '-9499.01');
    expect(scene.refused).toMatchObject({ code: 'BALANCE_INSUFFICIENT', expected: 'at most 9499 USDT free' });
  });

  test('of nothing is refused', () => {
    const { scene } = market();
    transfer(scene, '0');
    expect(scene.refused?.code).toBe('AMOUNT_ZERO');
  });
});

describe('an option', () => {
  test('is kept by its name, and read back as the text that it was', () => {
    const { scene } = market();
    scene.command({ name: 'set_option', option: 'language', text: 'ru' });
    scene.command({ name: 'set_option', option: 'rows', text: '25' });
    scene.command({ name: 'set_option', option: 'language', text: 'en' });
    const { state } = scene.engine.core;
    expect(state.options).toEqual({ language: 'en', rows: '25' });
    expect(decode<typeof state>(encode(state)).options).toEqual(state.options);
    expectRefolds(scene);
  });

  test.each([
    ['a word of money', 'leverage', 'x', 'OPTION_UNKNOWN'],
    ['no name', '', 'x', 'OPTION_UNKNOWN'],
    ['an escape sequence', '\u001b[2J', 'x', 'OPTION_UNKNOWN'],
    ['a book', 'zone', 'x'.repeat(201), 'OPTION_TOO_LONG'],
  ])('%s is refused', (_name, option, given, code) => {
    const { scene } = market();
    scene.command({ name: 'set_option', option, text: given });
    expect(scene.refused?.code).toBe(code);
  });
});

test('panic: halted first, entries next, positions at the next price, stops last', () => {
  const { scene, hand } = market();
  const eth = scene.start({ symbol: ETH });
  eth.candle(flat(50));
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
  scene.command({ name: 'enter', run: 2, sign: 1, noStop: false, limit: price('46') });
  hand.candle(flat(100));
  eth.candle(flat(50));
  const entries = scene.since(() => {
    scene.command({ name: 'panic', account: 'paper' });
    hand.candle(flat(101));
  });
  expect(story(entries).filter((line) => !/^(order_intended|feed_gap)/.test(line))).toEqual([
    'halted panic',
    'order_canceling 1 panic',
    'order_canceled 1 asked',
    'order_filled 4 10 @ 101 T0',
    'position_closed long 10 100 -> 101 pnl 10 panic',
    'order_canceled 2 position_closed',
    'order_canceled 3 position_closed',
  ]);
  expect(plot(scene.since(() => eth.candle(flat(30))))).toEqual(['feed_gap 1 missing']);
});
