import type { ApiKey, Endpoint, VenueProblem } from '../exchange.ts';
import { familyOf } from './codes.ts';

const LOOPBACK = /^(127(\.\d{1,3}){3}|localhost|\[::1\])$/;
const SANDBOX_KEY = 'sandbox';

const refused = (expected: string, found: string, fix: string): VenueProblem => ({
  problem: 'REFUSED',
  expected,
  found,
  fix,
});

/** Why an endpoint may not be used, with this key or at all. A key of one place is never shown to the other. */
export function endpointProblem(
  exchange: string,
  endpoint: Endpoint,
  key: ApiKey | undefined,
): VenueProblem | undefined {
  return baseProblem(endpoint.base) ?? proxyProblem(endpoint.proxy) ?? keyProblem(exchange, endpoint.base, key);
}

/** Plain http on this machine and nothing else: `127.0.0.1.example.com` and a login in the address are no loopback. */
function baseProblem(base: string | undefined): VenueProblem | undefined {
  if (base === undefined) return undefined;
  const url = URL.parse(base);
  if (url?.protocol === 'http:' && LOOPBACK.test(url.hostname) && url.port !== '' && isBare(url)) return undefined;
  return refused(
    'an exchange at its own hosts, or one on loopback such as http://127.0.0.1:9800',
    url === null ? 'no address' : `${url.protocol}//${url.host}${url.pathname}`,
    'leave the base out, or name http, a loopback address and a port, without a path',
  );
}

const isBare = (url: URL): boolean =>
  url.pathname === '/' && url.search === '' && url.hash === '' && url.username === '' && url.password === '';

function proxyProblem(proxy: string | undefined): VenueProblem | undefined {
  if (proxy === undefined) return undefined;
  const url = URL.parse(proxy);
  if (url !== null && /^https?:$/.test(url.protocol) && url.hostname !== '') return undefined;
  return refused(
    'a proxy such as http://proxy.example:3128',
    url === null ? 'no address' : `a proxy by ${url.protocol}`,
    'give http:// or https://, a host and a port',
  );
}

function keyProblem(exchange: string, base: string | undefined, key: ApiKey | undefined): VenueProblem | undefined {
  if (key === undefined) return undefined;
  if (!isSameVenue(key.exchange, exchange)) {
    const fix = 'a key is shown to the exchange that gave it and to no other';
    return refused(`a key of ${exchange}`, `a key of ${key.exchange.slice(0, 40)}`, fix);
  }
  const isSandboxKey = key.apiKey.startsWith(SANDBOX_KEY);
  if (base !== undefined && !isSandboxKey) {
    return refused(
      `a key that begins with "${SANDBOX_KEY}" for an exchange on loopback`,
      'another key',
      'keep real keys away from stand-ins: take the key that the stand-in names, or none',
    );
  }
  if (base === undefined && isSandboxKey) {
    return refused(
      'a key of the exchange',
      `a key that begins with "${SANDBOX_KEY}"`,
      'store the key that the exchange gave',
    );
  }
  return undefined;
}

/** Binance's spot and USDS-M have one key; so have the national sites of one venue. */
const isSameVenue = (one: string, other: string): boolean =>
  one === other || (familyOf(one) !== 'other' && familyOf(one) === familyOf(other));

/**
 * Moves every address of ccxt's `urls.api` to `base`, keeping its path: `https://fapi.binance.com/fapi/v1` and
 * `wss://stream.{hostname}/ws` become `http://127.0.0.1:9800/fapi/v1` and `ws://127.0.0.1:9800/ws`.
 */
export function rehost(urls: unknown, base: string): unknown {
  if (typeof urls === 'string') {
    const { host } = new URL(base);
    return urls.replace(/^(http|ws)s?:\/\/[^/]+/, `$1://${host}`);
  }
  if (typeof urls !== 'object' || urls === null) return urls;
  return Object.fromEntries(Object.entries(urls).map(([name, value]) => [name, rehost(value, base)]));
}

/** Whether a request may go to this address: the one on loopback where there is one, else TLS and nothing else. */
export function isAllowed(url: string, base: string | undefined): boolean {
  const to = URL.parse(url);
  if (to === null) return false;
  return base === undefined
    ? to.protocol === 'https:' && !LOOPBACK.test(to.hostname)
    : to.origin === new URL(base).origin;
}
