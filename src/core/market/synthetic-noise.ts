/**
 * Noise that is a pure function of a seed and an index: any instant can be asked for, in any order, on any machine with
 * the same bits. Integer hashing and + - * / only.
 */

/**
 * Mixes a seed, a channel (what the number is for) and an index to 32 well-spread bits.
 * Source of the last steps: MurmurHash3's 32-bit finalizer (A. Appleby, public domain).
 */
export function hash(seed: number, channel: number, index: number): number {
  let bits = Math.imul(seed ^ Math.imul(channel + 1, 0x9e3779b1), 0x85ebca6b) ^ Math.imul(index, 0xc2b2ae35);
  bits ^= bits >>> 16;
  bits = Math.imul(bits, 0x85ebca6b);
  bits ^= bits >>> 13;
  bits = Math.imul(bits, 0xc2b2ae35);
  bits ^= bits >>> 16;
  return bits >>> 0;
}

/** A number in [0, 1). */
export const share = (seed: number, channel: number, index: number): number =>
  hash(seed, channel, index) / 4_294_967_296;

/** A seed of its own for each symbol. Source: FNV-1a, 32 bit. */
export function seedOf(symbol: string, seed: number): number {
  let bits = (0x811c9dc5 ^ seed) | 0;
  for (let at = 0; at < symbol.length; at++) bits = Math.imul(bits ^ symbol.charCodeAt(at), 0x01000193);
  return bits | 0;
}

/** Octaves of 1, 2, 4 ... 2,048 steps. */
const OCTAVES = 12;
/** The channels of the octaves; other channels are below. */
const FIRST_CHANNEL = 100;
/** sqrt(2): each octave is twice as long as the one before, and a random walk grows with the root of time. */
const GROWTH = Math.sqrt(2);

/**
 * Value noise whose increments resemble a random walk up to its longest octave, and which then stays near 0: one hashed
 * value a lattice point, straight lines between, summed over octaves. It remembers the lattice points around the step
 * asked for last, which saves time and changes no answer. (A class, so that V8 inlines it for many markets at once.)
 */
export class Noise {
  readonly #seed: number;
  readonly #amplitudes = new Float64Array(OCTAVES);
  /** -2: one before any cell that has a neighbour. */
  readonly #cells = new Int32Array(OCTAVES).fill(-2);
  readonly #lefts = new Float64Array(OCTAVES);
  readonly #rights = new Float64Array(OCTAVES);

  /** @param amplitude that of the shortest octave */
  constructor(seed: number, amplitude: number) {
    this.#seed = seed;
    for (let octave = 0, size = amplitude; octave < OCTAVES; octave++, size *= GROWTH) this.#amplitudes[octave] = size;
  }

  at(step: number): number {
    const cells = this.#cells;
    const lefts = this.#lefts;
    const rights = this.#rights;
    let sum = 0;
    for (let octave = 0; octave < OCTAVES; octave++) {
      const cell = step >> octave;
      if (cell !== cells[octave]) this.#enter(octave, cell);
      const part = (step - (cell << octave)) / (1 << octave);
      const left = lefts[octave] as number;
      sum += left + ((rights[octave] as number) - left) * part;
    }
    return sum;
  }

  #enter(octave: number, cell: number): void {
    const isNext = cell === (this.#cells[octave] as number) + 1;
    this.#lefts[octave] = isNext ? (this.#rights[octave] as number) : this.#point(octave, cell);
    this.#rights[octave] = this.#point(octave, cell + 1);
    this.#cells[octave] = cell;
  }

  #point(octave: number, cell: number): number {
    return (share(this.#seed, FIRST_CHANNEL + octave, cell) * 2 - 1) * (this.#amplitudes[octave] as number);
  }
}
