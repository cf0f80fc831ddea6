import type { Key } from './keys.ts';

/** What the file says of one exchange: `[exchanges.binanceusdm]`. */
export interface ExchangeTable {
  /** The stand-in exchange, on loopback alone: `http://127.0.0.1:9800`. */
  readonly endpoint?: string | undefined;
  /** `http://[user:pass@]host:port`. */
  readonly proxy?: string | undefined;
}

/** Where an exchange is reached: `Endpoint` of the exchange port. Built-in hosts where `base` is undefined. */
export interface Reach {
  readonly base?: string | undefined;
  readonly proxy?: string | undefined;
}

type Texts = Readonly<Record<string, string | undefined>>;

/** Keys of `[exchanges.NAME]`. */
export const EXCHANGE_KEYS: readonly Key[] = [
  { name: 'proxy', about: 'HTTP proxy; else as HTTPS_PROXY says.', example: 'http://127.0.0.1:3128' },
  { name: 'endpoint', about: 'The stand-in exchange, on this machine alone.', example: 'http://127.0.0.1:9800' },
];

/** A name as ccxt gives them. Whether there is one is for ccxt to say. */
export const EXCHANGE_NAME = /^[a-z][a-z0-9]{1,31}$/;

/** Exchanges that are asked for most, for near matches. */
export const KNOWN_EXCHANGES: readonly string[] = [
  'binance',
  'binanceusdm',
  'binancecoinm',
  'bitget',
  'bybit',
  'coinbase',
  'gate',
  'hyperliquid',
  'kraken',
  'krakenfutures',
  'kucoin',
  'kucoinfutures',
  'mexc',
  'okx',
];

/** Where REST of an exchange lives, to look it up by name; others are only asked through their adapter. */
const HOSTS: Texts = {
  binance: 'api.binance.com',
  binanceusdm: 'fapi.binance.com',
  binancecoinm: 'dapi.binance.com',
  bitget: 'api.bitget.com',
  bybit: 'api.bybit.com',
  coinbase: 'api.coinbase.com',
  gate: 'api.gateio.ws',
  hyperliquid: 'api.hyperliquid.xyz',
  kraken: 'api.kraken.com',
  krakenfutures: 'futures.kraken.com',
  kucoin: 'api.kucoin.com',
  kucoinfutures: 'api-futures.kucoin.com',
  mexc: 'api.mexc.com',
  okx: 'www.okx.com',
};

/** Exchanges whose keys have a passphrase beside the secret. */
const WITH_PASSPHRASE: ReadonlySet<string> = new Set(['bitget', 'kucoin', 'kucoinfutures', 'okx']);

export const hostOf = (exchange: string): string | undefined =>
  Object.hasOwn(HOSTS, exchange) ? HOSTS[exchange] : undefined;
export const hasPassphrase = (exchange: string): boolean => WITH_PASSPHRASE.has(exchange);

const PORT = '([1-9]\\d{0,4})';
const LOOPBACK = new RegExp(`^http://(?:127\\.0\\.0\\.1|localhost|\\[::1\\]):${PORT}/?$`);
const PROXY = new RegExp(`^http://(?:[^\\s/@:]+(?::[^\\s/@]*)?@)?(?:\\[[0-9a-fA-F:]+\\]|[A-Za-z0-9.-]+):${PORT}/?$`);

const isOf = (pattern: RegExp, text: string): boolean => {
  const port = pattern.exec(text)?.[1];
  return port !== undefined && Number(port) < 65_536;
};

/** Whether it is a place of this machine: nothing else may stand in for an exchange. */
export const isLoopback = (text: string): boolean => isOf(LOOPBACK, text);
export const isProxy = (text: string): boolean => isOf(PROXY, text);

export const ENDPOINT_EXPECTED =
  'a place of this machine such as http://127.0.0.1:9800, the stand-in exchange (real keys and live trading go to the hosts that the venue has built in, and to no other)';
export const PROXY_EXPECTED = 'http://[user:password@]host:port';

/** A proxy without its password, for everything that a person or a log sees. */
export const shownProxy = (proxy: string): string => proxy.replace(/\/\/.*@/, '//***@');

/**
 * Where an exchange is reached by the file, else by the environment (HTTPS_PROXY, https_proxy, HTTP_PROXY, http_proxy, with
 * NO_PROXY). Loopback is never reached through a proxy.
 */
export function endpointOf(
  { exchanges }: { readonly exchanges: Readonly<Record<string, ExchangeTable>> },
  env: Texts,
  exchange: string,
): Reach {
  const { endpoint, proxy } = (Object.hasOwn(exchanges, exchange) ? exchanges[exchange] : undefined) ?? {};
  if (endpoint !== undefined) return { base: endpoint.replace(/\/$/, '') };
  const used = proxy ?? proxyOf(env, hostOf(exchange));
  return used === undefined ? {} : { proxy: used };
}

/** The proxy of the environment for a host; undefined where it is spared, or there is none. */
export function proxyOf(env: Texts, host: string | undefined): string | undefined {
  const told = [env.HTTPS_PROXY, env.https_proxy, env.HTTP_PROXY, env.http_proxy].find((each) => (each ?? '') !== '');
  if (told === undefined || isSpared(env.NO_PROXY ?? env.no_proxy ?? '', host)) return undefined;
  const full = /^[a-z][a-z0-9+.-]*:\/\//i.test(told) ? told : `http://${told}`;
  return /:\d+\/?$/.test(full) ? full : `${full.replace(/\/$/, '')}:80`;
}

/** `*`, a host, or a domain with all below it, with or without a dot before it. */
function isSpared(list: string, host: string | undefined): boolean {
  return list
    .split(',')
    .map((each) =>
      each
        .trim()
        .toLowerCase()
        .replace(/:\d+$/, '')
        .replace(/^\*?\./, ''),
    )
    .some(
      (each) => each === '*' || (each !== '' && host !== undefined && (host === each || host.endsWith(`.${each}`))),
    );
}
