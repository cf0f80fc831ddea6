import type { Definition } from './definition.ts';
import type { Opinion, Params } from './strategy.ts';

/** A blank opinion of the definition's size: nothing is warm. The engine makes one per run and lends it to every close. */
export function createOpinion(definition: Definition, params: Params): Opinion {
  return {
    votes: new Float64Array(definition.votes(params).length).fill(NaN),
    values: new Float64Array(definition.values.length).fill(NaN),
    stopDistance: NaN,
  };
}

/** The weights of the definition's votes, in their order: fixed for a run, made once. */
export function weightsOf(definition: Definition, params: Params): Float64Array {
  return Float64Array.from(definition.votes(params), (vote) => vote.weight);
}
