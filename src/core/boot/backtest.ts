import { setImmediate as turn } from 'node:timers/promises';
import { type Summary, summarize } from '../analytics/summary.ts';
import { priceOf, text, toNumber } from '../base/decimal.ts';
import type { BacktestReport, Hooks, Interrupted } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { count } from '../command/telling/words.ts';
import { timeframeName } from '../domain/candle.ts';
import type { StartRun } from '../domain/command.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { ClosedBody } from '../domain/events.ts';
import type { Costs } from '../domain/settings.ts';
import type { Journal } from '../journal/journal.ts';
import type { Backtest, BacktestRecord } from '../lab/backtest.ts';
import type { BacktestRequest } from '../lab/request.ts';
import { BrokenOff, breakable } from '../platform/breakable.ts';
import { hurry } from '../platform/heap.ts';
import { describeLimits } from '../risk/describe.ts';
import { percent } from '../risk/words.ts';
import { analysesMids } from '../strategy/params.ts';
import { STRATEGIES } from '../strategy/registry.ts';
import type { BacktestView, NamedValue } from '../view/report.ts';
import { BUILD } from './build.ts';
import type { Paths } from './paths.ts';
import { lowestOf, type PreparedRun, prepareRun } from './run.ts';
import { strategyFiles } from './strategies.ts';

/** So many candles between two looks at the signal. */
const CANDLES = 65_536;

/** Runs a backtest to its end and tells it as data and as a view. */
export async function backtest(
  request: BacktestRequest,
  hooks: Hooks,
  paths: Paths,
): Promise<BacktestReport | Refusal | Interrupted> {
  // After a turn the candles are being read: the engine is loaded meanwhile.
  const loading = turn().then(() => import('../lab/backtest.ts'));
  const [prepared, { createBacktest }] = await Promise.all([prepareRun(request, paths, hooks.signal), loading]);
  if ('exit' in prepared) return prepared;
  const sink = await openSink(request.journalDir);
  if (isRefusal(sink)) return sink;
  const { definition, deployment, series } = prepared;
  const strays = STRATEGIES.includes(definition) ? undefined : (await strategyFiles()).heedStrays(definition);
  try {
    const { account, run } = deployment;
    hurry();
    const test = createBacktest({ account, run, definition, series, journal: sink.journal, build: BUILD });
    const advance = (): boolean => test.advance(CANDLES);
    const step = strays === undefined ? advance : breakable(advance);
    while (step()) {
      sink.journal.commit();
      hooks.progress(test.pump.done, test.pump.total);
      await turn();
      strays?.check();
      if (hooks.signal.aborted) return { interrupted: true, saved: sink.saved() };
    }
    if (strays !== undefined) await turn(); // A promise of the last candles may have failed, too.
    strays?.check();
    sink.journal.commit();
    hooks.progress(test.pump.total, test.pump.total);
    return report(request, prepared, test, sink);
  } catch (error) {
    if (error instanceof BrokenOff) return { interrupted: true, saved: sink.saved() };
    throw error;
  } finally {
    strays?.leave();
    sink.journal.close();
  }
}

/** Where the entries go: to a file where one is asked for, else nowhere, but for the counts that the report needs. */
interface Sink {
  readonly journal: Journal;
  readonly denials: Record<string, number>;
  readonly saved: () => readonly string[];
  readonly digest: () => string | null;
}

async function openSink(folder: string | undefined): Promise<Sink | Refusal> {
  const denials: Record<string, number> = {};
  const count = (entry: AnyEntry): void => {
    if (entry.kind !== 'order_denied') return;
    const { code } = entry.body;
    denials[code] = (denials[code] ?? 0) + 1;
  };
  if (folder === undefined) return { journal: passing(count), denials, saved: () => [], digest: () => null };
  const [{ openJournal }, { Digest }] = await Promise.all([
    import('../journal/sqlite.ts'),
    import('../journal/digest.ts'),
  ]);
  const clock = (): number => performance.now();
  const file = openJournal(folder, { profile: 'backtest', build: BUILD, clock });
  if (file.lastSeq > 0) {
    const found = `${folder} holds one of ${file.lastSeq} entries`;
    file.close();
    return refusal(
      2,
      'JOURNAL_EXISTS',
      'a folder without a journal',
      found,
      'name another folder, or move that one away',
    );
  }
  const digest = new Digest();
  const append = file.append.bind(file);
  file.append = (entry) => {
    count(entry);
    digest.add(entry);
    append(entry);
  };
  return {
    journal: file,
    denials,
    saved: () => [`${file.lastSeq} entries are in ${folder}`],
    digest: () => [...digest.result().values()][0]?.digest ?? null,
  };
}

