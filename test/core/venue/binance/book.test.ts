import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { type Book, createBook } from '../../../../src/core/venue/binance/book.ts';
import type { DiffTick } from '../../../../src/core/venue/binance/frames.ts';

type Rows = readonly (readonly [price: number, qty: number])[];

function diff(ids: readonly [first: number, last: number, prev?: number], bids: Rows = [], asks: Rows = []): DiffTick {
  const column = (rows: Rows, i: 0 | 1) => Float64Array.from(rows, (row) => row[i]);
  return {
    symbol: 'X',
    firstId: ids[0],
    lastId: ids[1],
    prevId: ids[2] ?? Number.NaN,
    bids: bids.length,
    asks: asks.length,
    bidPrice: column(bids, 0),
    bidQty: column(bids, 1),
    askPrice: column(asks, 0),
    askQty: column(asks, 1),
    venueAt: 5,
    at: 6,
  };
}

/** As many rows as any book here has: all of them are lent, so that all are compared. */
const ALL = 2_000;

const BIDS: Rows = [
  [100, 1],
  [99, 2],
  [98, 3],
];
const ASKS: Rows = [
  [101, 1],
  [102, 2],
  [103, 3],
];

function whole(levelsMax?: number): Book {
  const book = createBook('X', levelsMax, ALL);
  book.reset({ updateId: 10, bids: BIDS, asks: ASKS }, 1);
  return book;
}

const rowsOf = ({ tick }: Book): { readonly bids: Rows; readonly asks: Rows } => ({
  bids: Array.from({ length: tick.bids }, (_, i) => [tick.bidPrice[i] as number, tick.bidQty[i] as number] as const),
  asks: Array.from({ length: tick.asks }, (_, i) => [tick.askPrice[i] as number, tick.askQty[i] as number] as const),
});

describe('what follows a snapshot', () => {
  test.each([
    ['spot: the next id', [[11, 12]], ['applied']],
    ['spot: around the snapshot', [[8, 12]], ['applied']],
    [
      'spot: before the snapshot',
      [
        [5, 9],
        [10, 10],
        [11, 11],
      ],
      ['early', 'early', 'applied'],
    ],
    ['spot: one id is missing', [[12, 13]], ['gap']],
    [
      'spot: one id is missing later',
      [
        [11, 12],
        [14, 15],
      ],
      ['applied', 'gap'],
    ],
    [
      'spot: told twice',
      [
        [11, 12],
        [11, 12],
        [13, 13],
      ],
      ['applied', 'early', 'applied'],
    ],
    [
      'spot: cut at other ids by another connection',
      [
        [11, 15],
        [13, 18],
      ],
      ['applied', 'applied'],
    ],
    ['USDS-M: around the snapshot', [[8, 12, 7]], ['applied']],
    ['USDS-M: from the id on that the snapshot ends with', [[30, 40, 10]], ['applied']],
    ['USDS-M: after a hole', [[30, 40, 25]], ['gap']],
    [
      'USDS-M: ids jump, the chain holds',
      [
        [8, 12, 7],
        [50, 60, 12],
        [99, 99, 60],
      ],
      ['applied', 'applied', 'applied'],
    ],
    [
      'USDS-M: the chain breaks',
      [
        [8, 12, 7],
        [13, 60, 12],
        [99, 120, 98],
      ],
      ['applied', 'applied', 'gap'],
    ],
    [
      'nothing follows a gap',
      [
        [12, 13],
        [14, 15],
      ],
      ['gap', 'gap'],
    ],
  ] as const)('%s', (_, ids, results) => {
    const book = whole();
    expect(ids.map((three) => book.apply(diff(three)))).toEqual(results);
    expect(book.isWhole).toBe(results.at(-1) !== 'gap');
  });

  test('nothing, where there was no snapshot', () => {
    expect(createBook('X').apply(diff([1, 2]))).toBe('gap');
  });
});

