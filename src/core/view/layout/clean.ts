import { isSingle } from '../width.ts';

const ASCII = /^[ -~]*$/;

const LINE_BREAK = /[\t-\r\u0085\u2028\u2029]/;
const BIDI = /[\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/;
/** Joiners, soft hyphens, tags, variation selectors: they would change the width of their neighbours. */
const INVISIBLE = /\p{Cf}|\p{Variation_Selector}/u;
/** Terminals do not agree on the width of these: pictures, flags, private use, parts of letters, upright forms. */
const UNSURE =
  /[\p{Cc}\p{Cs}\p{Co}\p{Cn}\p{Regional_Indicator}\p{Emoji_Presentation}\u1160-\u11ff\u2329\u232a\ufe10-\ufe19\u{1f000}-\u{1faff}]|\u06de/u;
const MARK = /\p{M}/u;
/** Marks that take no column of their own on every terminal: of Latin, Cyrillic and Thai letters. Others go. */
const isSureMark = (mark: string): boolean =>
  (mark >= '\u0300' && mark <= '\u036f') || (mark >= '\u0e31' && mark <= '\u0e4e');
/** A letter with more marks than that is no word of any language. */
const MARKS_MAX = 2;

/**
 * Makes a text harmless, whatever it holds: line breaks become blanks; control characters, direction overrides and
 * characters of unsure width become `?`; invisible ones go. With `ascii` nothing but ASCII is left, Russian in Latin
 * letters. It is the one place where that is done, and each text of a frame passes through it before it is measured.
 */
export function clean(text: string, ascii: boolean): string {
  const harmless = isSingle(text) ? text : harmlessOf(text);
  return !ascii || ASCII.test(harmless) ? harmless : inAscii(harmless);
}

function harmlessOf(text: string): string {
  let kept = '';
  let marks = MARKS_MAX;
  for (const glyph of text) {
    if (INVISIBLE.test(glyph) && !BIDI.test(glyph)) continue;
    const isMark = MARK.test(glyph);
    marks = isMark ? marks + 1 : 0;
    if (!isMark) kept += harmlessGlyph(glyph);
    else if (marks <= MARKS_MAX && isSureMark(glyph)) kept += glyph;
  }
  return kept;
}

function harmlessGlyph(glyph: string): string {
  if (isSingle(glyph)) return glyph;
  if (LINE_BREAK.test(glyph) || /\p{Zs}/u.test(glyph)) return ' ';
  return BIDI.test(glyph) || UNSURE.test(glyph) ? '?' : glyph;
}

/** Latin spellings of Russian letters, in the order of the alphabet from `а`. */
const LATIN = 'a b v g d e zh z i y k l m n o p r s t u f kh ts ch sh shch " y \' e yu ya'.split(' ');
const SIGNS: Readonly<Record<string, string>> = {
  '\u0451': 'e',
  '\u0401': 'E',
  '\u00b7': '.',
  '\u2022': '*',
  '\u2013': '-',
  '\u2014': '-',
  '\u2026': '~',
  '\u00ab': '"',
  '\u00bb': '"',
  '\u2018': "'",
  '\u2019': "'",
  '\u201c': '"',
  '\u201d': '"',
  '\u2190': '<-',
  '\u2192': '->',
  '\u2191': '^',
  '\u2193': 'v',
  '\u25b2': '^',
  '\u25bc': 'v',
  '\u25c4': '<',
  '\u25ba': '>',
  '\u25cf': '*',
  '\u25cb': 'o',
  '\u2500': '-',
  '\u2502': '|',
  '\u2581': '_',
  '\u2582': '.',
  '\u2583': '-',
  '\u2584': '=',
  '\u2585': '+',
  '\u2586': '*',
  '\u2587': '%',
  '\u2591': '.',
  '\u2592': ':',
  '\u2593': '%',
  '\u2588': '#',
  '\u2116': 'No.',
  '\u00d7': 'x',
  '\u00b1': '+-',
  '\u2264': '<=',
  '\u2265': '>=',
  '\u2248': '~',
};

function inAscii(text: string): string {
  let plain = '';
  for (const glyph of text.normalize('NFC')) {
    const letter = glyph.normalize('NFD').charAt(0);
    if (ASCII.test(glyph)) plain += glyph;
    else if (!MARK.test(glyph)) plain += SIGNS[glyph] ?? latin(glyph) ?? (ASCII.test(letter) ? letter : '?');
  }
  return plain;
}

function latin(glyph: string): string | undefined {
  const code = glyph.charCodeAt(0);
  if (code >= 0x430 && code <= 0x44f) return LATIN[code - 0x430];
  const upper = code >= 0x410 && code <= 0x42f ? LATIN[code - 0x410] : undefined;
  return upper === undefined ? undefined : upper.charAt(0).toUpperCase() + upper.slice(1);
}
