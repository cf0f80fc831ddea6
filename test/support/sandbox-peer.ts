import { onTestFinished } from 'vitest';
import { WebSocket } from 'ws';

/** A client of the stand-in that remembers what it hears. */
export interface Peer {
  readonly socket: WebSocket;
  readonly heard: readonly string[];
  /** Code of the close; undefined while it is open. */
  readonly closedBy: number | undefined;
  readonly pings: number;
  send(message: unknown): void;
  /** The next message that fits, of those not yet taken. */
  next(fits?: (text: string) => boolean): Promise<string>;
  /** Once all that was sent before is here: the answer to a request that follows it. */
  settled(): Promise<void>;
  closed(): Promise<number>;
}

/** Opens a WebSocket; ends with the test. */
export async function openPeer(url: string): Promise<Peer> {
  const socket = new WebSocket(url, { perMessageDeflate: false, maxPayload: 2 ** 26 });
  const heard: string[] = [];
  let taken = 0;
  let closedBy: number | undefined;
  let pings = 0;
  const waiting = new Set<() => void>();
  const wake = (): void => {
    for (const run of [...waiting]) run();
  };
  const until = <T>(find: () => T | undefined): Promise<T> =>
    new Promise((resolve) => {
      const look = (): void => {
        const found = find();
        if (found === undefined) return;
        waiting.delete(look);
        resolve(found);
      };
      waiting.add(look);
      look();
    });
  socket.on('message', (data, isBinary) => {
    heard.push(isBinary ? `binary ${(data as Buffer).length}` : String(data));
    wake();
  });
  socket.on('ping', () => {
    pings++;
    wake();
  });
  socket.on('close', (code) => {
    closedBy = code;
    wake();
  });
  onTestFinished(() => socket.terminate());
  await new Promise<void>((resolve, reject) => {
    socket.on('open', () => resolve());
    socket.on('error', reject);
  });
  const send = (message: unknown): void => socket.send(typeof message === 'string' ? message : JSON.stringify(message));
  return {
    socket,
    heard,
    get closedBy() {
      return closedBy;
    },
    get pings() {
      return pings;
    },
    send,
    next: (fits = () => true) =>
      until(() => {
        const at = heard.findIndex((text, index) => index >= taken && fits(text));
        if (at < 0) return undefined;
        taken = at + 1;
        return heard[at];
      }),
    async settled() {
      const pong = new Promise<void>((resolve) => socket.once('pong', () => resolve()));
      socket.ping();
      await pong;
    },
    closed: () => until(() => closedBy),
  };
}
