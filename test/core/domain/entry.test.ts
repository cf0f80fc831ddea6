import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { money, parse, qty, rate } from '../../../src/core/base/decimal.ts';
import { type AnyEntry, decode, encode } from '../../../src/core/domain/entry.ts';
import { EXACT_WORDS } from '../../../src/core/domain/events.ts';
import { dayOf, weekOf } from '../../../src/core/domain/time.ts';
import { jsonText } from '../../../src/core/journal/row.ts';
import { createDebug } from '../../../src/core/lab/debug.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { filesBelow, readText } from '../../support/checkout.ts';
import { marketWith } from '../../support/engine-market.ts';
import { play } from '../../support/engine-play.ts';
import { engineScene } from '../../support/engine-scene.ts';

/** Entries of as many kinds as the engine can tell. */
function stories(): AnyEntry[] {
  const limits = { dayBlock: rate('0.001'), dayFlatten: rate('0.002'), stopCooldownMs: 60_000 };
  const debug = createDebug({ risk: { loss: { by: 'amount', amount: money('50') }, limits } });
  debug.price(100);
  debug.blockMargin();
  debug.signal(1);
  for (const at of [100, 100, 101]) debug.price(at);
  debug.funding('0.0001');
  debug.flip();
  debug.price(101);
  debug.hitStop();
  for (const at of [101, 101]) debug.price(at);
  debug.step(25 * 3_600_000);
  debug.long();
  for (const at of [101, 97.9, 97.9, 97.9]) debug.price(at);
  debug.resumeAccount();
  const taken = createDebug({ risk: { leverage: rate('20'), stop: { by: 'none' } } });
  taken.price(100);
  taken.long();
  taken.candle({ open: 100, high: 100, low: 90, close: 92 });
  const coin = createDebug({ symbol: 'BTC/USDT', costs: { takerRate: rate('0.000333') } });
  coin.price(100);
  coin.long();
  coin.price(100);
  coin.close();
  coin.price(100);
  const lost = engineScene({ faults: { losesAnswer: (_run, order) => order === 1 }, stepMs: 1_000 });
  const hand = lost.start({ risk: { ...DEFAULT_RISK, sizing: { by: 'qty', qty: qty('2') } } });
  hand.quote({ bid: 99.99, ask: 100.01 });
  lost.command({ name: 'enter', run: 1, sign: 1, noStop: false });
  for (let i = 0; i < 8; i++) hand.quote({ bid: 99.99, ask: 100.01, askQty: 1 });
  lost.command({ name: 'note', about: 3, note: 'seen' });
  lost.command({ name: 'stop_run', run: 1, position: 'flatten' });
  hand.quote({ bid: 99.99, ask: 100.01, bidQty: 0.5 });
  return [...debug.entries(), ...taken.entries(), ...coin.entries(), ...lost.entries];
}

/** Every key below a value with what stands there. */
function* members(value: unknown): Generator<readonly [key: string, value: unknown]> {
  if (typeof value !== 'object' || value === null) return;
  for (const [key, member] of Object.entries(value)) {
    if (!Array.isArray(value)) yield [key, member];
    yield* members(member);
  }
}

describe('exact words', () => {
  test('hold every exact value that the engine tells, and only such', () => {
    const told = stories();
    const kinds = new Set(told.map(({ kind }) => kind));
    expect(kinds.size).toBeGreaterThan(30);
    const found = { exact: new Set<string>(), plain: new Set<string>() };
    for (const { body } of told) {
      for (const [key, value] of members(body)) {
        if (typeof value === 'bigint') found.exact.add(key);
        else if (value !== undefined && typeof value !== 'object') found.plain.add(key);
      }
    }
    expect([...found.exact].filter((word) => !EXACT_WORDS.has(word))).toEqual([]);
    expect([...found.plain].filter((word) => EXACT_WORDS.has(word))).toEqual([]);
    expect(found.exact.size).toBeGreaterThan(50);
  });

  test('hold every field of the domain that is typed as exact', () => {
    const typed = new Set<string>();
    for (const file of filesBelow('src/core/domain')) {
      for (const [, word] of readText(file).matchAll(/(\w+)\??: (?:Money|Price|Qty|Rate)\b(?! \|[^u])/g))
        typed.add(word ?? '');
    }
    expect(typed.size).toBeGreaterThan(50);
    expect([...typed].filter((word) => !EXACT_WORDS.has(word))).toEqual([]);
  });

  test('go to text and back: encode and decode are inverse over whole journals', () => {
    for (const entry of stories()) {
      const back: AnyEntry = decode(encode(entry));
      expect(encode(back)).toBe(encode(entry));
      expect(exactOf(back)).toEqual(exactOf(entry));
      expect(jsonText(entry)).toBe(encode(entry));
    }
    fc.assert(
      fc.property(marketWith(['none', 'thin']), (market) => {
        const { entries, engine } = play(market);
        for (const value of [...entries, engine.core.state])
          expect(exactOf(decode(encode(value)))).toEqual(exactOf(value));
      }),
      { numRuns: 20 },
    );
  });

  test('are decimal text outside memory; another text under an exact word stays what it is', () => {
    expect(encode({ qty: qty('1.50'), note: 'x' })).toBe('{"qty":"1.5","note":"x"}');
    expect(decode<object>('{"qty":"1.5","price":"mid","risk":{"risk":"0.01"},"mid":"1.5","fee":"-0.25"}')).toEqual({
      qty: parse('1.5'),
      price: 'mid',
      risk: { risk: parse('0.01') },
      mid: '1.5',
      fee: parse('-0.25'),
    });
  });
});

/** Exact values with their places, in order. */
const exactOf = (value: unknown): (readonly [string, unknown])[] =>
  [...members(value)].filter(([, member]) => typeof member === 'bigint');

describe('days and weeks', () => {
  test.each([
    ['2025-01-01T00:00:00Z', '2025-01-01', '2024-12-30'],
    ['2025-01-05T23:59:59.999Z', '2025-01-05', '2024-12-30'],
    ['2025-01-06T00:00:00Z', '2025-01-06', '2025-01-06'],
    ['1970-01-05T12:00:00Z', '1970-01-05', '1970-01-05'],
    ['2024-02-29T13:00:00Z', '2024-02-29', '2024-02-26'],
  ])('%s is in the day of %s and in the week of Monday %s, UTC', (at, day, week) => {
    expect(dayOf(Date.parse(at))).toBe(Date.parse(day));
    expect(weekOf(Date.parse(at))).toBe(Date.parse(week));
  });
});
