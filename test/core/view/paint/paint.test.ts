import { describe, expect, it } from 'vitest';
import { layout } from '../../../../src/core/view/layout/layout.ts';
import { paintAnsi } from '../../../../src/core/view/paint/ansi.ts';
import { paintHtml } from '../../../../src/core/view/paint/html.ts';
import { paintPlain } from '../../../../src/core/view/paint/plain.ts';
import { paintSvg } from '../../../../src/core/view/paint/svg.ts';
import { THEMES, themeOf } from '../../../../src/core/view/paint/theme.ts';
import type { Line } from '../../../../src/core/view/view.ts';
import { auto } from '../layout/sample.ts';

const lines: Line[] = [
  {
    spans: [
      { text: 'SL ', tone: 'muted' },
      { text: '-1.42 % ', tone: 'bad', isBold: true },
      { text: '  ', tone: 'plain' },
    ],
  },
  { spans: [{ text: 'a<b>&"c" ', tone: 'plain', isInverse: true }] },
  { spans: [] },
];

describe('painters', () => {
  it('plain: text alone, without blanks at the end', () => {
    expect(paintPlain(lines)).toBe('SL -1.42 %\na<b>&"c"\n\n');
  });

  it('ansi: each style begins and ends in its line', () => {
    expect(paintAnsi(lines, 'dark')).toBe(
      '\x1b[38;5;245mSL \x1b[0m\x1b[1;38;5;203m-1.42 % \x1b[0m  \n\x1b[7ma<b>&"c" \x1b[0m\n\n',
    );
  });

  it('ansi without colours: bold and inverse only', () => {
    expect(paintAnsi(lines, 'none')).toBe('SL \x1b[1m-1.42 % \x1b[0m  \n\x1b[7ma<b>&"c" \x1b[0m\n\n');
  });

  it('html: one block, escaped', () => {
    expect(paintHtml(lines)).toBe('<pre>SL -1.42 %\na&lt;b&gt;&amp;&quot;c&quot;\n</pre>');
  });

  it.each(THEMES)('the hexes of theme %s are those of its 256 colours', (name) => {
    const level = [0, 0x5f, 0x87, 0xaf, 0xd7, 0xff];
    const hexOf = (ansi: number): string => {
      const parts =
        ansi >= 232
          ? [0, 0, 0].map(() => 8 + (ansi - 232) * 10)
          : [36, 6, 1].map((unit) => level[Math.floor((ansi - 16) / unit) % 6] ?? 0);
      return `#${parts.map((part) => part.toString(16).padStart(2, '0')).join('')}`;
    };
    for (const colour of Object.values(themeOf(name).tones)) expect(colour.hex).toBe(hexOf(colour.ansi));
  });

  it('gain and loss are blue and orange where red and green are not told apart', () => {
    const { good, bad } = themeOf('blue-orange').tones;
    expect([good?.hex, bad?.hex]).toEqual(['#5fafff', '#ff8700']);
  });
});

describe('pictures', () => {
  const svg = paintSvg(layout(auto, { columns: 120, rows: 40 }), { theme: 'dark', columns: 120, title: 'Auto <1>' });

  it('are whole: every element is closed, nothing comes from elsewhere', () => {
    const open: string[] = [];
    for (const [, close, name, rest] of svg.matchAll(/<(\/?)([a-z]+)([^>]*)>/g)) {
      if (close === '/') expect(open.pop()).toBe(name);
      else if (!(rest ?? '').endsWith('/')) open.push(name ?? '');
    }
    expect(open).toEqual([]);
    expect(svg.match(/https?:[^"]*/g)).toEqual(['http://www.w3.org/2000/svg']);
    expect(svg).toContain('aria-label="Auto &lt;1&gt;"');
  });

  it('have each text at its column, whatever the font', () => {
    const picture = paintSvg([{ spans: [{ text: 'ab  \u5e01\u2502c', tone: 'good' }] }], { theme: 'light' });
    const places = [...picture.matchAll(/<text x="([\d.]+)"[^>]*>([^<]*)</g)].map(([, x, text]) => [Number(x), text]);
    const at = (column: number): number => Math.round((16 + column * 8.4) * 100) / 100;
    expect(places).toEqual([
      [at(0), 'ab'],
      [at(4), '\u5e01'],
      [at(7), 'c'],
    ]);
    expect(picture).toContain('textLength="16.8"');
    expect(picture).toContain('<path d="M70 16h1.2');
    expect(picture).toContain('viewBox="0 0 99.2 50"');
  });

  it('draw boxes, bars, candles and braille as shapes', () => {
    const glyphs = '\u2500\u2502\u250c\u2503\u257b\u257f\u2588\u2581\u28ff\u2504';
    const picture = paintSvg([{ spans: [{ text: glyphs, tone: 'plain' }] }], { theme: 'dark' });
    expect(picture).not.toContain('<text');
    expect(picture.match(/M/g)?.length).toBeGreaterThan(20);
  });
});
