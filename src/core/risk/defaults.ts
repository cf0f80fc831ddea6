import { type Rate, rate } from '../base/decimal.ts';
import type { Limits, RiskSettings, StopRule } from '../domain/settings.ts';

/** Symbols that move as one: one side of them counts as one position, and their spread is expected to be narrow. */
export const MAJORS: ReadonlySet<string> = new Set(['BTC', 'ETH', 'BNB', 'SOL', 'XRP']);

/** Widest spread of an entry, in basis points: the majors and all others. */
export const SPREAD_BPS_MAJORS = 3;
export const SPREAD_BPS_OTHERS = 10;

/** Every limit is off: what a backtest starts with. */
export const OFF_LIMITS: Limits = {};

/** The strategy's own stop within bounds; a fixed one where it has none. */
export const STRATEGY_STOP = {
  by: 'strategy',
  distance: rate('0.01'),
  distanceMin: rate('0.004'),
  distanceMax: rate('0.03'),
} as const satisfies StopRule;

/** Every limit of the defaults (`--as-paper`), with the majors' spread: `defaultRiskFor` knows the others. */
export const DEFAULT_RISK: RiskSettings = {
  sizing: { by: 'risk', risk: rate('0.005') },
  leverage: rate('2'),
  stop: STRATEGY_STOP,
  target: { by: 'multiple', multiple: rate('2') },
  loss: { by: 'equity', fraction: rate('0.01') },
  slippageCap: rate('0.0015'),
  limits: {
    leverageMax: rate('5'),
    riskMax: rate('0.02'),
    reservedAccount: rate('0.5'),
    reservedRun: rate('0.25'),
    heat: rate('0.02'),
    positionsMax: 3,
    dayBlock: rate('0.02'),
    dayFlatten: rate('0.03'),
    weekHalt: rate('0.06'),
    stopCooldownMs: 300_000,
    stopsInRowMax: 3,
    stopsInRowCooldownMs: 3_600_000,
    stopsDayMax: 5,
    entriesDayMax: 20,
    ordersMinuteMax: 30,
    flipsDayMax: 6,
    quoteAgeMsMax: 1_500,
    spreadBpsMax: SPREAD_BPS_MAJORS,
    costsOfStopMax: 0.2,
    rewardMin: 1.2,
    liquidationBuffer: 0.2,
    gapBlock: true,
  },
};

/** The defaults for a base asset (`BTC`). */
export function defaultRiskFor(base: string): RiskSettings {
  if (MAJORS.has(base)) return DEFAULT_RISK;
  return { ...DEFAULT_RISK, limits: { ...DEFAULT_RISK.limits, spreadBpsMax: SPREAD_BPS_OTHERS } };
}

/** What no setting exceeds. Only the configuration file changes them; `leverageCode` not even that. */
export interface Ceilings {
  /** Risk of one trade, as a share of equity. */
  readonly risk: Rate;
  readonly leverage: Rate;
  readonly leverageCode: Rate;
  /** Reserved balance of an account, and of a run. */
  readonly reserved: Rate;
  readonly heat: Rate;
}

export const CEILINGS: Ceilings = {
  risk: rate('0.02'),
  leverage: rate('5'),
  leverageCode: rate('20'),
  reserved: rate('0.8'),
  heat: rate('0.06'),
};
