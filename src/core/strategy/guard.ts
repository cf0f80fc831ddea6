import type { Bar } from '../domain/candle.ts';
import { type Definition, votesMinOf } from './definition.ts';
import { derived, StrategyError } from './from-file.ts';
import { manual } from './manual.ts';
import { defaultParams } from './params.ts';
import type { Opinion, Params, Strategy } from './strategy.ts';

/**
 * A definition of a file for an engine that lives on whatever its strategies do: the first thing that one throws is kept,
 * then its code is called no more and it has no opinion. What cannot be asked with the parameters of a run is as with the
 * defaults, and the strategy is broken from the beginning.
 */
export function guarded(definition: Definition): Definition {
  const usual = defaultParams(definition.params);
  const asked =
    <T>(ask: (params: Params) => T) =>
    (params: Params): T => {
      try {
        return ask(params);
      } catch {
        return ask(usual);
      }
    };
  return derived(definition, {
    votes: asked((params) => definition.votes(params)),
    votesMin: asked((params) => votesMinOf(definition, params)),
    confirmations: asked((params) => definition.confirmations(params)),
    warmup: asked((params) => definition.warmup(params)),
    create: (params) => new Guarded(definition, params),
  });
}

/** In the place of a strategy whose file cannot be had: broken from the beginning, so that its run is paused and says why. */
export const broken = (name: string, version: number, fault: string): Definition => ({
  ...manual,
  name,
  version,
  source: { fault },
  create: (params) => Object.assign(new Guarded(manual, params), { fault }),
});

/** What went wrong in the strategy of a run, with its file and line; undefined while nothing did. */
export const faultOf = (strategy: Strategy): string | undefined =>
  strategy instanceof Guarded ? strategy.fault : undefined;

class Guarded implements Strategy {
  readonly #own: Strategy | undefined;
  fault: string | undefined;

  constructor(definition: Definition, params: Params) {
    try {
      definition.votes(params);
      votesMinOf(definition, params);
      definition.confirmations(params);
      definition.warmup(params);
      this.#own = definition.create(params);
    } catch (thrown) {
      this.#keep(thrown);
    }
  }

  close(bar: Bar, opinion: Opinion): void {
    if (this.fault === undefined) {
      try {
        this.#own?.close(bar, opinion);
        return;
      } catch (thrown) {
        this.#keep(thrown);
      }
    }
    opinion.votes.fill(Number.NaN);
    opinion.values.fill(Number.NaN);
    opinion.stopDistance = Number.NaN;
  }

  closeHigher(bar: Bar): void {
    if (this.fault !== undefined) return;
    try {
      this.#own?.closeHigher?.(bar);
    } catch (thrown) {
      this.#keep(thrown);
    }
  }

  #keep(thrown: unknown): void {
    this.fault = thrown instanceof StrategyError ? thrown.found : String(thrown);
  }
}
