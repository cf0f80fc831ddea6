import { chmodSync, existsSync, rmSync } from 'node:fs';
import type { Server } from 'node:http';
import { createConnection } from 'node:net';
import { dirname } from 'node:path';
import type { Duplex } from 'node:stream';
import { WebSocket, WebSocketServer } from 'ws';
import { nodeHttp } from '../platform/http.ts';
import { type Channel, CLOSE, type Ends, type Plug } from './channel.ts';
import { ControlError } from './control-error.ts';
import { Desk, type DeskOptions } from './desk.ts';
import { isTooLong, makeSocketFolder } from './folder.ts';
import type { Host } from './host.ts';
import { INBOUND_BYTES_MAX } from './protocol.ts';
import { Session } from './session.ts';

/** Where and how a socket is opened. */
export interface ServeOptions extends DeskOptions {
  readonly socketPath: string;
  readonly clientsMax?: number | undefined;
  /** Until `hello` came, and between two pings. */
  readonly helloMs?: number | undefined;
  readonly pingMs?: number | undefined;
}

/** A socket that is open. `close` ends it and every client. */
export interface Serving {
  readonly clients: number;
  close(): Promise<void>;
}

const CLIENTS_MAX = 100;
const HELLO_MS = 5_000;
const PING_MS = 15_000;

/**
 * Opens the socket of an engine: 0600 in a folder 0700. The caller holds the lock of the profile: a socket file that
 * nobody listens on was left by a dead one and goes.
 * @throws {ControlError} `SOCKET_IN_USE` where somebody answers there, `UNSAFE_FOLDER`.
 */
export async function serve(host: Host, options: ServeOptions): Promise<Serving> {
  const { socketPath: path } = options;
  if (isTooLong(path)) throw new Error(`Invariant: the path of a socket fits the system, found ${path}`);
  makeSocketFolder(dirname(path));
  await removeStale(path);
  const desk = new Desk(host, options);
  const http = nodeHttp.createServer({ headersTimeout: 5_000, requestTimeout: 5_000 }, (_request, response) => {
    response.writeHead(426, { connection: 'close' }).end('expected a WebSocket\n');
  });
  http.maxConnections = (options.clientsMax ?? CLIENTS_MAX) * 2;
  const sockets = new WebSocketServer({ noServer: true, maxPayload: INBOUND_BYTES_MAX, perMessageDeflate: false });
  const door = new Door(desk, options);
  http.on('upgrade', (request, stream: Duplex, head) => {
    stream.on('error', () => stream.destroy());
    sockets.handleUpgrade(request, stream, head, (socket) => door.enter(socket));
  });
  http.on('clientError', (_problem, stream) => {
    if (stream.writable) stream.end('HTTP/1.1 400 Bad Request\r\nConnection: close\r\n\r\n');
    else stream.destroy();
  });
  try {
    await listen(http, path);
  } catch (problem) {
    desk.close();
    throw problem;
  }
  return {
    get clients() {
      return desk.size;
    },
    async close() {
      desk.close();
      door.close();
      await new Promise<void>((resolve) => {
        http.close(() => resolve());
        // Whoever does not take the goodbye does not keep the engine.
        setTimeout(() => {
          for (const socket of door.sockets) socket.terminate();
          http.closeAllConnections();
        }, 200).unref();
      });
    },
  };
}

/** A WebSocket as a channel. What is no text ends the connection. */
function plugOf(socket: WebSocket): Plug {
  const channel: Channel = {
    send: (text) => {
      if (socket.readyState === WebSocket.OPEN) socket.send(text);
    },
    get waiting() {
      return socket.bufferedAmount;
    },
    close: (code, reason) => socket.close(code, reason),
    cut: () => socket.terminate(),
  };
  return {
    channel,
    listen(ends: Ends) {
      socket.on('message', (data, isBinary) => {
        if (isBinary) socket.close(CLOSE.unsupported, 'expected text');
        else ends.receive(String(data));
      });
      socket.on('close', (code, reason) => ends.closed(code, String(reason)));
      // A close always follows; what was wrong is the other side's.
      socket.on('error', () => undefined);
    },
  };
}

/** Lets connections in and puts those out that say nothing. */
class Door {
  readonly sockets = new Set<WebSocket>();
  readonly #desk: Desk;
  readonly #options: ServeOptions;
  readonly #alive = new WeakSet<WebSocket>();
  #pings: NodeJS.Timeout | undefined;

  constructor(desk: Desk, options: ServeOptions) {
    this.#desk = desk;
    this.#options = options;
  }

  /** One client too many is told so; a client that says nothing is put out. */
  enter(socket: WebSocket): void {
    const { clientsMax = CLIENTS_MAX, helloMs = HELLO_MS, pingMs = PING_MS } = this.#options;
    const plug = plugOf(socket);
    if (this.sockets.size >= clientsMax) {
      socket.on('error', () => undefined);
      socket.close(CLOSE.tryLater, `expected at most ${clientsMax} clients`);
      return;
    }
    this.sockets.add(socket);
    this.#alive.add(socket);
    const session = new Session(this.#desk, plug.channel);
    plug.listen(session);
    const hello = setTimeout(() => {
      if (!session.hasGreeted) socket.terminate();
    }, helloMs);
    socket.on('pong', () => this.#alive.add(socket));
    socket.on('close', () => {
      clearTimeout(hello);
      this.sockets.delete(socket);
      if (this.sockets.size === 0) this.close();
    });
    this.#pings ??= setInterval(() => this.#ping(), pingMs);
  }

  /** Who did not answer the last one is gone, whatever its socket says. */
  #ping(): void {
    for (const socket of this.sockets) {
      if (!this.#alive.delete(socket)) socket.terminate();
      else socket.ping();
    }
  }

  close(): void {
    clearInterval(this.#pings);
    this.#pings = undefined;
  }
}

/** The file has its mode from the first instant on: there is no moment in which others could connect. */
async function listen(http: Server, path: string): Promise<void> {
  const mask = process.umask(0o177);
  try {
    await new Promise<void>((resolve, reject) => {
      http.once('error', reject);
      http.listen(path, () => {
        http.off('error', reject);
        resolve();
      });
      process.umask(mask);
    });
  } finally {
    process.umask(mask);
  }
  if (process.platform !== 'win32') chmodSync(path, 0o600);
}

async function removeStale(path: string): Promise<void> {
  if (!existsSync(path)) return;
  if (await isAnswered(path)) {
    throw new ControlError('SOCKET_IN_USE', {
      expected: `nobody at ${path}`,
      found: 'a process that listens there',
      fix: 'Stop it: dzentra engine status tells which engine runs.',
    });
  }
  rmSync(path, { force: true });
}

/** A stopped process answers here, too: its system takes the connection. */
function isAnswered(path: string): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = createConnection({ path });
    const told = (answered: boolean) => (): void => {
      resolve(answered);
      socket.destroy();
    };
    socket.once('connect', told(true));
    socket.once('error', told(false));
  });
}
