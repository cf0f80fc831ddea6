import type { Field } from '../command.ts';

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

const below = (parent: string, fields: readonly Field[]): Field[] =>
  fields.map(([path, type, about]) => [`${parent}.${path}`, type, about]);

/** What `backtest --json` prints. */
export const BACKTEST_FIELDS: readonly Field[] = [
  ['schema', 'text', 'dzentra.backtest/1'],
  ['run', 'object', 'strategy, version, parameters, symbol, time frames and seed'],
  ['run.higherTimeframe', 'text|null', 'the higher time frame in use, null where the strategy has none'],
  ['instrument', 'object', 'kind, tick, step and smallest notional'],
  ['data', 'object', 'where the candles came from, how many, from when to when, and their gaps'],
  ['data.price', 'code', 'what was analysed: trade, mid, or file for a file that a run of price=mid took for mids'],
  ['warmup', 'object', 'how far the warm-up came, in closed candles of the run; before its end nothing is traded'],
  ['warmup.done', 'boolean', 'whether it ended'],
  ['warmup.bars', 'number', 'candles that the strategy saw in all'],
  ['warmup.needed', 'number', 'candles that it wants to have seen before it trades'],
  ['warmup.higherBars', 'number', 'candles of the higher time frame that it saw'],
  ['warmup.higherNeeded', 'number', 'candles of the higher time frame that it wants to have seen'],
  ['on', 'array', 'every limit, gate and cost model that was on, with its value'],
  ['summary', 'object', 'the metrics; null where the sample is too small'],
  ['summary.trades', 'number', 'closed positions'],
  ['summary.finalEquity', 'decimal', 'balance plus the open position at its mark'],
  ['summary.maxDrawdown', 'fraction', 'largest fall from the running peak of equity at closes'],
  ['trades', 'array', 'closed positions, oldest first'],
  ...below('trades[]', TRADE),
  ['open', 'object|null', 'the position at the end: the fields of a trade with mark and unrealised'],
  ['denials', 'object', 'entries that were denied, counted by code'],
  ['digest', 'text|null', 'with --journal: digest of the run, equal for paper, backtest and replay of one tape'],
];

/** An entry of the journal. */
export const ENTRY_FIELDS: readonly Field[] = [
  ['seq', 'number', 'its number in the journal'],
  ['epoch', 'number', 'the start of the engine that wrote it'],
  ['run', 'number', 'the run that it belongs to, 0 for the account itself'],
  ['account', 'text', 'the account'],
  ['kind', 'code', 'what happened: order_filled, position_opened, ...'],
  ['v', 'number', 'version of the body'],
  ['at', 'ms', 'instant, UTC'],
  ['cause', 'number|text', 'seq of the entry that led here, or the input in words'],
  ['body', 'object', 'the fact itself; exact values are decimal text'],
];

/** The fields of entries that stand below another field. */
export const entriesUnder = (parent: string): Field[] => below(parent, ENTRY_FIELDS);
