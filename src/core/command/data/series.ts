import { choice, required, text, withDefault } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { timeframe } from '../argv/times.ts';
import type { Field } from '../command.ts';
import type { StoreKey } from '../ports.ts';

/** Candles of trades; of the mids that an engine with a run of `price=mid` kept; of the mark price. */
export const series = choice('Candles of trades, or of mids, or of the mark.', ['candles', 'mid', 'mark']);

/** Which stored series is meant. */
export const SERIES_OPTIONS = {
  symbol: required(symbol('Symbol of the candles.')),
  timeframe: required(timeframe('Their time frame.')),
  exchange: withDefault(text('Exchange under which they are filed.', 'NAME', 'binance'), 'file'),
  series: withDefault(series, 'candles'),
};

/** How `--json` names a series. */
export const SERIES_FIELDS: readonly Field[] = [
  ['exchange', 'text', 'exchange under which they are filed'],
  ['symbol', 'text', 'their symbol'],
  ['timeframe', 'text', 'their time frame'],
  ['series', 'code', 'candles (of trades), mid, mark or funding'],
];

/** As a person reads it: `binance BTC/USDT:USDT 1m`, with ` mid` behind it where it is not of trades. */
export const seriesName = ({ exchange, symbol, timeframe, series: of }: StoreKey): string =>
  `${exchange} ${symbol} ${timeframe}${of === 'candles' ? '' : ` ${of}`}`;
