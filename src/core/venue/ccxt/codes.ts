import type { VenueProblemCode } from '../exchange.ts';

/** What a venue's own error codes mean. Codes that are not here are REFUSED: the venue understood, and said no. */
type Codes = Readonly<Record<string, VenueProblemCode>>;

/** Which table holds; `other` for exchanges without one. */
export type Family = 'binance' | 'bybit' | 'okx' | 'kraken' | 'other';

export function familyOf(exchange: string): Family {
  if (exchange.startsWith('binance')) return 'binance';
  if (exchange.startsWith('bybit')) return 'bybit';
  if (/^(okx|myokx|okxus)$/.test(exchange)) return 'okx';
  return exchange === 'kraken' ? 'kraken' : 'other';
}

/** Binance, spot and USDS-M ("Error codes" of both API manuals). */
const BINANCE: Codes = {
  '-1000': 'VENUE_DOWN',
  '-1001': 'VENUE_DOWN',
  '-1002': 'KEY_LACKS_RIGHT',
  '-1003': 'RATE_LIMITED',
  '-1004': 'VENUE_DOWN',
  '-1005': 'KEY_LACKS_RIGHT',
  '-1006': 'VENUE_DOWN',
  '-1007': 'TIMED_OUT',
  '-1008': 'VENUE_DOWN',
  '-1011': 'KEY_LACKS_RIGHT',
  '-1013': 'FILTERS_CHANGED',
  '-1015': 'RATE_LIMITED',
  '-1016': 'MAINTENANCE',
  '-1020': 'NOT_SUPPORTED',
  '-1021': 'CLOCK_OFF',
  '-1022': 'BAD_KEY',
  '-1034': 'RATE_LIMITED',
  '-1111': 'FILTERS_CHANGED',
  '-1121': 'UNKNOWN_SYMBOL',
  '-2008': 'BAD_KEY',
  '-2014': 'BAD_KEY',
  '-2015': 'BAD_KEY',
  '-2017': 'KEY_LACKS_RIGHT',
  '-4014': 'FILTERS_CHANGED',
  '-4023': 'FILTERS_CHANGED',
  '-4109': 'KEY_LACKS_RIGHT',
  '-4141': 'UNKNOWN_SYMBOL',
  '-4144': 'UNKNOWN_SYMBOL',
  '-5028': 'CLOCK_OFF',
};

/** Bybit v5 (`retCode`). 10000 leaves open whether it was done. */
const BYBIT: Codes = {
  '10000': 'TIMED_OUT',
  '10002': 'CLOCK_OFF',
  '10003': 'BAD_KEY',
  '10004': 'BAD_KEY',
  '10005': 'KEY_LACKS_RIGHT',
  '10006': 'RATE_LIMITED',
  '10007': 'BAD_KEY',
  '10008': 'KEY_LACKS_RIGHT',
  '10009': 'BANNED',
  '10010': 'KEY_LACKS_RIGHT',
  '10016': 'VENUE_DOWN',
  '10018': 'RATE_LIMITED',
  '10024': 'REFUSED',
  '33004': 'BAD_KEY',
};

/** OKX v5 (`code`). 50004 and 51149 leave open whether it was done. */
const OKX: Codes = {
  '50001': 'MAINTENANCE',
  '50004': 'TIMED_OUT',
  '50011': 'RATE_LIMITED',
  '50013': 'VENUE_DOWN',
  '50026': 'VENUE_DOWN',
  '50040': 'RATE_LIMITED',
  '50061': 'RATE_LIMITED',
  '50101': 'BAD_KEY',
  '50102': 'CLOCK_OFF',
  '50103': 'BAD_KEY',
  '50104': 'BAD_KEY',
  '50105': 'BAD_KEY',
  '50106': 'BAD_KEY',
  '50107': 'CLOCK_OFF',
  '50110': 'KEY_LACKS_RIGHT',
  '50111': 'BAD_KEY',
  '50112': 'CLOCK_OFF',
  '50113': 'BAD_KEY',
  '50114': 'KEY_LACKS_RIGHT',
  '50119': 'BAD_KEY',
  '50120': 'KEY_LACKS_RIGHT',
  '51000': 'REFUSED',
  '51001': 'UNKNOWN_SYMBOL',
  '51121': 'FILTERS_CHANGED',
  '51149': 'TIMED_OUT',
};

