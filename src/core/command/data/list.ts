import { defineCommand } from '../command.ts';
import { done, plain } from '../outcome.ts';
import { isoTime, time } from '../telling/words.ts';
import { SERIES_FIELDS } from './series.ts';

export const dataList = defineCommand({
  about: [
    'Every stored series with its reach. `backtest --symbol --timeframe` reads one: with --param price=mid the mids that an engine kept.',
  ],
  args: {},
  options: {},
  examples: ['dzentra data list', 'dzentra data list --json'],
  schema: 'dzentra.data.list/1',
  fields: [
    ['schema', 'text', 'dzentra.data.list/1'],
    ['series', 'array', 'by exchange, symbol and time frame'],
    ...SERIES_FIELDS.map(([path, type, about]) => [`series[].${path}`, type, about] as const),
    ['series[].rows', 'number', 'candles'],
    ['series[].firstAt', 'ms', 'open time of the first candle'],
    ['series[].lastAt', 'ms', 'open time of the last candle'],
    ['series[].bytes', 'number', 'size of the file'],
  ],
  async run(context) {
    const ports = await context.boot();
    const series = (await ports.data.list()).map(
      ({ exchange, symbol, timeframe, series, rows, firstAt, lastAt, bytes }) => {
        return { exchange, symbol, timeframe, series, rows, firstAt, lastAt, bytes };
      },
    );
    const columns = [
      { name: 'exchange', title: 'exchange' },
      { name: 'symbol', title: 'symbol' },
      { name: 'timeframe', title: 'time frame' },
      { name: 'series', title: 'series' },
      { name: 'rows', title: 'candles', align: 'right' },
      { name: 'firstAt', title: 'first (UTC)', rank: 1 },
      { name: 'lastAt', title: 'last (UTC)', rank: 1 },
    ] as const;
    const rows = series.map((each) => [
      plain(each.exchange),
      plain(each.symbol),
      plain(each.timeframe),
      plain(each.series),
      { value: each.rows, text: `${each.rows}` },
      { value: isoTime(each.firstAt), text: time(each.firstAt) },
      { value: isoTime(each.lastAt), text: time(each.lastAt) },
    ]);
    const empty =
      'no candles are stored; bring some in with: dzentra data import FILE --symbol BTC/USDT:USDT --timeframe 1m';
    return done({ schema: 'dzentra.data.list/1', series }, [{ kind: 'table', columns, rows, empty }]);
  },
});
