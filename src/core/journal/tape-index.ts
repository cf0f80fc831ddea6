import { type FileHandle, open } from 'node:fs/promises';
import type { Pace } from '../platform/pace.ts';
import { JournalError } from './error.ts';
import { atOf, headerOf, readFrames, type TapeHeader, type TapeWindow, textOf } from './tape.ts';

/** Bytes that one read brings into memory where nothing is looked at. */
const CHUNK = 1 << 20;

/**
 * Where the frames of a tape are: what lies round an instant is found without unpacking all of it. A place where the tape
 * has lost its shape is its end.
 * @throws where the disk fails or the pace does.
 */
export async function openTapeIndex(file: string, pace: Pace): Promise<TapeIndex> {
  const index = new TapeIndex(file, await open(file), pace);
  try {
    await index.fill();
    return index;
  } catch (error) {
    await index.close();
    throw error;
  }
}

/** The frames of records by their number, from 0 on. Instants of records never go back. */
export class TapeIndex {
  /** Undefined where it cannot be read. */
  header: TapeHeader | undefined;
  /** The first thing that could not be read. */
  flaw: string | undefined;
  readonly #file: string;
  readonly #handle: FileHandle;
  readonly #pace: Pace;
  /** Where each frame begins, and where the last one ends. */
  readonly #offsets: number[] = [];

  /** Made by `openTapeIndex`. */
  constructor(file: string, handle: FileHandle, pace: Pace) {
    this.#file = file;
    this.#handle = handle;
    this.#pace = pace;
  }

  async fill(): Promise<void> {
    try {
      for (const frame of readFrames(this.#file)) {
        this.header ??= headerOf(this.#file, frame);
        this.#offsets.push(frame.offset + frame.bytes.length);
        await this.#pace();
      }
      this.header ??= headerOf(this.#file, undefined);
    } catch (error) {
      this.#note(error);
    }
  }

  /** Instants of the first and the last record that can be read; undefined where there is none. */
  async span(): Promise<TapeWindow | undefined> {
    const from = await this.#startsAt(0);
    for (let frame = this.#frames - 1; frame >= 0; frame--) {
      const text = await this.text(frame);
      if (text !== undefined) return [from, atOf(text.slice(text.lastIndexOf('\n', text.length - 2) + 1))];
    }
    return undefined;
  }

  /** The first frame whose first record is at such an instant (and so are all after it); one past the last where none is. */
  async find(isReached: (at: number) => boolean): Promise<number> {
    let from = 0;
    let to = this.#frames;
    while (from < to) {
      const middle = Math.floor((from + to) / 2);
      if (isReached(await this.#startsAt(middle))) to = middle;
      else from = middle + 1;
    }
    return from;
  }

  /** The records of a frame, a line each; undefined where it is broken. */
  async text(frame: number): Promise<string | undefined> {
    await this.#pace();
    const offset = this.#offsets[frame] ?? 0;
    try {
      return textOf(this.#file, { offset, bytes: await this.#read(offset, this.#offsets[frame + 1] ?? offset) });
    } catch (error) {
      return this.#note(error);
    }
  }

  /** Frames as they are stored, from one up to another, a piece in memory at a time. */
  async *bytes(from: number, to: number): AsyncGenerator<Buffer> {
    const end = this.#offsets[to] ?? 0;
    for (let offset = this.#offsets[from] ?? end; offset < end; offset += CHUNK) {
      await this.#pace();
      yield await this.#read(offset, Math.min(offset + CHUNK, end));
    }
  }

  close(): Promise<void> {
    return this.#handle.close();
  }

  get #frames(): number {
    return Math.max(0, this.#offsets.length - 1);
  }

  /** A broken frame begins when the next one does. */
  async #startsAt(frame: number): Promise<number> {
    for (let each = frame; each < this.#frames; each++) {
      const text = await this.text(each);
      if (text !== undefined) return atOf(text.slice(0, text.indexOf('\n')));
    }
    return Number.POSITIVE_INFINITY;
  }

  async #read(from: number, to: number): Promise<Buffer> {
    const bytes = Buffer.allocUnsafe(to - from);
    for (let done = 0; done < bytes.length; ) {
      const { bytesRead } = await this.#handle.read(bytes, done, bytes.length - done, from + done);
      if (bytesRead === 0) throw new Error(`${this.#file} became shorter while it was read`);
      done += bytesRead;
    }
    return bytes;
  }

  /** What is wrong with the tape is kept; anything else is not the tape's fault. */
  #note(error: unknown): undefined {
    if (!(error instanceof JournalError)) throw error;
    this.flaw ??= error.found;
  }
}
