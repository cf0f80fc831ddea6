import { expect, test } from 'vitest';
import { type Money, money, price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import type { SizeEvidence } from '../../../src/core/domain/evidence.ts';
import type { Position } from '../../../src/core/domain/position.ts';
import { heatOf } from '../../../src/core/risk/heat.ts';
import { account, entryOrder, FREE, position, run, stateOf } from './scene.ts';

const heat = (runs: Parameters<typeof stateOf>, costs = FREE, name = 'paper'): string =>
  text(heatOf({ ...stateOf(...runs), accounts: [account({ costs }), account({ account: 'other', costs })] }, name));

test('it is positions and entries that may still fill, of one account', () => {
  const size = { risk: money('40') } as SizeEvidence;
  const waiting = entryOrder({ qty: qty('0.3'), filled: qty('0.1'), size });
  const runs = [
    run({ position: position(1, '1', '100', { stopPrice: price('50') }) }),
    run({ run: 2, orders: [waiting, entryOrder({ role: 'stop', size })] }),
    run({ run: 3, account: 'other', position: position(-1, '1', '100', { stopPrice: price('109') }) }),
  ];
  expect(heat(runs)).toBe('76.666666666666666667');
  expect(heat(runs, FREE, 'other')).toBe('9');
});

const LONG = { risk: money('20'), stopPrice: price('80') };

test.each<[string, Partial<Position>, string]>([
  ['as it was entered', LONG, '20'],
  ['a stop that was widened', { ...LONG, stopPrice: price('60') }, '40'],
  ['a stop that locks a profit in', { ...LONG, stopPrice: price('101') }, '0'],
  ['half of it closed', { ...LONG, qty: qty('0.5'), cost: money('50') }, '10'],
  ['a maximum loss that comes before the stop', { ...LONG, lossMax: money('5') }, '5'],
  ['a maximum loss alone', { risk: money('7'), lossMax: money('7') as Money }, '7'],
  ['no stop at all', { risk: money('0') }, '0'],
])('it is of the position as it is now: %s', (_name, given, expected) => {
  expect(heat([run({ position: position(1, '1', '100', given) })])).toBe(expected);
});

test('costs of both legs are in it', () => {
  const costs = { ...FREE, takerRate: rate('0.001'), slippage: rate('0.01') };
  // 100 -> 80 less 1 %, and a thousandth of 100 and of 79.2.
  expect(heat([run({ position: position(1, '1', '100', LONG) })], costs)).toBe('20.9792');
});
