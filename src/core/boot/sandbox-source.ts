import { existsSync } from 'node:fs';
import { basename } from 'node:path';
import { symbolOfFile } from '../command/argv/symbol.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import type { ServeOptions } from '../command/sandbox/ports.ts';
import { timeframeName } from '../domain/candle.ts';
import type { Instrument } from '../domain/instrument.ts';
import { builtInInstrument, readSymbol } from '../domain/instrument-table.ts';
import { DataError } from '../market/data-error.ts';
import type { Listing, SandboxClock, SandboxMarket } from '../sandbox/market.ts';
import type { CandleSeries } from '../sandbox/source/candles.ts';
import type { SyntheticSource } from '../sandbox/source/synthetic.ts';
import { dataRefusal, readSeries } from './feed.ts';

type Kind = 'usdm' | 'spot';
const USUAL_SYMBOLS = ['BTC/USDT:USDT', 'ETH/USDT:USDT', 'SOL/USDT:USDT'];
const FRAMES = /\.frames(\.gz)?$/;
/** One of them settles more often, as some of the venue's do. */
const FUNDING_HOURS = 8;
const FUNDING_HOURS_OF: Readonly<Record<string, number>> = { SOL: 4 };
/** How often the book of a computed market changes. */
const BOOK_MS = 1_000;
const ONBOARD_AT = Date.UTC(2020, 0, 1);

/** A market to serve, and what it plays in words. */
export interface SourcedMarket {
  readonly market: SandboxMarket;
  readonly plays: string;
}

/** What a file or the word `synthetic` is. */
type Sourced =
  | { readonly is: 'synthetic'; readonly seed: number }
  | { readonly is: 'frames'; readonly kind: Kind; readonly id: string; readonly path: string }
  | { readonly is: 'candles'; readonly kind: Kind; readonly symbol: string; readonly path: string };

/**
 * The markets that were asked for, opened; both kinds of a computed market, of files those that there are. It rejects where
 * the signal aborts while a pipe is waited for.
 */
export async function openMarkets(
  options: ServeOptions,
  clock: SandboxClock,
  signal: AbortSignal,
): Promise<readonly SourcedMarket[] | Refusal> {
  const texts = options.sources.length === 0 ? ['synthetic'] : options.sources;
  const sources: Sourced[] = [];
  for (const text of texts) {
    const source = await sourceOf(text, options);
    if ('exit' in source) return source;
    sources.push(source);
  }
  const kinds: readonly Kind[] = options.market === 'both' ? ['usdm', 'spot'] : [options.market];
  const markets: SourcedMarket[] = [];
  for (const kind of kinds) {
    const own = sources.filter((source) => source.is === 'synthetic' || source.kind === kind);
    if (own.length === 0) continue;
    const opened = await openMarket(kind, own, options, clock, signal);
    if ('exit' in opened) return opened;
    markets.push(opened);
  }
  if (markets.length > 0) return markets;
  const fix = 'leave out --market, or name files of that market';
  return refusal(2, 'BAD_DATA', `a source of ${kinds.join(' or ')}`, texts.join(', '), fix);
}

async function sourceOf(text: string, options: ServeOptions): Promise<Sourced | Refusal> {
  const [, seed] = /^synthetic(?::(\d{1,10}))?$/.exec(text) ?? [];
  if (seed !== undefined || text === 'synthetic') return { is: 'synthetic', seed: Number(seed ?? 7) };
  if (!existsSync(text)) {
    return refusal(
      2,
      'NO_FILE',
      'synthetic, synthetic:SEED or the path of a file',
      `"${text}"`,
      'name a file that is there',
    );
  }
  if (FRAMES.test(text)) {
    const { Recording } = await import('../sandbox/source/recording.ts');
    try {
      const { id, kind } = new Recording(text).facts;
      return { is: 'frames', kind, id, path: text };
    } catch (problem) {
      const found = problem instanceof Error ? problem.message : String(problem);
      return refusal(2, 'BAD_DATA', 'recorded frames', found, 'name a file of frames, plain or gzip');
    }
  }
  const symbol = (options.sources.length === 1 ? options.symbols[0] : undefined) ?? symbolOfFile(basename(text));
  if (symbol === undefined) {
    const fix = '--symbol BTC/USDT:USDT, or name the file after its symbol, such as BTCUSDT-1m.csv';
    return refusal(2, 'SYMBOL_MISSING', `the symbol of ${basename(text)}`, 'none', fix);
  }
  const kind = readSymbol(symbol)?.kind === 'spot' ? 'spot' : 'usdm';
  return { is: 'candles', kind: options.market === 'both' ? kind : options.market, symbol, path: text };
}

async function openMarket(
  kind: Kind,
  sources: readonly Sourced[],
  options: ServeOptions,
  clock: SandboxClock,
  signal: AbortSignal,
): Promise<SourcedMarket | Refusal> {
  const [first] = sources;
  if (sources.some(({ is }) => is !== first?.is)) {
    const fix = 'serve one kind of source at a time';
    return refusal(
      2,
      'OPTIONS_CONFLICT',
      `one kind of source for ${kind}`,
      sources.map(({ is }) => is).join(', '),
      fix,
    );
  }
  try {
    if (first?.is === 'frames')
      return await openFrames(
        kind,
        sources.filter((one) => one.is === 'frames'),
        options,
        clock,
      );
    if (first?.is === 'candles')
      return await openFiles(
        kind,
        sources.filter((one) => one.is === 'candles'),
        options,
        clock,
        signal,
      );
    return await openComputed(kind, first?.seed ?? 7, options, clock);
  } catch (problem) {
    if (problem instanceof DataError) return dataRefusal(problem);
    signal.throwIfAborted();
    const found = problem instanceof Error ? problem.message : String(problem);
    return refusal(2, 'BAD_DATA', `a market of ${kind} to play`, found, 'see: dzentra help sandbox serve');
  }
}

