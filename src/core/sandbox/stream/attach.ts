import type { IncomingMessage, Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type WebSocket, WebSocketServer } from 'ws';
import type { World } from '../world.ts';
import { type Address, addressOf } from './address.ts';
import { Api } from './api.ts';
import { Connection, MANNERS } from './connection.ts';
import { FaultyWire } from './faulty.ts';
import { answer, readRequest } from './requests.ts';
import { tellUsers } from './user.ts';

const ATTEND_MS = 250;
const MESSAGE_BYTES_MAX = 1_000_000;
const REASONS: Readonly<Record<number, string>> = { 403: 'Forbidden', 418: "I'm a teapot", 429: 'Too Many Requests' };

/** The streams of a running stand-in. */
export interface Streams {
  /** Sockets that are open. */
  readonly size: number;
  /** Tells `serverShutdown` to all, and cuts them so many ms later. */
  shutdown(afterMs: number): void;
  /** Ends all sockets and timers; the HTTP server goes on. */
  close(): Promise<void>;
}

/**
 * Puts the WebSocket side of one market on an HTTP server: market streams, user data and the WebSocket API, with the
 * faults of `world` on the way. Frames come as `world.market` plays them; playing is the server's.
 */
export function attachStreams(
  server: Server,
  world: World & { readonly onError?: (problem: string) => void },
): Streams {
  return new StreamSide(server, world);
}

class StreamSide implements Streams {
  readonly #server: Server;
  readonly #world: World & { readonly onError?: (problem: string) => void };
  readonly #sockets: WebSocketServer;
  readonly #connections = new Set<Connection>();
  readonly #wire: FaultyWire;
  readonly #api: Api;
  readonly #ends: (() => void)[] = [];
  #muted = 0;
  #endAttending: () => void = () => undefined;

