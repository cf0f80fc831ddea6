import type { Lane } from './outbound.ts';

/** Calls that may leave now, `rate` more a second, `size` at most. */
export interface Bucket {
  readonly size: number;
  readonly rate: number;
  tokens: number;
  /** When `tokens` was true; an instant to come: until then there is nothing. */
  at: number;
}

/**
 * A chat of one person takes about one message a second after a few at once; a group 20 a minute, and 5 at once with 15 a
 * minute never make more; all chats together 30 a second (Telegram's bot FAQ).
 */
export const PACES = {
  person: { size: 5, perS: 1 },
  group: { size: 5, perS: 15 / 60 },
  all: { size: 8, perS: 22 },
} as const;

/** What a lane leaves to those before it, in calls: so there is always one left for each of them. */
const LEFT: Readonly<Record<Lane, number>> = { urgent: 0, answer: 1, news: 2, screen: 3 };

export const LANES: readonly Lane[] = ['urgent', 'answer', 'news', 'screen'];

export const createBucket = (
  { size, perS }: { readonly size: number; readonly perS: number },
  now: number,
): Bucket => ({
  size,
  rate: perS / 1_000,
  tokens: size,
  at: now,
});

/** Ms until a call of that lane may leave; 0: now. */
export function waitOf(bucket: Bucket, lane: Lane, now: number): number {
  fill(bucket, now);
  const missing = LEFT[lane] + 1 - bucket.tokens;
  const ms = missing <= 1e-9 ? 0 : Math.ceil(missing / bucket.rate);
  return Math.max(0, bucket.at - now) + ms;
}

/** Takes a call out, or with a negative cost gives it back. */
export function spend(bucket: Bucket, cost: number): void {
  bucket.tokens = Math.min(bucket.size, bucket.tokens - cost);
}

/** Nothing leaves until then, and at that instant one call of any lane but the screens' may: a burst would be refused again. */
export function silence(bucket: Bucket, until: number): void {
  bucket.at = until;
  bucket.tokens = LEFT.news + 1;
}

function fill(bucket: Bucket, now: number): void {
  if (now <= bucket.at) return;
  bucket.tokens = Math.min(bucket.size, bucket.tokens + (now - bucket.at) * bucket.rate);
  bucket.at = now;
}
