import { toNumber } from '../../base/decimal.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { decimal, inside } from './range.ts';
import { accept, type OptionSpec, type Reading, reject, single } from './spec.ts';

/** Where a paper run gets its prices. */
export type FeedChoice =
  | { readonly from: 'file'; readonly path: string }
  | { readonly from: 'synthetic'; readonly seed?: number | undefined }
  | { readonly from: 'exchange'; readonly exchange: string };

/** As an engine takes it: `synthetic:7`, `replay:FILE`, `binanceusdm`. */
export function feedText(feed: FeedChoice): string {
  if (feed.from === 'file') return `replay:${feed.path}`;
  if (feed.from === 'exchange') return feed.exchange;
  return feed.seed === undefined ? 'synthetic' : `synthetic:${feed.seed}`;
}

/** The name of an exchange at ccxt. */
const EXCHANGE = /^[a-z][a-z0-9]{1,30}$/;

/** An exchange by its name. */
export const exchange = (about: string): OptionSpec<string | undefined> =>
  single(about, {
    type: 'exchange',
    placeholder: 'NAME',
    expects: 'the name of an exchange, such as binanceusdm, binance, bybit, okx or kraken',
    example: 'binanceusdm',
    one: (given) => (EXCHANGE.test(given) ? accept(given) : reject(given.toLowerCase().replace(/[^a-z0-9]/g, ''))),
  });

/** What was given by `--feed` or by `--exchange`, or that both were. */
export function feedOf(given: {
  readonly feed?: FeedChoice | undefined;
  readonly exchange?: string | undefined;
}): FeedChoice | Refusal | undefined {
  const { feed: told, exchange: name } = given;
  if (name === undefined) return told;
  const choice: FeedChoice = { from: 'exchange', exchange: name };
  if (told === undefined || feedText(told) === name) return choice;
  const found = `--feed ${feedText(told)} and --exchange ${name}`;
  return refusal(2, 'OPTIONS_CONFLICT', 'one place where prices come from', found, 'leave one of the two out');
}

/** `synthetic`, `synthetic:SEED`, `replay:FILE` or an exchange. */
export const feed = (about: string): OptionSpec<FeedChoice | undefined> =>
  single(about, {
    type: 'feed',
    placeholder: 'FEED',
    bounds: 'synthetic, synthetic:SEED, replay:FILE or an exchange such as binanceusdm',
    expects:
      'synthetic, synthetic:SEED (a whole number up to 4294967295), replay:FILE, or an exchange such as binanceusdm',
    example: 'synthetic',
    one(given): Reading<FeedChoice> {
      if (given === 'synthetic') return accept({ from: 'synthetic' });
      const [, seed, file] = /^(?:synthetic:(\d{1,10})|replay:(.+))$/.exec(given) ?? [];
      if (seed !== undefined)
        return Number(seed) < 2 ** 32 ? accept({ from: 'synthetic', seed: Number(seed) }) : reject();
      if (file !== undefined) return accept({ from: 'file', path: file });
      if (EXCHANGE.test(given) && given !== 'replay') return accept({ from: 'exchange', exchange: given });
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