async function openFrames(
  kind: Kind,
  files: readonly { readonly id: string; readonly path: string }[],
  { at, speed, loop }: ServeOptions,
  clock: SandboxClock,
): Promise<SourcedMarket> {
  const { openRecorded } = await import('../sandbox/source/recorded.ts');
  const listings = files.map(({ id }) => listingOf(symbolOfId(kind, id)));
  const market = openRecorded({ files: files.map(({ path }) => path), kind, listings, clock, at, speed, loop });
  return { market, plays: `recorded frames${paceOf(at, speed)}` };
}

async function openFiles(
  kind: Kind,
  files: readonly { readonly symbol: string; readonly path: string }[],
  { at, speed, loop, from, funding }: ServeOptions,
  clock: SandboxClock,
  signal: AbortSignal,
): Promise<SourcedMarket> {
  const { openCandles } = await import('../sandbox/source/candles.ts');
  const series: CandleSeries[] = [];
  for (const { symbol, path } of files) {
    const { candles, priceDigits } = await readSeries(path, { signal });
    const listing = listingOf(inKind(kind, symbol), priceDigits);
    const rates = kind === 'usdm' ? await fundingOf(symbol, funding, files.length === 1, signal) : undefined;
    series.push({ listing, columns: candles, timeframeMs: candles.timeframeMs, ...rates });
  }
  const begin = from === undefined ? {} : { from };
  const market = openCandles({ kind, series, clock, at, speed, loop, ...begin });
  return { market, plays: `candles of ${timeframeName(series[0]?.timeframeMs ?? 0)}${paceOf(at, speed)}` };
}

/** The rates of the file that is named after the symbol; where there is one symbol, of the first file. */
async function fundingOf(
  symbol: string,
  files: readonly string[],
  isAlone: boolean,
  signal: AbortSignal,
): Promise<Pick<CandleSeries, 'funding'>> {
  const base = readSymbol(symbol)?.base;
  const named = files.find((file) => readSymbol(symbolOfFile(basename(file)) ?? '')?.base === base);
  const file = named ?? (isAlone ? files[0] : undefined);
  if (file === undefined) return {};
  const { readFunding } = await import('../market/funding.ts');
  const { at, rate } = await readFunding(file, signal);
  return { funding: Array.from(at, (instant, i) => ({ at: instant, rate: rate[i] as string })) };
}

async function openComputed(
  kind: Kind,
  seed: number,
  { speed, symbols }: ServeOptions,
  clock: SandboxClock,
): Promise<SourcedMarket> {
  const [{ openSynthetic }, { SyntheticMarket, SYNTHETIC_EPOCH_AT, SYNTHETIC_STEP_MS }] = await Promise.all([
    import('../sandbox/source/synthetic.ts'),
    import('../market/synthetic.ts'),
  ]);
  const names = [...new Set((symbols.length === 0 ? USUAL_SYMBOLS : symbols).map((symbol) => inKind(kind, symbol)))];
  const sources = names.map((symbol): SyntheticSource => {
    const market = new SyntheticMarket(symbol, seed);
    return {
      listing: listingOf(symbol, market.priceDigits),
      priceDigits: market.priceDigits,
      qtyDigits: market.qtyDigits,
      // Its price moves all the time; faster than this nobody could read it.
      stepMs: speed > 20 ? SYNTHETIC_STEP_MS : BOOK_MS,
      oldestAt: SYNTHETIC_EPOCH_AT,
      depth: (at, levels) => market.depth(at, levels),
      trades: (from, to) => market.trades(from, to),
      candles: (from, to) => market.candles(from, to),
      mark: (at) => market.mark(at),
      fundingRate: (at) => market.fundingRate(at),
    };
  });
  const market = openSynthetic({ kind, symbols: sources, clock, speed });
  return { market, plays: `the computed market ${seed}${paceOf('now', speed)}` };
}

const paceOf = (at: 'now' | 'recorded', speed: number): string =>
  `${at === 'recorded' ? ' at their own time' : ''}${speed === 1 ? '' : ` at speed ${speed}`}`;

/** `BTC/USDT:USDT` of USDS-M is `BTC/USDT` of spot. */
function inKind(kind: Kind, symbol: string): string {
  const { base = symbol, quote = 'USDT' } = readSymbol(symbol) ?? {};
  return kind === 'spot' ? `${base}/${quote}` : `${base}/${quote}:${quote}`;
}

const QUOTES = /^(.+?)(USDT|USDC|FDUSD|BTC|ETH|EUR)$/;

function symbolOfId(kind: Kind, id: string): string {
  const [, base = id, quote = 'USDT'] = QUOTES.exec(id) ?? [];
  return inKind(kind, `${base}/${quote}`);
}

function listingOf(symbol: string, priceDigits?: number): Listing {
  const instrument: Instrument | undefined = builtInInstrument(symbol, { priceDigits });
  if (instrument === undefined) throw new Error(`${symbol}: expected a symbol such as BTC/USDT:USDT`);
  const { base, quote, kind } = instrument;
  return {
    id: `${base}${quote}`,
    instrument,
    status: 'TRADING',
    fundingHours: kind === 'spot' ? 0 : (FUNDING_HOURS_OF[base] ?? FUNDING_HOURS),
    onboardAt: ONBOARD_AT,
  };
}
