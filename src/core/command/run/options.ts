import { factor, int, money, price, qty, share } from '../argv/numbers.ts';
import { choice, grouped, named, pairs, path, text, withDefault } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { duration, timeframe } from '../argv/times.ts';
import type { Values } from '../command.ts';
import { LIMIT_OPTIONS } from './limits.ts';
import { lossRule, stopRule, targetRule } from './rules.ts';

const TENTH = { from: '0', to: '10' };
const ABOVE_ZERO = { above: '0' };

/** What a run is, wherever it runs. */
const STRATEGY_OPTIONS = {
  strategy: withDefault(text('Name of a strategy, or the path of your own (.mts, .mjs).', 'NAME', 'trend'), 'trend'),
  params: named('param', pairs('Parameter of the strategy; may be repeated.', 'KEY=VALUE', 'fast=12')),
  symbol: symbol('Symbol; else the one that the file is named after, else BTC/USDT:USDT.'),
  timeframe: timeframe("Candles that the strategy decides on; else the strategy's own."),
  dataTimeframe: timeframe('Time frame of the source where it cannot be read off its candles.'),
  balance: withDefault(
    money('Balance to begin with, in the quote asset.', { above: '0', to: '1000000000000' }, '10000'),
    '10000',
  ),
  seed: withDefault(int('Seed of everything that is random.', { from: '0', to: '4294967295' }, '1'), '1'),
};

/** How large an entry is and what ends it. */
const SIZE_OPTIONS = {
  size: share('Notional of an entry as a share of the balance.', { above: '0', to: '2000' }, '10%'),
  risk: share(
    'What an entry may lose at its stop, costs included, as a share of equity.',
    { above: '0', to: '100' },
    '0.5%',
  ),
  qty: qty('Quantity of an entry in the base asset.', ABOVE_ZERO, '0.01'),
  leverage: factor('Leverage, isolated margin (backtest and paper: 2, spot: 1).', { from: '1', to: '20' }, '2'),
  stop: named('sl', stopRule('Stop loss.')),
  target: named('tp', targetRule('Take profit.')),
  loss: named('max-loss', lossRule('Loss in currency, costs included, that closes the position.')),
  slippageCap: share(
    'Most that a market entry may pay beyond the touch (paper: 15bps).',
    { from: '0', to: '10' },
    '15bps',
  ),
};

/** The cost models and filters of the simulated venue. */
const VENUE_OPTIONS = {
  fee: share('Fee of every fill, maker and taker alike.', TENTH, '0.04%'),
  maker: share('Fee of a fill that rested; else 0.02%.', TENTH, '0.02%'),
  taker: share('Fee of a fill that took; else 0.05%.', TENTH, '0.05%'),
  slippage: share(
    'Slippage of market and triggered fills (paper: 1bp); 0 alone = no spread and no latency either.',
    TENTH,
    '1bp',
  ),
  spread: share('Whole modelled spread on candles (paper: 1bp).', TENTH, '2bps'),
  latency: duration('From an order to its report (paper: 150ms).', { from: '0', to: '60s' }, '150ms'),
  kind: choice('Kind of instrument where the symbol does not tell.', ['perpetual', 'spot']),
  tick: price('Smallest step of a price.', ABOVE_ZERO, '0.1'),
  step: qty('Smallest step of a quantity.', ABOVE_ZERO, '0.001'),
  minNotional: money('Smallest notional of an entry.', { from: '0' }, '5'),
  funding: path('Funding rates with their times; without it no funding is paid.', 'FILE'),
};

/** What a run can be told while it goes on. */
export const RISK_OPTIONS = {
  ...grouped('size and exits', SIZE_OPTIONS),
  ...grouped('limits and gates (each may be off)', LIMIT_OPTIONS),
};
export type RiskInput = Values<typeof RISK_OPTIONS>;

/** Every option that a run takes, wherever it runs. */
export const RUN_OPTIONS = {
  ...grouped('strategy and symbol', STRATEGY_OPTIONS),
  ...grouped('size and exits', SIZE_OPTIONS),
  ...grouped('costs and instrument', VENUE_OPTIONS),
  ...grouped('limits and gates (each may be off)', LIMIT_OPTIONS),
};
/** The values of these options. */
export type RunInput = Values<typeof RUN_OPTIONS>;
