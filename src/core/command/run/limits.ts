import type { Limits } from '../../domain/settings.ts';
import { MAJORS } from '../../risk/defaults.ts';
import { bps, factor, int, number, share, shareNumber } from '../argv/numbers.ts';
import { accept, named, type OptionSpec, type Reading, toggle } from '../argv/spec.ts';
import { duration } from '../argv/times.ts';
import type { Values } from '../command.ts';

/** A limit may be given or switched off by name: `--heat off`. The example of each is what paper starts with. */
function orOff<T>(
  flag: string,
  spec: OptionSpec<T | undefined>,
  paper = spec.type === 'switch' ? 'on' : spec.example,
): OptionSpec<T | 'off' | undefined> {
  const about = `${spec.about.replace(/\.$/, '')} (paper: ${paper}).`;
  const read = (texts: readonly string[]): Reading<T | 'off' | undefined> =>
    texts[0] === 'off' ? accept('off') : spec.read(texts);
  const word = spec.type === 'switch' ? 'off' : undefined;
  return { ...named(flag, spec), about, expects: `${spec.expects}, or off`, read, word };
}

const HUNDRED = { above: '0', to: '100' };
const COUNT = { from: '1', to: '100000' };

/** Every limit, cooldown and gate of a run as a flag of its own. A limit of the domain without a row does not compile. */
export const LIMIT_OPTIONS = {
  leverageMax: orOff('leverage-max', factor('Highest leverage.', { from: '1', to: '20' }, '5')),
  riskMax: orOff('risk-max', share('Most that one trade may risk.', HUNDRED, '2%')),
  reservedAccount: orOff('reserved-account', share('Most of the account that margins may hold.', HUNDRED, '50%')),
  reservedRun: orOff('reserved-run', share('Most of the account that the margin of one run may hold.', HUNDRED, '25%')),
  heat: orOff('heat', share('Most that all open positions may risk together.', HUNDRED, '2%')),
  positionsMax: orOff('positions', int('Most open positions of the account.', COUNT, '3')),
  dayBlock: orOff(
    'day-block',
    share('Loss of a UTC day, open positions in it, that ends entries for the day.', HUNDRED, '2%'),
  ),
  dayFlatten: orOff('day-flatten', share('Loss of a UTC day that closes all and halts the account.', HUNDRED, '3%')),
  weekHalt: orOff('week-halt', share('Loss of a week from Monday that halts the account.', HUNDRED, '6%')),
  stopCooldownMs: orOff(
    'stop-cooldown',
    duration('Wait after a stop loss; one closed candle at least.', { from: '0' }, '5m'),
  ),
  stopsInRowMax: orOff('stops-row', int('Stop losses in a row that start the longer wait.', COUNT, '3')),
  stopsInRowCooldownMs: orOff('stops-row-cooldown', duration('The longer wait.', { from: '0' }, '60m')),
  stopsDayMax: orOff('stops-day', int('Stop losses of a UTC day that end entries for the day.', COUNT, '5')),
  entriesDayMax: orOff('entries-day', int('Most entries of a run in a UTC day.', COUNT, '20')),
  ordersMinuteMax: orOff('orders-minute', int('Most orders of the account in a minute.', COUNT, '30')),
  flipsDayMax: orOff('flips-day', int('Most flips of a run in a UTC day.', COUNT, '6')),
  quoteAgeMsMax: orOff('quote-age', duration('Oldest quote that an entry may act on.', { from: '1ms' }, '1500ms')),
  spreadBpsMax: orOff(
    'spread-max',
    bps('Widest spread that an entry may meet.', HUNDRED, '3bps'),
    `3bps, and 10bps for all but ${[...MAJORS].join(', ')}`,
  ),
  costsOfStopMax: orOff(
    'costs-max',
    shareNumber('Most that a round trip may cost, of the stop distance.', HUNDRED, '20%'),
  ),
  rewardMin: orOff(
    'reward-min',
    number('Least reward for one unit of risk, after costs.', { above: '0', to: '100' }, '1.2'),
  ),
  liquidationBuffer: orOff(
    'liquidation-buffer',
    shareNumber(
      'Share of the way to the liquidation price that lies beyond the stop.',
      { from: '0', below: '100' },
      '20%',
    ),
  ),
  gapBlock: orOff('gap-block', toggle('A gap in the candles blocks entries until the warm-up is whole again.')),
} satisfies Record<keyof Limits, OptionSpec>;

/** What was said of limits: a value, `off`, or nothing. */
export type LimitInput = Values<typeof LIMIT_OPTIONS>;

/** The base's limits with what was given over them; `off` takes one away. */
export function withLimits(base: Limits, given: LimitInput): Limits {
  const limits: Record<string, unknown> = { ...base };
  for (const name of Object.keys(LIMIT_OPTIONS) as (keyof Limits)[]) {
    const value = given[name];
    if (value === 'off') delete limits[name];
    else if (value !== undefined) limits[name] = value;
  }
  return limits as Limits;
}
