import type { Channel, ChannelState } from '../exchange.ts';
import type { StreamLimits } from './limits.ts';

/** One channel of one symbol as it is watched. Instants are of `mono` but for `lastAt`; NaN and 0 for never. */
export interface Watch {
  readonly symbol: string;
  readonly channel: Channel;
  /** The venue's name of its stream. */
  readonly stream: string;
  state: ChannelState;
  heardAt: number;
  lastAt: number;
  messages: number;
  /** The youngest connection that it was heard on. */
  serial: number;
  /** It must be heard by then: Infinity where nothing is due. */
  expectedAt: number;
  /** How often it was made to speak since it was heard last. */
  attempts: number;
}

export function createWatch(symbol: string, channel: Channel, stream: string): Watch {
  return {
    symbol,
    channel,
    stream,
    state: 'opening',
    heardAt: Number.NaN,
    lastAt: 0,
    messages: 0,
    serial: -1,
    expectedAt: Number.POSITIVE_INFINITY,
    attempts: 0,
  };
}

/** What the other channels of the symbol say about one that is silent. Instants are of `mono`, NaN for never. */
export interface Evidence {
  heardAt(channel: Channel): number;
  /** When the candle's volume grew. */
  candleGrewAt(): number;
  /** Best prices of the book against the last quote. */
  compare(): 'equal' | 'differs' | 'unknown';
}

/** `isMute`: it ought to have spoken, so it is subscribed anew. */
export interface Verdict {
  readonly state: 'quiet' | 'silent';
  readonly isMute: boolean;
  readonly why: string;
}

// A candle frame may follow its trade by two seconds.
const LAG_MS = 5_000;

/**
 * What the silence of a channel means while its connection answers pings; undefined within its limit. Marks come every
 * second and candles every minute at least. Quotes, books and trades speak only when something changed: another channel
 * of the symbol tells. A quote that nothing vouches for is `silent`, and REST decides.
 */
export function judge(watch: Watch, now: number, limits: StreamLimits, evidence: Evidence): Verdict | undefined {
  const silentMs = now - watch.heardAt;
  if (!(silentMs >= limits.silenceMs[watch.channel])) return undefined;
  const why = `nothing for ${Math.round(silentMs / 1_000)} s`;
  const speaks = (channel: Channel) => now - evidence.heardAt(channel) < limits.silenceMs[channel];
  const mute = (proof: string): Verdict => ({ state: 'silent', isMute: true, why: `${why}${proof}` });
  const isAfter = (at: number) => at > watch.heardAt + LAG_MS;
  // A trade takes from the best level, so quotes and book change with it.
  const hasTraded = isAfter(evidence.heardAt('trade')) || isAfter(evidence.candleGrewAt());
  const quiet: Verdict = { state: 'quiet', isMute: false, why };
  switch (watch.channel) {
    case 'mark':
    case 'candle':
      return mute('');
    case 'trade':
      return hasTraded ? mute(', but the candle grew') : quiet;
    case 'book':
      if (hasTraded) return mute(', but trades came');
      return speaks('quote') && evidence.compare() === 'differs' ? mute(', but quotes moved') : quiet;
    case 'quote': {
      const found = speaks('book') ? evidence.compare() : 'unknown';
      if (found === 'differs') return mute(', but the book moved');
      if (found === 'equal') return quiet;
      return hasTraded ? mute(', but trades came') : { state: 'silent', isMute: false, why };
    }
  }
}
