import { path, required } from '../argv/spec.ts';
import { instant } from '../argv/times.ts';
import { defineCommand } from '../command.ts';
import { done, plain, refused } from '../outcome.ts';
import { isInterrupted } from '../ports.ts';
import { isRefusal } from '../refusal.ts';
import { count } from '../telling/words.ts';
import { JOURNAL_OPTIONS, sayingWhose, whereOf } from './where.ts';

export const journalPrune = defineCommand({
  about: [
    'Drops the sealed files whose entries are all older than --before. Each is copied to --backup first; the file that is open and the newest snapshot always stay. An engine that runs holds its journal: `engine stop` first.',
  ],
  args: {},
  options: {
    before: required(instant('Files that end before it go.')),
    backup: required(path('Where each file is copied before it goes.', 'FOLDER')),
    ...JOURNAL_OPTIONS,
  },
  examples: ['dzentra journal prune --before 2025-01-01 --backup ./old-journals'],
  schema: 'dzentra.journal.prune/1',
  fields: [
    ['schema', 'text', 'dzentra.journal.prune/1'],
    ['journal', 'text', 'the profile or folder'],
    ['dropped', 'array', 'files that went: file, firstSeq, lastSeq'],
    ['backups', 'array', 'paths of their copies'],
    ['kept', 'number', 'files that stayed'],
  ],
  async run(context, { options }) {
    const where = whereOf(options);
    if (isRefusal(where)) return refused(where);
    const ports = await context.boot();
    const report = await ports.journal.prune(where, options.before, options.backup, context.signal);
    if (isRefusal(report)) return refused(report);
    if (isInterrupted(report)) return { kind: 'interrupted', saved: report.saved };
    const { name, dropped, backups, kept } = report;
    const data = { schema: 'dzentra.journal.prune/1', journal: name, dropped, backups, kept };
    const columns = [
      { name: 'file', title: 'file' },
      { name: 'firstSeq', title: 'from #', align: 'right' },
      { name: 'lastSeq', title: 'to #', align: 'right' },
    ] as const;
    const rows = dropped.map(({ file, firstSeq, lastSeq }) => [plain(file), plain(`${firstSeq}`), plain(`${lastSeq}`)]);
    const notes = [`${count(dropped.length, 'file')} dropped, ${kept} kept`];
    const table = { kind: 'table', columns, rows, empty: 'no sealed file is that old: nothing was dropped' } as const;
    return sayingWhose(done(data, [table], notes), where, name, ports);
  },
});
