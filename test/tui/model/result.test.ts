import { describe, expect, test } from 'vitest';
import { plainLine } from '../../../src/core/view/paint/plain.ts';
import { widthOf } from '../../../src/core/view/width.ts';
import type { Span } from '../../../src/tui/core.ts';
import { frameOf } from '../../../src/tui/frame.ts';
import { play } from '../support/play.ts';
import { screens } from '../support/stub.ts';

const plain = (text: string): Span => ({ text, tone: 'plain' });

describe('a result', () => {
  test.each([80, 100, 160])('takes one row a line at %i columns, and marks what it cut', (columns) => {
    const one = play();
    const lines = [
      { spans: [plain('{"seq":12,'.repeat(60))] },
      { spans: [plain('a'.repeat(70)), plain('b'.repeat(100))] },
      { spans: [plain('\u{1f600}'.repeat(90))] },
      { spans: [plain('short')] },
    ];
    const deed = { label: 'export', words: ['journal', 'export'] };
    const result = { isOk: true, summary: '', lines };
    one.send({ kind: 'ran', deed, result, shown: 'panel', at: one.at });
    const canvas = { columns, rows: 30, ascii: false, isFlat: false };
    const frame = frameOf(one.model, one.sight(), canvas, { ...screens(), at: one.at }).lines.map(plainLine);
    expect(frame.filter((line) => widthOf(line) > columns)).toEqual([]);
    const told = frame.filter((line) => /^(\{|aaa|\u{1f600}|short)/u.test(line));
    expect(told.map((line) => line.endsWith('\u2026'))).toEqual([true, true, true, false]);
  });

  test('of a step of the sandbox is a remark where its screen shows what came of it', () => {
    const ran = (screen: 'debug' | 'auto', ...words: readonly string[]) => {
      const one = play({ ui: { screen } });
      const result = { isOk: true, summary: 'position_opened  LONG', lines: [{ spans: [plain('opened')] }] };
      one.send({ kind: 'ran', deed: { label: words.join(' '), words }, result, shown: 'panel', at: one.at });
      return one.model.mode.is === 'result' ? 'panel' : one.model.message?.text;
    };
    expect(ran('debug', 'debug', 'step')).toBe('debug step: done  position_opened  LONG');
    expect(ran('debug', 'debug', 'step', '--help')).toBe('panel');
    expect(ran('debug', 'debug', 'state')).toBe('panel');
    expect(ran('debug', 'positions')).toBe('panel');
    expect(ran('auto', 'debug', 'step')).toBe('panel');
  });

  test('is no obstacle to panic', () => {
    const one = play();
    const result = { isOk: true, summary: '', lines: [{ spans: [plain('long')] }] };
    one.send({ kind: 'ran', deed: { label: 'why', words: ['why'] }, result, shown: 'panel', at: one.at });
    expect(one.press('!', 'F').lastRun()).toEqual(['panic']);
  });

  test('of the journal is read from its end, where the newest entries are; others from their beginning', () => {
    const told = (...words: readonly string[]): { top: unknown; prompt: string | undefined } => {
      const one = play();
      const lines = Array.from({ length: 50 }, (_, i) => ({ spans: [plain(`line ${i}`)] }));
      one.send({
        ...{ kind: 'ran', deed: { label: words.join(' '), words }, result: { isOk: true, summary: '', lines } },
        ...{ shown: 'panel', at: one.at },
      });
      const canvas = { columns: 80, rows: 25, ascii: false, isFlat: false };
      const { lines: frame } = frameOf(one.model, one.sight(), canvas, { ...screens(), at: one.at });
      const { mode } = one.model;
      return { top: mode.is === 'result' ? mode.top : undefined, prompt: frame.map(plainLine).at(-1)?.trim() };
    };
    expect(told('journal', 'list', '--limit', '50')).toEqual({
      top: 30,
      prompt: 'from line 31 of 50; arrows scroll, Esc closes',
    });
    expect(told('journal', 'list', '--help').top).toBe(0);
    expect(told('orders')).toEqual({ top: 0, prompt: 'from line 1 of 50; arrows scroll, Esc closes' });
  });

  test('is turned by the wheel to its last page, and at once back', () => {
    const one = play();
    const lines = Array.from({ length: 50 }, (_, i) => ({ spans: [plain(`line ${i}`)] }));
    const deed = { label: 'export', words: ['journal', 'export'] };
    one.send({ kind: 'ran', deed, result: { isOk: true, summary: '', lines }, shown: 'panel', at: one.at });
    for (let i = 0; i < 100; i++) one.send({ kind: 'wheel', block: undefined, lines: 3, at: one.at });
    expect(one.model.mode).toMatchObject({ top: 30 });
    one.send({ kind: 'wheel', block: undefined, lines: -3, at: one.at });
    expect(one.model.mode).toMatchObject({ top: 27 });
  });
});
