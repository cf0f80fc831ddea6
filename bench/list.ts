import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync } from 'node:fs';
import { join, resolve } from 'node:path';
import type { AnyEntry } from '../src/core/domain/entry.ts';
import { openJournal } from '../src/core/journal/sqlite.ts';
import { CACHE } from './reference.ts';
import { type Row, round } from './row.ts';

const ENTRIES = 1_000_000;
const LAUNCHER = resolve(import.meta.dirname, '../bin/dzentra.js');

/** `dzentra journal list` on a journal of a million entries, as a whole process. */
export async function run(): Promise<Row[]> {
  const folder = journalOf(ENTRIES);
  const best = Math.min(...Array.from({ length: 5 }, () => timeOf(['journal', 'list', '--dir', folder])));
  const limit = '< 0.3';
  return [
    {
      name: 'journal list, 1,000,000 entries',
      value: round(best / 1e3),
      unit: 's, best of 5',
      limit,
      isGood: best < 300,
    },
  ];
}

function timeOf(args: readonly string[]): number {
  const from = performance.now();
  const { status, stderr } = spawnSync(process.execPath, [LAUNCHER, ...args], { stdio: ['ignore', 'ignore', 'pipe'] });
  if (status !== 0) throw new Error(`expected exit 0 of ${args.join(' ')}, found ${status}: ${String(stderr)}`);
  return performance.now() - from;
}

/** Made once: it takes some seconds. */
function journalOf(count: number): string {
  const folder = join(CACHE, `journal-${count}`);
  if (existsSync(join(folder, 'done'))) return folder;
  mkdirSync(CACHE, { recursive: true });
  const journal = openJournal(folder, { profile: 'bench', build: 'bench', clock: () => performance.now() });
  for (let seq = journal.lastSeq + 1; seq <= count; seq++) {
    const address = {
      seq,
      epoch: 1,
      run: 1,
      account: 'paper',
      v: 1,
      at: 1_746_346_440_000 + seq * 1_000,
      cause: seq - 1,
    };
    journal.append({ ...address, kind: 'order_accepted', body: { order: seq } } as AnyEntry);
    if (seq % 10_000 === 0) journal.commit();
  }
  journal.close();
  mkdirSync(join(folder, 'done'), { recursive: true });
  return folder;
}
