import type { ExchangeFrame, SystemFrame } from '../../domain/frame.ts';
import type { Speed } from '../../domain/time.ts';
import type { HostFeed } from './feed.ts';

/** `SIM x60`, `replay max`, `binanceusdm`. */
export function feedLabel(feed: HostFeed, speed: 'max' | number): string {
  const pace = speed === 'max' ? 'max' : `x${speed}`;
  if (feed.kind === 'exchange') return feed.live.speed === 1 ? feed.name : `${feed.name} x${feed.live.speed}`;
  return `${feed.kind === 'synthetic' ? 'SIM' : 'replay'} ${pace}`;
}

/** How fast market time passes: an exchange has its own say. */
export const speedOf = (feed: HostFeed, speed: Speed): Speed => (feed.kind === 'exchange' ? feed.live.speed : speed);

/** The feed as System tells it, at an instant of its clock. */
export function feedFrame(feed: HostFeed, speed: 'max' | number, now: number): SystemFrame['feed'] {
  const exchange = exchangeOf(feed);
  if (feed.kind === 'exchange' && exchange !== undefined) {
    const { state, reconnects, lastError } = exchange;
    const error = state === 'up' ? null : (lastError?.text ?? null);
    return { name: feed.name, state: state === 'banned' ? 'down' : state, speed: feed.live.speed, reconnects, error };
  }
  const state = now >= feed.endsAt ? 'ended' : 'up';
  return { name: feed.name, state, speed: speed === 'max' ? 0 : speed, reconnects: 0, error: null };
}

export const exchangeOf = (feed: HostFeed): ExchangeFrame | undefined =>
  feed.kind === 'exchange' ? feed.live.frame() : undefined;
