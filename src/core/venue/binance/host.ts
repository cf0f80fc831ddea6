import { Agent } from 'node:https';
import type { connect } from 'node:net';
import type { Duplex } from 'node:stream';
import type { ClientOptions } from 'ws';
import { assert } from '../../base/assert.ts';
import { nodeHttp } from '../../platform/http.ts';
import type { Endpoint } from '../exchange.ts';
import type { BinanceMarket, Route } from './channels.ts';

const HOSTS: Readonly<Record<BinanceMarket, string>> = {
  usdm: 'wss://fstream.binance.com',
  spot: 'wss://stream.binance.com:9443',
};

const LOOPBACK = /^(localhost|127(\.\d{1,3}){3}|\[::1\])$/;
const MESSAGE_BYTES_MAX = 16 * 1024 * 1024;

/** `wss://fstream.binance.com/public/stream`, or the same path at a place on loopback. */
export function streamUrl(market: BinanceMarket, endpoint: Endpoint, route: Route): string {
  if (endpoint.base === undefined) return `${HOSTS[market]}${route}`;
  const { protocol, host, hostname } = new URL(endpoint.base);
  assert(LOOPBACK.test(hostname), 'Invariant: a stream of another place than the venue is on loopback');
  return `${protocol === 'https:' ? 'wss' : 'ws'}://${host}${route}`;
}

/**
 * How a socket is opened: no compression, no redirects, messages of at most 16 MiB, text not checked for UTF-8 (the
 * reader takes ASCII). A proxy is asked for a tunnel, for `ws:` on loopback as well; `signal` gives that up.
 */
export function socketOptions(endpoint: Endpoint, url: string, signal: AbortSignal): ClientOptions {
  const options: ClientOptions = {
    perMessageDeflate: false,
    skipUTF8Validation: true,
    followRedirects: false,
    maxPayload: MESSAGE_BYTES_MAX,
  };
  if (endpoint.proxy === undefined) return options;
  if (url.startsWith('wss:')) {
    return { ...options, agent: new Agent({ proxyEnv: { HTTPS_PROXY: endpoint.proxy } }) };
  }
  // Node asks for a socket like this; the types of `ws` know the form of `net.connect` only.
  const createConnection = tunnel(endpoint.proxy, signal) as unknown as typeof connect;
  return { ...options, createConnection };
}

type Connected = (error: Error | null, socket?: Duplex) => void;

/** Node's agent sends a plain request to a proxy in absolute form, which no proxy upgrades: ask for a tunnel instead. */
function tunnel(proxy: string, signal: AbortSignal) {
  const { hostname, port, username, password } = new URL(proxy);
  const login = `${decodeURIComponent(username)}:${decodeURIComponent(password)}`;
  const headers = username === '' ? {} : { 'proxy-authorization': `Basic ${Buffer.from(login).toString('base64')}` };
  return (to: { readonly host: string; readonly port: string | number }, connected: Connected): undefined => {
    const path = `${to.host}:${to.port}`;
    const where = { host: hostname, port: port === '' ? 80 : Number(port), signal };
    const asked = nodeHttp.request({ ...where, method: 'CONNECT', path, headers, agent: false });
    asked.once('connect', (answer, socket) => {
      if (answer.statusCode === 200) return connected(null, socket);
      socket.destroy();
      connected(new Error(`the proxy answered ${answer.statusCode}`));
    });
    asked.once('response', (answer) => {
      asked.destroy();
      connected(new Error(`the proxy answered ${answer.statusCode}`));
    });
    asked.once('error', (error) => connected(error));
    asked.end();
  };
}

/** An error as it may be shown: one short line, no login in an address. */
export function plainText(error: unknown): string {
  const text = error instanceof Error ? error.message || error.name : String(error);
  return text
    .replace(/\/\/[^\s/@]*@/g, '//')
    .replace(/\?\S*/g, '')
    .replace(/[^\x20-\x7e]+/g, ' ')
    .trim()
    .slice(0, 200);
}
