import type { ForegroundRequest, Source } from '../../lab/request.ts';
import { defaultRiskFor } from '../../risk/defaults.ts';
import { feed, profile, speed } from '../argv/engine.ts';
import { choice, on, withDefault } from '../argv/spec.ts';
import { defineCommand, type Values } from '../command.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import type { ForegroundReport } from '../ports.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { aboveCeiling } from '../run/ceilings.ts';
import { PAPER_COSTS } from '../run/costs.ts';
import { RUN_OPTIONS } from '../run/options.ts';
import { runRequest, symbolOf } from '../run/request.ts';
import { isTold, toldRow } from '../telling/told.ts';
import { count } from '../telling/words.ts';

const OPTIONS = {
  foreground: on('Run in this process until the feed ends or Ctrl-C.'),
  feed: withDefault(feed('Where prices come from.'), 'synthetic'),
  speed: withDefault(speed('How fast market time passes: seconds of it in one second, or max.'), '60'),
  profile: profile('Profile that keeps the journal; else demo on the synthetic feed, paper on others.'),
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
  ...RUN_OPTIONS,
};
type Options = Values<typeof OPTIONS>;

export const autoStart = defineCommand({
  about: [
    "Starts a run on a paper account: a risk of 0.5% a trade, leverage 2, the strategy's own stop (else 1%), a target of 2R, a max loss of 1% of equity, and every limit, cooldown, gate and cost model on. A flag replaces one of them; off switches a limit off where it has no ceiling.",
    'The simulated market goes on for as long as the run has a pace; with --speed max it ends after 45 days.',
    'The journal and the tape are kept in the profile. The same command again goes on where the last one ended, with its position and its stop.',
    'For now --foreground is needed: the engine that runs by itself comes with its control socket.',
  ],
  args: {},
  options: OPTIONS,
  examples: [
    'dzentra auto start --foreground',
    'dzentra auto start --foreground --feed replay:btc-1m.csv.gz --speed max --strategy trend --risk 1% --sl 1% --tp 2%',
    'dzentra auto start --foreground --feed synthetic:7 --speed 600 --strategy ema-cross --profile seven --max-loss 80',
  ],
  schema: 'dzentra.auto.start/1',
  fields: [
    ['schema', 'text', 'dzentra.auto.start/1'],
    ['profile', 'text', 'the profile that holds the journal'],
    ['interrupted', 'boolean', 'whether a signal ended the run'],
    ['saved', 'object', 'what the journal holds'],
    ['saved.entries', 'number', 'entries that this start wrote'],
    ['saved.lastSeq', 'number', 'seq of the last durable entry'],
    ['saved.position', 'text|null', 'the position that is open'],
    ['summary', 'array', 'the summary in sentences; with --print, entries come before this object, one JSON line each'],
  ],
  async run(context, { options }) {
    const built = foregroundRequest(options);
    if (isRefusal(built)) return refused(built);
    const ports = await context.boot();
    const report = await ports.foreground(built.request, {
      signal: context.signal,
      progress: context.progress('paper'),
      onEntry(entry) {
        if (isTold(entry, options.print)) context.row(toldRow(entry));
      },
    });
    return isRefusal(report) ? refused(report) : ended(report, built.request.profile, built.notes);
  },
});

function ended(report: ForegroundReport, profile: string, notes: readonly string[]): Outcome {
  const { saved, interrupted, summaryLines } = report;
  const position = saved.position ?? null;
  const data = {
    schema: 'dzentra.auto.start/1',
    profile,
    interrupted,
    saved: { entries: saved.entries, lastSeq: saved.lastSeq, position },
    summary: summaryLines,
  };
  if (!interrupted) return done(data, [{ kind: 'text', lines: summaryLines }], notes);
  return { kind: 'interrupted', saved: savedLines(report, profile), data };
}

function savedLines({ saved }: ForegroundReport, profile: string): readonly string[] {
  const held = saved.position === undefined ? 'flat' : `${saved.position} stays open with its stop`;
  return [
    `${count(saved.entries, 'entry')} written to the journal of profile ${profile}, the last is #${saved.lastSeq}`,
    `${held}; the same command goes on from here`,
  ];
}

/** Builds the request from the flags alone; nothing is read or written. */
export function foregroundRequest(
  options: Options,
): { request: ForegroundRequest; notes: readonly string[] } | Refusal {
  if (!options.foreground) {
    const found = 'a start in the background, which comes with the control socket';
    return refusal(2, 'NOT_YET', 'auto start with --foreground', found, 'dzentra auto start --foreground');
  }
  const source: Source =
    options.feed.from === 'file' ? options.feed : { from: 'synthetic', seed: options.feed.seed ?? options.seed };
  const { symbol, notes } = symbolOf(options.symbol, source);
  const [base = ''] = symbol.split('/');
  const run = runRequest(options, { risk: defaultRiskFor(base), costs: PAPER_COSTS }, source, symbol);
  if (isRefusal(run)) return run;
  const ceiling = aboveCeiling(run.risk);
  if (ceiling !== undefined) return ceiling;
  const profile = options.profile ?? (source.from === 'synthetic' ? 'demo' : 'paper');
  const { observe, speed, log } = options;
  return { request: { ...run, observe, profile, speed, logLevel: log }, notes };
}
