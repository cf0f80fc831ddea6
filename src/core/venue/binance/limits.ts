/** What the connections keep to. All spans are ms of `Timers.mono`. A test or a bench may shorten them. */
export interface StreamLimits {
  /** How often deadlines are looked at, and messages leave. */
  readonly sweepMs: number;
  readonly handshakeMs: number;
  readonly ackMs: number;
  /** From the ack to a channel's first message. */
  readonly beginMs: number;
  /** Silence of a connection after which it is pinged, and what a pong may take. */
  readonly idleMs: number;
  readonly pongMs: number;
  /** The venue cuts after 24 h. */
  readonly lifeMs: number;
  /** A connection that gives way is kept at most so long. */
  readonly overlapMs: number;
  /** After so much life a loss counts as the first again. */
  readonly steadyMs: number;
  readonly backoffMs: { readonly min: number; readonly max: number };
  /** A sweep that comes so late means that the process slept. */
  readonly stallMs: number;
  readonly silenceMs: {
    readonly quote: number;
    readonly book: number;
    readonly trade: number;
    readonly candle: number;
    readonly mark: number;
  };
  /** Between two attempts to make a mute channel speak, at most. */
  readonly muteMsMax: number;
  /** A trade that came before its time waits so long for the ones before it. */
  readonly tradeHoldMs: number;
  readonly snapshotMs: { readonly min: number; readonly max: number; readonly deadline: number };
  /** How long book and quotes may disagree. */
  readonly disagreeMs: number;
  readonly streamsMax: number;
  readonly paramsMax: number;
  readonly messagesPerSecond: number;
  readonly connects: { readonly max: number; readonly windowMs: number };
}

/*
 * The venue allows 200 streams and 10 messages a second a connection, and 300 connections in 5 minutes from an address:
 * each limit is kept by a wide margin, for other programs live behind the same address.
 */
export const STREAM_LIMITS: StreamLimits = {
  sweepMs: 250,
  handshakeMs: 10_000,
  ackMs: 5_000,
  beginMs: 10_000,
  idleMs: 15_000,
  pongMs: 5_000,
  lifeMs: 23 * 3_600_000,
  overlapMs: 30_000,
  steadyMs: 60_000,
  backoffMs: { min: 1_000, max: 60_000 },
  stallMs: 2_000,
  silenceMs: { quote: 10_000, book: 10_000, trade: 10_000, candle: 90_000, mark: 5_000 },
  muteMsMax: 600_000,
  tradeHoldMs: 500,
  snapshotMs: { min: 1_000, max: 30_000, deadline: 20_000 },
  disagreeMs: 5_000,
  streamsMax: 150,
  paramsMax: 50,
  messagesPerSecond: 5,
  connects: { max: 60, windowMs: 300_000 },
};
