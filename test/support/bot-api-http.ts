import type { IncomingMessage, ServerResponse } from 'node:http';

/** Whatever JSON holds. */
export type Json = Readonly<Record<string, unknown>>;

/** What the Bot API answers. */
export type Reply =
  | { readonly ok: true; readonly result: unknown }
  | { readonly ok: false; readonly error_code: number; readonly description: string; readonly parameters?: Json };

/** A request as it came; `files` are the parts of a multipart form that are no text. */
export interface Asked {
  readonly token: string;
  readonly method: string;
  readonly params: Json;
  readonly files: ReadonlyMap<string, Uint8Array>;
}

export const told = (result: unknown): Reply => ({ ok: true, result });

export const refused = (code: number, description: string, parameters?: Json): Reply =>
  parameters === undefined
    ? { ok: false, error_code: code, description }
    : { ok: false, error_code: code, description, parameters };

export const bad = (description: string): Reply => refused(400, `Bad Request: ${description}`);

/** Reads a request to its end; rejects where the client is gone before that. */
export async function readAsked(request: IncomingMessage): Promise<Asked> {
  const url = new URL(request.url ?? '/', 'http://127.0.0.1');
  const [, token = '', method = ''] = /^\/bot([^/]+)\/(\w+)$/.exec(url.pathname) ?? [];
  const chunks: Buffer[] = [];
  for await (const chunk of request as AsyncIterable<Buffer>) chunks.push(chunk);
  const kind = request.headers['content-type'] ?? '';
  const { params, files } = await bodyOf(Buffer.concat(chunks), kind);
  return { token: decoded(token), method, params: { ...Object.fromEntries(url.searchParams), ...params }, files };
}

function decoded(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return part;
  }
}

async function bodyOf(body: Buffer, kind: string): Promise<Pick<Asked, 'params' | 'files'>> {
  const files = new Map<string, Uint8Array>();
  if (body.length === 0) return { params: {}, files };
  if (kind.startsWith('application/json')) return { params: objectOf(body.toString('utf8')), files };
  const form = await new Response(new Uint8Array(body), { headers: { 'content-type': kind } }).formData();
  const params: Record<string, unknown> = {};
  for (const [name, value] of form) {
    if (typeof value === 'string') params[name] = value;
    else files.set(name, new Uint8Array(await value.arrayBuffer()));
  }
  return { params, files };
}

function objectOf(text: string): Json {
  const value: unknown = JSON.parse(text);
  return isJson(value) ? value : {};
}

export const isJson = (value: unknown): value is Json => typeof value === 'object' && value !== null;

/** A parameter that is JSON, or JSON as a string, as forms send it. */
export function nested(value: unknown): unknown {
  if (typeof value !== 'string') return value;
  try {
    return JSON.parse(value);
  } catch {
    return undefined;
  }
}

export function numberOf(value: unknown): number | undefined {
  const number = typeof value === 'string' && value.trim() !== '' ? Number(value) : value;
  return typeof number === 'number' && Number.isSafeInteger(number) ? number : undefined;
}

/** How an answer goes wrong on its way. */
export type Spoiling = 'none' | 'reset' | 'cut' | 'garbage' | 'page';

export function answer(response: ServerResponse, reply: Reply, spoiling: Spoiling = 'none'): void {
  if (response.destroyed || response.socket === null) return;
  if (spoiling === 'reset') response.socket.resetAndDestroy();
  else if (spoiling === 'page') page(response, 502, '<html><h1>502 Bad Gateway</h1><hr>nginx</html>');
  else if (spoiling === 'garbage') page(response, 200, '<!doctype html><title>Sign in to the network</title>');
  else send(response, Buffer.from(JSON.stringify(reply)), reply.ok ? 200 : reply.error_code, spoiling === 'cut');
}

function send(response: ServerResponse, body: Buffer, status: number, isCut: boolean): void {
  response.writeHead(status, { 'content-type': 'application/json', 'content-length': body.length });
  if (isCut) response.write(body.subarray(0, Math.floor(body.length / 2)), () => response.destroy());
  else response.end(body);
}

function page(response: ServerResponse, status: number, html: string): void {
  response.writeHead(status, { 'content-type': 'text/html', 'content-length': Buffer.byteLength(html) });
  response.end(html);
}
