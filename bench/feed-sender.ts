import type { AddressInfo } from 'node:net';
import { parentPort } from 'node:worker_threads';
import { WebSocketServer } from 'ws';
import { QUOTE } from './feed-frames.ts';

/*
 * A thread that sends one quote over and over to whoever connects, as fast as it is taken. `ws` shakes hands; frames
 * go to its socket in chunks that were made before, since one `send` for each would be slower than what is measured.
 */

const FRAMES = 512;
/** An unmasked text frame of a length that takes two bytes. */
const header = Buffer.from([0x81, 126, QUOTE.length >> 8, QUOTE.length & 0xff]);
const chunk = Buffer.concat(Array.from({ length: FRAMES }, () => [header, QUOTE]).flat());

const server = new WebSocketServer({ host: '127.0.0.1', port: 0, perMessageDeflate: false });
server.on('connection', (client, { socket }) => {
  client.on('error', () => undefined);
  const send = (error?: Error | null): void => {
    if (error === undefined || error === null) socket.write(chunk, send);
  };
  send();
});
server.on('listening', () => parentPort?.postMessage((server.address() as AddressInfo).port));
