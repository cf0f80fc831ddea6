import type { BacktestRequest, Source } from '../lab/request.ts';
import { defaultRiskFor } from '../risk/defaults.ts';
import { STRATEGIES } from '../strategy/registry.ts';
import { named, on, path, text } from './argv/spec.ts';
import { instant } from './argv/times.ts';
import { defineCommand, type Values } from './command.ts';
import { type Fact, fact, type Outcome, refused } from './outcome.ts';
import { isInterrupted } from './ports.ts';
import { isRefusal, type Refusal, refusal } from './refusal.ts';
import { BACKTEST_FIELDS } from './run/backtest-fields.ts';
import { FEES_ONLY, PAPER_COSTS } from './run/costs.ts';
import { RUN_OPTIONS } from './run/options.ts';
import { runRequest, symbolOf } from './run/request.ts';
import { BARE_RISK } from './run/settings.ts';

const OPTIONS = {
  data: path('Candles or trades: CSV or CSV.gz.', 'FILE'),
  exchange: text('Exchange of the history store, where no --data is given; file where none is named.', 'NAME', 'file'),
  from: instant('Trading begins with the first candle at or after it; what lies before warms up.'),
  to: instant('Trading ends before it.'),
  asPaper: on('Start from the defaults of paper: every limit, cooldown, gate and cost model on.'),
  journal: named('journal', path('Keep the journal in this folder.', 'FOLDER')),
  ...RUN_OPTIONS,
};
type Options = Values<typeof OPTIONS>;

export const backtest = defineCommand({
  about: [
    'Runs the same engine as paper and live over stored candles. Every limit, cooldown, gate and cost model beyond fees is off unless a flag or a file gives it; --as-paper turns them all on. The summary lists what was on. Funding comes only from a file; gaps are counted and never block.',
    "Without a flag for the size an entry takes 10% of the balance (--as-paper: a risk of 0.5%). Without --sl there is no stop, except with --risk, which takes the strategy's own stop, else 1%. Fees are 0.05% taker and 0.02% maker; --slippage 0 means no spread, no slippage and no latency.",
    'Candles come from --data, or from the store by --symbol and --timeframe (see: dzentra data import). With --param price=mid the store gives the mids that an engine kept; a file is taken as it is.',
  ],
  args: {},
  options: OPTIONS,
  examples: [
    'dzentra backtest --data btc-1m.csv.gz --symbol BTC/USDT:USDT --strategy ema-cross --param fast=12 --param slow=26 --sl 1% --tp 2%',
    'dzentra backtest --symbol BTC/USDT:USDT --timeframe 15m --strategy trend --as-paper --from 2025-01-01',
    'dzentra backtest --data btc-1m.csv.gz --risk 1% --sl strategy --tp 2r --day-block 2% --json',
  ],
  schema: 'dzentra.backtest/1',
  fields: BACKTEST_FIELDS,
  async run(context, { options }) {
    const built = backtestRequest(options);
    if (isRefusal(built)) return refused(built);
    // A strategy of the user may loop for ever, and nothing looks at a signal then. Ctrl-C breaks its steps off.
    if (!STRATEGIES.some(({ name }) => name === built.request.strategy)) await context.letSignalsEnd?.();
    const ports = await context.boot();
    const hooks = { signal: context.signal, progress: context.progress('backtest') };
    const report = await ports.backtest(built.request, hooks);
    if (isRefusal(report)) return refused(report);
    if (isInterrupted(report)) return interrupted(report.saved);
    // A face shows the data or the view; neither is made before it is looked at.
    return {
      kind: 'done',
      get data() {
        return report.json;
      },
      blocks: [
        {
          kind: 'backtest',
          facts: summaryFacts(report.summary),
          get view() {
            return report.view;
          },
        },
      ],
      notes: [...built.notes, ...report.notes],
    };
  },
});

const interrupted = (saved: readonly string[]): Outcome => ({
  kind: 'interrupted',
  saved: saved.length === 0 ? ['nothing was saved: the journal was in memory'] : saved,
});

/** Builds the request from the flags alone; nothing is read or written. */
export function backtestRequest(options: Options): { request: BacktestRequest; notes: readonly string[] } | Refusal {
  const source = sourceOf(options);
  if (isRefusal(source)) return source;
  const { from, to } = options;
  if (from !== undefined && to !== undefined && from >= to) {
    return refusal(2, 'OPTIONS_CONFLICT', '--from before --to', '--from at or after --to', 'exchange them');
  }
  const { symbol, notes } = symbolOf(options.symbol, source);
  const [base = ''] = symbol.split('/');
  const start = options.asPaper
    ? { risk: defaultRiskFor(base), costs: PAPER_COSTS }
    : { risk: BARE_RISK, costs: FEES_ONLY };
  const run = runRequest(options, start, source, symbol);
  if (isRefusal(run)) return run;
  // A file of the store is found by its time frame, so there `--timeframe` names both.
  const sourceTimeframe = run.sourceTimeframe ?? (source.from === 'store' ? run.timeframe : undefined);
  return { request: { ...run, sourceTimeframe, from, to, journalDir: options.journal }, notes };
}

function sourceOf({ data, exchange, symbol, timeframe, dataTimeframe }: Options): Source | Refusal {
  if (data !== undefined && exchange !== undefined) {
    const expected = '--data for a file, or --exchange for the store';
    return refusal(2, 'OPTIONS_CONFLICT', expected, 'both', 'leave one of them out');
  }
  if (data !== undefined) return { from: 'file', path: data };
  if (symbol === undefined || (timeframe === undefined && dataTimeframe === undefined)) {
    const expected = '--data with a file of candles, or --symbol and --timeframe of stored ones';
    const found = symbol === undefined ? 'neither' : '--symbol alone';
    return refusal(2, 'OPTION_MISSING', expected, found, '--data FILE, or see: dzentra data list');
  }
  return { from: 'store', exchange: exchange ?? 'file' };
}

/** The summary as names and values, for a pipe. */
function summaryFacts(summary: Readonly<Record<string, unknown>>): readonly Fact[] {
  return Object.entries(summary).flatMap(([name, value]) =>
    value === null ? [fact(name, name, 'n/a')] : typeof value === 'object' ? [] : [fact(name, name, String(value))],
  );
}