  constructor(server: Server, world: World & { readonly onError?: (problem: string) => void }) {
    this.#server = server;
    this.#world = world;
    this.#sockets = new WebSocketServer({ noServer: true, perMessageDeflate: false, maxPayload: MESSAGE_BYTES_MAX });
    this.#wire = new FaultyWire(world);
    this.#api = new Api(world, this.#wire);
    server.on('upgrade', this.#upgrade);
    this.#ends.push(
      world.market.onFrame(({ stream, data }) => this.#spread(stream, data)),
      tellUsers(world, this.#wire, this.#connections),
    );
    this.#attend();
  }

  get size(): number {
    return this.#sockets.clients.size;
  }

  shutdown(afterMs: number): void {
    const connections = [...this.#connections];
    for (const connection of connections) this.#wire.end(connection, afterMs);
  }

  async close(): Promise<void> {
    this.#server.off('upgrade', this.#upgrade);
    for (const end of this.#ends) end();
    this.#endAttending();
    this.#wire.close();
    for (const socket of this.#sockets.clients) socket.terminate();
    await new Promise<void>((done) => {
      this.#sockets.close(() => done());
    });
  }

  readonly #upgrade = (request: IncomingMessage, socket: Duplex, head: Buffer): void => {
    socket.on('error', (error) => this.#world.onError?.(`a socket failed: ${error.message}`));
    const url = request.url ?? '/';
    const refusal = this.#world.faults.strike(['refuse'], { path: url, stream: url });
    if (refusal !== undefined) {
      if (refusal.msg === 'reset') socket.destroy();
      else turnAway(socket, refusal.status ?? 429, refusal.retryAfter);
      return;
    }
    const address = addressOf(this.#world.market.kind, url);
    if (address === undefined) {
      turnAway(socket, 404);
      return;
    }
    this.#sockets.handleUpgrade(request, socket, head, (open) => {
      this.#welcome(open, address);
    });
  };

  #welcome(socket: WebSocket, address: Address): void {
    const manners = MANNERS[this.#world.market.kind];
    const form = address.door === 'api' ? 'raw' : address.form;
    const connection = new Connection(socket, form, manners, this.#world.clock);
    const streams = address.door === 'api' ? [] : address.streams;
    for (const name of streams.slice(0, manners.streamsMax)) connection.streams.add(name);
    this.#connections.add(connection);
    socket.on('close', () => {
      this.#connections.delete(connection);
      this.#api.forget(connection);
    });
    socket.on('error', (error) => this.#world.onError?.(`a stream failed: ${error.message}`));
    socket.on('message', (data, isBinary) => {
      const text = isBinary ? '' : String(data);
      if (connection.isDeaf) return;
      if (address.door === 'api') connection.send(this.#api.hear(connection, text));
      else this.#hear(connection, text);
    });
    connection.isDeaf = this.#isHalfOpen(connection);
  }

  #hear(connection: Connection, text: string): void {
    if (connection.isTooMuch()) {
      connection.close(1008, 'Too many requests');
      return;
    }
    const { streamsMax } = MANNERS[this.#world.market.kind];
    const reply = answer(connection, readRequest(text), { streamsMax, begin: (names) => this.#begin(names) });
    if (reply !== undefined) connection.send(reply);
    connection.isDeaf = this.#isHalfOpen(connection);
  }

  /** Under `mute-ack` nothing is answered, and every second of the streams that are meant never begins. */
  #begin(names: readonly string[]): { begun: readonly string[]; isAnswered: boolean } {
    const struck = names.filter((stream) => this.#world.faults.holds('mute-ack', { stream }) !== undefined);
    const first = struck[0];
    const fault = first === undefined ? undefined : this.#world.faults.strike(['mute-ack'], { stream: first });
    if (fault === undefined) return { begun: names, isAnswered: true };
    const dumb = new Set(struck.filter(() => this.#muted++ % 2 === 0));
    return { begun: names.filter((name) => !dumb.has(name)), isAnswered: false };
  }

  #spread(stream: string, data: string): void {
    const to: Connection[] = [];
    for (const connection of this.#connections) if (connection.streams.has(stream)) to.push(connection);
    if (to.length > 0 && this.#isListed(stream)) this.#wire.send(stream, data, to);
  }

  /** A market that is halted or gone has no streams. */
  #isListed(stream: string): boolean {
    const at = stream.search(/[@_]/);
    if (at <= 0) return true;
    const id = stream.slice(0, at).toUpperCase();
    const fault = this.#world.faults.all.find(
      (one) => (one.kind === 'halt' || one.kind === 'delist') && (one.id === undefined || one.id === id),
    );
    return fault === undefined;
  }

  /** What happens by itself, again and again: pings, ends, and faults of sockets on which nothing comes. */
  #attend(): void {
    this.#endAttending = this.#world.clock.after(ATTEND_MS, () => {
      for (const connection of [...this.#connections]) {
        connection.isDeaf = this.#isHalfOpen(connection);
        if (!connection.isBusy && !connection.isDeaf) this.#cutIfStruck(connection);
        connection.isBusy = false;
        connection.attend();
      }
      this.#attend();
    });
  }

  #cutIfStruck(connection: Connection): void {
    const [stream = ''] = connection.streams;
    const fault = this.#world.faults.strike(['cut'], { stream: this.#faultName(stream) });
    if (fault !== undefined) this.#wire.end(connection, fault.ms);
  }

  #isHalfOpen(connection: Connection): boolean {
    const { faults } = this.#world;
    if (faults.all.length === 0) return false;
    if (faults.holds('half-open') !== undefined) return true;
    for (const name of connection.streams) {
      if (faults.holds('half-open', { stream: this.#faultName(name) }) !== undefined) return true;
    }
    return false;
  }

  /** A listen key is secret and changes: faults call what comes of it user data. */
  #faultName(stream: string): string {
    return this.#world.listenKeys.owner(stream) === undefined ? stream : 'userData@';
  }
}

function turnAway(socket: Duplex, status: number, retryAfter?: number): void {
  const wait = retryAfter === undefined ? '' : `Retry-After: ${retryAfter}\r\n`;
  const reason = REASONS[status] ?? 'Error';
  socket.end(`HTTP/1.1 ${status} ${reason}\r\n${wait}Connection: close\r\nContent-Length: 0\r\n\r\n`);
}
