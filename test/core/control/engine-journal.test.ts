import { expect, test } from 'vitest';
import { reading } from '../../../src/core/boot/engine-journal.ts';
import { chainOf } from '../../../src/core/command/telling/chain.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import type { JournalReader } from '../../../src/core/journal/journal.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { stubHost } from './stub-host.ts';

/** The same entries in a journal and behind a client that answers later. */
function both() {
  const host = stubHost();
  for (let i = 0; host.entriesNow.length < 2_500; i++) host.long(100 + 3 * (i % 2));
  const journal = createMemoryJournal();
  for (const entry of host.entriesNow) journal.append(entry);
  journal.commit();
  const client = {
    entries: (query: Parameters<JournalReader['entries']>[0]) =>
      Promise.resolve([...journal.entries(query)].sort((a, b) => a.seq - b.seq)),
  };
  return { journal, remote: reading(client, journal.lastSeq) };
}

test.each([
  ['all', {}],
  ['the newest', { newest: true, limit: 1_700 }],
  ['a part', { fromSeq: 40, toSeq: 1_500 }],
  ['fills', { kinds: ['order_filled'], limit: 20 }],
])('an engine tells the same entries as its file: %s', async (_name, query) => {
  const { journal, remote } = both();
  const read = await remote.complete(() => [...remote.entries(query)]);
  expect(read.length).toBeGreaterThan(0);
  expect(encode(read)).toBe(encode([...journal.entries(query)]));
});

test('why something happened is told the same, entry by entry', async () => {
  const { journal, remote } = both();
  const closed = [...journal.entries({ kinds: ['position_closed'], newest: true, limit: 1 })][0]?.seq ?? 0;
  expect(closed).toBeGreaterThan(2_000);
  const chain = await remote.complete(() => chainOf(remote, closed));
  expect(encode(chain)).toBe(encode(chainOf(journal, closed)));
});

test('what the engine writes meanwhile does not move the end of what is read', async () => {
  const { remote } = both();
  const first = await remote.complete(() => [...remote.entries({ newest: true, limit: 1 })][0]?.seq);
  expect(first).toBe(remote.lastSeq);
});
