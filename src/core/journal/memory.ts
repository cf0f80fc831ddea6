import type { AnyEntry } from '../domain/entry.ts';
import type { Journal, JournalQuery } from './journal.ts';

/** A journal that lives as long as the process. Entries are kept as objects; text and digests are made when asked for. */
export interface MemoryJournal extends Journal {
  readonly all: readonly AnyEntry[];
}

/** A journal for backtests and debug: an entry is durable as soon as it is appended. */
export function createMemoryJournal(): MemoryJournal {
  return new MemoryEntries();
}

class MemoryEntries implements MemoryJournal {
  readonly all: AnyEntry[] = [];
  readonly waiting = 0;

  get lastSeq(): number {
    return this.all.at(-1)?.seq ?? 0;
  }

  /** Called once a fact, over a million times in a backtest: it does nothing else. */
  append(entry: AnyEntry): void {
    this.all.push(entry);
  }

  commit(): void {}

  close(): void {}

  entry(seq: number): AnyEntry | undefined {
    return this.all[seq - this.#firstSeq];
  }

  /** What is told of a journal that was pruned begins later. */
  get #firstSeq(): number {
    return this.all[0]?.seq ?? 1;
  }

  *entries(query: JournalQuery = {}): Generator<AnyEntry> {
    const { fromSeq = 1, toSeq = this.lastSeq, newest = false } = query;
    const first = Math.max(fromSeq, this.#firstSeq);
    const last = Math.min(toSeq, this.lastSeq);
    const isAsked = this.#filter(query);
    let left = query.limit ?? Number.POSITIVE_INFINITY;
    for (let step = 0; step <= last - first && left > 0; step++) {
      const entry = this.entry(newest ? last - step : first + step);
      if (entry === undefined || !isAsked(entry)) continue;
      yield entry;
      left--;
    }
  }

  #filter({ fromAt = Number.NEGATIVE_INFINITY, toAt = Number.POSITIVE_INFINITY, kinds, run, symbol }: JournalQuery) {
    const wanted = kinds === undefined ? undefined : new Set(kinds);
    const runs = symbol === undefined ? undefined : this.#runsOf(symbol);
    return (entry: AnyEntry): boolean =>
      entry.at >= fromAt &&
      entry.at <= toAt &&
      (wanted?.has(entry.kind) ?? true) &&
      (run === undefined || entry.run === run) &&
      (runs?.has(entry.run) ?? true);
  }

  #runsOf(symbol: string): ReadonlySet<number> {
    const runs = new Set<number>();
    for (const entry of this.all) {
      if (entry.kind === 'run_started' && entry.body.symbol === symbol) runs.add(entry.run);
    }
    return runs;
  }
}
