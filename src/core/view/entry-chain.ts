import type { AnyEntry } from '../domain/entry.ts';

/** Entries as a list that rises in seq without gaps, and how to find one in it. */
export function entryOf(entries: readonly AnyEntry[], seq: number): AnyEntry | undefined {
  const first = entries[0]?.seq;
  const found = first === undefined ? undefined : entries[seq - first];
  return found?.seq === seq ? found : entries.find((entry) => entry.seq === seq);
}

/** Why something happened, as far as the entries at hand reach. */
export interface Causes {
  /** From the entry itself back, the newest first. */
  readonly chain: readonly AnyEntry[];
  /** The input that began it, in the engine's words; null where it is older than the entries. */
  readonly input: string | null;
}

/** Walks `cause` back; a fill rests on the intent of its order, too. */
export function causesOf(entries: readonly AnyEntry[], subject: AnyEntry): Causes {
  const found = new Map<number, AnyEntry>([[subject.seq, subject]]);
  const open = [subject];
  let input: string | null = null;
  let inputSeq = Number.POSITIVE_INFINITY;
  for (let entry = open.pop(); entry !== undefined; entry = open.pop()) {
    if (typeof entry.cause === 'string' && entry.seq < inputSeq) {
      inputSeq = entry.seq;
      input = entry.cause;
    }
    for (const parent of parentsOf(entries, entry)) {
      if (parent === undefined || parent.seq >= entry.seq || found.has(parent.seq)) continue;
      found.set(parent.seq, parent);
      open.push(parent);
    }
  }
  return { chain: [...found.values()].sort((a, b) => b.seq - a.seq), input };
}

function parentsOf(entries: readonly AnyEntry[], entry: AnyEntry): readonly (AnyEntry | undefined)[] {
  const cause = typeof entry.cause === 'number' ? entryOf(entries, entry.cause) : undefined;
  const closed = entry.kind === 'position_flipped' ? entryOf(entries, entry.body.closed) : undefined;
  return [cause, closed, intentOf(entries, entry)];
}

/** The intent of the order that an entry speaks of. */
export function intentOf(
  entries: readonly AnyEntry[],
  entry: AnyEntry,
): Extract<AnyEntry, { kind: 'order_intended' }> | undefined {
  if (entry.kind === 'order_intended' || !('order' in entry.body)) return undefined;
  const { order } = entry.body;
  for (let i = entries.length - 1; i >= 0; i--) {
    const each = entries[i] as AnyEntry;
    if (each.seq > entry.seq || each.kind !== 'order_intended' || each.run !== entry.run) continue;
    if (each.body.order === order) return each;
  }
  return undefined;
}

/** Entries that name it as their cause, and what they caused in turn, oldest first. */
export function resultsOf(entries: readonly AnyEntry[], subject: AnyEntry): readonly AnyEntry[] {
  const seqs = new Set([subject.seq]);
  return entries.filter((entry) => {
    const follows = entry.seq > subject.seq && typeof entry.cause === 'number' && seqs.has(entry.cause);
    if (follows) seqs.add(entry.seq);
    return follows;
  });
}
