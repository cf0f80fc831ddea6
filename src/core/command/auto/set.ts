import type { StartAsk } from '../../domain/ask.ts';
import { timeframeName } from '../../domain/candle.ts';
import type { Run } from '../../domain/run.ts';
import { named, pairs, text as textSpec } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { act, type Deed, deedFields } from '../attached/deed.ts';
import type { AskInput } from '../attached/options.ts';
import { pickRun, runWords } from '../attached/pick.ts';
import { type Attached, carryOut, isOutcome } from '../attached.ts';
import { type Context, defineCommand, type Values } from '../command.ts';
import { type Outcome, refused } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { ALIVE, CHANGE_OPTIONS, changeDeed, changedRisk, isAnyGiven } from '../risk/change.ts';
import { RISK_OPTIONS } from '../run/options.ts';

const SCHEMA = 'dzentra.auto.set/1';
const OPTIONS = {
  ...CHANGE_OPTIONS,
  strategy: textSpec('Another strategy: the run is stopped and a new one is started.', 'NAME', 'trend'),
  params: named('param', pairs('Parameter of that strategy; may be repeated.', 'KEY=VALUE', 'fast=12')),
  toSymbol: symbol('Another symbol: the run is stopped and a new one is started.'),
  ...RISK_OPTIONS,
};
type Options = Values<typeof OPTIONS>;

export const autoSet = defineCommand({
  about: [
    'Changes a run: leverage, risk, stop, target, max loss and limits hold from the next entry; --now moves the working stop, and widening asks.',
    'Strategy and symbol belong to the run: another one is a stop and a start, refused while its position is open (POSITION_OPEN).',
  ],
  args: {},
  options: OPTIONS,
  examples: [
    'dzentra auto set --leverage 3 --risk 0.5%',
    'dzentra auto set --sl 1% --tp 2r --max-loss 80 --now',
    'dzentra auto set --run 1 --strategy ema-cross --param fast=12',
  ],
  schema: SCHEMA,
  fields: deedFields(SCHEMA),
  run(context, { options }) {
    const unheard = unheardIn(options);
    if (unheard !== undefined) return Promise.resolve(refused(unheard));
    return act(context, options, SCHEMA, async (attached) => {
      const run = pickRun(attached, { run: options.run, symbol: options.symbol }, ALIVE);
      if (isRefusal(run)) return run;
      if (isRestart(options)) return await restarted(context, attached, run, options);
      const riskSettings = changedRisk(run, options);
      if (isRefusal(riskSettings)) return riskSettings;
      const { now, yes, dryRun } = options;
      return await changeDeed(context, attached, {
        schema: SCHEMA,
        run,
        riskSettings,
        given: options,
        now,
        yes,
        dryRun,
      });
    });
  },
});

const isRestart = ({ strategy, toSymbol }: Options): boolean => strategy !== undefined || toSymbol !== undefined;

/** What is said of a change that is not asked for. */
function unheardIn(options: Options): Refusal | undefined {
  if (options.strategy === undefined && Object.keys(options.params).length > 0)
    return refusal(
      2,
      'OPTION_MISSING',
      '--strategy with --param',
      '--param alone',
      'name the strategy, too, also where it stays',
    );
  if (isRestart(options) && options.now) {
    const expected = 'no --now with --strategy or --to-symbol, which need a flat run';
    return refusal(2, 'OPTIONS_CONFLICT', expected, '--now', 'leave it out');
  }
  return undefined;
}

/** Stops the run and starts another with the same settings. */
async function restarted(
  context: Context,
  attached: Attached,
  run: Run,
  options: Options,
): Promise<Deed | Refusal | Outcome> {
  if (run.position !== undefined) {
    const fix = `dzentra auto stop --run ${run.run} --flatten, or dzentra auto release --run ${run.run}, then again`;
    return refusal(3, 'POSITION_OPEN', 'a flat run for another strategy or symbol', runWords(run), fix);
  }
  if (run.state === 'PAUSED') {
    const expected = 'a run that is not paused: the one in its place would trade at once';
    const fix = `dzentra auto resume --run ${run.run}, or dzentra auto stop --run ${run.run} and auto start --observe`;
    return refusal(3, 'RUN_UNFIT', expected, runWords(run), fix);
  }
  const risk = isAnyGiven(options) ? changedRisk(run, options) : run.risk;
  if (isRefusal(risk)) return risk;
  const isSame = options.strategy === undefined || options.strategy === run.strategy;
  const start: StartAsk = {
    strategy:
      options.strategy === undefined ? run.strategy : await attached.ports.strategies.absolute(options.strategy),
    params: options.strategy === undefined ? textsOf(run.params) : options.params,
    symbol: options.toSymbol ?? run.symbol,
    timeframe: isSame ? timeframeName(run.timeframeMs) : undefined,
    seed: run.seed,
    risk,
    observe: run.state === 'OBSERVING',
  };
  // Tried first, what is refused stops nothing. On its own symbol it only observes there: the run holds the lease still.
  const isObserving = start.observe || start.symbol === run.symbol;
  const trial = { do: 'start', start: { ...start, observe: isObserving } } as const;
  if (options.dryRun) return { ask: trial, code: 'restarted' };
  const tried = await carryOut(context, attached, trial, { ...options, id: undefined, dryRun: true });
  if (isOutcome(tried)) return tried;
  const stop = { do: 'command', command: { name: 'stop_run', run: run.run, position: 'keep' } } as const;
  const stopped = await carryOut(context, attached, stop, stopId(options));
  if (isOutcome(stopped)) return stopped;
  return { ask: { do: 'start', start }, code: 'restarted' };
}

/** Both halves happen once. */
const stopId = (options: AskInput): AskInput => ({
  ...options,
  id: options.id === undefined ? undefined : `${options.id}:stop`,
});

const textsOf = (params: Run['params']): Record<string, string> =>
  Object.fromEntries(Object.entries(params).map(([name, value]) => [name, String(value)]));
