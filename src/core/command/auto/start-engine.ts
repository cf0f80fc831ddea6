import { text } from '../../base/decimal.ts';
import type { Config } from '../../config/config.ts';
import type { StartAsk } from '../../domain/ask.ts';
import type { Run } from '../../domain/run.ts';
import type { Costs } from '../../domain/settings.ts';
import type { RunRequest } from '../../lab/request.ts';
import { resolveParams } from '../../strategy/params.ts';
import type { Scene } from '../../view/scene.ts';
import { type FeedChoice, feedOf, feedText } from '../argv/engine.ts';
import { act, type Deed } from '../attached/deed.ts';
import { confirmed } from '../attached/pick.ts';
import { type Context, flagOf } from '../command.ts';
import { unchangedNotes } from '../engine/options.ts';
import type { EngineOptions } from '../engine.ts';
import { done, type Outcome, refused, unfinished } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { costsOf } from '../run/costs.ts';
import { RISK_OPTIONS } from '../run/options.ts';
import { autoStart, type Given, requestOf, whereIs, withConfig } from './start.ts';

const SCHEMA = 'dzentra.auto.start/1';

/** Flags that say something of a feed or a screen of one's own: an engine knows its feed, and has no screen. */
const FOREGROUND_ONLY = ['kind', 'tick', 'step', 'minNotional', 'funding', 'dataTimeframe', 'print'] as const;

/** Starts the engine where none runs, and a run on it. */
export async function inBackground(context: Context, ports: Ports, given: Given, config: Config): Promise<Outcome> {
  const full = withConfig(given, config);
  if (isRefusal(full)) return refused(full);
  const unfit = FOREGROUND_ONLY.find((name) => given[name] !== undefined);
  if (unfit !== undefined) {
    const flag = `--${flagOf(unfit, autoStart.options[unfit])}`;
    const fix = unfit === 'print' ? 'add --foreground, or follow it: dzentra auto watch' : 'add --foreground';
    return refused(refusal(2, 'OPTIONS_CONFLICT', `${flag} with --foreground`, `${flag} with an engine`, fix));
  }
  const feed = feedOf(given);
  if (feed !== undefined && isRefusal(feed)) return refused(feed);
  const built = requestOf(full, config.ceilings, given);
  if (isRefusal(built)) return refused(built);
  const profile = ports.engine.profile(given.profile);
  const options = { ...full, profile };
  const strategy = await ports.strategies.absolute(built.request.strategy);
  const unknown = await strategyProblem(ports, built.request);
  // An engine that runs may know it from before, and says itself what is wrong.
  if (unknown !== undefined && (await ports.engine.status(profile)).state === 'stopped') return refused(unknown);
  const wanted = engineOptions(profile, given, feed);
  const engine = full.dryRun ? await ports.engine.misfit(wanted) : await ports.engine.start(wanted, context.signal);
  if (isRefusal(engine)) return unfinished(engine, context.signal);
  const configured = feed === undefined && config.run.feed !== undefined ? feedText(full.feed) : undefined;
  const isElsewhere = (await ports.engine.misfit({ profile, feed: configured })) !== undefined;
  const told = engineNotes(engine, profile, given);
  const outcome = await act(context, options, SCHEMA, ({ client }): Deed | Refusal | Outcome => {
    const scene = client.scene();
    const { request } = built;
    const opened = openedOtherwise(scene, given);
    if (opened !== undefined) return opened;
    const unconfirmed = full.observe ? undefined : confirmed(scene, request.symbol, full);
    if (unconfirmed !== undefined) return unconfirmed;
    const notes = [...built.notes, ...told];
    if (isElsewhere) notes.push(`${whereIs(config, 'feed')} names ${configured}; the engine runs on ${scene.feed}`);
    const more = { engine: { isNew: engine?.isNew ?? false, pid: engine?.pid ?? scene.system?.pid ?? null } };
    const there = runOf(scene, request);
    const code = full.observe ? 'observing' : 'running';
    if (there !== undefined) return again(there, given, { code, notes, more }, { profile, observe: full.observe });
    return { ask: { do: 'start', start: { ...startAsk(request, full.observe), strategy } }, code, notes, more };
  });
  // An engine that was started for it goes on, with the runs that it has: that is no less true after a refusal.
  return outcome.kind === 'refused' && engine?.isNew === true ? { ...outcome, notes: told } : outcome;
}

