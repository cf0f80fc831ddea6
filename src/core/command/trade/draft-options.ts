import { ONE, type Price, priceOf, type Rate, text, times, toStep } from '../../base/decimal.ts';
import type { Draft, DraftSize, MarketFrame } from '../../domain/frame.ts';
import type { Sign } from '../../domain/order.ts';
import { factor, money, price, qty, readShare, share } from '../argv/numbers.ts';
import { decimal, meant } from '../argv/range.ts';
import { accept, grouped, named, type OptionSpec, on, type Reading, reject, single } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import type { Values } from '../command.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Where a stop or a target is to stand: a price, or a distance from the entry. */
export type Guard =
  | { readonly by: 'price'; readonly price: Price }
  | { readonly by: 'distance'; readonly distance: Rate };

const guard = (about: string): OptionSpec<Guard | undefined> =>
  single(about, {
    type: 'guard',
    placeholder: 'PRICE|SHARE',
    expects: 'a price such as 61200, or a distance from the entry such as 1%, above 0% and below 100%',
    example: '1%',
    one(given): Reading<Guard> {
      if (/(%|bps|bp)$/i.test(given)) {
        const distance = readShare(given, { above: '0', below: '100' });
        return distance.ok ? accept({ by: 'distance', distance: distance.value }) : distance;
      }
      const exact = decimal(given);
      if (exact === undefined) return reject(meant(given));
      return exact <= 0n ? reject() : accept({ by: 'price', price: exact as Price });
    },
  });

const ABOVE_ZERO = { above: '0' };

/** An order by hand; what is left out comes from the settings. */
export const DRAFT_OPTIONS = {
  symbol: symbol('Symbol; else the only one that is traded.'),
  ...grouped('size: one of them', {
    qty: qty('Quantity in the base asset.', ABOVE_ZERO, '0.01'),
    notional: money('Value of the order in the quote asset.', ABOVE_ZERO, '500'),
    percent: share('Value of the order as a share of the balance.', { above: '0', to: '2000' }, '10%'),
    risk: share(
      'What it may lose at its stop, costs included, as a share of equity.',
      { above: '0', to: '100' },
      '0.5%',
    ),
  }),
  ...grouped('price and exits', {
    limit: price('Limit of an order that rests; market without it.', ABOVE_ZERO, '61000'),
    postOnly: on('Only as a maker: a limit that would take is not placed.'),
    stop: named('sl', guard('Stop loss; else as the settings say.')),
    target: named('tp', guard('Take profit; else as the settings say.')),
    noStop: on('Without a stop, by your word: every face shows it.'),
    leverage: factor('Leverage, isolated margin; else as the settings say.', { from: '1', to: '20' }, '2'),
  }),
};
export type DraftInput = Values<typeof DRAFT_OPTIONS>;

const conflict = (expected: string, found: string, fix: string): Refusal =>
  refusal(2, 'OPTIONS_CONFLICT', expected, found, fix);

/** What contradicts itself whatever the market is. */
export function draftProblem(given: DraftInput): Refusal | undefined {
  const { qty, notional, percent, risk, postOnly, limit, noStop, stop } = given;
  const sizes = Object.entries({ qty, notional, percent, risk }).filter(([, value]) => value !== undefined);
  if (sizes.length > 1) {
    const found = sizes.map(([name]) => `--${name}`).join(' and ');
    return conflict('one of --qty, --notional, --percent and --risk', found, `keep --${sizes[0]?.[0]}`);
  }
  if (postOnly && limit === undefined) return conflict('--limit with --post-only', 'none', '--limit 61000 --post-only');
  if (noStop && stop !== undefined) return conflict('--sl or --no-stop', 'both', 'leave one of them out');
  if (noStop && risk !== undefined)
    return conflict('a stop with a size by risk: the size comes from its distance', '--no-stop', '--sl 1%, or --qty');
  return undefined;
}

function sizeOf({ qty, notional, percent, risk }: DraftInput): DraftSize {
  if (qty !== undefined) return { by: 'qty', qty };
  if (notional !== undefined) return { by: 'notional', notional };
  if (percent !== undefined) return { by: 'fraction', fraction: percent };
  return risk === undefined ? { by: 'settings' } : { by: 'risk', risk };
}

/** The draft of the flags. A distance becomes a price: from the limit, else from the side of the book that it would meet. */
export function draftOf(given: DraftInput, sign: Sign, market: MarketFrame | undefined): Draft | Refusal {
  const { limit, postOnly, noStop, leverage } = given;
  const from = limit ?? touchOf(market, sign);
  const stopPrice = guardPrice(given.stop, -sign as Sign, from, market);
  if (typeof stopPrice === 'object') return stopPrice;
  const targetPrice = guardPrice(given.target, sign, from, market);
  if (typeof targetPrice === 'object') return targetPrice;
  const problem = wrongSide({ sign, from, stopPrice, targetPrice });
  if (problem !== undefined) return problem;
  return {
    type: limit === undefined ? 'market' : 'limit',
    sign,
    size: sizeOf(given),
    limit,
    postOnly: postOnly ? true : undefined,
    stopPrice,
    targetPrice,
    leverage,
    noStop: noStop ? true : undefined,
  };
}

/** What a market order would meet; undefined where no price is known. */
function touchOf(market: MarketFrame | undefined, sign: Sign): Price | undefined {
  const touch = (sign === 1 ? market?.ask : market?.bid) ?? market?.mid ?? market?.last;
  return touch === null || touch === undefined ? undefined : priceOf(touch);
}

/** `way`: +1 above the entry, -1 below. */
function guardPrice(
  guard: Guard | undefined,
  way: Sign,
  from: Price | undefined,
  market: MarketFrame | undefined,
): Price | undefined | Refusal {
  if (guard === undefined) return undefined;
  if (guard.by === 'price') return guard.price;
  if (from === undefined || market === undefined)
    return refusal(3, 'QUOTE_MISSING', 'a price that a distance is taken from', 'none', 'give the price itself');
  const exact = times(from, way === 1 ? ONE + guard.distance : ONE - guard.distance, 'down') as Price;
  return toStep(exact, market.instrument.tick, way === 1 ? 'down' : 'up');
}

interface Sides {
  readonly sign: Sign;
  readonly from: Price | undefined;
  readonly stopPrice: Price | undefined;
  readonly targetPrice: Price | undefined;
}

function wrongSide({ sign, from, stopPrice, targetPrice }: Sides): Refusal | undefined {
  if (from === undefined) return undefined;
  const word = sign === 1 ? 'a long' : 'a short';
  const below = sign === 1 ? 'below' : 'above';
  const above = sign === 1 ? 'above' : 'below';
  if (stopPrice !== undefined && (stopPrice - from) * BigInt(sign) >= 0n)
    return refusal(3, 'STOP_WRONG_SIDE', `--sl ${below} ${text(from)} for ${word}`, text(stopPrice), '--sl 1%');
  if (targetPrice !== undefined && (targetPrice - from) * BigInt(sign) <= 0n)
    return refusal(3, 'TARGET_WRONG_SIDE', `--tp ${above} ${text(from)} for ${word}`, text(targetPrice), '--tp 2%');
  return undefined;
}
