import type * as Http from 'node:http';
import https from 'node:https';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { TLSSocket } from 'node:tls';

// An import would load all of Node's own fetch with it: 25 ms and 3 MB of a bridge.
const http = process.getBuiltinModule('node:http');

/** Why there is no answer. Nothing in it holds the address of the request: that has the token in it. */
export class WireError extends Error {
  override readonly name = 'WireError';
  /** `unsent`: not a byte of the request left. `broken`: it left, and may have been done. `refused`: a front said no. */
  readonly fault: 'unsent' | 'broken' | 'refused';
  /** Of the system (`ECONNRESET`), or a few words. */
  readonly code: string;

  constructor(fault: WireError['fault'], code: string) {
    super(`${fault}: ${code}`);
    this.fault = fault;
    this.code = code;
  }
}

/** What grammY asks its `fetch` for. */
interface Asked {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Readable;
  readonly signal: {
    readonly aborted: boolean;
    addEventListener(type: 'abort', call: () => void): void;
  };
}

/** An answer of the Bot API as it came, not looked into any further. */
type Answer =
  | { readonly ok: true; readonly result: unknown }
  | {
      readonly ok: false;
      readonly error_code: number;
      readonly description: string;
      readonly parameters?: { readonly retry_after?: number };
    };

/** A page of 100 updates stays far below. */
const ANSWER_BYTES_MAX = 8 * 1024 * 1024;
/** A socket that idled for longer is not used again: the server may have closed it, and a request would be lost in it. */
const IDLE_MS_MAX = 15_000;
const LOOPBACK = /^(?:localhost|127(?:\.\d+){3}|\[::1\])$/;

export type Wire = (url: string | URL, asked: Asked) => Promise<{ json(): Promise<Answer> }>;

/**
 * The `fetch` of grammY. Its own one (node-fetch 2) waits for ever on an answer that breaks off, hides the status of a page
 * that is no JSON, and does not say whether a request left before the connection broke, on which hangs whether an alert may
 * be sent again without the mark of a repeat. No redirects, no compression, answers of at most 8 MiB.
 *
 * `proxy` as `[http://][user:password@]host:port`; loopback is never reached through it. `onDate` hears what time the server
 * says it is.
 */
export function createWire(api: string, proxy?: string, onDate: (ms: number) => void = () => undefined): Wire {
  const agent = agentOf(new URL(api), proxy);
  return async (url, asked) => {
    const { status, retryAfter, date, body } = await request(new URL(url), asked, agent);
    if (Number.isFinite(date)) onDate(date);
    return { json: async () => read(status, retryAfter, body) };
  };
}

function agentOf({ protocol, hostname }: URL, proxy: string | undefined): Http.Agent | https.Agent {
  const kept = { keepAlive: true, timeout: IDLE_MS_MAX };
  const used = proxy === undefined || proxy === '' || LOOPBACK.test(hostname) ? undefined : withScheme(proxy);
  if (protocol === 'https:') {
    return new https.Agent(used === undefined ? kept : { ...kept, proxyEnv: { HTTPS_PROXY: used } });
  }
  return new http.Agent(used === undefined ? kept : { ...kept, proxyEnv: { HTTP_PROXY: used } });
}

const withScheme = (proxy: string): string => (/^[a-z][a-z0-9+.-]*:\/\//i.test(proxy) ? proxy : `http://${proxy}`);

interface Heard {
  readonly status: number;
  readonly retryAfter: number;
  readonly date: number;
  readonly body: string;
}

function request(url: URL, { headers, body, signal }: Asked, agent: Http.Agent): Promise<Heard> {
  return new Promise((resolve, reject) => {
    let isSent = false;
    if (signal.aborted) return reject(new WireError('unsent', 'stopped'));
    const length = typeof body === 'string' ? { 'content-length': String(Buffer.byteLength(body)) } : {};
    const { request } = url.protocol === 'https:' ? https : http;
    const asked = request(url, { method: 'POST', agent, headers: { ...headers, ...length } });
    const fail = (error: unknown): void => {
      reject(error instanceof WireError ? error : new WireError(isSent ? 'broken' : 'unsent', codeOf(error)));
      asked.destroy();
    };
    signal.addEventListener('abort', () => fail('stopped'));
    whenOpen(asked, () => {
      isSent = true;
    });
    asked.on('error', fail);
    asked.once('response', (answer) => {
      hear(answer).then(resolve, fail);
    });
    if (typeof body === 'string') asked.end(body);
    else body.once('error', fail).pipe(asked);
  });
}

/** Before its connection stands, encrypted where it should be, nothing of a request has left. */
function whenOpen(asked: Http.ClientRequest, open: () => void): void {
  asked.once('socket', (socket: Socket) => {
    const event = asked.reusedSocket ? undefined : openingOf(socket);
    if (event === undefined) open();
    else socket.once(event, open);
  });
}

function openingOf(socket: Socket): 'connect' | 'secureConnect' | undefined {
  if (socket instanceof TLSSocket) {
    // Through a proxy the handshake may be over by now; Node's types do not know the second flag.
    const isOver = socket.authorized || ('secureConnecting' in socket && socket.secureConnecting === false);
    return isOver ? undefined : 'secureConnect';
  }
  return socket.connecting ? 'connect' : undefined;
}

async function hear(answer: Http.IncomingMessage): Promise<Heard> {
  const chunks: Buffer[] = [];
  let bytes = 0;
  for await (const chunk of answer as AsyncIterable<Buffer>) {
    bytes += chunk.length;
    if (bytes > ANSWER_BYTES_MAX) throw new WireError('broken', 'an answer of more than 8 MiB');
    chunks.push(chunk);
  }
  const body = Buffer.concat(chunks).toString('utf8');
  const { date = '', 'retry-after': retryAfter = Number.NaN } = answer.headers;
  return { status: answer.statusCode ?? 0, retryAfter: Number(retryAfter), date: Date.parse(date), body };
}

function read(status: number, retryAfter: number, body: string): Answer {
  const answer = parsed(body);
  if (answer !== undefined) return answer;
  if (status === 429) {
    return { ok: false, error_code: 429, description: 'Too Many Requests', parameters: { retry_after: retryAfter } };
  }
  if (status === 413) return { ok: false, error_code: 413, description: 'Request Entity Too Large' };
  // A proxy, a front or a wrong address: whatever said so has done nothing.
  if (status >= 300 && status < 500) throw new WireError('refused', `HTTP ${status}`);
  throw new WireError('broken', `HTTP ${status}, not an answer of the Bot API`);
}

function parsed(body: string): Answer | undefined {
  try {
    const answer: unknown = JSON.parse(body);
    return isAnswer(answer) ? answer : undefined;
  } catch {
    return undefined;
  }
}

function isAnswer(answer: unknown): answer is Answer {
  if (typeof answer !== 'object' || answer === null || !('ok' in answer)) return false;
  if (answer.ok === true) return 'result' in answer;
  return 'error_code' in answer && Number.isInteger(answer.error_code) && 'description' in answer;
}

function codeOf(error: unknown): string {
  if (typeof error === 'string') return error;
  const code = typeof error === 'object' && error !== null && 'code' in error ? String(error.code) : '';
  return /^[A-Z][A-Z0-9_]{1,60}$/.test(code) ? code : 'no connection';
}
