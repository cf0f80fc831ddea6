import { basename, dirname, resolve } from 'node:path';
import type { ReplayReport } from '../command/ports.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import { emptyState, type State } from '../domain/state.ts';
import { evolve } from '../engine/evolve.ts';
import { compare } from '../journal/compare.ts';
import { digests } from '../journal/digest.ts';
import { JournalError } from '../journal/error.ts';
import { readTape, type Tape, type TapeRecord, tapeParts } from '../journal/tape.ts';
import type { TapedInput } from '../venue/taped.ts';

/** The state that entries fold to. */
export function stateOf(entries: readonly AnyEntry[]): State {
  const state = emptyState();
  for (const entry of entries) evolve(state, entry);
  return state;
}

/**
 * The tape of an epoch, whichever of its parts is named (a new one begins after 24 h or 256 MB): all parts in order, with
 * the header of the first.
 * @throws {JournalError} like `readTape`, and where the first part is gone: the others tell no beginning.
 */
export function wholeTape(path: string): Tape {
  const file = resolve(path);
  const named = readTape(file);
  const epoch = /^tape-(\d+)(?:-\d+)?\.zst$/.exec(basename(file))?.[1];
  const parts = epoch === undefined ? [] : tapeParts(dirname(file), Number(epoch));
  const [first, ...later] = parts;
  if (named.header.part > 1 && (first === undefined || !parts.includes(file))) throw withoutBeginning(file, named);
  if (first === undefined || later.length === 0) return named;
  const { header } = readTape(first);
  const last = readTape(later.at(-1) ?? first);
  return { header, torn: last.torn, records: { [Symbol.iterator]: () => recordsOf(parts) } };
}

function* recordsOf(parts: readonly string[]): Generator<TapeRecord> {
  for (const part of parts) yield* readTape(part).records;
}

const withoutBeginning = (file: string, { header }: Tape): JournalError =>
  new JournalError('DAMAGED', {
    where: file,
    expected: 'all parts of the tape, from the first on',
    found: `part ${header.part} without one before it`,
    fix: 'Put the other parts beside it, or take a tape that is whole.',
  });

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
