import type { Locale } from '../../view/language.ts';
import type { clean } from '../../view/layout/clean.ts';
import type { layout as layoutScreen } from '../../view/layout/layout.ts';
import type { Line } from '../../view/view.ts';
import { layout } from '../layout.ts';
import type { Outcome } from '../outcome.ts';
import type { Refusal } from '../refusal.ts';
import { refusalLines } from '../telling/outcome-lines.ts';

/** How a command ended, as lines for people. */
export interface Result {
  readonly isOk: boolean;
  /** The sentence for a line. */
  readonly summary: string;
  readonly lines: readonly Line[];
}

/** What makes lines of an outcome. */
export interface Painting {
  readonly pictures: { readonly layout: typeof layoutScreen; readonly clean: typeof clean };
  readonly ascii: boolean;
  columns(): number;
}

/** Nobody reads a longer sentence. */
const TEXT_MAX = 4_096;

/** A text from outside as a line: no control character is in it. */
export const textLine = ({ pictures, ascii }: Painting, text: string, isBold = false): Line => ({
  spans: [{ text: pictures.clean(text.slice(0, TEXT_MAX), ascii), tone: 'plain', ...(isBold ? { isBold } : {}) }],
});

/** Sentences; the first says it in short. */
export function toldResult(painting: Painting, isOk: boolean, texts: readonly string[]): Result {
  const clean = (text: string): string => painting.pictures.clean(text.slice(0, TEXT_MAX), painting.ascii);
  const lines = texts.map((text): Line => ({ spans: [{ text: clean(text), tone: isOk ? 'plain' : 'bad' }] }));
  return { isOk, summary: clean(texts[0] ?? ''), lines };
}

/** A refusal with its three words, a line each. */
export async function refusedResult(
  painting: Painting,
  refusal: Omit<Refusal, 'ok' | 'exit'>,
  locale?: Locale,
): Promise<Result> {
  const { code, expected, found, fix } = refusal;
  if (locale === 'ru') {
    const told = await refusalLines({ ok: false, exit: 3, code, expected, found, fix }, locale);
    const lines = told.map((line) => line.replace(/^dzentra: /, '').trim());
    return toldResult(painting, false, lines);
  }
  const { lines } = toldResult(painting, false, [
    code,
    `expected  ${expected}`,
    `found     ${found}`,
    `do        ${fix}`,
  ]);
  const { summary } = toldResult(painting, false, [`${code}: expected ${expected}, found ${found}; ${fix}`]);
  return { isOk: false, summary, lines };
}

/** An outcome behind the rows that came while it went on. */
export async function resultOf(
  painting: Painting,
  outcome: Outcome,
  rows: readonly Line[],
  locale?: Locale,
): Promise<Result> {
  switch (outcome.kind) {
    case 'refused':
      return await refusedResult(painting, outcome.refusal, locale);
    case 'timed_out':
      return toldResult(painting, false, [outcome.what, outcome.fix]);
    case 'interrupted': {
      const { lines, summary } = toldResult(painting, true, outcome.saved);
      return { isOk: true, summary, lines: [...rows, ...lines] };
    }
    default: {
      const parts = await Promise.all(outcome.blocks.map((block) => blockLines(painting, block)));
      const notes = (outcome.notes ?? []).map((note) => textLine(painting, note));
      const lines = [...rows, ...parts.flatMap((part, i) => (i === 0 ? part : [{ spans: [] }, ...part])), ...notes];
      const isOk = outcome.kind === 'done';
      const summary = outcome.blocks.map(sentence).find((text) => text !== '') ?? '';
      return { isOk, summary: painting.pictures.clean(summary, painting.ascii), lines };
    }
  }
}

type CommandBlock = Extract<Outcome, { kind: 'done' }>['blocks'][number];

/** What a block says in one line: what happened last, the facts, the first line. */
function sentence(block: CommandBlock): string {
  switch (block.kind) {
    case 'table': {
      const at = (name: string): number => block.columns.findIndex((column) => column.name === name);
      const kind = at('kind');
      // That an alert was raised of it is not what happened.
      const deeds = block.rows.filter((row) => !String(row[kind]?.value ?? '').startsWith('alert_'));
      const last = (deeds.length > 0 ? deeds : block.rows).at(-1) ?? [];
      return textOf(at('text') === -1 ? last : last.filter((_cell, i) => i === kind || i === at('text')));
    }
    case 'facts':
    case 'backtest':
      return block.facts.map(({ title, cell }) => `${title} ${cell.text}`).join('  ');
    case 'view':
      return block.view.title;
    case 'text':
    case 'prose':
      return block.lines.find((line) => line.trim() !== '') ?? '';
  }
}

/** Cells as one text. */
export const textOf = (cells: readonly { readonly text: string }[]): string =>
  cells
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join('  ');

async function blockLines(painting: Painting, block: CommandBlock): Promise<readonly Line[]> {
  const columns = painting.columns() - 2;
  const { ascii, pictures } = painting;
  if (block.kind === 'view') return pictures.layout(block.view, { columns, ascii, isBare: true, isFlat: true });
  if (block.kind === 'backtest') {
    const { renderBacktest } = await import('../../view/report.ts');
    return renderBacktest(block.view, columns, { ascii }).map((text) => textLine(painting, text));
  }
  const drawn = await layout(block, { columns, ascii });
  return drawn.map((spans) => ({
    spans: spans.map(({ text, tone }) => ({
      text: pictures.clean(text, ascii),
      tone: tone === 'head' ? 'plain' : tone,
      ...(tone === 'head' ? { isBold: true } : {}),
    })),
  }));
}
