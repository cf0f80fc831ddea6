import { describe, expect, test } from 'vitest';
import type { Bar } from '../../../src/core/domain/candle.ts';
import type { Definition } from '../../../src/core/strategy/definition.ts';
import { definitionProblemText, validateDefinition } from '../../../src/core/strategy/definition-check.ts';
import { fromFile, StrategyError } from '../../../src/core/strategy/from-file.ts';
import { KIT, type Kit } from '../../../src/core/strategy/kit.ts';
import { defaultParams } from '../../../src/core/strategy/params.ts';
import type { Opinion, Params } from '../../../src/core/strategy/strategy.ts';
import { closes, opinions } from './series.ts';

/** The example of the kit's own documentation. */
const dip = (kit: Kit) =>
  kit.define({
    name: 'dip',
    version: 1,
    title: 'Dip',
    about: 'Buys weakness, sells strength.',
    params: { bars: { type: 'int', default: 14, min: 2, max: 100, about: 'candles of RSI' } },
    votes: () => [{ name: 'rsi', weight: 1, about: 'RSI below 30 buys, above 70 sells' }],
    values: ['rsi'],
    confirmations: () => 1,
    warmup: (params) => ({ bars: 10 * kit.number(params, 'bars'), higherBars: 0 }),
    timeframes: () => ({ own: '15m' }),
    create(params) {
      const rsi = kit.rsi(kit.number(params, 'bars'));
      return {
        close(bar, opinion) {
          const value = rsi.update(bar.close);
          opinion.votes[0] = value < 30 ? 1 : value > 70 ? -1 : Number.isNaN(value) ? NaN : 0;
          opinion.values[0] = value;
          opinion.stopDistance = NaN;
        },
      };
    },
  });

/** The message for the example with some fields replaced. */
function messageFor(fields: Record<string, unknown>, source?: string): string {
  const checked = validateDefinition((kit: Kit) => ({ ...dip(kit), ...fields }), 'dip.js', source);
  return checked.ok ? '' : definitionProblemText(checked.error);
}

