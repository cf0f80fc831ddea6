import type { Config } from '../../config/config.ts';
import type { ForegroundRequest, RunRequest, Source } from '../../lab/request.ts';
import { type Ceilings, defaultRiskFor } from '../../risk/defaults.ts';
import { exchange, type FeedChoice, feed, profile, speed } from '../argv/engine.ts';
import { layered, type Open, opened } from '../argv/layers.ts';
import { choice, on, withDefault } from '../argv/spec.ts';
import { deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, CONFIRM_OPTION } from '../attached/options.ts';
import { type Context, defineCommand, flagOf, type Values } from '../command.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { ForegroundReport, Ports } from '../ports.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { withinCeilings } from '../run/ceilings.ts';
import { PAPER_COSTS } from '../run/costs.ts';
import { RUN_OPTIONS } from '../run/options.ts';
import { runRequest, symbolOf } from '../run/request.ts';
import { isTold, toldRow } from '../telling/told.ts';
import { count } from '../telling/words.ts';

const OPTIONS = {
  foreground: on('Run in this process until the feed ends or Ctrl-C.'),
  feed: withDefault(feed('Where prices come from.'), 'synthetic'),
  exchange: exchange('Exchange whose live prices it trades on paper: the same as --feed NAME.'),
  speed: withDefault(speed('How fast market time passes: seconds of it in one second, or max.'), '60'),
  profile: profile('Profile that keeps the journal; else that of the configuration.'),
  observe: on('Signals only: no order is sent.'),
  print: withDefault(choice('Entries that are printed as they come.', ['trades', 'all', 'none']), 'trades'),
  log: withDefault(
    choice('Level of the log file in the profile; SIGUSR2 turns debug on and off.', [
      'debug',
      'info',
      'warn',
      'error',
      'silent',
    ]),
    'info',
  ),
  ...ASK_OPTIONS,
  ...CONFIRM_OPTION,
  ...RUN_OPTIONS,
};
/** What was given alone: a configuration stands between it and the defaults. */
export type Given = Values<Open<typeof OPTIONS>>;
export type StartOptions = Values<typeof OPTIONS>;

