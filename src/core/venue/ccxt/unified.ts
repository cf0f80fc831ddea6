import type { CandleRow, DepthRow } from '../../domain/frame.ts';
import type { LeverageTier } from '../../domain/instrument.ts';
import type { BookSnapshot, FundingRow, KeyRights, PolledQuote } from '../exchange.ts';
import { laneOfPage } from './candles.ts';
import type { CcxtClient, CcxtFunding } from './client.ts';
import type { Ask, CandleQuery, Dialect, Listed } from './dialect.ts';
import { amountOf, exactText, numberOf, plain } from './fields.ts';
import { readTiers } from './instrument.ts';
import { collectParts } from './parts.ts';
import { fail } from './problem.ts';
import { timeframeOf } from './timeframe.ts';
import { unifiedAccount, unifiedMode } from './unified-account.ts';
import { oneOfEach, unifiedMarket } from './unified-markets.ts';

/** Any exchange of ccxt by its unified calls: what ccxt says that it `has` not is refused plainly. */
export function unifiedDialect(client: CcxtClient, ask: Ask, hasKey: boolean): Dialect {
  const has = (ability: string): boolean => client.has[ability] === true;
  const units = new Map<string, number>();
  return {
    abilities: {
      candles: has('fetchOHLCV'),
      markCandles: has('fetchMarkOHLCV'),
      fundingRates: has('fetchFundingRateHistory'),
      leverageTiers: has('fetchMarketLeverageTiers'),
      account: has('fetchBalance'),
    },
    time: has('fetchTime')
      ? async () => amountOf(await ask('poll', 1, () => client.fetchTime()), 'a time', false)
      : undefined,
    isMaintained: undefined,
    markets: async () => {
      const rows = oneOfEach(await ask('plain', 1, () => client.fetchMarkets()));
      client.setMarkets(rows);
      // A contract of an inverse market is an amount of the quote asset.
      for (const { symbol, linear, contractSize } of rows) if (linear === true) units.set(symbol, contractSize ?? 1);
      return rows.map((row) => unifiedMarket(row, client.precisionMode));
    },
    tiers: (listed) => (has('fetchMarketLeverageTiers') ? tiers(client, ask, listed) : Promise.resolve(undefined)),
    candles: (listed, query) => candles(client, ask, listed, query),
    poll: (listed) => poll(client, ask, listed),
    book: (listed, levels) => book(client, ask, listed, levels),
    fundingRates: (listed, from, limit) => fundingRates(client, ask, listed, from, limit),
    account: () => (has('fetchBalance') ? unifiedAccount(client, ask, units) : lacks(client, 'accounts')),
    keyRights: () => (hasKey ? rights(client, ask) : lacks(client, 'rights of a key')),
  };
}

const lacks = (client: CcxtClient, what: string): never =>
  fail('NOT_SUPPORTED', `an exchange that tells ${what}`, client.name);

/** Only tiers in the quote asset: some venues count them in contracts. */
async function tiers(client: CcxtClient, ask: Ask, { market }: Listed): Promise<readonly LeverageTier[] | undefined> {
  const rows = await ask('plain', 1, () => client.fetchMarketLeverageTiers(market.symbol));
  const told = rows.flatMap((row): [string, string, string][] => {
    const { minNotional, maintenanceMarginRate, maxLeverage, currency } = row;
    const isQuote = currency === undefined || currency === market.instrument?.quote;
    if (!isQuote || minNotional === undefined || maintenanceMarginRate === undefined || maxLeverage === undefined)
      return [];
    return [[plain(minNotional), plain(maintenanceMarginRate), plain(maxLeverage)]];
  });
  return told.length > 0 && told.length === rows.length ? readTiers(told) : undefined;
}

