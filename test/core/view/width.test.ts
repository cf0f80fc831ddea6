import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { clip, pad, printable, widthOf, wrap } from '../../../src/core/view/width.ts';

describe('width of text', () => {
  it.each([
    ['BTC/USDT', 8],
    ['\u043e\u0442\u043a\u0440\u044b\u0442\u043e', 7],
    ['\u6bd4\u7279\u5e01', 6],
    ['e\u0301', 1],
    ['\ud83d\ude80', 2],
    ['\u2502\u28ff', 2],
    ['', 0],
  ])('%s takes %i columns', (text, columns) => {
    expect(widthOf(text)).toBe(columns);
  });

  it('clips what does not fit, and says so', () => {
    expect([clip('position', 8), clip('position', 5), clip('position', 5, true), clip('position', 0)]).toEqual([
      'position',
      'posi\u2026',
      'posi~',
      '',
    ]);
    expect(clip('\u6bd4\u7279\u5e01', 4)).toBe('\u6bd4\u2026');
  });

  it('pads on the side that is asked for', () => {
    expect([pad('ab', 4), pad('ab', 4, 'right'), pad('abcde', 4, 'right')]).toEqual(['ab  ', '  ab', 'abc\u2026']);
  });

  it('is exactly as wide as asked, whatever the text', () => {
    const text = fc.string({ unit: fc.constantFrom('a', ' ', '\u6bd4', '\u0416', 'e\u0301', '\ud83d\ude80') });
    fc.assert(
      fc.property(
        text,
        fc.integer({ min: 0, max: 30 }),
        fc.constantFrom('left' as const, 'right' as const),
        (s, width, align) => {
          expect(widthOf(pad(s, width, align))).toBe(width);
        },
      ),
    );
  });

  it('lets no text from outside move the cursor', () => {
    expect(printable('a\u001b[2Jb\r\n\u009bc')).toBe('a?[2Jb???c');
  });

  it('wraps at blanks and loses no word', () => {
    expect(wrap('one two  three four', 9)).toEqual(['one two', 'three', 'four']);
    expect(wrap('a unbreakable', 6)).toEqual(['a', 'unbre\u2026']);
    expect(wrap('', 6)).toEqual([]);
  });
});
