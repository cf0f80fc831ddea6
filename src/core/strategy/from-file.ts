import type { Bar } from '../domain/candle.ts';
import { type Definition, votesMinOf } from './definition.ts';
import { thrownText, whereThrown } from './definition-check.ts';
import {
  checkFault,
  confirmationsFault,
  createFault,
  type Fault,
  isPromise,
  opinionFault,
  timeframesFault,
  votesFault,
  votesMinFault,
  warmupFault,
} from './definition-shape.ts';
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

/** Hears of each call of a file's code: with the close of its candle, NaN for what is no candle. */
export interface CallWatch {
  enter(closeAt: number): void;
  leave(): void;
}

const NOBODY: CallWatch = { enter: () => undefined, leave: () => undefined };

/** A definition that says and does as another one, but for these fields. Its own functions find their `this` as before. */
export const derived = (definition: Definition, fields: Partial<Definition>): Definition =>
  Object.create(definition, Object.getOwnPropertyDescriptors(fields)) as Definition;

/**
 * A definition of a file: what its functions and its strategies throw is a `StrategyError`, and so is an answer that nobody
 * can trade on. The check of the file saw what it answers to the default parameters and to its first candles alone.
 */
export function fromFile(
  definition: Definition,
  source: { readonly file: string; readonly sha256: string },
  watch: CallWatch = NOBODY,
): Definition {
  const { file } = source;
  const told = (thrown: unknown): StrategyError => new StrategyError(definition.name, file, thrown);
  const asked =
    <T>(ask: (params: Params) => T, faultOf: (answer: T, params: Params) => Fault | undefined) =>
    (params: Params): T => {
      let answer: T;
      watch.enter(Number.NaN);
      try {
        answer = ask(params);
      } catch (thrown) {
        throw told(thrown);
      } finally {
        watch.leave();
      }
      const wrong = faultOf(answer, params);
      if (wrong !== undefined) throw told(`${wrong.field} with ${paramsText(params)} gave ${faultText(wrong)}`);
      return answer;
    };
  const timeframes = asked((params) => definition.timeframes(params), timeframesFault);
  const votes = asked((params) => definition.votes(params), votesFault);
  const create = (params: Params) =>
    asked(
      () => definition.create(params),
      (strategy) => createFault(strategy, timeframes(params).higher),
    )(params);
  return derived(definition, {
    source,
    votes,
    votesMin: asked(
      (params) => votesMinOf(definition, params),
      (count, params) => votesMinFault(count, votes(params)),
    ),
    confirmations: asked((params) => definition.confirmations(params), confirmationsFault),
    warmup: asked((params) => definition.warmup(params), warmupFault),
    timeframes,
    check: asked((params) => definition.check?.(params), checkFault),
    create(params) {
      const voices = votes(params).map(({ name }) => name);
      return new FileStrategy(create(params), voices, told, watch);
    },
  });
}

const faultText = ({ expected, found }: Fault): string => `${found}, expected ${expected}`;

const paramsText = (params: Params): string =>
  Object.entries(params)
    .map(([name, value]) => `${name}=${value}`)
    .join(' ') || 'no parameters';

/**
 * A promise is an error, too: votes that it writes come after the engine looked at them. Candles are its own to write
 * into or to keep: the engine's are those of other runs as well.
 */
class FileStrategy implements Strategy {
  readonly #own: Strategy;
  readonly #voices: readonly string[];
  readonly #told: (thrown: unknown) => StrategyError;
  readonly #watch: CallWatch;

  constructor(own: Strategy, voices: readonly string[], told: (thrown: unknown) => StrategyError, watch: CallWatch) {
    this.#own = own;
    this.#voices = voices;
    this.#told = told;
    this.#watch = watch;
  }

  close(bar: Bar, opinion: Opinion): void {
    let given: unknown;
    this.#watch.enter(bar.closeAt);
    try {
      given = this.#own.close({ ...bar }, opinion);
    } catch (thrown) {
      throw this.#told(thrown);
    } finally {
      this.#watch.leave();
    }
    if (isPromise(given)) throw this.#told('close gave a promise, an async function cannot vote in time');
    const wrong = opinionFault(opinion, this.#voices);
    if (wrong === undefined) return;
    throw this.#told(`close of the candle with closeAt ${bar.closeAt} wrote ${faultText(wrong)}`);
  }

  closeHigher(bar: Bar): void {
    let given: unknown;
    this.#watch.enter(bar.closeAt);
    try {
      given = this.#own.closeHigher?.({ ...bar });
    } catch (thrown) {
      throw this.#told(thrown);
    } finally {
      this.#watch.leave();
    }
    if (isPromise(given)) throw this.#told('closeHigher gave a promise, an async function cannot vote in time');
  }
}
