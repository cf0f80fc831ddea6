import type { AnyEntry } from '../../domain/entry.ts';
import type { JournalReader } from '../../journal/journal.ts';

/** What led to an entry and what came of it; each list in the order of the journal. */
export interface Chain {
  readonly subject: AnyEntry;
  /** From the candle to the entry itself, which is the last. */
  readonly back: readonly AnyEntry[];
  /** Where the entry ends a position: from the candle to what opened that. Empty where `back` holds it. */
  readonly opening: readonly AnyEntry[];
  readonly after: readonly AnyEntry[];
}

/** Entries of a run that are looked at without a find before the search for what followed is given up. */
const QUIET_MAX = 2_000;
/** How far back the intent of an order is looked for at first; each try looks ten times as far. */
const FIRST_LOOK = 1_000;

const OPENING = ['position_opened', 'position_flipped'] as const;

/** Walks the causes of an entry, both ways; undefined where the journal has no such entry. */
export function chainOf(journal: JournalReader, seq: number): Chain | undefined {
  const subject = journal.entry(seq);
  if (subject === undefined) return undefined;
  const back = ancestors(journal, subject);
  const after = descendants(journal, subject);
  const opener = endsPosition(back, subject) ? openerOf(journal, subject) : undefined;
  const isTold = opener === undefined || back.some((entry) => entry.seq === opener.seq);
  return { subject, back, opening: isTold ? [] : ancestors(journal, opener), after };
}

/** The entry and all that it rests on, by cause and by order number. */
function ancestors(journal: JournalReader, subject: AnyEntry): AnyEntry[] {
  const found = new Map<number, AnyEntry>([[subject.seq, subject]]);
  const open = [subject];
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    for (const parent of parentsOf(journal, entry)) {
      if (found.has(parent.seq)) continue;
      found.set(parent.seq, parent);
      open.push(parent);
    }
  }
  return [...found.values()].sort((a, b) => a.seq - b.seq);
}

function parentsOf(journal: JournalReader, entry: AnyEntry): AnyEntry[] {
  const cause = typeof entry.cause === 'number' ? journal.entry(entry.cause) : undefined;
  const intent = intentOf(journal, entry);
  const closed = entry.kind === 'position_flipped' ? journal.entry(entry.body.closed) : undefined;
  return [cause, intent, closed, ...opinionsOf(journal, entry)].filter(
    (each) => each !== undefined && each.seq < entry.seq,
  ) as AnyEntry[];
}

/** A READY rests on each opinion since the first close on its side. */
function opinionsOf(journal: JournalReader, entry: AnyEntry): Iterable<AnyEntry> {
  if (entry.kind !== 'signal_confirmed') return [];
  return journal.entries({
    kinds: ['signal_raised'],
    run: entry.run,
    fromAt: entry.body.startedAt,
    toSeq: entry.seq - 1,
  });
}

/** The intent of the order that an entry speaks of. */
function intentOf(journal: JournalReader, entry: AnyEntry): AnyEntry | undefined {
  const number = orderOf(entry);
  if (number === undefined || entry.kind === 'order_intended') return undefined;
  for (let look = FIRST_LOOK, upTo = entry.seq - 1; upTo > 0; look *= 10) {
    const fromSeq = Math.max(1, upTo - look + 1);
    for (const each of journal.entries({ kinds: ['order_intended'], run: entry.run, fromSeq, toSeq: upTo })) {
      if (orderOf(each) === number) return each;
    }
    upTo = fromSeq - 1;
  }
  return undefined;
}

function orderOf(entry: AnyEntry): number | undefined {
  return 'order' in entry.body && typeof entry.body.order === 'number' && entry.body.order > 0
    ? entry.body.order
    : undefined;
}

function endsPosition(back: readonly AnyEntry[], subject: AnyEntry): boolean {
  if (subject.kind === 'position_closed' || subject.kind === 'position_reduced') return true;
  // A liquidation is nobody's order.
  if (back.some(({ kind }) => kind === 'liquidated')) return true;
  if (subject.kind !== 'order_filled' && subject.kind !== 'order_intended') return false;
  const intent = back.find((each) => each.kind === 'order_intended' && orderOf(each) === orderOf(subject));
  return intent?.kind === 'order_intended' && intent.body.reduceOnly;
}

function openerOf(journal: JournalReader, subject: AnyEntry): AnyEntry | undefined {
  const query = { kinds: OPENING, run: subject.run, toSeq: subject.seq - 1, limit: 1, newest: true };
  for (const entry of journal.entries(query)) return entry;
  return undefined;
}

/** What followed: by cause, by order, and all that happened to the position until it ended. */
function descendants(journal: JournalReader, subject: AnyEntry): AnyEntry[] {
  if (subject.run === 0) return [];
  const seqs = new Set([subject.seq]);
  const orders = new Set<number>();
  if (subject.kind === 'order_intended') orders.add(subject.body.order);
  const found: AnyEntry[] = [];
  let holds = isOpening(subject);
  let quiet = 0;
  for (const entry of journal.entries({ run: subject.run, fromSeq: subject.seq + 1 })) {
    if (!follows(entry, seqs, orders, holds)) {
      if (!holds && ++quiet > QUIET_MAX) break;
      continue;
    }
    quiet = 0;
    seqs.add(entry.seq);
    if (entry.kind === 'order_intended') orders.add(entry.body.order);
    found.push(entry);
    if (isOpening(entry)) holds = true;
    if (entry.kind === 'position_closed') break;
  }
  return found;
}

const isOpening = (entry: AnyEntry): boolean =>
  entry.kind === 'position_opened' || entry.kind === 'position_flipped' || entry.kind === 'position_increased';

function follows(entry: AnyEntry, seqs: ReadonlySet<number>, orders: ReadonlySet<number>, holds: boolean): boolean {
  if (typeof entry.cause === 'number' && seqs.has(entry.cause)) return true;
  const order = orderOf(entry);
  if (order !== undefined && orders.has(order)) return true;
  return holds && touchesPosition(entry);
}

/** What happens to a position that is held, whoever asked for it. */
function touchesPosition(entry: AnyEntry): boolean {
  // Of a position before it, told late.
  if (entry.kind === 'funding_paid' && entry.body.closed !== undefined) return false;
  return /^(position_|funding_|liquidated$|stop_|trail_)/.test(entry.kind);
}