/** Kraken: words in `error` of an answer with status 200; the longest match first. */
const KRAKEN: readonly (readonly [words: string, code: VenueProblemCode])[] = [
  ['EAPI:Invalid key', 'BAD_KEY'],
  ['EAPI:Invalid signature', 'BAD_KEY'],
  ['EAPI:Invalid nonce', 'CLOCK_OFF'],
  ['EAPI:Bad request', 'REFUSED'],
  ['EAPI:Feature disabled', 'NOT_SUPPORTED'],
  ['EAPI:Rate limit exceeded', 'RATE_LIMITED'],
  ['EOrder:Rate limit exceeded', 'RATE_LIMITED'],
  ['EGeneral:Too many requests', 'RATE_LIMITED'],
  ['EService:Throttled', 'RATE_LIMITED'],
  ['EGeneral:Temporary lockout', 'BANNED'],
  ['EGeneral:Permission denied', 'KEY_LACKS_RIGHT'],
  ['EGeneral:Unknown method', 'NOT_SUPPORTED'],
  ['EService:Unavailable', 'MAINTENANCE'],
  ['EService:Market in', 'MAINTENANCE'],
  ['EService:Busy', 'VENUE_DOWN'],
  ['EGeneral:Internal error', 'VENUE_DOWN'],
  ['EService:Deadline elapsed', 'TIMED_OUT'],
  ['EService:Timeout', 'TIMED_OUT'],
  ['EQuery:Unknown asset pair', 'UNKNOWN_SYMBOL'],
  ['EOrder:Invalid price', 'FILTERS_CHANGED'],
];

/** What a venue said in the body: its code where it has one, and its words. */
export interface Said {
  /** `-1121`, `10006`, `50011`; empty at Kraken, which has words only. */
  readonly code: string;
  readonly words: string;
}

/** Finds a venue's error in parsed JSON, whatever the HTTP status; undefined where it says none. */
export function saidIn(family: Family, body: unknown): Said | undefined {
  if (typeof body !== 'object' || body === null) return undefined;
  const field = (name: string): string => textOf(Reflect.get(body, name));
  if (family === 'binance') return Number(field('code')) < 0 ? said(field('code'), field('msg')) : undefined;
  if (family === 'bybit')
    return saidUnless('0', field('retCode') || field('ret_code'), field('retMsg') || field('ret_msg'));
  if (family === 'okx') return saidUnless('0', field('code'), field('msg'));
  const error: unknown = Reflect.get(body, 'error');
  if (family === 'kraken' && Array.isArray(error) && error.length > 0) return said('', error.map(textOf).join(', '));
  return undefined;
}

// Codes are numbers at some venues and text at others.
const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : typeof value === 'number' ? String(value) : '';
const said = (code: string, words: string): Said => ({ code, words });
const saidUnless = (good: string, code: string, words: string): Said | undefined =>
  code === '' || code === good ? undefined : said(code, words);

/** What that error means; undefined where the table of the family does not know it. */
export function meaningOf(family: Family, { code, words }: Said): VenueProblemCode | undefined {
  if (family === 'kraken') return KRAKEN.find(([start]) => words.includes(start))?.[1];
  // Bybit has one code for every bad parameter.
  if (family === 'bybit' && code === '10001' && /symbol/i.test(words)) return 'UNKNOWN_SYMBOL';
  // "Way too many requests; IP banned until ...": the same code as a limit.
  if (family === 'binance' && code === '-1003' && /\bbanned\b/i.test(words)) return 'BANNED';
  const table = family === 'binance' ? BINANCE : family === 'bybit' ? BYBIT : family === 'okx' ? OKX : {};
  return table[code];
}
