import { createServer } from 'node:http';
import type { AddressInfo, Socket } from 'node:net';
import { type WebSocket, WebSocketServer } from 'ws';

/** One client connection as the small exchange sees it. */
export interface Session {
  readonly path: string;
  readonly socket: WebSocket;
  readonly streams: Set<string>;
  /** What the client sent, with the instant. */
  readonly asked: { readonly method: string; readonly params: readonly string[]; readonly at: number }[];
  readonly openedAt: number;
  /** Stops reading and answering, as a peer does that is gone without a word. */
  freeze(): void;
  tell(text: string | Uint8Array): void;
}

/** What it does to clients; changed at any time. */
export interface Manners {
  acks: 'yes' | 'no' | 'refuse';
  /** Answers upgrades with 503. */
  isClosed: boolean;
  /** Lets upgrades hang. */
  isHanging: boolean;
  /** Streams whose messages are never sent. */
  isMute: (stream: string, session: Session) => boolean;
}

/** A place on loopback that speaks just enough of Binance's stream protocol, and misbehaves where a test wants it. */
export class SmallExchange {
  readonly manners: Manners = { acks: 'yes', isClosed: false, isHanging: false, isMute: () => false };
  /** Open ones, oldest first. */
  sessions: Session[] = [];
  /** Instants of all upgrades that were asked for. */
  readonly upgradesAt: number[] = [];
  readonly #server = createServer((_request, response) => response.writeHead(404).end());
  readonly #sockets = new WebSocketServer({ noServer: true });
  readonly #raw = new Set<Socket>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
    this.#server.on('connection', (socket: Socket) => {
      this.#raw.add(socket);
      socket.once('close', () => this.#raw.delete(socket));
    });
    this.#server.on('upgrade', (request, socket, head) => {
      this.upgradesAt.push(this.#now());
      if (this.manners.isHanging) {
        socket.on('error', () => undefined).on('end', () => socket.destroy());
        socket.resume();
        return;
      }
      if (this.manners.isClosed) socket.end('HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n');
      else this.#sockets.handleUpgrade(request, socket, head, (client) => this.#admit(client, request.url ?? ''));
    });
  }

  async listen(): Promise<string> {
    await new Promise<void>((resolve) => this.#server.listen(0, '127.0.0.1', resolve));
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}`;
  }

  /** Sockets of clients that are connected, WebSocket or not. */
  get connected(): number {
    return this.#raw.size;
  }

  on(path: string): Session[] {
    return this.sessions.filter((session) => session.path === path);
  }

  /** To all who are subscribed, or to some of them. */
  push(stream: string, data: object, to: readonly Session[] = this.sessions): void {
    for (const session of to) {
      if (!session.streams.has(stream) || this.manners.isMute(stream, session)) continue;
      session.tell(JSON.stringify({ stream, data }));
    }
  }

  cut(): void {
    for (const { socket } of this.sessions) socket.terminate();
  }

  async close(): Promise<void> {
    for (const socket of this.#raw) socket.destroy();
    await new Promise((resolve) => this.#server.close(resolve));
  }

  #admit(socket: WebSocket, path: string): void {
    const session: Session = {
      path,
      socket,
      streams: new Set(),
      asked: [],
      openedAt: this.#now(),
      freeze: () => socket.pause(),
      tell: (text) => socket.send(text),
    };
    this.sessions.push(session);
    socket.on('message', (bytes) => this.#hear(session, String(bytes)));
    socket.on('error', () => undefined);
    socket.on('close', () => {
      this.sessions = this.sessions.filter((each) => each !== session);
    });
  }

  #hear(session: Session, text: string): void {
    const { method, params, id } = JSON.parse(text) as { method: string; params: string[]; id: number };
    session.asked.push({ method, params, at: this.#now() });
    if (this.manners.acks === 'refuse' && params.some((stream) => stream.startsWith('bad'))) {
      session.tell(JSON.stringify({ error: { code: 2, msg: 'Invalid request: unknown stream' }, id }));
      return;
    }
    for (const stream of params) session.streams[method === 'SUBSCRIBE' ? 'add' : 'delete'](stream);
    if (this.manners.acks !== 'no') session.tell(JSON.stringify({ result: null, id }));
  }
}

const text = (value: number): string => String(value);
const rows = (levels: readonly (readonly [number, number])[]) => levels.map(([price, qty]) => [text(price), text(qty)]);
type Levels = readonly (readonly [price: number, qty: number])[];

/** Messages of USDS-M in Binance's words. */
export const say = {
  quote: (s: string, u: number, bid: number, ask: number, at = u) => ({
    e: 'bookTicker',
    u,
    s,
    b: text(bid),
    B: '1',
    a: text(ask),
    A: '1',
    T: at,
    E: at,
  }),
  trade: (s: string, a: number, price: number, at: number) => ({
    e: 'aggTrade',
    E: at,
    a,
    s,
    p: text(price),
    q: '1',
    f: a,
    l: a,
    T: at,
    m: false,
  }),
  candle: (s: string, t: number, close: number, v: number, at: number, x = false) => ({
    e: 'kline',
    E: at,
    s,
    k: {
      t,
      T: t + 59_999,
      s,
      i: '1m',
      f: 1,
      L: 2,
      o: text(close),
      c: text(close),
      h: text(close),
      l: text(close),
      v: text(v),
      n: 2,
      x,
      q: '1',
      V: '1',
      Q: '1',
      B: '0',
    },
  }),
  mark: (s: string, p: number, at: number) => ({
    e: 'markPriceUpdate',
    E: at,
    s,
    p: text(p),
    i: text(p),
    P: text(p),
    r: '0.0001',
    T: at + 3_600_000,
  }),
  diff: (s: string, ids: { U: number; u: number; pu: number }, b: Levels, a: Levels, at = ids.u) => ({
    e: 'depthUpdate',
    E: at,
    T: at,
    s,
    ...ids,
    b: rows(b),
    a: rows(a),
  }),
};
