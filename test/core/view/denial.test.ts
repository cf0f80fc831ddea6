import { describe, expect, test } from 'vitest';
import { DENIAL_CODES } from '../../../src/core/risk/denial.ts';
import { denialFix, denialText } from '../../../src/core/view/denial.ts';

describe('denials in plain words', () => {
  test.each(DENIAL_CODES)('%s is said in both languages, with a cure', (code) => {
    const english = denialText({ code }, 'en');
    const russian = denialText({ code }, 'ru');
    expect(english).not.toContain(code);
    expect(english).toMatch(/^[a-z, -]+$/);
    expect(russian).toMatch(/[а-яё]/);
    expect(denialFix({ code }, 'en')).toMatch(/^[a-z]/);
    expect(denialFix({ code }, 'ru')).toMatch(/[а-яё]/);
  });

  test.each([
    ['SPREAD_WIDE', 'at most 3 bps', '4.10 bps', '4.10 bps > 3 bps'],
    ['QUOTE_STALE', 'a quote of at most 1500ms', '12s', '12s > 1.5s'],
    ['HEAT_ABOVE_MAX', 'at most 2 % of equity 10000', '250.5, 2.51 %', '2.51 % > 2 %'],
    ['REWARD_BELOW_MIN', 'at least 1.2 R after costs', '0.93 R', '0.93 R < 1.2 R'],
    ['MARGIN_INSUFFICIENT', 'at most 1000 USDT of margin (free_margin)', '66056.5 USDT', '66,056.5 USDT > 1,000 USDT'],
    ['LEVERAGE_ABOVE_MAX', '1x to 5x', '10x', '10x > 5x'],
    ['COOLDOWN', 'no pause', 'a pause for another 4m05s', '4m05s'],
    ['DAY_LOSS', 'a day within its loss limit', 'day_block, for another 5h', '5h'],
    ['ENTRIES_DAY', 'at most 20 entries a day', '20 today', '20 / 20'],
    ['QUANTITY_BELOW_MINIMUM', 'at least 0.001', '0', '0 < 0.001'],
  ])('%s: %s, found %s', (code, expected, found, numbers) => {
    expect(denialText({ code, expected, found }, 'en')).toMatch(new RegExp(`\\(${numbers.replace(/[.]/g, '\\.')}\\)$`));
    const inParentheses = (text: string): string => text.slice(text.indexOf('('));
    expect(inParentheses(denialText({ code, expected, found }, 'ru'))).toBe(`(${numbers})`);
  });

  test('a code that nobody knows is told with what was found', () => {
    expect(denialText({ code: 'NO_POSITION', expected: 'an open position', found: 'none' }, 'en')).toBe(
      'NO_POSITION: none, an open position',
    );
  });
});
