import { closeSync, existsSync, openSync, readFileSync, writeSync } from 'node:fs';
import { join } from 'node:path';
import { decode } from '../domain/entry.ts';
import { JournalError } from './error.ts';
import { makePrivateFolder } from './files.ts';
import { jsonText } from './row.ts';
import { compressFrame, decompressFrame, frameLength, hasFrameAfter } from './tape-frame.ts';

/** Where the market came from, where it need not be on the tape. `name` is a file's name without its folder. */
export type TapeFeed =
  | { readonly kind: 'exchange'; readonly exchange: string }
  | { readonly kind: 'replay'; readonly sha256: string; readonly name: string }
  | { readonly kind: 'synthetic'; readonly seed: number; readonly symbol: string };

export interface TapeHeader {
  readonly format: 1;
  readonly build: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly feed: TapeFeed;
  /** The entry that the state before the first record is of. */
  readonly snapshotSeq: number;
  /** 1 for the first file of an epoch. */
  readonly part: number;
}

/** An input as the engine saw it, after conflation: its number, its instant, the seq reached when it was at rest. */
export interface TapeRecord {
  readonly n: number;
  readonly at: number;
  readonly seq: number;
  readonly [word: string]: unknown;
}

export interface TapeOptions {
  readonly epoch: number;
  /** Called for each file: a later one starts from a later snapshot. */
  readonly header: () => Omit<TapeHeader, 'format' | 'part'>;
  /** Milliseconds that never go back. */
  readonly clock: () => number;
  readonly partMsMax?: number | undefined;
  readonly partBytesMax?: number | undefined;
}

const FRAME_MS = 1_000;
/** A frame is written early at this size, so that a feed at full speed does not pile up in memory. */
const FRAME_CHARS_MAX = 8_000_000;
const DAY_MS = 86_400_000;
const PART_BYTES_MAX = 256 * 1024 * 1024;

export const tapeFile = (epoch: number, part = 1): string =>
  part === 1 ? `tape-${epoch}.zst` : `tape-${epoch}-${String(part).padStart(4, '0')}.zst`;

/** The files of an epoch in order. */
export function tapeParts(folder: string, epoch: number): string[] {
  const files: string[] = [];
  for (let file = join(folder, tapeFile(epoch)); existsSync(file); ) {
    files.push(file);
    file = join(folder, tapeFile(epoch, files.length + 1));
  }
  return files;
}

/** Writes the inputs of one epoch. What was appended since the last frame dies with a killed process. */
export class TapeWriter {
  readonly #folder: string;
  readonly #options: TapeOptions;
  #part = 0;
  #handle = -1;
  #bytes = 0;
  #text = '';
  #frameAt = Number.NEGATIVE_INFINITY;
  #partAt = Number.NEGATIVE_INFINITY;

  /** @throws where the epoch has a tape already: one epoch is one start of the engine. */
  constructor(folder: string, options: TapeOptions) {
    makePrivateFolder(folder);
    this.#folder = folder;
    this.#options = options;
    this.#beginPart(options.clock());
  }

  /** Exact values may be anywhere in a record. */
  append(record: TapeRecord): void {
    this.#text += `${jsonText(record)}\n`;
    if (this.#text.length >= FRAME_CHARS_MAX) this.#writeFrame(this.#options.clock());
  }

  /** Writes a frame where a second has passed since the last one. Call it after each input, or once a second. */
  flush(): void {
    const now = this.#options.clock();
    if (now - this.#frameAt >= FRAME_MS) this.#writeFrame(now);
  }

  close(): void {
    if (this.#handle < 0) return;
    this.#writeFrame(this.#options.clock());
    closeSync(this.#handle);
    this.#handle = -1;
  }

  #writeFrame(now: number): void {
    this.#frameAt = now;
    if (this.#text === '') return;
    const { partMsMax = DAY_MS, partBytesMax = PART_BYTES_MAX } = this.#options;
    if (now - this.#partAt >= partMsMax || this.#bytes >= partBytesMax) this.#beginPart(now);
    this.#write(this.#text);
    this.#text = '';
  }

  #beginPart(now: number): void {
    if (this.#handle >= 0) closeSync(this.#handle);
    this.#part += 1;
    this.#handle = openSync(join(this.#folder, tapeFile(this.#options.epoch, this.#part)), 'wx', 0o600);
    this.#bytes = 0;
    this.#partAt = now;
    this.#frameAt = now;
    this.#write(`${jsonText({ format: 1, ...this.#options.header(), part: this.#part })}\n`);
  }

  #write(text: string): void {
    const frame = compressFrame(text);
    for (let done = 0; done < frame.length; ) done += writeSync(this.#handle, frame, done);
    this.#bytes += frame.length;
  }
}

/** A tape as it was found. */
export interface Tape {
  readonly header: TapeHeader;
  /** Decodes as it goes. @throws {JournalError} `DAMAGED`. */
  readonly records: Iterable<TapeRecord>;
  /** The last frame was cut off by a crash and is left out: where it begins, and how many bytes of it there are. */
  readonly torn: { readonly offset: number; readonly bytes: number } | undefined;
}

/** @throws {JournalError} `DAMAGED` where it is no tape or a frame in its midst is broken, `NEWER` for a later format. */
export function readTape(file: string): Tape {
  const bytes = readFileSync(file);
  const { frames, end } = framesOf(file, bytes);
  const [first] = frames;
  if (first === undefined) throw broken(file, 0, 'a first frame with the header');
  const header = decode<TapeHeader>(textOf(file, bytes, first));
  if (header.format !== 1) throw newer(file, header.format);
  const torn = end < bytes.length ? { offset: end, bytes: bytes.length - end } : undefined;
  return { header, torn, records: { [Symbol.iterator]: () => recordsOf(file, bytes, frames.slice(1)) } };
}

interface Frame {
  readonly offset: number;
  readonly length: number;
}

function framesOf(file: string, bytes: Buffer): { frames: Frame[]; end: number } {
  const frames: Frame[] = [];
  let offset = 0;
  for (let length = frameLength(bytes, 0); length !== undefined; length = frameLength(bytes, offset)) {
    frames.push({ offset, length });
    offset += length;
  }
  if (offset < bytes.length && hasFrameAfter(bytes, offset)) throw broken(file, offset, 'a whole frame');
  return { frames, end: offset };
}

function* recordsOf(file: string, bytes: Buffer, frames: readonly Frame[]): Generator<TapeRecord> {
  for (const frame of frames) {
    for (const line of textOf(file, bytes, frame).split('\n')) {
      if (line !== '') yield decode<TapeRecord>(line);
    }
  }
}

function textOf(file: string, bytes: Buffer, { offset, length }: Frame): string {
  try {
    return decompressFrame(bytes.subarray(offset, offset + length));
  } catch (error) {
    throw broken(file, offset, 'a frame whose checksum holds', error);
  }
}

function broken(file: string, offset: number, expected: string, cause?: unknown): JournalError {
  const fix = 'Take the tape from a backup; what is before that place can be replayed with --to.';
  return new JournalError(
    'DAMAGED',
    { where: file, expected, found: `a broken frame at byte ${offset}`, fix },
    { cause },
  );
}

function newer(file: string, format: unknown): JournalError {
  const found = `this tape was written by a newer Dzentra (format ${String(format)})`;
  return new JournalError('NEWER', { where: file, expected: 'format 1', found, fix: 'Replay it with that version.' });
}
