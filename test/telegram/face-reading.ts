import type { Block, Cell, Chart, Fact, FormBlock, LogBlock, TableBlock, View } from '../../src/core/view/view.ts';

/** A part of what a face shows: a title and all that stands beneath it, in one line. */
interface Section {
  readonly title: string;
  readonly text: string;
}

/** What a person reads on a face: all of it in whole, and what stands there for a first look. */
export interface Face {
  readonly name: string;
  readonly whole: readonly Section[];
  readonly glance: readonly Section[];
}

const MARK = '\u2026';
const FRAME = /[\u2500\u2534\u252c]+/g;

const LONG_WORD = /\S{24}/;

const flat = (text: string): string => text.replace(/\s+/g, ' ').trim();
const titleOf = (text: string): string => flat(text.replace(FRAME, ' ').replace(/^ *\[(.*)\] *$/, '$1'));
const sectionOf = (title: string, lines: readonly string[]): Section => ({
  title,
  text: flat(lines.map((line) => line.replace(/^>/, '')).join(' ')),
});

/** The pages of a phone. A screen of one page is read at once; else the first is the glance, and the others are the whole. */
export function phoneFace(htmls: readonly string[]): Face {
  const pages = htmls.map((html) =>
    html
      .replace(/<[^>]*>/g, '')
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&amp;', '&')
      .split('\n')
      .slice(0, -1),
  );
  const [first = [], ...others] = pages;
  if (others.length === 0) return { name: 'phone', whole: phoneSections(first), glance: [] };
  const head = others[0]?.findIndex((line) => line.startsWith('\u2500')) ?? 0;
  const whole = others.flatMap((lines, page) => (page === 0 ? lines : lines.slice(head)));
  return { name: 'phone', whole: phoneSections(whole), glance: phoneSections(first) };
}

function phoneSections(lines: readonly string[]): Section[] {
  const parts: { title: string; lines: string[] }[] = [{ title: '', lines: [] }];
  for (const line of lines) {
    if (line.startsWith('\u2500')) parts.push({ title: titleOf(line), lines: [] });
    else parts.at(-1)?.lines.push(line);
  }
  return parts.map((part) => sectionOf(part.title, part.lines));
}

/** A frame of the terminal: the status line, panes beside each other, without the lines of tabs and keys. */
export function terminalFace(frame: string): Face {
  const lines = frame.split('\n');
  const top = lines.findIndex((line) => line.startsWith('\u250c'));
  const end = lines.findLastIndex((line) => line.startsWith('\u2514'));
  const [status = ''] = lines;
  const panes = new Map<number, { title: string; lines: string[] }>();
  const done: Section[] = [sectionOf('', [status])];
  const begin = (at: number, title: string): void => {
    const before = panes.get(at);
    if (before !== undefined) done.push(sectionOf(before.title, before.lines));
    panes.set(at, { title: titleOf(title), lines: [] });
  };
  let edges: readonly number[] = [];
  for (const line of lines.slice(top, end + 1)) {
    const isRule = /^[\u250c\u251c\u2514].*[\u2510\u2524\u2518]$/.test(line);
    if (isRule) edges = edgesOf(line);
    edges.slice(0, -1).forEach((from, nth) => {
      const piece = line.slice(from + 1, edges[nth + 1]);
      if (isRule || line[from] === '\u251c') begin(from, piece);
      else panes.get(from)?.lines.push(piece);
    });
    if (!isRule) continue;
    for (const [at, pane] of panes) {
      if (edges.includes(at) && at !== edges.at(-1)) continue;
      done.push(sectionOf(pane.title, pane.lines));
      panes.delete(at);
    }
  }
  for (const pane of panes.values()) done.push(sectionOf(pane.title, pane.lines));
  return { name: 'terminal', whole: done, glance: [] };
}

/** Columns at which a rule has an edge that goes down. */
const edgesOf = (rule: string): number[] =>
  Array.from(rule).flatMap((glyph, at) => ('\u250c\u252c\u2510\u251c\u253c\u2524'.includes(glyph) ? [at] : []));

