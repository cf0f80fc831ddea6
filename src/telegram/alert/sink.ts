import type { Failure } from '../bot/api.ts';
import type { Outbound } from '../bot/outbound.ts';
import type { Clock } from '../clock.ts';
import type { BridgeLog, BridgeStore, EngineClient, Pictures } from '../core.ts';

/** What alerts of one chat are sent with. */
export interface AlertSinkOptions {
  readonly chat: number;
  readonly client: EngineClient;
  readonly pictures: Pictures;
  readonly outbound: Outbound;
  readonly store: Pick<BridgeStore, 'memory' | 'change'>;
  readonly clock: Clock;
  readonly log: BridgeLog;
  /** The chat takes no messages any more (403, 400 of a chat that is none). */
  onBlocked(failure: Failure): void;
}

/** The outbox of one chat, sent: sink `telegram:<chat>` of the engine's alerts. */
export interface AlertSink {
  /** The engine's picture changed: there may be something to send. */
  changed(): void;
  /** Telegram answers again: what waits because it had not answered is sent now. */
  reached(): void;
  /** Nothing more is begun; resolves when what was under way is known. */
  close(): Promise<void>;
}
