import { absolute, digitsOf, ONE, text } from '../base/decimal.ts';
import { decimal, duration, inRisk, percent, signed, UNKNOWN, utcClock } from './format.ts';
import type { Ui } from './scene.ts';
import type { Cell, Fact, Tone } from './view.ts';

/** Cells as screens make them: `value` for programs beside `text` for people. What is null or undefined prints `?`. */

/** A word or a code: `value` stays English. */
export const word = (value: string, said: string, tone?: Tone): Cell => ({ value, text: said, tone });

/** What is not known. */
export const unknown = (): Cell => ({ value: null, text: UNKNOWN, tone: 'muted' });

/** Text that is its own value: symbols, names. */
export const plain = (said: string, tone?: Tone): Cell => ({ value: said, text: said, tone });

/** A count. */
export const count = (value: number | null | undefined, tone?: Tone): Cell =>
  value === null || value === undefined ? unknown() : { value, text: decimal(value), tone };

const FOUR = 4;
const EIGHT = 8;
const THOUSAND = 1_000n * ONE;
const CENT = ONE / 100n;
const TENTH = ONE / 10n;

/**
 * Two digits; none from a thousand on where `isShort`; all (8 at most) where two would say 0.00 of something, and four where
 * they would say a figure of it alone, as of BTC.
 */
export function moneyDigits(value: bigint, isShort = false): number {
  const size = absolute(value);
  if (size !== 0n && size < CENT) return Math.min(EIGHT, digitsOf(size));
  if (size !== 0n && size < TENTH) return Math.min(FOUR, Math.max(2, digitsOf(size)));
  return isShort && size >= THOUSAND ? 0 : 2;
}

/** An amount: `4,452.48`; with `isShort` the cents of thousands are left out. */
export function amount(value: bigint | null | undefined, tone?: Tone, isShort = false): Cell {
  if (value === null || value === undefined) return unknown();
  return { value: text(value), text: decimal(value, { digits: moneyDigits(value, isShort) }), tone };
}

const DOLLARS = /^(?:USD|BUSD|FDUSD|TUSD)/;

/** Of dollars as of any amount; of another asset, whose cents are worth much, all digits (8 at most). */
const digitsIn = (asset: string, value: bigint): number =>
  DOLLARS.test(asset) ? moneyDigits(value) : Math.min(EIGHT, digitsOf(absolute(value)));

/** An amount of an asset by name. */
export function amountOf(value: bigint | undefined, asset: string): Cell {
  if (value === undefined) return unknown();
  return { value: text(value), text: decimal(value, { digits: digitsIn(asset, value) }) };
}

/** Profit or loss in an asset by name, in its tone. */
export function profitOf(value: bigint | undefined, asset: string): Cell {
  if (value === undefined) return unknown();
  return { value: text(value), text: signed(value, digitsIn(asset, value)), tone: toneOf(value) };
}

/** Profit or loss: `+14.63`, in its tone. */
export function profit(value: bigint | null | undefined, isSmall = false): Cell {
  if (value === null || value === undefined) return unknown();
  const tone = isSmall ? 'muted' : toneOf(value);
  return { value: text(value), text: signed(value, moneyDigits(value)), tone };
}

/** `+0.29 R`. */
export const multiple = (r: number | null | undefined): Cell =>
  r === null || r === undefined || !Number.isFinite(r)
    ? unknown()
    : { value: shortest(r), text: inRisk(r), tone: toneOf(r) };

export const toneOf = (value: bigint | number): Tone => (value > 0 ? 'good' : value < 0 ? 'bad' : 'plain');

/** A price of market data, or an exact one, with the digits of its tick. */
export function price(value: number | bigint | null | undefined, tick: bigint | undefined, tone?: Tone): Cell {
  if (value === null || value === undefined || (typeof value === 'number' && !Number.isFinite(value))) return unknown();
  const digits = tick === undefined ? undefined : digitsOf(tick);
  return { value: typeof value === 'bigint' ? text(value) : shortest(value), text: decimal(value, { digits }), tone };
}

/** A quantity with all its digits and its unit. */
export const quantity = (value: bigint, unit: string, tone?: Tone): Cell => ({
  value: text(value),
  text: `${decimal(value)} ${unit}`,
  tone,
});

/** A share of 1 in per cent: `-1.42 %`. */
export function share(value: number | null | undefined, isSigned = false, tone?: Tone, digits = 2): Cell {
  if (value === null || value === undefined || !Number.isFinite(value)) return unknown();
  return { value: shortest(value), text: percent(value, { digits, signed: isSigned }), tone };
}

/** Market numbers carry the noise of binary sums: twelve digits mean something. */
export const shortest = (value: number): string => String(Number(value.toPrecision(12)));

/** A length of time: ms for programs. */
export const span = (ms: number | null | undefined, tone?: Tone): Cell =>
  ms === null || ms === undefined || !Number.isFinite(ms) ? unknown() : { value: ms, text: duration(ms), tone };

/** `06:15:00` in the chosen zone. */
export const clock = (at: number | null | undefined, ui: Pick<Ui, 'zone'>, tone?: Tone): Cell =>
  at === null || at === undefined ? unknown() : { value: at, text: clockText(at, ui), tone };

export const clockText = (at: number, { zone }: Pick<Ui, 'zone'>): string => utcClock(inZone(at, zone));

const inZone = (at: number, zone: Ui['zone']): number => at + zone.offsetMinutes * 60_000;

/** A fact of one line: name for programs, label for people, cells; a higher rank leaves first. */
export const fact = (name: string, label: string, cells: readonly Cell[], rank = 0): Fact => ({
  name,
  label,
  cells,
  rank,
});

/** Facts without those that have nothing to say. */
export const known = <T>(items: readonly (T | undefined | false)[]): readonly T[] =>
  items.filter((item): item is T => item !== undefined && item !== false);