/** Volumes of contracts of another size become amounts of the base asset. */
async function candles(client: CcxtClient, ask: Ask, { market, unit }: Listed, query: CandleQuery) {
  const ability = query.of === 'mark' ? 'fetchMarkOHLCV' : 'fetchOHLCV';
  if (client.has[ability] !== true) return lacks(client, query.of === 'mark' ? 'candles of the mark price' : 'candles');
  const timeframe = timeframeOf(client, query.timeframeMs);
  const params = query.of === 'mark' ? { price: 'mark' } : {};
  const rows = await ask(laneOfPage(query.limit), 1, () =>
    client.fetchOHLCV(market.symbol, timeframe, query.from, query.limit + 1, params),
  );
  if (!Array.isArray(rows)) return fail('BAD_ANSWER', 'a list of candles', typeof rows);
  return rows.map((row: unknown): CandleRow => {
    if (!Array.isArray(row)) return fail('BAD_ANSWER', 'a candle', typeof row);
    const [at, open, high, low, close, volume] = row.map((part: unknown) =>
      typeof part === 'number' ? part : Number.NaN,
    );
    // A candle of the mark price has no volume.
    const amount = query.of === 'mark' ? 0 : (volume ?? Number.NaN) * unit;
    return [at, open, high, low, close, amount] as unknown as CandleRow;
  });
}

/** One request where the ticker tells mark and funding, two else. */
async function poll(client: CcxtClient, ask: Ask, { market, unit }: Listed): Promise<PolledQuote> {
  const ticker = await ask('poll', 1, () => client.fetchTicker(market.symbol));
  const isPerpetual = market.type === 'perpetual';
  // Bybit's ticker tells funding, too.
  const rate = isPerpetual ? numberOf(ticker.info, 'fundingRate') : null;
  const funding = isPerpetual && rate === null ? await fundingNow(client, ask, market.symbol) : undefined;
  const amount = (value: number | undefined): number | null => (value === undefined ? null : value * unit);
  return {
    symbol: market.symbol,
    bid: amountOf(ticker.bid, 'a bid', false),
    ask: amountOf(ticker.ask, 'an ask', false),
    bidQty: amount(ticker.bidVolume),
    askQty: amount(ticker.askVolume),
    mark: ticker.markPrice ?? funding?.markPrice ?? null,
    fundingRate: rate ?? funding?.fundingRate ?? null,
    nextFundingAt: numberOf(ticker.info, 'nextFundingTime') ?? funding?.fundingTimestamp ?? null,
    venueAt: ticker.timestamp ?? null,
  };
}

/** The present funding, where the exchange tells it. */
async function fundingNow(client: CcxtClient, ask: Ask, symbol: string): Promise<CcxtFunding | undefined> {
  if (client.has.fetchFundingRate !== true) return undefined;
  return ask('poll', 1, () => client.fetchFundingRate(symbol));
}

/** ccxt's nonce is the venue's update id, where it keeps one. */
async function book(client: CcxtClient, ask: Ask, { market, unit }: Listed, levels: number): Promise<BookSnapshot> {
  const answer = await ask('book', 1, () => client.fetchOrderBook(market.symbol, levels));
  const side = (rows: readonly (readonly [number, number])[]): readonly DepthRow[] =>
    rows
      .slice(0, levels)
      .map(([price, qty]) => [amountOf(price, 'a price', false), amountOf(qty, 'a quantity', true) * unit]);
  return { updateId: answer.nonce ?? 0, bids: side(answer.bids), asks: side(answer.asks) };
}

async function fundingRates(
  client: CcxtClient,
  ask: Ask,
  { market }: Listed,
  from: number,
  limit: number,
): Promise<readonly FundingRow[]> {
  if (client.has.fetchFundingRateHistory !== true) return lacks(client, 'past funding');
  const rows = await ask('history', 1, () => client.fetchFundingRateHistory(market.symbol, from, limit));
  return rows.map((row) => ({
    at: amountOf(row.timestamp, 'a time', false),
    rate: exactText(row.info, row.fundingRate ?? fail('BAD_ANSWER', 'a funding rate', 'none')),
  }));
}

/** That a key can read shows in an answer to it; ccxt has no call for its other rights. */
async function rights(client: CcxtClient, ask: Ask): Promise<KeyRights> {
  await ask('plain', 1, () => client.fetchBalance());
  const positionMode = await unifiedMode(client, ask, collectParts());
  return { canRead: true, canTrade: null, canWithdraw: null, isBoundToIp: null, positionMode };
}
