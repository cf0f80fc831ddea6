import type { World } from '../world.ts';
import { type Answer, json, page, Refusal, refused } from './answer.ts';
import type { Route, Seat } from './route.ts';
import { checkSigned, keyOf, timesOf } from './signing.ts';
import type { Weights } from './weights.ts';

/** A request as it came, read to its end. */
export interface Asking {
  readonly method: string;
  readonly path: string;
  /** As they were sent: signatures are over their text. */
  readonly query: string;
  readonly body: string;
  readonly apiKey: string | undefined;
}

/** The API of one market: what it answers, and what it weighs. */
export interface Dispatch {
  answer(asking: Asking): Answer;
}

/** What changes an account or trades. Each of these paths exists at Binance and is not served here. */
const TRADING =
  /^\/(fapi\/v\d\/(order|batchOrders|algo\w*|allOpenOrders|countdownCancelAll|leverage|marginType|positionMargin|positionSide|multiAssetsMargin|feeBurn|convert)|api\/v3\/(order|orderList|openOrders|sor)|sapi\/v\d\/(capital|asset|margin|algo|sub-account))(\/|$)/;
const NO_TRADING = new Refusal(
  400,
  -1020,
  'This operation is not supported. This stand-in exchange takes no orders and moves no money: it serves market data and the reading of an account.',
);

/** Answers the routes of one market. */
export function createDispatch(world: World, routes: readonly Route[], weights: Weights): Dispatch {
  const table = new Map(routes.map((one) => [`${one.method} ${one.path}`, one]));
  return {
    answer(asking) {
      const params = paramsOf(asking);
      const route = table.get(`${asking.method} ${asking.path}`);
      const excess = weights.take(route?.weight(params) ?? 1);
      const headers = weightHeaders(world, weights.used);
      if (excess !== undefined)
        return refused(excess.refusal, { ...headers, 'retry-after': String(excess.retryAfter) });
      if (route === undefined) return unknownPath(world, asking, headers);
      const answer = answerRoute(world, route, asking, params);
      if (answer instanceof Refusal) return refused(answer, headers);
      return isAnswer(answer) ? { ...answer, headers: { ...answer.headers, ...headers } } : json(answer, 200, headers);
    },
  };
}

/** Parameters may come in the query, in the body, or in both; the query wins. */
function paramsOf({ query, body }: Asking): URLSearchParams {
  const params = new URLSearchParams(query);
  for (const [name, value] of new URLSearchParams(body)) if (!params.has(name)) params.append(name, value);
  return params;
}

/** What every answer of the exchange tells of the weight that was used. */
export function weightHeaders(world: World, used: number): Record<string, string> {
  const headers = { 'x-mbx-used-weight-1m': String(used) };
  return world.market.kind === 'spot' ? { 'x-mbx-used-weight': String(used), ...headers } : headers;
}

function answerRoute(world: World, route: Route, asking: Asking, params: URLSearchParams): unknown {
  const skewMs = world.faults.holds('clock-skew')?.ms ?? 0;
  const now = (): number => world.market.now() + skewMs;
  if (route.security === 'none') return route.answer(params, { ...world, key: undefined, now } satisfies Seat);
  const key = keyOf(asking.apiKey, world.market.kind);
  if (key instanceof Refusal) return key;
  if (route.security === 'signed') {
    const problem = checkSigned({ ...asking, params }, key, timesOf(world, skewMs));
    if (problem !== undefined) return problem;
  }
  return route.answer(params, { ...world, key, now });
}

function unknownPath(world: World, asking: Asking, headers: Record<string, string>): Answer {
  if (asking.method !== 'GET' && TRADING.test(asking.path)) return refused(NO_TRADING, headers);
  if (world.market.kind === 'spot') return page(404, '404 Not found', headers);
  const text = `Path ${asking.path}, Method ${asking.method} is invalid`;
  return refused(new Refusal(404, -5000, text), headers);
}

const isAnswer = (value: unknown): value is Answer =>
  typeof value === 'object' && value !== null && 'body' in value && 'type' in value && 'headers' in value;
