import { createHash } from 'node:crypto';
import { createServer } from 'node:http';
import { createServer as createNet } from 'node:net';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, onTestFinished, test } from 'vitest';
import { type WebSocket, WebSocketServer } from 'ws';
import type { Plug } from '../../../src/core/control/channel.ts';
import { openWire } from '../../../src/core/control/wire.ts';
import { scratchFolder } from '../../support/scratch.ts';

/** A server of another maker, and our client on it. */
async function joined(
  bytesMax = 2 ** 24,
): Promise<{ server: WebSocket; plug: Plug; texts: string[]; heard: string[]; ended: Promise<[number, string]> }> {
  const path = join(scratchFolder(), 'x.sock');
  const http = createServer();
  const sockets = new WebSocketServer({ server: http, perMessageDeflate: false });
  const entered = new Promise<WebSocket>((resolve) => sockets.once('connection', resolve));
  await new Promise<void>((resolve) => http.listen(path, resolve));
  const plug = await openWire(path, 1_000, bytesMax);
  const server = await entered;
  onTestFinished(() => {
    plug.channel.cut();
    server.terminate();
    http.close();
  });
  const texts: string[] = [];
  const heard: string[] = [];
  server.on('message', (data, isBinary) => heard.push(isBinary ? 'bytes' : String(data)));
  const ended = new Promise<[number, string]>((resolve) => {
    plug.listen({ receive: (text) => texts.push(text), closed: (code, reason) => resolve([code, reason]) });
  });
  return { server, plug, texts, heard, ended };
}

/** Whatever was sent before was taken when the answer to this comes. */
async function settled(server: WebSocket): Promise<void> {
  const answered = new Promise((resolve) => server.once('pong', resolve));
  server.ping('are you there');
  await answered;
}

test('texts of every length go both ways, whole and in order', async () => {
  const { server, plug, texts, heard } = await joined();
  const sent = [0, 1, 125, 126, 127, 65_535, 65_536, 3_000_000].map((length) =>
    'я'.repeat(length / 2).padEnd(length, 'x'),
  );
  for (const text of sent) server.send(text);
  await settled(server);
  expect(texts).toEqual(sent);
  for (const text of sent) plug.channel.send(text);
  await settled(server);
  expect(heard).toEqual(sent);
});

test('a text in parts is one text, also with a ping between them', async () => {
  const { server, texts } = await joined();
  server.send('one ', { fin: false });
  server.send('two ', { fin: false });
  server.ping();
  server.send('three', { fin: true });
  await settled(server);
  expect(texts).toEqual(['one two three']);
});

test('however a stream is cut, the same texts come out', async () => {
  const path = join(scratchFolder(), 'x.sock');
  const given = fc.record({
    texts: fc.array(fc.string({ maxLength: 300 }), { maxLength: 6 }),
    cut: fc.integer({ min: 1, max: 40 }),
  });
  await fc.assert(
    fc.asyncProperty(given, async ({ texts, cut }) => {
      const frames = Buffer.concat(texts.map((text) => frameOf(Buffer.from(text))));
      const server = createNet((socket) => {
        socket.once('data', (head) => {
          socket.write(handshake(String(head)));
          for (let i = 0; i < frames.length; i += cut) socket.write(frames.subarray(i, i + cut));
          socket.end();
        });
      });
      await new Promise<void>((resolve) => server.listen(path, resolve));
      const plug = await openWire(path, 1_000, 2 ** 20);
      const got: string[] = [];
      await new Promise<void>((resolve) => plug.listen({ receive: (text) => got.push(text), closed: () => resolve() }));
      await new Promise((resolve) => server.close(resolve));
      expect(got).toEqual(texts.map((text) => Buffer.from(text).toString()));
    }),
    { numRuns: 50 },
  );
});

function frameOf(body: Buffer): Buffer {
  const head = body.length < 126 ? [0x81, body.length] : [0x81, 126, body.length >> 8, body.length & 255];
  return Buffer.concat([Buffer.from(head), body]);
}

function handshake(head: string): string {
  const key = /Sec-WebSocket-Key: (\S+)/.exec(head)?.[1] ?? '';
  const accept = createHash('sha1').update(`${key}258EAFA5-E914-47DA-95CA-C5AB0DC85B11`).digest('base64');
  return `HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: ${accept}\r\n\r\n`;
}

test('an end is told with its code and its reason', async () => {
  const { server, ended } = await joined();
  server.close(1013, 'too many');
  expect(await ended).toEqual([1013, 'too many']);
});

test('our own end is told to the other side', async () => {
  const { server, plug } = await joined();
  const closed = new Promise((resolve) => server.once('close', (code, reason) => resolve([code, String(reason)])));
  plug.channel.close(1008, 'enough');
  expect(await closed).toEqual([1008, 'enough']);
});

test.each([
  ['a message over the bound', (server: WebSocket) => server.send('x'.repeat(1_001)), 1009],
  ['bytes', (server: WebSocket) => server.send(Buffer.from([1, 2])), 1003],
])('%s ends the connection', async (_name, send, code) => {
  const { server, ended, texts } = await joined(1_000);
  send(server);
  expect((await ended)[0]).toBe(code);
  expect(texts).toEqual([]);
});

test.each([
  ['no WebSocket', 'HTTP/1.1 200 OK\r\n\r\n'],
  ['an answer to somebody else', 'HTTP/1.1 101 Switching Protocols\r\nSec-WebSocket-Accept: x\r\n\r\n'],
  ['an endless head', 'x'.repeat(20_000)],
])('%s is refused', async (_name, answer) => {
  const path = join(scratchFolder(), 'x.sock');
  const server = createNet((socket) => socket.on('error', () => undefined).once('data', () => socket.write(answer)));
  await new Promise<void>((resolve) => server.listen(path, resolve));
  onTestFinished(() => void server.close());
  await expect(openWire(path, 1_000, 1_000)).rejects.toThrow('expected a WebSocket');
});
