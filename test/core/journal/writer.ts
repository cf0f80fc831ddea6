import { writeSync } from 'node:fs';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { Scribe } from './facts.ts';

/**
 * A program that is killed by tests: `node writer.ts FOLDER`. It writes one seq a line to stdout once that seq is
 * durable, in commits of 1 to 50 entries, with a snapshot and a new file now and then, until it is killed.
 */
const [, , folder = ''] = process.argv;
const journal = openJournal(folder, {
  profile: 'test',
  build: '0.1.0',
  clock: Date.now,
  rowsMax: 3_000,
  snapshotEvery: 700,
});
const scribe = new Scribe(journal, { at: Math.max(journal.lastAt, 0) });
if (journal.lost !== undefined) throw new Error(`lost ${journal.lost.marked} ${journal.lost.found}`);
scribe.start(scribe.seq + 1, 'BTC/USDT:USDT');
for (let i = 0; ; i++) {
  for (let trades = (i * 7) % 5; trades >= 0; trades--) scribe.trade(1);
  journal.commit();
  writeSync(1, `${journal.lastSeq}\n`);
  if (journal.isSnapshotDue) journal.saveSnapshot(journal.lastSeq, { seq: journal.lastSeq });
}