/** What is wrong with a face of a view: facts and cells that it lacks, and numbers that are not the view's. */
export function differences(view: View, face: Face): string[] {
  const sections = [...face.whole, ...face.glance];
  const known = knownOf(view);
  const charts = view.blocks.flatMap((block) => (block.kind === 'chart' ? [block] : []));
  const foreign = sections.flatMap(({ title, text }) => {
    const chart = charts.find((block) => isShort(title, flat(block.title)))?.chart;
    const numbers = foreignIn(`${title} | ${text}`, known);
    return chart === undefined ? numbers : numbers.filter((number) => !isOnAxis(number, chart));
  });
  return [
    ...lacking(view, face.whole).map((each) => `${face.name} lacks ${each}`),
    ...foreign.map((each) => `${face.name} has ${each}, which is nowhere in the data`),
  ];
}

function lacking(view: View, sections: readonly Section[]): string[] {
  const all = sections.map(({ text }) => text).join(' | ');
  const status = view.status.filter((fact, at) => (at === 0 || fact.rank === 0) && !isLeftOut(fact));
  return [
    ...status.filter((fact) => isShown(fact) && !hasFact(fact, all)).map(factText),
    ...view.blocks.flatMap((block) => {
      const own = sections.filter(({ title }) => title !== '' && isShort(title, flat(block.title)));
      const text = own.length === 0 ? all : own.map((section) => section.text).join(' | ');
      return lackingOf(block, text).map((each) => `${block.id}: ${each}`);
    }),
  ];
}

function lackingOf(block: Block, text: string): string[] {
  switch (block.kind) {
    case 'facts':
      return block.lines
        .flat()
        .filter((fact) => isShown(fact) && !hasFact(fact, text))
        .map(factText);
    case 'table':
      return block.rows
        .slice(0, block.height)
        .filter((_, row) => !rowPattern(block, row).test(text))
        .map(({ key }) => `row ${key}`);
    case 'log':
      return logTexts(block).filter((line) => !hasClipped(text, line, Math.min(12, line.length)));
    case 'note':
      return block.lines.map(flat).filter((line) => !text.includes(line));
    case 'form':
      return block.fields.map(fieldText).filter((field) => !wordsOf(text).join(' ').includes(field));
    default:
      return [];
  }
}

/** The phone says the clock at the bottom, and nothing of no problems. */
const isLeftOut = ({ name, cells: [cell] }: Fact): boolean =>
  name === 'clock' || (name === 'problems' && cell?.value === 0);
const isShown = ({ cells }: Fact): boolean => cells.some(({ text }) => text !== '');
const textsOf = (cells: readonly Cell[]): string[] => cells.map(({ text }) => flat(text)).filter((text) => text !== '');
const factText = ({ label, cells }: Fact): string => flat([label, ...textsOf(cells)].join(' '));
const logTexts = ({ lines, height }: LogBlock): string[] =>
  lines.slice(0, height).map(({ cells }) => textsOf(cells).join(' '));

function fieldText({ label, input, placeholder, choices = [] }: FormBlock['fields'][number]): string {
  const chosen = choices.find(({ value }) => value === input)?.label ?? input;
  return wordsOf(`${label} ${chosen === '' ? untyped(placeholder) : chosen}`).join(' ');
}

/** What holds while nothing is typed stands in parentheses. */
const untyped = (placeholder: string): string => (placeholder === '' ? '' : `(${placeholder})`);

function hasFact({ label, cells }: Fact, text: string): boolean {
  const values = textsOf(cells).map(escaped).join(' ');
  const labels = label === '' ? '' : `${clipped(flat(label), 3)} `;
  if (new RegExp(`(?:^| )${labels}${values}(?: |$)`).test(text)) return true;
  // A path that is longer than a line is cut.
  const whole = factText({ name: '', label, cells });
  return LONG_WORD.test(whole) && hasClipped(text, whole, 24);
}

const hasClipped = (text: string, wanted: string, charsMin: number): boolean =>
  new RegExp(`(?:^| )${clipped(wanted, charsMin)}(?: |$)`).test(text);

const escaped = (text: string): string => text.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&');

/** A text, or so many and more of its first characters and a mark. */
function clipped(text: string, charsMin: number): string {
  const chars = Array.from(text);
  const first = chars.slice(0, charsMin).map(escaped).join('');
  const rest = chars.slice(charsMin).map(escaped);
  const cuts = rest.reduceRight((inner, char) => `(?: ?${MARK}|${char}${inner})`, '');
  return `${first}${cuts}`;
}

