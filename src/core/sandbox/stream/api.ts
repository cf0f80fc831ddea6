import { Refusal } from '../http/answer.ts';
import { createDispatch, type Dispatch } from '../http/dispatch.ts';
import { checkSigned, keyOf, timesOf } from '../http/signing.ts';
import { SPOT_ACCOUNT } from '../http/spot-account.ts';
import { SPOT_MARKET } from '../http/spot-market.ts';
import { USDM_ACCOUNT } from '../http/usdm-account.ts';
import { USDM_MARKET } from '../http/usdm-market.ts';
import { createWeights } from '../http/weights.ts';
import type { World } from '../world.ts';
import type { Connection } from './connection.ts';
import type { FaultyWire } from './faulty.ts';
import { isTrading, restOf } from './methods.ts';
import { userStream } from './user.ts';

const WEIGHT_LIMIT = 6_000;
const NO_ORDERS = new Refusal(
  400,
  -1020,
  'This operation is not supported. This stand-in exchange takes no orders: it serves market data and the reading of an account.',
);
const NO_LOGON = new Refusal(
  400,
  -1020,
  'This operation is not supported. session.logon takes Ed25519 keys, and the stand-in has none: sign each request.',
);

/** A request of the WebSocket API; `id` is JSON text, echoed as it came. */
interface ApiRequest {
  readonly id: string;
  readonly method: string;
  readonly params: Readonly<Record<string, unknown>>;
}

/** The WebSocket API of one market: the answers of its REST routes, and user data where spot has it. */
export class Api {
  readonly #world: World;
  readonly #wire: FaultyWire;
  readonly #dispatch: Dispatch;
  readonly #subscriptions = new Map<Connection, Map<number, () => void>>();
  #made = 0;

  constructor(world: World, wire: FaultyWire) {
    this.#world = world;
    this.#wire = wire;
    const { kind } = world.market;
    const routes = kind === 'usdm' ? [...USDM_MARKET, ...USDM_ACCOUNT] : [...SPOT_MARKET, ...SPOT_ACCOUNT];
    this.#dispatch = createDispatch(world, routes, createWeights(world.clock, kind, WEIGHT_LIMIT));
  }

  /** The answer to a message. */
  hear(connection: Connection, text: string): string {
    const request = readRequest(text);
    if (request instanceof Refusal) return reply('null', request);
    return reply(request.id, this.#answer(connection, request));
  }

  /** Lets go of what a connection had subscribed to. */
  forget(connection: Connection): void {
    for (const end of this.#subscriptions.get(connection)?.values() ?? []) end();
    this.#subscriptions.delete(connection);
  }

  #answer(connection: Connection, { method, params }: ApiRequest): Refusal | string {
    const { kind } = this.#world.market;
    const rest = restOf(kind, method);
    if (rest !== undefined) return this.#asRest(rest, params);
    if (isTrading(method)) return NO_ORDERS;
    if (method === 'session.logon') return NO_LOGON;
    if (method === 'session.status' || method === 'session.logout') return this.#sessionText();
    if (kind === 'spot' && method === 'userDataStream.subscribe.signature') return this.#subscribe(connection, params);
    if (kind === 'spot' && method === 'userDataStream.unsubscribe') return this.#unsubscribe(connection, params);
    return new Refusal(400, -1000, `Unknown method '${method.slice(0, 80)}'.`);
  }

  #asRest([verb, path]: readonly [string, string], params: ApiRequest['params']): Refusal | string {
    const { apiKey } = params;
    const answer = this.#dispatch.answer({
      method: verb,
      path,
      query: queryOf(params),
      body: '',
      apiKey: typeof apiKey === 'string' ? apiKey : undefined,
    });
    if (answer.status === 200) return answer.body;
    const { code = -1000, msg = 'Unknown error.' } = parsed(answer.body) ?? {};
    return new Refusal(answer.status, Number(code), String(msg));
  }

  /** Nobody is ever logged on. */
  #sessionText(): string {
    const serverTime = this.#world.market.now();
    return JSON.stringify({
      apiKey: null,
      authorizedSince: null,
      connectedSince: null,
      returnRateLimits: false,
      serverTime,
    });
  }

  #subscribe(connection: Connection, params: ApiRequest['params']): Refusal | string {
    const { market, account } = this.#world;
    const { apiKey } = params;
    const key = keyOf(typeof apiKey === 'string' ? apiKey : undefined, market.kind);
    if (key instanceof Refusal) return key;
    const query = queryOf(params);
    const signed = { apiKey: key.name, query, body: '', params: new URLSearchParams(query) };
    const skewMs = this.#world.faults.holds('clock-skew')?.ms ?? 0;
    const refusal = checkSigned(signed, key, timesOf(this.#world, skewMs));
    if (refusal !== undefined) return refusal;
    const subscriptionId = this.#made++;
    const end = account.onEvent((event) => {
      const text = JSON.stringify({ subscriptionId, event });
      this.#wire.send(userStream(event), text, [connection], `userData ${subscriptionId}`);
    });
    const all = this.#subscriptions.get(connection) ?? new Map<number, () => void>();
    this.#subscriptions.set(connection, all.set(subscriptionId, end));
    // By this name faults know the socket.
    connection.streams.add('userData@');
    return JSON.stringify({ subscriptionId });
  }

  /** One subscription, or all where none is named. */
  #unsubscribe(connection: Connection, { subscriptionId }: ApiRequest['params']): string {
    const all = this.#subscriptions.get(connection) ?? new Map<number, () => void>();
    for (const [id, end] of [...all]) {
      if (subscriptionId !== undefined && subscriptionId !== id) continue;
      end();
      all.delete(id);
    }
    return '{}';
  }
}

function readRequest(text: string): ApiRequest | Refusal {
  const json = parsed(text);
  if (json === undefined) return new Refusal(400, -1000, 'Invalid JSON: expected an object at line 1 column 1.');
  const { id = null, method, params = {} } = json;
  if (typeof method !== 'string') return new Refusal(400, -1000, "Missing field 'method'.");
  if (typeof params !== 'object' || params === null || Array.isArray(params)) {
    return new Refusal(400, -1135, "Invalid 'params' in JSON request; expected an object.");
  }
  const isId = id === null || typeof id === 'string' || (typeof id === 'number' && Number.isSafeInteger(id));
  if (!isId) return new Refusal(400, -1000, "Invalid 'id': expected a whole number, text or null.");
  return { id: JSON.stringify(id), method, params: params as ApiRequest['params'] };
}

function parsed(text: string): Readonly<Record<string, unknown>> | undefined {
  try {
    const json: unknown = JSON.parse(text);
    return typeof json === 'object' && json !== null && !Array.isArray(json) ? { ...json } : undefined;
  } catch {
    return undefined;
  }
}

/** Parameters in the order of their names, as they are signed. */
function queryOf(params: ApiRequest['params']): string {
  const names = Object.keys(params).sort();
  return names.map((name) => `${name}=${textOf(params[name])}`).join('&');
}

const textOf = (value: unknown): string => (typeof value === 'object' ? JSON.stringify(value) : String(value));

function reply(id: string, answer: Refusal | string): string {
  if (typeof answer === 'string') return `{"id":${id},"status":200,"result":${answer},"rateLimits":[]}`;
  const { status, code, msg } = answer;
  return `{"id":${id},"status":${status},"error":${JSON.stringify({ code, msg })},"rateLimits":[]}`;
}
