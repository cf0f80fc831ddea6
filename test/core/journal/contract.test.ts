import { describe, expect, test } from 'vitest';
import type { AnyEntry } from '../../../src/core/domain/entry.ts';
import type { Journal, JournalQuery } from '../../../src/core/journal/journal.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { openJournal } from '../../../src/core/journal/sqlite.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe, START } from './facts.ts';
import { options } from './folders.ts';

const MINUTE = 60_000;
const JOURNALS: readonly [string, () => Journal][] = [
  ['in memory', createMemoryJournal],
  ['in a file', () => openJournal(scratchFolder(), options())],
  ['in many files', () => segmented()],
];

/** Rolls into a new file at every tenth row, in the midst of what a query asks for. */
function segmented(): Journal {
  const journal = openJournal(scratchFolder(), options({ rowsMax: 10 }));
  const commit = journal.commit.bind(journal);
  journal.commit = () => {
    commit();
    if (journal.isSnapshotDue) journal.saveSnapshot(journal.lastSeq, { seq: journal.lastSeq });
  };
  return journal;
}

/** 43 entries: two runs and their trades by turns, the account's own between them. */
function fill(journal: Journal): AnyEntry[] {
  const scribe = new Scribe(journal);
  const written: AnyEntry[] = [];
  const append = journal.append.bind(journal);
  journal.append = (entry) => {
    append(entry);
    journal.commit();
    written.push(entry);
  };
  scribe.write(0, 'epoch_started', { epoch: 1, build: '0.1.0', resumedFrom: 0 }, 'boot');
  scribe.start(1, 'BTC/USDT:USDT');
  scribe.start(2, 'ETH/USDT:USDT');
  for (const run of [1, 2, 1, 2]) scribe.trade(run);
  return written;
}

const QUERIES: readonly (readonly [string, JournalQuery, (entry: AnyEntry) => boolean])[] = [
  ['all', {}, () => true],
  ['a range of seqs', { fromSeq: 9, toSeq: 22 }, ({ seq }) => seq >= 9 && seq <= 22],
  ['one kind', { kinds: ['order_filled'] }, ({ kind }) => kind === 'order_filled'],
  ['two kinds', { kinds: ['position_closed', 'signal_raised'] }, ({ kind }) => /closed|signal/.test(kind)],
  ['a kind twice', { kinds: ['position_closed', 'position_closed'] }, ({ kind }) => kind === 'position_closed'],
  [
    'more kinds than are merged',
    { kinds: ['order_filled', 'a', 'b', 'c', 'd', 'e', 'f', 'g', 'h', 'equity_marked'] },
    ({ kind }) => kind === 'order_filled' || kind === 'equity_marked',
  ],
  ['no kind', { kinds: [] }, () => false],
  ['a run', { run: 2 }, ({ run }) => run === 2],
  ["the account's own", { run: 0 }, ({ run }) => run === 0],
  ['a symbol', { symbol: 'ETH/USDT:USDT' }, ({ run }) => run === 2],
  ['a symbol nobody trades', { symbol: 'XRP/USDT:USDT' }, () => false],
  ['a symbol and another run', { symbol: 'ETH/USDT:USDT', run: 1 }, () => false],
  [
    'a kind of a run',
    { run: 1, kinds: ['order_intended', 'order_filled'] },
    ({ run, kind }) => run === 1 && /intended|filled/.test(kind),
  ],
  ['from an instant', { fromAt: START + 20 * MINUTE }, ({ at }) => at >= START + 20 * MINUTE],
  ['to an instant', { toAt: START + 20 * MINUTE }, ({ at }) => at <= START + 20 * MINUTE],
  [
    'between two entries',
    { fromAt: START + 5 * MINUTE + 1, toAt: START + 8 * MINUTE - 1 },
    ({ seq }) => seq === 6 || seq === 7,
  ],
  ['after the end', { fromAt: START + 99 * MINUTE }, () => false],
  ['before the beginning', { toAt: START }, () => false],
];

describe.each(JOURNALS)('a journal %s', (_where, create) => {
  test('gives back what was written, exact values included', () => {
    const journal = create();
    const written = fill(journal);
    expect([...journal.entries()]).toEqual(written);
    expect(journal.lastSeq).toBe(43);
    expect(written.map(({ seq }) => journal.entry(seq))).toEqual(written);
    expect(journal.entry(0)).toBeUndefined();
    expect(journal.entry(44)).toBeUndefined();
    journal.close();
  });

  test.each(QUERIES)('finds %s, oldest and newest first, cut at every limit', (_what, query, isAsked) => {
    const journal = create();
    const expected = fill(journal).filter(isAsked);
    const seqs = (more: JournalQuery): number[] => [...journal.entries({ ...query, ...more })].map(({ seq }) => seq);
    const ascending = expected.map(({ seq }) => seq);
    expect(seqs({})).toEqual(ascending);
    expect(seqs({ newest: true })).toEqual(ascending.toReversed());
    for (const limit of [0, 1, 2, 5, 12]) {
      expect(seqs({ limit })).toEqual(ascending.slice(0, limit));
      expect(seqs({ limit, newest: true })).toEqual(ascending.toReversed().slice(0, limit));
    }
    journal.close();
  });

  test('may be written while it is read', () => {
    const journal = create();
    fill(journal);
    const scribe = new Scribe(journal, { at: START + 100 * MINUTE });
    const seen: number[] = [];
    for (const { seq } of journal.entries({ kinds: ['order_filled'] })) {
      seen.push(seq);
      scribe.trade(1);
    }
    expect(seen).toHaveLength(8);
    expect(journal.lastSeq).toBe(43 + 80);
    journal.close();
  });
});
