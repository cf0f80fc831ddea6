/** Methods of the WebSocket API and the REST request that each of them stands for. */
type Table = Readonly<Record<string, readonly [verb: 'GET' | 'POST' | 'PUT' | 'DELETE', path: string]>>;

const USDM: Table = {
  ping: ['GET', '/fapi/v1/ping'],
  time: ['GET', '/fapi/v1/time'],
  exchangeInfo: ['GET', '/fapi/v1/exchangeInfo'],
  depth: ['GET', '/fapi/v1/depth'],
  klines: ['GET', '/fapi/v1/klines'],
  'ticker.price': ['GET', '/fapi/v1/ticker/price'],
  'ticker.book': ['GET', '/fapi/v1/ticker/bookTicker'],
  'account.status': ['GET', '/fapi/v2/account'],
  'v2/account.status': ['GET', '/fapi/v3/account'],
  'account.balance': ['GET', '/fapi/v2/balance'],
  'v2/account.balance': ['GET', '/fapi/v3/balance'],
  'account.position': ['GET', '/fapi/v2/positionRisk'],
  'v2/account.position': ['GET', '/fapi/v3/positionRisk'],
  'order.status': ['GET', '/fapi/v1/order'],
  'userDataStream.start': ['POST', '/fapi/v1/listenKey'],
  'userDataStream.ping': ['PUT', '/fapi/v1/listenKey'],
  'userDataStream.stop': ['DELETE', '/fapi/v1/listenKey'],
};
const SPOT: Table = {
  ping: ['GET', '/api/v3/ping'],
  time: ['GET', '/api/v3/time'],
  exchangeInfo: ['GET', '/api/v3/exchangeInfo'],
  depth: ['GET', '/api/v3/depth'],
  klines: ['GET', '/api/v3/klines'],
  uiKlines: ['GET', '/api/v3/uiKlines'],
  avgPrice: ['GET', '/api/v3/avgPrice'],
  'trades.recent': ['GET', '/api/v3/trades'],
  'trades.historical': ['GET', '/api/v3/historicalTrades'],
  'trades.aggregate': ['GET', '/api/v3/aggTrades'],
  'ticker.24hr': ['GET', '/api/v3/ticker/24hr'],
  'ticker.price': ['GET', '/api/v3/ticker/price'],
  'ticker.book': ['GET', '/api/v3/ticker/bookTicker'],
  'account.status': ['GET', '/api/v3/account'],
  'account.rateLimits.orders': ['GET', '/api/v3/rateLimit/order'],
  'openOrders.status': ['GET', '/api/v3/openOrders'],
  'order.status': ['GET', '/api/v3/order'],
  allOrders: ['GET', '/api/v3/allOrders'],
  myTrades: ['GET', '/api/v3/myTrades'],
};

/** The REST request behind a method of the WebSocket API; undefined where there is none. */
export function restOf(kind: 'usdm' | 'spot', method: string): readonly [verb: string, path: string] | undefined {
  const table = kind === 'usdm' ? USDM : SPOT;
  return Object.hasOwn(table, method) ? table[method] : undefined;
}

/** Methods that place, change or cancel orders. */
export const isTrading = (method: string): boolean =>
  /^(order|orderList|algoOrder|openOrders|sor)\./.test(method) && !method.endsWith('.status');
