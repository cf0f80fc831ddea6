import type { Difference, ReplayReport } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import type { AnyEntry } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import { compare } from '../journal/compare.ts';
import { digests, isOutside } from '../journal/digest.ts';
import { jsonText } from '../journal/row.ts';
import type { Tape } from '../journal/tape.ts';
import type { TapedInput } from '../venue/taped.ts';

/** What a tape has beside the market, and how far it goes. */
export interface Taped {
  readonly inputs: readonly TapedInput[];
  /** The entry before the first one that the tape tells of, and the last one: that of its last record. */
  readonly knownSeq: number;
  readonly upTo: number;
  /** It ends with the last entry of its epoch; one that was cut off by a crash says nothing of what came after. */
  readonly isClosed: boolean;
}

export function readInputs(tape: Tape): Taped {
  const inputs: TapedInput[] = [];
  const knownSeq = tape.header.snapshotSeq;
  let upTo = knownSeq;
  let isClosed = false;
  for (const record of tape.records) {
    upTo = record.seq;
    isClosed = record.closed === true;
    if (!isClosed && isAside(record as unknown as MarketRecord)) {
      inputs.push(record as unknown as TapedInput);
    }
  }
  return { inputs, knownSeq, upTo, isClosed };
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
 * beginning may be pruned: a run that began there is compared from its first entry that is left, and has no digest. Refused
 * where there is nothing to compare.
 */
export function compared(
  recorded: readonly AnyEntry[],
  made: readonly AnyEntry[],
  { upTo, knownSeq, isClosed }: Taped,
): ReplayReport | Refusal {
  if (upTo === knownSeq) {
    const found = 'none: the engine was killed before its first one was on the disk';
    return refusal(3, 'TAPE_EMPTY', 'a tape with an input', found, 'name another tape: dzentra replay TAPE');
  }
  if (!recorded.some(({ seq }) => seq > knownSeq)) {
    const found = `one that ends with #${recorded.at(-1)?.seq ?? 0}`;
    const fix = 'name a tape of what it holds, or take the journal from a backup';
    return refusal(
      3,
      'JOURNAL_SHORT',
      `a journal with the entries of the tape, #${knownSeq + 1} to #${upTo}`,
      found,
      fix,
    );
  }
  const played = made.filter((entry) => entry.seq <= upTo);
  const first = compare(recorded, played);
  if (first !== undefined) {
    return { same: false, first: { index: first.index, journal: first.a?.entry, replay: first.b?.entry } };
  }
  const other = differenceOutside(recorded, played, knownSeq);
  if (other !== undefined) return { same: false, first: other };
  const found = [...digests(played).values()].map((each) => each.digest);
  const digest = found.length === 0 ? null : found.join(' ');
  const entries = played.filter(({ seq }) => seq > knownSeq).length;
  return { same: true, entries, toSeq: upTo, isClosed, digest };
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
