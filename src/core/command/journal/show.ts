import type { AnyEntry } from '../../domain/entry.ts';
import { required } from '../argv/spec.ts';
import { defineCommand } from '../command.ts';
import { type Cell, done, type Fact, fact, refused } from '../outcome.ts';
import { entriesUnder } from '../run/fields.ts';
import { bodyLeaves, isInstant } from '../telling/leaves.ts';
import { lineOf } from '../telling/line.ts';
import { entryData } from '../telling/told.ts';
import { isoTime, time } from '../telling/words.ts';
import { JOURNAL_OPTIONS, noSuchEntry, seqArg, withJournal } from './where.ts';

export const journalShow = defineCommand({
  about: [
    'Every field of an entry as it is stored. `why SEQ` tells it as a story, with what led to it.',
    'Its hash is over the entry and all before it; the daily summary tells how it begins. While an engine runs it is known of the last 31 days alone, of the entries that closed them.',
  ],
  args: { seq: required(seqArg) },
  options: JOURNAL_OPTIONS,
  examples: ['dzentra journal show 42', 'dzentra journal show 42 --json'],
  schema: 'dzentra.journal.show/1',
  fields: [
    ['schema', 'text', 'dzentra.journal.show/1'],
    ['entry', 'object', 'the entry'],
    ...entriesUnder('entry'),
    ['hash', 'text|null', 'hash over this entry and all before it; null where it is not known'],
  ],
  run: (context, { args, options }) =>
    withJournal(context, options, (journal) => {
      const entry = journal.entry(args.seq);
      if (entry === undefined) return refused(noSuchEntry(journal, args.seq));
      const hash = journal.hashOf?.(args.seq);
      const data = { schema: 'dzentra.journal.show/1', entry: entryData(entry), hash: hash ?? null };
      const chained = hash === undefined ? [] : [fact('hash', 'hash', hash)];
      return done(data, [{ kind: 'facts', title: lineOf(entry), facts: [...factsOf(entry), ...chained] }]);
    }),
});

function factsOf(entry: AnyEntry): readonly Fact[] {
  const { seq, epoch, run, account, kind, v, at, cause } = entry;
  const address = Object.entries({ seq, epoch, run, account, kind, v });
  return [
    ...address.map(([name, value]) => fact(name, name, { value, text: `${value}` })),
    fact('at', 'at', instantCell(at)),
    fact('cause', 'cause', { value: cause, text: typeof cause === 'number' ? `#${cause}` : withTime(cause) }),
    ...bodyLeaves(entry).map(([path, value]) =>
      fact(path, path, isInstant([path, value]) ? instantCell(Number(value)) : value),
    ),
  ];
}

const instantText = (at: number): string => `${time(at)} UTC (${at})`;

const instantCell = (at: number): Cell => ({ value: isoTime(at), text: instantText(at) });

/** An input is named by its instant last. */
const withTime = (cause: string): string => cause.replace(/\d{13}$/, (at) => instantText(Number(at)));
