import { ONE, priceOf, text } from '../base/decimal.ts';
import { TIMEFRAMES, timeframeName } from '../domain/candle.ts';
import type { OpenAccount, StartRun } from '../domain/command.ts';
import { type Instrument, instrumentProblem } from '../domain/instrument.ts';
import { builtInInstrument } from '../domain/instrument-table.ts';
import { CEILINGS } from '../risk/defaults.ts';
import type { Definition } from '../strategy/definition.ts';
import { StrategyError } from '../strategy/from-file.ts';
import { resolveParams } from '../strategy/params.ts';
import type { Params } from '../strategy/strategy.ts';
import type { RunRequest } from './request.ts';

/** What is wrong with a request, before any state or market was looked at. */
export interface Problem {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** The commands that put a strategy to work, and the history that it wants to have seen, in the feed's candles. */
export interface Deployment {
  readonly account: OpenAccount;
  readonly run: StartRun;
  readonly warmupCandles: number;
}

/** What is known of the feed. */
export interface FeedFacts {
  readonly feedMs: number;
  readonly priceDigits: number | undefined;
  /** The lowest price of its candles, where they are known. */
  readonly priceMin?: number | undefined;
  /** As its venue tells it; the built-in table where it does not. */
  readonly instrument?: Instrument | undefined;
}

export const isProblem = (answer: object): answer is Problem => 'fix' in answer && 'code' in answer;

const problem = (code: string, expected: string, found: string, fix: string): Problem => ({
  code,
  expected,
  found,
  fix,
});

/** Turns a request into the commands that it means, or says what is wrong with it, or with its strategy. */
export function deploy(request: RunRequest, definition: Definition, feed: FeedFacts): Deployment | Problem {
  try {
    return planned(request, definition, feed);
  } catch (thrown) {
    if (thrown instanceof StrategyError) return problem(thrown.code, thrown.expected, thrown.found, thrown.fix);
    throw thrown;
  }
}

function planned(request: RunRequest, definition: Definition, feed: FeedFacts): Deployment | Problem {
  const resolved = resolveParams(definition, request.params);
  if (!resolved.ok) {
    const { param, expected, found, fix } = resolved.error;
    return problem('BAD_PARAM', `--param ${param}: ${expected}`, found, fix);
  }
  const hints = { ...request.instrument, priceDigits: feed.priceDigits };
  const instrument = feed.instrument ?? builtInInstrument(request.symbol, hints);
  if (instrument === undefined) {
    const fix = 'write BASE/QUOTE for spot, BASE/QUOTE:QUOTE for a perpetual';
    return problem('UNKNOWN_SYMBOL', 'a symbol such as BTC/USDT:USDT or BTC/USDT', `"${request.symbol}"`, fix);
  }
  const unfit = instrumentProblem(instrument);
  if (unfit !== undefined) {
    const fix = 'use a coarser --step or --tick, or trade another symbol';
    return problem('INSTRUMENT_UNFIT', 'exact steps', unfit, fix);
  }
  const misfit = misfitOf(request, instrument, feed.priceMin);
  if (misfit !== undefined) return misfit;
  const frames = framesOf(request, definition, resolved.params, feed.feedMs);
  if (isProblem(frames)) return frames;
  const { balance, costs, risk: riskSettings, symbol, seed, observe } = request;
  const warmup = definition.warmup(resolved.params);
  const { own, higher } = frames;
  return {
    account: { name: 'open_account', account: 'paper', asset: instrument.quote, balance, costs },
    run: {
      name: 'start_run',
      account: 'paper',
      symbol,
      strategy: definition.name,
      strategyVersion: definition.version,
      strategySha256: definition.source?.sha256,
      params: resolved.params,
      timeframeMs: own,
      higherMs: higher,
      seed,
      instrument,
      riskSettings,
      observe,
    },
    warmupCandles: Math.ceil(Math.max(warmup.bars * own, warmup.higherBars * higher) / feed.feedMs),
  };
}

/** Why nothing could ever be traded with what the user says of the instrument. */
function misfitOf(
  { instrument: given, balance }: RunRequest,
  instrument: Instrument,
  priceMin: number | undefined,
): Problem | undefined {
  const { tick, step, notionalMin } = instrument;
  const misfit = (expected: string, found: string, fix: string): Problem =>
    problem('INSTRUMENT_UNFIT', expected, found, fix);
  const price = priceMin === undefined ? undefined : priceOf(priceMin);
  if (price !== undefined && given.tick !== undefined && tick > price) {
    return misfit(`--tick of at most the lowest price, ${text(price)}`, text(tick), 'give a smaller --tick');
  }
  const most = balance * CEILINGS.leverageCode;
  const affordable = `at most ${text(most / ONE)}, which the balance pays for with the highest leverage`;
  if (given.notionalMin !== undefined && notionalMin * ONE > most) {
    return misfit(
      `--min-notional of ${affordable}`,
      text(notionalMin),
      'give a smaller --min-notional, or more --balance',
    );
  }
  if (price !== undefined && given.step !== undefined && step * price > most) {
    const found = `${text(step)}, which costs ${text((step * price) / ONE)} at ${text(price)}`;
    return misfit(`--step that costs ${affordable}`, found, 'give a smaller --step, or more --balance');
  }
  return undefined;
}

/** The time frames of a run: what the user says, else the strategy's own as far as the feed's candles make it up. */
function framesOf(
  request: RunRequest,
  definition: Definition,
  params: Params,
  feedMs: number,
): { own: number; higher: number } | Problem {
  const wanted = definition.timeframes(params);
  const usual = wanted.own === 'feed' ? feedMs : (TIMEFRAMES[wanted.own] ?? feedMs);
  const asked = request.timeframe === undefined ? undefined : TIMEFRAMES[request.timeframe];
  if (request.timeframe !== undefined && asked === undefined) {
    const fix = `choose one of ${Object.keys(TIMEFRAMES).join(' ')}`;
    return problem('UNKNOWN_TIMEFRAME', 'a time frame such as 15m', `"${request.timeframe}"`, fix);
  }
  const own = asked ?? (usual % feedMs === 0 ? usual : feedMs);
  if (own % feedMs !== 0) {
    const fix = `ask for ${timeframeName(feedMs)} or a multiple of it`;
    return problem('TIMEFRAME_TOO_SHORT', `a multiple of the feed's ${timeframeName(feedMs)}`, timeframeName(own), fix);
  }
  if (wanted.higher === undefined) return { own, higher: 0 };
  const higher = TIMEFRAMES[wanted.higher] ?? 0;
  if (higher > own && higher % own === 0) return { own, higher };
  // One that nobody asked for gives way to the time frame that somebody did ask for.
  if (own !== usual && !Object.values(request.params).includes(wanted.higher)) return { own, higher: own * 4 };
  const fix = 'choose a longer higher time frame, or a shorter one of the run';
  return problem(
    'TIMEFRAME_TOO_SHORT',
    `a higher time frame that is longer than ${timeframeName(own)}, and a multiple of it`,
    wanted.higher,
    fix,
  );
}
