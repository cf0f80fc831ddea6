import type { ApiKey } from '../account/keys.ts';
import type { Listing } from '../market.ts';
import type { World } from '../world.ts';
import { Refusal } from './answer.ts';
import { type Asked, type Parameters, read } from './parameters.ts';

/** What a route may ask besides its parameters. */
export interface Seat extends World {
  /** Who asks; undefined on a public route. */
  readonly key: ApiKey | undefined;
  /** The exchange's clock as it tells it: with a skew, where one was set. */
  readonly now: () => number;
}

/** The weight of a request, from its parameters as they were sent. */
export type Weight = number | ((query: URLSearchParams) => number);

/** One path of the API. `security`: no key, a key alone, or a key and a signature. */
export interface Route {
  readonly method: string;
  readonly path: string;
  readonly security: 'none' | 'key' | 'signed';
  weight(query: URLSearchParams): number;
  answer(query: URLSearchParams, seat: Seat): unknown;
}

interface RouteSpec<P extends Parameters> {
  readonly security?: Route['security'];
  readonly weight?: Weight;
  readonly ask?: P;
  /** JSON, a refusal, or an answer that is not JSON. */
  readonly answer: (asked: Asked<P>, seat: Seat) => unknown;
}

/** A route from `GET /path` and what it asks. */
export function route<P extends Parameters>(name: string, spec: RouteSpec<P>): Route {
  const [method = '', path = ''] = name.split(' ');
  const { weight = 1, ask = {} as P } = spec;
  return {
    method,
    path,
    security: spec.security ?? 'none',
    weight: (query) => (typeof weight === 'number' ? weight : weight(query)),
    answer(query, seat) {
      const asked = read(ask, query, seat.market);
      return asked instanceof Refusal ? asked : spec.answer(asked, seat);
    },
  };
}

/** One weight for one market, another for all of them. */
export function forOneOrAll(one: number, all: number): Weight {
  return (query) => (query.has('symbol') ? one : all);
}

/** Weight by `limit`: the first row whose most is not exceeded. */
export function byLimit(usual: number, rows: readonly (readonly [most: number, weight: number])[]): Weight {
  return (query) => {
    const asked = Number(query.get('limit') ?? usual);
    return rows.find(([most]) => asked <= most)?.[1] ?? rows.at(-1)?.[1] ?? 1;
  };
}

/** One row where `symbol` names a market, a list where `symbols` names some or nothing is named. */
export function some(
  seat: Seat,
  asked: { readonly symbol: Listing | undefined; readonly symbols: readonly Listing[] | undefined },
  row: (one: Listing) => unknown,
): unknown {
  if (asked.symbol !== undefined && asked.symbols !== undefined) {
    return new Refusal(400, -1128, 'Combination of optional parameters invalid.');
  }
  if (asked.symbol !== undefined) return row(asked.symbol);
  return (asked.symbols ?? seat.market.listings).map(row);
}
