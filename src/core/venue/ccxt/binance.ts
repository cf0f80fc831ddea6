import type { CandleRow, DepthRow } from '../../domain/frame.ts';
import type { LeverageTier } from '../../domain/instrument.ts';
import type { BookSnapshot, FundingRow, PolledQuote } from '../exchange.ts';
import { accountOf, rightsOf } from './binance-account.ts';
import { binanceMarket, fundingIntervals } from './binance-markets.ts';
import { type BinanceNames, candleWeight, depthWeight } from './binance-names.ts';
import type { Lane } from './budget.ts';
import { laneOfPage } from './candles.ts';
import { type CcxtClient, callRaw, type Json } from './client.ts';
import type { Ask, CandleQuery, Dialect, Listed } from './dialect.ts';
import { amountOf, jsonOf, listOf, numberOf, textOf } from './fields.ts';
import { readTiers } from './instrument.ts';
import { fail } from './problem.ts';
import { timeframeOf } from './timeframe.ts';
import { oneOfEach } from './unified-markets.ts';

const FUNDING_MAX = 1000;

/** Asks one of Binance's endpoints. */
export type Get = (name: string, params: Json, lane: Lane, weight: number) => Promise<unknown>;

/** Binance spot and USDS-M, asked endpoint by endpoint: few requests, and amounts in the venue's own text. */
export function binanceDialect(client: CcxtClient, ask: Ask, names: BinanceNames, hasKey: boolean): Dialect {
  const get: Get = (name, params, lane, weight) => ask(lane, weight, () => callRaw(client, name, params));
  const isUsdm = names.kind === 'usdm';
  const symbols = new Map<string, string>();
  return {
    abilities: {
      candles: true,
      markCandles: isUsdm,
      fundingRates: isUsdm,
      // The brackets want a key.
      leverageTiers: isUsdm && hasKey,
      account: true,
    },
    time: async () => amountOf(jsonOf(await get(names.time, {}, 'poll', 1), 'the time').serverTime, 'a time', false),
    // 503 "Service Unavailable" is said of trouble and of maintenance alike.
    isMaintained: async () => jsonOf(await get('sapiGetSystemStatus', {}, 'plain', 1), 'a status').status === 1,
    markets: async () => {
      const listed = await markets(client, ask, get, isUsdm);
      for (const { market } of listed) symbols.set(market.id, market.symbol);
      return listed;
    },
    tiers: (listed) => (isUsdm && hasKey ? tiers(get, listed) : Promise.resolve(undefined)),
    candles: (listed, query) => candles(client, get, names, listed, query),
    poll: (listed) => poll(get, names, listed),
    book: (listed, levels) => book(get, names, listed, levels),
    fundingRates: (listed, from, limit) => fundingRates(get, names, listed, from, limit),
    account: () => accountOf(get, names, (id) => symbols.get(id) ?? id),
    keyRights: () => rightsOf(get, names),
  };
}

/** All symbols with their filters, and how often each is funded: two requests. */
async function markets(client: CcxtClient, ask: Ask, get: Get, isUsdm: boolean): Promise<readonly Listed[]> {
  const rows = oneOfEach(await ask('plain', isUsdm ? 1 : 20, () => client.fetchMarkets()));
  // Without it the interval is not told: eight hours would be wrong for hundreds of symbols.
  const intervals = isUsdm
    ? await get('fapiPublicGetFundingInfo', {}, 'plain', 0).then(fundingIntervals, () => undefined)
    : undefined;
  client.setMarkets(rows);
  return rows.map((row) => binanceMarket(row, intervals));
}

/** The brackets of one symbol. Their `cum` follows from the rates. */
async function tiers(get: Get, { market }: Listed): Promise<readonly LeverageTier[] | undefined> {
  const rows = listOf(await get('fapiPrivateGetLeverageBracket', { symbol: market.id }, 'plain', 1), 'brackets');
  const brackets = rows.find((row) => row.symbol === market.id)?.brackets;
  const told = listOf(brackets, 'brackets').map((row): [string, string, string] => [
    textOf(row, 'notionalFloor') ?? '0',
    textOf(row, 'maintMarginRatio') ?? '1',
    textOf(row, 'initialLeverage') ?? '1',
  ]);
  return told.length === 0 ? undefined : readTiers(told);
}

