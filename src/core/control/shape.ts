/** Looks at a value that came from outside; answers what is wrong with it, by its path, or undefined. */
export type Shape = (value: unknown, path: string) => string | undefined;

/** A shape for each field of T: a field that is added to the type does not compile until it is checked, too. */
export type Shapes<T> = { readonly [K in keyof Required<T>]: Shape };

const wrong = (path: string, expected: string): string => `${path}: expected ${expected}`;

/** A text of at most `max` characters. */
export const text =
  (max: number): Shape =>
  (value, path) =>
    typeof value === 'string' && value.length <= max ? undefined : wrong(path, `a text of at most ${max} characters`);

/** A whole number that a double holds exactly, from `min` to `max`. */
export const int =
  (min: number, max: number = Number.MAX_SAFE_INTEGER): Shape =>
  (value, path) =>
    Number.isSafeInteger(value) && (value as number) >= min && (value as number) <= max
      ? undefined
      : wrong(path, `a whole number from ${min} to ${max}`);

export const finite: Shape = (value, path) => (Number.isFinite(value) ? undefined : wrong(path, 'a number'));
export const bool: Shape = (value, path) => (typeof value === 'boolean' ? undefined : wrong(path, 'true or false'));

/** An exact value: decimal text under one of the exact words. */
export const exact: Shape = (value, path) => (typeof value === 'bigint' ? undefined : wrong(path, 'decimal text'));
export const aboveZero: Shape = (value, path) =>
  typeof value === 'bigint' && value > 0n ? undefined : wrong(path, 'decimal text above 0');
export const fromZero: Shape = (value, path) =>
  typeof value === 'bigint' && value >= 0n ? undefined : wrong(path, 'decimal text of at least 0');

/** One of the values that stand here. */
export const oneOf =
  (...values: readonly (string | number | boolean | null)[]): Shape =>
  (value, path) =>
    (values as readonly unknown[]).includes(value) ? undefined : wrong(path, `one of ${values.join(', ')}`);

/** May be left out; `null` is not that. */
export const optional =
  (shape: Shape): Shape =>
  (value, path) =>
    value === undefined ? undefined : shape(value, path);

/** At most `max` of one shape; the first that is wrong is told. */
export const list =
  (shape: Shape, max: number): Shape =>
  (value, path) => {
    if (!Array.isArray(value) || value.length > max) return wrong(path, `a list of at most ${max}`);
    for (const [i, each] of value.entries()) {
      const problem = shape(each, `${path}[${i}]`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

/** Two values in a list: a key that people choose, and what stands under it. */
export const pair =
  (first: Shape, second: Shape): Shape =>
  (value, path) =>
    Array.isArray(value) && value.length === 2
      ? (first(value[0], `${path}[0]`) ?? second(value[1], `${path}[1]`))
      : wrong(path, 'a pair');

/** Every field as its shape says, and no other field. */
export const object =
  <T>(shapes: Shapes<T>): Shape =>
  (value, path) => {
    if (typeof value !== 'object' || value === null || Array.isArray(value)) return wrong(path, 'an object');
    for (const key of Object.keys(value)) if (!Object.hasOwn(shapes, key)) return `${path}.${key}: not known here`;
    for (const [key, shape] of Object.entries<Shape>(shapes)) {
      const problem = shape((value as Record<string, unknown>)[key], `${path}.${key}`);
      if (problem !== undefined) return problem;
    }
    return undefined;
  };

/** One of several objects, told apart by the text in `tag`. */
export const tagged =
  (tag: string, shapes: Readonly<Record<string, Shape>>): Shape =>
  (value, path) => {
    const given = typeof value === 'object' && value !== null ? (value as Record<string, unknown>)[tag] : undefined;
    if (typeof given !== 'string' || !Object.hasOwn(shapes, given)) {
      return wrong(`${path}.${tag}`, `one of ${Object.keys(shapes).join(', ')}`);
    }
    return shapes[given]?.(value, path);
  };
