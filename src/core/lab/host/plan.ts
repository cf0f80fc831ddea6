import type { Rate } from '../../base/decimal.ts';
import type { Ask, FaceCommand, StartAsk } from '../../domain/ask.ts';
import type { Command, OpenAccount, Refused, StartRun } from '../../domain/command.ts';
import type { Draft } from '../../domain/frame.ts';
import { readSymbol } from '../../domain/instrument-table.ts';
import { MANUAL, type Run } from '../../domain/run.ts';
import type { RiskSettings } from '../../domain/settings.ts';
import { accountOf, type State } from '../../domain/state.ts';
import { withinCeilings } from '../../risk/ceilings.ts';
import { defaultRiskFor } from '../../risk/defaults.ts';
import type { Definition } from '../../strategy/definition.ts';
import { manual } from '../../strategy/manual.ts';
import { analysesMids } from '../../strategy/params.ts';
import { deploy, isProblem } from '../deployment.ts';
import { ceilingProblem } from './ceilings.ts';
import type { Wanted } from './play.ts';
import type { HostPorts } from './ports.ts';

/** The commands that an ask means, each made when the ones before it were applied. The last one is the ask's own. */
export type Plan = readonly { readonly part: string; readonly command: () => Command }[];

export type Planned = { readonly ok: true; readonly plan: Plan } | { readonly ok: false; readonly refused: Refused };

type Fed = Pick<HostPorts, 'feed' | 'account' | 'ceilings'>;

const refuse = (code: string, expected: string, found: string, fix: string): Planned => ({
  ok: false,
  refused: { code, expected, found, fix },
});

/** What an ask means on this state. `definition` is the strategy of a start. */
export function planOf(ask: Ask, ports: Fed, state: State, definition: Definition | undefined): Planned {
  const above = ceilingProblem(ask, ports.ceilings);
  if (above !== undefined) return { ok: false, refused: above };
  switch (ask.do) {
    case 'start':
      return definition === undefined ? { ok: true, plan: [] } : planStart(ask.start, definition, ports, state);
    case 'trade':
      return planTrade(ask.symbol, ask.draft, ports, state);
    default:
      return planCommand(ask.command, ports, state);
  }
}

function planStart(start: StartAsk, definition: Definition, ports: Fed, state: State): Planned {
  const made = deployed(start, definition, ports);
  if ('code' in made) return { ok: false, refused: made };
  return { ok: true, plan: [...opening(made.account, state), { part: '', command: () => made.run }] };
}

/** The account is opened by the first who needs it. */
const opening = (account: OpenAccount, state: State): Plan =>
  accountOf(state, account.account) === undefined ? [{ part: '/account', command: () => account }] : [];

function deployed(
  start: StartAsk,
  definition: Definition,
  { feed, account, ceilings }: Fed,
): { readonly account: OpenAccount; readonly run: StartRun; readonly warmupMs: number } | Refused {
  const { symbol, strategy, params, timeframe, seed, observe, risk, balance, costs } = start;
  if (!feed.serves(symbol)) return notServed(symbol, feed);
  const made = deploy(
    {
      strategy,
      params,
      symbol,
      timeframe,
      seed,
      observe,
      risk: withinCeilings(risk ?? riskFor(symbol), ceilings),
      balance: balance ?? account.balance,
      costs: costs ?? account.costs,
      instrument: {},
      source: { from: 'synthetic', seed },
    },
    definition,
    {
      feedMs: feed.timeframeMs,
      priceDigits: feed.priceDigits(symbol),
      instrument: feed.kind === 'exchange' ? feed.instrument(symbol) : undefined,
    },
  );
  if (isProblem(made)) return { code: made.code, expected: made.expected, found: made.found, fix: made.fix };
  return {
    account: { ...made.account, account: account.name },
    run: { ...made.run, account: account.name },
    warmupMs: made.warmupCandles * feed.timeframeMs,
  };
}

/** The symbol whose prices an ask needs. */
export function symbolOf(ask: Ask): string | undefined {
  if (ask.do === 'start') return ask.start.symbol;
  if (ask.do === 'trade') return ask.symbol;
  return ask.command.name === 'add_alert' ? ask.command.symbol : undefined;
}

/** What a start wants to have seen of the past; undefined for what is no start. */
export function pastOf(ask: Ask, ports: Fed, definition: Definition | undefined): Wanted | undefined {
  if (ask.do !== 'start' || definition === undefined) return undefined;
  const made = deployed(ask.start, definition, ports);
  if ('code' in made) return { warmupMs: 0, ofMids: false };
  return { warmupMs: made.warmupMs, ofMids: analysesMids(made.run.params) };
}

