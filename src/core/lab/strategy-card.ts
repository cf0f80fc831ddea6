import type { Definition } from '../strategy/definition.ts';
import { defaultParams, expectation } from '../strategy/params.ts';
import type { StrategyCard } from '../view/scene.ts';

/** A strategy as screens tell it: its parameters with range and default, its votes with the default weights. */
export function strategyCard(definition: Definition, origin: StrategyCard['origin']): StrategyCard {
  const { name, version, title, about, params } = definition;
  return {
    name,
    version,
    title,
    about,
    origin,
    params: Object.entries(params).map(([param, spec]) => ({
      name: param,
      about: spec.about,
      range: expectation(spec),
      fallback: String(spec.default),
    })),
    votes: definition.votes(defaultParams(params)),
  };
}
