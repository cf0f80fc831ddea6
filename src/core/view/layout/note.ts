import type { NoteBlock } from '../view.ts';
import { type Content, type ContentLine, listed } from './content.ts';
import { ink, type Pen } from './pen.ts';
import { wrapSpan } from './spans.ts';

const LINES_MIN = 2;

/** Sentences, wrapped; an empty one is a blank line. They are whole as long as there is anything that matters less. */
export function noteContent(block: NoteBlock, width: number, pen: Pen): Content {
  const body = block.lines.flatMap((line): ContentLine[] =>
    line === '' ? [{ spans: [] }] : wrapSpan(ink(pen, line, block.tone), width, pen).map((spans) => ({ spans })),
  );
  const all = listed(block, body, LINES_MIN, pen);
  return { ...all, least: (rank) => (block.rank >= rank ? Math.min(LINES_MIN, all.full) : all.full) };
}
