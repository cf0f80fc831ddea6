import type { JournalQuery, JournalReader } from '../../journal/journal.ts';
import { nearest } from '../../strategy/nearest.ts';
import { profile } from '../argv/engine.ts';
import { int } from '../argv/numbers.ts';
import { accept, called, named, type OptionSpec, path, reject, single } from '../argv/spec.ts';
import { symbol } from '../argv/symbol.ts';
import { instant } from '../argv/times.ts';
import type { Context, Values } from '../command.ts';
import { noting, type Outcome, refused } from '../outcome.ts';
import type { OpenedJournal, Ports, Where } from '../ports.ts';
import { isRefusal, type Refusal, refusal, shown } from '../refusal.ts';
import { KINDS, kindsNamed } from '../telling/line.ts';

/** Which journal is meant. */
export const JOURNAL_OPTIONS = {
  profile: profile('Profile whose journal is meant; else the one that was written last.'),
  dir: path('Folder of a journal: what `backtest --journal` wrote.', 'FOLDER'),
};
export type JournalInput = Values<typeof JOURNAL_OPTIONS>;

/** The journal that the flags name; the one written last where they name none. */
export function whereOf({ profile, dir }: JournalInput): Where | Refusal {
  if (profile !== undefined && dir !== undefined) {
    return refusal(2, 'OPTIONS_CONFLICT', '--profile or --dir', 'both', 'leave one of them out');
  }
  if (profile !== undefined) return { in: 'profile', profile };
  return dir === undefined ? { in: 'latest' } : { in: 'folder', folder: dir };
}

/** Opens the journal for reading, and closes it however the work ends. `work` only reads: it may be run more than once. */
export async function withJournal(
  context: Context,
  options: JournalInput,
  work: (journal: OpenedJournal) => Outcome,
): Promise<Outcome> {
  const where = whereOf(options);
  if (isRefusal(where)) return refused(where);
  const ports = await context.boot();
  const journal = await ports.journal.open(where);
  if (isRefusal(journal)) return refused(journal);
  try {
    const outcome = await (journal.complete === undefined ? work(journal) : journal.complete(() => work(journal)));
    return sayingWhose(outcome, where, journal.name, ports);
  } finally {
    journal.close();
  }
}

/** The outcome, with whose journal it is where nothing said it and other commands would have meant another profile. */
export function sayingWhose(outcome: Outcome, where: Where, name: string, { engine }: Ports): Outcome {
  const isAnother = where.in === 'latest' && name !== engine.profile(undefined);
  return isAnother && 'blocks' in outcome ? noting(outcome, latestNote(name)) : outcome;
}

const latestNote = (name: string): string =>
  `this is the journal of profile ${name}, the one written last; --profile names another`;

/** Why an entry is not there: the first ones of a journal may be pruned. */
export function noSuchEntry(journal: OpenedJournal, seq: number): Refusal {
  const [first] = [...journal.entries({ limit: 1 })];
  const expected =
    first === undefined
      ? 'a journal with entries'
      : `an entry from ${first.seq} to ${journal.lastSeq} of journal ${journal.name}`;
  return refusal(3, 'NO_SUCH_ENTRY', expected, `${seq}`, 'dzentra journal list');
}

/** Kinds of entries by name, a comma between them; `order` alone means every kind that begins so. */
const kinds = (about: string): OptionSpec<readonly string[] | undefined> =>
  single(about, {
    type: 'kinds',
    placeholder: 'KIND,...',
    expects: 'kinds of entries such as order_filled,position_closed',
    example: 'order_filled,position_closed',
    one(given) {
      const names = given.split(',').map((name) => name.trim());
      return names.every((name) => /^[a-z][a-z_]{0,40}$/.test(name)) ? accept(names) : reject();
    },
  });

const NAMES_MAX = 8;

/** That the journal has no such run or symbol, and which it has. */
export function unknownNotes(journal: JournalReader, { run, symbol }: JournalQuery): readonly string[] {
  if (run === undefined && symbol === undefined) return [];
  const symbols = new Map<number, string>();
  for (const entry of journal.entries({ kinds: ['run_started'] })) {
    if (entry.kind === 'run_started') symbols.set(entry.run, entry.body.symbol);
  }
  if (symbols.size === 0) return ['the journal has no run yet'];
  const known = (names: readonly string[]): string => {
    const more = names.length > NAMES_MAX ? `, and ${names.length - NAMES_MAX} more` : '';
    return `${names.slice(0, NAMES_MAX).join(', ')}${more}`;
  };
  const notes: string[] = [];
  if (run !== undefined && run !== 0 && !symbols.has(run)) {
    const runs = [...symbols].map(([number, traded]) => `${number} (${traded})`);
    notes.push(`the journal has no run ${run}; its runs: ${known(runs)}`);
  }
  const traded = [...new Set(symbols.values())];
  if (symbol !== undefined && !traded.includes(symbol)) {
    notes.push(`the journal has no run of ${symbol}; its symbols: ${known(traded)}`);
  }
  return notes;
}

const SEQ = { from: '1' };

/** One entry, by its number. */
export const seqArg = called('SEQ', int('Number of an entry, as `journal list` shows it.', SEQ, '42'));

/** Which time is meant. */
export const SPAN_OPTIONS = {
  from: instant('From this instant on.'),
  to: instant('Up to this instant.'),
};

/** Why a span of time contradicts itself. */
export function spanProblem({ from, to }: Values<typeof SPAN_OPTIONS>): Refusal | undefined {
  if (from === undefined || to === undefined || from <= to) return undefined;
  return refusal(2, 'OPTIONS_CONFLICT', '--from before --to', '--from after --to', 'exchange them');
}

/** Which entries are meant. */
export const QUERY_OPTIONS = {
  kinds: named('kind', kinds('Only these kinds; `order` stands for all that begin so.')),
  run: int('Only this run; 0 for the account itself.', { from: '0', to: '1000000000' }, '1'),
  symbol: symbol('Only runs of this symbol.'),
  ...SPAN_OPTIONS,
  fromSeq: int('From this number on.', SEQ, '1'),
  toSeq: int('Up to this number.', SEQ, '100'),
};

/** The query of the flags, or what contradicts itself. */
export function queryOf(options: Values<typeof QUERY_OPTIONS>): JournalQuery | Refusal {
  const { kinds, run, symbol, from, to, fromSeq, toSeq } = options;
  const problem = spanProblem(options);
  if (problem !== undefined) return problem;
  if (fromSeq !== undefined && toSeq !== undefined && fromSeq > toSeq) {
    return refusal(2, 'OPTIONS_CONFLICT', '--from-seq before --to-seq', '--from-seq after --to-seq', 'exchange them');
  }
  const unknown = kinds?.find((name) => kindsNamed(name).length === 0);
  if (unknown !== undefined) {
    const fix = `--kind ${nearest(unknown, KINDS) ?? 'order_filled,position_closed'}`;
    return refusal(2, 'BAD_OPTION', '--kind with kinds that entries have', shown(unknown), fix);
  }
  const meant = kinds && [...new Set(kinds.flatMap(kindsNamed))];
  return { kinds: meant, run, symbol, fromAt: from, toAt: to, fromSeq, toSeq };
}
