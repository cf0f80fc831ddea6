import { choice, withDefault } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';
import { ENTRY_FIELDS } from '../run/fields.ts';
import { count } from '../telling/words.ts';
import { JOURNAL_OPTIONS, QUERY_OPTIONS, queryOf, sayingWhose, whereOf } from './where.ts';

export const journalExport = defineCommand({
  about: [
    'Writes the entries that fit to stdout, oldest first. JSON lines hold one entry each; CSV has the columns seq, epoch, run, account, kind, v, at, time, cause and body.',
  ],
  args: {},
  options: {
    format: withDefault(choice('Format; --json means jsonl.', ['jsonl', 'csv']), 'jsonl'),
    ...QUERY_OPTIONS,
    ...JOURNAL_OPTIONS,
  },
  examples: [
    'dzentra journal export > journal.jsonl',
    'dzentra journal export --format csv --kind position_closed > trades.csv',
  ],
  schema: 'dzentra.journal.entry/1',
  fields: ENTRY_FIELDS,
  async run(context, { options }) {
    const where = whereOf(options);
    if (isRefusal(where)) return refused(where);
    const query = queryOf(options);
    if (isRefusal(query)) return refused(query);
    const format = context.json ? 'jsonl' : options.format;
    const ports = await context.boot();
    const report = await ports.journal.export(where, format, query, context.write, context.signal);
    if (isRefusal(report)) return refused(report);
    const { name, entries } = report;
    return sayingWhose(done(undefined, [], [`${count(entries, 'entry')} exported`]), where, name, ports);
  },
});
