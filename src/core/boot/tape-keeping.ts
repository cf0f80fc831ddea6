import { setTimeout as sleep } from 'node:timers/promises';
import type { Log } from '../config/logging.ts';
import { HOUR_MS } from '../domain/time.ts';
import type { JournalReader } from '../journal/journal.ts';
import { pruneTapes } from '../journal/tape-retention.ts';

/** The tapes of a profile: `open` is the file that is written to. */
export interface Tapes {
  readonly folder: string;
  readonly journal: Pick<JournalReader, 'entries'>;
  readonly open: () => string | undefined;
  readonly log: Log;
}

/**
 * Drops old tapes at once and then every hour, beside whatever else this thread does.
 * @returns ends it; resolves when nothing of it is left. The journal stays open until then.
 */
export function keepTapes(tapes: Tapes): () => Promise<void> {
  const ending = new AbortController();
  const kept = everyHour(tapes, ending.signal);
  return async () => {
    ending.abort();
    await kept;
  };
}

async function everyHour(tapes: Tapes, signal: AbortSignal): Promise<void> {
  while (!signal.aborted) {
    await dropOldTapes(tapes, signal);
    await sleep(HOUR_MS, undefined, { signal }).catch(() => {});
  }
}

/** What goes, and what is kept of it, are lines of the log; so is a disk that fails: tapes then stay. */
export async function dropOldTapes({ folder, journal, open, log }: Tapes, signal?: AbortSignal): Promise<void> {
  try {
    for await (const { name, bytes, kept } of pruneTapes(folder, Date.now(), { journal, open, signal })) {
      log.info('an old tape was dropped', { file: name, bytes, windows: kept?.windows });
      if (kept?.flaw !== undefined) log.warn('it could not be read as a whole', { file: name, found: kept.flaw });
    }
  } catch (error) {
    if (signal?.aborted !== true) log.warn('old tapes could not be dropped', { error });
  }
}