export const autoStart = defineCommand({
  about: [
    'Starts the engine of the profile, if none runs, and a run on it; both go on when the terminal is closed. --foreground trades in this process instead, until the feed ends or Ctrl-C.',
    "A run on a paper account: a risk of 0.5% a trade, leverage 2, the strategy's own stop (else 1%), a target of 2R, a max loss of 1% of equity, and every limit, cooldown, gate and cost model on. A flag replaces one of them; off switches a limit off where it has no ceiling.",
    'The simulated market goes on for as long as the run has a pace; with --speed max it ends after 45 days.',
    'The journal and the tape are kept in the profile. The same command again goes on where the last one ended, with its position and its stop.',
    'What is not said here comes from the configuration file and the environment. The same start on a run that is there turns OBSERVING into RUNNING and, with --observe, back.',
  ],
  args: {},
  options: opened(OPTIONS),
  examples: [
    'dzentra auto start',
    'dzentra auto start --profile second --strategy trend --symbol BTC/USDT:USDT --risk 0.5% --id first --json',
    'dzentra auto start --profile binance --exchange binanceusdm --strategy trend --symbol BTC/USDT:USDT',
    'dzentra auto start --foreground',
    'dzentra auto start --foreground --feed replay:btc-1m.csv.gz --speed max --strategy trend --risk 1% --sl 1% --tp 2%',
    'dzentra auto start --foreground --feed synthetic:7 --speed 600 --strategy ema-cross --profile seven --max-loss 80',
  ],
  schema: 'dzentra.auto.start/1',
  fields: [
    ...deedFields('dzentra.auto.start/1'),
    ['engine', 'object', 'the engine that runs it'],
    ['engine.isNew', 'boolean', 'whether it was started for this'],
    ['engine.pid', 'number|null', 'its process'],
    ['interrupted', 'boolean', 'with --foreground: whether a signal ended the run'],
    ['simulated', 'boolean', 'with --foreground: whether its prices are made up'],
    ['saved', 'object', 'what the journal holds'],
    ['saved.entries', 'number', 'entries that this start wrote'],
    ['saved.lastSeq', 'number', 'seq of the last durable entry'],
    ['saved.position', 'text|null', 'the position that is open'],
    ['summary', 'array', 'the summary in sentences; with --print, entries come before this object, one JSON line each'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const config = await ports.config.load({ profile: options.profile });
    if (isRefusal(config)) return refused(config);
    if (options.foreground === true) return await inForeground(context, ports, options, config);
    const { inBackground } = await import('./start-engine.ts');
    return await inBackground(context, ports, options, config);
  },
});

/** `config.toml:12`, `DZENTRA_RISK`: where a value of the configuration stands. */
export function whereIs({ file, settings }: Config, key: string): string {
  const origin = settings.find((setting) => setting.key === key)?.origin;
  if (origin?.from === 'env') return origin.variable;
  return origin?.from === 'file' && origin.line !== undefined ? `${file}:${origin.line}` : file;
}

/** The options of a start with what the configuration says where nothing was given. */
export function withConfig(given: Given, config: Config): StartOptions | Refusal {
  const strategy = given.strategy ?? config.run.strategy ?? OPTIONS.strategy.fallback ?? '';
  const values = layered(OPTIONS, given, beside(given, config.run), (key) => whereIs(config, key));
  if (isRefusal(values)) return values;
  return { ...values, params: { ...config.params[strategy], ...given.params } };
}

const SIZES = ['size', 'risk', 'qty'] as const;

/** What the configuration says beside what was given: a flag stands before what excludes it there, too. */
function beside(given: Given, run: Config['run']): Readonly<Record<string, string | undefined>> {
  const { size, risk, qty, fee, maker, taker, ...others } = run;
  const sizes = SIZES.some((name) => given[name] !== undefined) ? {} : { size, risk, qty };
  const isLegGiven = given.maker !== undefined || given.taker !== undefined;
  const legs = fee !== undefined && isLegGiven ? { maker: fee, taker: fee } : { fee, maker, taker };
  return { ...others, ...sizes, ...(given.fee === undefined ? legs : {}) };
}

async function inForeground(context: Context, ports: Ports, given: Given, config: Config): Promise<Outcome> {
  const built = foregroundRequest(given, config);
  if (isRefusal(built)) return refused(built);
  const report = await ports.foreground(built.request, {
    signal: context.signal,
    progress: context.progress('paper'),
    goOnUnprinted: context.goOnUnprinted,
    onEntry(entry) {
      if (isTold(entry, built.print)) context.row(toldRow(entry));
    },
  });
  return isRefusal(report) ? refused(report) : ended(report, built.request, built.notes);
}

const MADE_UP = 'the market is SIMULATED: its prices are made up';

function ended(report: ForegroundReport, { profile, source }: ForegroundRequest, notes: readonly string[]): Outcome {
  const { saved, interrupted, summaryLines } = report;
  const simulated = source.from === 'synthetic';
  const labels = simulated ? [MADE_UP] : [];
  const position = saved.position ?? null;
  const data = {
    schema: 'dzentra.auto.start/1',
    profile,
    interrupted,
    simulated,
    saved: { entries: saved.entries, lastSeq: saved.lastSeq, position },
    summary: summaryLines,
  };
  if (!interrupted) return done(data, [{ kind: 'text', lines: summaryLines }], [...notes, ...labels]);
  return { kind: 'interrupted', saved: [...savedLines(report, profile), ...labels], data };
}

function savedLines({ saved }: ForegroundReport, profile: string): readonly string[] {
  const held = saved.position === undefined ? 'flat' : `${saved.position} stays open with its stop`;
  return [
    `${count(saved.entries, 'entry')} written to the journal of profile ${profile}, the last is #${saved.lastSeq}`,
    `${held}; the same command goes on from here`,
  ];
}

/** Flags that say how an engine is asked: a run in this process begins, whatever they say. */
const ENGINE_ONLY = ['dryRun', 'id', 'wait', 'confirm'] as const;

/** Builds the request of a run in this process from what was given and what the file says; nothing is written. */
export function foregroundRequest(
  given: Given,
  config: Config,
): { request: ForegroundRequest; print: StartOptions['print']; notes: readonly string[] } | Refusal {
  const unfit = ENGINE_ONLY.find((name) => given[name] !== undefined && given[name] !== false);
  if (unfit !== undefined) {
    const flag = `--${flagOf(unfit, OPTIONS[unfit])}`;
    const fix = 'leave it out, or leave --foreground out: an engine can be asked so';
    return refusal(2, 'OPTIONS_CONFLICT', `no ${flag} with --foreground`, flag, fix);
  }
  const options = withConfig(given, config);
  if (isRefusal(options)) return options;
  if (options.exchange !== undefined || options.feed.from === 'exchange') {
    const expected = 'a file or the simulated market with --foreground';
    const found = `the exchange ${options.exchange ?? (options.feed.from === 'exchange' ? options.feed.exchange : '')}`;
    return refusal(
      2,
      'OPTIONS_CONFLICT',
      expected,
      found,
      'leave --foreground out: the engine trades in the background',
    );
  }
  const built = requestOf(options, config.ceilings, given);
  if (isRefusal(built)) return built;
  const { request, source, notes } = built;
  const profile = options.profile ?? profileIn(config) ?? (source.from === 'synthetic' ? 'demo' : 'paper');
  const { observe, speed, log, print } = options;
  return { request: { ...request, observe, profile, speed, logLevel: log }, print, notes };
}

/** The profile that the configuration names; undefined where only the default stands there. */
const profileIn = ({ settings, profile }: Config): string | undefined =>
  settings.some(({ key, origin }) => key === 'profile' && origin.from !== 'default') ? profile : undefined;

const seedOf = (feed: FeedChoice): number | undefined => (feed.from === 'synthetic' ? feed.seed : undefined);

/** The run that was asked for, within the ceilings. */
export function requestOf(
  options: StartOptions,
  ceilings: Ceilings,
  given: Given,
): { request: RunRequest; source: Source; notes: readonly string[] } | Refusal {
  const source: Source =
    options.feed.from === 'file' ? options.feed : { from: 'synthetic', seed: seedOf(options.feed) ?? options.seed };
  const { symbol, notes } = symbolOf(options.symbol, source);
  const [base = ''] = symbol.split('/');
  const run = runRequest(options, { risk: defaultRiskFor(base), costs: PAPER_COSTS }, source, symbol);
  if (isRefusal(run)) return run;
  const risk = withinCeilings(run.risk, ceilings, given);
  return isRefusal(risk) ? risk : { request: { ...run, risk }, source, notes };
}
