/** A shape of a picture: the name of its element, its attributes, and its text without entities. */
export interface Shape {
  readonly is: string;
  readonly of: Readonly<Record<string, string>>;
  readonly text: string;
}

const ENTITIES: Readonly<Record<string, string>> = { amp: '&', lt: '<', gt: '>', quot: '"' };
const plain = (text: string): string => text.replace(/&(\w+);/g, (_, name: string) => ENTITIES[name] ?? '?');

/** Shapes in the order in which they are drawn. */
export const shapesOf = (svg: string): Shape[] =>
  Array.from(svg.matchAll(/<([a-z]+)([^>]*?)\/?>([^<]*)/gi), ([, is = '', attributes = '', text = '']) => ({
    is,
    of: Object.fromEntries(
      Array.from(attributes.matchAll(/([\w-]+)="([^"]*)"/g), ([, name = '', value = '']) => [name, plain(value)]),
    ),
    text: plain(text),
  }));

/** Paths of a class. */
export const pathsOf = (svg: string, name: string): string[] =>
  shapesOf(svg)
    .filter(({ is, of }) => is === 'path' && of.class === name)
    .map(({ of }) => of.d ?? '');

/** Texts with their places. */
export const textsOf = (svg: string): { text: string; x: number; y: number; size: number }[] =>
  shapesOf(svg)
    .filter(({ is }) => is === 'text')
    .map(({ text, of }) => ({ text, x: Number(of.x), y: Number(of.y), size: Number(of['font-size']) }));

/** Names of elements that are opened and not closed, or closed and not opened. */
export function unclosed(svg: string): string[] {
  const open: string[] = [];
  const stray: string[] = [];
  for (const [, close, name = '', rest = ''] of svg.matchAll(/<(\/?)([a-z]+)([^>]*)>/gi)) {
    if (close === '/') {
      if (open.pop() !== name) stray.push(name);
    } else if (!rest.endsWith('/')) open.push(name);
  }
  return [...open, ...stray];
}

/** What a reader of the labels at the right takes a height for: a line through the lowest and the highest one. */
export function scaleOf(svg: string): (value: number) => number {
  const labels = textsOf(svg)
    .filter(({ text, x }) => x > 500 && /^-?[\d,]+(\.\d+)?$/.test(text))
    .map(({ text, y }) => ({ value: Number(text.replaceAll(',', '')), y: y - 7 }))
    .sort((a, b) => a.value - b.value);
  const [low, high] = [labels[0], labels.at(-1)];
  if (low === undefined || high === undefined || low.value === high.value) throw new Error('no scale');
  return (value) => low.y + ((value - low.value) / (high.value - low.value)) * (high.y - low.y);
}

/** Numbers of a path, in order. */
export const numbersIn = (path: string): number[] => (path.match(/-?\d+(\.\d+)?/g) ?? []).map(Number);
