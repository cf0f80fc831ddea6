import { ONE, roundNumber, toNumber } from '../base/decimal.ts';

/** A whole number up to it, divided by a power of ten, is the one double whose shortest text is that decimal. */
const SURE = 1e15;
const PER_UNIT_MAX = 1e15;
/** Doubles of that size are whole numbers. */
const WHOLE = 1e17;

/**
 * The sum of volumes as the decimals that they are: `0.1` and `0.2` make `0.3`, the double nearest to the exact sum, whose
 * shortest text that sum is. Digits are counted in whole numbers of the smallest unit seen, which allocates nothing; what
 * has more of them than a double is sure of is added up exactly beside them.
 */
export class VolumeSum {
  #perUnit = 1;
  #units = 0;
  #rest = 0n;

  add(volume: number): void {
    const sum = this.#units + Math.round(volume * this.#perUnit);
    if (sum <= SURE && (sum - this.#units) / this.#perUnit === volume) this.#units = sum;
    else this.#addFiner(volume);
  }

  /** The sum; the next volume begins another one. */
  take(): number {
    const sum = this.#units / this.#perUnit;
    const exact = this.#rest === 0n ? sum : toNumber(this.#rest + exactOf(sum));
    this.#units = 0;
    this.#rest = 0n;
    return exact;
  }

  #addFiner(volume: number): void {
    for (let perUnit = this.#units === 0 ? 1 : this.#perUnit; perUnit <= PER_UNIT_MAX; perUnit *= 10) {
      const units = Math.round(volume * perUnit);
      const sum = this.#units * (perUnit / this.#perUnit) + units;
      if (sum > SURE) break;
      if (units / perUnit !== volume) continue;
      this.#perUnit = perUnit;
      this.#units = sum;
      return;
    }
    this.#rest += exactOf(volume);
  }
}

/** Digits beyond the 18th place are no volume: they are rounded away. */
function exactOf(volume: number): bigint {
  if (volume >= WHOLE) return BigInt(volume) * ONE;
  return roundNumber(volume);
}
