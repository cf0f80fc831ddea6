import { path, required } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done, fact, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { count } from '../telling/words.ts';
import { SERIES_FIELDS, SERIES_OPTIONS, seriesName } from './series.ts';

export const dataImport = defineCommand({
  about: [
    'Reads a CSV or CSV.gz of candles and keeps it as an Arrow file, which opens at once and which pandas and polars read. Candles that are there already must be the same; a file with unsorted, repeated or impossible candles is refused with the line.',
  ],
  args: { file: required(path('The candles.', 'FILE')) },
  options: SERIES_OPTIONS,
  examples: ['dzentra data import btc-1m.csv.gz --symbol BTC/USDT:USDT --timeframe 1m'],
  schema: 'dzentra.data.import/1',
  fields: [
    ['schema', 'text', 'dzentra.data.import/1'],
    ...SERIES_FIELDS,
    ['rows', 'number', 'candles in the store now'],
    ['added', 'number', 'candles that are new'],
    ['known', 'number', 'candles that were there before with the same numbers'],
    ['gaps', 'object', 'gaps in the store now: count, and candles missing'],
  ],
  async run(context, { args, options }) {
    const ports = await context.boot();
    const report = await ports.data.import({ path: args.file, ...options }, context.signal);
    if (isRefusal(report)) return refused(report);
    const { exchange, symbol, timeframe, series, rows, added, known, gaps } = report;
    const data = { schema: 'dzentra.data.import/1', exchange, symbol, timeframe, series, rows, added, known, gaps };
    const facts = [
      fact('series', 'series', seriesName(report)),
      fact('added', 'new', { value: added, text: count(added, 'candle') }),
      fact('known', 'known before', { value: known, text: count(known, 'candle') }),
      fact('rows', 'stored', { value: rows, text: count(rows, 'candle') }),
      fact('gaps', 'gaps', {
        value: gaps.count,
        text: `${count(gaps.count, 'gap')}, ${count(gaps.missing, 'candle')} missing`,
      }),
    ];
    return done(data, [{ kind: 'facts', facts }]);
  },
});
