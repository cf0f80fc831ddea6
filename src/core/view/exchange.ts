import type { ExchangeFrame, FeedState, MarketFrame, SystemFrame } from '../domain/frame.ts';
import type { Scene } from './scene.ts';
import type { Tone } from './view.ts';

/** A venue whose clock is off by more is looked at; from the second on no entry goes, and ages say nothing. */
const OFFSET_MS_WARN = 500;
const OFFSET_MS_BAD = 1_000;
/** Share of the requests that a venue allows. */
const WEIGHT_WARN = 0.8;

/** What is told of the feed in one word. `polling` is a degraded one whose prices are asked for. */
type FeedWord = FeedState | 'polling' | 'banned';

/** How prices come; undefined where nothing is known of it. */
export function feedWord({ system, markets }: Pick<Scene, 'system' | 'markets'>): FeedWord | undefined {
  if (system === null) return undefined;
  const { feed, exchange } = system;
  if (exchange?.state === 'banned') return 'banned';
  if (feed.state !== 'degraded') return feed.state;
  const isPolled =
    markets.some(({ source }) => source === 'rest') || exchange?.streams.some(({ state }) => state === 'polled');
  return isPolled === true ? 'polling' : 'degraded';
}

export const FEED_TONES: Readonly<Record<FeedWord, Tone>> = {
  up: 'good',
  degraded: 'warn',
  polling: 'warn',
  stale: 'bad',
  down: 'bad',
  banned: 'bad',
  ended: 'muted',
};

/**
 * The venue's clock minus ours in ms, null where it is not known; undefined where prices have a clock of their own.
 */
export function offsetOf(system: SystemFrame | null): number | null | undefined {
  if (system?.exchange !== undefined) return system.exchange.offsetMs;
  return system?.clockOffsetMs ?? undefined;
}

/** `warn` from half a second on, `bad` from one on: entries are denied then, as they are where it is not known. */
export function offsetTone(offsetMs: number | null): 'good' | 'warn' | 'bad' {
  if (offsetMs === null || !(Math.abs(offsetMs) <= OFFSET_MS_BAD)) return 'bad';
  return Math.abs(offsetMs) > OFFSET_MS_WARN ? 'warn' : 'good';
}

/** An offset that may be wrong by so much says little. */
export const isUnsure = (errorMs: number | null): boolean => errorMs === null || errorMs > OFFSET_MS_WARN;

/** Requests used of those allowed, as a share of 1; null where the venue tells either not. */
export function weightShare({ weightUsed, weightMax }: ExchangeFrame): number | null {
  return weightUsed === null || weightMax === null || weightMax <= 0 ? null : weightUsed / weightMax;
}

export const isMuchUsed = (share: number | null): boolean => share !== null && share > WEIGHT_WARN;

/** Ms until the venue may be asked again; null where nobody knows or nothing is to be waited for. */
export const silenceMs = ({ silentUntil }: ExchangeFrame, at: number): number | null =>
  silentUntil === null || silentUntil <= at ? null : silentUntil - at;

const LOOPBACK = /^(?:\w+:\/\/)?(?:127(?:\.\d+){3}|localhost|\[::1\])(?:[:/]|$)/;

/** Whether it is not the venue that answers, but something on this machine. */
export const isStandIn = ({ endpoint }: ExchangeFrame): boolean => LOOPBACK.test(endpoint);

/** How old bid and ask were when they came, by the venue's clock, ms: `review` adds it to their age. */
export function lagOf(system: SystemFrame | null, { quoteAt, venueAt }: MarketFrame): number {
  const offsetMs = system?.exchange?.offsetMs ?? null;
  if (quoteAt === null || venueAt === null || venueAt === undefined || offsetMs === null) return 0;
  return Math.max(0, quoteAt + offsetMs - venueAt);
}
