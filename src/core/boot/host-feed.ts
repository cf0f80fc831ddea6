import { existsSync } from 'node:fs';
import { symbolOfFile } from '../command/argv/symbol.ts';
import type { EngineOptions } from '../command/engine.ts';
import { type Refusal, refusal, shown } from '../command/refusal.ts';
import type { State } from '../domain/state.ts';
import type { HostFeed, TimedFeed } from '../lab/host/feed.ts';
import { createReplayFeed } from '../lab/host/replay.ts';
import { createSyntheticFeed } from '../lab/host/synthetic.ts';
import { DataError } from '../market/data-error.ts';
import type { AskedExchange } from './exchange-ask.ts';
import { dataRefusal, noFile, readSeries } from './feed.ts';
import type { ExchangeSurroundings, OpenedExchange } from './host-exchange.ts';

/** A feed with its speed, as a person named them. */
export interface NamedFeed {
  readonly feed: HostFeed;
  readonly speed: 'max' | number;
  /** The file of a replay. */
  readonly path: string | undefined;
  /** The real account of an exchange, and how it is left. */
  readonly account?: OpenedExchange['account'] | undefined;
  readonly close?: OpenedExchange['close'] | undefined;
}

const SPEED = 60;
const FIRST_SYMBOL = 'BTC/USDT:USDT';

/** What is wrong with a feed as it was named: nothing is opened, and no journal is begun, for one that cannot be had. */
export function namedFeedProblem({ feed = SYNTHETIC, speed = SPEED }: EngineOptions): Refusal | undefined {
  if (speed !== 'max' && !(speed > 0 && Number.isFinite(speed))) {
    return refusal(2, 'BAD_SPEED', 'a speed above zero, or max', String(speed), '--speed 60');
  }
  const { kind, named } = partsOf(feed);
  if (kind === 'synthetic' && SEED.test(named)) {
    const fix = 'give a number, such as --speed 100000; max is for replay:FILE';
    return speed === 'max'
      ? refusal(2, 'SPEED_ENDLESS', 'a number for a market without an end', 'max', fix)
      : undefined;
  }
  if (kind === 'replay' && named !== '') return existsSync(named) ? undefined : noFile(named);
  const expected = 'synthetic, synthetic:SEED, replay:FILE or an exchange';
  return refusal(2, 'BAD_FEED', expected, shown(feed), '--feed synthetic');
}

const SYNTHETIC = 'synthetic';
const SEED = /^\d{0,10}$/;

function partsOf(feed: string): { readonly kind: string | undefined; readonly named: string } {
  const [kind, ...rest] = feed.split(':');
  return { kind, named: rest.join(':') };
}

/**
 * Opens a feed that `namedFeedProblem` had nothing against, or the exchange that was asked. The symbol of a file is the one
 * that the journal has runs on, else its name's. Undefined where a signal aborted before the exchange answered or the file
 * was there: a pipe is waited for.
 */
export async function openHostFeed(
  { feed = SYNTHETIC, speed = SPEED }: EngineOptions,
  state: State,
  asked: AskedExchange | undefined,
  surroundings: ExchangeSurroundings,
  signal: AbortSignal | undefined,
): Promise<NamedFeed | Refusal | undefined> {
  if (asked !== undefined) {
    const { openExchange } = await import('./host-exchange.ts');
    const opened = await openExchange(asked, surroundings);
    return opened === undefined || 'exit' in opened ? opened : { ...opened, speed: 1, path: undefined };
  }
  const { kind, named } = partsOf(feed);
  if (kind === 'synthetic') {
    return { feed: createSyntheticFeed(named === '' ? 1 : Number(named)), speed, path: undefined };
  }
  try {
    const opened = await openReplay(named, state.runs[0]?.symbol, signal);
    return 'exit' in opened ? opened : { feed: opened, speed, path: named };
  } catch (error) {
    if (signal?.aborted === true) return undefined;
    throw error;
  }
}

/** A file of candles or trades as a feed. It rejects where the signal aborts before it was read. */
export async function openReplay(
  path: string,
  symbol: string | undefined,
  signal?: AbortSignal,
): Promise<TimedFeed | Refusal> {
  if (!existsSync(path)) return noFile(path);
  try {
    const { candles, priceDigits, sha256 } = await readSeries(path, { signal });
    return createReplayFeed({
      symbol: symbol ?? symbolOfFile(path) ?? FIRST_SYMBOL,
      candles,
      priceDigits,
      sha256: sha256(),
    });
  } catch (error) {
    if (error instanceof DataError) return dataRefusal(error);
    throw error;
  }
}
