import type { WebSocket } from 'ws';
import type { Endpoint, Timers } from '../exchange.ts';
import { plainText, socketOptions } from './host.ts';
import type { StreamLimits } from './limits.ts';
import { createSubscriber, type Subscriber } from './subscriber.ts';

/** Hears one connection. After `closed`, and after `close()`, nothing more is heard of it. */
export interface ConnectionSink {
  opened(connection: Connection): void;
  message(connection: Connection, bytes: Uint8Array): void;
  acked(connection: Connection, streams: readonly string[]): void;
  refused(connection: Connection, streams: readonly string[], why: string): void;
  /** It ended by itself, or was given up: once. */
  closed(connection: Connection, why: string): void;
  /** Whether a stream spoke on this connection: then its ack may be missing. */
  spoke(connection: Connection, stream: string): boolean;
}

export interface ConnectionOptions {
  /** Rises with every connection of a stream. */
  readonly serial: number;
  readonly url: string;
  readonly endpoint: Endpoint;
  readonly timers: Timers;
  readonly limits: StreamLimits;
  readonly nextId: () => number;
  readonly sink: ConnectionSink;
}

/** One WebSocket to the venue. It dials at once; deadlines are kept by `sweep`: of the handshake, of acks, of silence. */
export class Connection {
  readonly serial: number;
  readonly subscriber: Subscriber;
  state: 'connecting' | 'open' | 'closed' = 'connecting';
  /** `mono` of the moment that it opened; NaN before. */
  openedAt = Number.NaN;
  readonly #options: ConnectionOptions;
  readonly #dialing = new AbortController();
  readonly #dialedAt: number;
  #heardAt: number;
  #pingedAt = Number.NaN;
  #socket: WebSocket | undefined;

  constructor(options: ConnectionOptions) {
    const { serial, limits, nextId, sink, timers } = options;
    this.serial = serial;
    this.#options = options;
    this.#dialedAt = this.#heardAt = timers.mono();
    this.subscriber = createSubscriber({
      limits,
      nextId,
      send: (text) => this.#socket?.send(text),
      acked: (streams) => sink.acked(this, streams),
      refused: (streams, why) => sink.refused(this, streams, why),
      spoke: (stream) => sink.spoke(this, stream),
    });
    // A proxy that is no address.
    this.#dial().catch((error: unknown) => this.#lose(plainText(error)));
  }

  /** Pings at once: what was heard before counts no more. */
  probe(now: number): void {
    if (this.state === 'open') this.#ping(now);
  }

  sweep(now: number): void {
    const { limits } = this.#options;
    if (this.state === 'connecting' && now - this.#dialedAt >= limits.handshakeMs) {
      this.#lose('the handshake took too long');
    }
    if (this.state !== 'open') return;
    if (this.subscriber.sweep(now) === 'unanswered') this.#lose('SUBSCRIBE was not answered');
    else if (now - this.#pingedAt >= limits.pongMs) this.#lose('no pong came back');
    else if (Number.isNaN(this.#pingedAt) && now - this.#heardAt >= limits.idleMs) this.#ping(now);
  }

  close(): void {
    if (this.state !== 'closed') this.#drop();
  }

  async #dial(): Promise<void> {
    const { WebSocket } = await import('ws');
    if (this.state === 'closed') return;
    const { url, endpoint } = this.#options;
    const socket = new WebSocket(url, socketOptions(endpoint, url, this.#dialing.signal));
    this.#socket = socket;
    socket.on('open', () => this.#open());
    socket.on('message', (data: Uint8Array) => this.#message(data));
    socket.on('ping', () => this.#heard());
    socket.on('pong', () => this.#heard());
    socket.on('error', (error) => this.#lose(plainText(error)));
    socket.on('close', (code) => this.#lose(`the connection was closed (${code})`));
  }

  #open(): void {
    if (this.state !== 'connecting') return;
    this.state = 'open';
    this.#heard();
    this.openedAt = this.#heardAt;
    this.#options.sink.opened(this);
  }

  #message(data: Uint8Array): void {
    if (this.state !== 'open') return;
    this.#heard();
    this.#options.sink.message(this, data);
  }

  #heard(): void {
    this.#heardAt = this.#options.timers.mono();
    this.#pingedAt = Number.NaN;
  }

  #ping(now: number): void {
    this.#pingedAt = now;
    this.#socket?.ping();
  }

  #lose(why: string): void {
    if (this.state === 'closed') return;
    this.#drop();
    this.#options.sink.closed(this, why);
  }

  // Terminated, for a closing handshake waits half a minute for a dead peer. The frame of `close` goes out before it.
  #drop(): void {
    const wasOpen = this.state === 'open';
    this.state = 'closed';
    if (wasOpen) this.#socket?.close(1000);
    else this.#dialing.abort();
    this.#socket?.terminate();
  }
}
