/**
 * What a command means on a phone. `looks`: everybody may. `acts`: it changes something that no position hangs on; operators
 * may. `lowers`: risk becomes less, or at least no more; asked once more. `raises`: off unless the configuration turns it on,
 * then asked once more. `debug`: the sandbox, which is apart from everything. `never`: it belongs to the machine of the engine.
 */
export type Kind = 'looks' | 'acts' | 'lowers' | 'raises' | 'debug' | 'never';

const NAMES: Readonly<Record<Kind, readonly string[]>> = {
  looks: [
    ...[
      'auto status',
      'auto show',
      'trade draft',
      'orders',
      'positions',
      'portfolio',
      'market',
      'monitor',
      'risk show',
    ],
    ...['settings', 'engine status', 'engine logs', 'system', 'alert list', 'alert rules', 'telegram status'],
    ...['journal list', 'journal show', 'journal tail', 'journal verify', 'why', 'strategies list', 'strategies show'],
    ...['data list', 'schema', 'help', 'version'],
  ],
  acts: ['settings set', 'alert add', 'alert rm', 'alert ack', 'alert test', 'journal note', 'backtest'],
  lowers: ['auto stop', 'auto pause', 'trade close', 'trade stop', 'trade target', 'orders cancel', 'panic'],
  raises: [
    ...['auto start', 'auto resume', 'auto set', 'auto adopt', 'auto release', 'trade buy', 'trade sell', 'trade flip'],
    ...['risk set', 'risk reset', 'resume', 'paper deposit', 'paper withdraw'],
  ],
  debug: [
    ...['start', 'stop', 'reset', 'state', 'price', 'candle', 'quote', 'set', 'signal', 'long', 'short', 'flip'],
    ...['close', 'hit-stop', 'hit-target', 'hit-max-loss', 'block-margin', 'step', 'wait', 'play', 'pause', 'resume'],
    ...['panic', 'lift'],
  ].map((verb) => `debug ${verb}`),
  never: [
    // Processes, files and secrets of the machine.
    ...['tui', 'engine start', 'engine stop', 'engine restart', 'engine run', 'config show', 'config check'],
    ...['config init', 'config path', 'keys list', 'keys add', 'keys remove', 'keys check', 'doctor', 'completion'],
    ...['telegram pair', 'telegram unpair', 'telegram start', 'telegram stop', 'telegram test', 'telegram run'],
    ...['paper reset', 'replay', 'frame', 'journal export', 'journal tape', 'journal prune', 'data import'],
    ...['data download', 'data check', 'data export', 'sandbox serve', 'sandbox fault', 'sandbox differences'],
    ...['debug save', 'debug run', 'debug watch'],
    // They ask an exchange, or never end.
    ...['markets', 'auto watch'],
  ],
};

const KINDS: ReadonlyMap<string, Kind> = new Map(
  (Object.keys(NAMES) as Kind[]).flatMap((kind) => NAMES[kind].map((name) => [name, kind] as const)),
);

/** The commands that are classified here. */
export const CLASSIFIED: readonly string[] = [...KINDS.keys()];

/** What a command means by its name alone: what nobody thought of a phone may not. */
export const kindOf = (name: string): Kind => KINDS.get(name) ?? 'never';

type Given = Readonly<Record<string, unknown>>;

/** What a run has now of what may be set. */
export interface Held {
  readonly leverage: bigint;
  readonly sizing: { readonly by: string; readonly risk?: bigint | undefined };
}

/** Options that say which run is meant and how it is asked, and change nothing. */
const ABOUT: ReadonlySet<string> = new Set(['run', 'symbol', 'profile', 'id', 'dryRun', 'wait']);

/**
 * The same with what was given: `auto start --observe` sends no order; `trade stop --yes` may widen a stop; `risk set` lowers
 * only where it gives nothing but a leverage and a risk a trade, and neither above what the run has. Of everything else that
 * it sets (stop, size, limits) nobody can say from here, so it raises.
 */
export function kindGiven(name: string, given: Given, held: Held | undefined): Kind {
  const kind = kindOf(name);
  if (name === 'auto start' && given.observe === true) return 'lowers';
  if (name === 'trade stop' && given.yes === true) return 'raises';
  if (name === 'risk set' && held !== undefined && isLess(given, held)) return 'lowers';
  return kind;
}

function isLess(given: Given, { leverage, sizing }: Held): boolean {
  const most: Readonly<Record<string, bigint | undefined>> = {
    leverage,
    risk: sizing.by === 'risk' ? sizing.risk : undefined,
  };
  const set = Object.entries(given).filter(
    ([name, value]) => !ABOUT.has(name) && value !== undefined && value !== false,
  );
  return set.every(([name, value]) => {
    const now = Object.hasOwn(most, name) ? most[name] : undefined;
    return typeof value === 'bigint' && now !== undefined && value <= now;
  });
}
