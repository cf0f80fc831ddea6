/** A stretch of a text with a look, in UTF-16 units. */
interface Entity {
  readonly type: string;
  readonly offset: number;
  readonly length: number;
  readonly of?: string | undefined;
}

export interface Formatted {
  readonly text: string;
  readonly entities: readonly Entity[];
}

/** Tags that Telegram knows; each with the attribute that it reads. */
const TAGS: Readonly<Record<string, string>> = {
  b: '',
  strong: '',
  i: '',
  em: '',
  u: '',
  ins: '',
  s: '',
  strike: '',
  del: '',
  code: 'class',
  pre: '',
  a: 'href',
  span: 'class',
  'tg-spoiler': '',
  'tg-emoji': 'emoji-id',
  blockquote: 'expandable',
};
const NAMED: Readonly<Record<string, string>> = { lt: '<', gt: '>', amp: '&', quot: '"' };
const SIGN = /^&(?:(lt|gt|amp|quot)|#(\d{1,7})|#x([\da-f]{1,6}));/i;
const ATTRIBUTE = /^\s+([a-z-]+)(?:\s*=\s*("[^"]*"|'[^']*'|[^\s"'>]+))?/i;

interface Open {
  readonly tag: string;
  readonly offset: number;
  readonly of: string | undefined;
}

/** Reads HTML as Telegram does; a problem in its words. */
export function parseHtml(html: string): Formatted | string {
  const open: Open[] = [];
  const entities: Entity[] = [];
  let text = '';
  for (let at = 0; at < html.length; ) {
    const char = html[at];
    if (char === '&') {
      const [sign, put] = signAt(html.slice(at, at + 12));
      text += put;
      at += sign;
    } else if (char !== '<') {
      text += char;
      at += 1;
    } else if (html[at + 1] === '/') {
      const end = endTagAt(html, at, open);
      if (typeof end === 'string') return end;
      open.pop();
      const length = text.length - end.of.offset;
      if (length > 0) entities.push({ type: end.of.tag, offset: end.of.offset, length, of: end.of.of });
      at = end.next;
    } else {
      const start = startTagAt(html, at);
      if (typeof start === 'string') return start;
      open.push({ tag: start.tag, offset: text.length, of: start.of });
      at = start.next;
    }
  }
  const left = open.at(-1);
  if (left !== undefined) return `can't parse entities: Can't find end tag corresponding to start tag "${left.tag}"`;
  return { text: text.replaceAll('\r', '').trim(), entities };
}

/** How many characters a sign takes, and what stands for it. */
function signAt(from: string): readonly [number, string] {
  const found = SIGN.exec(from);
  if (found === null) return [1, '&'];
  const [sign, name, decimal, hex] = found;
  if (name !== undefined) return [sign.length, NAMED[name.toLowerCase()] ?? sign];
  const code = decimal === undefined ? Number.parseInt(hex ?? '', 16) : Number(decimal);
  return code > 0 && code <= 0x10ffff ? [sign.length, String.fromCodePoint(code)] : [1, '&'];
}

const offsetOf = (html: string, at: number): string => `at byte offset ${Buffer.byteLength(html.slice(0, at))}`;

function startTagAt(
  html: string,
  at: number,
): { readonly tag: string; readonly of?: string; readonly next: number } | string {
  const name = /^[^\s>]*/.exec(html.slice(at + 1))?.[0] ?? '';
  const tag = name.toLowerCase();
  let next = at + 1 + name.length;
  if (next >= html.length) return `can't parse entities: Unclosed start tag ${offsetOf(html, at)}`;
  const known = Object.hasOwn(TAGS, tag) ? TAGS[tag] : undefined;
  if (known === undefined) return `can't parse entities: Unsupported start tag "${tag}" ${offsetOf(html, at)}`;
  let of: string | undefined;
  for (let found = ATTRIBUTE.exec(html.slice(next)); found !== null; found = ATTRIBUTE.exec(html.slice(next))) {
    const [whole, attribute = '', value = ''] = found;
    if (attribute.toLowerCase() === known) of = value.replace(/^(["'])(.*)\1$/, '$2');
    next += whole.length;
  }
  next += /^\s*/.exec(html.slice(next))?.[0].length ?? 0;
  if (html[next] !== '>') return `can't parse entities: Unexpected end of the tag "${tag}" ${offsetOf(html, at)}`;
  if (tag === 'span' && of !== 'tg-spoiler') {
    return `can't parse entities: Tag "span" must have class "tg-spoiler" ${offsetOf(html, at)}`;
  }
  return { tag, next: next + 1, ...(of === undefined ? {} : { of }) };
}

function endTagAt(
  html: string,
  at: number,
  open: readonly Open[],
): { readonly of: Open; readonly next: number } | string {
  const of = open.at(-1);
  if (of === undefined) return `can't parse entities: Unexpected end tag ${offsetOf(html, at)}`;
  const found = /^<\/([^\s>]*)\s*>/.exec(html.slice(at));
  if (found === null) return `can't parse entities: Unclosed end tag ${offsetOf(html, at)}`;
  const [whole, name = ''] = found;
  if (name !== '' && name.toLowerCase() !== of.tag) {
    return `can't parse entities: Unmatched end tag ${offsetOf(html, at)}, expected "</${of.tag}>", found "</${name}>"`;
  }
  return { of, next: at + whole.length };
}
