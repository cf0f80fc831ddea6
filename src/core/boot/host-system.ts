import { statSync } from 'node:fs';
import type { ExchangeFrame, SystemFrame } from '../domain/frame.ts';
import type { PaperJournal } from '../lab/paper.ts';
import { BUILD } from './build.ts';

const COMMITS = 512;
const ERRORS_MAX = 20;
/** The share of a core is told of windows of at least so long. */
const WINDOW_MS = 1_000;
const DATABASE_MS = 5_000;

/** What is known of the process and its journal file. */
export interface Meter {
  /** The same journal; its commits are timed. */
  timed(journal: PaperJournal): PaperJournal;
  /** Something went wrong, in a sentence. */
  note(text: string): void;
  frame(feed: SystemFrame['feed'], lastSeq: number, exchange?: ExchangeFrame): SystemFrame;
}

export interface MeterOptions {
  readonly file: string;
  readonly isShort: boolean;
  readonly clock: () => number;
  /** Milliseconds of the wall clock. */
  readonly now: () => number;
}

export function createMeter({ file, isShort, clock, now }: MeterOptions): Meter {
  const startedAt = now();
  const commits = new Float64Array(COMMITS);
  let committed = 0;
  let errors: SystemFrame['errors'] = [];
  let cpu = { at: clock(), used: process.cpuUsage(), share: null as number | null };
  let database = { at: Number.NEGATIVE_INFINITY, bytes: 0 };
  const shareOfCore = (): number | null => {
    const at = clock();
    if (at - cpu.at < WINDOW_MS) return cpu.share;
    const { user, system } = process.cpuUsage(cpu.used);
    cpu = { at, used: process.cpuUsage(), share: (user + system) / 1_000 / (at - cpu.at) };
    return cpu.share;
  };
  const bytes = (): number => {
    if (clock() - database.at >= DATABASE_MS) database = { at: clock(), bytes: sizeOf(file) + sizeOf(`${file}-wal`) };
    return database.bytes;
  };
  const percentile = (share: number): number | null => {
    const sorted = commits.slice(0, Math.min(committed, COMMITS)).sort();
    return sorted[Math.floor(share * (sorted.length - 1))] ?? null;
  };
  return {
    timed: (journal) =>
      timedJournal(journal, clock, (ms) => {
        commits[committed++ % COMMITS] = ms;
      }),
    note(text) {
      const known = errors.find((each) => each.text === text);
      const others = errors.filter((each) => each !== known);
      errors = [{ at: now(), text, count: (known?.count ?? 0) + 1 }, ...others].slice(0, ERRORS_MAX);
    },
    frame: (feed, lastSeq, exchange) => ({
      version: BUILD,
      build: BUILD,
      node: process.versions.node,
      pid: process.pid,
      startedAt,
      wallAt: now(),
      memoryBytes: process.memoryUsage.rss(),
      cpuShare: shareOfCore(),
      feed,
      venue: { name: 'simulated', state: 'up', latencyMs: null },
      database: { file, bytes: bytes(), lastSeq, commitMsP50: percentile(0.5), commitMsP99: percentile(0.99), isShort },
      clockOffsetMs: exchange?.offsetMs ?? null,
      exchange,
      clients: [],
      errors,
    }),
  };
}

const sizeOf = (file: string): number => statSync(file, { throwIfNoEntry: false })?.size ?? 0;

function timedJournal(journal: PaperJournal, clock: () => number, took: (ms: number) => void): PaperJournal {
  return {
    get lastSeq() {
      return journal.lastSeq;
    },
    get waiting() {
      return journal.waiting;
    },
    get isSnapshotDue() {
      return journal.isSnapshotDue;
    },
    append: (entry) => journal.append(entry),
    entry: (seq) => journal.entry(seq),
    hashOf: (seq) => journal.hashOf?.(seq),
    entries: (query) => journal.entries(query),
    commit() {
      if (journal.waiting === 0) return journal.commit();
      const from = clock();
      journal.commit();
      took(clock() - from);
    },
    keepMark: () => journal.keepMark(),
    saveSnapshot: (seq, state) => journal.saveSnapshot(seq, state),
    close: () => journal.close(),
  };
}
