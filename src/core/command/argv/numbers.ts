import { type Money, ONE, type Price, type Qty, type Rate, text, toNumber } from '../../base/decimal.ts';
import { decimal, expectation, inside, meant, type Range, rangeText } from './range.ts';
import { accept, type OptionSpec, type Reading, reject, single, type ValueKind } from './spec.ts';

const WHOLE = /^[+-]?\d{1,15}$/;

/** A whole number of 15 digits at most, undefined where it is not given. */
export function int(about: string, range: Range, example: string): OptionSpec<number | undefined> {
  return single(about, {
    type: 'int',
    placeholder: 'N',
    expects: expectation('a whole number', example, range),
    bounds: rangeText(range),
    example,
    one(given) {
      const value = WHOLE.test(given) ? decimal(given) : undefined;
      return value === undefined || !inside(value, range) ? reject() : accept(Number(given));
    },
  });
}

/** A plain number, `1.2`. */
export function number(about: string, range: Range, example: string): OptionSpec<number | undefined> {
  return single(about, {
    type: 'number',
    placeholder: 'N',
    expects: expectation('a number', example, range),
    bounds: rangeText(range),
    example,
    one(given) {
      const value = decimal(given);
      if (value === undefined) return reject(meant(given));
      return inside(value, range) ? accept(toNumber(value)) : reject();
    },
  });
}

/** An exact decimal; another way to write one is shown as it is read here. */
function exactKind<T extends bigint>(type: string, what: string, range: Range, example: string): ValueKind<T> {
  return {
    type,
    placeholder: type === 'money' ? 'AMOUNT' : 'DECIMAL',
    expects: expectation(what, example, range),
    bounds: rangeText(range),
    example,
    one(given) {
      const value = decimal(given);
      if (value === undefined) return reject(meant(given));
      return inside(value, range) ? accept(value as T) : reject();
    },
  };
}

/** An exact amount of the quote asset. */
export const money = (about: string, range: Range, example: string): OptionSpec<Money | undefined> =>
  single(about, exactKind('money', 'an amount of the quote asset', range, example));

/** An exact price. */
export const price = (about: string, range: Range, example: string): OptionSpec<Price | undefined> =>
  single(about, exactKind('price', 'a price', range, example));

/** An exact quantity of the base asset. */
export const qty = (about: string, range: Range, example: string): OptionSpec<Qty | undefined> =>
  single(about, exactKind('quantity', 'a quantity of the base asset', range, example));

/** A factor: `2` or `2x`. */
export function factor(about: string, range: Range, example: string): OptionSpec<Rate | undefined> {
  return single(about, {
    type: 'factor',
    placeholder: 'X',
    expects: expectation('a factor', example, range),
    bounds: rangeText(range),
    example,
    one(given) {
      const bare = given.replace(/x$/i, '');
      const value = decimal(bare);
      if (value === undefined) return reject(meant(bare));
      return inside(value, range) ? accept(value as Rate) : reject();
    },
  });
}

const SHARE = /^(.*?)\s*(%|bps|bp)$/i;
const PARTS: Readonly<Record<string, bigint>> = { '%': 100n, bps: 10_000n, bp: 10_000n };

/**
 * Reads `1%`, `10bps`, `1bp` or `0` exactly; bounds are in per cent. A plain fraction is refused: half of those who write
 * 0.5 mean a half per cent.
 */
export function readShare(given: string, range: Range): Reading<Rate> {
  const match = SHARE.exec(given.trim());
  if (match === null)
    return decimal(given) === 0n && inside(0n, range) ? accept(0n as Rate) : reject(withUnit(given, range));
  const value = decimal(match[1] as string);
  const parts = PARTS[(match[2] as string).toLowerCase()] as bigint;
  if (value === undefined) return reject(withPoint(given.trim()));
  if (value % parts !== 0n) return reject(undefined, 'a share with at most 18 digits as a fraction');
  const share = value / parts;
  return inside(share * 100n, range) ? accept(share as Rate) : reject();
}

function withUnit(given: string, range: Range): string | undefined {
  const bare = withPoint(given) ?? given;
  const value = decimal(bare);
  if (value === undefined || !inside(value, range)) return undefined;
  return value > 0n && value < ONE ? `${bare}% or, where a fraction was meant, ${text(value * 100n)}%` : `${bare}%`;
}

/** A share has no thousands: its comma is a decimal one. */
const withPoint = (given: string): string | undefined =>
  /^[+-]?\d+,\d+\D*$/.test(given) ? given.replace(',', '.') : undefined;

/** A share as it is given: `0.4%`. */
export const percent = (share: Rate): string => `${text(share * 100n)}%`;

/** A share of a whole: `1%` or `100bps`; bounds are in per cent. */
export function shareKind(range: Range, example: string): ValueKind<Rate> {
  return {
    type: 'share',
    placeholder: 'SHARE',
    expects: expectation('a share', `${example} or ${otherwise(example)}`, range, '%'),
    bounds: rangeText(range, '%'),
    example,
    one: (given) => readShare(given, range),
  };
}

/** `1%` -> `100bps` and back: shows that both are understood. */
function otherwise(example: string): string {
  const share = readShare(example, {});
  if (!share.ok) return example;
  return example.endsWith('%') ? `${text(share.value * 10_000n)}bps` : percent(share.value);
}

/** A share as an exact ratio. */
export const share = (about: string, range: Range, example: string): OptionSpec<Rate | undefined> =>
  single(about, shareKind(range, example));

/** A share as a number: for the limits that compare market numbers. */
export const shareNumber = (about: string, range: Range, example: string): OptionSpec<number | undefined> =>
  convert(share(about, range, example), (value) => toNumber(value));

/** A share in basis points as a number. */
export const bps = (about: string, range: Range, example: string): OptionSpec<number | undefined> =>
  convert(share(about, range, example), (value) => toNumber(value * 10_000n));

/** The same option with another value. */
export function convert<T, U>(spec: OptionSpec<T | undefined>, to: (value: T) => U): OptionSpec<U | undefined> {
  const read = (texts: readonly string[]): Reading<U | undefined> => {
    const reading = spec.read(texts);
    return !reading.ok || reading.value === undefined ? (reading as Reading<undefined>) : accept(to(reading.value));
  };
  return { ...spec, read };
}