function notServed(symbol: string, feed: Fed['feed']): Refused {
  const { kind, first } = feed;
  if (feed.kind === 'exchange') {
    const near = feed.near(symbol).slice(0, 4).join(', ');
    const fix = near === '' ? 'dzentra markets tells what it lists' : `did you mean ${near}?`;
    return { code: 'UNKNOWN_SYMBOL', expected: `a symbol that ${feed.name} trades`, found: `"${symbol}"`, fix };
  }
  if (kind === 'replay') {
    const fix = `use ${first}, or another --profile for a file whose name tells its symbol: ${fileNameFor(symbol)}`;
    return { code: 'SYMBOL_NOT_FED', expected: `${first}, which is all that this replay holds`, found: symbol, fix };
  }
  const fix = 'write BASE/QUOTE for spot, BASE/QUOTE:QUOTE for a perpetual';
  return { code: 'UNKNOWN_SYMBOL', expected: 'a symbol such as BTC/USDT:USDT or BTC/USDT', found: `"${symbol}"`, fix };
}

/** How a file is called whose symbol an engine reads off its name. */
function fileNameFor(symbol: string): string {
  const name = readSymbol(symbol);
  if (name === undefined) return 'BTCUSDT-1m.csv';
  return `${name.kind === 'spot' ? 'spot-' : ''}${name.base}${name.quote}-1m.csv`;
}

/** The settings of a run where nothing is said. */
function riskFor(symbol: string): RiskSettings {
  const name = readSymbol(symbol);
  const risk = defaultRiskFor(name?.base ?? '');
  return name?.kind === 'spot' ? { ...risk, leverage: (10n ** 18n) as Rate } : risk;
}

/** The run that a draft by hand is for: the symbol's manual one; what protects a position is moved where that is. */
export function tradedRun(state: State, symbol: string, draft: Draft): Run | undefined {
  const runs = state.runs.filter((run) => run.symbol === symbol);
  const own = runs.findLast((run) => run.strategy === MANUAL && run.state !== 'OFF');
  if (draft.type === 'market' || draft.type === 'limit' || own?.position !== undefined) return own;
  return runs.findLast((run) => run.position !== undefined) ?? own;
}

function planTrade(symbol: string, draft: Draft, ports: Fed, state: State): Planned {
  const run = tradedRun(state, symbol, draft);
  if (draft.type === 'stop' || draft.type === 'target') {
    if (run === undefined) return refuse('NO_POSITION', `an open position on ${symbol}`, 'none', 'open one first');
    return { ok: true, plan: [{ part: '', command: () => moveOf(draft, run.run) }] };
  }
  if (run !== undefined) return { ok: true, plan: [{ part: '', command: () => enterOf(draft, run.run) }] };
  const begun = beginManual(symbol, ports, state);
  if (!begun.ok) return begun;
  return { ok: true, plan: [...begun.plan, { part: '', command: () => enterOf(draft, state.runs.length) }] };
}

/** The manual run of a symbol begins with the first thing that it is needed for. */
function beginManual(symbol: string, ports: Fed, state: State): Planned {
  const made = deployed({ strategy: MANUAL, params: {}, symbol, seed: 0, observe: false }, manual, ports);
  if ('code' in made) return { ok: false, refused: made };
  return { ok: true, plan: [...opening(made.account, state), { part: '/run', command: () => made.run }] };
}

const moveOf = (draft: Extract<Draft, { type: 'stop' | 'target' }>, run: number): Command =>
  draft.type === 'stop'
    ? { name: 'move_stop', run, stopPrice: draft.stopPrice }
    : { name: 'move_target', run, targetPrice: draft.targetPrice };

function enterOf(draft: Extract<Draft, { type: 'market' | 'limit' }>, run: number): Command {
  const { sign, size, noStop = false, postOnly, stopPrice, targetPrice, leverage } = draft;
  const limit = draft.type === 'limit' ? draft.limit : undefined;
  return { name: 'enter', run, sign, noStop, size, limit, postOnly, stopPrice, targetPrice, leverage };
}

/** What is off has its ceiling still. */
function limited(command: FaceCommand, { ceilings }: Fed): Command {
  if (command.name !== 'change_settings') return command;
  return { ...command, riskSettings: withinCeilings(command.riskSettings, ceilings) };
}

/** A hand-over to run 0 is one to the symbol's manual run, which begins where there is none. */
function planCommand(command: FaceCommand, ports: Fed, state: State): Planned {
  const alone: Planned = { ok: true, plan: [{ part: '', command: () => limited(command, ports) }] };
  if (command.name === 'add_alert' && !ports.feed.serves(command.symbol)) {
    return { ok: false, refused: notServed(command.symbol, ports.feed) };
  }
  if (command.name !== 'hand_over' || command.to !== 0) return alone;
  const from = state.runs[command.run - 1];
  if (from === undefined) return alone;
  const known = state.runs.findLast(
    (run) => run.symbol === from.symbol && run.strategy === MANUAL && run.state !== 'OFF' && run !== from,
  );
  if (known !== undefined) return { ok: true, plan: [{ part: '', command: () => ({ ...command, to: known.run }) }] };
  const begun = beginManual(from.symbol, ports, state);
  if (!begun.ok) return begun;
  return {
    ok: true,
    plan: [...begun.plan, { part: '', command: () => ({ ...command, to: state.runs.length }) }],
  };
}
