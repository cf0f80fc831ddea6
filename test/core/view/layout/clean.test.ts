import { describe, expect, it } from 'vitest';
import { sparkline } from '../../../../src/core/view/chart.ts';
import { clean } from '../../../../src/core/view/layout/clean.ts';

describe('texts from outside', () => {
  it.each([
    ['BTC/USDT 61,840.2', 'BTC/USDT 61,840.2', 'nothing to do'],
    ['\u001b[31mred\u001b[0m', '?[31mred?[0m', 'an escape sequence'],
    ['\u009b31mred', '?31mred', 'a sequence with one control character of 8 bits'],
    ['a\u0007\u0000\u007fb', 'a???b', 'control characters'],
    ['one\r\ntwo\tthree\u2028four', 'one  two three four', 'line breaks and tabs'],
    ['\u202eUSDT\u202c \u2066x\u2069', '?USDT? ?x?', 'direction overrides'],
    ['a\u200b\u200d\ufeff\u00ad\ufe0fb', 'ab', 'what is not seen'],
    ['1\u00a02\u3000\u20093', '1 2  3', 'wide and narrow blanks'],
    ['\ud83d', '?', 'half a character'],
    ['\ud83c\uddfa\ud83c\uddf8 \ud83d\ude80\u26a1', '?? ??', 'pictures, which no two terminals draw alike'],
    ['\u0301e\u0301\u0301\u0301\u0301', '\u0301e\u0301\u0301'.slice(1), 'marks without a letter, and too many'],
    [
      '\u5e01\u5b89 \u041f\u0440\u0438\u0432\u0435\u0442',
      '\u5e01\u5b89 \u041f\u0440\u0438\u0432\u0435\u0442',
      'other scripts stay',
    ],
  ])('%j become %j: %s', (text, harmless) => {
    expect(clean(text, false)).toBe(harmless);
  });

  it.each([
    [
      '\u0429\u0443\u043a\u0430, \u0451\u0436, \u0419\u043e\u0433\u0443\u0440\u0442, \u043f\u043e\u0434\u044a\u0435\u0437\u0434',
      'Shchuka, ezh, Yogurt, pod"ezd',
    ],
    ['a \u2192 b \u2026 \u00b1 5 \u2116 3', 'a -> b ~ +- 5 No. 3'],
    ['\u2591\u2588 caf\u00e9', '.# cafe'],
    [sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8), sparkline([0, 1, 2, 3, 4, 5, 6, 7], 8, true)],
    ['\u5e01 \ud83d\ude80', '? ?'],
    ['\u001b[0m', '?[0m'],
  ])('in ASCII %j become %j', (text, plain) => {
    expect(clean(text, true)).toBe(plain);
  });
});
