import { describe, expect, it } from 'vitest';
import { text } from '../../../../src/core/base/decimal.ts';
import { instrumentProblem } from '../../../../src/core/domain/instrument.ts';
import { builtInInstrument } from '../../../../src/core/domain/instrument-table.ts';
import type { VenueMarket } from '../../../../src/core/venue/exchange.ts';
import { good, loopback, opened, problem, send } from './loopback.ts';
import { hasRecordings, recordedHttp, recordedPair } from './recordings.ts';

type Row = Record<string, unknown>;
type Filter = Record<string, string>;

/** What the venue wrote, read a second way: by the filters of its own JSON. */
function expected(row: Row): Record<string, string | undefined> {
  const filters = new Map((row.filters as Filter[]).map((filter) => [filter.filterType, filter]));
  const lot = filters.get('LOT_SIZE');
  const notional = filters.get('NOTIONAL') ?? filters.get('MIN_NOTIONAL');
  const marketMax = filters.get('MARKET_LOT_SIZE')?.maxQty;
  return {
    tick: filters.get('PRICE_FILTER')?.tickSize,
    step: lot?.stepSize,
    qtyMin: Number(lot?.minQty) > 0 ? lot?.minQty : lot?.stepSize,
    qtyMax: Number(marketMax) > 0 ? marketMax : lot?.maxQty,
    notionalMin: notional?.notional ?? notional?.minNotional ?? '0',
  };
}

const trimmed = (value: string | undefined): string | undefined =>
  value?.includes('.') ? value.replace(/\.?0+$/, '') : value;

function hold(markets: readonly VenueMarket[], rows: readonly Row[]): number {
  const byId = new Map(markets.map((market) => [market.id, market]));
  let traded = 0;
  for (const row of rows) {
    const market = byId.get(String(row.symbol));
    expect(market, String(row.symbol)).toBeDefined();
    expect(market?.statusText).toBe(row.status);
    expect(market?.status === 'trading').toBe(row.status === 'TRADING');
    const { instrument, why } = market as VenueMarket;
    if (instrument === undefined) {
      expect(why, market?.symbol).toMatch(/^\S+: ./);
      continue;
    }
    traded++;
    expect(why).toBeUndefined();
    expect(instrumentProblem(instrument)).toBeUndefined();
    const told = expected(row);
    for (const name of ['tick', 'step', 'qtyMin', 'qtyMax', 'notionalMin'] as const) {
      expect(text(instrument[name]), `${market?.id} ${name}`).toBe(trimmed(told[name]));
    }
  }
  return traded;
}

