/** One way in which the stand-in's REST answers are not those of Binance. */
export interface Difference {
  /** `GET /path` where it is of one answer, else what it is about. */
  readonly where: string;
  /**
   * Of fields: `+ name` here and not there, `- name` there and not here, `~ name` in another order; the name stands for
   * everything below it too. A kind of value follows a colon where only that differs. Of behaviour: a sentence.
   */
  readonly difference: string;
  readonly reason: string;
}

const REMOVED = 'Binance had it when the session was recorded, and has removed it since';
const NEWER = 'Binance added it after the answer was recorded';
const ADJUSTED = 'Binance tells it only to those whose brackets were adjusted';
const EXAMPLE = 'the example of the documentation is an older one, or written by hand';

const STATISTICS = [
  'openInterestHist',
  'takerlongshortRatio',
  'topLongShortAccountRatio',
  'topLongShortPositionRatio',
  'globalLongShortAccountRatio',
];

const fields = (where: string, reason: string, ...differences: readonly string[]): readonly Difference[] =>
  differences.map((difference) => ({ where, difference, reason }));

/**
 * Fields of REST answers that differ from what was recorded or documented. A test compares them with the recordings: it
 * fails on one that is not here, and on one that is here and gone.
 */
export const FIELD_DIFFERENCES: readonly Difference[] = [
  ...fields('GET /fapi/v1/exchangeInfo', REMOVED, '- symbols[].settlePlan'),
  ...fields('GET /fapi/v1/exchangeInfo', 'the stand-in knows no categories of coins', '- symbols[].underlyingSubType'),
  ...fields(
    'GET /fapi/v1/exchangeInfo',
    EXAMPLE,
    '- assets[].autoAssetExchange: number',
    '- assets[].autoAssetExchange: null',
    '- symbols[].filters[PERCENT_PRICE].multiplierDecimal: number',
    '~ itself',
    '~ rateLimits[]',
    '~ symbols[]',
    '~ symbols[].filters',
  ),
  ...fields('GET /fapi/v1/leverageBracket', ADJUSTED, '- notionalCoef'),
  ...fields(
    'GET /fapi/v3/positionRisk',
    'the example is of v2: v3 dropped the settings of the position and tells margins',
    '- leverage',
    '- maxNotionalValue',
    '- marginType',
    '- isAutoAddMargin',
    '+ marginAsset',
    '+ initialMargin',
    '+ maintMargin',
    '+ positionInitialMargin',
    '+ openOrderInitialMargin',
    '+ adl',
    '+ bidNotional',
    '+ askNotional',
    '~ itself',
  ),
  ...fields('GET /fapi/v1/adlQuantile', 'its account is in one-way mode', '- adlQuantile.HEDGE'),
  ...STATISTICS.flatMap((name) =>
    fields(`GET /futures/data/${name}`, EXAMPLE, '- timestamp: string', '+ timestamp: number'),
  ),
  ...fields('GET /futures/data/openInterestHist', NEWER, '+ CMCCirculatingSupply'),
  ...fields(
    'GET /api/v3/account',
    NEWER,
    '+ commissionRates',
    '+ brokered',
    '+ requireSelfTradePrevention',
    '+ preventSor',
    '+ permissions',
    '+ uid',
  ),
  ...fields(
    'GET /api/v3/exchangeInfo',
    REMOVED,
    '- symbols[].filters[PERCENT_PRICE]',
    '- symbols[].filters[MIN_NOTIONAL]',
    '- symbols[].filters[MAX_POSITION]',
    '- symbols[].permissions',
  ),
  ...fields('GET /api/v3/aggTrades', 'the recorder lost the name of the field M in some answers', '- : boolean'),
];

/** What the stand-in does otherwise than Binance, on purpose. A test shows each of them. */
export const BEHAVIOUR_DIFFERENCES: readonly Difference[] = [
  {
    where: 'orders',
    difference: 'orders, transfers and settings are refused with -1020',
    reason: 'the stand-in is for market data and the reading of an account; it must never look as if it traded',
  },
  {
    where: 'keys',
    difference: 'only keys that begin with `sandbox` are taken, others are refused with -2014 and a reason',
    reason: 'a real key that comes here by mistake must be told so',
  },
  {
    where: 'signatures',
    difference: 'only HMAC-SHA256 in hex, not Ed25519 and not RSA',
    reason: 'every key has the same known secret: there is nothing to protect',
  },
  {
    where: 'timestamps',
    difference: 'taken by the clock of the exchange or by the wall clock',
    reason: 'an exchange that plays the past has another time than its clients, and not each of them asks for it',
  },
  {
    where: '/sapi',
    difference: 'answered on the port of USDS-M too',
    reason: 'what a key may do can be asked where USDS-M alone is served',
  },
  {
    where: '/api, /fapi',
    difference: 'where both markets are served, each port answers the paths of both',
    reason: 'a client that has one address for all of REST finds all that it asks for',
  },
  {
    where: '/dapi',
    difference: 'there are no coin-margined contracts: their exchangeInfo lists none',
    reason: 'a client that loads everything asks for them, too, and fails where nothing answers',
  },
  {
    where: '/futures/data',
    difference:
      'half of the accounts are long, half are short; open interest is a third of the volume of the day before',
    reason: 'nobody else has an account here',
  },
  {
    where: 'other paths',
    difference:
      'margin, conversion, algorithmic orders, files to download and the like are answered as a path that is not there',
    reason: 'the stand-in is for market data and the reading of an account',
  },
  {
    where: 'weight of /sapi',
    difference: 'counts with that of the other paths, in the same header',
    reason: 'the stand-in has one address and one count',
  },
  {
    where: 'months',
    difference: 'candles of 1M are refused with -1120',
    reason: 'a month has no length in milliseconds, and the markets of the stand-in go by length',
  },
  {
    where: 'margin',
    difference: 'there are no margin pairs',
    reason: 'the stand-in has no margin trading on spot',
  },
  {
    where: 'open interest',
    difference: 'a third of the volume of the day',
    reason: 'the markets of the stand-in have no open interest, and clients expect a figure of the right size',
  },
];