/** A journal that keeps nothing: a backtest that nobody will ask about. */
function passing(count: (entry: AnyEntry) => void): Journal {
  let lastSeq = 0;
  return {
    get lastSeq() {
      return lastSeq;
    },
    waiting: 0,
    append(entry) {
      lastSeq = entry.seq;
      count(entry);
    },
    commit: () => {},
    close: () => {},
    entry: () => undefined,
    entries: () => [],
  };
}

/** What came of it; a face shows either the data or the view, so each is made when it is asked for. */
function report(request: BacktestRequest, prepared: PreparedRun, test: Backtest, sink: Sink): BacktestReport {
  const record = test.record();
  const summary = summarize(record);
  const on: readonly NamedValue[] = [...describeLimits(request.risk), ...describeCosts(request.costs)];
  const told: Told = { request, prepared, test, record, summary, on, sink };
  return {
    summary,
    notes: [...frameNotes(request, prepared), ...quietNotes(test, prepared.deployment.run, summary.trades)],
    get json() {
      return jsonOf(told);
    },
    get view() {
      return viewOf(told);
    },
  };
}

/** The candles do not make up the time frame that the strategy takes by itself, and nobody asked for another. */
function frameNotes({ timeframe: asked }: BacktestRequest, { definition, deployment }: PreparedRun): readonly string[] {
  const { run } = deployment;
  const usual = definition.timeframes(run.params).own;
  const { timeframe, higherTimeframe } = framesOf(run);
  if (asked !== undefined || usual === 'feed' || usual === timeframe) return [];
  const ran = higherTimeframe === null ? timeframe : `${timeframe} and ${higherTimeframe}`;
  return [`${run.strategy} takes ${usual} by itself, which these candles do not make up: it ran on ${ran}`];
}

/** Why a strategy never traded, as far as it has to do with what it had seen. */
function quietNotes(test: Backtest, run: StartRun, trades: number): readonly string[] {
  const { done, bars, needed, higherBars, higherNeeded } = test.warmup();
  if (done) return trades === 0 && test.isMute() ? [MUTE] : [];
  const { timeframe, higherTimeframe } = framesOf(run);
  const frames = [
    { wanted: needed, seen: bars, of: timeframe },
    { wanted: higherNeeded, seen: higherBars, of: higherTimeframe },
  ];
  const short = frames.filter(({ wanted, seen }) => seen < wanted);
  const wants = short.map(({ wanted, seen, of }) => `${count(wanted, 'candle')} of ${of} (it saw ${seen})`);
  return [`the warm-up did not end, so nothing was traded: ${run.strategy} wants to see ${wants.join(' and ')} first`];
}

const MUTE = 'the strategy has no vote in the end: each is NaN, as before it is warm, or where it is no number';

/** A backtest with all that is told of it. */
interface Told {
  readonly request: BacktestRequest;
  readonly prepared: PreparedRun;
  readonly test: Backtest;
  readonly record: BacktestRecord;
  readonly summary: Summary;
  readonly on: readonly NamedValue[];
  readonly sink: Sink;
}

/** The documented object. */
function jsonOf({ request, prepared, test, record, summary, on, sink }: Told): Readonly<Record<string, unknown>> {
  const { candles, tradeFrom } = prepared.series;
  const { run } = prepared.deployment;
  const { strategy, strategyVersion, params, symbol, seed, instrument } = run;
  const { kind, tick, step, notionalMin } = instrument;
  return {
    schema: 'dzentra.backtest/1',
    run: { strategy, strategyVersion, params, symbol, ...framesOf(run), seed },
    instrument: { kind, tick: text(tick), step: text(step), notionalMin: text(notionalMin) },
    data: {
      source: sourceName(request.source),
      price: analysesMids(run.params) ? (request.source.from === 'file' ? 'file' : 'mid') : 'trade',
      timeframe: timeframeName(candles.timeframeMs),
      candles: candles.length,
      traded: candles.length - tradeFrom,
      from: record.from,
      to: record.to,
      gaps: test.gaps.count,
      missing: test.gaps.missing,
    },
    warmup: test.warmup(),
    on: on.filter((line) => line.on === true).map(({ name, value }) => ({ name, value })),
    summary,
    trades: record.trades.map(tradeJson),
    open: openJson(record),
    denials: sink.denials,
    digest: sink.digest(),
  };
}

/** Where the candles came from, without reading them again for a checksum. */
function sourceName(source: BacktestRequest['source']): string {
  if (source.from === 'file') return source.path;
  return source.from === 'store' ? `store ${source.exchange}` : `synthetic ${source.seed}`;
}

