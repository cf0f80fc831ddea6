import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { describe, expect, it } from 'vitest';
import { russianRefusal } from '../../../src/core/command/telling/outcome-words.ts';
import { REFUSALS_RU, SENTENCES_RU } from '../../../src/core/command/words/refusal.ts';

const src = resolve(import.meta.dirname, '../../../src/core');
const sources = readdirSync(src, { recursive: true, withFileTypes: true })
  .filter((entry) => entry.isFile() && entry.name.endsWith('.ts') && entry.parentPath !== join(src, 'command/words'))
  .map((entry) => readFileSync(join(entry.parentPath, entry.name), 'utf8'));

/** Codes that commands and ports refuse with. */
const codes = [
  ...new Set(
    sources.flatMap((text) => [...text.matchAll(/\brefusal\(\s*\d,\s*'([A-Z_]+)'/g)].map(([, code]) => code ?? '')),
  ),
];

const linesOf = (code: string, fix = 'wait') => russianRefusal({ code, expected: 'a', found: 'b', fix });

describe('a refusal in Russian', () => {
  it.each(codes)('%s says what is the matter', (code) => {
    expect(linesOf(code)[0]).toMatch(/^dzentra: [A-Z_]+: [\u0400-\u04ff]/);
  });

  it('sees the codes', () => {
    expect(codes.length).toBeGreaterThan(40);
  });

  it('knows no code that nothing says', () => {
    const isSaid = (code: string): boolean => sources.some((text) => text.includes(`'${code}'`));
    expect(Object.keys(REFUSALS_RU).filter((code) => !isSaid(code) && code !== 'TIMED_OUT')).toEqual([]);
  });

  it('keeps the command line of an advice, and the whole of a code that it does not know', () => {
    expect(linesOf('POSITION_OPEN', 'dzentra auto stop --keep')[3]).toBe('  решение    dzentra auto stop --keep');
    expect(linesOf('POSITION_OPEN')[3]).toBe(
      '  решение    закройте или разверните её, снимите заявку или дождитесь выхода',
    );
    expect(linesOf('NEVER_HEARD', 'did you mean why?')).toEqual([
      'dzentra: NEVER_HEARD',
      '  ожидалось  a',
      '  найдено    b',
      '  решение    возможно, why?',
    ]);
  });

  it('puts back what an English sentence holds', () => {
    const counts = SENTENCES_RU.map(([english, russian]) => [
      new RegExp(`${english.source}|`).exec('')?.length ?? 0,
      Math.max(0, ...[...russian.matchAll(/\$(\d)/g)].map(([, place]) => Number(place))),
    ]);
    expect(counts.filter(([groups = 0, used = 0]) => used >= groups)).toEqual([]);
  });
});
