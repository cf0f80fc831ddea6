import { EXCHANGE_KEYS } from './exchanges.ts';
import { TELEGRAM_KEYS } from './telegram.ts';
import { WEBHOOK_KEYS } from './webhook.ts';

/** A key of the configuration file outside of tables of names that the user makes. */
export interface Key {
  readonly name: string;
  readonly about: string;
  readonly example: string;
  /** What stands where nothing says otherwise. */
  readonly fallback?: string | undefined;
  /** The words that it takes, where it takes few. */
  readonly choices?: readonly string[] | undefined;
}

/** What every face and every profile shares. */
export const SHARED_KEYS: readonly Key[] = [
  { name: 'profile', about: 'Profile where none is named.', example: 'demo', fallback: 'demo' },
  { name: 'language', about: 'en or ru; else of the locale.', example: 'en', choices: ['en', 'ru'] },
  { name: 'zone', about: 'Zone of times: UTC, or +03:00.', example: 'UTC', fallback: 'UTC' },
  {
    name: 'theme',
    about: 'Colours of screens.',
    example: 'dark',
    fallback: 'dark',
    choices: ['dark', 'light', 'blue-orange'],
  },
  { name: 'ascii', about: 'Draw with ASCII only.', example: 'false', fallback: 'false', choices: ['true', 'false'] },
];

/** Flags of `auto start` and of an engine that a profile may give: the same words, the same texts. */
export const RUN_KEYS: readonly Key[] = [
  ['feed', 'Where prices come from.', 'synthetic'],
  ['speed', 'Market seconds in one second, or max.', '60'],
  ['log', 'Level of the log file.', 'info'],
  ['strategy', 'Strategy of a start.', 'trend'],
  ['symbol', 'Symbol of a start.', 'BTC/USDT:USDT'],
  ['timeframe', 'Candles that it decides on.', '15m'],
  ['balance', 'Balance that an account begins with.', '10000'],
  ['seed', 'Seed of everything that is random.', '1'],
  ['risk', 'What an entry may lose at its stop.', '0.5%'],
  ['size', 'Notional of an entry, in place of risk.', '10%'],
  ['qty', 'Quantity of an entry, in place of risk.', '0.01'],
  ['leverage', 'Leverage.', '2'],
  ['sl', 'Stop loss: a share, strategy or none.', 'strategy'],
  ['tp', 'Take profit: a share, a multiple such as 2r, or none.', '2r'],
  ['max-loss', 'Loss that closes a position.', '1%'],
  ['slippage-cap', 'Most that a market entry pays beyond the touch.', '15bps'],
  ['fee', 'Fee of every fill, in place of the next two.', '0.05%'],
  ['maker', 'Fee of a fill that rested.', '0.02%'],
  ['taker', 'Fee of a fill that took.', '0.05%'],
  ['slippage', 'Slippage of the simulated venue.', '1bp'],
  ['spread', 'Modelled spread on candles.', '1bp'],
  ['latency', 'From an order to its report.', '150ms'],
  ['leverage-max', 'Highest leverage.', '5'],
  ['risk-max', 'Most that one trade may risk.', '2%'],
  ['reserved-account', 'Most of the account that margins may hold.', '50%'],
  ['reserved-run', 'Most of the account for one run.', '25%'],
  ['heat', 'Most that all positions may risk together.', '2%'],
  ['positions', 'Most open positions.', '3'],
  ['day-block', 'Loss of a day that ends entries.', '2%'],
  ['day-flatten', 'Loss of a day that closes all and halts.', '3%'],
  ['week-halt', 'Loss of a week that halts.', '6%'],
  ['stop-cooldown', 'Wait after a stop loss.', '5m'],
  ['stops-row', 'Stop losses in a row before the longer wait.', '3'],
  ['stops-row-cooldown', 'The longer wait.', '60m'],
  ['stops-day', 'Stop losses of a day that end entries.', '5'],
  ['entries-day', 'Most entries of a run in a day.', '20'],
  ['orders-minute', 'Most orders of the account in a minute.', '30'],
  ['flips-day', 'Most flips of a run in a day.', '6'],
  ['quote-age', 'Oldest quote that an entry acts on.', '1500ms'],
  ['spread-max', 'Widest spread that an entry meets.', '3bps'],
  ['costs-max', 'Most that a round trip may cost, of the stop distance.', '20%'],
  ['reward-min', 'Least reward for one unit of risk, after costs.', '1.2'],
  ['liquidation-buffer', 'Way to liquidation beyond the stop.', '20%'],
  ['gap-block', 'A gap in the candles blocks entries.', 'true'],
].map(([name = '', about = '', example = '']) => ({ name, about, example }));

/** Ceilings that no face raises. */
export const LIMIT_KEYS: readonly Key[] = [
  { name: 'risk', about: 'Most that one trade may ever risk.', example: '2%', fallback: '2%' },
  { name: 'leverage', about: 'Highest leverage ever, at most 20.', example: '5', fallback: '5' },
  { name: 'reserved', about: 'Most of an account that may ever be reserved.', example: '80%', fallback: '80%' },
  { name: 'heat', about: 'Most that all positions may ever risk.', example: '6%', fallback: '6%' },
];

/** `max-loss` -> `DZENTRA_MAX_LOSS`. */
export const variableOf = (key: string): string => `DZENTRA_${key.replace(/-/g, '_').toUpperCase()}`;

/** A configuration file in which everything is a comment. */
export function template(): string {
  const lines = (keys: readonly Key[]): string[] =>
    keys.map(({ name, about, example }) => `${`# ${name} = ${quoted(example)}`.padEnd(33)} # ${about}`);
  return [
    '# Configuration of dzentra. Flags stand before DZENTRA_* variables, these before this file, this before the defaults.',
    '# A run keeps what it was started with: `dzentra auto show` marks what differs from here. No secrets in this file.',
    '',
    ...lines(SHARED_KEYS),
    '',
    '# Ceilings: no setting and no face goes above them.',
    '[limits]',
    ...lines(LIMIT_KEYS),
    '',
    '# What every profile starts engines and runs with.',
    '[run]',
    ...lines(RUN_KEYS),
    '',
    '# The same for one profile, before [run].',
    '# [profiles.demo]',
    '# feed = "synthetic:7"',
    '',
    '# Parameters of a strategy.',
    '# [params.ema-cross]',
    '# fast = 12',
    '',
    '# An exchange by its name. Its key is never in this file: dzentra keys add binanceusdm',
    '# [exchanges.binanceusdm]',
    ...lines(EXCHANGE_KEYS),
    '',
    '# Alerts are posted there, beside the terminal.',
    '# [alerts.webhook]',
    ...lines(WEBHOOK_KEYS),
    '',
    '# The bridge to Telegram. Its token is never in this file: dzentra telegram pair',
    '# [telegram]',
    ...lines(TELEGRAM_KEYS),
    '',
  ].join('\n');
}

const quoted = (text: string): string => (/^(\d+(\.\d+)?|true|false)$/.test(text) ? text : `"${text}"`);
