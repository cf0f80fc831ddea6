import type { SandboxClock } from '../market.ts';
import { Refusal } from './answer.ts';

const MINUTE_MS = 60_000;
/** Refused requests in a row that turn a limit into a ban, and the first and the longest ban (Binance: 2 min to 3 days). */
const PATIENCE = 10;
const BAN_MS_MIN = 2 * MINUTE_MS;
const BAN_MS_MAX = 3 * 24 * 60 * MINUTE_MS;

/** The weight that an address has used, and what it is refused for having used too much. */
export interface Weights {
  readonly limit: number;
  /** Used in this minute of the wall clock. */
  readonly used: number;
  /** Counts a request; a refusal where it is one too many. */
  take(weight: number): { readonly refusal: Refusal; readonly retryAfter: number } | undefined;
}

/** What weighs differently: the two markets word their refusal each in its own way. */
export function createWeights(clock: SandboxClock, kind: 'usdm' | 'spot', limit: number): Weights {
  let minute = 0;
  let used = 0;
  let refusals = 0;
  let bans = 0;
  let bannedUntil = 0;

  const turn = (now: number): void => {
    const current = Math.floor(now / MINUTE_MS);
    if (current === minute) return;
    minute = current;
    used = 0;
    refusals = 0;
  };
  const ban = (now: number): { refusal: Refusal; retryAfter: number } => ({
    refusal: banned(bannedUntil),
    retryAfter: Math.ceil((bannedUntil - now) / 1000),
  });

  return {
    limit,
    get used() {
      turn(clock.wall());
      return used;
    },
    take(weight) {
      const now = clock.wall();
      turn(now);
      if (now < bannedUntil) return ban(now);
      used += weight;
      if (used <= limit) return undefined;
      refusals += 1;
      if (refusals <= PATIENCE) {
        return { refusal: tooMuch(kind, limit), retryAfter: Math.ceil(((minute + 1) * MINUTE_MS - now) / 1000) };
      }
      bannedUntil = now + Math.min(BAN_MS_MIN * 4 ** bans, BAN_MS_MAX);
      bans += 1;
      return ban(now);
    },
  };
}

/** 429 in the words of each market. */
export function tooMuch(kind: 'usdm' | 'spot', limit: number): Refusal {
  const usdm = `Too many requests; current limit is ${limit} requests per minute. Please use the websocket for live updates to avoid polling the API.`;
  const spot = `Too much request weight used; current limit is ${limit} request weight per 1 MINUTE. Please use the websocket for live updates to avoid polling the API.`;
  return new Refusal(429, -1003, kind === 'usdm' ? usdm : spot);
}

/** 418 until an instant of the wall clock. */
export function banned(untilAt: number): Refusal {
  const text = `Way too many requests; IP(127.0.0.1) banned until ${untilAt}. Please use the websocket for live updates to avoid bans.`;
  return new Refusal(418, -1003, text);
}
