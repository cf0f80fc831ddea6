import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';
import { describe, expect, it } from 'vitest';
import { clipToWidth, textWidth, wrapToWidth } from '../../../../src/core/view/paint/glyph-width.ts';

/** How wide a text of the font is at size 1, by its own tables (`cmap` format 4, `hmtx`). */
function fontOf(file: string): (text: string) => number {
  const bytes = readFileSync(fileURLToPath(import.meta.resolve(`dejavu-fonts-ttf/ttf/${file}.ttf`)));
  const table = (tag: string): number => {
    const count = bytes.readUInt16BE(4);
    const at = Array.from({ length: count }, (_, i) => 12 + 16 * i).find(
      (i) => bytes.toString('latin1', i, i + 4) === tag,
    );
    return bytes.readUInt32BE((at ?? 0) + 8);
  };
  const cmap = table('cmap');
  const records = Array.from({ length: bytes.readUInt16BE(cmap + 2) }, (_, i) => cmap + 4 + 8 * i);
  const unicode = records.find((at) => bytes.readUInt16BE(at) === 3 && bytes.readUInt16BE(at + 2) === 1) ?? 0;
  const map = cmap + bytes.readUInt32BE(unicode + 4);
  const segments = bytes.readUInt16BE(map + 6) / 2;
  const word = (row: number, segment: number): number =>
    map + 14 + row * 2 * segments + (row > 0 ? 2 : 0) + 2 * segment;
  const glyph = (code: number): number => {
    for (let segment = 0; segment < segments; segment++) {
      if (bytes.readUInt16BE(word(0, segment)) < code) continue;
      const start = bytes.readUInt16BE(word(1, segment));
      if (start > code) return 0;
      const delta = bytes.readUInt16BE(word(2, segment));
      const range = bytes.readUInt16BE(word(3, segment));
      if (range === 0) return (code + delta) & 0xffff;
      return bytes.readUInt16BE(word(3, segment) + range + 2 * (code - start));
    }
    return 0;
  };
  const unitsPerEm = bytes.readUInt16BE(table('head') + 18);
  const advance = (code: number): number => bytes.readUInt16BE(table('hmtx') + 4 * glyph(code)) / unitsPerEm;
  return (text) => Array.from(text).reduce((sum, sign) => sum + advance(sign.codePointAt(0) ?? 0), 0);
}

const TEXTS = [
  'PAPER demo \u00b7 01-18 04:00 - 01-19 03:45 UTC',
  '61,515.1 TP',
  'КАПИТАЛ \u00b7 main',
  'СИМУЛЯЦИЯ',
  'на 16:39:43 UTC',
  'покупка, продажа, падение, рост',
  '\u25b2\u25bc\u25b3\u25bd\u25a0\u25a1\u2191\u2193',
];

describe('widths of glyphs', () => {
  const [regular, bold] = [fontOf('DejaVuSans'), fontOf('DejaVuSans-Bold')];

  it.each(TEXTS)('are those of the font, and never less, for %s', (text) => {
    expect(textWidth(text, 100)).toBeGreaterThan(regular(text) * 99);
    expect(textWidth(text, 100, true)).toBeGreaterThan(bold(text) * 98);
    if (/[0-9A-Za-zА-я]/.test(text)) expect(textWidth(text, 100)).toBeLessThan(regular(text) * 110);
  });

  it('cut a text that is wider than its room, and say so', () => {
    expect(clipToWidth('61,515.1', 200, 20)).toBe('61,515.1');
    const cut = clipToWidth('a long name of a market', 100, 20);
    expect(cut).toMatch(/^a long.*\u2026$/);
    expect(textWidth(cut, 20)).toBeLessThanOrEqual(100);
    expect(clipToWidth('wide', 1, 20)).toBe('');
  });

  it('break a sentence at its blanks', () => {
    const lines = wrapToWidth('no trade was closed yet', 120, 20);
    expect(lines.length).toBeGreaterThan(1);
    expect(lines.join(' ')).toBe('no trade was closed yet');
    for (const line of lines) expect(textWidth(line, 20)).toBeLessThanOrEqual(120);
  });
});
