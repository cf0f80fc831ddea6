import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import type { AccountState, SandboxAccount } from './account/account.ts';
import { createAccount } from './account/create.ts';
import { createListenKeys } from './account/listen-keys.ts';
import { SPOILERS } from './fault.ts';
import { createFaults, type SandboxFaults } from './faults.ts';
import { type Answer, Refusal, refused } from './http/answer.ts';
import { control, type Stats } from './http/control.ts';
import { type Asking, createDispatch, type Dispatch, weightHeaders } from './http/dispatch.ts';
import { SPOT_ACCOUNT } from './http/spot-account.ts';
import { SPOT_MARKET } from './http/spot-market.ts';
import { USDM_ACCOUNT } from './http/usdm-account.ts';
import { USDM_DATA } from './http/usdm-data.ts';
import { USDM_MARKET } from './http/usdm-market.ts';
import { WALLET } from './http/wallet.ts';
import { createWeights, type Weights } from './http/weights.ts';
import { bodyOf, send, spoil } from './http/wire.ts';
import type { SandboxClock, SandboxMarket } from './market.ts';
import { createPulse, type Pulse } from './pulse.ts';
import { attachStreams } from './stream/attach.ts';
import type { World } from './world.ts';

const HOST = '127.0.0.1';
/** Weight that an address may use in a minute, as exchangeInfo tells it. */
const WEIGHTS = { usdm: 2400, spot: 6000 } as const;
/** As long as the venue keeps an idle connection. */
const IDLE_MS = 75_000;

type Kind = 'usdm' | 'spot';

/** What is served, and how. At least one market must be given. */
export interface SandboxOptions {
  readonly usdm?: SandboxMarket | undefined;
  readonly spot?: SandboxMarket | undefined;
  readonly clock: SandboxClock;
  /** 0 or left out: any that is free. */
  readonly ports?: { readonly usdm?: number; readonly spot?: number };
  /** Only 127.0.0.1: the stand-in takes keys that everybody knows. */
  readonly host?: string;
  /** Faults at work from the start, and those that are set later. */
  readonly faults?: SandboxFaults;
  readonly accounts?: { readonly usdm?: Partial<AccountState>; readonly spot?: Partial<AccountState> };
  readonly weightLimits?: { readonly usdm?: number; readonly spot?: number };
  /** Told of what no client can be told, such as a frame that cannot be sent. */
  readonly onError?: (problem: string) => void;
}

/** One market on its port. `base` is where its API begins: `http://127.0.0.1:8801`. */
export interface SandboxDoor {
  readonly port: number;
  readonly base: string;
  readonly account: SandboxAccount;
}

/** A running stand-in. Faults are of both markets alike. */
export interface Sandbox {
  readonly usdm: SandboxDoor | undefined;
  readonly spot: SandboxDoor | undefined;
  readonly faults: SandboxFaults;
  /** Ends all connections and lets go of every port and timer. */
  close(): Promise<void>;
}

/** Why a stand-in cannot be served: what was expected, what was found, what to do. */
export class SandboxError extends Error {
  override readonly name = 'SandboxError';
}

/**
 * Serves the markets as Binance serves them: REST and streams of each market kind on a port of its own.
 * Throws SandboxError where there is no market, the host is not this machine, or a port is taken.
 */
export async function serveSandbox(options: SandboxOptions): Promise<Sandbox> {
  const { usdm, spot, host = HOST } = options;
  if (host !== HOST) {
    throw new SandboxError(`expected the host ${HOST}, found ${host}: the stand-in is for this machine alone`);
  }
  if (usdm === undefined && spot === undefined) {
    throw new SandboxError('expected a market to serve, found none: give usdm, spot or both');
  }
  const faults = options.faults ?? createFaults(options.clock);
  const open: Opened[] = [];
  const close = async (): Promise<void> => void (await Promise.all(open.map((one) => one.close())));
  const apis = [usdm, spot].flatMap((market) => (market === undefined ? [] : [createApi(market, faults, options)]));
  try {
    for (const api of apis) open.push(await openDoor(api, apis, options));
  } catch (error) {
    await close();
    throw error;
  }
  const door = (kind: Kind): SandboxDoor | undefined => open.find((one) => one.account.kind === kind);
  return { usdm: door('usdm'), spot: door('spot'), faults, close };
}

interface Opened extends SandboxDoor {
  close(): Promise<void>;
}

/** One market with its account: what it answers, whoever asks at whichever port. */
interface Api {
  readonly world: World;
  readonly faults: SandboxFaults;
  readonly weights: Weights;
  readonly pulse: Pulse;
  readonly dispatch: Dispatch;
}

function createApi(market: SandboxMarket, faults: SandboxFaults, options: SandboxOptions): Api {
  const { clock, onError = () => undefined } = options;
  const { kind } = market;
  const account = createAccount(kind, () => market.now(), options.accounts?.[kind]);
  const world: World = {
    market,
    faults,
    clock,
    openedAt: clock.wall(),
    account,
    listenKeys: createListenKeys(clock),
  };
  const weights = createWeights(clock, kind, options.weightLimits?.[kind] ?? WEIGHTS[kind]);
  const routes = kind === 'usdm' ? [...USDM_MARKET, ...USDM_DATA, ...USDM_ACCOUNT] : [...SPOT_MARKET, ...SPOT_ACCOUNT];
  const dispatch = safe(createDispatch(world, [...routes, ...WALLET], weights), onError);
  return { world, faults, weights, pulse: createPulse(market, clock), dispatch };
}

