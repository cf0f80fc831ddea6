import { assert } from '../base/assert.ts';
import { hash, Noise, share } from './synthetic-noise.ts';
import { heatAt, levelAt, type Regime, Regimes } from './synthetic-regime.ts';

/** The market begins at 2024-01-01T00:00:00Z. */
export const SYNTHETIC_EPOCH_AT = 1_704_067_200_000;
/** The price is drawn at these instants and runs straight between them. */
export const SYNTHETIC_STEP_MS = 5_000;
/** Amplitude of the noise of one step: gives one-minute returns a standard deviation of about 0.05 %. */
const AMPLITUDE = 0.000_12;

/** Prices that one knows; other symbols get one from their name. */
const BASES: Readonly<Record<string, number>> = {
  BTC: 60_000,
  ETH: 3_000,
  BNB: 600,
  SOL: 150,
  AVAX: 30,
  LINK: 15,
  XRP: 0.6,
  ADA: 0.4,
  DOGE: 0.12,
};
const BASE_CHANNEL = 20;
const DIGITS_MAX = 10;
const POWERS = Float64Array.from([1, 1e1, 1e2, 1e3, 1e4, 1e5, 1e6, 1e7, 1e8, 1e9, 1e10]);

export const powerOfTen = (digits: number): number => POWERS[digits] as number;

/** A round price from 0.01 to 900. */
function priceFromName(seed: number): number {
  const figure = 1 + Math.floor(share(seed, BASE_CHANNEL, 0) * 9);
  return (figure * powerOfTen(hash(seed, BASE_CHANNEL, 1) % 5)) / 100;
}

/** The fewest digits after the point with which `value` has `units` units of the last one. */
export function digitsFor(value: number, units: number): number {
  let digits = 0;
  while (value * powerOfTen(digits) < units && digits < DIGITS_MAX) digits++;
  return digits;
}

/** The price of one symbol over time, in ticks. It remembers where it was asked last, which changes no answer. */
export class SyntheticPrice {
  readonly base: number;
  readonly digits: number;
  readonly ticksAUnit: number;
  readonly #noise: Noise;
  readonly #regimes: Regimes;
  #step = -2;
  #left = 0;
  #right = 0;

  constructor(symbol: string, seed: number) {
    this.base = BASES[symbol.split('/')[0] ?? ''] ?? priceFromName(seed);
    this.digits = digitsFor(this.base, 100_000);
    this.ticksAUnit = powerOfTen(this.digits);
    this.#noise = new Noise(seed, AMPLITUDE);
    this.#regimes = new Regimes(seed);
  }

  /** The mid at an instant as a whole number of ticks. Inside a step it lies between those of the step's ends. */
  ticksAt(at: number): number {
    const step = stepAt(at);
    return this.ticksIn(step, at - SYNTHETIC_EPOCH_AT - step * SYNTHETIC_STEP_MS);
  }

  /** The same, `sinceMs` after the beginning of a step. */
  ticksIn(step: number, sinceMs: number): number {
    this.#enter(step);
    return Math.round(this.#left + (this.#right - this.#left) * (sinceMs / SYNTHETIC_STEP_MS));
  }

  /** How far the price goes in a step, relative to the usual. */
  paceIn(step: number): number {
    this.#enter(step);
    return Math.abs(this.#right - this.#left) / (this.base * this.ticksAUnit * AMPLITUDE);
  }

  /** Volatility relative to the usual. */
  heatIn(step: number): number {
    return heatAt(this.#regimes.at(step), step);
  }

  regimeAt(at: number): Regime {
    return this.#regimes.at(stepAt(at)).regime;
  }

  #enter(step: number): void {
    if (step === this.#step) return;
    this.#left = step === this.#step + 1 ? this.#right : this.#draw(step);
    this.#right = this.#draw(step + 1);
    this.#step = step;
  }

  #draw(step: number): number {
    const stretch = this.#regimes.at(step);
    const wobble = 1 + heatAt(stretch, step) * this.#noise.at(step);
    return this.base * this.ticksAUnit * levelAt(stretch, step) * wobble;
  }
}

/** The step that holds an instant (ms UTC). */
export function stepAt(at: number): number {
  assert(at >= SYNTHETIC_EPOCH_AT, 'Invariant: the synthetic market is asked from its beginning on');
  return Math.floor((at - SYNTHETIC_EPOCH_AT) / SYNTHETIC_STEP_MS);
}