/** What is wrong with the strategy or its parameters: a slip there starts no engine. */
export async function strategyProblem(
  ports: Ports,
  { strategy, params }: Pick<RunRequest, 'strategy' | 'params'>,
): Promise<Refusal | undefined> {
  const definition = await ports.strategies.find(strategy);
  if (isRefusal(definition)) return definition;
  const resolved = resolveParams(definition, params);
  if (resolved.ok) return undefined;
  const { param, expected, found, fix } = resolved.error;
  return refusal(2, 'BAD_PARAM', `--param ${param}: ${expected}`, found, fix);
}

function engineOptions(profile: string, given: Given, feed: FeedChoice | undefined): EngineOptions {
  const { speed, log } = given;
  return { profile, feed: feed === undefined ? undefined : feedText(feed), speed, logLevel: log };
}

function engineNotes(
  engine: { readonly isNew: boolean; readonly pid: number } | undefined,
  profile: string,
  given: Given,
): readonly string[] {
  if (engine?.isNew !== true) return engine === undefined ? [] : unchangedNotes(profile, given);
  return [`the engine of profile ${profile} was started (pid ${engine.pid}); it goes on when this terminal is closed`];
}

const COSTS = ['fee', 'maker', 'taker', 'slippage', 'spread', 'latency'] as const;

/** An account that is open keeps its costs and what it began with. */
function openedOtherwise({ state }: Scene, given: Given): Refusal | undefined {
  const [account] = state.accounts;
  if (account === undefined) return undefined;
  const { costs, startBalance } = account;
  if (given.balance !== undefined && given.balance !== startBalance) {
    const fix = 'leave --balance out; dzentra paper deposit or withdraw changes what is there';
    return refusal(3, 'ACCOUNT_EXISTS', `--balance ${text(startBalance)}`, text(given.balance), fix);
  }
  const asked = costsOf(given, costs);
  if (isRefusal(asked)) return asked;
  const keys = Object.keys(costs) as (keyof Costs)[];
  if (keys.every((key) => asked[key] === costs[key])) return undefined;
  const flags = COSTS.filter((name) => given[name] !== undefined).map((name) => `--${name}`);
  const fix = 'leave them out, or take another --profile';
  return refusal(3, 'ACCOUNT_EXISTS', 'the costs that the account was opened with', flags.join(', '), fix);
}

/** A run that this start would only switch between observing and trading. */
function runOf(
  { state }: Scene,
  { strategy, symbol }: { readonly strategy: string; readonly symbol: string },
): Run | undefined {
  return state.runs.find((run) => run.state !== 'OFF' && run.strategy === strategy && run.symbol === symbol);
}

type Told = Required<Pick<Deed, 'code' | 'notes' | 'more'>>;

/** The start of a run that is there: it is switched, or left as it is. Its settings are changed by `auto set` alone. */
function again(
  { run, state }: Run,
  given: Given,
  told: Told,
  { profile, observe }: { readonly profile: string; readonly observe: boolean },
): Deed | Refusal | Outcome {
  const changed = [...Object.keys(RISK_OPTIONS), 'timeframe', 'seed'].find(
    (name) => given[name as keyof Given] !== undefined,
  );
  if (changed !== undefined || given.params !== undefined) {
    const found = `run ${run} ${state}, which has settings of its own`;
    return refusal(3, 'RUN_EXISTS', 'no run of this strategy and symbol', found, `dzentra auto set --run ${run} ...`);
  }
  if (state === (observe ? 'OBSERVING' : 'RUNNING')) {
    const data = { schema: SCHEMA, profile, outcome: told.code, repeated: true, run, position: null, entries: [] };
    const text = { kind: 'text', lines: [`run ${run} is ${state} already; nothing was changed`] } as const;
    return done({ ...data, ...told.more }, [text], told.notes);
  }
  const isPaused = state === 'PAUSED' && !observe;
  const command = isPaused ? ({ name: 'resume_run', run } as const) : ({ name: 'observe_run', run, observe } as const);
  return { ask: { do: 'command', command }, run, ...told };
}

function startAsk(request: Exclude<ReturnType<typeof requestOf>, Refusal>['request'], observe: boolean): StartAsk {
  const { strategy, params, symbol, timeframe, seed, risk, balance, costs } = request;
  return { strategy, params, symbol, timeframe, seed, risk, observe, balance, costs };
}