/** One page from an open time on. One row more than asked: the last may still form. */
async function candles(
  client: CcxtClient,
  get: Get,
  names: BinanceNames,
  { market }: Listed,
  query: CandleQuery,
): Promise<readonly CandleRow[]> {
  if (query.of === 'mark' && names.kind !== 'usdm') return fail('NOT_SUPPORTED', 'candles of trades', 'mark price');
  const limit = Math.min(query.limit + 1, names.candlesMax);
  const name = query.of === 'mark' ? 'fapiPublicGetMarkPriceKlines' : names.klines;
  const interval = timeframeOf(client, query.timeframeMs);
  const params = { symbol: market.id, interval, startTime: query.from, limit };
  const rows = await get(name, params, laneOfPage(limit), candleWeight(names, limit));
  if (!Array.isArray(rows)) return fail('BAD_ANSWER', 'a list of candles', typeof rows);
  return rows.map((row: unknown) => candleOf(row, query.of));
}

/** A kline; a mark price has no volume, and its field holds 0. */
function candleOf(row: unknown, of: 'trades' | 'mark'): CandleRow {
  if (!Array.isArray(row)) return fail('BAD_ANSWER', 'a candle', typeof row);
  const [at, open, high, low, close, volume] = row.map((part: unknown) => (part === '' ? Number.NaN : Number(part)));
  const whole = [at, open, high, low, close, of === 'mark' ? 0 : volume].map((part) => part ?? Number.NaN);
  return whole as unknown as CandleRow;
}

/** Best bid and ask; on USDS-M mark price and funding, too, at the same time. */
async function poll(get: Get, names: BinanceNames, { market }: Listed): Promise<PolledQuote> {
  const params = { symbol: market.id };
  const [ticker, premium] = await Promise.all([
    get(names.ticker, params, 'poll', names.tickerWeight).then((answer) => jsonOf(answer, 'best bid and ask')),
    names.kind === 'usdm'
      ? get('fapiPublicGetPremiumIndex', params, 'poll', 1).then((answer) => jsonOf(answer, 'the mark price'))
      : Promise.resolve({}),
  ]);
  return {
    symbol: market.symbol,
    bid: amountOf(ticker.bidPrice, 'a bid', false),
    ask: amountOf(ticker.askPrice, 'an ask', false),
    bidQty: numberOf(ticker, 'bidQty'),
    askQty: numberOf(ticker, 'askQty'),
    mark: numberOf(premium, 'markPrice'),
    fundingRate: numberOf(premium, 'lastFundingRate'),
    // Contracts without funding have 0 there.
    nextFundingAt: numberOf(premium, 'nextFundingTime') || null,
    venueAt: numberOf(ticker, 'time'),
  };
}

/** The book at the depth that Binance gives at least for so many levels, cut to them. */
async function book(get: Get, names: BinanceNames, { market }: Listed, levels: number): Promise<BookSnapshot> {
  const steps = names.depthSteps;
  const limit = steps.find((step) => step >= levels) ?? steps.at(-1) ?? 100;
  const answer = jsonOf(
    await get(names.depth, { symbol: market.id, limit }, 'book', depthWeight(names, limit)),
    'a book',
  );
  return {
    updateId: numberOf(answer, 'lastUpdateId') ?? 0,
    bids: rowsOf(answer.bids, levels),
    asks: rowsOf(answer.asks, levels),
  };
}

function rowsOf(side: unknown, levels: number): readonly DepthRow[] {
  if (!Array.isArray(side)) return fail('BAD_ANSWER', 'a side of a book', typeof side);
  return side.slice(0, levels).map((row: unknown): DepthRow => {
    if (!Array.isArray(row)) return fail('BAD_ANSWER', 'a level of a book', typeof row);
    return [amountOf(row[0], 'a price', false), amountOf(row[1], 'a quantity', true)];
  });
}

/** Settlements from an instant on, oldest first. */
async function fundingRates(
  get: Get,
  names: BinanceNames,
  { market }: Listed,
  from: number,
  limit: number,
): Promise<readonly FundingRow[]> {
  if (names.kind !== 'usdm') return fail('NOT_SUPPORTED', 'a perpetual', 'spot, which pays no funding');
  const params = { symbol: market.id, startTime: from, limit: Math.min(limit, FUNDING_MAX) };
  const rows = listOf(await get('fapiPublicGetFundingRate', params, 'history', 1), 'funding rates');
  return rows.map((row) => ({
    at: amountOf(row.fundingTime, 'a time', false),
    rate: textOf(row, 'fundingRate') ?? fail('BAD_ANSWER', 'a funding rate', 'none'),
  }));
}
