import type { AnyEntry } from '../../domain/entry.ts';
import { int } from '../argv/numbers.ts';
import { on, withDefault } from '../argv/spec.ts';
import { type Context, defineCommand } from '../command.ts';
import { done, type Outcome, refused } from '../outcome.ts';
import { isRefusal, refusal } from '../refusal.ts';
import { entriesUnder } from '../run/fields.ts';
import { ENTRY_COLUMNS, entryCells, entryData, toldRow } from '../telling/told.ts';
import { JOURNAL_OPTIONS, type JournalInput, withJournal } from './where.ts';

export const journalTail = defineCommand({
  about: [
    'The last entries, oldest first: what happened just now. --follow goes on with each new one until Ctrl-C, also past a restart of the engine.',
  ],
  args: { count: withDefault(int('How many.', { from: '1', to: '10000' }, '20'), '20') },
  options: { follow: on('Go on with new entries, from the engine that runs.'), ...JOURNAL_OPTIONS },
  examples: ['dzentra journal tail', 'dzentra journal tail 100 --profile demo', 'dzentra journal tail --follow --json'],
  schema: 'dzentra.journal.tail/1',
  fields: [
    ['schema', 'text', 'dzentra.journal.tail/1; with --follow one entry a line instead'],
    ['journal', 'text', 'the profile or folder'],
    ['lastSeq', 'number', 'number of the last entry'],
    ['entries', 'array', 'oldest first'],
    ...entriesUnder('entries[]'),
  ],
  run(context, { args, options }) {
    if (options.follow) return follow(context, options, args.count);
    return withJournal(context, options, (journal) => {
      const entries = [...journal.entries({ newest: true, limit: args.count })].sort((a, b) => a.seq - b.seq);
      const data = {
        schema: 'dzentra.journal.tail/1',
        journal: journal.name,
        lastSeq: journal.lastSeq,
        entries: entries.map(entryData),
      };
      const table = {
        kind: 'table',
        columns: ENTRY_COLUMNS,
        rows: entries.map(entryCells),
        empty: 'the journal is empty',
      } as const;
      return done(data, [table]);
    });
  },
});

async function follow(context: Context, { profile, dir }: JournalInput, count: number): Promise<Outcome> {
  if (dir !== undefined) {
    const found = '--dir: nobody writes there that could be asked';
    return refused(refusal(2, 'OPTIONS_CONFLICT', '--follow with --profile', found, 'leave --dir out'));
  }
  const { engine } = await context.boot();
  const client = await engine.connect(engine.profile(profile), { role: 'read', face: 'cli', follow: 'all' });
  if (isRefusal(client)) return refused(client);
  const { signal } = context;
  try {
    let told = 0;
    const tell = (entries: readonly AnyEntry[]): void => {
      for (const entry of entries) {
        if (entry.seq <= told) continue;
        told = entry.seq;
        context.row(toldRow(entry));
      }
    };
    // What comes while the end of the journal is fetched is told after it.
    const early: AnyEntry[] = [];
    const end = client.subscribe(({ entries }) => early.push(...entries));
    const last = await client.entries({ newest: true, limit: count });
    end();
    client.subscribe(({ entries }) => tell(entries));
    tell([...last, ...early]);
    if (!signal.aborted) {
      await new Promise<void>((resolve) => signal.addEventListener('abort', () => resolve(), { once: true }));
    }
    return { kind: 'interrupted', saved: [] };
  } finally {
    client.close();
  }
}
