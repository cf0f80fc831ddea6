import { describe, expect, test } from 'vitest';
import { BreakoutVoice, CrossVoice, DirectionVoice } from '../../../src/core/strategy/trend-voices.ts';

describe('a cross', () => {
  const voice = (memory: number, differences: number[]): number[] => {
    const cross = new CrossVoice(memory);
    return differences.map((difference) => cross.update(difference));
  };

  test.each([
    ['the first side is no cross', 2, [1, 2, 3], [0, 0, 0]],
    ['speaks on the cross and for the closes after it that were asked for', 2, [-1, 1, 1, 1, 1], [0, 1, 1, 1, 0]],
    ['a memory of 0 is the cross alone', 0, [-1, 1, 1, -1], [0, 1, 0, -1]],
    ['equal averages keep the side and cross nothing', 1, [-1, 0, 0, 1, 0], [0, 0, 0, 1, 1]],
    ['crossing back speaks for the other side at once', 5, [-1, 1, -1], [0, 1, -1]],
  ])('%s', (_, memory, differences, expected) => {
    expect(voice(memory, differences)).toEqual(expected);
  });
});

describe('a breakout from 10 to 20', () => {
  const voice = (memory: number, prices: number[]): number[] => {
    const breakout = new BreakoutVoice(memory);
    return prices.map((close) => breakout.update(close, 20, 10));
  };

  test.each([
    ['nothing broke out yet', 2, [15, 20, 10], [0, 0, 0]],
    ['up, remembered for two closes', 2, [21, 15, 15, 15], [1, 1, 1, 0]],
    ['down, not remembered', 0, [9, 15], [-1, 0]],
    ['a new one begins the count again', 1, [21, 15, 22, 15, 15], [1, 1, 1, 1, 0]],
    ['the opposite one wins at once', 5, [21, 9, 15], [1, -1, -1]],
  ])('%s', (_, memory, prices, expected) => {
    expect(voice(memory, prices)).toEqual(expected);
  });

  test('is unknown without a channel', () => {
    expect(new BreakoutVoice(1).update(5, NaN, NaN)).toBeNaN();
  });
});

describe('direction between ADX 25 and 20', () => {
  test.each([
    ['enters at 25', [24.9, 25], [0, 1]],
    ['stays until it is under 20', [30, 21, 20, 19.9, 24], [1, 1, 1, 0, 0]],
    ['is unknown before ADX is', [NaN, 30], [NaN, 1]],
  ])('%s', (_, adx, expected) => {
    const direction = new DirectionVoice(25, 20);
    expect(adx.map((value) => direction.update(value, 30, 10))).toEqual(expected);
  });

  test('speaks for the larger indicator, for none where they are equal', () => {
    const direction = new DirectionVoice(25, 20);
    expect([direction.update(30, 10, 30), direction.update(30, 20, 20)]).toEqual([-1, 0]);
  });
});
