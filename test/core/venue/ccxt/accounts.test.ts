import { describe, expect, it } from 'vitest';
import { type Asked, good, loopback, opened, problem } from './loopback.ts';
import { hasRecordings, recordedHttp } from './recordings.ts';

const secret = Buffer.from('sandbox-secret').toString('base64');
const key = (exchange: string) => ({ exchange, apiKey: 'sandbox-read', secret, passphrase: 'sandbox-pass' });
const at = 1_760_000_000_000;

/** Answers of Kraken's private calls, as its manual words them. */
const KRAKEN = {
  '/0/private/BalanceEx': {
    error: [],
    result: {
      ZUSD: { balance: '25435.2100', hold_trade: '8249.7600' },
      XXBT: { balance: '0.0000000000', hold_trade: '0' },
    },
  },
  '/0/private/OpenPositions': { error: [], result: {} },
  '/0/private/OpenOrders': {
    error: [],
    result: {
      open: {
        'OSTOP-AAAAA-BBBBBB': {
          status: 'open',
          opentm: at / 1_000,
          descr: { pair: 'XBTUSD', type: 'sell', ordertype: 'stop-loss', price: '48000.0', price2: '0' },
          vol: '0.25000000',
          vol_exec: '0.10000000',
          price: '0.00000',
          stopprice: '48000.00000',
        },
      },
    },
  },
  '/0/private/Ledgers': {
    error: [],
    result: {
      ledger: {
        'L4UESK-KG3EQ-UFO4T5': {
          refid: 'TJKLXF-PGMUI-4NTLXU',
          time: at / 1_000,
          type: 'trade',
          subtype: '',
          aclass: 'currency',
          asset: 'ZUSD',
          amount: '-24.5000',
          fee: '0.0490',
          balance: '459567.9171',
        },
      },
    },
  },
};

describe.skipIf(!hasRecordings)('accounts of other exchanges (markets of ../shared/data/protocol)', () => {
  it('Kraken: balances, orders with stops, and payments in its own text; each list is asked for once', async () => {
    const pairs = recordedHttp('cryptofeed-kraken-session.jsonl.gz', 'AssetPairs') as object;
    await using server = await loopback({ ...KRAKEN, '/0/public/AssetPairs': pairs });
    await using rest = await opened({ base: server.base, exchange: 'kraken', key: key('kraken') });
    const account = good(await rest.account());
    expect(account).toMatchObject({ key: 'sand...read', positionMode: null, missing: [] });
    expect(account.balances).toEqual([{ asset: 'USD', total: '25435.2100', free: '17185.45', used: '8249.7600' }]);
    expect(account.orders).toEqual([
      {
        id: 'OSTOP-AAAAA-BBBBBB',
        symbol: 'BTC/USD',
        side: 'sell',
        type: 'stop_market',
        qty: '0.25000000',
        filled: '0.10000000',
        price: null,
        trigger: '48000.0',
        reduceOnly: false,
        closesPosition: false,
        at,
      },
    ]);
    expect(account.flows).toMatchObject([
      { kind: 'other', id: 'L4UESK-KG3EQ-UFO4T5', at, amount: '-24.5000', asset: 'USD' },
    ]);
    expect(server.asked.filter((one) => one.path === '/0/private/OpenOrders').length).toBe(1);
    expect(good(await rest.keyRights())).toMatchObject({ canRead: true, canTrade: null, canWithdraw: null });
    server.answers['/0/private/Ledgers'] = { error: ['EGeneral:Permission denied'] };
    expect(good(await rest.account()).missing).toEqual([expect.stringContaining('Permission denied')]);
    server.answers['/0/private/BalanceEx'] = { error: ['EAPI:Invalid key'] };
    expect(problem(await rest.account()).problem).toBe('BAD_KEY');
  });

  it('OKX: a size in contracts is told in the base asset', async () => {
    const file = 'cryptofeed-okx-session.jsonl.gz';
    const symbol = { instId: 'BTC-USDT-SWAP', instType: 'SWAP' };
    const rows: Record<string, unknown[]> = {
      '/api/v5/account/positions': [{ ...symbol, pos: '-35', posSide: 'net', mgnMode: 'cross', avgPx: '61000' }],
      '/api/v5/trade/orders-pending': [
        { ...symbol, ordId: '7', side: 'buy', ordType: 'limit', sz: '10', accFillSz: '4', px: '60000', state: 'live' },
      ],
    };
    await using server = await loopback();
    server.fault = ({ path, query }: Asked, response) => {
      const data = rows[path] ?? [];
      const isListing = path.includes('instruments');
      const answer = isListing ? recordedHttp(file, `instType=${query.get('instType')}`) : { code: '0', msg: '', data };
      response.end(JSON.stringify(answer));
    };
    await using rest = await opened({ base: server.base, exchange: 'okx', key: key('okx') });
    const { positions, orders } = good(await rest.account());
    expect(positions).toMatchObject([{ symbol: 'BTC/USDT:USDT', side: 'short', qty: '0.35', entry: '61000' }]);
    expect(orders).toMatchObject([{ symbol: 'BTC/USDT:USDT', qty: '0.1', filled: '0.04', price: '60000' }]);
  });

  it.each([
    ['okx', '/api/v5/trade/orders-algo-pending', 'ordType', ['conditional', 'oco', 'trigger', 'move_order_stop']],
    ['bybit', '/v5/order/realtime', 'orderFilter', ['StopOrder', 'StopOrder', null, null]],
  ])('%s: every list of conditional orders is asked for', async (exchange, path, name, values) => {
    const file = `cryptofeed-${exchange}-session.jsonl.gz`;
    await using server = await loopback();
    server.fault = ({ path: asked, query }: Asked, response) => {
      const listed = asked.includes('instruments');
      const part = exchange === 'okx' ? `instType=${query.get('instType')}` : `category=${query.get('category')}`;
      const empty =
        exchange === 'okx' ? { code: '0', msg: '', data: [] } : { retCode: 0, retMsg: 'OK', result: { list: [] } };
      response.end(JSON.stringify(listed ? recordedHttp(file, part) : empty));
    };
    await using rest = await opened({ base: server.base, exchange, key: key(exchange) });
    good(await rest.account());
    const asked = server.asked.filter((one) => one.path === path).map((one) => one.query.get(name));
    expect(asked.map(String).toSorted()).toEqual(values.map(String).toSorted());
  });
});

