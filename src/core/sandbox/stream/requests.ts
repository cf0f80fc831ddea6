import type { Connection } from './connection.ts';

const METHODS = ['SUBSCRIBE', 'UNSUBSCRIBE', 'LIST_SUBSCRIPTIONS', 'SET_PROPERTY', 'GET_PROPERTY'] as const;
type Method = (typeof METHODS)[number];

/** A message of a client as it was understood; `id` is JSON text, echoed as it came. */
export type Request =
  | { readonly method: Method; readonly params: readonly unknown[]; readonly id: string }
  | { readonly refusal: string };

/** What the stream side needs to carry a request out. */
export interface Desk {
  readonly streamsMax: number;
  /** The names of a SUBSCRIBE that are to begin; undefined where it is not even answered. */
  begin(names: readonly string[]): { readonly begun: readonly string[]; readonly isAnswered: boolean };
}

/** Reads a message: Binance's own words for what is wrong with it. */
export function readRequest(text: string): Request {
  let json: unknown;
  try {
    json = JSON.parse(text);
  } catch {
    return refuse(3, 'Invalid JSON: expected value at line 1 column 1');
  }
  if (typeof json !== 'object' || json === null || Array.isArray(json)) {
    return refuse(2, 'Invalid request: expected an object at line 1 column 1');
  }
  const { method, params = [], id = null } = json as Record<string, unknown>;
  if (!isId(id)) return refuse(2, 'Invalid request: request ID must be an unsigned integer or a string');
  const known = METHODS.find((name) => name === method);
  if (method === undefined) return refuse(2, 'Invalid request: missing field `method` at line 1 column 2', id);
  if (known === undefined) {
    const names = METHODS.map((name) => `\`${name}\``).join(', ');
    return refuse(2, `Invalid request: unknown variant \`${String(method)}\`, expected one of ${names}`, id);
  }
  if (!Array.isArray(params)) return refuse(2, 'Invalid request: `params` must be an array', id);
  return { method: known, params, id: JSON.stringify(id) };
}

/** Carries a request out. The answer, or undefined where there is none. */
export function answer(connection: Connection, request: Request, desk: Desk): string | undefined {
  if ('refusal' in request) return request.refusal;
  const { method, params, id } = request;
  switch (method) {
    case 'LIST_SUBSCRIPTIONS':
      return `{"result":${JSON.stringify([...connection.streams, ...connection.mute])},"id":${id}}`;
    case 'GET_PROPERTY':
      return `{"result":${connection.form === 'wrapped'},"id":${id}}`;
    case 'SET_PROPERTY':
      return `{"result":null,"id":${id}}`;
    case 'SUBSCRIBE':
    case 'UNSUBSCRIBE':
      break;
  }
  const names = params.filter((name): name is string => typeof name === 'string' && /^[!-~]{1,200}$/.test(name));
  if (names.length === 0 || names.length < params.length) return refusal(2, 'Invalid request: invalid stream', id);
  if (method === 'UNSUBSCRIBE') {
    for (const name of names) {
      connection.streams.delete(name);
      connection.mute.delete(name);
    }
    return `{"result":null,"id":${id}}`;
  }
  return subscribe(connection, names, id, desk);
}

function subscribe(connection: Connection, names: readonly string[], id: string, desk: Desk): string | undefined {
  const wanted = new Set([...connection.streams, ...connection.mute, ...names]);
  if (wanted.size > desk.streamsMax) return refusal(2, 'Invalid request: too many streams', id);
  const { begun, isAnswered } = desk.begin(names);
  for (const name of names) (begun.includes(name) ? connection.streams : connection.mute).add(name);
  return isAnswered ? `{"result":null,"id":${id}}` : undefined;
}

const isId = (id: unknown): id is string | number | null =>
  id === null ||
  (typeof id === 'number' ? Number.isSafeInteger(id) && id >= 0 : typeof id === 'string' && id.length <= 64);

const refusal = (code: number, msg: string, id: string): string =>
  `{"error":{"code":${code},"msg":${JSON.stringify(msg)}},"id":${id}}`;

const refuse = (code: number, msg: string, id: string | number | null = null): Request => ({
  refusal: refusal(code, msg, JSON.stringify(id)),
});
