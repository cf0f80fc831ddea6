import type { ReplayReport } from '../command/ports.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import { emptyState, type State } from '../domain/state.ts';
import { evolve } from '../engine/evolve.ts';
import { compare } from '../journal/compare.ts';
import { digests } from '../journal/digest.ts';
import type { Tape } from '../journal/tape.ts';
import type { TapedInput } from '../venue/taped.ts';

/** The state that entries fold to. */
export function stateOf(entries: readonly AnyEntry[]): State {
  const state = emptyState();
  for (const entry of entries) evolve(state, entry);
  return state;
}

/**
 * The taped inputs, and the seq up to which they tell the story: that of the last record. A tape that was closed ends with
 * the last entry of its epoch; one that was cut off by a crash says nothing of what came after.
 */
export function readInputs(tape: Tape): { inputs: readonly TapedInput[]; upTo: number } {
  const inputs: TapedInput[] = [];
  let upTo = tape.header.snapshotSeq;
  for (const record of tape.records) {
    upTo = record.seq;
    if (record.closed !== true && isAside(record as unknown as MarketRecord)) {
      inputs.push(record as unknown as TapedInput);
    }
  }
  return { inputs, upTo };
}

/** A record of the tape of an exchange. */
export interface MarketRecord {
  readonly n: number;
  readonly at: number;
  readonly input: Input;
}

/** What comes beside the market. */
const isAside = ({ input }: MarketRecord): boolean => input.kind === 'report' || input.kind === 'command';

/** All inputs of a tape whose market is on it. */
export function* readMarket(tape: Tape): Generator<MarketRecord> {
  for (const record of tape.records) {
    if (record.closed === true) continue;
    const told = record as unknown as MarketRecord;
    yield { ...told, input: withSizes(told.input) };
  }
}

/** A size that the venue did not tell is without bound; JSON has no such number, and a tape has null in its place. */
function withSizes(input: Input): Input {
  if (input.kind !== 'quote') return input;
  const sizeOf = (size: number | null): number => size ?? Number.POSITIVE_INFINITY;
  return { ...input, bidQty: sizeOf(input.bidQty), askQty: sizeOf(input.askQty) };
}

/** Holds what a replay made against what the journal has; the first `known` entries were there before. */
export function compared(
  recorded: readonly AnyEntry[],
  made: readonly AnyEntry[],
  upTo: number,
  known: number,
): ReplayReport {
  const played = made.filter((entry) => entry.seq <= upTo);
  const first = compare(recorded, played);
  if (first !== undefined) {
    return { same: false, first: { index: first.index, journal: first.a?.entry, replay: first.b?.entry } };
  }
  const digest = [...digests(played).values()].map((each) => each.digest).join(' ');
  return { same: true, entries: played.length - known, digest };
}
