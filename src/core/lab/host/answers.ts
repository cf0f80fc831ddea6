import type { Answer } from '../../domain/ask.ts';
import type { Refused } from '../../domain/command.ts';
import { type AnyEntry, decode } from '../../domain/entry.ts';
import type { JournalReader } from '../../journal/journal.ts';

/** What came of commands, as the journal tells it: the same before and after a restart. */
export interface Answers {
  /** The answer to the command that was asked under this id before; a no where that was another one. */
  find(id: string, line: string | undefined): Answer | undefined;
  /** A command was received. */
  add(id: string, seq: number): void;
  /** The answer to the command that was received with this entry, which is durable. */
  at(seq: number, isRepeated: boolean): Answer;
}

export function createAnswers(journal: JournalReader): Answers {
  let seqs: Map<string, number> | undefined;
  return {
    find(id, line) {
      seqs ??= readSeqs(journal);
      const seq = seqs.get(id);
      if (seq === undefined) return undefined;
      const first = lineAt(journal, seq);
      const isSame = first === undefined || line === undefined || first === line;
      return isSame ? answerAt(journal, seq, true) : refusedBy(idTaken(id, { first, line }));
    },
    add(id, seq) {
      if (seqs !== undefined && !seqs.has(id)) seqs.set(id, seq);
    },
    at: (seq, isRepeated) => answerAt(journal, seq, isRepeated),
  };
}

function readSeqs(journal: JournalReader): Map<string, number> {
  const seqs = new Map<string, number>();
  for (const entry of journal.entries({ kinds: ['command_received'] })) {
    if (entry.kind === 'command_received' && !seqs.has(entry.body.id)) seqs.set(entry.body.id, entry.seq);
  }
  return seqs;
}

function lineAt(journal: JournalReader, seq: number): string | undefined {
  const received = journal.entry(seq);
  return received?.kind === 'command_received' ? received.body.line : undefined;
}

const idTaken = (id: string, { first, line }: { readonly first: string; readonly line: string }): Refused => ({
  code: 'ID_TAKEN',
  expected: `the command that --id ${id} was given with first: ${first}`,
  found: line,
  fix: 'give this one a key of its own: a key names one command',
});

function answerAt(journal: JournalReader, seq: number, isRepeated: boolean): Answer {
  const received = journal.entry(seq);
  const own = received === undefined ? [] : [received];
  for (const entry of journal.entries({ fromSeq: seq + 1, toAt: received?.at }))
    if (entry.cause === seq) own.push(entry);
  return answerOf(own, isRepeated);
}

/** The answer that a command's own entries give, the received one first. */
export function answerOf(entries: readonly AnyEntry[], isRepeated: boolean): Answer {
  for (const entry of entries) {
    if (entry.kind !== 'command_refused') continue;
    const { code, expected, found, fix } = entry.body;
    return { ok: false, refused: { code, expected, found, fix } };
  }
  return { ok: true, entries, isRepeated, run: runOf(entries) };
}

/** The run that a command was about, 0 for none. */
function runOf(entries: readonly AnyEntry[]): number {
  const told = entries.find(({ run }) => run > 0);
  if (told !== undefined) return told.run;
  const [received] = entries;
  if (received?.kind !== 'command_received') return 0;
  const { run } = decode<{ readonly run?: unknown }>(received.body.args);
  return typeof run === 'number' ? run : 0;
}

/** The answer to what is refused before it is a command. */
export const refusedBy = ({ code, expected, found, fix }: Refused): Answer => ({
  ok: false,
  refused: { code, expected, found, fix },
});
