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
