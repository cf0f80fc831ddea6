import type { Difference, ReplayReport } from '../command/ports.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import { compare } from '../journal/compare.ts';
import { digests, isOutside } from '../journal/digest.ts';
import { jsonText } from '../journal/row.ts';
import type { Tape } from '../journal/tape.ts';
import type { TapedInput } from '../venue/taped.ts';

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

/**
 * Holds what a replay made against what the journal has; entries up to `knownSeq` were there before. The journal's own
 * beginning may be pruned: a run that began there is compared from its first entry that is left, and has no digest.
 */
export function compared(
  recorded: readonly AnyEntry[],
  made: readonly AnyEntry[],
  upTo: number,
  knownSeq: number,
): ReplayReport {
  const played = made.filter((entry) => entry.seq <= upTo);
  const first = compare(recorded, played);
  if (first !== undefined) {
    return { same: false, first: { index: first.index, journal: first.a?.entry, replay: first.b?.entry } };
  }
  const other = differenceOutside(recorded, played, knownSeq);
  if (other !== undefined) return { same: false, first: other };
  const found = [...digests(played).values()].map((each) => each.digest);
  const digest = found.length === 0 ? null : found.join(' ');
  return { same: true, entries: played.filter(({ seq }) => seq > knownSeq).length, digest };
}

/** What belongs to no run: facts of accounts and of the feed, in their order. */
function differenceOutside(
  recorded: readonly AnyEntry[],
  played: readonly AnyEntry[],
  knownSeq: number,
): Difference | undefined {
  const isMeant = ({ run, kind, seq }: AnyEntry): boolean => run === 0 && seq > knownSeq && !isOutside(kind);
  const [left, right] = [recorded.filter(isMeant), played.filter(isMeant)];
  for (let i = 0; i < Math.max(left.length, right.length); i++) {
    const [journal, replay] = [left[i], right[i]];
    if (textOf(journal) !== textOf(replay)) return { index: i + 1, journal, replay };
  }
  return undefined;
}

/** A tape may be played by another build than made it. */
function textOf(entry: AnyEntry | undefined): string | undefined {
  if (entry === undefined) return undefined;
  const { kind, v, at, cause, body } = entry;
  return jsonText({ kind, v, at, cause, body: kind === 'epoch_started' ? { ...body, build: '' } : body });
}
