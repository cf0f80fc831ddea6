/**
 * Advance widths of DejaVu Sans in hundredths of the font size, from its `hmtx` table: printable ASCII from the blank on,
 * and Russian letters from U+0410 on.
 */
const LATIN =
  '32 40 46 84 64 95 78 27 39 39 50 84 32 36 32 34 64 64 64 64 64 64 64 64 64 64 34 34 84 84 84 53 100 68 69 70 77 63 58 77 75 29 29 66 56 86 75 79 60 79 69 63 61 73 68 99 69 61 69 39 34 39 84 50 50 61 63 55 63 62 35 63 63 28 28 58 28 97 63 61 63 63 41 52 39 63 59 82 59 59 52 64 34 64 84';
const CYRILLIC =
  '68 69 69 61 78 63 108 64 75 75 71 75 86 75 79 75 60 70 61 61 86 69 78 69 107 109 83 88 69 70 108 69 61 62 59 53 69 62 90 53 65 65 60 64 75 65 61 65 63 55 58 59 85 59 68 59 92 94 71 79 59 55 84 60';
const numbers = (line: string): readonly number[] => line.split(' ').map(Number);
const TABLES = [
  [0x20, numbers(LATIN)],
  [0x410, numbers(CYRILLIC)],
] as const;
/** Arrows, triangles and whatever else: as wide as the wider ones. */
const OTHER = 84;
/** Bold letters are wider by at most so much where a text has a few of them. */
const BOLD = 1.13;

/** About how wide a text of DejaVu Sans is, in the unit of its size. */
export function textWidth(text: string, size: number, isBold = false): number {
  let width = 0;
  for (const glyph of text) width += advanceOf(glyph.codePointAt(0) ?? 0);
  return ((width * size) / 100) * (isBold ? BOLD : 1);
}

function advanceOf(code: number): number {
  for (const [first, widths] of TABLES) {
    const width = widths[code - first];
    if (width !== undefined) return width;
  }
  return OTHER;
}

/** Cuts a text that is wider than its room; the last character says so. */
export function clipToWidth(text: string, room: number, size: number, isBold = false): string {
  if (textWidth(text, size, isBold) <= room) return text;
  let kept = '';
  for (const glyph of text) {
    if (textWidth(`${kept}${glyph}\u2026`, size, isBold) > room) break;
    kept += glyph;
  }
  return kept === '' ? '' : `${kept.trimEnd()}\u2026`;
}

/** Breaks a text at blanks into lines that fit into their room. */
export function wrapToWidth(text: string, room: number, size: number): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line === '' || textWidth(longer, size) <= room) line = longer;
    else {
      lines.push(line);
      line = word;
    }
  }
  return [...lines, line].filter((each) => each !== '').map((each) => clipToWidth(each, room, size));
}
