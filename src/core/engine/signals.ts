import type { Vote } from '../domain/evidence.ts';
import { type Core, emit, inputCause } from './core.ts';
import { isWarm, missingOf, type RunMarket, type SymbolMarket } from './market.ts';

/** What the run's own candle that just closed says: warm-up done, a signal that changed, a signal that is ready. */
export function decideSignal(core: Core, held: RunMarket): void {
  const { run, verdict } = held;
  if (run.state === 'OFF') return;
  if (!run.warmedUp) {
    if (isWarm(held)) tellWarm(core, held);
    return;
  }
  let seq = run.signal.seq;
  const isNew = hasChanged(held);
  if (isNew) seq = raise(core, held);
  if (verdict.side === 0 || run.signal.ready) {
    if (!isNew) held.calmSeq = core.state.seq;
    return;
  }
  if (held.streak < held.confirmations) return;
  const reason = reasonToDrop(core, held);
  if (reason !== undefined) {
    emit(core, 'signal_dropped', run, run.account, seq, { side: verdict.side, reason });
    return;
  }
  held.funnel.ready++;
  const { stopDistance } = held.opinion;
  const ready = {
    side: verdict.side,
    confirmations: held.confirmations,
    startedAt: run.signal.startedAt,
    stopDistance: Number.isFinite(stopDistance) ? stopDistance : null,
  };
  emit(core, 'signal_confirmed', run, run.account, seq, isNew ? ready : { ...ready, ...seenBy(core, held) });
}

/** Why nothing is done about a signal that is READY. A close that waits for the next price keeps its place. */
function reasonToDrop(core: Core, held: RunMarket): string | undefined {
  if (held.streak > held.confirmations || isLate(core, held)) return 'ready_stale';
  return held.run.pending?.kind === 'close' ? 'in_position' : undefined;
}

/** Did the candle close over a candle ago? Before a gap, one that lost its last part closes with what comes after the gap. */
function isLate({ now }: Core, { run, closed }: RunMarket): boolean {
  return closed !== undefined && now - closed.closeAt > run.timeframeMs;
}

/** Has the candle at hand anything to say to `decideSignal`? Equal votes in an unchanged state have not. */
export const isCalm = (core: Core, held: RunMarket): boolean => !held.isTurned && held.calmSeq === core.state.seq;

function hasChanged(held: RunMarket): boolean {
  const { signal } = held.run;
  if (held.verdict.side !== signal.side) return true;
  const { votes } = held.opinion;
  for (let i = 0; i < votes.length; i++) if (writtenVote(votes[i] as number) !== signal.votes[i]) return true;
  return false;
}

/** A vote as entries hold it: one that is not warm is for neither side. */
const writtenVote = (vote: number): number => (vote === vote ? vote : 0);

/** Mids of the past came. A run that lacks some of them says so, and waits until it has seen enough. */
export function decideMids(core: Core, { runs }: SymbolMarket): void {
  for (const held of runs) if (held.usesMid && held.run.state !== 'OFF' && !isWarm(held)) tellWarm(core, held);
}

/** Warm-up ends, or some of it is missing: the opinion so far is told, and is not acted upon. */
export function tellWarm(core: Core, held: RunMarket): void {
  const { run, verdict } = held;
  const missing = missingOf(held);
  emit(core, 'warmed_up', run, run.account, inputCause(core), {
    bars: held.bars,
    // The higher time frame may want more than the run's own.
    needed: missing > 0 ? held.bars + missing : held.barsNeeded,
    missing,
    side: verdict.side,
    votes: votesOf(held),
    // A strategy that needs no history is warm before its first candle.
    startedAt: held.bars === 0 ? core.now : held.streakAt,
    ready: held.bars > 0 && held.streak >= held.confirmations,
  });
}

/** `map` makes an array of its size; one that grows from nothing holds room for 17, which the journal would keep. */
function votesOf({ specs, opinion }: RunMarket): readonly Vote[] {
  return specs.map(({ name, weight }, i) => ({ name, vote: writtenVote(opinion.votes[i] as number), weight }));
}

/** The numbers of the candle at hand. */
function seenBy({ now }: Core, { definition, opinion, closed }: RunMarket) {
  const values: Record<string, number | null> = {};
  const names = definition.values;
  for (let i = 0; i < names.length; i++) {
    const value = opinion.values[i] as number;
    values[names[i] as string] = value === value ? value : null;
  }
  return closed === undefined
    ? { values, candleAt: now, close: Number.NaN }
    : { values, candleAt: closed.openAt, close: closed.close };
}

function raise(core: Core, held: RunMarket): number {
  const { run, verdict } = held;
  const { values, candleAt, close } = seenBy(core, held);
  const isHold = verdict.side === 0;
  if (!isHold && verdict.side !== run.signal.side) held.funnel.candidates++;
  return emit(core, 'signal_raised', run, run.account, inputCause(core), {
    side: verdict.side,
    strength: verdict.strength,
    confidence: verdict.confidence,
    votes: votesOf(held),
    values,
    candleAt,
    close,
    startedAt: verdict.side === run.signal.side ? run.signal.startedAt : held.streakAt,
    reason: isHold ? holdReason(held) : agreement(verdict.agreeing, verdict.warm),
  });
}

const agreements = new Map<number, string>();

function agreement(agreeing: number, warm: number): string {
  const key = agreeing * 1_024 + warm;
  let told = agreements.get(key);
  if (told === undefined) {
    told = `${agreeing} of ${warm} votes agree`;
    agreements.set(key, told);
  }
  return told;
}

function holdReason(held: RunMarket): string {
  const { verdict } = held;
  if (verdict.lean === 0) return 'votes balance';
  return `${verdict.agreeing} of ${held.votesMin} votes that it needs`;
}
