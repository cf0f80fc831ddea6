import { harmless } from './input.ts';

/** A line that is being typed: its text, and where the cursor stands in it, in characters. */
export interface TypedLine {
  readonly text: string;
  readonly at: number;
}

export const emptyLine: TypedLine = { text: '', at: 0 };

/** A line with the cursor at its end. */
export const lineOf = (text: string): TypedLine => ({ text, at: Array.from(text).length });

const LENGTH_MAX = 400;

/** Puts text in at the cursor; control characters in it are dropped. */
export function insert(line: TypedLine, text: string): TypedLine {
  const glyphs = Array.from(line.text);
  const added = Array.from(harmless(text)).slice(0, Math.max(0, LENGTH_MAX - glyphs.length));
  return {
    text: [...glyphs.slice(0, line.at), ...added, ...glyphs.slice(line.at)].join(''),
    at: line.at + added.length,
  };
}

/** The line after a key that edits it; undefined where the key does not. */
export function edit(line: TypedLine, name: string): TypedLine | undefined {
  const length = Array.from(line.text).length;
  switch (name) {
    case 'left':
      return { ...line, at: Math.max(0, line.at - 1) };
    case 'right':
      return { ...line, at: Math.min(length, line.at + 1) };
    case 'home':
    case 'ctrl-a':
      return { ...line, at: 0 };
    case 'end':
    case 'ctrl-e':
      return { ...line, at: length };
    case 'backspace':
      return cut(line, Math.max(0, line.at - 1), line.at);
    case 'delete':
      return cut(line, line.at, line.at + 1);
    case 'ctrl-u':
      return cut(line, 0, line.at);
    case 'ctrl-k':
      return cut(line, line.at, length);
    case 'ctrl-w':
      return cut(line, wordStart(line), line.at);
    default:
      return Array.from(name).length === 1 ? insert(line, name) : undefined;
  }
}

function cut(line: TypedLine, from: number, to: number): TypedLine {
  const glyphs = Array.from(line.text);
  return { text: [...glyphs.slice(0, from), ...glyphs.slice(to)].join(''), at: from };
}

function wordStart({ text, at }: TypedLine): number {
  const glyphs = Array.from(text);
  let start = at;
  while (start > 0 && glyphs[start - 1] === ' ') start -= 1;
  while (start > 0 && glyphs[start - 1] !== ' ') start -= 1;
  return start;
}
