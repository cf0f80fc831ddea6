import { closeSync, openSync, readSync, statSync, writeSync } from 'node:fs';
import { basename, join } from 'node:path';
import { decode } from '../domain/entry.ts';
import { TapeError } from './error.ts';
import { makePrivateFolder } from './files.ts';
import type { Reached } from './journal.ts';
import { jsonText } from './row.ts';
import { compressFrame, decompressFrame, frameLength, hasFrameAfter } from './tape-frame.ts';

/** Where the market came from, where it need not be on the tape. `name` is a file's name without its folder. */
export type TapeFeed =
  | { readonly kind: 'exchange'; readonly exchange: string }
  | { readonly kind: 'replay'; readonly sha256: string; readonly name: string }
  | { readonly kind: 'synthetic'; readonly seed: number; readonly symbol: string };

export interface TapeHeader {
  /** 1 has no record of what was about to be committed. */
  readonly format: 1 | 2;
  readonly build: string;
  readonly config: Readonly<Record<string, unknown>>;
  readonly feed: TapeFeed;
  /** The entry that the state before the first record is of. */
  readonly snapshotSeq: number;
  /** 1 for the first file of an epoch. */
  readonly part: number;
  /** Set where all but these spans of market time was dropped: it cannot be played. */
  readonly windows?: readonly TapeWindow[] | undefined;
}

/** A span of market time in ms, both ends within. */
export type TapeWindow = readonly [from: number, to: number];

/** An input as the engine saw it, after conflation: its number, its instant, the seq reached when it was at rest. */
export interface TapeRecord extends Reached {
  readonly [word: string]: unknown;
}

/** Other records tell only how far the epoch came: before a commit (`reached`) and at its end (`closed`). */
export const isInput = (record: TapeRecord): boolean => record.input !== undefined;

export interface TapeOptions {
  readonly epoch: number;
  /** Called for each file: a later one starts from a later snapshot. */
  readonly header: () => Omit<TapeHeader, 'format' | 'part' | 'windows'>;
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

/** A file as its name tells it. A tape of windows is what is left of one; an unfinished one of those means nothing. */
export interface TapeName {
  readonly epoch: number;
  readonly part: number;
  readonly kind: 'whole' | 'windows' | 'unfinished';
}

const NAME = /^tape-(\d+)(?:-(\d{4,}))?(?:(\.windows)?\.zst|\.windows\.zst(\.part))$/;

/** Undefined where it is no tape's name. */
export function tapeName(name: string): TapeName | undefined {
  const [found, epoch, part = '1', windows, unfinished] = NAME.exec(name) ?? [];
  if (found === undefined) return undefined;
  const kind = unfinished === undefined ? (windows === undefined ? 'whole' : 'windows') : 'unfinished';
  return { epoch: Number(epoch), part: Number(part), kind };
}

/** The file of a tape's windows: `tape-5-0002.windows.zst`. It has this name when it is whole, and `.part` behind it before. */
export const windowsFile = (tape: string): string => tape.replace(/\.zst$/, '.windows.zst');

/** The files of an epoch in order. */
export function tapeParts(folder: string, epoch: number): string[] {
  const files: string[] = [];
  for (let file = join(folder, tapeFile(epoch)); statSync(file, { throwIfNoEntry: false })?.isFile() === true; ) {
    files.push(file);
    file = join(folder, tapeFile(epoch, files.length + 1));
  }
  return files;
}

/**
 * Writes the inputs of one epoch. What was appended since the last frame dies with a killed process, so `precede` comes
 * before each commit. Nothing waits for the disk here: a power cut may take the last seconds, and `readTape` tells where.
 */
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

