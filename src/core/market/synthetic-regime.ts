import { share } from './synthetic-noise.ts';

/** How the market behaves for some hours: it runs one way, goes nowhere, or jumps. */
export type Regime = 'trend' | 'range' | 'shock';

/** A stretch of one regime, in steps since the market began. Levels are relative to the base price. */
export interface Stretch {
  readonly regime: Regime;
  readonly from: number;
  readonly to: number;
  readonly fromLevel: number;
  readonly toLevel: number;
  /** The shock: the level stays until `jumpFrom`, reaches `jumpLevel` at `jumpTo`, then drifts to `toLevel`. */
  readonly jumpFrom: number;
  readonly jumpTo: number;
  readonly jumpLevel: number;
  /** Volatility relative to the usual one: at the beginning, in the middle, at the end. */
  readonly fromHeat: number;
  readonly heat: number;
  readonly toHeat: number;
}

/** Eight hours of 5 s steps; the ends move by up to 30 % of it, so a stretch lasts 3 to 13 hours. */
const STRETCH_STEPS = 5_760;
const HEAT: Readonly<Record<Regime, number>> = { trend: 1, range: 0.7, shock: 2.2 };
const CHANNEL = { end: 1, regime: 2, side: 3, size: 4, moment: 5, width: 6, retrace: 7 } as const;

/** The stretches of one market. Those up to the asked one are made once, in order, so the order of asking is no matter. */
export class Regimes {
  readonly #seed: number;
  readonly #stretches: Stretch[] = [];
  #last: Stretch;

  constructor(seed: number) {
    this.#seed = seed;
    this.#last = this.#stretch(0);
  }

  at(step: number): Stretch {
    if (step < this.#last.from || step >= this.#last.to) this.#last = this.#find(step);
    return this.#last;
  }

  #find(step: number): Stretch {
    const index = Math.floor(step / STRETCH_STEPS);
    if (step < endOf(this.#seed, index - 1)) return this.#stretch(index - 1);
    return this.#stretch(step < endOf(this.#seed, index) ? index : index + 1);
  }

  #stretch(index: number): Stretch {
    const made = this.#stretches;
    while (made.length <= index) made.push(next(this.#seed, made.length, made.at(-1)?.toLevel ?? 1));
    return made[index] as Stretch;
  }
}

/** The step at which stretch `index` ends; stretch 0 begins at step 0. */
function endOf(seed: number, index: number): number {
  if (index < 0) return 0;
  return Math.floor((index + 0.7 + share(seed, CHANNEL.end, index) * 0.6) * STRETCH_STEPS);
}

function regimeOf(seed: number, index: number): Regime {
  const part = share(seed, CHANNEL.regime, index);
  if (part < 0.45) return 'trend';
  return part < 0.93 ? 'range' : 'shock';
}

function next(seed: number, index: number, fromLevel: number): Stretch {
  const regime = regimeOf(seed, index);
  const from = endOf(seed, index - 1);
  const to = endOf(seed, index);
  const move = sideOf(seed, index, fromLevel) * sizeOf(seed, index, regime);
  const moment = 0.2 + share(seed, CHANNEL.moment, index) * 0.5;
  const jumpFrom = from + Math.floor(moment * (to - from));
  const retrace = regime === 'shock' ? 0.3 + 0.3 * share(seed, CHANNEL.retrace, index) : 0;
  return {
    regime,
    from,
    to,
    fromLevel,
    toLevel: fromLevel * (1 + move * (1 - retrace)),
    jumpFrom,
    // 4 to 16 minutes.
    jumpTo: jumpFrom + 48 + Math.floor(share(seed, CHANNEL.width, index) * 144),
    jumpLevel: fromLevel * (1 + move),
    fromHeat: (HEAT[regimeOf(seed, index - 1)] + HEAT[regime]) / 2,
    heat: HEAT[regime],
    toHeat: (HEAT[regime] + HEAT[regimeOf(seed, index + 1)]) / 2,
  };
}

/** Up or down by chance, the more against the level the further it is from 1: prices stay between a half and the double. */
function sideOf(seed: number, index: number, level: number): number {
  const pull = level > 1 ? level - 1 : 1 - 1 / level;
  return share(seed, CHANNEL.side, index) < 0.5 - pull * 0.8 ? 1 : -1;
}

function sizeOf(seed: number, index: number, regime: Regime): number {
  const part = share(seed, CHANNEL.size, index);
  if (regime === 'trend') return 0.012 + 0.02 * part;
  return regime === 'range' ? 0.003 * part : 0.02 + 0.025 * part;
}

/** The level of a stretch at one of its steps, without noise. */
export function levelAt(stretch: Stretch, step: number): number {
  const { from, to, fromLevel, toLevel, jumpFrom, jumpTo, jumpLevel } = stretch;
  if (stretch.regime !== 'shock') return between(fromLevel, toLevel, (step - from) / (to - from));
  if (step <= jumpFrom) return fromLevel;
  if (step <= jumpTo) return between(fromLevel, jumpLevel, (step - jumpFrom) / (jumpTo - jumpFrom));
  return between(jumpLevel, toLevel, (step - jumpTo) / (to - jumpTo));
}

/** The volatility of a stretch at one of its steps: it meets that of its neighbours half-way. */
export function heatAt(stretch: Stretch, step: number): number {
  const part = (step - stretch.from) / (stretch.to - stretch.from);
  if (part < 0.5) return between(stretch.fromHeat, stretch.heat, part * 2);
  return between(stretch.heat, stretch.toHeat, part * 2 - 1);
}

const between = (a: number, b: number, part: number): number => a + (b - a) * part;