describe('rows', () => {
  test('sizes are set, added and taken away on both sides, and the tick tells whose change it is', () => {
    const book = whole();
    const bids: Rows = [
      [97.5, 4],
      [98, 0],
      [99, 9],
      [100.5, 5],
    ];
    book.apply(
      diff([11, 12], bids, [
        [101, 0],
        [101.5, 7],
        [109, 0],
        [110, 1],
      ]),
    );
    expect(rowsOf(book)).toEqual({
      bids: [
        [100.5, 5],
        [100, 1],
        [99, 9],
        [97.5, 4],
      ],
      asks: [
        [101.5, 7],
        [102, 2],
        [103, 3],
        [110, 1],
      ],
    });
    expect(book.tick).toMatchObject({ symbol: 'X', updateId: 12, venueAt: 5, at: 6 });
  });

  test('a side may lose all of its rows, and get new ones', () => {
    const book = whole();
    book.apply(
      diff(
        [11, 11],
        [
          [98, 0],
          [99, 0],
          [100, 0],
        ],
      ),
    );
    expect([book.isWhole, book.tick.bids]).toEqual([true, 0]);
    book.apply(diff([12, 12], [[90, 1]]));
    expect(rowsOf(book).bids).toEqual([[90, 1]]);
  });

  test.each([
    ['a bid at the best ask', [[101, 1]], []],
    ['an ask below the best bid', [], [[99.5, 1]]],
  ] as const)('%s: crossed, and empty until the next snapshot', (_, bids, asks) => {
    const book = whole();
    expect(book.apply(diff([11, 12], bids, asks))).toBe('crossed');
    expect([book.isWhole, book.tick.bids, book.tick.asks]).toEqual([false, 0, 0]);
    book.reset({ updateId: 20, bids: BIDS, asks: ASKS }, 2);
    expect([book.isWhole, book.tick.updateId, rowsOf(book).bids]).toEqual([true, 20, BIDS]);
  });

  test.each([
    ['crossed', [[101, 1]], [[101, 1]]],
    [
      'out of order',
      [
        [99, 1],
        [100, 1],
      ],
      [],
    ],
    [
      'with a price twice',
      [],
      [
        [101, 1],
        [101, 2],
      ],
    ],
    ['with a size of zero', [[99, 0]], []],
    ['with a price that is none', [[Number.NaN, 1]], []],
  ] as const)('a snapshot that is %s is none', (_, bids, asks) => {
    const book = createBook('X');
    book.reset({ updateId: 1, bids, asks }, 1);
    expect([book.isWhole, book.tick.bids, book.tick.asks]).toEqual([false, 0, 0]);
  });
});

describe('the edge of what is known', () => {
  const side = (from: number, step: number, count: number): Rows =>
    Array.from({ length: count }, (_, i) => [from + step * i, 1] as const);
  const deep = (levelsMax: number): Book => {
    const book = createBook('X', levelsMax, ALL);
    book.reset({ updateId: 10, bids: side(1_000, -1, 50), asks: side(1_001, 1, 50) }, 1);
    return book;
  };

  test('the worst rows are let go above twice the bound, and nothing is kept beyond them any more', () => {
    const book = createBook('X', 60, ALL);
    book.reset({ updateId: 10, bids: side(1_000, -1, 50), asks: side(1_001, 1, 50) }, 1);
    book.apply(diff([11, 11], side(1_000.01, 0.01, 90)));
    expect([book.tick.bids, book.tick.bidPrice[0], book.tick.bidPrice[119]]).toEqual([120, 1_000.9, 971]);
    book.apply(
      diff(
        [12, 12],
        [
          [1_000, 0],
          [960, 1],
        ],
      ),
    );
    expect([book.tick.bids, book.tick.bidPrice[118]]).toEqual([119, 971]);
  });

  test('levels beyond the last one of the snapshot are not kept', () => {
    const book = deep(50);
    book.apply(
      diff(
        [11, 11],
        [[900, 1]],
        [
          [1_500, 1],
          [1_050, 7],
        ],
      ),
    );
    expect([book.tick.bids, book.tick.asks, book.tick.askQty[49]]).toEqual([50, 50, 7]);
  });

  test('fewer than twenty are left: a snapshot is wanted', () => {
    const gone = (count: number): Rows => side(1_000, -1, count).map(([price]) => [price, 0] as const);
    expect(deep(50).apply(diff([11, 11], gone(30)))).toBe('applied');
    expect(deep(50).apply(diff([11, 11], gone(31)))).toBe('gap');
    expect(deep(50).apply(diff([11, 11], [...gone(31), [900, 1]]))).toBe('gap');
  });

  test('a snapshot with fewer rows than asked for told the whole side', () => {
    const gone = side(1_000, -1, 49).map(([price]) => [price, 0] as const);
    expect(deep(51).apply(diff([11, 11], gone))).toBe('applied');
  });
});

