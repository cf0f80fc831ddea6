import { closeSync, fstatSync, readFileSync } from 'node:fs';
import { gunzip, gunzipSync } from 'node:zlib';
import { nodeCrypto } from '../platform/crypto.ts';
import { DataError } from './data-error.ts';
import { explainUnreadable, openData } from './open-data.ts';

const LF = 10;

/** A text file in memory. `bytes` are unpacked and end in a line feed; `sha256` is that of the file as it lies on disk. */
export interface TextFile {
  readonly name: string;
  readonly bytes: Uint8Array;
  sha256(): string;
}

/**
 * Reads a text file, plain or gzip (told by its first bytes, not by its name). A pipe is waited for, until the signal aborts.
 * @throws {DataError} where there is no such file, or it is empty, cut short or not text.
 */
export async function readTextFile(path: string, signal?: AbortSignal): Promise<TextFile> {
  const raw = await readRaw(path, signal);
  let kept: Uint8Array | undefined = raw;
  let digest = '';
  const bytes = isGzip(raw) ? await gunzipMeanwhile(raw, path) : raw;
  signal?.throwIfAborted();
  return {
    name: path,
    bytes: textOf(bytes, path),
    sha256: () => {
      if (kept !== undefined) digest = nodeCrypto().createHash('sha256').update(kept).digest('hex');
      kept = undefined;
      return digest;
    },
  };
}

async function readRaw(path: string, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const file = openData(path, 'file or pipe');
  if (fstatSync(file).isFIFO()) return await readPipe(file, signal);
  try {
    return readFileSync(file);
  } catch (error) {
    throw explainUnreadable(error, path);
  } finally {
    closeSync(file);
  }
}

/** All that is written to a pipe. It is read as a socket: a thread that waits in `read` holds up the end of the process. */
async function readPipe(file: number, signal: AbortSignal | undefined): Promise<Uint8Array> {
  const { Socket } = await import('node:net');
  const pipe = new Socket({ fd: file, readable: true, writable: false, ...(signal === undefined ? {} : { signal }) });
  const pieces: Uint8Array[] = [];
  for await (const piece of pipe) pieces.push(piece as Uint8Array);
  return Buffer.concat(pieces);
}

const PACKED: readonly (readonly [name: string, magic: readonly number[]])[] = [
  ['a zip archive', [0x50, 0x4b, 0x03, 0x04]],
  ['a zstd file', [0x28, 0xb5, 0x2f, 0xfd]],
  ['an xz file', [0xfd, 0x37, 0x7a, 0x58]],
  ['an Arrow file', [0x41, 0x52, 0x52, 0x4f, 0x57, 0x31]],
  ['a Parquet file', [0x50, 0x41, 0x52, 0x31]],
];

const startsWith = (bytes: Uint8Array, magic: readonly number[]): boolean =>
  magic.every((byte, index) => bytes[index] === byte);

/**
 * Unpacks gzip and sees to the line feed at the end, which lets a scanner run without asking for the end of the bytes.
 * @throws {DataError} where the bytes are none, cut short or not text.
 */
export function unpack(raw: Uint8Array, name: string): Uint8Array {
  return textOf(isGzip(raw) ? gunzipNow(raw, name) : raw, name);
}

const isGzip = (raw: Uint8Array): boolean => startsWith(raw, [0x1f, 0x8b]);

function textOf(bytes: Uint8Array, name: string): Uint8Array {
  if (bytes.length === 0) throw notText(name, 'an empty file', 'Give a file with rows');
  for (const [what, magic] of PACKED) {
    if (startsWith(bytes, magic)) throw notText(name, what, 'Unpack or export it as CSV first');
  }
  if (isBinary(bytes)) throw notText(name, 'binary data', 'Give a CSV file, plain or gzip');
  return bytes[bytes.length - 1] === LF ? bytes : withLineFeed(bytes);
}

function notText(file: string, found: string, fix: string): DataError {
  return new DataError({ file, expected: 'comma-separated text, plain or gzip', found, fix });
}

const PIECES = { chunkSize: 1 << 20 };

function gunzipNow(raw: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(raw, PIECES);
  } catch (error) {
    throw notUnpacked(error as Error, name);
  }
}

/** The same in another thread: this one may do something else. */
function gunzipMeanwhile(raw: Uint8Array, name: string): Promise<Uint8Array> {
  return new Promise((resolve, reject) => {
    gunzip(raw, PIECES, (error, bytes) => {
      if (error === null) resolve(bytes);
      else reject(notUnpacked(error, name));
    });
  });
}

function notUnpacked(error: NodeJS.ErrnoException, file: string): DataError {
  const found = error.code === 'Z_BUF_ERROR' ? 'one that ends early' : `damaged data (${error.message})`;
  return new DataError({ file, expected: 'a whole gzip file', found, fix: 'Download or copy it again' });
}

/** Control bytes other than tab, line feed and carriage return near the start: no table has them. */
function isBinary(bytes: Uint8Array): boolean {
  const head = bytes.subarray(0, 4_096);
  return head.some((byte) => byte < 32 && byte !== 9 && byte !== LF && byte !== 13);
}

function withLineFeed(bytes: Uint8Array): Uint8Array {
  const longer = new Uint8Array(bytes.length + 1);
  longer.set(bytes);
  longer[bytes.length] = LF;
  return longer;
}
