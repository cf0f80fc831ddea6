import { describe, expect, test } from 'vitest';
import { money, price, qty, rate } from '../../../../src/core/base/decimal.ts';
import { marginOf } from '../../../../src/core/domain/margin.ts';
import type { Run } from '../../../../src/core/domain/run.ts';
import { createDebug, type Debug } from '../../../../src/core/lab/debug.ts';
import type { Scene } from '../../../../src/core/view/scene.ts';
import type { View } from '../../../../src/core/view/view.ts';
import { entryOrder } from '../../risk/scene.ts';
import { blockOf, sceneOf, show, told } from './debug-scene.ts';

const limit = (view: View, key: string): string | undefined => {
  const block = blockOf(view, 'limits');
  if (block?.kind !== 'table') return undefined;
  return block.rows
    .find((row) => row.key === key)
    ?.cells.map(({ text }) => text)
    .join('|');
};

function long(limits: Parameters<Debug['change']>[0]['limits'] = {}): Debug {
  const debug = createDebug({ risk: { limits } });
  debug.price(100);
  debug.long();
  debug.price(100);
  return debug;
}

describe('limits', () => {
  test('what is used beside what may be, and what is off', () => {
    const view = show(sceneOf(long({ heat: rate('0.02'), positionsMax: 3, leverageMax: rate('5') })), 'risk');
    expect(limit(view, 'heat')).toBe('heat: all stops at once|0.10 %|2.00 %|ok');
    expect(limit(view, 'positionsMax')).toBe('position slots|1|3|ok');
    expect(limit(view, 'leverageMax')).toBe('leverage|2x|5x|ok');
    expect(limit(view, 'dayBlock')).toBe('day loss: no entries|0.00 %|off|');
  });

  test('slots are those that the door counts: majors of a side share one, an entry that rests takes one', () => {
    const scene = sceneOf(long({ positionsMax: 3 }));
    const [btc] = scene.state.runs;
    if (btc?.position === undefined) throw new Error('open');
    const on = (run: number, base: string, given: Partial<Run>): Run => {
      const symbol = `${base}/USDT:USDT`;
      return { ...btc, run, symbol, instrument: { ...btc.instrument, base, symbol }, ...given };
    };
    const runs = [
      btc,
      on(2, 'ETH', {}),
      on(3, 'SOL', {}),
      on(4, 'DOGE', { position: undefined, orders: [entryOrder()] }),
      on(5, 'PEPE', { account: 'other' }),
    ];
    const view = show({ ...scene, state: { ...scene.state, runs } }, 'risk');
    expect(limit(view, 'positionsMax')).toBe('position slots|2|3|ok');
    expect(told(view, 'budget', 'slots')).toBe('2/3');
  });

  test('of an entry that has filled in part the rest is reserved beside the position, as the account counts it', () => {
    const scene = sceneOf(long({ reservedRun: rate('0.25') }));
    const [run] = scene.state.runs;
    if (run?.position === undefined) throw new Error('open');
    const size = {
      by: 'qty',
      equity: money('10000'),
      wanted: money('400'),
      entry: price('100'),
      notional: money('400'),
      margin: money('200'),
      risk: money('4'),
    };
    const orders = [entryOrder({ qty: qty('4'), filled: qty('3'), size })];
    const view = show({ ...scene, state: { ...scene.state, runs: [{ ...run, orders }] } }, 'risk');
    expect(marginOf(run, run.position)).toBe(money('500'));
    expect(limit(view, 'reservedRun')).toBe('reserved, run|5.50 %|25.00 %|ok');
  });

  test('near and reached are words, not colours', () => {
    const debug = long({ dayBlock: rate('0.02') });
    expect(limit(show(sceneOf(debug, { mark: 82 }), 'risk'), 'dayBlock')).toBe(
      'day loss: no entries|1.80 %|2.00 %|near',
    );
    expect(limit(show(sceneOf(debug, { mark: 80 }), 'risk'), 'dayBlock')).toBe(
      'day loss: no entries|2.00 %|2.00 %|REACHED',
    );
  });

  test('a leverage that equals its ceiling is allowed', () => {
    expect(limit(show(sceneOf(long({ leverageMax: rate('2') })), 'risk'), 'leverageMax')).toBe('leverage|2x|2x|near');
  });
});

describe('settings, halts and the next entry', () => {
  test('settings are told in words', () => {
    const view = show(sceneOf(createDebug()), 'risk');
    expect(told(view, 'settings', 'sizing')).toBe('10.00 % of the balance');
    expect(told(view, 'settings', 'stop')).toBe('1.00 % from the entry');
    expect(told(view, 'settings', 'target')).toBe('2.00 % from the entry');
    expect(told(view, 'settings', 'loss')).toBe('none');
  });

  test('a halt says why, and until when', () => {
    const debug = long();
    debug.panic();
    debug.price(100);
    const view = show(sceneOf(debug), 'risk');
    expect(told(view, 'halts', 'safety')).toBe('HALTED');
    expect(told(view, 'halts', 'reason')).toBe('panic');
    expect(told(view, 'halts', 'until')).toBe('until a human resumes');
  });

  test('a cooldown says until when', () => {
    const debug = long({ stopCooldownMs: 300_000 });
    debug.hitStop();
    const view = show(sceneOf(debug), 'risk');
    expect(told(view, 'halts', 'cooldown')).toMatch(/^until 00:\d\d:\d\d$/);
    expect(told(view, 'halts', 'stopsInRow')).toBe('1');
  });

  test('the next entry is there while flat, and not with a position', () => {
    expect(blockOf(show(sceneOf(createDebug()), 'risk'), 'next')).toBeDefined();
    expect(blockOf(show(sceneOf(long()), 'risk'), 'next')).toBeUndefined();
  });

  test('Auto, Settings and Risk lead to each other', () => {
    const leads = (screen: 'auto' | 'settings' | 'risk'): readonly string[] =>
      show(sceneOf(createDebug()), screen).actions.flatMap(({ link }) => (link.to === 'screen' ? [link.screen] : []));
    expect(leads('auto')).toEqual(expect.arrayContaining(['settings', 'risk']));
    expect(leads('risk')).toEqual(expect.arrayContaining(['settings', 'auto']));
    expect(leads('settings')).toEqual(expect.arrayContaining(['auto', 'risk']));
  });
});

test('without a run nothing is made up', () => {
  const scene = sceneOf(createDebug());
  const bare: Scene = { ...scene, runs: [], state: { ...scene.state, runs: [] } };
  const view = show(bare, 'risk');
  expect(view.blocks.map(({ id }) => id)).toEqual(['budget', 'halts']);
});
