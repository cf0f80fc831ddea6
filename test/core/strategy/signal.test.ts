import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { createVerdict, judge, type Side, sideWord, strengthOf } from '../../../src/core/strategy/signal.ts';

const verdict = (votes: number[], weights = votes.map(() => 1), votesMin?: number) =>
  judge(Float64Array.from(votes), Float64Array.from(weights), createVerdict(), votesMin);

describe('judge', () => {
  test.each([
    ['all buy', [1, 1, 1], undefined, 1, 1],
    ['all sell', [-1, -1], undefined, -1, 1],
    ['silence is a HOLD and counts as warm', [1, 0, 0, 0], undefined, 1, 0.25],
    ['two against two is a HOLD', [1, 1, -1, -1], undefined, 0, 0],
    ['nobody has an opinion', [0, 0], undefined, 0, 0],
    ['the heavier voice wins', [1, 1, -1], [1, 1, 3], -1, 0.6],
    ['what is not warm has no weight', [1, NaN, 1, NaN], undefined, 1, 1],
    ['nothing is warm', [NaN, NaN], undefined, 0, 0],
    ['0.1 + 0.2 against 0.3 is a tie, whatever doubles say', [1, 1, -1], [0.1, 0.2, 0.3], 0, 0],
    ['a voice of weight 0 is silent', [-1, 1, 1], [5, 0, 0], -1, 1],
  ])('%s', (_, votes, weights, side, confidence) => {
    const told = verdict(votes, weights);
    expect([told.side, told.confidence]).toEqual([side, confidence]);
  });

  test('needs as many agreeing votes as asked, and says how many there were', () => {
    const votes = [1, 1, 1, 0, -1, NaN];
    expect(verdict(votes, undefined, 3)).toMatchObject({ side: 1, lean: 1, agreeing: 3, warm: 5, confidence: 0.6 });
    expect(verdict(votes, undefined, 4)).toMatchObject({ side: 0, lean: 1, agreeing: 3, warm: 5, confidence: 0 });
  });

  test('a voice of weight 0 is not among those that agree', () => {
    expect(verdict([1, 1, -1], [1, 0, 0], 2)).toMatchObject({ side: 0, lean: 1, agreeing: 1, warm: 1 });
  });

  test('4 of 6 is a normal buy of 0.67, as the screen shows it', () => {
    const told = verdict([1, 1, 1, 1, -1, 0], undefined, 4);
    expect(told).toMatchObject({ side: 1, agreeing: 4, strength: 'normal' });
    expect(told.confidence).toBeCloseTo(0.67, 2);
  });

  test('a verdict is overwritten whole', () => {
    const out = verdict([1, 1, 1]);
    judge(Float64Array.of(NaN), Float64Array.of(1), out);
    expect(out).toEqual(createVerdict());
  });

  test('opposite votes give the opposite side, and confidence is a share', () => {
    const votes = fc.array(fc.constantFrom(-1, 0, 1, NaN), { maxLength: 8 });
    fc.assert(
      fc.property(votes, fc.integer({ min: 1, max: 8 }), (given, votesMin) => {
        const told = verdict(given, undefined, votesMin);
        const opposite = verdict(
          given.map((vote) => -vote),
          undefined,
          votesMin,
        );
        expect(opposite.side + told.side).toBe(0);
        expect(told.confidence).toBeGreaterThanOrEqual(0);
        expect(told.confidence).toBeLessThanOrEqual(1);
        if (told.side !== 0) expect(told.agreeing).toBeGreaterThanOrEqual(votesMin);
      }),
    );
  });
});

test.each([
  [0.59, 'weak'],
  [0.6, 'normal'],
  [3 / 5, 'normal'],
  [0.79, 'normal'],
  [0.8, 'strong'],
  [1, 'strong'],
])('confidence %d is %s', (confidence, strength) => {
  expect(strengthOf(confidence)).toBe(strength);
});

test('sides have words', () => {
  expect(([1, -1, 0] as Side[]).map(sideWord)).toEqual(['BUY', 'SELL', 'HOLD']);
});
