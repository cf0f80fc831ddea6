import type { Account } from '../domain/account.ts';
import type { AccountFrame, MarketFrame, RunFrame } from '../domain/frame.ts';
import { isIdleHand, type Run } from '../domain/run.ts';
import { accountOf } from '../domain/state.ts';
import { lagOf } from './exchange.ts';
import type { Scene, Ui } from './scene.ts';

/** What a screen looks at: one run, or a symbol without one. What is not known is undefined. */
export interface Focus {
  readonly run: Run | undefined;
  readonly runFrame: RunFrame | undefined;
  readonly account: Account | undefined;
  readonly accountFrame: AccountFrame | undefined;
  readonly symbol: string | undefined;
  readonly market: MarketFrame | undefined;
}

/** The run that was picked, or that of the symbol; else the first that holds a position or works, else the last. */
export function runInView(scene: Pick<Scene, 'state'>, ui: Pick<Ui, 'run' | 'symbol'>): Run | undefined {
  const { state } = scene;
  const picked = ui.run === undefined ? undefined : state.runs.find(({ run }) => run === ui.run);
  const onSymbol = ui.symbol === undefined ? undefined : runOn(scene, ui.symbol);
  return (
    picked ??
    (onSymbol !== undefined && isAlive(onSymbol) ? onSymbol : undefined) ??
    state.runs.find(isBusy) ??
    state.runs.find(isAlive) ??
    state.runs.at(-1)
  );
}

const isAlive = (run: Run): boolean => run.state !== 'OFF' || run.position !== undefined;
const isBusy = (run: Run): boolean => isAlive(run) && !isIdleHand(run);

/** The run in view with its account, market and frames. */
export function focusOf(scene: Scene, ui: Ui): Focus {
  const run = runInView(scene, ui);
  return focusOn(scene, run, run?.symbol ?? ui.symbol);
}

/** The symbol that was picked, with the run that trades it: for screens of a market. */
export function focusOnSymbol(scene: Scene, ui: Ui): Focus {
  const inView = runInView(scene, ui);
  const symbol = ui.symbol ?? inView?.symbol ?? scene.markets[0]?.symbol;
  const run = inView?.symbol === symbol ? inView : symbol === undefined ? undefined : runOn(scene, symbol);
  return focusOn(scene, run, symbol);
}

/** The run that holds a position on a symbol, else the last that works, else the last. */
export function runOn({ state }: Pick<Scene, 'state'>, symbol: string): Run | undefined {
  const runs = state.runs.filter((run) => run.symbol === symbol);
  const held = runs.find(({ position }) => position !== undefined);
  return held ?? runs.findLast(isBusy) ?? runs.findLast(isAlive) ?? runs.at(-1);
}

function focusOn(scene: Scene, run: Run | undefined, symbol: string | undefined): Focus {
  const name = run?.account ?? scene.state.accounts[0]?.account;
  return {
    run,
    runFrame: run === undefined ? undefined : scene.runs.find((frame) => frame.run === run.run),
    account: name === undefined ? undefined : accountOf(scene.state, name),
    accountFrame: scene.accounts.find(({ account }) => account === name),
    symbol,
    market: symbol === undefined ? undefined : marketOf(scene, symbol),
  };
}

export const marketOf = ({ markets }: Scene, symbol: string): MarketFrame | undefined =>
  markets.find((market) => market.symbol === symbol);

/** The asset of a symbol for a title: `BTC/USDT:USDT` -> `BTC`. */
export const baseOf = (symbol: string): string => symbol.split('/')[0] ?? symbol;

/** What a symbol is called in a list: its asset, or all of it where another symbol of the scene has the same (spot). */
export function shortSymbol({ markets, state }: Pick<Scene, 'markets' | 'state'>, symbol: string): string {
  const base = baseOf(symbol);
  const isTwin = (other: { readonly symbol: string }): boolean =>
    other.symbol !== symbol && baseOf(other.symbol) === base;
  return state.runs.some(isTwin) || markets.some(isTwin) ? symbol : base;
}

/** Ages in ms of quote and mark on the engine's clock, and the most that they may be. Null is unknown. */
export interface Freshness {
  /** Of bid and ask since they came, and with their way from the venue: the second is what limits hold against. */
  readonly sinceMs: number | null;
  readonly quoteMs: number | null;
  readonly quoteMsMax: number;
  readonly markMs: number | null;
  readonly markMsMax: number;
  readonly isStale: boolean;
}

const QUOTE_MS_MAX = 1_500;
const MARK_MS_MAX = 5_000;
/** A polled quote may be twice as old as a streamed one. */
export const POLLED_AGE = 2;

/**
 * How old the prices of a market are. Streams and polls are held against the limit of the run; a source that tells
 * whole candles is as old as a candle at most.
 */
export function freshnessOf(scene: Scene, market: MarketFrame | undefined, run?: Run): Freshness {
  const limit = run?.risk.limits.quoteAgeMsMax ?? QUOTE_MS_MAX;
  const source = market?.source;
  const isCandles = source === 'synthetic' || source === 'replay' || source === 'script';
  const candleMs = isCandles ? (market?.timeframeMs ?? 0) : 0;
  const quoteMsMax = Math.max(candleMs, source === 'rest' ? limit * POLLED_AGE : limit);
  const markMsMax = Math.max(candleMs, MARK_MS_MAX);
  const sinceMs = ageOf(scene.now, market?.quoteAt);
  const quoteMs = sinceMs === null || market === undefined ? null : sinceMs + lagOf(scene.system, market);
  const markMs = ageOf(scene.now, market?.markAt);
  const isLate = quoteMs !== null && quoteMs > quoteMsMax;
  return { sinceMs, quoteMs, quoteMsMax, markMs, markMsMax, isStale: isLate || isFeedDown(scene, quoteMs) };
}

/** A feed without a price. Quotes of an exchange speak for themselves: its stream goes on where nothing may be asked. */
function isFeedDown({ system }: Scene, quoteMs: number | null): boolean {
  const state = system?.feed.state;
  return (state === 'stale' || state === 'down') && (system?.exchange === undefined || quoteMs === null);
}

const ageOf = (now: number | null, at: number | null | undefined): number | null =>
  now === null || at === null || at === undefined || !Number.isFinite(at) ? null : Math.max(0, now - at);
