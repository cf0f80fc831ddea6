import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DatabaseSync } from 'node:sqlite';
import { money, price, qty } from '../src/core/base/decimal.ts';
import type { AnyEntry } from '../src/core/domain/entry.ts';
import { digests } from '../src/core/journal/digest.ts';
import { createMemoryJournal } from '../src/core/journal/memory.ts';
import { rowOf, type Row as Stored } from '../src/core/journal/row.ts';
import { MIGRATIONS } from '../src/core/journal/schema.ts';
import { openJournal } from '../src/core/journal/sqlite.ts';
import type { Row } from './row.ts';

/**
 * Rows a second into a journal (text, hash chain, mark) and into the same tables by node:sqlite alone, both with
 * `synchronous=FULL`, a slice of commits each by turns. `raw` makes the text of the bodies as the journal does; `ready`
 * has it made before. The kinds are those whose mark may wait a second; another line shows what an order's mark adds.
 */
export async function run(): Promise<Row[]> {
  const rows = [1, 100, 1_000].flatMap((size) => comparison(size));
  rows.push(memoryAppend(), digestCost());
  return rows;
}

const SLICES = 60;
/** Rows of a slice, by rows a commit. */
const SLICE: Readonly<Record<number, number>> = { 1: 20, 100: 500, 1000: 2_000 };

/** Takes rows; `commit` makes them durable. */
interface Target {
  readonly append: (entry: AnyEntry) => void;
  readonly commit: () => void;
  readonly close: () => void;
}

const TARGETS = { raw: () => createTable(rowOf), journal: createJournal, ready: createReady, marked: createJournal };
type Name = keyof typeof TARGETS;

function comparison(size: number): Row[] {
  const slice = SLICE[size] ?? size;
  const entries = entriesOf(slice * SLICES, 'order_accepted');
  // An order's mark follows each commit; of larger commits that is told by the first line already.
  const marked = entriesOf(slice * SLICES, 'order_intended');
  const names: Name[] = size === 1 ? ['raw', 'journal', 'ready', 'marked'] : ['raw', 'journal', 'ready'];
  const targets = names.map((name) => ({ name, target: TARGETS[name](), ms: [] as number[] }));
  for (let from = 0; from < entries.length; from += slice) {
    for (const { name, target, ms } of targets) {
      ms.push(timeSlice(target, (name === 'marked' ? marked : entries).slice(from, from + slice), size));
    }
  }
  for (const { target } of targets) target.close();
  // Sums, not medians: every eighth commit or so pays for a checkpoint, which is part of the rate.
  const msOf = (name: Name): number => sum(targets.find((each) => each.name === name)?.ms ?? []) / SLICES;
  const ratio = (name: Name): number => round(msOf(name) / msOf('journal'));
  const toRaw = ratio('raw');
  return [
    ...names.map((name) => ({
      name: `${name}: ${size} a commit`,
      value: Math.round((slice / msOf(name)) * 1e3),
      unit: 'rows/s',
    })),
    { name: `journal / raw, ${size} a commit`, value: toRaw, unit: 'x', limit: '>= 0.85', isGood: toRaw >= 0.85 },
    { name: `journal / ready, ${size} a commit`, value: ratio('ready'), unit: 'x' },
  ];
}

function timeSlice(target: Target, entries: readonly AnyEntry[], size: number): number {
  const startedAt = performance.now();
  for (let i = 0; i < entries.length; i += size) {
    for (let k = i; k < i + size; k++) target.append(entries[k] as AnyEntry);
    target.commit();
  }
  return performance.now() - startedAt;
}

function createJournal(): Target {
  const folder = scratch();
  const journal = openJournal(folder, { profile: 'bench', build: 'bench', clock: () => 0 });
  const close = (): void => {
    journal.close();
    rmSync(folder, { recursive: true });
  };
  return { append: (entry) => journal.append(entry), commit: () => journal.commit(), close };
}

/** A hash that costs nothing: the raw insert has the same columns. */
const NO_HASH = 'ab'.repeat(32);

