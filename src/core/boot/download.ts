import type { DataPorts, DownloadReport, DownloadRequest, Hooks, Interrupted } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { count } from '../command/telling/words.ts';
import { TIMEFRAMES } from '../domain/candle.ts';
import { DataError } from '../market/data-error.ts';
import { type Downloaded, downloadCandles, downloadFunding } from '../market/download.ts';
import { type ExchangeRest, isVenueProblem } from '../venue/exchange.ts';
import { openRest, refusalOfVenue } from './exchange-rest.ts';
import { dataRefusal } from './feed.ts';
import { candlesFolder, type Paths } from './paths.ts';
import { systemTimers } from './timers.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** Fetches history of an exchange into the store. */
export const downloadPort =
  (paths: Paths, env: Environment): DataPorts['download'] =>
  async (request, hooks) => {
    const rest = await openRest(paths, env, request.exchange, { withKey: false });
    if (isRefusal(rest)) return rest;
    try {
      return await download(rest, request, hooks, candlesFolder(paths));
    } catch (error) {
      if (error instanceof DataError) return dataRefusal(error);
      throw error;
    } finally {
      await rest.close();
    }
  };

async function download(
  rest: ExchangeRest,
  request: DownloadRequest,
  { signal, progress }: Hooks,
  root: string,
): Promise<DownloadReport | Refusal | Interrupted> {
  const { exchange, symbol, timeframe, series, from } = request;
  const unable = problemOf(rest, request);
  if (unable !== undefined) return unable;
  const market = await rest.instrument(symbol);
  if (isVenueProblem(market)) return refusalOfVenue(market);
  const key = {
    exchange,
    symbol,
    timeframeMs: TIMEFRAMES[timeframe] ?? 60_000,
    ...(series === 'mark' ? { price: 'mark' as const } : {}),
  };
  const to = Math.min(request.to, systemTimers.wall());
  const wanted = { rest, root, key, from, to, timers: systemTimers, signal, onProgress: progress };
  const done = series === 'funding' ? await downloadFunding(wanted) : await downloadCandles(wanted);
  const { path, rows, added, gaps, isInterrupted, problem } = done;
  if (isInterrupted) return { interrupted: true, saved: [savedLine(done, series)] };
  if (problem !== undefined) {
    const { exit, code, expected, found, fix } = refusalOfVenue(problem);
    const more = added === 0 ? fix : `${fix}; ${savedLine(done, series)}`;
    return refusal(exit, code, expected, found, more);
  }
  return { exchange, symbol, timeframe, series, path, rows, added, gaps };
}

const savedLine = ({ added }: Downloaded, series: DownloadRequest['series']): string =>
  `${count(added, series === 'funding' ? 'settlement' : 'candle')} saved; the same command goes on from there`;

function problemOf({ abilities, title }: ExchangeRest, { series }: DownloadRequest): Refusal | undefined {
  const isAble =
    series === 'candles' ? abilities.candles : series === 'mark' ? abilities.markCandles : abilities.fundingRates;
  if (isAble) return undefined;
  return refusal(
    2,
    'NOT_SUPPORTED',
    `an exchange that gives ${series}`,
    `${title} does not`,
    'choose another exchange',
  );
}