  /** The file that is written to. */
  get file(): string {
    return join(this.#folder, tapeFile(this.#options.epoch, this.#part));
  }

  /** Exact values may be anywhere in a record. */
  append(record: TapeRecord): void {
    this.#text += `${jsonText(record)}\n`;
    if (this.#text.length >= FRAME_CHARS_MAX) this.#writeFrame(this.#options.clock());
  }

  /** Entries up to this one are about to be committed: all that led to them is written first, and that it is all. */
  precede({ n, at, seq }: Reached): void {
    this.append({ n, at, seq, reached: true });
    this.#writeFrame(this.#options.clock());
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
    this.#handle = openSync(this.file, 'wx', 0o600);
    this.#bytes = 0;
    this.#partAt = now;
    this.#frameAt = now;
    this.#write(`${jsonText({ format: 2, ...this.#options.header(), part: this.#part })}\n`);
  }

  #write(text: string): void {
    const frame = compressFrame(text);
    for (let done = 0; done < frame.length; ) done += writeSync(this.#handle, frame, done);
    this.#bytes += frame.length;
  }
}

/** A last frame that was cut off: where it begins, and how many bytes of it there are. */
export interface Torn {
  readonly offset: number;
  readonly bytes: number;
}

/** A tape as it was found. */
export interface Tape {
  readonly header: TapeHeader;
  /** Decodes as it goes. @throws {TapeError} `DAMAGED`. */
  readonly records: Iterable<TapeRecord>;
  /** What is left out at its end. */
  readonly torn: Torn | undefined;
}

/** @throws {TapeError} `DAMAGED` where it is no tape or a frame in its midst is broken, `NEWER` for a later format. */
export function readTape(file: string): Tape {
  const frames: TapeFrame[] = [];
  const reading = readFrames(file);
  let next = reading.next();
  for (; next.done !== true; next = reading.next()) frames.push(next.value);
  const header = headerOf(file, frames[0]);
  return { header, torn: next.value, records: { [Symbol.iterator]: () => recordsOf(file, frames.slice(1)) } };
}

/** What a tape says of itself, without a look at the rest. @throws {TapeError} `DAMAGED` and `NEWER`. */
export function readHeader(file: string): TapeHeader {
  for (const first of readFrames(file)) return headerOf(file, first);
  return headerOf(file, undefined);
}

/** A frame of a tape as it is stored, and the byte of the file that it begins at. The first one holds the header alone. */
export interface TapeFrame {
  readonly offset: number;
  readonly bytes: Buffer;
}

/** Bytes that one read brings into memory, and more where a frame is longer. */
const CHUNK = 1 << 18;
/** Far more than a frame of so many characters takes. */
const FRAME_BYTES_MAX = 8 * FRAME_CHARS_MAX;

/**
 * The whole frames of a tape in order, a piece of the file in memory at a time.
 * @returns what a crash cut off at its end.
 * @throws {TapeError} `DAMAGED` where a frame in its midst has lost its shape. What is in a frame is not looked at.
 */
export function* readFrames(file: string): Generator<TapeFrame, Torn | undefined, undefined> {
  const handle = openSync(file, 'r');
  try {
    let bytes = Buffer.alloc(0);
    for (let offset = 0; ; ) {
      let end = 0;
      for (let length = frameLength(bytes, 0); length !== undefined; length = frameLength(bytes, end)) {
        yield { offset: offset + end, bytes: bytes.subarray(end, end + length) };
        end += length;
      }
      offset += end;
      const rest = bytes.subarray(end);
      // Another kind of file, or one without an end, is not read on in the hope of a frame.
      if (rest.length > FRAME_BYTES_MAX) throw broken(file, offset, 'a whole frame');
      const more = Buffer.allocUnsafe(Math.max(CHUNK, rest.length));
      const read = readSync(handle, more);
      if (read === 0) return tornOf(file, offset, rest);
      bytes = Buffer.concat([rest, more.subarray(0, read)]);
    }
  } finally {
    closeSync(handle);
  }
}

function tornOf(file: string, offset: number, rest: Buffer): Torn | undefined {
  if (hasFrameAfter(rest, 0)) throw broken(file, offset, 'a whole frame');
  return rest.length > 0 ? { offset, bytes: rest.length } : undefined;
}

const HEADER = 'a first frame with the header';
const FORMATS: ReadonlySet<unknown> = new Set([1, 2]);

/** What the first frame of a tape says of it. @throws {TapeError} `DAMAGED` and `NEWER`. */
export function headerOf(file: string, first: TapeFrame | undefined): TapeHeader {
  if (first === undefined) throw statSync(file).size === 0 ? empty(file) : broken(file, 0, HEADER);
  let header: TapeHeader;
  try {
    header = decode(textOf(file, first));
  } catch (error) {
    throw broken(file, 0, HEADER, error);
  }
  if (!FORMATS.has(header.format)) throw newer(file, header.format);
  return header;
}

function* recordsOf(file: string, frames: readonly TapeFrame[]): Generator<TapeRecord> {
  for (const frame of frames) {
    for (const line of textOf(file, frame).split('\n')) {
      if (line !== '') yield decode<TapeRecord>(line);
    }
  }
}

/** The lines of a frame, each with its end. @throws {TapeError} `DAMAGED` where its checksum does not hold. */
export function textOf(file: string, { offset, bytes }: TapeFrame): string {
  try {
    return decompressFrame(bytes);
  } catch (error) {
    throw broken(file, offset, 'a frame whose checksum holds', error);
  }
}

/** The lines of a frame, each with its end, whose records lie within a span. */
export function linesWithin(text: string, [from, to]: TapeWindow): readonly string[] {
  const lines = text.match(/.+\n/g) ?? [];
  return lines.filter((line) => {
    const at = atOf(line);
    return at >= from && at <= to;
  });
}

/** The instant of a record as it is stored. */
export const atOf = (line: string): number => (JSON.parse(line) as TapeRecord).at;

function broken(file: string, offset: number, expected: string, cause?: unknown): TapeError {
  const found = `a broken frame at byte ${offset} of ${basename(file)}`;
  const fix = 'Take the tape from a backup; dzentra journal tape prints what can be read of it.';
  return new TapeError('DAMAGED', { where: file, expected, found, fix }, { cause });
}

function empty(file: string): TapeError {
  const found = `${basename(file)} is empty: its engine ended before it could begin it`;
  const fix = 'Name another tape: dzentra replay TAPE.';
  return new TapeError('DAMAGED', { where: file, expected: HEADER, found, fix });
}

function newer(file: string, format: unknown): TapeError {
  const found = `this tape was written by a newer Dzentra (format ${String(format)})`;
  return new TapeError('NEWER', { where: file, expected: 'format 1 or 2', found, fix: 'Replay it with that version.' });
}