/** Paths of one market alone: a client that knows one address gets both markets there. */
const PATHS: Readonly<Record<Kind, RegExp>> = { usdm: /^\/(fapi|futures)\//, spot: /^\/api\// };

async function openDoor(api: Api, apis: readonly Api[], options: SandboxOptions): Promise<Opened> {
  const { world, pulse } = api;
  const { account } = world;
  const { kind } = world.market;
  const sockets = new Set<Socket>();
  const onError = options.onError ?? (() => undefined);
  const of = (path: string): Api => apis.find((one) => PATHS[one.world.market.kind].test(path)) ?? api;
  const listener = createListener(api, of, sockets, onError);
  const server = createServer({ keepAliveTimeout: IDLE_MS }, listener);
  server.on('connection', (socket: Socket) => {
    sockets.add(socket);
    socket.on('close', () => sockets.delete(socket));
    // A client that goes away, or that a fault throws out, is no news.
    socket.on('error', () => undefined);
  });
  server.on('upgrade', (_, socket) => socket.on('close', pulse.hold()));
  // Streams have timers of their own: only where the port was free.
  const port = await listen(server, options.ports?.[kind] ?? 0, kind);
  const streams = attachStreams(server, { ...world, onError });
  return {
    port,
    base: `http://${HOST}:${port}`,
    account,
    async close() {
      await streams.close();
      pulse.close();
      world.listenKeys.close();
      for (const socket of sockets) socket.destroy();
      await new Promise<void>((done) => server.close(() => done()));
    },
  };
}

function listen(server: Server, port: number, kind: Kind): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (error: NodeJS.ErrnoException) => {
      const found = error.code === 'EADDRINUSE' ? 'something that listens there already' : error.message;
      reject(
        new SandboxError(`expected to listen for ${kind} on ${HOST}:${port}, found ${found}: give another port, or 0`),
      );
    });
    server.listen(port, HOST, () => resolve((server.address() as AddressInfo).port));
  });
}

/** Takes every request: control first, then what delays it, what spoils it, and the answer. */
function createListener(
  { world: own, faults, weights, pulse }: Api,
  of: (path: string) => Api,
  sockets: ReadonlySet<Socket>,
  onError: (problem: string) => void,
): (request: IncomingMessage, response: ServerResponse) => void {
  const requests = new Map<string, number>();
  const stats = (): Stats => ({
    requests: Object.fromEntries([...requests].sort(([a], [b]) => (a < b ? -1 : 1))),
    weight: { used: weights.used, limit: weights.limit },
    connections: sockets.size,
    streams: pulse.held,
  });

  const answer = (asking: Asking, response: ServerResponse): void => {
    const place = { path: asking.path };
    const fault = asking.path === STATUS_PATH ? undefined : faults.strike(SPOILERS, place);
    const { world, dispatch, weights: weighed } = of(asking.path);
    const usual = (): Answer => dispatch.answer(asking);
    const headers = weightHeaders(world, weighed.used);
    if (fault !== undefined) spoil(response, fault, world, { answer: usual, headers });
    else send(response, usual());
  };
  const take = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const body = await bodyOf(request);
    if (body === undefined) return void request.socket.destroy();
    const asking = askingOf(request, body);
    if (asking.path.startsWith('/sandbox')) return send(response, control(asking, own, faults, stats));
    of(asking.path).pulse.wake();
    const name = `${asking.method} ${asking.path}`;
    requests.set(name, (requests.get(name) ?? 0) + 1);
    const delay = faults.strike(['delay'], { path: asking.path });
    if (delay === undefined) return answer(asking, response);
    pulse.after(delay.ms ?? 0, () => answer(asking, response));
  };
  return (request, response) => {
    take(request, response).catch((error: unknown) => {
      onError(`${request.method} ${request.url}: ${error instanceof Error ? error.stack : String(error)}`);
      request.socket.destroy();
    });
  };
}

/** A market that fails while it is asked is a bug: it is told, and the client gets what Binance says of its own bugs. */
function safe(dispatch: Dispatch, onError: (problem: string) => void): Dispatch {
  return {
    answer(asking) {
      try {
        return dispatch.answer(asking);
      } catch (error) {
        onError(`${asking.method} ${asking.path}: ${error instanceof Error ? error.stack : String(error)}`);
        return refused(new Refusal(500, -1000, 'An unknown error occurred while processing the request.'));
      }
    },
  };
}

/** Maintenance is told here, while every other path is down. */
const STATUS_PATH = '/sapi/v1/system/status';

function askingOf(request: IncomingMessage, body: string): Asking {
  const url = request.url ?? '/';
  const mark = url.indexOf('?');
  const apiKey = request.headers['x-mbx-apikey'];
  return {
    method: request.method ?? 'GET',
    path: mark < 0 ? url : url.slice(0, mark),
    query: mark < 0 ? '' : url.slice(mark + 1),
    body,
    apiKey: typeof apiKey === 'string' ? apiKey : undefined,
  };
}
