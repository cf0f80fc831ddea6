import { type Money, money, ONE, type Price, price, type Qty, qty, type Rate, rate } from '../base/decimal.ts';
import type { Instrument, LeverageTier } from './instrument.ts';

/** What a symbol says of itself: `BTC/USDT:USDT` is a linear perpetual, `BTC/USDT` is spot. */
export interface SymbolName {
  readonly base: string;
  readonly quote: string;
  readonly kind: 'perpetual' | 'spot';
}

/** Reads a symbol; undefined where it is none. */
export function readSymbol(symbol: string): SymbolName | undefined {
  const match = /^([A-Z0-9]{1,20})\/([A-Z0-9]{2,10})(?::([A-Z0-9]{2,10}))?$/.exec(symbol);
  if (match === null) return undefined;
  const [, base = '', quote = '', settle] = match;
  if (settle !== undefined && settle !== quote) return undefined;
  return { base, quote, kind: settle === undefined ? 'spot' : 'perpetual' };
}

/** [floor, maintenance rate, leverage] of rising notional floors; `cum` follows from them. */
type TierRow = readonly [floor: string, maintenance: string, leverage: string];

/** `cum_n = floor_n x (MMR_n - MMR_n-1) + cum_n-1` makes maintenance margin continuous at each floor. */
export function tiersOf(rows: readonly TierRow[]): readonly LeverageTier[] {
  let cum = 0n;
  let before = 0n;
  return rows.map(([floor, maintenance, leverage]) => {
    const from = money(floor);
    const maintenanceRate = rate(maintenance);
    cum += (from * (maintenanceRate - before)) / ONE;
    before = maintenanceRate;
    return { floor: from, maintenanceRate, leverageMax: rate(leverage), cum: cum as Money };
  });
}

/** Like the brackets of a liquid USDT perpetual: a built-in stand-in until a venue tells its own. */
const MAJOR_TIERS = tiersOf([
  ['0', '0.004', '125'],
  ['50000', '0.005', '100'],
  ['500000', '0.01', '50'],
  ['10000000', '0.025', '20'],
  ['80000000', '0.05', '10'],
  ['150000000', '0.1', '5'],
]);
const OTHER_TIERS = tiersOf([
  ['0', '0.01', '50'],
  ['25000', '0.015', '25'],
  ['300000', '0.025', '20'],
  ['1200000', '0.05', '10'],
  ['3000000', '0.1', '5'],
  ['6000000', '0.125', '4'],
]);

/** [tick, step, minimum notional] of well-known bases, as venues print them. */
const KNOWN: Readonly<Record<string, readonly [tick: string, step: string, notional: string]>> = {
  BTC: ['0.1', '0.001', '50'],
  ETH: ['0.01', '0.001', '20'],
  SOL: ['0.01', '0.01', '5'],
  BNB: ['0.01', '0.01', '5'],
  XRP: ['0.0001', '0.1', '5'],
  ADA: ['0.0001', '1', '5'],
  AVAX: ['0.001', '1', '5'],
  LINK: ['0.001', '0.01', '5'],
};
const MAJORS = new Set(['BTC', 'ETH']);

/** What is known of the data when the venue has told nothing. */
export interface InstrumentHints {
  /** Digits after the point of the prices seen: the tick may not be coarser than they are. */
  readonly priceDigits?: number | undefined;
  readonly kind?: 'perpetual' | 'spot' | undefined;
  readonly tick?: Price | undefined;
  readonly step?: Qty | undefined;
  readonly notionalMin?: Money | undefined;
}

/**
 * An instrument from the built-in table, from what the data shows, and from what the user says, the last one first.
 * Undefined where the symbol is none.
 */
export function builtInInstrument(symbol: string, hints: InstrumentHints = {}): Instrument | undefined {
  const name = readSymbol(symbol);
  if (name === undefined) return undefined;
  const known = KNOWN[name.base];
  const kind = hints.kind ?? name.kind;
  const digits = hints.priceDigits;
  const seen = digits === undefined ? undefined : ((10n ** BigInt(18 - Math.min(digits, 12))) as Price);
  const table = price(known?.[0] ?? '0.00000001');
  return {
    symbol,
    kind,
    base: name.base,
    quote: name.quote,
    tick: hints.tick ?? (seen !== undefined && (known === undefined || seen < table) ? seen : table),
    step: hints.step ?? qty(kind === 'spot' ? '0.00001' : (known?.[1] ?? '0.00001')),
    qtyMin: hints.step ?? qty(kind === 'spot' ? '0.00001' : (known?.[1] ?? '0.00001')),
    qtyMax: 0n as Qty,
    notionalMin: hints.notionalMin ?? money(kind === 'spot' ? '5' : (known?.[2] ?? '5')),
    contractSize: ONE as Qty,
    makerRate: rate('0.0002') as Rate,
    takerRate: rate('0.0005') as Rate,
    assetStep: money('0.00000001'),
    tiers: kind === 'spot' ? [] : MAJORS.has(name.base) ? MAJOR_TIERS : OTHER_TIERS,
  };
}
