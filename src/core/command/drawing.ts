import { clean } from '../view/layout/clean.ts';
import { pad, printable, widthOf, wrap } from '../view/width.ts';
import type { Block, Cell, Column, Fact, Tone } from './outcome.ts';

/** A stretch of text with one meaning. */
export interface Span {
  readonly text: string;
  readonly tone: Tone | 'head';
}
/** A line of a terminal, from left to right. */
export type Line = readonly Span[];

const GAP = '  ';
/** A phone: cut cells would say nothing there. */
const NARROW = 60;

/** What is drawn on: `ascii` where no character may be beyond that. */
export interface Paper {
  readonly columns: number;
  readonly ascii: boolean;
}

/** A block as lines of at most `columns` columns for a terminal. A backtest has a painter of its own. */
export function draw(block: Exclude<Block, { kind: 'backtest' | 'view' }>, paper: Paper): Line[] {
  switch (block.kind) {
    case 'table':
      return table(block.columns, block.rows, block.empty, paper);
    case 'facts':
      return facts(block.title, block.facts, paper);
    case 'text':
      return block.lines.map((text) => [{ text: inked(text, paper), tone: 'plain' }]);
    case 'prose':
      return block.lines.flatMap((text) => hanging(inked(text, paper), paper));
  }
}

/** A text as it may be drawn; before it is measured. */
const inked = (text: string, { ascii }: Paper): string => (ascii ? clean(text, true) : printable(text));

/** A line of prose keeps its indent when it wraps, and two columns more. A line without one is a heading. */
function hanging(text: string, { columns, ascii }: Paper): Line[] {
  const indent = text.length - text.trimStart().length;
  const [first = '', ...rest] = wrap(text, Math.max(20, columns - indent - 2), ascii);
  const tone = indent === 0 ? 'head' : 'plain';
  const blanks = ' '.repeat(indent);
  return [[{ text: blanks + first, tone }], ...rest.map((line): Line => [{ text: `${blanks}  ${line}`, tone }])];
}

function table(columns: readonly Column[], rows: readonly (readonly Cell[])[], empty: string, paper: Paper): Line[] {
  const { columns: width, ascii } = paper;
  if (rows.length === 0) return [[{ text: inked(empty, paper), tone: 'muted' }]];
  const titles = columns.map(({ title }) => inked(title, paper));
  const textOf = (cell: Cell | undefined): string => inked(cell?.text ?? '', paper);
  const natural = columns.map((_column, i) =>
    Math.max(widthOf(titles[i] ?? ''), ...rows.map((row) => widthOf(textOf(row[i])))),
  );
  const shown = fitting(columns, natural, width);
  const widths = shares(shown, natural, width);
  const isCut = shown.slice(0, -1).some((i, k) => (widths[k] as number) < (natural[i] as number));
  if (isCut && width < NARROW) return stacked(titles, rows, paper);
  const head = shown.map((i, k) => pad(titles[i] ?? '', widths[k] as number, columns[i]?.align, ascii)).join(GAP);
  const lines = rows.map(
    (row): Line =>
      shown.flatMap((i, k) => {
        const text = pad(textOf(row[i]), widths[k] as number, columns[i]?.align, ascii);
        return [{ text: k === shown.length - 1 ? text.trimEnd() : text + GAP, tone: row[i]?.tone ?? 'plain' }];
      }),
  );
  return [[{ text: head.trimEnd(), tone: 'head' }], ...lines];
}

/** Each row as a sentence of its cells, which wraps. */
function stacked(titles: readonly string[], rows: readonly (readonly Cell[])[], paper: Paper): Line[] {
  const flowing = (texts: readonly string[], tone: Span['tone']): Line[] => {
    const told = texts.filter((text) => text !== '').join(' ');
    const [first = '', ...rest] = wrap(told, paper.columns - GAP.length, paper.ascii);
    return [[{ text: first, tone }], ...rest.map((text): Line => [{ text: GAP + text, tone }])];
  };
  const toneOf = (row: readonly Cell[]): Tone => row.find(({ tone = 'plain' }) => tone !== 'plain')?.tone ?? 'plain';
  const sentences = rows.flatMap((row) =>
    flowing(
      row.map(({ text }) => inked(text, paper)),
      toneOf(row),
    ),
  );
  return [...flowing(titles, 'head'), ...sentences];
}

const totalOf = (shown: readonly number[], natural: readonly number[]): number =>
  shown.reduce((sum, i) => sum + (natural[i] as number), 0) + GAP.length * Math.max(0, shown.length - 1);

/** Drops the columns of the highest rank until the rest fits. */
function fitting(columns: readonly Column[], natural: readonly number[], width: number): number[] {
  let shown = columns.map((_column, i) => i);
  for (;;) {
    const highest = Math.max(...shown.map((i) => columns[i]?.rank ?? 0));
    if (highest === 0 || totalOf(shown, natural) <= width) return shown;
    shown = shown.filter((i) => (columns[i]?.rank ?? 0) < highest);
  }
}

/** The last column gives way first, to 20 columns; after it the widest ones. */
function shares(shown: readonly number[], natural: readonly number[], width: number): number[] {
  const widths = shown.map((i) => natural[i] as number);
  let over = totalOf(shown, natural) - width;
  const last = widths.length - 1;
  if (over > 0) {
    const given = Math.min(over, Math.max(0, (widths[last] as number) - 20));
    widths[last] = (widths[last] as number) - given;
    over -= given;
  }
  while (over > 0) {
    const widest = widths.indexOf(Math.max(...widths));
    if ((widths[widest] as number) <= 4) break;
    widths[widest] = (widths[widest] as number) - 1;
    over--;
  }
  return widths;
}

function facts(title: string | undefined, given: readonly Fact[], paper: Paper): Line[] {
  const named = given.map(({ title: name, cell }) => ({ name: inked(name, paper), cell }));
  const widest = Math.max(...named.map(({ name }) => widthOf(name)), 0);
  const room = Math.max(10, paper.columns - widest - GAP.length);
  const lines = named.flatMap(({ name, cell }) => {
    const [first = '', ...rest] = wrap(inked(cell.text, paper), room, paper.ascii);
    const tone = cell.tone ?? 'plain';
    const head: Line = [
      { text: pad(name, widest) + GAP, tone: 'muted' },
      { text: first, tone },
    ];
    return [head, ...rest.map((text): Line => [{ text: ' '.repeat(widest + GAP.length) + text, tone }])];
  });
  return title === undefined ? lines : [[{ text: inked(title, paper), tone: 'head' }], ...lines];
}
