import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { problemText } from '../../../src/core/strategy/definition.ts';
import { emaCross } from '../../../src/core/strategy/ema-cross.ts';
import { defaultParams, type GivenParams, numberOf, resolveParams } from '../../../src/core/strategy/params.ts';
import { STRATEGIES } from '../../../src/core/strategy/registry.ts';
import type { ParamSpecs } from '../../../src/core/strategy/strategy.ts';

const params: ParamSpecs = {
  bars: { type: 'int', default: 14, min: 2, max: 100, about: 'candles' },
  factor: { type: 'number', default: 2, min: 0, max: 10, about: 'width' },
  price: { type: 'choice', default: 'close', choices: ['close', 'mid'], about: 'which price' },
  shorts: { type: 'switch', default: true, about: 'whether it sells' },
};
const definition = { ...emaCross, name: 'sample', params, check: () => undefined };
const resolve = (given: GivenParams) => resolveParams(definition, given);

test('what is not given is the default', () => {
  expect(resolve({})).toEqual({ ok: true, params: { bars: 14, factor: 2, price: 'close', shorts: true } });
});

test.each([
  [{ bars: '20' }, { bars: 20 }],
  [{ bars: ' 20 ' }, { bars: 20 }],
  [{ bars: '2e1' }, { bars: 20 }],
  [{ bars: 100 }, { bars: 100 }],
  [{ factor: '.5' }, { factor: 0.5 }],
  [{ factor: '-0' }, { factor: 0 }],
  [{ price: 'mid' }, { price: 'mid' }],
  [{ shorts: 'false' }, { shorts: false }],
  [{ shorts: true }, { shorts: true }],
])('%o is read', (given, expected) => {
  const resolved = resolve(given as unknown as GivenParams);
  expect(resolved).toEqual({ ok: true, params: { ...defaultParams(params), ...expected } });
});

const WHOLE = 'a whole number from 2 to 100';
const RANGE = 'a number from 0 to 10';

test.each([
  ['bars', '1', WHOLE, '"1"'],
  ['bars', '101', WHOLE, '"101"'],
  ['bars', '14.5', WHOLE, '"14.5"'],
  ['bars', '', WHOLE, '""'],
  ['bars', '0x10', WHOLE, '"0x10"'],
  ['bars', '1_0', WHOLE, '"1_0"'],
  ['bars', 'ten', WHOLE, '"ten"'],
  ['bars', 14.5, WHOLE, '14.5'],
  ['bars', true, WHOLE, 'true'],
  ['factor', 'NaN', RANGE, '"NaN"'],
  ['factor', 'Infinity', RANGE, '"Infinity"'],
  ['factor', '1e999', RANGE, '"1e999"'],
  ['factor', NaN, RANGE, 'NaN'],
  ['factor', -0.001, RANGE, '-0.001'],
  ['price', 'open', 'one of close, mid', '"open"'],
  ['price', 'Close', 'one of close, mid', '"Close"'],
  ['shorts', 'yes', 'true or false', '"yes"'],
  ['shorts', 1, 'true or false', '1'],
])('%s=%s is refused', (param, given, expected, found) => {
  expect(resolve({ [param]: given })).toMatchObject({ ok: false, error: { param, expected, found } });
});

describe('an unknown name', () => {
  test.each([
    ['bar', 'did you mean bars?'],
    ['Factor', 'did you mean factor?'],
    ['shrots', 'did you mean shorts?'],
    ['leverage', 'use one of bars, factor, price, shorts'],
    ['__proto__', 'use one of bars, factor, price, shorts'],
    ['constructor', 'use one of bars, factor, price, shorts'],
  ])('%s: %s', (name, fix) => {
    const given = Object.fromEntries([[name, '1']]);
    expect(resolve(given)).toMatchObject({ ok: false, error: { param: name, fix } });
  });

  test('of a strategy without parameters', () => {
    const bare = { ...definition, params: {} };
    expect(resolveParams(bare, { x: '1' })).toMatchObject({ error: { expected: 'no parameter, sample has none' } });
  });
});

test('the message says what was expected, what was found and what to do', () => {
  const refused = resolveParams(emaCross, { fast: '30' });
  expect(refused.ok ? '' : problemText(refused.error)).toBe(
    'parameter fast: expected less than slow (26), found 30; lower fast or raise slow',
  );
  const typed = resolveParams(emaCross, { fast: 'x' });
  expect(typed.ok ? '' : problemText(typed.error)).toBe(
    'parameter fast: expected a whole number from 1 to 5000, found "x"; change it or leave it out (default 12)',
  );
});

test('a found text is clipped, so that a pasted file stays one line of reading', () => {
  const refused = resolve({ bars: 'x'.repeat(10_000) });
  expect(refused.ok ? '' : refused.error.found.length).toBe(45);
});

test('nothing out of range passes, whatever is given', () => {
  const given = fc.oneof(fc.string(), fc.double().map(String), fc.double(), fc.integer().map(String), fc.boolean());
  fc.assert(
    fc.property(given, (value) => {
      const resolved = resolve({ bars: value });
      if (!resolved.ok) return;
      expect(Number.isInteger(numberOf(resolved.params, 'bars'))).toBe(true);
      expect(numberOf(resolved.params, 'bars')).toBeGreaterThanOrEqual(2);
      expect(numberOf(resolved.params, 'bars')).toBeLessThanOrEqual(100);
    }),
  );
});

test('a strategy that asks for a parameter it does not have is told so', () => {
  expect(() => numberOf({}, 'bars')).toThrow('parameter bars: expected a number');
});

test.each(STRATEGIES.map((each) => [each.name, each] as const))(
  '%s: the defaults resolve to themselves as text',
  (_, each) => {
    const text = Object.fromEntries(Object.entries(each.params).map(([name, spec]) => [name, String(spec.default)]));
    expect(resolveParams(each, text)).toEqual({ ok: true, params: defaultParams(each.params) });
  },
);
