import { listing } from './parameters.ts';
import { type Route, route, type Seat } from './route.ts';

const CREATED_AT = 1_700_000_000_000;

/**
 * What Binance answers for the whole of a customer (`/sapi`): coins, what a key may do, whether the exchange works. Both
 * markets have it here, so that a stand-in for USDS-M alone can be asked what a key may do.
 */
export const WALLET: readonly Route[] = [
  // Who loads all that Binance lists asks for coin-margined contracts, too: there are none.
  route('GET /dapi/v1/exchangeInfo', {
    answer: (_, seat) => ({
      timezone: 'UTC',
      serverTime: seat.now(),
      rateLimits: [],
      exchangeFilters: [],
      symbols: [],
    }),
  }),
  route('GET /sapi/v1/system/status', {
    answer: (_, { faults }) =>
      faults.holds('maintenance') === undefined
        ? { status: 0, msg: 'normal' }
        : { status: 1, msg: 'system_maintenance' },
  }),
  route('GET /sapi/v1/account/apiRestrictions', { security: 'signed', answer: (_, seat) => restrictions(seat) }),
  route('GET /sapi/v1/capital/config/getall', {
    security: 'signed',
    weight: 10,
    answer: (_, seat) => coins(seat),
  }),
  route('GET /sapi/v1/account/status', { security: 'signed', answer: () => ({ data: 'Normal' }) }),
  // Nothing is deposited, withdrawn or moved.
  ...['capital/deposit/hisrec', 'capital/withdraw/history'].map((name) =>
    route(`GET /sapi/v1/${name}`, { security: 'signed', answer: () => [] }),
  ),
  route('GET /sapi/v1/asset/transfer', { security: 'signed', answer: () => ({ total: 0, rows: [] }) }),
  route('GET /sapi/v1/margin/allPairs', { security: 'key', answer: () => [] }),
  route('GET /sapi/v1/margin/isolated/allPairs', { security: 'signed', weight: 10, answer: () => [] }),
  route('GET /sapi/v1/asset/tradeFee', {
    security: 'signed',
    ask: { symbol: listing },
    answer: ({ symbol }, { market, account }) =>
      (symbol === undefined ? market.listings : [symbol]).map((one) => ({
        symbol: one.id,
        makerCommission: account.state.makerRate,
        takerCommission: account.state.takerRate,
      })),
  }),
];

/** What a key may do: where it is bound to, and whether it may withdraw. */
function restrictions({ key }: Seat): unknown {
  return {
    ipRestrict: key?.isBound === true,
    createTime: CREATED_AT,
    enableReading: true,
    enableWithdrawals: key?.withdraws === true,
    enableInternalTransfer: false,
    enableMargin: false,
    enableFutures: key?.trades === true,
    permitsUniversalTransfer: false,
    enableVanillaOptions: false,
    enableFixApiTrade: false,
    enableFixReadOnly: false,
    enableSpotAndMarginTrading: key?.trades === true,
    enablePortfolioMarginTrading: false,
  };
}

/** Every coin that is listed or held, with no network: nothing is deposited or withdrawn here. */
function coins({ market, account }: Seat): unknown {
  const named = market.listings.flatMap(({ instrument }) => [instrument.base, instrument.quote]);
  const held = account.state.balances;
  return [...new Set([...named, ...held.map((one) => one.asset)])].map((coin) => {
    const own = held.find((one) => one.asset === coin);
    return {
      coin,
      depositAllEnable: false,
      withdrawAllEnable: false,
      name: coin,
      free: own?.free ?? '0',
      locked: own?.locked ?? '0',
      freeze: '0',
      withdrawing: '0',
      ipoing: '0',
      ipoable: '0',
      storage: '0',
      isLegalMoney: false,
      trading: true,
      networkList: [],
    };
  });
}