/** The same tables, without journal. */
function createTable(toRow: (entry: AnyEntry) => Omit<Stored, 'hash'>): Target {
  const folder = scratch();
  const db = new DatabaseSync(join(folder, 'raw.db'));
  db.exec('PRAGMA journal_mode = WAL; PRAGMA synchronous = FULL;');
  for (const step of MIGRATIONS) db.exec(step);
  const insert = db.prepare('INSERT INTO entry VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)');
  const begin = db.prepare('BEGIN');
  const commit = db.prepare('COMMIT');
  return {
    append(entry) {
      if (!db.isTransaction) begin.run();
      const { seq, epoch, run: number, account, kind, v, at, cause, body } = toRow(entry);
      insert.run(seq, epoch, number, account, kind, v, at, cause, body, NO_HASH);
    },
    commit: () => commit.run(),
    close() {
      db.close();
      rmSync(folder, { recursive: true });
    },
  };
}

/** Rows are made once, before the clock runs. */
function createReady(): Target {
  const rows = entriesOf(1_000, 'order_accepted').map((entry) => rowOf(entry));
  return createTable((entry) => ({ ...(rows[entry.seq % 1_000] ?? rowOf(entry)), seq: entry.seq }));
}

const APPENDS = 1_300_000;

/** As many entries as a backtest of five years makes. */
function memoryAppend(): Row {
  const entries = entriesOf(1_000, 'order_accepted');
  const best = Math.min(
    ...times(5, () => {
      const journal = createMemoryJournal();
      const startedAt = performance.now();
      for (let i = 0; i < APPENDS; i++) journal.append(entries[i % 1_000] as AnyEntry);
      return performance.now() - startedAt;
    }),
  );
  const ns = round((best / APPENDS) * 1e6);
  return { name: 'memory journal: append', value: ns, unit: 'ns', limit: '<= 30', isGood: ns <= 30 };
}

function digestCost(): Row {
  const entries = entriesOf(50_000, 'order_accepted');
  const started = { ...entries[0], kind: 'run_started', seq: 0 } as AnyEntry;
  const best = Math.min(
    ...times(5, () => {
      const startedAt = performance.now();
      digests([started, ...entries]);
      return performance.now() - startedAt;
    }),
  );
  return { name: 'digest of a run', value: round((best / entries.length) * 1e3), unit: 'us/entry' };
}

/** A signal with its evidence, an order, its size, by turns: about 250 bytes of JSON on average. */
function entriesOf(count: number, order: 'order_accepted' | 'order_intended'): AnyEntry[] {
  return Array.from({ length: count }, (_, i) => {
    const address = { seq: i + 1, epoch: 1, run: 1 + (i % 3), account: 'main', v: 1, at: 1_746_346_440_000 + i * 500 };
    const cause = i % 3 === 0 ? `BTC/USDT:USDT close ${address.at}` : i;
    const [kind, body] = FACTS[i % FACTS.length] ?? ['order_accepted', {}];
    return { ...address, kind: kind === 'order' ? order : kind, cause, body } as unknown as AnyEntry;
  });
}

const SIZED = {
  order: 7,
  role: 'entry',
  type: 'market',
  side: 'buy',
  qty: qty('0.016'),
  reduceOnly: false,
  tif: 'ioc',
};
const FACTS: readonly (readonly [string, unknown])[] = [
  [
    'signal_raised',
    {
      ...{ side: 1, strength: 'strong', confidence: 1, candleAt: 1_746_346_440_000, close: 61_840.2 },
      votes: [{ name: 'cross', vote: 1, weight: 1 }],
      values: { fast: 61_840.25, slow: 61_839.5 },
    },
  ],
  ['order', { ...SIZED, reason: 'signal', size: { by: 'fraction', equity: money('10000'), entry: price('61840.2') } }],
  ['order_accepted', { order: 7 }],
  [
    'equity_marked',
    { high: money('10001.25'), low: money('9999.5'), equity: money('10000.5'), balance: money('10000') },
  ],
];

const scratch = (): string => mkdtempSync(join(tmpdir(), 'dzentra-bench-'));
const times = <T>(count: number, measure: () => T): T[] => Array.from({ length: count }, measure);
const round = (value: number): number => Math.round(value * 100) / 100;
const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);
