import type { Bar } from '../domain/candle.ts';
import { type Definition, votesMinOf } from './definition.ts';
import { thrownText, whereThrown } from './definition-check.ts';
import { isPromise } from './definition-shape.ts';
import type { Opinion, Params, Strategy } from './strategy.ts';

/** The strategy of a file failed: what was expected, what was found and where, what to do. */
export class StrategyError extends Error {
  override readonly name = 'StrategyError';
  readonly code = 'STRATEGY_BROKEN';
  readonly expected = 'a strategy that runs';
  /** `mine (/home/me/mine.mts:17): TypeError: ...` */
  readonly found: string;
  readonly fix = 'correct the strategy at this place';

  constructor(strategy: string, file: string, thrown: unknown) {
    const found = `${strategy} (${whereThrown(thrown, file)}): ${thrownText(thrown)}`;
    super(found, { cause: thrown });
    this.found = found;
  }
}

/** A definition that says and does as another one, but for these fields. Its own functions find their `this` as before. */
export const derived = (definition: Definition, fields: Partial<Definition>): Definition =>
  Object.create(definition, Object.getOwnPropertyDescriptors(fields)) as Definition;

/** A definition of a file: what its functions and its strategies throw is a `StrategyError`. */
export function fromFile(definition: Definition, file: string): Definition {
  const told = (thrown: unknown): StrategyError => new StrategyError(definition.name, file, thrown);
  const telling =
    <T>(work: (params: Params) => T) =>
    (params: Params): T => {
      try {
        return work(params);
      } catch (thrown) {
        throw told(thrown);
      }
    };
  return derived(definition, {
    votes: telling((params) => definition.votes(params)),
    votesMin: telling((params) => votesMinOf(definition, params)),
    confirmations: telling((params) => definition.confirmations(params)),
    warmup: telling((params) => definition.warmup(params)),
    timeframes: telling((params) => definition.timeframes(params)),
    check: telling((params) => definition.check?.(params)),
    create: telling((params) => new FileStrategy(definition.create(params), told)),
  });
}

/**
 * A promise is an error, too: votes that it writes come after the engine looked at them. Candles are its own to write
 * into or to keep: the engine's are those of other runs as well.
 */
class FileStrategy implements Strategy {
  readonly #own: Strategy;
  readonly #told: (thrown: unknown) => StrategyError;

  constructor(own: Strategy, told: (thrown: unknown) => StrategyError) {
    this.#own = own;
    this.#told = told;
  }

  close(bar: Bar, opinion: Opinion): void {
    let given: unknown;
    try {
      given = this.#own.close({ ...bar }, opinion);
    } catch (thrown) {
      throw this.#told(thrown);
    }
    if (isPromise(given)) throw this.#told('close gave a promise, an async function cannot vote in time');
  }

  closeHigher(bar: Bar): void {
    let given: unknown;
    try {
      given = this.#own.closeHigher?.({ ...bar });
    } catch (thrown) {
      throw this.#told(thrown);
    }
    if (isPromise(given)) throw this.#told('closeHigher gave a promise, an async function cannot vote in time');
  }
}
