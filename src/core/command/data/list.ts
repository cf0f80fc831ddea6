import { defineCommand } from '../command.ts';
import { type Cell, done, plain } from '../outcome.ts';
import type { StoredSeries, StoreKey } from '../ports.ts';
import { isoTime, time } from '../telling/words.ts';
import { SERIES_FIELDS, seriesName } from './series.ts';

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
    ['series[].rows', 'number|null', 'candles; null where the file is damaged'],
    ['series[].firstAt', 'ms|null', 'open time of the first candle'],
    ['series[].lastAt', 'ms|null', 'open time of the last candle'],
    ['series[].bytes', 'number|null', 'size of the file'],
    ['series[].damage', 'object|null', 'why the file cannot be read: expected, found, fix'],
  ],
  async run(context) {
    const ports = await context.boot();
    const series = (await ports.data.list()).map(({ path, ...each }) => each);
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
      each.rows === null ? DAMAGED : plain(`${each.rows}`),
      instant(each.firstAt),
      instant(each.lastAt),
    ]);
    const notes = series.flatMap(({ damage, ...each }) => (damage === null ? [] : [damageLine(each, damage)]));
    const empty =
      'no candles are stored; bring some in with: dzentra data import FILE --symbol BTC/USDT:USDT --timeframe 1m';
    return done({ schema: 'dzentra.data.list/1', series }, [{ kind: 'table', columns, rows, empty }], notes);
  },
});

const DAMAGED: Cell = { value: null, text: 'DAMAGED', tone: 'bad' };

const instant = (at: number | null): Cell =>
  at === null ? { value: null, text: '?' } : { value: isoTime(at), text: time(at) };

const damageLine = (of: StoreKey, { expected, found, fix }: NonNullable<StoredSeries['damage']>): string =>
  `${seriesName(of)}: expected ${expected}, found ${found}. ${fix}`;
