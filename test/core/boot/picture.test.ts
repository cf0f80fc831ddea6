import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { money } from '../../../src/core/base/decimal.ts';
import { openHost } from '../../../src/core/boot/host.ts';
import { foreground } from '../../../src/core/boot/paper.ts';
import { type Paths, profileFolder } from '../../../src/core/boot/paths.ts';
import { picture } from '../../../src/core/boot/picture.ts';
import { PAPER_COSTS } from '../../../src/core/command/run/costs.ts';
import { type AnyEntry, encode } from '../../../src/core/domain/entry.ts';
import { emptyState } from '../../../src/core/domain/state.ts';
import { evolve } from '../../../src/core/engine/evolve.ts';
import { readJournal } from '../../../src/core/journal/sqlite.ts';
import { DEFAULT_RISK } from '../../../src/core/risk/defaults.ts';
import { emptyUi, type Scene } from '../../../src/core/view/scene.ts';
import { viewOf } from '../../../src/core/view/screens.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { scratchFolder } from '../../support/scratch.ts';

const BTC = 'BTC/USDT:USDT';

const tapeOf = (paths: Paths, profile: string): string => {
  const folder = profileFolder(paths, profile);
  const name = readdirSync(folder).find((each) => /^tape-1\.zst$/.test(each));
  return join(folder, name ?? 'none');
};

function entriesOf(paths: Paths, profile: string): readonly AnyEntry[] {
  const journal = readJournal(profileFolder(paths, profile));
  try {
    return [...journal.entries()];
  } finally {
    journal.close();
  }
}

/** The state at the end of the instant of an entry, as its journal folds it. */
function folded(entries: readonly AnyEntry[], seq: number): string {
  const state = emptyState();
  const at = entries[seq - 1]?.at ?? 0;
  for (const entry of entries) if (entry.at <= at) evolve(state, entry);
  return encode(state);
}

function sceneOf(answer: Awaited<ReturnType<typeof picture>>): Scene {
  if ('exit' in answer) throw new Error(`${answer.code}: ${answer.expected}, found ${answer.found}`);
  return answer;
}

async function demo(paths: Paths): Promise<void> {
  let clock = 0;
  const stopping = new AbortController();
  const surroundings = {
    isDebugEnabled: false,
    clock: () => clock,
    wait(ms: number) {
      clock += ms;
      if (clock > 60_000) stopping.abort();
      return Promise.resolve();
    },
  };
  const opened = await openHost({ profile: 'demo', logLevel: 'silent' }, paths, surroundings);
  if (!('host' in opened)) throw new Error('expected an engine');
  await opened.run(stopping.signal);
  opened.close();
}

test('a tape of the engine shows position, prices and candles as they were at an entry', async () => {
  const paths = pathsIn(scratchFolder());
  await demo(paths);
  const entries = entriesOf(paths, 'demo');
  const opening = entries.findLast(({ kind }) => kind === 'position_opened')?.seq ?? 0;
  const scene = sceneOf(await picture({ tape: tapeOf(paths, 'demo'), at: opening }, paths));
  expect(encode(scene.state)).toBe(folded(entries, opening));
  expect(scene.now).toBe(entries[opening - 1]?.at);
  const [market] = scene.markets;
  expect(market?.mid).toBeGreaterThan(0);
  expect(scene.candles[BTC]?.at(-1)?.[0]).toBeLessThan(scene.now ?? 0);
  expect(JSON.stringify(viewOf(scene, emptyUi('auto')).blocks)).toContain('NET IF CLOSED NOW');
  const beyond = await picture({ tape: tapeOf(paths, 'demo'), at: entries.length + 1 }, paths);
  expect(beyond).toMatchObject({ code: 'NO_SUCH_ENTRY', exit: 3 });
});

test('a tape of a run in the foreground does the same', async () => {
  const paths = pathsIn(scratchFolder());
  const hooks = { signal: new AbortController().signal, progress: () => {}, onEntry: () => {} };
  const request = {
    strategy: 'ema-cross',
    params: {},
    symbol: BTC,
    timeframe: '15m',
    seed: 1,
    risk: DEFAULT_RISK,
    observe: false,
    balance: money('10000'),
    costs: PAPER_COSTS,
    instrument: {},
    source: { from: 'synthetic', seed: 1 },
    profile: 'one',
    speed: 'max',
    logLevel: 'silent',
    to: 1_704_067_200_000 + 5 * 86_400_000,
  } as const;
  expect(await foreground(request, hooks, paths)).toMatchObject({ interrupted: false });
  const entries = entriesOf(paths, 'one');
  const closing = entries.findLast(({ kind }) => kind === 'position_closed')?.seq ?? 0;
  const scene = sceneOf(await picture({ tape: tapeOf(paths, 'one'), at: closing }, paths));
  expect(encode(scene.state)).toBe(folded(entries, closing));
  expect(scene.trades.at(-1)?.seq).toBe(closing);
  expect(scene.markets[0]?.mid).toBeGreaterThan(0);
});

test('a tape that is not there is refused', async () => {
  const paths = pathsIn(scratchFolder());
  expect(await picture({ tape: join(paths.state, 'tape-1.zst') }, paths)).toMatchObject({ code: 'NO_TAPE', exit: 2 });
});
