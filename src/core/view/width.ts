/** Ranges of code points that take two columns: CJK, Hangul, full-width forms, emoji. Pairs of first and last. */
const WIDE = [
  0x1100, 0x115f, 0x2e80, 0x303e, 0x3041, 0xa4cf, 0xac00, 0xd7a3, 0xf900, 0xfaff, 0xfe30, 0xfe6f, 0xff00, 0xff60,
  0xffe0, 0xffe6, 0x1f300, 0x1faff, 0x20000, 0x3fffd,
];
/** Ranges that take none: the inner letters of Hangul syllables, and what joins, marks or directs its neighbours. */
const EMPTY = [0x1160, 0x11ff, 0x200b, 0x200f, 0x20d0, 0x20ff, 0xfe00, 0xfe0f];
const MARK = /[\p{Mn}\p{Me}\p{Cf}]/u;
/** Texts of which each character takes one column: Latin, Cyrillic, arrows, boxes, braille. */
const SINGLE =
  /^[ -~\u00a1-\u00ac\u00ae-\u02ff\u0400-\u0482\u048a-\u052f\u2010-\u2027\u20a0-\u20bf\u2190-\u21ff\u2500-\u25fc\u2800-\u28ff]*$/;

/** Whether a text is harmless as it is, and as wide as it is long: most are, and a loop tells it faster for those in ASCII. */
export function isSingle(text: string): boolean {
  for (let i = 0; i < text.length; i++) {
    const code = text.charCodeAt(i);
    if (code < 32 || code > 126) return SINGLE.test(text);
  }
  return true;
}

/** Columns that a text takes on a terminal. */
export function widthOf(text: string): number {
  if (isSingle(text)) return text.length;
  let width = 0;
  for (const glyph of text) width += glyphWidth(glyph);
  return width;
}

function glyphWidth(glyph: string): number {
  const code = glyph.codePointAt(0) ?? 0;
  if (code < 0x300) return 1;
  if (SINGLE.test(glyph)) return 1;
  if (isWithin(code, EMPTY) || MARK.test(glyph)) return 0;
  return isWithin(code, WIDE) || /\p{Emoji_Presentation}/u.test(glyph) ? 2 : 1;
}

function isWithin(code: number, ranges: readonly number[]): boolean {
  for (let i = 0; i < ranges.length; i += 2) {
    if (code >= (ranges[i] ?? 0) && code <= (ranges[i + 1] ?? 0)) return true;
  }
  return false;
}

/** Control characters become `?`: text from outside moves no cursor. */
export function printable(text: string): string {
  let clean = '';
  for (const glyph of text) {
    const code = glyph.codePointAt(0) ?? 0;
    clean += code < 32 || (code >= 127 && code < 160) ? '?' : glyph;
  }
  return clean;
}

/** Cuts a text to at most `width` columns; where something was cut the last column says so. */
export function clip(text: string, width: number, ascii = false): string {
  if (width <= 0) return '';
  if (widthOf(text) <= width) return text;
  let kept = '';
  let used = 0;
  for (const glyph of text) {
    used += glyphWidth(glyph);
    if (used > width - 1) break;
    kept += glyph;
  }
  return kept + (ascii ? '~' : '\u2026');
}

/** Clips or pads with blanks to exactly `width` columns. */
export function pad(text: string, width: number, align: 'left' | 'right' = 'left', ascii = false): string {
  const clipped = clip(text, width, ascii);
  const blanks = ' '.repeat(Math.max(0, width - widthOf(clipped)));
  return align === 'left' ? clipped + blanks : blanks + clipped;
}

/** Breaks at blanks into lines of at most `width` columns; a longer word is clipped. */
export function wrap(text: string, width: number, ascii = false): string[] {
  const lines: string[] = [];
  let line = '';
  for (const word of text.split(' ').filter((part) => part !== '')) {
    const longer = line === '' ? word : `${line} ${word}`;
    if (line !== '' && widthOf(longer) > width) {
      lines.push(clip(line, width, ascii));
      line = word;
    } else line = longer;
  }
  if (line !== '') lines.push(clip(line, width, ascii));
  return lines;
}
