import { defineCommand } from '../command.ts';
import { done, fact, type Outcome, refused } from '../outcome.ts';
import type { VerifyReport } from '../ports.ts';
import { isRefusal } from '../refusal.ts';
import { JOURNAL_OPTIONS, sayingWhose, whereOf } from './where.ts';

export const journalVerify = defineCommand({
  about: [
    'Reads every file of the journal: no number missing, the chain of hashes unbroken, the high-water mark reached, every snapshot equal to what the entries before it fold to. The first bad entry is named, and the exit code is 1. An engine that runs holds its journal: `engine stop` first.',
  ],
  args: {},
  options: JOURNAL_OPTIONS,
  examples: ['dzentra journal verify', 'dzentra journal verify --dir ./journal --json'],
  schema: 'dzentra.journal.verify/1',
  fields: [
    ['schema', 'text', 'dzentra.journal.verify/1'],
    ['journal', 'text', 'the profile or folder'],
    ['sound', 'boolean', 'whether all is well'],
    ['entries', 'number', 'entries that were read'],
    ['lastSeq', 'number', 'number of the last entry'],
    ['hash', 'text|null', 'hash of the last entry: over all of them'],
    ['segments', 'number', 'files of the journal'],
    ['snapshots', 'number', 'snapshots that were folded again'],
    ['runs', 'array', 'digest of each run'],
    ['runs[].run', 'number', 'the run'],
    ['runs[].entries', 'number', 'its entries after run_started'],
    ['runs[].digest', 'text', 'equal for paper, backtest and replay of one tape'],
    ['first', 'object|null', 'the first bad entry: seq, what, expected, found'],
  ],
  async run(context, { options }) {
    const where = whereOf(options);
    if (isRefusal(where)) return refused(where);
    const ports = await context.boot();
    const hooks = { signal: context.signal, progress: context.progress('verify') };
    const report = await ports.journal.verify(where, hooks);
    return isRefusal(report) ? refused(report) : sayingWhose(outcomeOf(report), where, report.name, ports);
  },
});

function outcomeOf(report: VerifyReport): Outcome {
  const { name, first, entries, lastSeq, hash = null, ...rest } = report;
  const data = {
    schema: 'dzentra.journal.verify/1',
    journal: name,
    sound: first === undefined,
    entries,
    lastSeq,
    hash,
    ...rest,
    first: first ?? null,
  };
  const facts = [
    fact('journal', 'journal', name),
    fact('entries', 'entries', { value: entries, text: `${entries}` }),
    fact('segments', 'files', { value: report.segments, text: `${report.segments}` }),
    fact('snapshots', 'snapshots', { value: report.snapshots, text: `${report.snapshots}` }),
    ...report.runs.map(({ run, digest, entries }) =>
      fact(`run.${run}`, `run ${run}`, { value: digest, text: `${digest}  (${entries} entries)` }),
    ),
  ];
  if (first === undefined) {
    const sound = fact('sound', 'verified', { value: true, text: 'yes, every entry', tone: 'good' });
    const head = hash === null ? [] : [fact('hash', `hash of #${lastSeq}`, hash)];
    return done(data, [{ kind: 'facts', facts: [sound, ...facts, ...head] }]);
  }
  const bad = [
    fact('sound', 'verified', { value: false, text: 'NO', tone: 'bad' }),
    fact('first.seq', 'first bad entry', { value: first.seq, text: `#${first.seq} (${first.what})`, tone: 'bad' }),
    fact('first.expected', 'expected', first.expected),
    fact('first.found', 'found', first.found),
    fact('fix', 'what to do', 'keep the folder as it is, restore a backup beside it and verify both'),
  ];
  return { kind: 'failed', data, blocks: [{ kind: 'facts', facts: [...bad, ...facts] }] };
}
