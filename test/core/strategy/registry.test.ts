import { expect, test } from 'vitest';
import { shapeFault, timeframesFault, votesFault, warmupFault } from '../../../src/core/strategy/definition-shape.ts';
import { emaCross } from '../../../src/core/strategy/ema-cross.ts';
import { nearest } from '../../../src/core/strategy/nearest.ts';
import { defaultParams } from '../../../src/core/strategy/params.ts';
import { STRATEGIES, strategyOf } from '../../../src/core/strategy/registry.ts';

test('a strategy is found by its name', () => {
  expect(strategyOf('ema-cross')).toEqual({ ok: true, definition: emaCross });
});

test.each([
  ['ema-corss', 'did you mean ema-cross?'],
  ['ema', 'did you mean ema-cross?'],
  ['Trend', 'did you mean trend?'],
  ['trnd', 'did you mean trend?'],
  ['scalping', 'use one of trend, ema-cross'],
  ['', 'use one of trend, ema-cross'],
])('"%s" is not one: %s', (name, fix) => {
  const expected = 'the name of a strategy';
  expect(strategyOf(name)).toEqual({ ok: false, error: { expected, found: `"${name}"`, fix } });
});

test("the user's own strategies are looked through as well", () => {
  const own = { ...emaCross, name: 'mine' };
  expect(strategyOf('mine', [...STRATEGIES, own])).toEqual({ ok: true, definition: own });
});

test('the nearest name is the closest one, not the first', () => {
  expect(nearest('weightEma', ['weightDi', 'weightEmas', 'weight'])).toBe('weightEmas');
  expect(nearest('x'.repeat(100_000), ['trend'])).toBeUndefined();
});

test.each(STRATEGIES.map((each) => [each.name, each] as const))(
  '%s is held to what a user file is held to',
  (name, each) => {
    const others = STRATEGIES.map((other) => other.name).filter((other) => other !== name);
    const params = defaultParams(each.params);
    expect(shapeFault({ ...each }, others)).toBeUndefined();
    expect(votesFault(each.votes(params))).toBeUndefined();
    expect(timeframesFault(each.timeframes(params))).toBeUndefined();
    expect(warmupFault(each.warmup(params))).toBeUndefined();
    expect(each.check?.(params)).toBeUndefined();
  },
);
