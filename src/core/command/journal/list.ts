import { int } from '../argv/numbers.ts';
import { withDefault } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { type Block, done, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { entriesUnder } from '../run/fields.ts';
import { ENTRY_COLUMNS, entryCells, entryData } from '../telling/told.ts';
import { JOURNAL_OPTIONS, QUERY_OPTIONS, queryOf, unknownNotes, withJournal } from './where.ts';

export const journalList = defineCommand({
  about: [
    'The newest entries that fit, oldest first, one line each. `why SEQ` tells the story of one, `journal show SEQ` all of it.',
  ],
  args: {},
  options: {
    limit: withDefault(int('At most so many.', { from: '1', to: '1000000' }, '50'), '50'),
    ...QUERY_OPTIONS,
    ...JOURNAL_OPTIONS,
  },
  examples: [
    'dzentra journal list',
    'dzentra journal list --kind position_closed,order_denied --limit 20',
    'dzentra journal list --symbol BTC/USDT:USDT --from 2025-05-04 --to 2025-05-05 --json',
  ],
  schema: 'dzentra.journal.list/1',
  fields: [
    ['schema', 'text', 'dzentra.journal.list/1'],
    ['journal', 'text', 'the profile or folder'],
    ['lastSeq', 'number', 'number of the last entry of the journal'],
    ['entries', 'array', 'oldest first'],
    ...entriesUnder('entries[]'),
  ],
  async run(context, { options }) {
    const query = queryOf(options);
    if (isRefusal(query)) return refused(query);
    return await withJournal(context, options, (journal) => {
      const entries = [...journal.entries({ ...query, newest: true, limit: options.limit })].sort(
        (a, b) => a.seq - b.seq,
      );
      const data = {
        schema: 'dzentra.journal.list/1',
        journal: journal.name,
        lastSeq: journal.lastSeq,
        entries: entries.map(entryData),
      };
      const table: Block = {
        kind: 'table',
        columns: ENTRY_COLUMNS,
        rows: entries.map(entryCells),
        empty: 'no entry fits',
      };
      return done(data, [table], entries.length === 0 ? unknownNotes(journal, query) : []);
    });
  },
});
