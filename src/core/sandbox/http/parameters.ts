import type { Listing, SandboxMarket } from '../market.ts';
import { Refusal } from './answer.ts';

/** How one parameter is read: its value, or why Binance refuses the request. */
export interface Parameter<T> {
  read(text: string | undefined, name: string, market: SandboxMarket): T | Refusal;
}

/** What a request asks, by the names of its parameters. */
export type Asked<P> = { readonly [K in keyof P]: P[K] extends Parameter<infer T> ? T : never };

export type Parameters = Readonly<Record<string, Parameter<unknown>>>;

const missing = (name: string): Refusal =>
  new Refusal(400, -1102, `Mandatory parameter '${name}' was not sent, was empty/null, or malformed.`);
const illegal = (name: string, range: string): Refusal =>
  new Refusal(400, -1100, `Illegal characters found in parameter '${name}'; legal range is '${range}'.`);
/** A value of the right form that there is not. */
export const invalid = (name: string): Refusal =>
  new Refusal(400, -1130, `Data sent for parameter '${name}' is not valid.`);
/** Binance's answer to a symbol that it does not list. */
export const INVALID_SYMBOL = new Refusal(400, -1121, 'Invalid symbol.');

/** A parameter that must be there. */
export function must<T>(parameter: Parameter<T | undefined>): Parameter<T> {
  return {
    read(text, name, market) {
      if (text === undefined || text === '') return missing(name);
      const value = parameter.read(text, name, market);
      return value === undefined ? missing(name) : value;
    },
  };
}

/** A market by the venue's name. */
export const listing: Parameter<Listing | undefined> = {
  read(text, name, market) {
    if (text === undefined || text === '') return undefined;
    if (!/^[\w.-]{1,20}$/.test(text)) return illegal(name, '^[A-Z0-9-_.]{1,20}$');
    return market.listings.find((one) => one.id === text) ?? INVALID_SYMBOL;
  },
};

/** Names in a JSON list, `["BTCUSDT","ETHUSDT"]`: spot takes several markets so. */
export const listings: Parameter<readonly Listing[] | undefined> = {
  read(text, name, market) {
    if (text === undefined || text === '') return undefined;
    const range = '^\\[("[A-Z0-9-_.]{1,20}"(,"[A-Z0-9-_.]{1,20}"){0,}){0,1}\\]$';
    if (!/^\["[\w.-]{1,20}"(,"[\w.-]{1,20}")*\]$/.test(text)) return illegal(name, range);
    const ids = text.slice(2, -2).split('","');
    const found = market.listings.filter((one) => ids.includes(one.id));
    return found.length === new Set(ids).size ? found : INVALID_SYMBOL;
  },
};

/** A whole number, such as an id or an instant in ms. */
export const whole: Parameter<number | undefined> = {
  read(text, name) {
    if (text === undefined || text === '') return undefined;
    return /^\d{1,20}$/.test(text) ? Number(text) : illegal(name, '^[0-9]{1,20}$');
  },
};

export const word: Parameter<string | undefined> = { read: (text) => (text === '' ? undefined : text) };

/**
 * How many rows. Beyond the most that there is USDS-M refuses and spot gives as many as it has.
 */
export function limit(usual: number, most: number): Parameter<number> {
  return {
    read(text, name, market) {
      const value = whole.read(text, name, market);
      if (value === undefined) return usual;
      if (value instanceof Refusal) return value;
      if (value < 1) return invalid(name);
      if (value > most) return market.kind === 'usdm' ? invalid(name) : most;
      return value;
    },
  };
}

/** Rows of the book: spot takes any number, USDS-M these only. */
export const depthLimit: Parameter<number> = {
  read(text, name, market) {
    if (market.kind === 'spot') return limit(100, 5000).read(text, name, market);
    const value = whole.read(text, name, market);
    if (value === undefined) return 500;
    if (value instanceof Refusal || [5, 10, 20, 50, 100, 500, 1000].includes(value)) return value;
    return new Refusal(400, -4021, `${value} is not valid depth limit.`);
  },
};

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
/** Candle lengths by Binance's names. */
const INTERVALS: Readonly<Record<string, number>> = {
  '1s': 1000,
  '1m': MINUTE,
  '3m': 3 * MINUTE,
  '5m': 5 * MINUTE,
  '15m': 15 * MINUTE,
  '30m': 30 * MINUTE,
  '1h': HOUR,
  '2h': 2 * HOUR,
  '4h': 4 * HOUR,
  '6h': 6 * HOUR,
  '8h': 8 * HOUR,
  '12h': 12 * HOUR,
  '1d': DAY,
  '3d': 3 * DAY,
  '1w': 7 * DAY,
};

/** Milliseconds of a candle. */
export const interval: Parameter<number | undefined> = {
  read(text, _name, market) {
    if (text === undefined || text === '') return undefined;
    const ms = Object.hasOwn(INTERVALS, text) ? INTERVALS[text] : undefined;
    if (ms === undefined || (text === '1s' && market.kind === 'usdm'))
      return new Refusal(400, -1120, 'Invalid interval.');
    return ms;
  },
};

/** Reads all parameters of a route; the first that is wrong refuses the request. */
export function read<P extends Parameters>(
  parameters: P,
  query: URLSearchParams,
  market: SandboxMarket,
): Asked<P> | Refusal {
  const asked: Record<string, unknown> = {};
  for (const [name, parameter] of Object.entries(parameters)) {
    const value = parameter.read(query.get(name) ?? undefined, name, market);
    if (value instanceof Refusal) return value;
    asked[name] = value;
  }
  return asked as Asked<P>;
}
