import { flagOf, type Specs, type Values } from '../command.ts';
import { type Refusal, refusal, shown } from '../refusal.ts';
import { accept, type OptionSpec } from './spec.ts';

/** The same options, undefined where nothing is given: what stands there is told by a layer below. */
export type Open<S extends Specs> = {
  readonly [K in keyof S]: S[K] extends OptionSpec<infer T> ? OptionSpec<T | undefined> : never;
};

/** Takes the defaults out of options, so that a configuration can stand between them and what was given. */
export function opened<const S extends Specs>(specs: S): Open<S> {
  const open = Object.entries(specs).map(([name, spec]) => [
    name,
    {
      ...spec,
      required: false,
      read: (texts: readonly string[]) => (texts.length === 0 ? accept(undefined) : spec.read(texts)),
    },
  ]);
  return Object.fromEntries(open) as Open<S>;
}

/**
 * The values of options: as given, else as a layer below says by flag, else the default. A text of the layer that does not
 * read is refused with exit 2, naming where it stands.
 */
export function layered<S extends Specs>(
  specs: S,
  given: Values<Open<S>>,
  texts: Readonly<Record<string, string | undefined>>,
  placeOf: (flag: string) => string,
): Values<S> | Refusal {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const flag = flagOf(name, spec);
    const below = texts[flag];
    const value = (given as Record<string, unknown>)[name];
    if (value !== undefined) {
      values[name] = value;
      continue;
    }
    const reading = spec.read(below === undefined ? [] : [below]);
    if (!reading.ok) {
      const expected = `${flag} with ${reading.expected ?? spec.expects}`;
      return refusal(
        2,
        'BAD_CONFIG',
        expected,
        `${shown(below ?? '')} (${placeOf(flag)})`,
        reading.fix ?? spec.example,
      );
    }
    values[name] = reading.value;
  }
  return values as Values<S>;
}
