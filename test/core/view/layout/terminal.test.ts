import xterm from '@xterm/headless';
import fc from 'fast-check';
import { expect, it } from 'vitest';
import { clean } from '../../../../src/core/view/layout/clean.ts';
import { layout } from '../../../../src/core/view/layout/layout.ts';
import { paintAnsi } from '../../../../src/core/view/paint/ansi.ts';
import { plainLine } from '../../../../src/core/view/paint/plain.ts';
import { widthOf } from '../../../../src/core/view/width.ts';
import { anyView } from './random-view.ts';

const ROWS = 24;

const createScreen = (cols: number) => {
  const terminal = new xterm.Terminal({ cols, rows: ROWS + 1, allowProposedApi: true, convertEol: true });
  const write = (text: string): Promise<void> => new Promise((done) => terminal.write(text, done));
  const row = (index: number): string => terminal.buffer.active.getLine(index)?.translateToString(true) ?? '';
  return { write, row, column: () => terminal.buffer.active.cursorX };
};

it('every character that is let through is as wide in a terminal as it is measured', { timeout: 60_000 }, async () => {
  // So many at once that all of them fit in a line where each takes two columns.
  const batch = 100;
  const screen = createScreen(2 * batch + 1);
  const wrong: string[] = [];
  for (let first = 0x20; first < 0x20_000; first += batch) {
    const codes = Array.from({ length: batch }, (_, at) => first + at).filter((code) => code < 0xd800 || code > 0xdfff);
    const line = clean(codes.map((code) => String.fromCodePoint(code)).join(''), false);
    await screen.write(`\r\u001b[2K${line}`);
    if (screen.column() !== widthOf(line)) wrong.push(first.toString(16));
  }
  expect(wrong).toEqual([]);
});

it('a frame stands in a terminal as it was laid out, whatever its texts hold', { timeout: 60_000 }, async () => {
  const screen = createScreen(100);
  await fc.assert(
    fc.asyncProperty(anyView, async (view) => {
      const lines = layout(view, { columns: 100, rows: ROWS });
      await screen.write(`\u001b[H\u001b[2J${paintAnsi(lines, 'dark')}`);
      const shown = lines.map((_, index) => screen.row(index).trimEnd());
      expect(shown).toEqual(lines.map(plainLine));
    }),
    { numRuns: 60 },
  );
});