describe("a user's strategy", () => {
  test('is accepted and runs', () => {
    const checked = validateDefinition(dip, 'dip.js');
    if (!checked.ok) throw new Error(definitionProblemText(checked.error));
    const said = opinions(checked.definition, { bars: 2 }, closes([10, 9, 8, 20, 40]));
    expect(said.map(({ votes }) => votes[0])).toEqual([NaN, NaN, 1, -1, -1]);
  });

  test.each([
    ['nothing', undefined, 'nothing'],
    ['an object', { name: 'dip' }, 'an object'],
    ['a text', 'dip', 'text "dip"'],
  ])('is refused where the default export is %s', (_, value, found) => {
    const checked = validateDefinition(value, 'dip.js');
    expect(checked.ok ? '' : definitionProblemText(checked.error)).toBe(
      `dip.js: expected a function of the kit as default export, found ${found}; ` +
        'end the file with `export default (kit) => kit.define({ ... })`',
    );
  });

  test('is refused where the function gives nothing back', () => {
    const checked = validateDefinition(() => undefined, 'dip.js');
    expect(checked).toMatchObject({ ok: false, error: { expected: 'the default export to return a definition' } });
  });

  test('is refused where the function is async', () => {
    const checked = validateDefinition(() => Promise.reject(new Error('x')), 'dip.js');
    expect(checked).toMatchObject({ ok: false, error: { found: 'a promise, as an async function gives' } });
  });

  const bars = { type: 'int', default: 14, min: 2, max: 100, about: 'candles' };
  test.each([
    ['no name', { name: undefined }, 'found nothing'],
    ['a name with spaces', { name: 'My Dip' }, 'found text "My Dip"'],
    ['the name of a built-in one', { name: 'trend' }, 'expected a name of its own'],
    ["the name of the human's run", { name: 'manual' }, 'expected a name of its own'],
    ['half a version', { version: 1.5 }, 'expected a whole number from 1, found number 1.5'],
    ['no title', { title: '' }, 'expected a text'],
    ['no create', { create: undefined }, 'expected a function of the parameters, found nothing'],
    ['votesMin as a number', { votesMin: 3 }, 'correct votesMin or leave it out'],
    ['params as a list', { params: [] }, 'expected an object with one entry for each parameter'],
    [
      'an unknown type',
      { params: { bars: { ...bars, type: 'float' } } },
      'of a type among int, number, choice, switch',
    ],
    ['no range', { params: { bars: { ...bars, max: Infinity } } }, 'ranged by the numbers `min` and `max`'],
    ['a default out of range', { params: { bars: { ...bars, default: 1 } } }, 'params.bars to be between 2 and 100'],
    [
      'half a default',
      { params: { bars: { ...bars, default: 2.5 } } },
      'params.bars to be whole by default, found number 2.5',
    ],
    ['a choice of none', { params: { bars: { ...bars, type: 'choice', choices: ['a'] } } }, 'one of its choices'],
    ['two values of one name', { values: ['rsi', 'rsi'] }, 'a list of different names'],
    ['no votes', { votes: () => [] }, 'expected a list of at least one vote'],
    [
      'a negative weight',
      { votes: () => [{ name: 'x', weight: -1, about: '' }] },
      'a weight of 0 or more for the vote x',
    ],
    ['votes that all weigh nothing', { votes: () => [{ name: 'x', weight: 0, about: '' }] }, 'above 0, found none'],
    ['more votes wanted than there are', { votesMin: () => 2 }, 'a whole number from 1 to 1, as many votes'],
    ['null where a check found nothing', { check: () => null }, 'param, expected, found and fix, found null'],
    ['no confirmation', { confirmations: () => 0 }, 'expected a whole number from 1, found number 0'],
    ['an unknown time frame', { timeframes: () => ({ own: '7m' }) }, 'found text "7m"'],
    ['a warm-up of half', { warmup: () => ({ bars: 1.5, higherBars: 0 }) }, 'whole numbers bars and higherBars'],
    [
      'a check that refuses the defaults',
      { check: () => ({ param: 'bars', expected: 'x', found: 'y', fix: 'z' }) },
      'own check',
    ],
    ['a strategy without close', { create: () => ({}) }, 'a strategy with a function close'],
    ['no closeHigher', { timeframes: () => ({ own: '15m', higher: '1h' }) }, 'a function closeHigher'],
    [
      'an async close',
      { create: () => ({ close: () => Promise.reject(new Error('x')) }) },
      'write close without async',
    ],
    ['an async create', { create: () => Promise.resolve({}) }, 'found a promise, as an async function gives'],
    ['async votes', { votes: () => Promise.resolve([]) }, 'found a promise, as an async function gives'],
    ['an async check', { check: () => Promise.resolve(undefined) }, 'expected check to be a plain function'],
    [
      'a vote of 2',
      { create: () => ({ close: (_: unknown, o: Opinion) => o.votes.fill(2) }) },
      'votes of -1, 0, 1, or NaN',
    ],
  ])('is refused with %s', (_, fields, message) => {
    expect(messageFor(fields)).toContain('dip.js: expected');
    expect(messageFor(fields)).toContain(message);
  });

  test('is refused at the line of the field', () => {
    const source = "// mine\nexport default (kit) => kit.define({\n  name: 'dip',\n  version: 0,\n});\n";
    expect(messageFor({ version: 0 }, source)).toMatch(/^dip\.js:4: /);
    expect(messageFor({ title: 0 }, source)).toMatch(/^dip\.js:2: /);
  });
});

describe('a strategy that throws', () => {
  const file = import.meta.filename;

  test.each([
    ['at once', () => fail()],
    ['when it is made', (kit: Kit) => ({ ...dip(kit), create: () => fail() })],
    ['on its first candle', (kit: Kit) => ({ ...dip(kit), create: () => ({ close: () => fail() }) })],
  ])('%s is told with file and line', (_, made) => {
    const checked = validateDefinition(made, file);
    if (checked.ok) throw new Error('expected a problem');
    expect(checked.error).toMatchObject({ file, found: 'TypeError: no such thing' });
    expect(checked.error.line).toBe(lineOfFail());
  });

  test('something that is no error is told as well', () => {
    const checked = validateDefinition(() => AbortSignal.abort('a text').throwIfAborted(), file);
    expect(checked).toMatchObject({ ok: false, error: { found: 'a text' } });
  });

  test('asks the kit for a length that is none', () => {
    const wrong = (kit: Kit) => ({ ...dip(kit), create: () => ({ close: () => void kit.ema(0) }) });
    expect(validateDefinition(wrong, 'dip.js')).toMatchObject({
      error: { found: 'RangeError: ema: expected a whole number of candles from 1 to 100000, found number 0' },
    });
  });

  function fail(): never {
    throw new TypeError('no such thing');
  }

  function lineOfFail(): number {
    try {
      return fail();
    } catch (error) {
      return Number(/definition-check\.test\.ts:(\d+)/.exec((error as Error).stack ?? '')?.[1]);
    }
  }
});

