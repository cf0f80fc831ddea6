import { createHash, randomBytes } from 'node:crypto';
import { createConnection, type Socket } from 'node:net';
import { type Channel, CLOSE, type Ends, type Plug } from './channel.ts';

/*
 * The client's side of a WebSocket (RFC 6455) on a Unix socket. The engine listens with `ws`; a command that looks once
 * spends a third of its time on loading that package, with TLS and compression that no Unix socket needs. What is read here
 * comes from our own engine.
 */

const GUID = '258EAFA5-E914-47DA-95CA-C5AB0DC85B11';
const HEAD_BYTES_MAX = 8_192;
const OPCODE = { more: 0, text: 1, close: 8, ping: 9, pong: 10 } as const;

/** Connects and shakes hands. @throws what the socket throws, or an Error where the other side is no WebSocket. */
export function openWire(path: string, openMs: number, bytesMax: number): Promise<Plug> {
  const key = randomBytes(16).toString('base64');
  const accept = createHash('sha1').update(`${key}${GUID}`).digest('base64');
  return new Promise((resolve, reject) => {
    const socket = createConnection({ path });
    const failed = (problem: Error): void => {
      clearTimeout(silence);
      socket.destroy();
      reject(problem);
    };
    // A process that is stopped takes the connection and says nothing.
    const silence = setTimeout(() => failed(new Error(`no answer within ${openMs} ms`)), openMs);
    const ended = (): void => failed(new Error('the connection ended before the handshake'));
    let head = Buffer.alloc(0);
    const hear = (bytes: Buffer): void => {
      head = Buffer.concat([head, bytes]);
      const end = head.indexOf('\r\n\r\n');
      if (end < 0 && head.length < HEAD_BYTES_MAX) return;
      const text = head.toString('latin1', 0, Math.max(0, end));
      if (!text.startsWith('HTTP/1.1 101 ') || !text.includes(accept)) {
        failed(new Error(`expected a WebSocket, found ${JSON.stringify(text.slice(0, 40))}`));
        return;
      }
      clearTimeout(silence);
      socket.off('data', hear).off('error', failed).off('close', ended);
      resolve(new Wire(socket, head.subarray(end + 4), bytesMax));
    };
    socket.on('data', hear).on('error', failed).on('close', ended);
    socket.write(
      `GET / HTTP/1.1\r\nHost: engine\r\nUpgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: ${key}\r\nSec-WebSocket-Version: 13\r\n\r\n`,
    );
  });
}

/** One frame: a whole text, a part of one, or a control frame. */
interface Frame {
  readonly isLast: boolean;
  readonly opcode: number;
  readonly body: Buffer;
}

/** Frames in, texts out, and the other way round. Bytes are looked at again only when a whole frame may be there. */
class Wire implements Plug, Channel {
  readonly channel: Channel = this;
  readonly #socket: Socket;
  readonly #bytesMax: number;
  #chunks: Buffer[];
  #bytes: number;
  /** Bytes without which there is no use in looking at the chunks again. */
  #wanted = 2;
  #parts: Buffer[] = [];
  #ends: Ends | undefined;
  #code: number = CLOSE.goingAway;
  #reason = '';

  constructor(socket: Socket, first: Buffer, bytesMax: number) {
    this.#socket = socket;
    this.#bytesMax = bytesMax;
    this.#chunks = [first];
    this.#bytes = first.length;
    socket.on('data', (bytes: Buffer) => {
      this.#chunks.push(bytes);
      this.#bytes += bytes.length;
      this.#read();
    });
    // A close always follows.
    socket.on('error', () => undefined);
    socket.on('close', () => this.#ends?.closed(this.#code, this.#reason));
    socket.on('end', () => socket.destroy());
  }

  listen(ends: Ends): void {
    this.#ends = ends;
    this.#read();
  }

  get waiting(): number {
    return this.#socket.writableLength;
  }

  send(text: string): void {
    if (this.#socket.writable) this.#write(OPCODE.text, Buffer.from(text));
  }

  close(code: number, reason: string): void {
    const body = Buffer.alloc(2 + Buffer.byteLength(reason));
    body.writeUInt16BE(code);
    body.write(reason, 2);
    this.#write(OPCODE.close, body);
    this.#socket.end();
  }

  cut(): void {
    this.#socket.destroy();
  }

  /** A client masks what it sends; a mask of zeros leaves it as it is. */
  #write(opcode: number, body: Buffer): void {
    const { length } = body;
    const extra = length < 126 ? 0 : length < 65_536 ? 2 : 8;
    const head = Buffer.alloc(2 + extra + 4);
    head[0] = 0x80 | opcode;
    head[1] = 0x80 | (extra === 0 ? length : extra === 2 ? 126 : 127);
    if (extra === 2) head.writeUInt16BE(length, 2);
    if (extra === 8) head.writeBigUInt64BE(BigInt(length), 2);
    this.#socket.cork();
    this.#socket.write(head);
    this.#socket.write(body);
    this.#socket.uncork();
  }

  #read(): void {
    while (this.#ends !== undefined && !this.#socket.destroyed && this.#bytes >= this.#wanted) {
      const frame = this.#frame();
      if (frame !== undefined) this.#take(frame);
    }
  }

  /** The next frame, or undefined where its bytes are not all there. */
  #frame(): Frame | undefined {
    const all = this.#chunks.length === 1 ? (this.#chunks[0] as Buffer) : Buffer.concat(this.#chunks);
    this.#chunks = [all];
    const short = (all[1] as number) & 0x7f;
    const start = short < 126 ? 2 : short === 126 ? 4 : 10;
    this.#wanted = start;
    if (all.length < start) return undefined;
    const length = start === 2 ? short : start === 4 ? all.readUInt16BE(2) : Number(all.readBigUInt64BE(2));
    if (length > this.#bytesMax) {
      this.#fail(CLOSE.tooBig, `expected at most ${this.#bytesMax} bytes`);
      return undefined;
    }
    this.#wanted = start + length;
    if (all.length < this.#wanted) return undefined;
    this.#chunks = [all.subarray(this.#wanted)];
    this.#bytes = all.length - this.#wanted;
    const body = all.subarray(start, this.#wanted);
    this.#wanted = 2;
    return { isLast: ((all[0] as number) & 0x80) !== 0, opcode: (all[0] as number) & 0x0f, body };
  }

  /** A ping may stand between the parts of a text. */
  #take({ isLast, opcode, body }: Frame): void {
    if (opcode === OPCODE.ping) this.#write(OPCODE.pong, body);
    else if (opcode === OPCODE.close) this.#closed(body);
    else if (opcode === OPCODE.text || opcode === OPCODE.more) {
      this.#parts.push(body);
      if (!isLast) return;
      const text = Buffer.concat(this.#parts).toString('utf8');
      this.#parts = [];
      this.#ends?.receive(text);
    } else if (opcode !== OPCODE.pong) this.#fail(CLOSE.unsupported, 'expected text');
  }

  /** The other side ended it: its code and reason are the ones that are told. */
  #closed(body: Buffer): void {
    if (body.length >= 2) {
      this.#code = body.readUInt16BE();
      this.#reason = body.toString('utf8', 2);
    }
    this.#write(OPCODE.close, body);
    this.#socket.end();
    this.#socket.destroySoon();
  }

  #fail(code: number, reason: string): void {
    this.#code = code;
    this.#reason = reason;
    this.close(code, reason);
    this.#socket.destroySoon();
  }
}
