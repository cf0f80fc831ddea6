import type { AnyEntry } from '../domain/entry.ts';
import { path } from './argv/spec.ts';
import { defineCommand } from './command.ts';
import { JOURNAL_OPTIONS, sayingWhose, whereOf } from './journal/where.ts';
import { done, type Fact, fact, type Outcome, refused } from './outcome.ts';
import { type Difference, isInterrupted, type ReplayReport, type SameReplay } from './ports.ts';
import { isRefusal } from './refusal.ts';
import { differentLeaves } from './telling/leaves.ts';
import { lineOf } from './telling/line.ts';
import { entryData } from './telling/told.ts';

export const replay = defineCommand({
  about: [
    'Plays the inputs that the engine saw, the reports of the venue among them, and compares every entry with the journal. Equal digests end with exit code 0; else the first entry that differs is named, and the exit code is 1. Without TAPE it takes the newest one of the profile. An engine that runs holds its journal: `engine stop` first.',
  ],
  args: { tape: path('The tape.', 'TAPE') },
  options: {
    profile: JOURNAL_OPTIONS.profile,
    dir: path('Folder of a journal with its tapes, as a profile has it; a backtest has no tape.', 'FOLDER'),
  },
  examples: ['dzentra replay', 'dzentra replay --profile demo', 'dzentra replay --dir ./copy-of-a-profile'],
  schema: 'dzentra.replay/1',
  fields: [
    ['schema', 'text', 'dzentra.replay/1'],
    ['same', 'boolean', 'whether every entry is the same'],
    ['entries', 'number|null', 'entries that were compared'],
    ['toSeq', 'number|null', 'the last of them'],
    ['lastSeq', 'number|null', 'the last entry that the journal has of that start of the engine'],
    ['closed', 'boolean|null', 'whether the tape was ended by its engine; a kill leaves it open'],
    [
      'cutAt',
      'number|null',
      'the byte that a frame begins with which is cut off: nothing is told of what came after toSeq',
    ],
    ['digest', 'text|null', 'the digest that both have; null where no run began in what is left of the journal'],
    ['first', 'object|null', 'the first difference: index within the run, journal and replay entry'],
  ],
  async run(context, { args, options }) {
    const where = whereOf(options);
    if (isRefusal(where)) return refused(where);
    const ports = await context.boot();
    const hooks = { signal: context.signal, progress: context.progress('replay') };
    const report = await ports.replay({ tape: args.tape, where }, hooks);
    if (isRefusal(report)) return refused(report);
    if (isInterrupted(report)) return { kind: 'interrupted', saved: ['nothing was changed'] };
    const outcome = outcomeOf(report);
    // A tape that is named lies beside its journal.
    return args.tape === undefined ? sayingWhose(outcome, where, report.name, ports) : outcome;
  },
});

function outcomeOf(report: ReplayReport): Outcome {
  if (report.same) {
    const { entries, toSeq, lastSeq, isClosed, cutAt = null, digest } = report;
    const reach = { toSeq, lastSeq, closed: isClosed, cutAt };
    const data = { schema: 'dzentra.replay/1', same: true, entries, ...reach, digest, first: null };
    const facts = [
      fact('same', 'same', { value: true, text: 'yes, every entry', tone: 'good' }),
      fact('entries', 'entries', { value: entries, text: `${entries}` }),
      fact('closed', 'tape', { value: isClosed, text: reachText(report), tone: isClosed ? 'plain' : 'warn' }),
      fact('digest', 'digest', { value: digest, text: digest ?? 'none: no run began in what is left of the journal' }),
    ];
    return done(data, [{ kind: 'facts', facts }]);
  }
  const { first } = report;
  const sides = { journal: sideData(first.journal), replay: sideData(first.replay) };
  const data = {
    schema: 'dzentra.replay/1',
    same: false,
    entries: null,
    toSeq: null,
    lastSeq: null,
    closed: null,
    cutAt: null,
    digest: null,
    first: { index: first.index, ...sides },
  };
  return { kind: 'differs', data, blocks: [{ kind: 'facts', facts: differenceFacts(first) }] };
}

/** How far a tape goes, beside what the journal has of that start. */
function reachText({ toSeq, lastSeq, isClosed, cutAt }: SameReplay): string {
  if (isClosed) return 'whole';
  const how = cutAt === undefined ? 'left by a kill' : `cut off within the frame at byte ${cutAt}`;
  const reach =
    toSeq === lastSeq ? 'the last entry of that start' : `and tells nothing of #${toSeq + 1} to #${lastSeq}`;
  return `${how}: it reaches #${toSeq}, ${reach}`;
}

const sideData = (entry: AnyEntry | undefined): unknown => (entry === undefined ? null : entryData(entry));

function differenceFacts(first: Difference): readonly Fact[] {
  const told = (entry: AnyEntry | undefined): string =>
    entry === undefined ? 'no entry' : `#${entry.seq} ${entry.kind}: ${lineOf(entry)}`;
  return [
    fact('same', 'same', { value: false, text: 'NO', tone: 'bad' }),
    fact('first.index', 'first difference', { value: first.index, text: `entry ${first.index} of ${ownerOf(first)}` }),
    fact('first.journal', 'in the journal', told(first.journal)),
    fact('first.replay', 'in the replay', told(first.replay)),
    ...differentFacts(first),
  ];
}

const ownerOf = ({ journal, replay }: Difference): string =>
  (journal ?? replay)?.run === 0 ? 'those of no run' : 'the run';

/** Two entries may read the same and differ in a digit: each field that does is shown. */
function differentFacts({ journal, replay }: Difference): readonly Fact[] {
  if (journal === undefined || replay === undefined) return [];
  return differentLeaves(journal, replay).map(({ path, a, b }) =>
    fact(`first.${path}`, path, `${a ?? 'none'} in the journal, ${b ?? 'none'} in the replay`),
  );
}
