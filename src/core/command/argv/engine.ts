import { toNumber } from '../../base/decimal.ts';
import { decimal, inside } from './range.ts';
import { accept, type OptionSpec, type Reading, reject, single } from './spec.ts';

/** Where a paper run gets its prices. */
export type FeedChoice =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'synthetic'; readonly seed?: number | undefined };

/** `synthetic`, `synthetic:SEED` or `replay:FILE`. */
export const feed = (about: string): OptionSpec<FeedChoice | undefined> =>
  single(about, {
    type: 'feed',
    placeholder: 'FEED',
    bounds: 'synthetic, synthetic:SEED or replay:FILE',
    expects: 'synthetic, synthetic:SEED (a whole number up to 4294967295) or replay:FILE',
    example: 'synthetic',
    one(given): Reading<FeedChoice> {
      if (given === 'synthetic') return accept({ from: 'synthetic' });
      const [, seed, file] = /^(?:synthetic:(\d{1,10})|replay:(.+))$/.exec(given) ?? [];
      if (seed !== undefined)
        return Number(seed) < 2 ** 32 ? accept({ from: 'synthetic', seed: Number(seed) }) : reject();
      if (file !== undefined) return accept({ from: 'file', path: file });
      return reject(/\.(csv|gz)$/.test(given) && !given.includes(':') ? `replay:${given}` : undefined);
    },
  });

/** `max`, or market seconds in one second. */
export const speed = (about: string): OptionSpec<'max' | number | undefined> =>
  single(about, {
    type: 'speed',
    placeholder: 'X|max',
    bounds: 'above 0 and at most 1000000',
    expects: 'max or a factor such as 60, above 0 and at most 1000000',
    example: '60',
    one(given): Reading<'max' | number> {
      if (given === 'max') return accept(given);
      const value = decimal(given.replace(/x$/i, ''));
      return value !== undefined && inside(value, { above: '0', to: '1000000' })
        ? accept(toNumber(value))
        : reject('max');
    },
  });

/** The name of a profile: it is a folder's name too. */
export const profile = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'profile',
    placeholder: 'NAME',
    expects: 'a name of small letters, digits and hyphens, 32 at most, such as demo',
    example: 'demo',
    one(given) {
      const lower = given.toLowerCase();
      if (/^[a-z0-9][a-z0-9-]{0,31}$/.test(given)) return accept(given);
      return reject(/^[a-z0-9][a-z0-9-]{0,31}$/.test(lower) ? lower : undefined);
    },
  });
