import fc from 'fast-check';
import { expect, test } from 'vitest';
import { jsonLine } from '../../src/cli/json.ts';

const row = fc.oneof(fc.jsonValue(), fc.constant(undefined));
const list = fc.nat(700).chain((length) => fc.array(row, { minLength: length, maxLength: length, size: 'max' }));

test('the pieces of a line are the line', () => {
  fc.assert(
    fc.property(fc.dictionary(fc.string(), fc.oneof(row, list), { maxKeys: 4 }), (data) => {
      const plain = { ...data };
      expect([...jsonLine(plain)].join('')).toBe(`${JSON.stringify(plain)}\n`);
    }),
    { numRuns: 60 },
  );
});

test.each([
  [null],
  ['text'],
  [[1, 2]],
  [{}],
  [{ gone: undefined }],
  [{ rows: Array.from({ length: 600 }, (_, i) => i), at: new Date(0), last: undefined }],
  [
    {
      first: undefined,
      rows: Array.from({ length: 257 }, () => ({ a: 1 })),
      more: Array.from({ length: 300 }, () => 'x'),
    },
  ],
])('%# is told as JSON.stringify tells it', (data) => {
  expect([...jsonLine(data)].join('')).toBe(`${JSON.stringify(data)}\n`);
});

test('many rows are told part by part, a few at once', () => {
  const rows = Array.from({ length: 10_000 }, (_, i) => ({ row: i, text: 'x'.repeat(200) }));
  const sizes = [...jsonLine({ rows })].map((piece) => piece.length);
  expect(Math.max(...sizes)).toBeLessThan(100_000);
  expect([...jsonLine({ rows: rows.slice(0, 100) })]).toHaveLength(1);
});
