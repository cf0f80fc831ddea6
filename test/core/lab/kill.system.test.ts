import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { describe, expect, test } from 'vitest';
import { REFOLD } from '../../../src/core/boot/journal-state.ts';
import { type AnyEntry, encode } from '../../../src/core/domain/entry.ts';
import type { Run } from '../../../src/core/domain/run.ts';
import { emptyState, type State } from '../../../src/core/domain/state.ts';
import { evolve } from '../../../src/core/engine/evolve.ts';
import { contents, digests } from '../../../src/core/journal/digest.ts';
import { readJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { ROOT } from '../../support/checkout.ts';
import { CANDLES, hasCandles, NEEDS_CANDLES } from '../../support/engine-modes.ts';
import { scratchFolder } from '../../support/scratch.ts';

const FEED = join(CANDLES, 'binance-usdm-BTCUSDT-1m-20250504_20250603.csv.gz');
const OFF =
  'entries-day flips-day stop-cooldown stops-row stops-day costs-max reward-min day-block day-flatten week-halt';
const ARGS = [
  ...['auto', 'start', '--foreground', '--symbol', 'BTC/USDT:USDT', '--json'],
  ...['--strategy', 'ema-cross', '--size', '10%', '--sl', '1%', '--tp', '2%', '--max-loss', 'none', '--print', 'all'],
  ...OFF.split(' ').flatMap((limit) => [`--${limit}`, 'off']),
];
const KILLS = 50;

interface Started {
  readonly home: string;
  readonly profile: string;
  readonly feed: string;
  readonly speed: string;
}

/** The program as a user starts it, in folders of its own. */
function start({ home, profile, feed, speed }: Started) {
  const cache = join(home, 'cache');
  const folders = { XDG_STATE_HOME: home, XDG_CONFIG_HOME: home, XDG_DATA_HOME: home, XDG_CACHE_HOME: cache };
  const args = [join(ROOT, 'bin/dzentra.js'), ...ARGS, '--feed', feed, '--profile', profile, '--speed', speed];
  const env = { ...process.env, ...folders };
  const child = spawn(process.execPath, args, { env, stdio: ['ignore', 'pipe', 'pipe'] });
  let problem = '';
  child.stderr.on('data', (text: Buffer) => {
    problem += text.toString();
  });
  return { child, problem: () => problem };
}

/** When to kill: after so many printed entries, or after so many changes of files, which is anywhere in a commit. */
interface Moment {
  readonly by: 'lines' | 'writes';
  readonly count: number;
  readonly speed: string;
}

/** Seeded moments; at full speed a commit holds a thousand entries, so those are few. */
function* moments(seed: number): Generator<Moment> {
  let state = seed;
  const below = (most: number): number => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return Math.floor((state / 2 ** 32) * most);
  };
  for (let kill = 0; ; kill++) {
    const speed = kill % 10 === 9 ? 'max' : ['150000', '400000', '1000000'][below(3)];
    yield { by: kill > 0 && below(2) === 0 ? 'writes' : 'lines', count: 1 + below(120), speed: speed ?? 'max' };
  }
}

interface Killed {
  readonly acknowledged: readonly AnyEntry[];
  /** The run came to its end before the moment did. */
  readonly ended: boolean;
}

/** Starts, kills at the moment, and gives the entries that were printed until then. */
async function startAndKill(home: string, feed: string, moment: Moment, profile = 'killed'): Promise<Killed> {
  const { child, problem } = start({ home, profile, feed, speed: moment.speed });
  const folder = join(home, 'dzentra', profile);
  let writes = 0;
  const watcher = existsSync(folder)
    ? watch(folder, () => {
        writes++;
        if (moment.by === 'writes' && writes >= moment.count) child.kill('SIGKILL');
      })
    : undefined;
  const exit = once(child, 'exit');
  const acknowledged: AnyEntry[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    const entry = readRow(line);
    if (entry !== undefined) acknowledged.push(entry);
    if (moment.by === 'lines' && acknowledged.length >= moment.count) child.kill('SIGKILL');
  }
  const [code, signal] = (await exit) as [number | null, string | null];
  watcher?.close();
  if (signal !== 'SIGKILL' && code !== 0) throw new Error(`exit ${code}: ${problem()}`);
  return { acknowledged, ended: code === 0 };
}

/** A printed entry; the kill may cut a line in half. */
function readRow(line: string): AnyEntry | undefined {
  try {
    const row = JSON.parse(line) as AnyEntry | { schema: string };
    return 'seq' in row ? row : undefined;
  } catch {
    return undefined;
  }
}

