/** What to do, by code. The list is closed: a code that is not here does not compile. */
const FIXES = {
  ACCOUNT_HALTED: 'read why in the journal, then resume the account by hand; exits and cancels still go',
  ACCOUNT_REDUCING: 'wait until the cause is gone, or resume the account by hand; exits still go',
  DAY_LOSS: 'wait for the next UTC day; exits still go',
  RUN_PAUSED: 'resume the run, or start it without --observe',
  SYMBOL_LEASED: 'use another paper account or a sub-account, or stop the run that holds the symbol',
  POSITION_OPEN: 'close or flip the position, cancel the entry that is working, or wait for the exit on its way',
  SHORT_ON_SPOT: 'trade the perpetual of this symbol, or take long signals only',
  LEVERAGE_ON_SPOT: 'set leverage 1, or trade the perpetual of this symbol',
  LEVERAGE_ABOVE_MAX: 'lower the leverage',
  INSTRUMENT_UNSUPPORTED: 'trade an instrument whose contract is one unit of its base asset',
  QUOTE_MISSING: 'wait for the first quote of this symbol, or look at its feed',
  PRICE_OFF_TICK: 'use a price above zero that is a whole number of ticks',
  LIMIT_FAR: 'use a limit nearer to the market, or wait with a price alert',
  STOP_WRONG_SIDE: 'put the stop of a long below the entry and above zero, that of a short above the entry',
  TARGET_WRONG_SIDE: 'put the target of a long above the entry, that of a short below it and above zero',
  STOP_REQUIRED: 'give a stop, or size by fraction or quantity without a limit on risk',
  QUANTITY_BELOW_MINIMUM: 'raise the size or the risk, bring the stop nearer, or use a larger balance',
  QUANTITY_ABOVE_MAXIMUM: 'lower the size or the risk, or split the entry',
  NOTIONAL_BELOW_MINIMUM: 'raise the size or the risk, bring the stop nearer, or use a larger balance',
  POST_ONLY_CROSSES: 'use a limit that rests: a buy below the ask, a sell above the bid; or drop post-only',
  MARGIN_INSUFFICIENT: 'ask for less, raise the leverage, or free margin by closing something',
  RESERVED_ABOVE_MAX: 'ask for less, raise the leverage, or close something; the ceiling is in the configuration file',
  LIQUIDATION_BEFORE_STOP: 'lower the leverage or bring the stop nearer',
  MAX_LOSS_BELOW_COSTS: 'raise the maximum loss, ask for less, or pay less: a maker entry, a cheaper market',
  RISK_ABOVE_CEILING: 'ask for less or bring the stop nearer; the ceiling is in the configuration file',
  HEAT_ABOVE_MAX: 'ask for less, or close something that is at risk',
  POSITIONS_AT_MAX: 'close a position first',
  COSTS_ABOVE_MAX: 'use a wider stop, a maker entry, or a cheaper market',
  REWARD_BELOW_MIN: 'put the target further away, or pay less: a maker entry, a wider stop',
  COOLDOWN: 'wait until the pause after the stop is over',
  ENTRIES_DAY: 'wait for the next UTC day, or raise the limit of entries a day',
  ORDERS_RATE: 'wait a minute, or look why so many orders are sent',
  FLIPS_DAY: 'wait for the next candle or the next UTC day; close instead of flipping',
  DUPLICATE_DRAFT: 'wait a moment and look what came of the first, change it, or give it an id of its own with --id',
  SYMBOL_HALTED: 'wait until the venue trades the symbol again; exits rest until then',
  CLOCK_UNSURE: 'set the clock of this machine (NTP), or look at the network; exits still go',
  QUOTE_POLLED: 'wait until the stream is back, or use a strategy that may trade on polled prices',
  QUOTE_STALE: 'wait for a fresh quote, or look at the feed',
  MARK_STALE: 'wait for a fresh mark price, or look at the feed',
  SPREAD_WIDE: 'wait for the next signal, or use a limit order',
  GAP: 'wait until the warm-up is whole again, or import the missing candles',
} as const satisfies Readonly<Record<string, string>>;

/** Why an entry was refused by us (*denied*; a venue *rejects*). */
export type DenialCode = keyof typeof FIXES;

export const DENIAL_CODES: readonly DenialCode[] = Object.keys(FIXES) as DenialCode[];

/** A refusal is a value: what was expected, what was found, what to do. */
export interface Denied {
  readonly ok: false;
  readonly code: DenialCode;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** What a check found against what it wanted. */
interface Finding {
  readonly expected: string;
  readonly found: string;
  readonly fix?: string;
}

export function deny(code: DenialCode, { expected, found, fix }: Finding): Denied {
  return { ok: false, code, expected, found, fix: fix ?? FIXES[code] };
}
