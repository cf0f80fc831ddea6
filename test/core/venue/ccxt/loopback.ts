import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { type CcxtRestOptions, openCcxtRest } from '../../../../src/core/venue/ccxt/rest.ts';
import {
  type ExchangeRest,
  isVenueProblem,
  type Timers,
  type VenueProblem,
} from '../../../../src/core/venue/exchange.ts';

/** What a path answers: JSON with status 200, or whatever it does with the socket. */
export type Answer = object | ((request: Asked, response: ServerResponse) => void);

export interface Asked {
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingMessage['headers'];
}

/** A server on loopback that answers by path and keeps what it was asked. */
export interface Loopback extends AsyncDisposable {
  readonly base: string;
  readonly asked: Asked[];
  /** Where it was asked to tunnel to. */
  readonly tunnels: string[];
  answers: Record<string, Answer>;
  /** Answers instead of the paths while it is set. */
  fault: ((request: Asked, response: ServerResponse) => void) | undefined;
}

export async function loopback(answers: Record<string, Answer> = {}): Promise<Loopback> {
  const server = createServer((request, response) => serve(self, request, response));
  // As a proxy it opens no tunnel.
  server.on('connect', ({ url = '' }, socket) => {
    self.tunnels.push(url);
    socket.end('HTTP/1.1 407 Proxy Authentication Required\r\n\r\n');
  });
  await new Promise<void>((done) => server.listen(0, '127.0.0.1', done));
  const self: Loopback = {
    base: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    asked: [],
    tunnels: [],
    answers,
    fault: undefined,
    [Symbol.asyncDispose]: () => closed(server),
  };
  return self;
}

function serve(self: Loopback, request: IncomingMessage, response: ServerResponse): void {
  const url = new URL(request.url ?? '/', self.base);
  const asked: Asked = {
    method: request.method ?? '',
    path: url.pathname,
    query: url.searchParams,
    headers: request.headers,
  };
  self.asked.push(asked);
  const answer = self.fault ?? self.answers[url.pathname];
  if (typeof answer === 'function') answer(asked, response);
  else if (answer === undefined) send(response, 404, '{"code":-1,"msg":"no such path"}');
  else send(response, 200, JSON.stringify(answer));
}

export function send(
  response: ServerResponse,
  status: number,
  body: string,
  headers: Record<string, string> = {},
): void {
  response.writeHead(status, { 'content-type': 'application/json', ...headers });
  response.end(body);
}

const closed = (server: Server): Promise<void> =>
  new Promise((done) => {
    server.closeAllConnections();
    server.close(() => done());
  });

export const realTimers: Timers = {
  wall: () => Date.now(),
  mono: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** The wall clock stands where it is put; everything else is real. */
export function wallAt(at: number): Timers & { wallIs: number } {
  const timers = { ...realTimers, wallIs: at, wall: () => timers.wallIs };
  return timers;
}

export type Opened = ExchangeRest & AsyncDisposable;

export async function opened(options: Partial<CcxtRestOptions> & { base: string }): Promise<Opened> {
  const { base, ...rest } = options;
  const found = await openCcxtRest({ exchange: 'binanceusdm', endpoint: { base }, timers: realTimers, ...rest });
  if (isVenueProblem(found)) throw new Error(`${found.problem}: ${found.found}`);
  return Object.assign(found, { [Symbol.asyncDispose]: () => found.close() });
}

/** The answer, or a failed test that says the problem. */
export function good<T>(answer: T | VenueProblem): T {
  if (isVenueProblem(answer)) throw new Error(`${answer.problem}: ${answer.found}`);
  return answer;
}

export function problem(answer: unknown): VenueProblem {
  if (!isVenueProblem(answer)) throw new Error(`expected a problem, found ${JSON.stringify(answer).slice(0, 200)}`);
  return answer;
}
