import type { Key } from './input.ts';
import { edit, lineOf, type TypedLine } from './line.ts';
import { browse, type Effect, type Hint, type Mode, type Model, type Step } from './model.ts';

const HISTORY_MAX = 200;

type Palette = Extract<Mode, { is: 'palette' }>;

/** Opens the palette, with words that are already there. */
export function openPalette(model: Model, text = ''): Step {
  const mode: Palette = { is: 'palette', line: lineOf(text), hints: [], back: -1, typed: text };
  return [{ ...model, mode, message: undefined }, [{ do: 'hint', text }]];
}

/** A key in the palette: it edits, completes, goes through the history, or runs the line. */
export function typePalette(model: Model, key: Key): Step {
  const { mode } = model;
  if (mode.is !== 'palette') return [model, []];
  switch (key.name) {
    case 'esc':
    case 'ctrl-c':
      return [{ ...model, mode: browse }, []];
    case 'enter':
      return key.isBurst ? [model, []] : runLine(model, mode.line.text.trim());
    case 'tab':
      return completed(model, mode);
    case 'up':
      return [{ ...model, mode: recall(model, mode, 1) }, []];
    case 'down':
      return [{ ...model, mode: recall(model, mode, -1) }, []];
    default: {
      if (key.name === 'backspace' && mode.line.text === '') return [{ ...model, mode: browse }, []];
      const line = edit(mode.line, key.name);
      return line === undefined ? [model, []] : typed(model, mode, line);
    }
  }
}

/** The palette with another line. */
export function typed(model: Model, mode: Palette, line: TypedLine): Step {
  const next: Palette = { ...mode, line, back: -1, typed: line.text };
  const effects: readonly Effect[] = line.text === mode.line.text ? [] : [{ do: 'hint', text: line.text }];
  return [{ ...model, mode: next }, effects];
}

/** Puts hints in that were asked for; those for another line come too late. */
export function hinted(model: Model, text: string, hints: readonly Hint[]): Model {
  const { mode } = model;
  return mode.is === 'palette' && mode.line.text === text ? { ...model, mode: { ...mode, hints } } : model;
}

/** What all hints begin with is typed; where that is nothing more, the first of them. */
function completed(model: Model, mode: Palette): Step {
  const [first] = mode.hints;
  if (first === undefined) return [model, []];
  const shared = mode.hints.map(({ text }) => text).reduce(commonStart);
  const isOnly = mode.hints.length === 1;
  const text = isOnly ? `${first.text} ` : shared.length > mode.line.text.length ? shared : first.text;
  return typed(model, mode, lineOf(text));
}

function commonStart(a: string, b: string): string {
  let length = 0;
  while (length < a.length && a[length] === b[length]) length += 1;
  return a.slice(0, length);
}

function recall({ history }: Model, mode: Palette, by: 1 | -1): Palette {
  const back = Math.max(-1, Math.min(history.length - 1, mode.back + by));
  const text = back === -1 ? mode.typed : (history[history.length - 1 - back] ?? '');
  return { ...mode, back, line: lineOf(text), hints: [] };
}

function runLine(model: Model, text: string): Step {
  if (text === '') return [{ ...model, mode: browse }, []];
  const history = [...model.history.filter((line) => line !== text), text].slice(-HISTORY_MAX);
  const deed = { label: text, words: wordsOf(text) };
  return [{ ...model, mode: browse, history, busy: model.busy + 1 }, [{ do: 'run', deed, shown: 'panel' }]];
}

const DOUBLE = String.raw`"((?:\\.|[^"\\])*)"`;
const SINGLE = "'([^']*)'";
const WORD = new RegExp(String.raw`(?:${DOUBLE}|${SINGLE}|\\.|\S)+`, 'g');
const QUOTED = new RegExp(String.raw`${DOUBLE}|${SINGLE}|\\(.)`, 'g');

/**
 * Words of a line as a POSIX shell parts them: quotes anywhere in a word hold blanks together, a backslash takes what
 * follows as it is; a quote that is not closed is a letter. A leading `dzentra` is what habit types.
 */
export function wordsOf(text: string): readonly string[] {
  const words = (text.match(WORD) ?? []).map((word) =>
    word.replace(QUOTED, (_, double?: string, single?: string, bare?: string) =>
      double === undefined ? (single ?? bare ?? '') : double.replace(/\\(["\\])/g, '$1'),
    ),
  );
  return words[0] === 'dzentra' ? words.slice(1) : words;
}
