import type { Metric } from '../../analytics/metric.ts';
import { METRICS } from '../../analytics/metrics.ts';
import type { Field } from '../command.ts';
import { below } from './fields.ts';

/** A closed position, as `backtest --json` lists it. */
const TRADE: readonly Field[] = [
  ['side', 'long|short', 'side of the position'],
  ['entryAt', 'ms', 'instant of the first opening fill'],
  ['exitAt', 'ms', 'instant of the last closing fill: close time inside a candle, open time at its open'],
  ['entryPrice', 'decimal', 'value of the opening fills over their quantity'],
  ['exitPrice', 'decimal', 'value of the closing fills over their quantity'],
  ['qty', 'decimal', 'quantity in the base asset'],
  ['gross', 'decimal', 'profit or loss of qty from entryPrice to exitPrice, before costs'],
  ['fees', 'decimal', 'fees of all its fills; on spot with the dust that was left below a step'],
  ['funding', 'decimal', 'funding, received positive'],
  ['pnl', 'decimal', 'gross - fees + funding'],
  ['r', 'number|null', 'pnl in units of the planned risk'],
  ['mae', 'number', 'worst open profit or loss while it was held, before costs'],
  ['mfe', 'number', 'best open profit or loss while it was held, before costs'],
  ['exitReason', 'code', 'stop_loss, take_profit, max_loss, signal, flip, liquidation, ...'],
];

const OPEN: readonly Field[] = [
  ...TRADE.slice(0, 2),
  ['exitAt', 'null', 'it is open'],
  ['entryPrice', 'decimal', 'value of the opening fills over their quantity'],
  ['exitPrice', 'null', 'it is open'],
  ['qty', 'decimal', 'quantity in the base asset'],
  ['gross', 'decimal', 'booked so far, before costs'],
  ['fees', 'decimal', 'fees of its fills so far'],
  ['funding', 'decimal', 'funding so far, received positive'],
  ['pnl', 'decimal', 'gross - fees + funding'],
  ['exitReason', 'null', 'it is open'],
  ['mark', 'decimal', 'price that it is valued at'],
  ['unrealised', 'decimal', 'open profit or loss at the mark'],
];

const TYPES: Readonly<Record<Metric['unit'], string>> = {
  money: 'decimal',
  share: 'fraction',
  ratio: 'number',
  count: 'number',
  ms: 'number',
  r: 'number',
  times: 'number',
};
/** Never null, beside the counts: sums are there on any day. */
const SUMS =
  'startBalance netDeposits finalEquity netProfit closedProfit longProfit shortProfit grossProfit grossLoss fees funding volume';
const DEPTHS = 'maxDrawdown maxDrawdownAmount underwater';
const NEVER_NULL: ReadonlySet<string> = new Set(`${SUMS} ${DEPTHS}`.split(' '));

/** Spans of time have a unit that their names do not tell. */
const aboutOf = ({ unit, about }: Metric): string => (unit === 'ms' ? `${about} In ms.` : about);

const isNeverNull = ({ name, unit }: Metric): boolean => unit === 'count' || NEVER_NULL.has(name);

const SUMMARY: readonly Field[] = [
  ['from', 'ms', 'begin of the first candle that was traded'],
  ['to', 'ms', 'end of the last candle'],
  ['balance', 'decimal', 'wallet balance at the end, without the open position'],
  ...METRICS.map(
    (metric): Field => [metric.name, `${TYPES[metric.unit]}${isNeverNull(metric) ? '' : '|null'}`, aboutOf(metric)],
  ),
];

/** What `backtest --json` prints. */
export const BACKTEST_FIELDS: readonly Field[] = [
  ['schema', 'text', 'dzentra.backtest/1'],
  ['run', 'object', 'strategy, version, parameters, symbol, time frames and seed'],
  ['run.strategy', 'text', 'its name'],
  ['run.strategyVersion', 'number', 'its version'],
  ['run.params', 'object', 'its parameters by name, those that were not given, too'],
  ['run.symbol', 'text', 'the symbol'],
  ['run.timeframe', 'text', 'the time frame that it decided on'],
  ['run.higherTimeframe', 'text|null', 'the higher time frame in use, null where the strategy has none'],
  ['run.seed', 'number', 'seed of everything that is random'],
  ['instrument', 'object', 'kind, tick, step and smallest notional'],
  ['instrument.kind', 'perpetual|spot', 'kind'],
  ['instrument.tick', 'decimal', 'smallest step of a price'],
  ['instrument.step', 'decimal', 'smallest step of a quantity'],
  ['instrument.notionalMin', 'decimal', 'smallest notional of an entry'],
  ['data', 'object', 'where the candles came from, how many, from when to when, and their gaps'],
  ['data.source', 'text', 'the file, the exchange of the store, or the seed of the simulated market'],
  ['data.price', 'code', 'what was analysed: trade, mid, or file for a file that a run of price=mid took for mids'],
  ['data.timeframe', 'text', 'time frame of the candles'],
  ['data.candles', 'number', 'candles, those of the warm-up among them'],
  ['data.traded', 'number', 'candles from --from on'],
  ['data.from', 'ms', 'begin of the first candle that was traded'],
  ['data.to', 'ms', 'end of the last candle'],
  ['data.gaps', 'number', 'gaps'],
  ['data.missing', 'number', 'candles missing in all of them'],
  ['warmup', 'object', 'how far the warm-up came, in closed candles of the run; before its end nothing is traded'],
  ['warmup.done', 'boolean', 'whether it ended'],
  ['warmup.bars', 'number', 'candles that the strategy saw in all'],
  ['warmup.needed', 'number', 'candles that it wants to have seen before it trades'],
  ['warmup.higherBars', 'number', 'candles of the higher time frame that it saw'],
  ['warmup.higherNeeded', 'number', 'candles of the higher time frame that it wants to have seen'],
  ['on', 'array', 'every limit, gate and cost model that was on, with its value'],
  ['on[].name', 'text', 'its name'],
  ['on[].value', 'text', 'its value as a person reads it'],
  ['summary', 'object', 'the metrics; null where the sample is too small'],
  ...below('summary', SUMMARY),
  ['trades', 'array', 'closed positions, oldest first'],
  ...below('trades[]', TRADE),
  ['open', 'object|null', 'the position at the end: the fields of a trade with mark and unrealised'],
  ...below('open', OPEN),
  ['denials', 'object', 'entries that were denied, counted by code'],
  ['digest', 'text|null', 'with --journal: digest of the run, equal for paper, backtest and replay of one tape'],
];
