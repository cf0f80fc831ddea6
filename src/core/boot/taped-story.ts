import type { Steps } from '../base/steps.ts';
import type { Difference, ReplayReport } from '../command/ports.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { type AnyEntry, epochAt } from '../domain/entry.ts';
import type { Input } from '../domain/input.ts';
import { compare } from '../journal/compare.ts';
import { digests, isOutside } from '../journal/digest.ts';
import type { JournalReader } from '../journal/journal.ts';
import { jsonText } from '../journal/row.ts';
import { isInput, type Tape, type TapeRecord, type Torn } from '../journal/tape.ts';
import type { TapedInput } from '../venue/taped.ts';

/** What a tape has beside the market, and how far it goes. */
export interface Taped {
  readonly inputs: readonly TapedInput[];
  /** The entry before the first one that the tape tells of, and the last one: that of its last record. */
  readonly knownSeq: number;
  readonly upTo: number;
  /** Entries up to this one were durable while the tape was written: a journal without them has lost them. */
  readonly committedTo: number;
  /** It was ended by its engine: no entry of the epoch came after. */
  readonly isClosed: boolean;
  readonly torn: Torn | undefined;
}

/** The number of the epoch that came after the entries before it. A journal that lost its end goes on after those it lost. */
export function epochAfter(before: readonly AnyEntry[], recorded: readonly AnyEntry[]): number | undefined {
  const first = recorded[before.length];
  return first === undefined ? undefined : epochAt(first);
}

/** So many records make a step. */
const STEP = 64;

export function* readInputs(tape: Tape): Steps<Taped> {
  const inputs: TapedInput[] = [];
  const { format, snapshotSeq: knownSeq } = tape.header;
  let [upTo, committedTo] = [knownSeq, knownSeq];
  let isClosed = false;
  let isCommitting = false;
  let records = 0;
  for (const record of tape.records) {
    if (++records % STEP === 0) yield;
    // What is taped after a commit was announced came after it.
    if (isCommitting) committedTo = upTo;
    upTo = record.seq;
    isClosed = record.closed === true;
    isCommitting = record.reached === true;
    if (isAside(record)) inputs.push(record as unknown as TapedInput);
  }
  if (isClosed || format === 1) committedTo = upTo;
  return { inputs, knownSeq, upTo, committedTo, isClosed, torn: tape.torn };
}

/** The last entry that a journal has of the epoch that came after an entry. */
export function epochEnd(journal: Pick<JournalReader, 'entries' | 'lastSeq'>, knownSeq: number): number {
  for (const next of journal.entries({ fromSeq: knownSeq + 2, kinds: ['epoch_started'], limit: 1 }))
    return next.seq - 1;
  return journal.lastSeq;
}

/** A record of the tape of an exchange. */
export interface MarketRecord {
  readonly n: number;
  readonly at: number;
  readonly input: Input;
}

/** What comes beside the market. */
function isAside(record: TapeRecord): boolean {
  const kind = isInput(record) ? (record as unknown as MarketRecord).input.kind : undefined;
  return kind === 'report' || kind === 'command';
}

/** All inputs of a tape whose market is on it. */
export function* readMarket(tape: Tape): Generator<MarketRecord> {
  for (const record of tape.records) {
    if (!isInput(record)) continue;
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
 * Holds what a replay made against what the journal has of the epoch, up to `lastSeq`; entries up to `knownSeq` were there
 * before. The journal's own beginning may be pruned: a run that began there is compared from its first entry that is left,
 * and has no digest. Refused where there is nothing to compare.
 */
export function compared(
  recorded: readonly AnyEntry[],
  made: readonly AnyEntry[],
  taped: Taped,
  lastSeq: number,
): ReplayReport | Refusal {
  const { upTo, knownSeq, committedTo, isClosed, torn } = taped;
  if (upTo === knownSeq) return emptyRefusal(taped, lastSeq);
  if (lastSeq < Math.max(committedTo, knownSeq + 1)) {
    const expected = `a journal with the entries of the tape, #${knownSeq + 1} to #${committedTo}`;
    const fix = 'name a tape of what it holds, or take the journal from a backup';
    return refusal(3, 'JOURNAL_SHORT', expected, `one that ends with #${lastSeq}`, fix);
  }
  // A kill between tape and commit: those entries never were.
  const toSeq = Math.min(upTo, lastSeq);
  const played = made.filter((entry) => entry.seq <= toSeq);
  const first = compare(recorded, played);
  if (first !== undefined) {
    return { same: false, first: { index: first.index, journal: first.a?.entry, replay: first.b?.entry } };
  }
  const other = differenceOutside(recorded, played, knownSeq);
  if (other !== undefined) return { same: false, first: other };
  const found = [...digests(played).values()].map((each) => each.digest);
  const digest = found.length === 0 ? null : found.join(' ');
  const entries = played.filter(({ seq }) => seq > knownSeq).length;
  return { same: true, entries, toSeq, lastSeq, isClosed, cutAt: torn?.offset, digest };
}

function emptyRefusal({ torn, knownSeq }: Taped, lastSeq: number): Refusal {
  const untold = lastSeq > knownSeq ? `; nothing can be played of #${knownSeq + 1} to #${lastSeq} of the journal` : '';
  const found =
    torn === undefined
      ? `none: its engine ended before its first one${untold}`
      : `none that is whole: it is cut off within the frame at byte ${torn.offset}${untold}`;
  const fix = 'take the tape from a backup, or name another: dzentra replay TAPE';
  return refusal(3, 'TAPE_EMPTY', 'a tape with an input', found, fix);
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
