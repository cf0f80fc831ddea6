import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Fault } from '../fault.ts';
import type { World } from '../world.ts';
import { type Answer, page, Refusal, refused } from './answer.ts';
import { banned, tooMuch } from './weights.ts';

const BODY_BYTES_MAX = 1 << 20;

/** The body of a request; undefined where it is too long or its sender went away. */
export async function bodyOf(request: IncomingMessage): Promise<string | undefined> {
  const parts: Buffer[] = [];
  let bytes = 0;
  try {
    for await (const part of request) {
      bytes += (part as Buffer).length;
      if (bytes > BODY_BYTES_MAX) return undefined;
      parts.push(part as Buffer);
    }
  } catch {
    return undefined;
  }
  return Buffer.concat(parts).toString('utf8');
}

/** Sends a whole answer with its length: never in chunks. */
export function send(response: ServerResponse, answer: Answer): void {
  if (response.destroyed) return;
  response.writeHead(answer.status, headOf(answer));
  response.end(answer.body);
}

function headOf(answer: Answer): Record<string, string | number> {
  return { 'content-type': answer.type, 'content-length': Buffer.byteLength(answer.body), ...answer.headers };
}

/**
 * Sends what a fault makes of an answer. `answer` is asked for only where the exchange would have come to it; `headers` are
 * those that the exchange itself puts on what it refuses.
 */
export function spoil(
  response: ServerResponse,
  fault: Fault,
  world: World,
  { answer, headers }: { readonly answer: () => Answer; readonly headers: Readonly<Record<string, string>> },
): void {
  if (fault.kind === 'hang') return;
  if (fault.kind === 'reset') response.socket?.resetAndDestroy();
  else if (fault.kind === 'reset-after' || fault.kind === 'truncate') cut(response, answer(), fault.kind);
  else if (fault.kind === 'empty') send(response, { ...answer(), status: 200, body: '' });
  else {
    const other = instead(fault, world);
    send(response, isPage(other) ? other : { ...other, headers: { ...headers, ...other.headers } });
  }
}

/** Somebody before the exchange answered. */
const isPage = (answer: Answer): boolean => answer.type === 'text/html';

/** Announces the whole body, sends half of it and leaves: with a reset, or as if all had been said. */
function cut(response: ServerResponse, answer: Answer, kind: 'reset-after' | 'truncate'): void {
  const { socket } = response;
  const half = Buffer.from(answer.body).subarray(0, Math.floor(Buffer.byteLength(answer.body) / 2));
  response.writeHead(answer.status, headOf(answer));
  response.write(half, () => {
    if (kind === 'truncate') socket?.end();
    else socket?.resetAndDestroy();
  });
}

/** What somebody else says in the place of the exchange, or the exchange in place of an answer. */
function instead(fault: Fault, world: World): Answer {
  const { market, clock } = world;
  const retryAfter = fault.retryAfter ?? (fault.kind === 'ban' ? 120 : 60);
  const later = { 'retry-after': String(retryAfter) };
  switch (fault.kind) {
    case 'html':
      return page(200, 'Sign in to the network');
    case 'redirect':
      return page(302, '302 Found', { location: '/login' });
    case 'rate-limit':
      return refused(tooMuch(market.kind, market.kind === 'usdm' ? 2400 : 6000), later);
    case 'ban':
      return refused(banned(clock.wall() + retryAfter * 1000), later);
    case 'maintenance':
      return refused(new Refusal(503, 0, fault.msg ?? 'Service Unavailable.'));
    case 'error':
      return refused(new Refusal(fault.status ?? 400, fault.code ?? -1000, fault.msg ?? messageOf(fault.code)));
    default: {
      const status = fault.status ?? 503;
      if (fault.code === undefined) return page(status, `${status} ${STATUS[status] ?? 'Error'}`);
      return refused(new Refusal(status, fault.code, fault.msg ?? messageOf(fault.code)));
    }
  }
}

const STATUS: Readonly<Record<number, string>> = {
  403: 'Forbidden',
  408: 'Request Timeout',
  500: 'Internal Server Error',
  502: 'Bad Gateway',
  503: 'Service Temporarily Unavailable',
  504: 'Gateway Time-out',
};

/** Binance's messages of the codes that its servers give when they are in trouble. */
const MESSAGES: Readonly<Record<number, string>> = {
  [-1000]: 'An unknown error occurred while processing the request.',
  [-1001]: 'Internal error; unable to process your request. Please try again.',
  [-1003]: 'Too many requests.',
  [-1006]: 'An unexpected response was received from the message bus. Execution status unknown.',
  [-1007]: 'Timeout waiting for response from backend server. Send status unknown; execution status unknown.',
  [-1008]: 'Server is currently overloaded with other requests. Please try again in a few minutes.',
  [-1021]: 'Timestamp for this request is outside of the recvWindow.',
  [-2015]: 'Invalid API-key, IP, or permissions for action.',
};

const messageOf = (code = -1000): string => MESSAGES[code] ?? 'An error was set on purpose.';
