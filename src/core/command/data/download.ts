import { exchange } from '../argv/engine.ts';
import { choice, required, withDefault } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { instant, timeframe } from '../argv/times.ts';
import { defineCommand } from '../command.ts';
import { done, fact, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';
import { count } from '../telling/words.ts';
import { SERIES_FIELDS } from './series.ts';

const SCHEMA = 'dzentra.data.download/1';

export const dataDownload = defineCommand({
  about: [
    'Fetches closed candles of an exchange that the store has not, page by page and within the limits of the venue. What came is kept when it is interrupted, and the same command goes on from there. Gaps that the venue itself has are told.',
    '--series mark keeps candles of the mark price beside them, --series funding the settlements as a CSV file, which `backtest --funding` reads. `backtest --exchange NAME --symbol --timeframe` reads the candles.',
  ],
  args: {},
  options: {
    exchange: required(exchange('Exchange that is asked.')),
    symbol: required(symbol('Symbol of the candles.')),
    timeframe: withDefault(timeframe('Their time frame.'), '1m'),
    from: required(instant('The first one opens at or after this instant.')),
    to: instant('The last one opens before this instant; now where it is left out.'),
    series: withDefault(choice('What is fetched.', ['candles', 'mark', 'funding']), 'candles'),
  },
  examples: [
    'dzentra data download --exchange binanceusdm --symbol BTC/USDT:USDT --timeframe 1m --from 2025-05-01 --to 2025-06-01',
    'dzentra data download --exchange binanceusdm --symbol BTC/USDT:USDT --series funding --from 2025-05-01',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ...SERIES_FIELDS,
    ['path', 'path', 'the file'],
    ['rows', 'number', 'rows of the range that are there now'],
    ['added', 'number', 'rows that are new'],
    ['gaps', 'object', 'gaps in the range: count, and candles missing'],
  ],
  async run(context, { options }) {
    const { from, to = Number.POSITIVE_INFINITY, ...key } = options;
    if (from >= to) {
      return refused(refusal(2, 'OPTIONS_CONFLICT', '--from before --to', '--from at or after --to', 'exchange them'));
    }
    const ports = await context.boot();
    const report = await ports.data.download(
      { ...key, from, to },
      { signal: context.signal, progress: context.progress('download') },
    );
    if (isRefusal(report)) return refused(report);
    if ('interrupted' in report) {
      return { kind: 'interrupted', saved: report.saved, data: { schema: SCHEMA, ...key, saved: report.saved } };
    }
    const { path, rows, added, gaps, series } = report;
    const what = series === 'funding' ? 'settlement' : 'candle';
    const facts = [
      fact('series', 'series', `${key.exchange} ${key.symbol} ${series === 'funding' ? series : key.timeframe}`),
      fact('added', 'new', { value: added, text: count(added, what) }),
      fact('rows', 'in the range', { value: rows, text: count(rows, what) }),
      fact('gaps', 'gaps', {
        value: gaps.count,
        text: gaps.count === 0 ? 'none' : `${count(gaps.count, 'gap')}, ${count(gaps.missing, 'candle')} missing`,
      }),
      fact('path', 'file', path),
    ];
    return done({ schema: SCHEMA, ...key, path, rows, added, gaps }, [{ kind: 'facts', facts }]);
  },
});
