import { assert } from '../base/assert.ts';
import type { CloseInput, Input, Report } from '../domain/input.ts';
import { decideAlerts, placeAlerts } from './alerts.ts';
import { decideCommand, releaseLeases } from './commands.ts';
import { attend, type Core } from './core.ts';
import { decideFeed } from './feed.ts';
import { decideReport } from './fills.ts';
import { decideFunding } from './funding.ts';
import { type RunMarket, type SymbolMarket, symbolMarket } from './market.ts';
import { observe, observeClose } from './observe.ts';
import { decidePrice } from './orders.ts';
import { decideSafety } from './safety.ts';
import { decideMids, decideSignal, isCalm } from './signals.ts';
import { fireTimers, missAnswers, nextTimerAt } from './timers.ts';

/** An input runs to rest in at most this many rounds of reports. */
const ROUNDS_MAX = 64;

/**
 * One input to rest: the venue sees it, `observe` rebuilds, `decide` writes entries, and the reports that are due follow
 * as inputs of their own.
 */
export function step(core: Core, input: Input): void {
  const { seq } = core.state;
  single(core, input);
  settle(core);
  if (core.state.seq !== seq) rest(core);
  else listen(core);
}

/** No entry came of an input, and yet the venue may have something to say at another instant: on a tape inputs are counted. */
function listen(core: Core): void {
  if (core.venue.dueAt < core.wakeAt) core.wakeAt = core.venue.dueAt;
}

/** The reports that are due now, each as an input. */
export function settle(core: Core): void {
  let rounds = 0;
  while (core.venue.dueAt <= core.now) {
    assert(++rounds <= ROUNDS_MAX * Math.max(1, core.state.runs.length), 'Invariant: an input comes to rest');
    const report = core.venue.take(core.now);
    if (report?.kind === 'report') told(core, report);
    else if (report !== undefined) single(core, report);
  }
}

/** A report: the venue knows it, and the market does not change. */
function told(core: Core, report: Report): void {
  core.inputs++;
  core.input = report;
  decideReport(core, report);
  core.speaker?.speak(core);
  if (core.tape !== undefined) core.tape(core.inputs, report, core.state.seq);
}

function single(core: Core, input: Input): void {
  core.inputs++;
  core.input = input;
  core.venue.see(input);
  observe(core.market, input);
  decide(core, input);
  core.speaker?.speak(core);
  if (core.tape !== undefined && (core.tapesMarket || input.kind === 'report' || input.kind === 'command')) {
    core.tape(core.inputs, input, core.state.seq);
  }
}

/** Entries were written: what is derived from positions and orders is brought up to date. */
export function rest(core: Core): void {
  releaseLeases(core);
  if (core.state.alerts !== core.market.alerts) placeAlerts(core);
  for (const symbol of core.market.list) attend(symbol);
  core.wakeAt = wakeAt(core);
}

/** What an input leads to, as entries. */
function decide(core: Core, input: Input): void {
  switch (input.kind) {
    case 'report':
      decideReport(core, input);
      return;
    case 'open':
      decidePrice(core, symbolMarket(core.market, input.symbol));
      return;
    case 'close':
      decideClose(core, symbolMarket(core.market, input.symbol));
      return;
    case 'quote': {
      const symbol = symbolMarket(core.market, input.symbol);
      decidePrice(core, symbol);
      decideSafety(core, symbol);
      decideAlerts(core, symbol, symbol.quote.mid, symbol.quote.mid);
      return;
    }
    case 'range':
      decideAlerts(core, symbolMarket(core.market, input.symbol), input.high, input.low);
      return;
    case 'mark':
      decideSafety(core, symbolMarket(core.market, input.symbol));
      return;
    case 'funding':
      decideFunding(core, input);
      return;
    case 'command':
      decideCommand(core, input);
      return;
    case 'history':
      if (input.price === 'mid') decideMids(core, symbolMarket(core.market, input.symbol));
      return;
    case 'gap':
    case 'feed':
    case 'clock':
    case 'instrument':
      decideFeed(core, input);
      return;
    default:
  }
}

function decideClose(core: Core, symbol: SymbolMarket): void {
  const { runs } = symbol;
  for (let i = 0; i < runs.length; i++) {
    const held = runs[i] as RunMarket;
    if (held.closed !== undefined && !isCalm(core, held)) decideSignal(core, held);
    if (symbol.isWatched && held.run.position !== undefined) decideSafety(core, symbol);
  }
}

/** Nothing happens by itself before this instant. */
export function wakeAt(core: Core): number {
  return Math.min(nextTimerAt(core), core.venue.dueAt);
}

/** Time passes up to and with `at`: reports and timers that are due on the way happen at their own instants. */
export function advance(core: Core, at: number): void {
  while (core.wakeAt <= at) {
    if (core.wakeAt > core.now) core.now = core.wakeAt;
    core.input = undefined;
    settle(core);
    if (nextTimerAt(core) <= core.now) {
      fireTimers(core);
      core.speaker?.speak(core);
      settle(core);
    }
    rest(core);
    assert(core.wakeAt > core.now, 'Invariant: what was due has happened');
  }
  if (at > core.now) core.now = at;
}

/**
 * Time passes up to a close, with all that concerns orders at that instant. What the clock brings to accounts then (a day's
 * end, an hour's mark) is still to come: it stands on the price of the close.
 */
export function approach(core: Core, at: number): void {
  advance(core, at - 1);
  core.now = at;
  core.input = undefined;
  settle(core);
  missAnswers(core);
  core.speaker?.speak(core);
  settle(core);
  rest(core);
}

/** A candle's close, without a round through the switch: most closes change nothing. */
export function stepClose(core: Core, symbol: SymbolMarket, input: CloseInput): void {
  core.inputs++;
  core.input = input;
  observeClose(symbol, input);
  stepDecisions(core, symbol);
}

/** What a close that was observed leads to. */
export function stepDecisions(core: Core, symbol: SymbolMarket): void {
  const { seq } = core.state;
  decideClose(core, symbol);
  if (core.state.seq === seq) {
    listen(core);
    return;
  }
  core.speaker?.speak(core);
  settle(core);
  rest(core);
}
