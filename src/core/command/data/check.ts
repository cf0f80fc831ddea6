import { path, text } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { timeframe } from '../argv/times.ts';
import { defineCommand, type Values } from '../command.ts';
import { type Block, done, fact, type Outcome, plain, refused } from '../outcome.ts';
import type { CheckedFile, CheckReport, StoreKey } from '../ports.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { count, isoTime, time } from '../telling/words.ts';
import { series } from './series.ts';

const ARGS = { file: path('A file of candles; else a stored series by --symbol and --timeframe.', 'FILE') };
const OPTIONS = {
  symbol: symbol('Symbol of the stored candles.'),
  timeframe: timeframe('Time frame of the stored candles, or of those of the file; else its steps tell.'),
  exchange: text('Exchange under which they are filed; file where none is named.', 'NAME', 'binance'),
  series,
};

export const dataCheck = defineCommand({
  about: [
    'Gaps are listed and are no fault: markets have them. Repeated or impossible candles are; then the exit code is 1.',
  ],
  args: ARGS,
  options: OPTIONS,
  examples: ['dzentra data check btc-1m.csv.gz', 'dzentra data check --symbol BTC/USDT:USDT --timeframe 1m --json'],
  schema: 'dzentra.data.check/1',
  fields: [
    ['schema', 'text', 'dzentra.data.check/1'],
    ['name', 'text', 'what was looked at'],
    ['timeframe', 'text', 'its time frame'],
    ['rows', 'number', 'candles'],
    ['firstAt', 'ms|null', 'open time of the first candle; null where none has a time that can be one'],
    ['lastAt', 'ms|null', 'open time of the last one'],
    ['gaps', 'array', 'from, to (ms) and candles missing'],
    ['faults', 'array', 'repeated, impossible and misplaced candles in sentences: the first of them'],
    ['faultCount', 'number', 'how many there are'],
  ],
  async run(context, { args, options }) {
    const target = targetOf(args, options);
    if (isRefusal(target)) return refused(target);
    const ports = await context.boot();
    const report = await ports.data.check(target, context.signal);
    return isRefusal(report) ? refused(report) : outcomeOf(report);
  },
});

function targetOf({ file }: Values<typeof ARGS>, options: Values<typeof OPTIONS>): StoreKey | CheckedFile | Refusal {
  const { symbol, timeframe, exchange, series } = options;
  if (file !== undefined) {
    const extra = symbol ?? exchange ?? series;
    if (extra === undefined) return { path: file, timeframe };
    return refusal(
      2,
      'OPTIONS_CONFLICT',
      'a FILE, or --symbol and --timeframe of stored candles',
      'both',
      'leave one out',
    );
  }
  if (symbol !== undefined && timeframe !== undefined) {
    return { symbol, timeframe, exchange: exchange ?? 'file', series: series ?? 'candles' };
  }
  const fix = 'dzentra data check FILE, or see: dzentra data list';
  return refusal(2, 'OPTION_MISSING', 'a FILE, or --symbol and --timeframe of stored candles', 'neither', fix);
}

function outcomeOf(report: CheckReport): Outcome {
  const { name, timeframe, rows, firstAt, lastAt, gaps, faults, faultCount } = report;
  const data = { schema: 'dzentra.data.check/1', name, timeframe, rows, firstAt, lastAt, gaps, faults, faultCount };
  const missing = gaps.reduce((sum, gap) => sum + gap.missing, 0);
  const blocks: Block[] = [
    {
      kind: 'facts',
      facts: [
        fact('name', 'series', name),
        fact('timeframe', 'time frame', timeframe),
        fact('rows', 'candles', { value: rows, text: `${rows}` }),
        fact('reach', 'reach (UTC)', {
          value: firstAt === null || lastAt === null ? null : `${isoTime(firstAt)}/${isoTime(lastAt)}`,
          text: firstAt === null || lastAt === null ? '?' : `${time(firstAt)} to ${time(lastAt)}`,
        }),
        fact('gaps', 'gaps', {
          value: gaps.length,
          text: `${count(gaps.length, 'gap')}, ${count(missing, 'candle')} missing`,
        }),
        fact('faults', 'faults', {
          value: faultCount,
          text: `${faultCount}`,
          tone: faultCount === 0 ? 'good' : 'bad',
        }),
      ],
    },
  ];
  const more = faultCount > faults.length ? [`and ${faultCount - faults.length} more`] : [];
  if (faultCount > 0) blocks.push({ kind: 'text', lines: [...faults, ...more] });
  if (gaps.length > 0) blocks.push(gapTable(gaps));
  return faultCount === 0 ? done(data, blocks) : { kind: 'failed', data, blocks };
}

const gapTable = (gaps: CheckReport['gaps']): Block => ({
  kind: 'table',
  columns: [
    { name: 'from', title: 'gap from (UTC)' },
    { name: 'to', title: 'to (UTC)' },
    { name: 'missing', title: 'missing', align: 'right' },
  ],
  rows: gaps.map(({ from, to, missing }) => [
    { value: isoTime(from), text: time(from) },
    { value: isoTime(to), text: time(to) },
    plain(`${missing}`),
  ]),
  empty: 'no gap',
});
