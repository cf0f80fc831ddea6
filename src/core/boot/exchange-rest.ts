import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { endpointOf, isProxy, PROXY_EXPECTED, shownProxy } from '../config/exchanges.ts';
import { findKey } from '../config/secrets/find.ts';
import { type FoundKey, fits, isSecretProblem, type SecretProblem } from '../config/secrets/key.ts';
import type { SecretPlaces } from '../config/secrets/places.ts';
import type { VenueAccountFrame } from '../domain/frame.ts';
import type { CcxtRestOptions } from '../venue/ccxt/rest.ts';
import {
  type Endpoint,
  type ExchangeRest,
  isVenueProblem,
  type VenueMarket,
  type VenueProblem,
} from '../venue/exchange.ts';
import { configPorts } from './config.ts';
import type { Paths } from './paths.ts';
import { secretPlaces } from './secret-places.ts';
import { systemTimers } from './timers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

export interface RestWish {
  /** With the key that is stored for the exchange: account and rights can be asked. Refused where there is none. */
  readonly withKey: boolean;
  /** A key that is not stored yet, in its place. */
  readonly key?: FoundKey | undefined;
  /** Asks for the passphrase of a sealed key; absent where nobody can be asked. */
  readonly ask?: SecretPlaces['ask'];
}

/**
 * One exchange over REST, as the configuration says: its endpoint, its proxy, its key. A key that does not fit the endpoint
 * is refused before anything is sent.
 */
export async function openRest(
  paths: Paths,
  env: Environment,
  exchange: string,
  wish: RestWish,
): Promise<ExchangeRest | Refusal> {
  const config = await configPorts(paths, env).load();
  if (isRefusal(config)) return config;
  const endpoint = endpointOf(config, env, exchange);
  const key = await keyOf(paths, env, exchange, wish);
  if (isRefusal(key)) return key;
  return await openAt(exchange, endpoint, key);
}

/** The same with an endpoint and a key that are known. */
export async function openAt(
  exchange: string,
  endpoint: Endpoint,
  key: FoundKey | undefined,
  wiring: Pick<CcxtRestOptions, 'timers' | 'onConnect'> = { timers: systemTimers },
): Promise<ExchangeRest | Refusal> {
  const { proxy } = endpoint;
  if (proxy !== undefined && !isProxy(proxy))
    return refusal(2, 'BAD_PROXY', PROXY_EXPECTED, `"${shownProxy(proxy)}"`, `set proxy in [exchanges.${exchange}]`);
  const misfit = key === undefined ? undefined : fits(key, endpoint);
  if (misfit !== undefined) return refusalOfSecret(misfit);
  const { openCcxtRest } = await import('../venue/ccxt/rest.ts');
  const rest = await openCcxtRest({ ...wiring, exchange, endpoint, key });
  return isVenueProblem(rest) ? refusalOfVenue(rest) : rest;
}

/** The account of an exchange as it tells it, asked once. */
export async function accountOf(
  paths: Paths,
  env: Environment,
  exchange: string,
  ask?: SecretPlaces['ask'],
): Promise<VenueAccountFrame | Refusal> {
  const rest = await openRest(paths, env, exchange, { withKey: true, ask });
  if (isRefusal(rest)) return rest;
  try {
    const account = await rest.account();
    return isVenueProblem(account) ? refusalOfVenue(account) : account;
  } finally {
    await rest.close();
  }
}

async function keyOf(
  paths: Paths,
  env: Environment,
  exchange: string,
  { withKey, key, ask }: RestWish,
): Promise<FoundKey | Refusal | undefined> {
  if (key !== undefined || !withKey) return key;
  const found = await findKey(exchange, secretPlaces(paths, env, ask));
  if (isSecretProblem(found)) return refusalOfSecret(found);
  return found ?? refusal(2, 'NO_KEY', `a key of ${exchange}`, 'none', `dzentra keys add ${exchange}`);
}

/** What is wrong with a key or its place: nothing was asked of a venue. */
export const refusalOfSecret = ({ code, expected, found, fix }: SecretProblem): Refusal =>
  refusal(2, code, expected, found, fix);

/** What is wrong with what was asked, or took too long; all else is the venue's. */
const EXITS: { readonly [code in VenueProblem['problem']]?: Refusal['exit'] } = {
  TIMED_OUT: 6,
  NOT_SUPPORTED: 2,
  UNKNOWN_SYMBOL: 3,
};

/** Why a venue gave no answer, with the exit code of it. */
export function refusalOfVenue(no: VenueProblem): Refusal {
  return refusal(EXITS[no.problem] ?? 4, no.problem, no.expected, no.found, remedyOf(no));
}

/** What helps; a limit or a ban says until when it holds. */
export const remedyOf = ({ fix, silentUntil }: VenueProblem): string =>
  silentUntil === undefined ? fix : `${fix}; it holds until ${new Date(silentUntil).toISOString()}`;

/** What an exchange lists. */
export async function marketsOf(
  paths: Paths,
  env: Environment,
  exchange: string,
): Promise<{ readonly title: string; readonly markets: readonly VenueMarket[] } | Refusal> {
  const rest = await openRest(paths, env, exchange, { withKey: false });
  if (isRefusal(rest)) return rest;
  const markets = await rest.markets();
  const { title } = rest;
  await rest.close();
  return isVenueProblem(markets) ? refusalOfVenue(markets) : { title, markets };
}
