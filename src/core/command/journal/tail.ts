import { int } from '../argv/numbers.ts';
import { withDefault } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done } from '../outcome.ts';
import { entriesUnder } from '../run/fields.ts';
import { ENTRY_COLUMNS, entryCells, entryData } from '../telling/told.ts';
import { JOURNAL_OPTIONS, withJournal } from './where.ts';

export const journalTail = defineCommand({
  about: ['The last entries, oldest first: what happened just now.'],
  args: { count: withDefault(int('How many.', { from: '1', to: '10000' }, '20'), '20') },
  options: JOURNAL_OPTIONS,
  examples: ['dzentra journal tail', 'dzentra journal tail 100 --profile demo'],
  schema: 'dzentra.journal.tail/1',
  fields: [
    ['schema', 'text', 'dzentra.journal.tail/1'],
    ['journal', 'text', 'the profile or folder'],
    ['lastSeq', 'number', 'number of the last entry'],
    ['entries', 'array', 'oldest first'],
    ...entriesUnder('entries[]'),
  ],
  run: (context, { args, options }) =>
    withJournal(context, options, (journal) => {
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
    }),
});
