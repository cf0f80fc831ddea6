import { createHmac } from 'node:crypto';
import { connect } from 'node:net';
import { type Sandbox, type SandboxOptions, serveSandbox } from '../../../../src/core/sandbox/server.ts';
import { type ShiftedClock, type StubMarket, shiftedClock, stubMarket } from '../../../support/sandbox-market.ts';

/** A stand-in over stub markets, and a plain client of it. */
export interface Bench {
  readonly sandbox: Sandbox;
  readonly clock: ShiftedClock;
  readonly market: StubMarket;
  /** Asks without a key: the path is of USDS-M where it begins with /fapi or /sandbox, of spot elsewhere. */
  ask(path: string, init?: RequestInit): Promise<Reply>;
  /** Asks with a key and a signature over the parameters that are in the path. */
  signed(path: string, key?: string, more?: Readonly<Record<string, string>>): Promise<Reply>;
  /** Sets a fault by its text. */
  fault(text: string): Promise<Reply>;
}

export interface Reply {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
  // biome-ignore lint/suspicious/noExplicitAny: a test reads the answer of the venue as it comes.
  readonly body: any;
}

export async function bench(options: Partial<SandboxOptions> = {}): Promise<Bench> {
  const clock = shiftedClock();
  const market = stubMarket('usdm', clock);
  const sandbox = await serveSandbox({ usdm: market, spot: stubMarket('spot', clock), clock, ...options });
  const baseOf = (path: string): string =>
    (/^\/(fapi|sandbox|sapi)/.test(path) ? sandbox.usdm?.base : sandbox.spot?.base) ?? '';
  const ask = async (path: string, init: RequestInit = {}): Promise<Reply> => {
    const response = await fetch(baseOf(path) + path, { redirect: 'manual', ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, text, body: parsed(text) };
  };
  return {
    sandbox,
    clock,
    market,
    ask,
    signed(path, key = 'sandbox-read', more = {}) {
      const [name = '', given = ''] = path.split('?');
      const query = new URLSearchParams(given);
      for (const [field, value] of Object.entries({ timestamp: String(clock.wall()), ...more }))
        query.set(field, value);
      const signature = createHmac('sha256', 'sandbox-secret').update(query.toString()).digest('hex');
      if (!query.has('signature')) query.set('signature', signature);
      return ask(`${name}?${query}`, { headers: { 'X-MBX-APIKEY': key } });
    },
    fault: (text) => ask('/sandbox/faults', { method: 'POST', body: text }),
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** What a socket says to one GET, byte for byte, until it ends: its bytes, and whether it was reset. */
export function rawGet(port: number, path: string): Promise<{ text: string; end: 'closed' | 'reset' }> {
  return new Promise((resolve) => {
    let text = '';
    const socket = connect(port, '127.0.0.1', () => socket.write(`GET ${path} HTTP/1.1\r\nhost: x\r\n\r\n`));
    socket.setEncoding('utf8');
    socket.on('data', (part: string) => {
      text += part;
    });
    socket.on('error', () => resolve({ text, end: 'reset' }));
    socket.on('close', () => resolve({ text, end: 'closed' }));
  });
}
