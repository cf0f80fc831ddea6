import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { createInterface } from 'node:readline';
import { setImmediate as turn } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { describe, expect, test } from 'vitest';
import { lockForReading } from '../../../src/core/journal/lock.ts';
import { openJournal, readJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { scratchFolder } from '../../support/scratch.ts';
import { Scribe } from './facts.ts';
import { options, refusalOf } from './folders.ts';

const LOCKER = fileURLToPath(new URL('../../support/lock-child.ts', import.meta.url));
const WRITER = fileURLToPath(new URL('./writer.ts', import.meta.url));

function start(folder: string): ChildProcess {
  return spawn(process.execPath, [WRITER, folder], { stdio: ['ignore', 'pipe', 'inherit'] });
}

/** Kills a writer once it has acknowledged `acks` commits; gives the last seq that it acknowledged. */
async function killAfter(writer: ChildProcess, acks: number): Promise<number> {
  if (writer.stdout === null) throw new Error('expected a pipe');
  let lines = 0;
  let last = 0;
  for await (const line of createInterface({ input: writer.stdout })) {
    last = Number(line);
    lines += 1;
    if (lines === acks) writer.kill('SIGKILL');
  }
  return last;
}

describe('a lock that comes and goes', () => {
  test('is held or free to whoever looks, also in the instant in which its holder leaves', async () => {
    const folder = scratchFolder();
    const child = spawn(process.execPath, [LOCKER, folder, '4000'], { stdio: 'inherit' });
    const seen = { free: 0, held: 0 };
    while (child.exitCode === null) {
      for (let look = 0; look < 500; look++) {
        try {
          lockForReading(folder, 0).release();
          seen.free++;
        } catch (problem) {
          expect(problem).toMatchObject({ code: 'IN_USE' });
          seen.held++;
        }
      }
      await turn();
    }
    expect(child.exitCode).toBe(0);
    expect(Math.min(seen.free, seen.held)).toBeGreaterThan(0);
  });
});

describe('kill -9', () => {
  test('loses nothing that was acknowledged, 20 times over', async () => {
    const folder = scratchFolder();
    let seed = 7;
    for (let kill = 0; kill < 20; kill++) {
      seed = (Math.imul(seed, 1_664_525) + 1_013_904_223) >>> 0;
      const acknowledged = await killAfter(start(folder), 1 + (seed % 60));
      expect(acknowledged).toBeGreaterThan(0);
      const journal = readJournal(folder);
      expect(journal.lost).toBeUndefined();
      expect(journal.lastSeq).toBeGreaterThanOrEqual(acknowledged);
      journal.close();
      expect(verifyJournal(folder)).toMatchObject({ ok: true });
    }
    const journal = readJournal(folder);
    expect(journal.segments.length).toBeGreaterThan(2);
    journal.close();
  });

  test('frees the lock, which a stopped process keeps', async () => {
    const folder = scratchFolder();
    const writer = start(folder);
    if (writer.stdout === null) throw new Error('expected a pipe');
    await once(writer.stdout, 'data');
    writer.kill('SIGSTOP');
    for (const open of [() => openJournal(folder, options()), () => readJournal(folder, { lockWaitMs: 0 })]) {
      expect(refusalOf(open)).toMatchObject({ code: 'IN_USE', pid: writer.pid, found: `in use by pid ${writer.pid}` });
    }
    writer.stdout.resume();
    writer.kill('SIGKILL');
    await once(writer, 'exit');
    const journal = openJournal(folder, options({ profile: 'test' }));
    expect(journal.lost).toBeUndefined();
    journal.close();
  });
});

test('the newest 50 of a million entries come within 50 ms, by any index', () => {
  const journal = openJournal(scratchFolder(), options({ rowsMax: 2_000_000 }));
  const scribe = new Scribe(journal);
  scribe.start(1, 'BTC/USDT:USDT');
  scribe.start(2, 'ETH/USDT:USDT');
  scribe.write(2, 'halted', { reason: 'rare' });
  while (journal.lastSeq < 1_000_000) {
    for (let i = 0; i < 100; i++) scribe.trade(1 + (i % 2));
    journal.commit();
  }
  const half = journal.entry(500_000)?.at ?? 0;
  const queries = {
    newest: {},
    'one kind': { kinds: ['position_closed'] },
    'a rare kind': { kinds: ['halted'] },
    'three kinds': { kinds: ['order_filled', 'position_opened', 'halted'] },
    'a run': { run: 2 },
    'a kind of a symbol': { symbol: 'ETH/USDT:USDT', kinds: ['signal_raised'] },
    'before an instant': { toAt: half },
  };
  const times = Object.entries(queries).map(([name, query]) => {
    // The best of some: others use the machine, too, and a query that looks at all rows is slow each time.
    let best = Number.POSITIVE_INFINITY;
    for (let turn = 0; turn < 10; turn++) {
      const startedAt = performance.now();
      const found = [...journal.entries({ ...query, newest: true, limit: 50 })];
      best = Math.min(best, performance.now() - startedAt);
      expect(found).toHaveLength(name === 'a rare kind' ? 1 : 50);
    }
    return { name, ms: Math.round(best * 10) / 10 };
  });
  console.info(times.map(({ name, ms }) => `${name} ${ms} ms`).join(', '));
  expect(times.filter(({ ms }) => ms >= 50)).toEqual([]);
  journal.close();
});
