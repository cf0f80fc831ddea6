import { money } from '../../src/core/base/decimal.ts';
import { foreground } from '../../src/core/boot/paper.ts';
import { type Paths, profileFolder } from '../../src/core/boot/paths.ts';
import type { ForegroundReport } from '../../src/core/command/ports.ts';
import { PAPER_COSTS } from '../../src/core/command/run/costs.ts';
import type { AnyEntry } from '../../src/core/domain/entry.ts';
import { readJournal } from '../../src/core/journal/sqlite.ts';
import type { StoredJournal } from '../../src/core/journal/stored.ts';
import { DEFAULT_RISK } from '../../src/core/risk/defaults.ts';

export const HOOKS = { signal: new AbortController().signal, progress: () => {} };
export const WHERE = { in: 'profile', profile: 'p' } as const;
/** A run in the foreground up to an instant; the same profile again goes on from there. */
export async function runTo(paths: Paths, to: number, onEntry = (_entry: AnyEntry) => {}): Promise<ForegroundReport> {
  const request = {
    strategy: 'ema-cross',
    params: {},
    symbol: 'BTC/USDT:USDT',
    timeframe: '1h',
    seed: 1,
    risk: DEFAULT_RISK,
    observe: false,
    balance: money('10000'),
    costs: PAPER_COSTS,
    instrument: {},
    source: { from: 'synthetic', seed: 1 },
    profile: 'p',
    speed: 'max',
    logLevel: 'silent',
    to,
  } as const;
  const report = await foreground(request, { ...HOOKS, onEntry }, paths);
  if ('exit' in report) throw new Error(`${report.code}: ${report.expected}, found ${report.found}`);
  return report;
}

/** Reads the journal of the profile. */
export function read<T>(paths: Paths, use: (journal: StoredJournal) => T): T {
  const journal = readJournal(profileFolder(paths, 'p'));
  try {
    return use(journal);
  } finally {
    journal.close();
  }
}
