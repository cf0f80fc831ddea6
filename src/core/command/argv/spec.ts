import { nearest } from '../../strategy/nearest.ts';

/** A value, or what was expected instead (the spec's own words where it is left out) and what to do. */
export type Reading<T> =
  | { readonly ok: true; readonly value: T }
  | { readonly ok: false; readonly expected?: string | undefined; readonly fix?: string | undefined };

/** How one option or argument is read, told and documented. `read` gets every text that was given, none where none was. */
export interface OptionSpec<out T = unknown> {
  readonly type: string;
  readonly about: string;
  /** Stands for the value in help: `SHARE`. Empty for a switch. */
  readonly placeholder: string;
  /** What is accepted, in words, with its range. */
  readonly expects: string;
  /** The range or the choices alone, for help; undefined where the placeholder says all. */
  readonly bounds?: string | undefined;
  /** A value that fits, for the fix. */
  readonly example: string;
  /** Of a switch: the word that is its value where it stands behind the flag, too. */
  readonly word?: string | undefined;
  /** The flag where it is not the name in kebab-case. */
  readonly flag?: string | undefined;
  /** The text that stands where nothing is given. */
  readonly fallback?: string | undefined;
  readonly required: boolean;
  readonly repeated: boolean;
  /** The heading under which help lists it. */
  readonly group?: string | undefined;
  read(texts: readonly string[]): Reading<T>;
}

/** What a kind of value brings along; `one` reads a single text. */
export interface ValueKind<T> {
  readonly type: string;
  readonly placeholder: string;
  readonly expects: string;
  readonly bounds?: string | undefined;
  readonly example: string;
  one(text: string): Reading<T>;
}

/** The text was understood. */
export const accept = <T>(value: T): Reading<T> => ({ ok: true, value });
/** The text was not: what to give instead, where that can be told, and what was expected, where it is not the usual. */
export const reject = (fix?: string, expected?: string): Reading<never> => ({ ok: false, fix, expected });

/** An option of one value, undefined where it is not given. */
export function single<T>(about: string, kind: ValueKind<T>): OptionSpec<T | undefined> {
  const { type, placeholder, expects, bounds, example } = kind;
  return {
    type,
    about,
    placeholder,
    expects,
    bounds: bounds === '' ? undefined : bounds,
    example,
    required: false,
    repeated: false,
    read([text]) {
      return text === undefined ? accept(undefined) : kind.one(text);
    },
  };
}

/** The same with a text that stands where nothing is given. */
export function withDefault<T>(spec: OptionSpec<T | undefined>, fallback: string): OptionSpec<T> {
  const read = (texts: readonly string[]): Reading<T> => {
    const reading = spec.read(texts.length === 0 ? [fallback] : texts);
    if (!reading.ok) return reading;
    // A default that does not read is a bug of the definition; a test reads each.
    return reading.value === undefined ? reject() : accept(reading.value);
  };
  return { ...spec, fallback, read };
}

/** The same, refused where it is not given. */
export function required<T>(spec: OptionSpec<T | undefined>): OptionSpec<T> {
  const read = (texts: readonly string[]): Reading<T> => {
    const reading = spec.read(texts);
    if (!reading.ok) return reading;
    return reading.value === undefined ? reject() : accept(reading.value);
  };
  return { ...spec, required: true, read };
}

/** The same under another name in usage and messages: `SEQ`. */
export const called = <T>(placeholder: string, spec: OptionSpec<T>): OptionSpec<T> => ({ ...spec, placeholder });

/** What an argument is called where it is told: its name where its choices are too many to be one. */
export const argWord = (name: string, { placeholder }: OptionSpec): string =>
  placeholder.length > ARG_WORD_MAX ? name.toUpperCase() : placeholder;
const ARG_WORD_MAX = 120;

/** The same under another flag than its name in kebab-case. */
export const named = <T>(flag: string, spec: OptionSpec<T>): OptionSpec<T> => ({ ...spec, flag });

/** A table of options under one heading of the help. */
export function grouped<S extends Readonly<Record<string, OptionSpec>>>(group: string, specs: S): S {
  return Object.fromEntries(Object.entries(specs).map(([name, spec]) => [name, { ...spec, group }])) as S;
}

/** Any text that is not empty. */
export const text = (about: string, placeholder: string, example: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'text',
    placeholder,
    expects: `a ${placeholder.toLowerCase()}`,
    example,
    one: (given) => (given.trim() === '' ? reject() : accept(given)),
  });

/** A path to a file or folder; whether it exists is for the port to say. */
export const path = (about: string, placeholder: 'FILE' | 'FOLDER' | 'TAPE'): OptionSpec<string | undefined> =>
  single(about, {
    type: 'path',
    placeholder,
    expects: `the path of a ${placeholder === 'FOLDER' ? 'folder' : 'file'}`,
    example: placeholder === 'FOLDER' ? './journal' : './candles.csv.gz',
    one: (given) => (given.trim() === '' || given.includes('\0') ? reject() : accept(given)),
  });

/** One of a few words; a slip is shown its nearest. */
export function choice<const C extends string>(about: string, choices: readonly C[]): OptionSpec<C | undefined> {
  return single(about, {
    type: 'choice',
    placeholder: choices.join('|'),
    expects: `one of ${choices.join(', ')}`,
    example: choices[0] ?? '',
    one(given) {
      const known = choices.find((each) => each === given);
      return known === undefined ? reject(nearest(given, choices)) : accept(known);
    },
  });
}

/** True with the flag, false with `--no-...`, undefined without. */
export function toggle(about: string): OptionSpec<boolean | undefined> {
  return single(about, {
    type: 'switch',
    placeholder: '',
    expects: 'the flag alone, or true or false after =',
    example: 'true',
    one: (given) => (given === 'true' || given === 'false' ? accept(given === 'true') : reject()),
  });
}

/** A switch that is off unless it is given. */
export const on = (about: string): OptionSpec<boolean> => {
  const spec = toggle(about);
  const read = (texts: readonly string[]): Reading<boolean> => {
    const reading = spec.read(texts);
    return reading.ok ? accept(reading.value ?? false) : reading;
  };
  return { ...spec, read };
};

/** `key=value`, as often as wanted; a key that is given twice is refused. */
export function pairs(
  about: string,
  placeholder: string,
  example: string,
): OptionSpec<Readonly<Record<string, string>>> {
  return {
    type: 'key=value',
    about,
    placeholder,
    expects: `${placeholder}, each name once`,
    example,
    required: false,
    repeated: true,
    read(texts) {
      const found = new Map<string, string>();
      for (const given of texts) {
        const at = given.indexOf('=');
        const key = given.slice(0, Math.max(0, at)).trim();
        if (key === '' || found.has(key)) return reject();
        found.set(key, given.slice(at + 1).trim());
      }
      return accept(Object.fromEntries(found));
    },
  };
}

/** Words, as many as there are. */
export function words(about: string, placeholder: string, example: string): OptionSpec<readonly string[]> {
  return {
    type: 'words',
    about,
    placeholder: `${placeholder}...`,
    expects: 'words',
    example,
    required: false,
    repeated: true,
    read: (texts) => accept(texts),
  };
}
