import { DecimalError, type Money, money, ONE, parse, type Qty, qty, rate, text } from '../../base/decimal.ts';
import { type Instrument, instrumentProblem, type LeverageTier } from '../../domain/instrument.ts';
import { builtInInstrument, readSymbol, tiersOf } from '../../domain/instrument-table.ts';
import type { CcxtMarket } from './client.ts';
import { plain } from './fields.ts';

/** What a venue tells of a market, as decimal text; null where it does not. */
export interface Rules {
  readonly tick: string;
  readonly step: string;
  readonly qtyMin: string | null;
  readonly qtyMax: string | null;
  readonly notionalMin: string | null;
  readonly contractSize: string;
  readonly assetDigits: number | null;
}

export type Drawn =
  | { readonly instrument: Instrument; readonly why: undefined }
  | { readonly instrument: undefined; readonly why: string };

/**
 * An instrument from what a venue tells. Leverage tiers are those of the built-in table (`builtInInstrument`) until the
 * venue tells its own: Binance does so only to a key.
 */
export function drawInstrument(market: CcxtMarket, rules: () => Rules): Drawn {
  const why = unfit(market);
  if (why !== undefined) return { instrument: undefined, why };
  try {
    return drawn(market, rules());
  } catch (error) {
    if (!(error instanceof DecimalError)) throw error;
    return { instrument: undefined, why: `${market.symbol}: ${error.message}` };
  }
}

function drawn(market: CcxtMarket, rules: Rules): Drawn {
  const contractSize = qty(rules.contractSize);
  if (contractSize !== ONE) {
    const why = `${market.symbol}: expected a contract of one unit of ${market.base}, found ${text(contractSize)}`;
    return { instrument: undefined, why };
  }
  const kind = market.swap === true ? 'perpetual' : 'spot';
  const qtyMin = rules.qtyMin === null ? 0n : parse(rules.qtyMin);
  const step = qty(rules.step);
  const instrument: Instrument = {
    symbol: market.symbol,
    kind,
    base: market.base,
    quote: market.quote,
    tick: parse(rules.tick) as Instrument['tick'],
    step,
    qtyMin: (qtyMin > 0n ? qtyMin : step) as Qty,
    qtyMax: qty(rules.qtyMax ?? '0'),
    notionalMin: money(rules.notionalMin ?? '0'),
    contractSize,
    makerRate: rate(plain(market.maker ?? 0)),
    takerRate: rate(plain(market.taker ?? 0)),
    assetStep: assetStep(rules.assetDigits),
    tiers: kind === 'spot' ? [] : (builtInInstrument(market.symbol)?.tiers ?? []),
  };
  const why = instrumentProblem(instrument);
  return why === undefined ? { instrument, why } : { instrument: undefined, why };
}

/** Why this kind of market is not traded here; undefined where it is. */
function unfit({ symbol, swap, spot, option, future, inverse, linear, contractSize }: CcxtMarket): string | undefined {
  if (option === true) return `${symbol}: an option; perpetuals and spot are traded here`;
  if (future === true) return `${symbol}: a contract that ends on a date; perpetuals and spot are traded here`;
  if (swap !== true && spot !== true) return `${symbol}: neither a perpetual nor spot`;
  if (swap === true && inverse === true) return `${symbol}: an inverse contract; linear ones are traded here`;
  if (swap === true && linear === false) return `${symbol}: a quanto contract; linear ones are traded here`;
  if (swap === true && contractSize === undefined) return `${symbol}: the size of its contract is not told`;
  if (readSymbol(symbol) === undefined) return `${symbol}: expected a symbol such as BTC/USDT or BTC/USDT:USDT`;
  return undefined;
}

const assetStep = (digits: number | null): Money =>
  digits === null || digits < 0 || digits > 18 ? money('0.00000001') : ((ONE / 10n ** BigInt(digits)) as Money);

/** Whether a decimal text is above zero. */
export const isPositive = (value: string | null): value is string => value !== null && Number(value) > 0;

/** Tiers from a venue's rows of [floor, maintenance rate, leverage] as text, by rising floor. */
export function readTiers(rows: readonly (readonly [string, string, string])[]): readonly LeverageTier[] {
  return tiersOf(rows.toSorted((a, b) => Number(a[0]) - Number(b[0])));
}
