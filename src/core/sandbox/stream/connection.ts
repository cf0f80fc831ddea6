import { WebSocket } from 'ws';
import type { SandboxClock } from '../market.ts';

/** A reader that has so much before it is slow, and is dropped. */
const UNREAD_BYTES_MAX = 16_000_000;

/** How a market treats its sockets. */
export interface Manners {
  readonly pingEveryMs: number;
  readonly pongWithinMs: number;
  readonly streamsMax: number;
  readonly messagesASecond: number;
  readonly liveMs: number;
}

export const MANNERS: Readonly<Record<'usdm' | 'spot', Manners>> = {
  usdm: {
    pingEveryMs: 180_000,
    pongWithinMs: 600_000,
    streamsMax: 1024,
    messagesASecond: 10,
    liveMs: 86_400_000,
  },
  spot: {
    pingEveryMs: 20_000,
    pongWithinMs: 60_000,
    streamsMax: 1024,
    messagesASecond: 5,
    liveMs: 86_400_000,
  },
};

/** One WebSocket of a client: what it has subscribed to, how it is written to, and when it must go. */
export class Connection {
  readonly form: 'raw' | 'wrapped';
  readonly streams = new Set<string>();
  /** Streams that were acknowledged, or not even that, and never begin. */
  readonly mute = new Set<string>();
  readonly openedAt: number;
  /** Whether a frame came since this was last looked at. */
  isBusy = false;
  /** Whether it was told that it will be cut. */
  isEnding = false;
  readonly #socket: WebSocket;
  readonly #clock: SandboxClock;
  readonly #manners: Manners;
  readonly #heardAt: number[] = [];
  #pingedAt: number;
  #unansweredAt: number | undefined;
  #isDeaf = false;

  constructor(socket: WebSocket, form: 'raw' | 'wrapped', manners: Manners, clock: SandboxClock) {
    this.#socket = socket;
    this.form = form;
    this.#manners = manners;
    this.#clock = clock;
    this.openedAt = clock.wall();
    this.#pingedAt = this.openedAt;
    socket.on('pong', () => {
      this.#unansweredAt = undefined;
    });
  }

  get isOpen(): boolean {
    return this.#socket.readyState === WebSocket.OPEN;
  }

  get isDeaf(): boolean {
    return this.#isDeaf;
  }

  /** Nothing is read or written while it is deaf: the other side sees an open socket and no more. */
  set isDeaf(isDeaf: boolean) {
    if (isDeaf === this.#isDeaf || !this.isOpen) return;
    this.#isDeaf = isDeaf;
    if (isDeaf) this.#socket.pause();
    else this.#socket.resume();
  }

  /** Whether a message of the client is one too many within a second. */
  isTooMuch(): boolean {
    const now = this.#clock.wall();
    while (this.#heardAt.length > 0 && (this.#heardAt[0] as number) <= now - 1_000) this.#heardAt.shift();
    this.#heardAt.push(now);
    return this.#heardAt.length > this.#manners.messagesASecond;
  }

  /** Data of a stream, wrapped where the address asked for that. */
  tell(stream: string, data: string): void {
    this.isBusy = true;
    this.send(this.form === 'raw' ? data : `{"stream":${JSON.stringify(stream)},"data":${data}}`);
  }

  send(data: string | Uint8Array): void {
    if (!this.isOpen || this.#isDeaf) return;
    if (this.#socket.bufferedAmount > UNREAD_BYTES_MAX) this.cut();
    else this.#socket.send(data);
  }

  /** Pings that are due, and the end of a socket that answers none or has lived its day. */
  attend(): void {
    if (!this.isOpen || this.#isDeaf) return;
    const now = this.#clock.wall();
    const isMute = this.#unansweredAt !== undefined && now - this.#unansweredAt >= this.#manners.pongWithinMs;
    if (now - this.openedAt >= this.#manners.liveMs) this.close(1000, 'expired');
    else if (isMute) this.close(1008, 'Pong timeout');
    else this.#pingIfDue(now);
  }

  #pingIfDue(now: number): void {
    if (now - this.#pingedAt < this.#manners.pingEveryMs) return;
    this.#pingedAt = now;
    this.#unansweredAt ??= now;
    this.#socket.ping(String(now));
  }

  close(code: number, reason: string): void {
    this.#socket.close(code, reason);
  }

  /** Ends it without a word, as a failing network does. */
  cut(): void {
    this.#socket.terminate();
  }
}