/** A USDS-M account that has nothing, and what a test says in place of its parts. */
const usdm = (parts: Record<string, unknown>) => ({
  '/fapi/v1/exchangeInfo': { symbols: [] },
  '/fapi/v1/fundingInfo': [],
  '/fapi/v3/account': { assets: parts.assets ?? [] },
  '/fapi/v3/positionRisk': parts.positions ?? [],
  '/fapi/v1/symbolConfig': [],
  '/fapi/v1/openOrders': parts.orders ?? [],
  '/fapi/v1/openAlgoOrders': parts.algos ?? [],
  '/fapi/v1/income': parts.income ?? [],
  '/fapi/v1/positionSide/dual': { dualSidePosition: false },
});

async function usdmAccount(parts: Record<string, unknown>) {
  await using server = await loopback(usdm(parts));
  await using rest = await opened({ base: server.base, key: key('binanceusdm') });
  return good(await rest.account());
}

describe('what Binance does not tell of an account is not made up', () => {
  it('an order that closes the position whole has no quantity, and says so', async () => {
    const whole = { symbol: 'BTCUSDT', side: 'SELL', closePosition: true, reduceOnly: true, price: '0' };
    const { orders } = await usdmAccount({
      orders: [{ ...whole, orderId: 1, origType: 'STOP_MARKET', origQty: '0', stopPrice: '58000', time: at }],
      algos: [{ ...whole, algoId: 2, orderType: 'STOP_MARKET', quantity: '0.00', triggerPrice: '57000' }],
    });
    const told = { side: 'sell', type: 'stop_market', qty: null, closesPosition: true, reduceOnly: true };
    expect(orders).toMatchObject([
      { ...told, id: '1', trigger: '58000' },
      { ...told, id: '2', trigger: '57000' },
    ]);
  });

  it('an amount that is absent or no decimal is null; the row stays', async () => {
    const { balances, positions, orders, missing } = await usdmAccount({
      assets: [{ asset: 'USDT', walletBalance: 'n/a' }, { asset: 'BNB' }, { asset: 'BTC', walletBalance: '0.00' }],
      positions: [
        { symbol: 'BTCUSDT', positionSide: 'BOTH', entryPrice: '60000' },
        { symbol: 'ETHUSDT', positionSide: 'SHORT' },
        { symbol: 'XRPUSDT', positionAmt: '0.0' },
      ],
      orders: [{ symbol: 'BTCUSDT', orderId: 3 }],
    });
    expect(balances.map(({ asset, total }) => [asset, total])).toEqual([
      ['USDT', null],
      ['BNB', null],
    ]);
    expect(positions.map(({ symbol, side, qty }) => [symbol, side, qty])).toEqual([
      ['BTCUSDT', null, null],
      ['ETHUSDT', 'short', null],
    ]);
    expect(orders).toMatchObject([{ id: '3', side: null, type: null, qty: null, closesPosition: false }]);
    expect(missing).toEqual([]);
  });

  it('a row that cannot be read is counted, and the others stay', async () => {
    const flow = { incomeType: 'FUNDING_FEE', asset: 'USDT', income: '-1', tranId: 1 };
    const account = await usdmAccount({
      assets: [{ asset: 'USDT', walletBalance: '5' }, null],
      positions: ['?', { positionAmt: '1' }, { symbol: 'BTCUSDT', positionAmt: '-1' }],
      orders: [{ symbol: 'BTCUSDT' }],
      algos: { code: 0 },
      income: [flow, { ...flow, time: at }, { ...flow, time: at, income: 'much' }],
    });
    expect(account).toMatchObject({
      balances: [{ asset: 'USDT' }],
      positions: [{ side: 'short', qty: '1' }],
      orders: [],
      flows: [{ at, amount: '-1' }],
      partial: ['orders', 'balances', 'positions', 'flows'],
    });
    expect(account.missing).toEqual([
      'Conditional orders (stops): an object in place of a list.',
      'Balances: 1 of 2 cannot be read (no fields).',
      'Positions: 2 of 3 cannot be read (no fields; no symbol).',
      'Open orders: 1 of 1 cannot be read (no orderId).',
      'Funding and fees: 2 of 3 cannot be read (no time; no income).',
    ]);
  });

  it('ccxt: a position whose size it does not tell stays', async () => {
    const rows = [
      { pair: 'XBTUSD', type: 'sell' },
      { pair: 'XBTUSD', type: 'buy', vol: '0.0' },
    ];
    await using server = await loopback({
      ...KRAKEN,
      '/0/public/AssetPairs': { error: [], result: {} },
      '/0/private/OpenPositions': { error: [], result: rows },
    });
    await using rest = await opened({ base: server.base, exchange: 'kraken', key: key('kraken') });
    expect(good(await rest.account()).positions).toMatchObject([{ side: 'short', qty: null }]);
  });
});
