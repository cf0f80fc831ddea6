import { DecimalError, type Money, parse, type Qty, type Rate } from '../base/decimal.ts';
import type { Refused } from '../domain/command.ts';
import type { RiskSettings } from '../domain/settings.ts';

type Settings = { -readonly [K in keyof RiskSettings]?: RiskSettings[K] };
type Reader = (text: string) => Settings | undefined;

/** Decimal text above zero, without its unit. */
function above(text: string, unit: string): bigint | undefined {
  if (!text.endsWith(unit)) return undefined;
  try {
    const value = parse(text.slice(0, text.length - unit.length));
    return value > 0n ? value : undefined;
  } catch (problem) {
    if (problem instanceof DecimalError) return undefined;
    throw problem;
  }
}

/** `2%` as a share of 1. */
const share = (text: string): Rate | undefined => {
  const percent = above(text, '%');
  return percent === undefined ? undefined : ((percent / 100n) as Rate);
};

const whereGiven = <T>(value: T | undefined, make: (value: T) => Settings): Settings | undefined =>
  value === undefined ? undefined : make(value);

const READERS: Readonly<Record<string, Reader>> = {
  sl: (text) =>
    text === 'none'
      ? { stop: { by: 'none' } }
      : whereGiven(share(text), (distance) => ({ stop: { by: 'fixed', distance } })),
  tp: (text) =>
    text === 'none'
      ? { target: { by: 'none' } }
      : (whereGiven(above(text, 'r'), (multiple) => ({ target: { by: 'multiple', multiple: multiple as Rate } })) ??
        whereGiven(share(text), (distance) => ({ target: { by: 'fixed', distance } }))),
  'max-loss': (text) =>
    text === 'none'
      ? { loss: { by: 'none' } }
      : (whereGiven(share(text), (fraction) => ({ loss: { by: 'equity', fraction } })) ??
        whereGiven(above(text, ''), (amount) => ({ loss: { by: 'amount', amount: amount as Money } }))),
  leverage: (text) => whereGiven(above(text, ''), (leverage) => ({ leverage: leverage as Rate })),
  size: (text) => whereGiven(share(text), (fraction) => ({ sizing: { by: 'fraction', fraction } })),
  qty: (text) => whereGiven(above(text, ''), (qty) => ({ sizing: { by: 'qty', qty: qty as Qty } })),
};

/** Settings of a line such as `set sl=2% max-loss=5`: those that were named, or what does not read. */
export function readSettings(words: readonly string[]): Settings | Refused {
  const settings: Settings = {};
  for (const word of words.length === 0 ? ['nothing'] : words) {
    const [key = '', value = ''] = word.split(/=(.*)/s);
    const read = Object.hasOwn(READERS, key) ? READERS[key]?.(value) : undefined;
    if (read === undefined) {
      const expected = `${Object.keys(READERS).join('=, ')}= with a value`;
      return { code: 'BAD_LINE', expected, found: `"${word}"`, fix: 'set sl=2% tp=2r max-loss=5 leverage=3 size=10%' };
    }
    Object.assign(settings, read);
  }
  return settings;
}
