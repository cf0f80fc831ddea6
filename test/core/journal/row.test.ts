import { fc, test as property } from '@fast-check/vitest';
import { describe, expect, test } from 'vitest';
import { parse } from '../../../src/core/base/decimal.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { JournalError } from '../../../src/core/journal/error.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { entryOf, GENESIS, jsonText, type Row, rowHash, rowOf } from '../../../src/core/journal/row.ts';
import { CLOSED, Scribe } from './facts.ts';

const leaf = fc.oneof(
  fc.bigInt({ min: -(10n ** 24n), max: 10n ** 24n }),
  fc.string({ unit: 'grapheme' }),
  fc.double(),
  fc.boolean(),
  fc.constantFrom(null, undefined),
);
const { body } = fc.letrec<{ body: unknown; tree: unknown }>((tie) => ({
  tree: fc.oneof({ maxDepth: 4 }, leaf, fc.array(tie('tree')), fc.dictionary(fc.string(), tie('tree'))),
  body: fc.dictionary(fc.string(), tie('tree')),
}));

const ROW: Row = {
  seq: 7,
  epoch: 1,
  run: 2,
  account: 'main',
  kind: 'order_submitted',
  v: 1,
  at: 1_746_372_840_000,
  cause: '6',
  body: '{"order":3}',
  hash: '',
};

describe('a row', () => {
  property.prop([body])('holds the text that the domain encodes', (value) => {
    expect(jsonText(value)).toBe(encode(value));
  });

  property.prop([body])('leaves what it encodes as it was', (value) => {
    const before = encode(value);
    const bigints = JSON.stringify(value, (_key, member) => (typeof member === 'bigint' ? `${member}n` : member));
    jsonText(value);
    expect(encode(value)).toBe(before);
    expect(JSON.stringify(value, (_key, member) => (typeof member === 'bigint' ? `${member}n` : member))).toBe(bigints);
  });

  test('comes back as the entry that it was made of', () => {
    const journal = createMemoryJournal();
    const scribe = new Scribe(journal);
    scribe.start(1, 'BTC/USDT:USDT');
    scribe.trade(1);
    for (const entry of journal.all) expect(entryOf({ ...rowOf(entry), hash: '' }, 'here')).toEqual(entry);
    expect(CLOSED.pnl).toBe(parse('0.15486272'));
  });

  test.each([
    ['6', 6],
    ['boot', 'boot'],
    ['BTC/USDT:USDT close 1746372840000', 'BTC/USDT:USDT close 1746372840000'],
  ])('with the cause %j names %j', (cause, expected) => {
    expect(entryOf({ ...ROW, cause }, 'here').cause).toBe(expected);
  });

  test.each([
    ['cut off JSON', '{"order":'],
    ['no JSON', 'x'],
    ['an exact value beyond the scale', '{"qty":"99999999999999999999"}'],
  ])('with %s is named', (_what, text) => {
    const read = (): unknown => entryOf({ ...ROW, body: text }, 'here');
    expect(read).toThrow(JournalError);
    expect(read).toThrow(/entry 7 is damaged/);
  });

  test.each(Object.keys(ROW).filter((column) => column !== 'hash'))('has a hash that covers its %s', (column) => {
    const value = ROW[column as keyof Row];
    const changed = { ...ROW, [column]: typeof value === 'number' ? value + 1 : `${value}x` };
    expect(rowHash(GENESIS, changed)).not.toBe(rowHash(GENESIS, ROW));
  });

  test('has a hash that covers the row before it, and where a text ends', () => {
    expect(rowHash('1'.repeat(64), ROW)).not.toBe(rowHash(GENESIS, ROW));
    const moved = { ...ROW, account: 'mainorder', kind: '_submitted' };
    expect(rowHash(GENESIS, moved)).not.toBe(rowHash(GENESIS, ROW));
  });
});