/** A closed position as the documented object. */
function tradeJson(trade: ClosedBody): Record<string, unknown> {
  return {
    side: trade.side,
    entryAt: trade.entryAt,
    exitAt: trade.exitAt,
    entryPrice: text(trade.entryPrice),
    exitPrice: text(trade.exitPrice),
    qty: text(trade.qty),
    gross: text(trade.gross),
    fees: text(trade.fees),
    funding: text(trade.funding),
    pnl: text(trade.pnl),
    r: trade.r,
    mae: trade.mae,
    mfe: trade.mfe,
    exitReason: trade.reason,
  };
}

function openJson({ open: [open] }: BacktestRecord): Record<string, unknown> | null {
  if (open === undefined) return null;
  const { side, entryAt, entryPrice, qty, fees, funding, gross, mark, unrealised } = open;
  return {
    side,
    entryAt,
    exitAt: null,
    entryPrice: text(entryPrice),
    exitPrice: null,
    qty: text(qty),
    gross: text(gross),
    fees: text(fees),
    funding: text(funding),
    // Booked so far: final equity = start + pnl of the trades + this pnl + unrealised.
    pnl: text(gross - fees + funding),
    exitReason: null,
    mark: text(priceOf(mark)),
    unrealised: text(unrealised),
  };
}

/** The cost models of the venue, those that are zero as off. */
function describeCosts(costs: Costs): readonly NamedValue[] {
  const share = (name: string, value: Costs['spread']): NamedValue => ({
    name,
    value: percent(value),
    on: value !== 0n,
  });
  return [
    share('maker fee', costs.makerRate),
    share('taker fee', costs.takerRate),
    share('spread', costs.spread),
    share('slippage', costs.slippage),
    { name: 'latency', value: `${costs.latencyMs} ms`, on: costs.latencyMs > 0 },
  ];
}

/** What the mids are that a run with `price=mid` analysed. */
const MIDS: Readonly<Record<BacktestRequest['source']['from'], string>> = {
  store: 'mids that an engine kept',
  file: "the file's own prices, taken for mids",
  synthetic: 'mids of the simulated quotes',
};

const framesOf = ({ timeframeMs, higherMs }: StartRun): { timeframe: string; higherTimeframe: string | null } => ({
  timeframe: timeframeName(timeframeMs),
  higherTimeframe: higherMs === 0 ? null : timeframeName(higherMs),
});

/** What a person reads. */
function viewOf({ request, prepared, test, record, summary, on, sink }: Told): BacktestView {
  const { run } = prepared.deployment;
  const { candles, tradeFrom } = prepared.series;
  const params = Object.entries(run.params).map(([name, value]) => `${name}=${String(value)}`);
  const { gaps } = test;
  const { timeframe, higherTimeframe } = framesOf(run);
  return {
    title: `${run.strategy} on ${run.symbol}, ${timeframe}${higherTimeframe === null ? '' : ` and ${higherTimeframe}`}`,
    asset: run.instrument.quote,
    facts: [
      {
        name: 'candles',
        value: `${candles.length} of ${timeframeName(candles.timeframeMs)}, ${tradeFrom} before the start`,
      },
      ...(analysesMids(run.params) ? [{ name: 'price', value: MIDS[request.source.from] }] : []),
      { name: 'gaps', value: gaps.count === 0 ? 'none' : `${gaps.count} (${gaps.missing} candles missing)` },
      { name: 'parameters', value: params.join(' ') },
      {
        name: 'instrument',
        value: `${run.instrument.kind}, tick ${text(run.instrument.tick)}, step ${text(run.instrument.step)}`,
      },
    ],
    summary,
    on,
    trades: record.trades,
    open: record.open[0],
    curve: test.tracker.curve(),
    denials: sink.denials,
    digits: { price: priceDigitsOf(prepared), money: moneyDigitsOf(toNumber(prepared.deployment.account.balance)) },
  };
}

/** Digits after the point of an amount: cents, and of a small balance, as one in BTC is, so many that a millionth shows. */
const moneyDigitsOf = (balance: number): number =>
  balance >= 100 ? 2 : Math.min(8, 6 + Math.ceil(-Math.log10(balance)));

/** Digits after the point of a price in a table: eight at most, unless the lowest one would be told by fewer than five. */
function priceDigitsOf({ feed, series }: PreparedRun): number {
  const zeros = -Math.ceil(Math.log10(lowestOf(series.candles.low)));
  return Math.min(feed.priceDigits ?? 2, Math.max(8, zeros + 5));
}
