import type { ExchangeFrame, StreamFrame } from '../../domain/frame.ts';
import type { StreamHealth } from '../../venue/exchange.ts';
import type { ClockWatch } from './clock.ts';
import type { LiveOptions } from './options.ts';
import type { Questions } from './questions.ts';
import type { SymbolFeed } from './symbol.ts';

/** What the frame of an exchange is told from. */
export interface FrameParts {
  readonly options: LiveOptions;
  readonly questions: Questions;
  readonly clock: ClockWatch;
  readonly stream: StreamHealth | undefined;
  readonly symbols: readonly SymbolFeed[];
  /** Ticks of symbols that nobody opened. */
  readonly strays: number;
}

/** The exchange as System shows it: what REST and stream say of themselves, and what was refused here. */
export function exchangeFrame(parts: FrameParts): ExchangeFrame {
  const { options, questions, clock, stream, symbols, strays } = parts;
  const rest = questions.rest.health();
  const { silentUntil } = questions;
  return {
    name: options.exchange,
    title: questions.rest.title,
    endpoint: options.endpointText,
    proxy: options.proxyText,
    state: stateOf(parts),
    latencyMsP50: rest.latencyMsP50,
    latencyMsP99: rest.latencyMsP99,
    weightUsed: rest.weightUsed,
    weightMax: rest.weightMax,
    silentUntil: questions.isSilent ? silentUntil : null,
    offsetMs: clock.offsetMs,
    offsetErrorMs: rest.offsetErrorMs,
    reconnects: stream?.reconnects ?? 0,
    resyncs: stream?.resyncs ?? 0,
    surprises: stream?.surprises ?? 0,
    dropped: (stream?.dropped ?? 0) + strays,
    refused: symbols.reduce((sum, { guard }) => sum + guard.refused, 0),
    lastError: newer(rest.lastError, stream?.lastError ?? null),
    streams: symbols.flatMap((symbol) => streamsOf(symbol, stream)),
  };
}

/** Down needs both to fail; one of them alone, or a symbol that is polled, is degraded. */
function stateOf({ questions, stream, symbols }: FrameParts): ExchangeFrame['state'] {
  if (questions.isBanned) return 'banned';
  const isRestUp = questions.isWorking && !questions.isSilent;
  const isStreamUp = stream?.state === 'up';
  if (!isRestUp && !isStreamUp) return 'down';
  const isWhole = symbols.every(({ isPolled, isStreaming }) => !isPolled && isStreaming);
  return isRestUp && isWhole && (stream === undefined || isStreamUp) ? 'up' : 'degraded';
}

/** The channels of a symbol as the stream has them; quotes and candles that REST stands in for are `polled`. */
function streamsOf(symbol: SymbolFeed, stream: StreamHealth | undefined): StreamFrame[] {
  const polled = new Set<StreamFrame['channel']>();
  if (symbol.isPolled) polled.add('quote');
  if (symbol.areCandlesPolled) polled.add('candle');
  const own = (stream?.channels ?? []).filter((channel) => channel.symbol === symbol.symbol);
  const rows = own.map(({ channel, state, lastAt }): StreamFrame => {
    return {
      symbol: symbol.symbol,
      channel,
      state: polled.has(channel) ? 'polled' : state,
      lastAt: channel === 'quote' && polled.has(channel) ? symbol.polledAt : lastAt === 0 ? null : lastAt,
    };
  });
  for (const channel of polled) {
    if (own.some((row) => row.channel === channel)) continue;
    const lastAt = channel === 'quote' ? symbol.polledAt : null;
    rows.push({ symbol: symbol.symbol, channel, state: 'polled', lastAt });
  }
  return rows;
}

/** The later of two errors. */
function newer<T extends { readonly at: number }>(a: T | null, b: T | null): T | null {
  if (a === null || b === null) return a ?? b;
  return b.at > a.at ? b : a;
}