/** Cells of a row in their order, each with or without its title; those of rank 0 must be there. */
function rowPattern({ columns, rows }: TableBlock, row: number): RegExp {
  const parts = columns.map((column, at) => {
    const text = flat(rows[row]?.cells[at]?.text ?? '');
    if (text === '') return '';
    const own = column.isFlexible === true ? clipped(text, Math.min(3, text.length)) : escaped(text);
    const titled = column.title === '' ? own : `(?:${escaped(flat(column.title))} )?${own}`;
    return (column.rank ?? 0) === 0 ? ` (?:> )?${titled}` : `(?: ${titled})?`;
  });
  return new RegExp(`(?:^|(?= ))${parts.join('').replace(/^ /, ' ?')}(?: |$)`);
}

/** Every number of a view with the word before it; those at the beginning of a text stand behind anything. */
interface Known {
  readonly pairs: ReadonlySet<string>;
  readonly heads: ReadonlySet<string>;
}

function knownOf(view: View): Known {
  const pairs = new Set<string>();
  const heads = new Set<string>();
  const add = (texts: readonly string[]): void => {
    const ends: string[] = [];
    for (const words of texts.map(wordsOf)) {
      const [head, ...rest] = words;
      if (head === undefined) continue;
      if (ends.length === 0) heads.add(head);
      for (const end of ends) pairs.add(`${end} ${head}`);
      rest.forEach((word, at) => void pairs.add(`${at === 0 ? head : rest[at - 1]} ${word}`));
      ends.push(rest.at(-1) ?? head);
    }
  };
  const addFact = ({ label, cells }: Fact): void => add([label, ...textsOf(cells)]);
  view.status.forEach(addFact);
  for (const block of view.blocks) {
    add([block.title]);
    if (block.kind === 'facts') for (const fact of [...block.lines, ...(block.packed ?? [])].flat()) addFact(fact);
    if (block.kind === 'log') for (const { cells } of block.lines) add(textsOf(cells));
    if (block.kind === 'note') for (const line of block.lines) add([line]);
    if (block.kind === 'table') addTable(block, add);
    if (block.kind === 'form') {
      for (const { label, input, placeholder, hint, choices = [] } of block.fields) {
        add([label, input, untyped(placeholder), ...choices.map((choice) => choice.label), hint]);
      }
    }
  }
  return { pairs, heads };
}

function addTable({ columns, rows }: TableBlock, add: (texts: readonly string[]) => void): void {
  for (const { title } of columns) add([title]);
  for (const { cells } of rows) {
    add(cells.map(({ text }) => text));
    for (const [at, { title }] of columns.entries()) add([title, cells[at]?.text ?? '']);
  }
}

/** Words as they stand beside each other, whether in a field or not. */
const wordsOf = (text: string): readonly string[] => text.split(/[\s[\]<>]+/).filter((word) => word !== '');

/** Numbers, with the word before, that are not known. */
function foreignIn(text: string, { pairs, heads }: Known): string[] {
  const words = wordsOf(text);
  return words.flatMap((word, at) => {
    if (!/\d/.test(word) || heads.has(word)) return [];
    if (words[at - 1] === MARK && words[at + 1] === 'more') return [];
    const pair = `${words[at - 1] ?? ''} ${word}`;
    if (pairs.has(pair)) return [];
    const start = word.endsWith(MARK) ? word.slice(0, -1) : undefined;
    const isStart = start !== undefined && [...pairs].some((each) => each.startsWith(`${words[at - 1]} ${start}`));
    return isStart || (start !== undefined && [...heads].some((each) => each.startsWith(start))) ? [] : [pair];
  });
}

const isShort = (shown: string, title: string): boolean =>
  shown === title || (shown.endsWith(MARK) && title.startsWith(shown.slice(0, -1).trim()));

/** Whether a number, as it stands behind a word, may label an axis: between the least and the most, or a time. */
function isOnAxis(pair: string, chart: Chart): boolean {
  const word = pair.split(' ').at(-1) ?? '';
  if (/^\d\d:\d\d$|^\d\d-\d\d$/.test(word)) return chart.of !== 'spark';
  const value = Number(word.replaceAll(',', ''));
  const reach = reachOf(chart);
  const slack = (Math.max(...reach) - Math.min(...reach)) * 0.1;
  return value >= Math.min(...reach) - slack && value <= Math.max(...reach) + slack;
}

function reachOf(chart: Chart): readonly number[] {
  if (chart.of === 'spark') return chart.values;
  if (chart.of === 'line') return [...chart.points.map(([, value]) => value), ...chart.reach];
  const prices = chart.candles.flatMap(([, , high, low]) => [high, low]);
  return [...prices, ...chart.levels.map(({ price }) => price), ...(chart.last === null ? [] : [chart.last])];
}
