import { fromNumber, type Rate, text } from '../base/decimal.ts';
import type { Limits, RiskSettings } from '../domain/settings.ts';
import { percent, span } from './words.ts';

/** One line of a summary's *what was on*. `key` is the word of the setting, `value` its text, `off` where it is off. */
export interface LimitLine {
  readonly key: keyof Limits | 'slippageCap' | 'loss';
  readonly name: string;
  readonly value: string;
  readonly on: boolean;
}

type Show<T> = (value: T) => string;
type Rows = { readonly [K in keyof Limits]-?: readonly [name: string, show: Show<NonNullable<Limits[K]>>] };

const share: Show<Rate> = percent;
const count: Show<number> = (value) => `${value}`;
const part: Show<number> = (value) => percent(fromNumber(value) as Rate);

const ROWS: Rows = {
  leverageMax: ['leverage', (value) => `${text(value)}x`],
  riskMax: ['risk of one trade', share],
  reservedAccount: ['reserved, account', share],
  reservedRun: ['reserved, run', share],
  heat: ['heat', share],
  positionsMax: ['open positions', count],
  dayBlock: ['day loss, no entries', share],
  dayFlatten: ['day loss, flatten and halt', share],
  weekHalt: ['week loss, halt', share],
  stopCooldownMs: ['pause after a stop', span],
  stopsInRowMax: ['stops in a row', count],
  stopsInRowCooldownMs: ['pause after stops in a row', span],
  stopsDayMax: ['stops a day', count],
  entriesDayMax: ['entries a day', count],
  ordersMinuteMax: ['orders a minute', count],
  flipsDayMax: ['flips a day', count],
  quoteAgeMsMax: ['age of a quote', span],
  spreadBpsMax: ['spread', (value) => `${value} bps`],
  costsOfStopMax: ['costs of the stop distance', part],
  rewardMin: ['reward to risk after costs', (value) => `${value} R`],
  liquidationBuffer: ['way to liquidation beyond the stop', part],
  gapBlock: ['entries after a gap', () => 'blocked'],
};

/** Every limit of the settings as text, in one order, those that are off among them. */
export function describeLimits(settings: RiskSettings): readonly LimitLine[] {
  const lines = (Object.keys(ROWS) as (keyof Limits)[]).map((key) => describe(key, settings.limits));
  const cap = settings.slippageCap;
  lines.push(line('slippageCap', 'slippage of a market entry', cap === undefined ? undefined : percent(cap)));
  lines.push(line('loss', 'max loss of a position', lossText(settings)));
  return lines;
}

function describe(key: keyof Limits, limits: Limits): LimitLine {
  // A row shows what its own limit holds, which a union of rows cannot say.
  const [name, show] = ROWS[key] as readonly [string, Show<unknown>];
  const value = limits[key];
  return line(key, name, value === undefined || value === false ? undefined : show(value));
}

function line(key: LimitLine['key'], name: string, value: string | undefined): LimitLine {
  return { key, name, value: value ?? 'off', on: value !== undefined };
}

function lossText({ loss }: RiskSettings): string | undefined {
  if (loss.by === 'none') return undefined;
  return loss.by === 'amount' ? text(loss.amount) : `${percent(loss.fraction)} of equity`;
}