describe.skipIf(!hasRecordings)('markets of recorded exchange information (../shared/data/protocol)', () => {
  it.each([
    ['binanceusdm', '/fapi/v1/exchangeInfo', 'binance-usdm-rest.jsonl.gz', 25],
    ['binance', '/api/v3/exchangeInfo', 'binance-spot-rest.jsonl.gz', 25],
  ])('%s: every market of %s in %s is exact', async (exchange, path, file, count) => {
    const info = recordedPair(file, path) as { symbols: Row[] };
    await using server = await loopback({ [path]: info, '/fapi/v1/fundingInfo': [] });
    await using rest = await opened({ base: server.base, exchange });
    const markets = good(await rest.markets());
    expect(markets.length).toBe(count);
    expect(hold(markets, info.symbols)).toBe(count);
    expect(rest.health().weightMax).toBe(exchange === 'binance' ? 6000 : 2400);
  });

  it.each([
    ['binanceusdm', '/fapi/v1/exchangeInfo', 'cryptofeed-binance_futures-session.jsonl.gz', 119],
    ['binance', '/api/v3/exchangeInfo', 'cryptofeed-binance-session.jsonl.gz', 1695],
  ])(
    '%s: every market of a whole session is exact or says why it is not traded',
    async (exchange, path, file, count) => {
      const info = recordedHttp(file, 'exchangeInfo') as { symbols: Row[] };
      await using server = await loopback({ [path]: info, '/fapi/v1/fundingInfo': [] });
      await using rest = await opened({ base: server.base, exchange });
      const markets = good(await rest.markets());
      expect(markets.length).toBe(info.symbols.length);
      expect(hold(markets, info.symbols)).toBeGreaterThanOrEqual(count - 5);
      const dated = markets.filter((market) => market.type === 'future');
      expect(dated.every((market) => market.instrument === undefined && market.why?.includes('ends on a date'))).toBe(
        true,
      );
    },
  );

  it('tells the funding interval of each symbol: as listed, else eight hours', async () => {
    const info = recordedPair('binance-usdm-rest.jsonl.gz', '/fapi/v1/exchangeInfo') as { symbols: Row[] };
    const funding = [
      { symbol: 'ETHUSDT', fundingIntervalHours: 4 },
      { symbol: 'BCHUSDT', fundingIntervalHours: 1 },
    ];
    await using server = await loopback({ '/fapi/v1/exchangeInfo': info, '/fapi/v1/fundingInfo': funding });
    await using rest = await opened({ base: server.base });
    const hours = new Map(good(await rest.markets()).map((one) => [one.id, (one.fundingMs ?? 0) / 3_600_000]));
    expect([hours.get('ETHUSDT'), hours.get('BCHUSDT'), hours.get('BTCUSDT')]).toEqual([4, 1, 8]);
    // Not told is not eight hours: hundreds of symbols have four.
    delete server.answers['/fapi/v1/fundingInfo'];
    expect(good(await rest.markets(true)).every((one) => one.fundingMs === null)).toBe(true);
  });

  it('fills tiers of the built-in table without a key, and the venue own ones with one', async () => {
    const info = recordedPair('binance-usdm-rest.jsonl.gz', '/fapi/v1/exchangeInfo') as object;
    const brackets = [
      { bracket: 1, initialLeverage: 75, notionalCap: 10000, notionalFloor: 0, maintMarginRatio: 0.0065, cum: 0 },
      { bracket: 2, initialLeverage: 50, notionalCap: 50000, notionalFloor: 10000, maintMarginRatio: 0.01, cum: 35 },
    ];
    await using server = await loopback({
      '/fapi/v1/exchangeInfo': info,
      '/fapi/v1/fundingInfo': [],
      '/fapi/v1/leverageBracket': [{ symbol: 'BTCUSDT', brackets }],
    });
    await using open = await opened({ base: server.base });
    expect(open.abilities.leverageTiers).toBe(false);
    const symbol = 'BTC/USDT:USDT';
    expect(good(await open.instrument(symbol)).instrument?.tiers).toEqual(builtInInstrument(symbol)?.tiers);
    const key = { exchange: 'binanceusdm', apiKey: 'sandbox-read', secret: 'sandbox-secret' };
    await using keyed = await opened({ base: server.base, key });
    const tiers = good(await keyed.instrument(symbol)).instrument?.tiers ?? [];
    expect(
      tiers.map((tier) => [text(tier.floor), text(tier.maintenanceRate), text(tier.leverageMax), text(tier.cum)]),
    ).toEqual([
      ['0', '0.0065', '75', '0'],
      ['10000', '0.01', '50', '35'],
    ]);
    // A key that may not ask for them keeps nobody from the market; trouble does.
    server.answers['/fapi/v1/leverageBracket'] = (_, response) => send(response, 401, '{"code":-2015,"msg":"x"}');
    expect(good(await keyed.instrument(symbol)).instrument?.tiers).toEqual(builtInInstrument(symbol)?.tiers);
    server.answers['/fapi/v1/leverageBracket'] = (_, response) => send(response, 502, 'Bad Gateway');
    expect(problem(await keyed.instrument(symbol)).problem).toBe('VENUE_DOWN');
  });
});

it('asks for the markets once, and anew where it is told to; a failure is not kept', async () => {
  const info = { rateLimits: [], symbols: [] };
  await using server = await loopback({ '/fapi/v1/fundingInfo': [] });
  await using rest = await opened({ base: server.base });
  expect(problem(await rest.markets()).problem).toBe('REFUSED');
  server.answers['/fapi/v1/exchangeInfo'] = info;
  good(await rest.markets());
  good(await rest.markets());
  const asks = () => server.asked.filter((one) => one.path === '/fapi/v1/exchangeInfo').length;
  expect(asks()).toBe(2);
  good(await rest.markets(true));
  expect(asks()).toBe(3);
  delete server.answers['/fapi/v1/exchangeInfo'];
  problem(await rest.markets(true));
  expect(good(await rest.markets())).toEqual([]);
});