test('the kit makes every indicator', () => {
  const close = [10, 11, 12, 11, 13, 14];
  const lines = [
    KIT.ema(2),
    KIT.sma(2),
    KIT.rma(2),
    KIT.rsi(2),
    KIT.stddev(2),
    KIT.rollingMax(2),
    KIT.bollinger(2, 2),
    KIT.macd(1, 2, 1),
  ];
  for (const line of lines) expect(Number.isFinite(close.map((price) => line.update(price)).at(-1))).toBe(true);
  const ranges = [KIT.atr(2), KIT.adx(2), KIT.supertrend(2, 3), KIT.donchian(2)];
  for (const range of ranges) {
    expect(Number.isFinite(close.map((price) => range.update(price + 1, price - 1, price)).at(-1))).toBe(true);
  }
  expect(KIT.vwap().update(0, 12, 10, 11, 5)).toBe(11);
  const swings = KIT.swings(1);
  for (const price of close) swings.update(price, price);
  expect([swings.high, swings.low]).toEqual([12, 11]);
});

test('parameters come to a strategy typed', () => {
  const params: Params = {
    ...defaultParams({ side: { type: 'choice', default: 'long', choices: ['long'], about: '' } }),
    n: 3,
  };
  expect([KIT.choice(params, 'side'), KIT.number(params, 'n')]).toEqual(['long', 3]);
  expect(() => KIT.choice(params, 'n')).toThrow('parameter n: expected a choice');
});

describe("a user's strategy that passed its check", () => {
  /** The example with some fields replaced, as a run with these parameters finds it. */
  const found = (fields: object, work: (definition: Definition, params: Params) => unknown): string => {
    const definition = fromFile({ ...dip(KIT), ...fields }, { file: '/home/me/dip.mts', sha256: '' });
    try {
      work(definition, { bars: 7 });
      return 'nothing wrong';
    } catch (thrown) {
      return thrown instanceof StrategyError ? thrown.found : String(thrown);
    }
  };

  test.each<[string, object, (definition: Definition, params: Params) => unknown, string]>([
    [
      'confirmations',
      { confirmations: () => NaN },
      (d, p) => d.confirmations(p),
      'number NaN, expected a whole number',
    ],
    ['confirmations', { confirmations: () => 0 }, (d, p) => d.confirmations(p), 'number 0, expected a whole number'],
    ['votesMin', { votesMin: () => 2 }, (d, p) => d.votesMin?.(p), 'number 2, expected a whole number from 1 to 1'],
    ['votesMin', { votesMin: () => -1 }, (d, p) => d.votesMin?.(p), 'number -1, expected a whole number from 1'],
    [
      'warmup',
      { warmup: () => ({ bars: NaN, higherBars: 0 }) },
      (d, p) => d.warmup(p),
      'number NaN as bars, expected an object',
    ],
    ['votes', { votes: () => [] }, (d, p) => d.votes(p), 'a list of 0, expected a list of at least one vote'],
    [
      'check',
      { check: () => 'too fast' },
      (d, p) => d.check?.(p),
      'text "too fast", expected nothing, or an object with',
    ],
    ['create', { create: () => ({}) }, (d, p) => d.create(p), 'an object, expected create to return a strategy'],
  ])('says what is wrong with an answer for the parameters of a run: %s', (field, fields, ask, what) => {
    expect(found(fields, ask)).toContain(`dip (/home/me/dip.mts): ${field} with bars=7 gave ${what}`);
  });

  test.each<[string, (opinion: Opinion) => unknown, string]>([
    ['a vote', (opinion) => opinion.votes.fill(Infinity), 'number Infinity as rsi, expected votes of -1, 0, 1'],
    [
      'a stop',
      (opinion) => Object.assign(opinion, { stopDistance: -1 }),
      'number -1, expected a price distance, or NaN for none',
    ],
    [
      'a stop',
      (opinion) => Object.assign(opinion, { stopDistance: Infinity }),
      'number Infinity, expected a price distance',
    ],
  ])('says in which candle it wrote %s that nobody can trade on', (_what, write, what) => {
    const create = () => ({ close: (_bar: Bar, opinion: Opinion) => write(opinion) });
    const said = found({ create }, (definition, params) => opinions(definition, params, closes([10])));
    expect(said).toMatch(/^dip \(\/home\/me\/dip\.mts\): close of the candle with closeAt \d+ wrote /);
    expect(said).toContain(what);
  });

  test('may have no stop of its own in a market that stands still', () => {
    const create = () => ({ close: (_bar: Bar, opinion: Opinion) => Object.assign(opinion, { stopDistance: 0 }) });
    expect(found({ create }, (d, p) => opinions(d, p, closes([10])))).toBe('nothing wrong');
  });
});

test('a strategy that plans resting orders is refused: nobody places them yet', () => {
  const create = () => ({ close: () => {}, plan: () => [] });
  expect(messageFor({ create })).toContain('no plan: resting orders of strategies are not traded yet');
});
