import type { Line, Locale, Pictures, View } from '../core.ts';

/** Columns of a phone. */
export const COLUMNS = 38;
/** Characters of a post as Telegram takes it. */
const POST_CHARS_MAX = 4_096;
/** What the screen itself may take of it, escaped: the rest is for what is said beneath it. */
const PAGE_CHARS_MAX = 3_400;
/** Lines that are seen without scrolling; a screen that is a little longer is shown whole. */
const ROWS = 22;
const ROWS_WHOLE = 28;

/** What pages are made with. */
export interface Paper {
  readonly pictures: Pictures;
  readonly locale: Locale;
}

/**
 * A view as pages of lines, none wider than a phone: the first has what matters most without scrolling, the others have
 * everything, cut between blocks. A view that fits is one page.
 */
export function pagesOf(view: View, paper: Paper, isWhole = false): readonly (readonly string[])[] {
  const { pictures, locale } = paper;
  const texts = (lines: readonly Line[]): string[] => lines.map(pictures.plainLine);
  const size = { columns: COLUMNS, locale };
  const all = texts(pictures.layout(view, size));
  if (all.length <= ROWS_WHOLE && charsOf(all, paper) <= PAGE_CHARS_MAX) return [all];
  const head = texts(pictures.layout({ ...view, blocks: [] }, size));
  const parts = view.blocks.map((block) =>
    texts(pictures.layout({ ...view, blocks: [block] }, { ...size, isBare: true })),
  );
  const pages = packed(parts, PAGE_CHARS_MAX - charsOf(head, paper), paper).map((page) => [...head, ...page]);
  if (isWhole) return pages;
  const short = withoutEnd(texts(pictures.layout(view, { ...size, rows: ROWS })));
  return [short, ...pages];
}

/** Lines as pages, cut where they are full. */
export const pagesOfLines = (lines: readonly string[], paper: Paper): readonly (readonly string[])[] =>
  packed([lines], PAGE_CHARS_MAX, paper);

/** Parts that fit stand together; a part that is too long for a page of its own is cut between lines. */
function packed(parts: readonly (readonly string[])[], charsMax: number, paper: Paper): readonly string[][] {
  const pages: string[][] = [];
  let page: string[] = [];
  let chars = 0;
  const turn = (): void => {
    if (page.length > 0) pages.push(page);
    page = [];
    chars = 0;
  };
  for (const part of parts) {
    if (chars + charsOf(part, paper) > charsMax) turn();
    for (const line of part) {
      const own = charsOf([line], paper);
      if (chars + own > charsMax) turn();
      page.push(line);
      chars += own;
    }
  }
  turn();
  return pages.length === 0 ? [[]] : pages;
}

const charsOf = (lines: readonly string[], { pictures }: Paper): number =>
  lines.reduce((sum, line) => sum + pictures.escapeXml(line).length + 1, 0);

function withoutEnd(lines: readonly string[]): string[] {
  const last = lines.findLastIndex((line) => line.trim() !== '');
  return lines.slice(0, last + 1);
}

/** Sentences of anybody as lines of a phone. */
export const wrapped = (texts: readonly string[], { pictures }: Paper): readonly string[] =>
  texts.flatMap((text) => pictures.wrap(pictures.clean(text, false), COLUMNS));

/** Lines as one post: all of it escaped, in one `<pre>`; what is too long is left out before the last line. */
export function htmlOf(lines: readonly string[], foot: string, { pictures }: Paper): string {
  const end = pictures.escapeXml(pictures.clean(foot, false));
  const kept: string[] = [];
  let chars = '<pre></pre>'.length + end.length;
  for (const line of lines) {
    const html = pictures.escapeXml(line);
    chars += html.length + 1;
    if (chars > POST_CHARS_MAX) break;
    kept.push(html);
  }
  return `<pre>${[...kept, end].join('\n')}</pre>`;
}

/** `as of 07:41:09 UTC`; what is not known is `?`. */
export const clockOf = (at: number | null, offsetMinutes: number): string =>
  at === null ? '?' : new Date(at + offsetMinutes * 60_000).toISOString().slice(11, 19);
