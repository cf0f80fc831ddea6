import { lookup } from 'node:dns/promises';
import { connect, type Socket } from 'node:net';
import { connect as connectTls, type TLSSocket } from 'node:tls';
import type { DoctorNetwork, Reached, VenuePlace } from '../command/doctor/ports.ts';
import { isRefusal, type Refusal } from '../command/refusal.ts';
import { endpointOf, hostOf, shownProxy } from '../config/exchanges.ts';
import { isVenueProblem } from '../venue/exchange.ts';
import { configPorts } from './config.ts';
import { paceOf } from './exchange-ask.ts';
import { openRest } from './exchange-rest.ts';
import type { Paths } from './paths.ts';
import { systemTimers } from './timers.ts';

const WAIT_MS = 5_000;

/** The network of this machine, as the configuration goes out by it. */
export function doctorNetwork(paths: Paths, env: Readonly<Record<string, string | undefined>>): DoctorNetwork {
  return {
    async place(exchange): Promise<VenuePlace | Refusal> {
      const config = await configPorts(paths, env).load();
      if (isRefusal(config)) return config;
      const { base, proxy } = endpointOf(config, env, exchange);
      const first = URL.parse(base ?? proxy ?? `https://${hostOf(exchange) ?? ''}`);
      return {
        host: first === null || first.hostname === '' ? null : first.hostname,
        port: first === null || first.port === '' ? (first?.protocol === 'http:' ? 80 : 443) : Number(first.port),
        isTls: base === undefined && proxy === undefined,
        isStandIn: base !== undefined,
        proxy: proxy === undefined ? null : shownProxy(proxy),
      };
    },
    lookUp: (host) =>
      timed(async () => {
        const found = await Promise.race([lookup(host, { all: true }), late()]);
        return found.map(({ address }) => address).join(', ');
      }),
    connect: (place) => timed(() => shaken(place)),
    open: (exchange, key) => openRest(paths, env, exchange, { withKey: false, key }),
    async measureClock(exchange, rest) {
      const config = await configPorts(paths, env).load();
      const own = isRefusal(config) ? undefined : await paceOf(endpointOf(config, env, exchange));
      const offsetMs = await rest.measureClock();
      if (isVenueProblem(offsetMs) || own?.clock === undefined) return offsetMs;
      return (offsetMs + systemTimers.wall() - own.clock()) / own.speed;
    },
  };
}

async function timed(work: () => Promise<string>): Promise<Reached> {
  const from = performance.now();
  try {
    const what = await work();
    return { ms: performance.now() - from, what };
  } catch (problem) {
    return { why: wordsOf(problem) };
  }
}

function late(): Promise<never> {
  return new Promise((_resolve, reject) => {
    setTimeout(() => reject(new Error(`no answer in ${WAIT_MS / 1_000} s`)), WAIT_MS).unref();
  });
}

/** A connection, and the handshake where the place speaks TLS: the certificate must be one of its name. */
function shaken({ host, port, isTls }: VenuePlace): Promise<string> {
  const name = (host ?? '').replace(/^\[|\]$/g, '');
  return new Promise((resolve, reject) => {
    const socket: Socket | TLSSocket = isTls
      ? connectTls({ host: name, port, servername: name, timeout: WAIT_MS })
      : connect({ host: name, port, timeout: WAIT_MS });
    const end = (settle: () => void): void => {
      socket.destroy();
      settle();
    };
    socket.once(isTls ? 'secureConnect' : 'connect', () => end(() => resolve(isTls ? 'TLS' : 'TCP')));
    socket.once('timeout', () => end(() => reject(new Error(`no answer in ${WAIT_MS / 1_000} s`))));
    socket.once('error', (problem) => end(() => reject(problem)));
  });
}

/** The code says more than the message, which names addresses. */
function wordsOf(problem: unknown): string {
  if (!(problem instanceof Error)) return String(problem);
  const [one] = problem instanceof AggregateError ? (problem.errors as readonly unknown[]) : [];
  const told = one instanceof Error && problem.message === '' ? one : problem;
  return 'code' in told && typeof told.code === 'string' ? told.code : told.message;
}
