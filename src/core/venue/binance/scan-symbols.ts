/** A venue's own name of a market, in bytes, and ours. */
interface Known {
  readonly id: Uint8Array;
  readonly symbol: string;
  readonly next: Known | undefined;
}

const QUOTE = 0x22;
const BACKSLASH = 0x5c;
const SPACE = 0x20;
const SLOTS = 1_024;
const ID_BYTES_MAX = 64;

/**
 * Symbols by the bytes of the venue's name, so that a frame makes no string. A name that `symbolOf` knew once is not
 * asked for again; one that it did not know is asked for each time.
 */
export class SymbolTable {
  /** What the last `read` found. */
  symbol = '';
  readonly #slots: (Known | undefined)[] = new Array<Known | undefined>(SLOTS).fill(undefined);
  readonly #symbolOf: (id: string) => string | undefined;
  readonly #decoder = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true });

  constructor(symbolOf: (id: string) => string | undefined) {
    this.#symbolOf = symbolOf;
  }

  /** Reads a name and its closing quote, from after the opening one. Gives the place after it, -1 for an unknown one. */
  read(bytes: Uint8Array, from: number, end: number): number {
    let hash = 0;
    let at = from;
    const stop = Math.min(end, from + ID_BYTES_MAX + 1);
    while (at < stop) {
      const byte = bytes[at] as number;
      if (byte === QUOTE) return this.#find(bytes, from, at, hash & (SLOTS - 1)) ? at + 1 : -1;
      hash = (Math.imul(hash, 31) + byte) | 0;
      at++;
    }
    return -1;
  }

  #find(bytes: Uint8Array, from: number, to: number, slot: number): boolean {
    for (let known = this.#slots[slot]; known !== undefined; known = known.next) {
      if (!isSame(known.id, bytes, from, to)) continue;
      this.symbol = known.symbol;
      return true;
    }
    return this.#ask(bytes.slice(from, to), slot);
  }

  #ask(id: Uint8Array, slot: number): boolean {
    // What JSON writes with an escape is another name once it is parsed: plain parsing has to say which.
    for (const byte of id) if (byte === BACKSLASH || byte < SPACE) return false;
    const symbol = this.#symbolOf(this.#text(id));
    if (symbol === undefined) return false;
    this.#slots[slot] = { id, symbol, next: this.#slots[slot] };
    this.symbol = symbol;
    return true;
  }

  /** Empty where it is no UTF-8: no market has such a name. */
  #text(id: Uint8Array): string {
    try {
      return this.#decoder.decode(id);
    } catch {
      return '';
    }
  }
}

function isSame(id: Uint8Array, bytes: Uint8Array, from: number, to: number): boolean {
  const length = id.length;
  if (length !== to - from) return false;
  for (let i = 0; i < length; i++) if (id[i] !== bytes[from + i]) return false;
  return true;
}
