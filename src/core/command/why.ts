import type { AnyEntry } from '../domain/entry.ts';
import type { JournalReader } from '../journal/journal.ts';
import { defineCommand } from './command.ts';
import { JOURNAL_OPTIONS, noSuchEntry, seqArg, withJournal } from './journal/where.ts';
import { done, refused } from './outcome.ts';
import { type Refusal, refusal } from './refusal.ts';
import { entriesUnder } from './run/fields.ts';
import { type Chain, chainOf } from './telling/chain.ts';
import { type Assets, assetsOf, tell, tellInput } from './telling/story.ts';
import { entryData } from './telling/told.ts';
import { time } from './telling/words.ts';

/** What somebody asks about who gives no number. */
const LAST = ['position_closed', 'position_flipped', 'position_opened', 'order_filled', 'order_denied'];

export const why = defineCommand({
  about: [
    'Walks the causes of an entry back to the candle: fill, order with its quote and every term of the size, confirmation, signal with votes and values. Then forward to what came of it: position, stop, exit. Without SEQ it takes the last position event, fill or denial.',
  ],
  args: { seq: seqArg },
  options: JOURNAL_OPTIONS,
  examples: ['dzentra why 42', 'dzentra why', 'dzentra why 42 --profile demo --json'],
  schema: 'dzentra.why/1',
  fields: [
    ['schema', 'text', 'dzentra.why/1'],
    ['seq', 'number', 'the entry that was asked about'],
    ['back', 'array', 'from the candle to the entry, oldest first'],
    ...entriesUnder('back[]'),
    ['opening', 'array', 'where it ends a position: what led to that position, oldest first'],
    ['after', 'array', 'what came of it, oldest first'],
  ],
  run: (context, { args, options }) =>
    withJournal(context, options, (journal) => {
      const seq = args.seq ?? lastSeq(journal);
      const chain = seq === undefined ? undefined : chainOf(journal, seq);
      if (chain === undefined) return refused(seq === undefined ? nothing() : noSuchEntry(journal, seq));
      return done(data(chain), [{ kind: 'prose', lines: storyLines(journal, chain) }]);
    }),
});

function lastSeq(journal: JournalReader): number | undefined {
  for (const entry of journal.entries({ kinds: LAST, newest: true, limit: 1 })) return entry.seq;
  return undefined;
}

const nothing = (): Refusal =>
  refusal(
    3,
    'NOTHING_HAPPENED',
    'a fill, a position or a denial in the journal',
    'none so far',
    'dzentra journal list',
  );

const data = ({ subject, back, opening, after }: Chain) => ({
  schema: 'dzentra.why/1',
  seq: subject.seq,
  back: back.map(entryData),
  opening: opening.map(entryData),
  after: after.map(entryData),
});

/** The story in paragraphs: how it came about, the position that it ends, what came of it. */
export function storyLines(journal: JournalReader, chain: Chain): string[] {
  const assets = assetsIn(journal, chain.subject.run);
  const lines = [
    `#${chain.subject.seq} ${chain.subject.kind}`,
    '',
    'How it came about, times in UTC',
    ...paragraph(chain.back, assets),
  ];
  if (chain.opening.length > 0) lines.push('', 'The position that it ends', ...paragraph(chain.opening, assets));
  if (chain.after.length > 0) lines.push('', 'What came of it', ...paragraph(chain.after, assets));
  else lines.push('', 'Nothing came of it so far.');
  return lines;
}

function paragraph(entries: readonly AnyEntry[], assets: Assets): string[] {
  const lines: string[] = [];
  for (const entry of entries) {
    if (typeof entry.cause === 'string') lines.push(`  ${tellInput(entry.cause)}`);
    const [headline, ...details] = tell(entry, assets);
    lines.push(`  ${time(entry.at)}  #${entry.seq}  ${headline}`);
    for (const detail of details) lines.push(`      ${detail}`);
  }
  return lines;
}

function assetsIn(journal: JournalReader, run: number): Assets {
  for (const entry of journal.entries({ kinds: ['run_started'], run, limit: 1 })) {
    if (entry.kind === 'run_started') return assetsOf(entry.body.instrument);
  }
  return assetsOf(undefined);
}
