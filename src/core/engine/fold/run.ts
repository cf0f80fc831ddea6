import { NO_MONEY } from '../../base/decimal.ts';
import type { Bodies } from '../../domain/events.ts';
import type { Run } from '../../domain/run.ts';
import { type Folds, runOf } from './lookup.ts';

/** A run as `run_started` makes it: at an instant, by the entry of that seq. */
export function freshRun(body: Bodies['run_started'], at: number, seq: number): Run {
  return {
    run: body.run,
    account: body.account,
    symbol: body.symbol,
    strategy: body.strategy,
    strategyVersion: body.strategyVersion,
    params: body.params,
    timeframeMs: body.timeframeMs,
    higherMs: body.higherMs,
    seed: body.seed,
    startedAt: at,
    instrument: body.instrument,
    observe: body.observe,
    risk: body.riskSettings,
    state: body.observe ? 'OBSERVING' : 'RUNNING',
    warmedUp: false,
    signal: { side: 0, votes: [], startedAt: at, ready: false, seq },
    pending: undefined,
    flip: undefined,
    position: undefined,
    orders: [],
    ordersMade: 0,
    taken: [],
    holdings: [],
    gross: NO_MONEY,
    fees: NO_MONEY,
    funding: NO_MONEY,
    trades: 0,
    entriesToday: 0,
    flipsToday: 0,
    stopsToday: 0,
    stopsInRow: 0,
    cooldownUntil: 0,
    lastFlipAt: 0,
    lastDenial: undefined,
    lastFundingAt: 0,
  };
}

const votesOf = (votes: readonly { readonly vote: number }[]): readonly number[] => votes.map(({ vote }) => vote);

function dropPending(run: Run): void {
  run.pending = undefined;
  run.flip = undefined;
}

/** Runs and their signals. */
export const RUN_FOLDS: Folds = {
  run_started: (state, entry, body) => {
    state.runs.push(freshRun(body, entry.at, entry.seq));
  },
  run_ended: (state, entry) => {
    const run = runOf(state, entry);
    run.state = 'OFF';
    dropPending(run);
  },
  run_switched: (state, entry, body) => {
    const run = runOf(state, entry);
    run.state = body.observe ? 'OBSERVING' : 'RUNNING';
    dropPending(run);
  },
  warmed_up: (state, entry, body) => {
    const run = runOf(state, entry);
    run.warmedUp = body.missing === 0;
    // Too little of the past to say anything by: what it said last stands.
    if (!run.warmedUp) return;
    run.signal = {
      side: body.side,
      votes: votesOf(body.votes),
      startedAt: body.startedAt,
      ready: body.ready,
      seq: entry.seq,
    };
  },
  signal_raised: (state, entry, body) => {
    const run = runOf(state, entry);
    const ready = run.signal.ready && run.signal.side === body.side;
    run.signal = { side: body.side, votes: votesOf(body.votes), startedAt: body.startedAt, ready, seq: entry.seq };
  },
  signal_confirmed: (state, entry, body) => {
    const run = runOf(state, entry);
    run.signal.ready = true;
    if (run.state === 'OBSERVING' || run.state === 'OFF' || body.side === 0) return;
    run.pending = {
      kind: 'enter',
      reason: 'signal',
      sign: body.side,
      cause: entry.seq,
      at: entry.at,
      stopDistance: body.stopDistance,
      noStop: false,
    };
  },
  signal_dropped: (state, entry, body) => {
    const run = runOf(state, entry);
    run.signal.ready = true;
    if (run.pending?.kind === 'enter') run.pending = undefined;
    if (body.reason !== 'in_position') run.flip = undefined;
  },
  entry_asked: (state, entry, body) => {
    runOf(state, entry).pending = {
      kind: 'enter',
      reason: body.reason,
      sign: body.side === 'long' ? 1 : -1,
      cause: entry.seq,
      at: entry.at,
      stopDistance: body.stopDistance,
      noStop: body.noStop,
      wishes: body.wishes,
    };
  },
  close_asked: (state, entry, { reason, qty }) => {
    runOf(state, entry).pending = { kind: 'close', reason, cause: entry.seq, at: entry.at, qty };
  },
  trading_paused: (state, entry) => {
    const run = runOf(state, entry);
    if (run.state === 'RUNNING') run.state = 'PAUSED';
    if (run.pending?.kind === 'enter') run.pending = undefined;
  },
  instrument_changed: (state, _entry, { symbol, status, instrument }) => {
    for (const run of state.runs) {
      if (run.symbol !== symbol) continue;
      run.instrument = instrument;
      run.marketStatus = status === 'trading' ? undefined : status;
    }
  },
  cooldown_started: (state, entry, body) => {
    const run = runOf(state, entry);
    run.cooldownUntil = body.until;
    if (body.reason === 'stops_in_row') run.stopsInRow = 0;
  },
  setting_changed: (state, entry, body) => {
    const run = runOf(state, entry);
    run.risk = body.riskSettings;
    const { position } = run;
    if (position === undefined) return;
    if (body.leverage !== undefined) position.leverage = body.leverage;
    if (body.stopPrice !== undefined) position.stopPrice = body.stopPrice;
    if (body.lossMax !== undefined) position.lossMax = body.lossMax ?? undefined;
  },
};
