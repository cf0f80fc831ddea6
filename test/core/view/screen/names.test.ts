import { expect, test } from 'vitest';
import { createDebug } from '../../../../src/core/lab/debug.ts';
import type { Scene } from '../../../../src/core/view/scene.ts';
import type { ScreenId } from '../../../../src/core/view/view.ts';
import { allCells, sceneOf, show, textsOf } from './debug-scene.ts';

/** A long in the perpetual, and the spot of the same asset with a position of its own. */
function scenes(): { readonly alone: Scene; readonly twins: Scene } {
  const debug = createDebug();
  debug.price(100);
  debug.long();
  debug.price(100);
  const alone = sceneOf(debug, { mark: 100 });
  const [run] = alone.state.runs;
  if (run === undefined) throw new Error('open');
  const spot = { ...run, run: 2, symbol: 'BTC/USDT', instrument: { ...run.instrument, symbol: 'BTC/USDT' } };
  const entries = alone.entries.map((entry) => (entry.run === 1 ? { ...entry, run: 2, seq: entry.seq + 900 } : entry));
  return {
    alone,
    twins: { ...alone, state: { ...alone.state, runs: [run, spot] }, entries: [...alone.entries, ...entries] },
  };
}

const named = (scene: Scene, screen: ScreenId): readonly string[] => {
  const view = show(scene, screen);
  const texts = [...allCells(view).map(({ text }) => text), ...textsOf(view)];
  return ['BTC', 'BTC/USDT:USDT', 'BTC/USDT'].filter((name) => texts.includes(name));
};

test.each(['monitoring', 'orders', 'journal'] as const)(
  '%s calls a symbol by its asset where no other has it',
  (screen) => {
    const { alone, twins } = scenes();
    expect(named(alone, screen)).toEqual(['BTC']);
    expect(named(twins, screen)).toEqual(['BTC/USDT:USDT', 'BTC/USDT']);
  },
);

test('what rests when the machine dies tells the perpetual from the spot', () => {
  expect(textsOf(show(scenes().twins, 'auto'))).toEqual(expect.arrayContaining(['BTC/USDT:USDT', 'BTC/USDT']));
  expect(textsOf(show(scenes().twins, 'analytics')).join('\n')).toMatch(/BTC\/USDT:USDT[\s\S]*BTC\/USDT /);
});
