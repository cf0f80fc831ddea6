import type { Definition } from './definition.ts';
import { emaCross } from './ema-cross.ts';
import { suggestion } from './nearest.ts';
import { trend } from './trend.ts';

/** Every strategy that the product brings along. A new one is one file and one line here. */
export const STRATEGIES: readonly Definition[] = [trend, emaCross];

/** A strategy by its name, or what was expected, what was found and what to do. */
export type StrategyFound =
  | { readonly ok: true; readonly definition: Definition }
  | { readonly ok: false; readonly error: { readonly expected: string; readonly found: string; readonly fix: string } };

/** Looks a strategy up by name; `strategies` takes the user's own ones along with the built-in. */
export function strategyOf(name: string, strategies: readonly Definition[] = STRATEGIES): StrategyFound {
  const definition = strategies.find((each) => each.name === name);
  if (definition !== undefined) return { ok: true, definition };
  const found = `"${name.length > 40 ? `${name.slice(0, 40)}...` : name}"`;
  const names = strategies.map((each) => each.name);
  return { ok: false, error: { expected: 'the name of a strategy', found, fix: suggestion(name, names) } };
}
