import { type AnyEntry, encode } from '../../domain/entry.ts';

/** A field of an entry with its path, as text: `body.size.entry`, `61840.2`. */
export type Leaf = readonly [path: string, value: string];

/** The body of an entry field by field: `size.entry`, `votes.0.name`. */
export const bodyLeaves = (entry: AnyEntry): Leaf[] => leaves('', JSON.parse(encode(entry.body)));

function leaves(path: string, value: unknown): Leaf[] {
  if (typeof value !== 'object' || value === null) return [[path, String(value)]];
  return Object.entries(value).flatMap(([name, inner]) => leaves(path === '' ? name : `${path}.${name}`, inner));
}

/** Whether a field is an instant: by its name and, because runs and orders share some of the names, by its size. */
export const isInstant = ([path, value]: Leaf): boolean =>
  /(At|\b(at|day|from|to|until))$/.test(path) && /^\d{13}$/.test(value);

/** A field in which two entries differ; undefined where one of them has none. */
export interface DifferentLeaf {
  readonly path: string;
  readonly a: string | undefined;
  readonly b: string | undefined;
}

/** Where the contents of two entries differ: kind, version, instant, cause and body. */
export function differentLeaves(a: AnyEntry, b: AnyEntry): DifferentLeaf[] {
  const [ours, theirs] = [new Map(contentLeaves(a)), new Map(contentLeaves(b))];
  const paths = new Set([...ours.keys(), ...theirs.keys()]);
  return [...paths].flatMap((path) => {
    const pair = { path, a: ours.get(path), b: theirs.get(path) };
    return pair.a === pair.b ? [] : [pair];
  });
}

const contentLeaves = (entry: AnyEntry): Leaf[] => [
  ['kind', entry.kind],
  ['v', `${entry.v}`],
  ['at', `${entry.at}`],
  ['cause', `${entry.cause}`],
  ...bodyLeaves(entry).map(([path, value]): Leaf => [`body.${path}`, value]),
];