/** What a journal holds after a kill: it verifies, and all that was printed is in it, as it was printed. */
function lookAt(folder: string, acknowledged: readonly AnyEntry[]): { lost: readonly number[]; state: State } {
  expect(verifyJournal(folder, REFOLD)).toMatchObject({ ok: true });
  const journal = readJournal(folder);
  expect(journal.lost).toBeUndefined();
  const differs = ({ seq, ...row }: AnyEntry): boolean => {
    const stored = journal.entry(seq);
    return stored === undefined || encode(stored) !== JSON.stringify({ seq, ...row });
  };
  const lost = acknowledged.filter(differs).map(({ seq }) => seq);
  const state = emptyState();
  for (const entry of journal.entries()) evolve(state, entry);
  journal.close();
  return { lost, state };
}

/** What must be there again after a restart. */
const heldBy = ({ run, position, signal, orders }: Run) => ({
  run,
  openedAt: position?.openedAt,
  stop: orders.find(({ role }) => role === 'stop')?.trigger,
  startedAt: signal.startedAt,
});

describe.skipIf(!hasCandles)(`kill -9 of a paper run${NEEDS_CANDLES}`, () => {
  test(`${KILLS} times: nothing that was printed is lost, and the end is that of an undisturbed run`, async () => {
    const home = scratchFolder();
    const folder = join(home, 'dzentra/killed');
    const held: ReturnType<typeof heldBy>[] = [];
    let [kills, printed] = [0, 0];
    for (const moment of moments(20_250_504)) {
      const { acknowledged, ended } = await startAndKill(home, `replay:${FEED}`, moment);
      if (ended) throw new Error(`the run ended after ${kills} kills: expected a longer one`);
      kills++;
      printed += acknowledged.length;
      if (!existsSync(join(folder, 'journal.db'))) continue;
      const { lost, state } = lookAt(folder, acknowledged);
      expect(lost, `after kill ${kills} by ${moment.count} ${moment.by} at ${moment.speed}`).toEqual([]);
      const [run] = state.runs;
      if (run?.position !== undefined) held.push(heldBy(run));
      if (kills === KILLS) break;
    }
    expect(printed).toBeGreaterThan(1_000);
    expect(held.length).toBeGreaterThan(10);
    await finish(home, 'killed');
    await finish(home, 'undisturbed');
    expect(digestOf(folder)).toEqual(digestOf(join(home, 'dzentra/undisturbed')));
    expectResumed(folder, held);
  }, 600_000);
});

test('kill -9 on the simulated market, which has no end: as far as it came, it is that of an undisturbed run', async () => {
  const home = scratchFolder();
  const feed = 'synthetic:7';
  let kills = 0;
  for (const moment of moments(7)) {
    if (kills++ === 15) break;
    const { acknowledged } = await startAndKill(home, feed, { ...moment, speed: '60000' });
    expect(lookAt(join(home, 'dzentra/killed'), acknowledged).lost).toEqual([]);
  }
  const killed = toldBy(join(home, 'dzentra/killed'));
  const enough = { by: 'lines', count: killed.length + 1_000, speed: 'max' } as const;
  await startAndKill(home, feed, enough, 'undisturbed');
  expect(killed.length).toBeGreaterThan(200);
  expect(killed).toEqual(toldBy(join(home, 'dzentra/undisturbed')).slice(0, killed.length));
}, 300_000);

/** The contents of the one run, as the digest takes them. */
function toldBy(folder: string): string[] {
  const journal = readJournal(folder);
  const told = [...contents(journal.entries())].map(({ text }) => text);
  journal.close();
  return told;
}

async function finish(home: string, profile: string): Promise<void> {
  const { child, problem } = start({ home, profile, feed: `replay:${FEED}`, speed: 'max' });
  child.stdout.resume();
  const [code] = (await once(child, 'exit')) as [number | null];
  if (code !== 0) throw new Error(`exit ${code}: ${problem()}`);
}

function digestOf(folder: string): unknown {
  const journal = readJournal(folder);
  const found = [...digests(journal.entries())];
  journal.close();
  expect(found).toHaveLength(1);
  return found;
}

/** Each position that was open at a kill ends as the same one of the same run, whose stop is moved by nothing. */
function expectResumed(folder: string, held: readonly ReturnType<typeof heldBy>[]): void {
  const journal = readJournal(folder);
  const entries = [...journal.entries()];
  journal.close();
  const epochs = entries.filter(({ kind }) => kind === 'epoch_started');
  expect(epochs.length).toBeGreaterThan(KILLS / 2);
  expect(entries.filter(({ kind }) => kind === 'run_started')).toHaveLength(1);
  const state = emptyState();
  const resumed = new Set<string>();
  for (const entry of entries) {
    evolve(state, entry);
    const [run] = state.runs;
    if (entry.kind === 'epoch_started' && run?.position !== undefined) resumed.add(encode(heldBy(run)));
  }
  expect(held.filter((each) => !resumed.has(encode(each)))).toEqual([]);
  const trades = new Set(entries.flatMap((entry) => (entry.kind === 'position_closed' ? [entry.body.entryAt] : [])));
  expect(held.filter(({ openedAt = 0 }) => !trades.has(openedAt))).toEqual([]);
}
