import { basename } from 'node:path';
import type { EngineClient } from '../command/engine.ts';
import type { OpenedJournal, Write } from '../command/ports.ts';
import type { AnyEntry } from '../domain/entry.ts';
import { csvLines, jsonLines } from '../journal/export.ts';
import type { JournalQuery } from '../journal/journal.ts';
import { BUILD } from './build.ts';
import { readCard } from './engine-card.ts';

const PAGE = 1_000;

/** The engine that holds the journal of a folder; undefined where none answers: the file says then who has it. */
async function holder(folder: string): Promise<EngineClient | undefined> {
  const card = readCard(folder);
  if (card === undefined) return undefined;
  const { connect } = await import('../control/socket.ts');
  const { ControlError } = await import('../control/control-error.ts');
  try {
    const attaching = { role: 'read', face: 'cli', follow: 'one', build: BUILD, who: 'reader' } as const;
    return await connect(card.socket, attaching);
  } catch (problem) {
    if (problem instanceof ControlError) return undefined;
    throw problem;
  }
}

/** The journal of a folder through the engine that writes it; undefined where none runs. */
export async function engineJournal(folder: string): Promise<OpenedJournal | undefined> {
  const client = await holder(folder);
  if (client === undefined) return undefined;
  const [newest] = await client.entries({ newest: true, limit: 1 });
  return {
    name: basename(folder),
    close: () => client.close(),
    ...reading(client, newest?.seq ?? 0),
    // Rows are the engine's: it tells the hashes of the last days.
    hashOf: (seq) => client.scene().witnesses?.find((each) => each.seq === seq)?.hash,
  };
}

/** A page that is not there yet. */
class Missing extends Error {
  readonly query: JournalQuery;

  constructor(query: JournalQuery) {
    super('Invariant: what reads from an engine runs within `complete`');
    this.query = query;
  }
}

/** Reads as from a file: what is missing stops the work, is fetched, and the work runs again. */
export function reading(
  client: Pick<EngineClient, 'entries'>,
  lastSeq: number,
): Required<Pick<OpenedJournal, 'lastSeq' | 'entry' | 'entries' | 'complete'>> {
  const pages = new Map<string, readonly AnyEntry[]>();
  const page = (query: JournalQuery): readonly AnyEntry[] => {
    const known = pages.get(JSON.stringify(query));
    if (known === undefined) throw new Missing(query);
    return known;
  };
  const entries = function* (query: JournalQuery = {}): Generator<AnyEntry> {
    // What is written while the work runs again is not part of it.
    let rest = { ...query, toSeq: Math.min(query.toSeq ?? lastSeq, lastSeq) };
    for (let left = query.limit ?? Number.POSITIVE_INFINITY; left > 0; ) {
      const limit = Math.min(left, PAGE);
      const found = page({ ...rest, limit });
      yield* found;
      const edge = found.at(-1)?.seq;
      if (edge === undefined || found.length < limit) return;
      left -= limit;
      rest = query.newest === true ? { ...rest, toSeq: edge - 1 } : { ...rest, fromSeq: edge + 1 };
    }
  };
  return {
    lastSeq,
    entries,
    entry: (seq) => page({ fromSeq: seq, toSeq: Math.min(seq, lastSeq), limit: 1 })[0],
    async complete(work) {
      for (;;) {
        try {
          return work();
        } catch (problem) {
          if (!(problem instanceof Missing)) throw problem;
          const found = await client.entries(problem.query);
          pages.set(JSON.stringify(problem.query), problem.query.newest === true ? found.toReversed() : found);
        }
      }
    },
  };
}

/** Writes the entries of an engine that runs, page by page; undefined where none does. */
export async function exportFromEngine(
  folder: string,
  format: 'jsonl' | 'csv',
  query: JournalQuery,
  write: Write,
  signal: AbortSignal,
): Promise<{ readonly entries: number } | undefined> {
  const client = await holder(folder);
  if (client === undefined) return undefined;
  try {
    let count = 0;
    for await (const page of pagesOf(client, query)) {
      const pieces = format === 'csv' ? [...csvLines(page)].slice(count === 0 ? 0 : 1) : [...jsonLines(page)];
      if (pieces.length > 0) await write(pieces.join(''));
      count += page.length;
      signal.throwIfAborted();
    }
    return { entries: count };
  } finally {
    client.close();
  }
}

/** At least one page, so that an empty table has its head. */
async function* pagesOf(client: EngineClient, query: JournalQuery): AsyncGenerator<readonly AnyEntry[]> {
  let { fromSeq, limit: left = Number.POSITIVE_INFINITY } = query;
  for (;;) {
    const limit = Math.min(left, PAGE);
    const page = await client.entries({ ...query, fromSeq, limit });
    yield page;
    left -= page.length;
    if (page.length < limit || left <= 0) return;
    fromSeq = (page.at(-1)?.seq ?? 0) + 1;
  }
}