test('any changes, in any order, leave what a plain map of prices has', () => {
  const change = fc.tuple(fc.integer({ min: 1, max: 120 }), fc.nat(3));
  const changes = fc.array(fc.array(change, { maxLength: 60 }), { maxLength: 12 });
  const order = fc.constantFrom('up', 'down', 'any');
  fc.assert(
    fc.property(changes, changes, order, (below, above, sorting) => {
      const book = createBook('X', 70, ALL);
      book.reset({ updateId: 0, bids: [[1_000, 1]], asks: [[1_001, 1]] }, 1);
      const [bids, asks] = [new Map([[1_000, 1]]), new Map([[1_001, 1]])];
      for (let i = 0; i < Math.max(below.length, above.length); i++) {
        const rows = (told: typeof below, from: number, step: number): Rows =>
          sorted(
            (told[i] ?? []).map(([offset, qty]) => [from + step * offset, qty] as const),
            sorting,
          );
        const [down, up] = [rows(below, 1_000.5, -0.5), rows(above, 1_000.5, 0.5)];
        expect(book.apply(diff([i + 1, i + 1], down, up))).toBe('applied');
        for (const [map, told] of [
          [bids, down],
          [asks, up],
        ] as const) {
          for (const [price, qty] of told) {
            if (qty === 0) map.delete(price);
            else map.set(price, qty);
          }
        }
        const best = (map: Map<number, number>, sign: number) => [...map].sort((a, b) => sign * (a[0] - b[0]));
        expect(rowsOf(book)).toEqual({ bids: best(bids, -1), asks: best(asks, 1) });
      }
    }),
    { numRuns: 300 },
  );
});

test.each([
  ['all of it', ALL],
  ['the best rows', 7],
])('a deep book whose price wanders leaves what a plain map has: %s', (_, lentMax) => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 2 ** 31 }), fc.constantFrom(1, 9), (seed, gapMax) => {
      const random = drawn(seed);
      const price = (ticks: number): number => Number((ticks / 10).toFixed(1));
      const [bids, asks] = [new Map<number, number>(), new Map<number, number>()];
      let mid = 50_000;
      for (let i = 0, away = 1; i < 300; i++, away += 1 + random(gapMax)) {
        bids.set(mid - away, 1 + i);
        asks.set(mid + away, 1 + i);
      }
      const levels = (map: Map<number, number>, sign: number): Rows =>
        [...map].sort((a, b) => sign * (a[0] - b[0])).map(([ticks, qty]) => [price(ticks), qty] as const);
      const book = createBook('X', 1_000, lentMax);
      book.reset({ updateId: 0, bids: levels(bids, -1), asks: levels(asks, 1) }, 1);
      for (let id = 1; id <= 120; id++) {
        mid += random(31) - 15;
        const change = (map: Map<number, number>, sign: number): Rows => {
          const told = [...map.keys()].filter((ticks) => sign * (ticks - mid) <= 0 || sign * (ticks - mid) > 2_000);
          const news = [
            ...told.map((ticks) => [ticks, 0] as const),
            ...Array.from({ length: random(40) }, () => [mid + sign * (1 + random(600)), random(3)] as const),
          ];
          for (const [ticks, qty] of news) {
            if (qty === 0) map.delete(ticks);
            else map.set(ticks, qty);
          }
          return news.map(([ticks, qty]) => [price(ticks), qty] as const);
        };
        expect(book.apply(diff([id, id], change(bids, -1), change(asks, 1)))).toBe('applied');
        expect(rowsOf(book)).toEqual({
          bids: levels(bids, -1).slice(0, lentMax),
          asks: levels(asks, 1).slice(0, lentMax),
        });
      }
    }),
    { numRuns: 8 },
  );
});

/** Whole numbers below a bound, the same for a seed. */
function drawn(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
}

function sorted(rows: Rows, how: string): Rows {
  if (how === 'any') return rows;
  return rows.toSorted((a, b) => (how === 'up' ? a[0] - b[0] : b[0] - a[0]));
}
