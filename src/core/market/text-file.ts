import { closeSync, readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
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
 * Reads a text file, plain or gzip (told by its first bytes, not by its name).
 * @throws {DataError} where there is no such file, or it is empty, cut short or not text.
 */
export function readTextFile(path: string): TextFile {
  const raw = readRaw(path);
  let kept: Uint8Array | undefined = raw;
  let digest = '';
  return {
    name: path,
    bytes: unpack(raw, path),
    sha256: () => {
      if (kept !== undefined) digest = nodeCrypto().createHash('sha256').update(kept).digest('hex');
      kept = undefined;
      return digest;
    },
  };
}

function readRaw(path: string): Uint8Array {
  const file = openData(path, 'file or pipe');
  try {
    return readFileSync(file);
  } catch (error) {
    throw explainUnreadable(error, path);
  } finally {
    closeSync(file);
  }
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
  const bytes = startsWith(raw, [0x1f, 0x8b]) ? gunzip(raw, name) : raw;
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

function gunzip(raw: Uint8Array, name: string): Uint8Array {
  try {
    return gunzipSync(raw, { chunkSize: 1 << 20 });
  } catch (error) {
    const isCut = (error as NodeJS.ErrnoException).code === 'Z_BUF_ERROR';
    const found = isCut ? 'one that ends early' : `damaged data (${(error as Error).message})`;
    throw new DataError({ file: name, expected: 'a whole gzip file', found, fix: 'Download or copy it again' });
  }
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
