import { required, text, withDefault } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { timeframe } from '../argv/times.ts';
import type { Field } from '../command.ts';

/** Which stored series is meant. */
export const SERIES_OPTIONS = {
  symbol: required(symbol('Symbol of the candles.')),
  timeframe: required(timeframe('Their time frame.')),
  exchange: withDefault(text('Exchange under which they are filed.', 'NAME', 'binance'), 'file'),
};

/** How `--json` names a series. */
export const SERIES_FIELDS: readonly Field[] = [
  ['exchange', 'text', 'exchange under which they are filed'],
  ['symbol', 'text', 'their symbol'],
  ['timeframe', 'text', 'their time frame'],
];
