import fc from 'fast-check';
import type { Size } from '../../../../src/core/view/layout/layout.ts';
import type { Action, Block, Cell, Column, Fact, Tone, View } from '../../../../src/core/view/view.ts';

const TONES: readonly Tone[] = ['plain', 'good', 'bad', 'warn', 'muted', 'accent'];
/** What symbols, reasons and errors of others may hold. */
const NASTY = [
  '\u001b[31m',
  '\u009b2J',
  '\u202e',
  '\u200d',
  '\n',
  '\t',
  '\u5e01\u5b89',
  '\ud83d\ude80',
  'e\u0301',
  '\ud800',
  '\u0634',
  '\u00a0',
];

/** Amounts as screens write them. */
const number = fc
  .tuple(fc.constantFrom('', '+', '-'), fc.bigInt({ min: 0n, max: 10n ** 16n }), fc.integer({ min: 0, max: 99 }))
  .map(([sign, whole, part]) => `${sign}${whole}.${String(part).padStart(2, '0')}`);
const huge = fc.bigInt({ min: 10n ** 30n, max: 10n ** 60n }).map(String);
const word = fc.constantFrom(
  'a',
  'stop',
  'entries',
  'RUNNING',
  '\u043e\u0442\u043a\u0440\u044b\u0442\u0430',
  'BTC/USDT:USDT',
  '',
);
const nasty = fc.array(fc.constantFrom(...NASTY, 'x', 'yz'), { maxLength: 4 }).map((parts) => parts.join(''));

const text = fc.oneof(
  { weight: 4, arbitrary: word },
  { weight: 4, arbitrary: number },
  { weight: 1, arbitrary: huge },
  { weight: 2, arbitrary: nasty },
);
const sentence = fc.array(text, { maxLength: 12 }).map((words) => words.join(' '));
const rank = fc.option(fc.integer({ min: 0, max: 4 }), { nil: undefined });
const tone = fc.constantFrom(...TONES);

const cell: fc.Arbitrary<Cell> = fc.record({ value: fc.constant(null), text, tone });
const fact: fc.Arbitrary<Fact> = fc.record({
  name: fc.constant('f'),
  label: word,
  cells: fc.array(cell, { maxLength: 4 }),
  rank,
});
const column: fc.Arbitrary<Column> = fc.record({
  name: word,
  title: word,
  align: fc.constantFrom('left' as const, 'right' as const),
  rank,
  isFlexible: fc.boolean(),
});

const base = {
  title: fc.oneof(word, nasty, sentence),
  area: fc.constantFrom('main' as const, 'side' as const, 'wide' as const, 'half' as const),
  rank: fc.integer({ min: 0, max: 5 }),
};
const row = fc.record({ key: fc.constantFrom('1', '2', '3'), cells: fc.array(cell, { maxLength: 6 }) });
const picked = fc.constantFrom(undefined, '1', '9');

const facts = fc.record({
  ...base,
  kind: fc.constant('facts' as const),
  lines: fc.array(fc.array(fact, { maxLength: 5 }), { maxLength: 6 }),
});
const table = fc.record({
  ...base,
  kind: fc.constant('table' as const),
  columns: fc.array(column, { minLength: 1, maxLength: 6 }),
  rows: fc.array(row, { maxLength: 12 }),
  empty: sentence,
  picked,
});
const log = fc.record({
  ...base,
  kind: fc.constant('log' as const),
  lines: fc.array(row, { maxLength: 12 }),
  empty: sentence,
  picked,
});
const note = fc.record({
  ...base,
  kind: fc.constant('note' as const),
  tone,
  lines: fc.array(sentence, { maxLength: 4 }),
});
const price = fc.double({ min: 0.000_001, max: 1e9, noNaN: true });
const chart = fc.record({
  ...base,
  kind: fc.constant('chart' as const),
  empty: word,
  height: fc.integer({ min: 0, max: 20 }),
  chart: fc.oneof(
    fc.record({
      of: fc.constant('candles' as const),
      digits: fc.integer({ min: 0, max: 8 }),
      candles: fc
        .array(fc.tuple(price, price), { maxLength: 150 })
        .map((prices) =>
          prices.map(
            ([open, close], i) => [i * 60_000, open, Math.max(open, close), Math.min(open, close), close] as const,
          ),
        ),
      levels: fc.array(fc.record({ name: word, price, tone }), { maxLength: 4 }),
      last: fc.option(price),
      fills: fc.array(
        fc.record({
          at: fc.integer({ min: 0, max: 9e6 }),
          price,
          side: fc.constantFrom('buy' as const, 'sell' as const),
        }),
        { maxLength: 3 },
      ),
    }),
    fc.record({
      of: fc.constant('line' as const),
      digits: fc.integer({ min: 0, max: 8 }),
      points: fc
        .array(price, { maxLength: 100 })
        .map((values) => values.map((value, i) => [i * 60_000, value] as const)),
      reach: fc.constantFrom([], [0]),
      isArea: fc.boolean(),
    }),
    fc.record({ of: fc.constant('spark' as const), values: fc.array(fc.double(), { maxLength: 60 }) }),
  ),
});
const field = fc.record({
  name: fc.constantFrom('a', 'b'),
  label: text,
  input: word,
  placeholder: word,
  hint: sentence,
  tone,
});
const form = fc.record({
  ...base,
  kind: fc.constant('form' as const),
  fields: fc.array(field, { maxLength: 6 }),
  focused: fc.constantFrom('a', 'b'),
});

const action: fc.Arbitrary<Action> = fc.record({
  id: fc.constant('x'),
  label: fc.oneof(word, nasty),
  key: fc.constantFrom(undefined, 's', '?', 'q', '!'),
  stakes: fc.constant('none' as const),
  link: fc.constant({ to: 'screen' as const, screen: 'auto' as const }),
  disabled: fc.constantFrom(undefined, 'no engine'),
});

const withIds = (blocks: readonly Omit<Block, 'id'>[]): Block[] =>
  blocks.map((block, index) => ({ ...block, id: `b${index}` }) as Block);

const viewOf = (block: fc.Arbitrary<Omit<Block, 'id'>>): fc.Arbitrary<View> =>
  fc.record({
    screen: fc.constant('auto' as const),
    title: word,
    status: fc.array(fact, { maxLength: 7 }),
    blocks: fc.array(block, { maxLength: 7 }).map(withIds),
    actions: fc.array(action, { maxLength: 12 }),
    asOf: fc.constant(null),
  });

/** Views with all that a view may hold. */
export const anyView = viewOf(fc.oneof(facts, table, log, note, chart, form));
/** Views whose numbers are all in their texts: charts make numbers of their own, and inputs show their end. */
export const writtenView = viewOf(fc.oneof(facts, table, log, note));

export const anySize: fc.Arbitrary<Size> = fc.record({
  columns: fc.oneof(fc.integer({ min: 1, max: 230 }), fc.constantFrom(38, 79, 80, 119, 120)),
  rows: fc.option(fc.integer({ min: 0, max: 60 }), { nil: undefined }),
  ascii: fc.boolean(),
  isBare: fc.boolean(),
  isFlat: fc.boolean(),
  focus: fc.constantFrom(undefined, 'b0', 'b1'),
  scrolled: fc.constantFrom({}, { b0: 2 }, { b0: 1e9, b1: -4, b2: 1.5 }),
});
