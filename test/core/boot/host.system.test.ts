import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, watch } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { expect, test } from 'vitest';
import { REFOLD } from '../../../src/core/boot/journal-state.ts';
import { type AnyEntry, encode } from '../../../src/core/domain/entry.ts';
import { contents } from '../../../src/core/journal/digest.ts';
import { readJournal } from '../../../src/core/journal/sqlite.ts';
import { verifyJournal } from '../../../src/core/journal/verify.ts';
import { createSyntheticFeed } from '../../../src/core/lab/host/synthetic.ts';
import { ROOT } from '../../support/checkout.ts';
import { FIRST_ASKS, handHost } from '../../support/host-play.ts';
import { scratchFolder } from '../../support/scratch.ts';

const KILLS = 15;

/** Starts the engine in a process of its own and kills it after so many entries, or so many changes of its files. */
async function startAndKill(home: string, by: 'lines' | 'writes', count: number): Promise<readonly string[]> {
  const folder = join(home, 'state/killed');
  const child = spawn(process.execPath, [join(ROOT, 'test/support/host-child.ts'), home, '20000'], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let writes = 0;
  const watcher =
    by === 'writes' && existsSync(folder)
      ? watch(folder, () => {
          if (++writes >= count) child.kill('SIGKILL');
        })
      : undefined;
  const exit = once(child, 'exit');
  const printed: string[] = [];
  for await (const line of createInterface({ input: child.stdout })) {
    printed.push(line);
    if (watcher === undefined && printed.length >= count) child.kill('SIGKILL');
  }
  watcher?.close();
  expect(await exit).toEqual([null, 'SIGKILL']);
  return printed;
}

function told(entries: Iterable<AnyEntry>): readonly string[][] {
  const runs: string[][] = [];
  for (const { nth, text } of contents(entries)) {
    runs[nth - 1] ??= [];
    runs[nth - 1]?.push(text);
  }
  return runs;
}

test(`kill -9 of an engine of four runs, ${KILLS} times: nothing that was printed is lost, and it goes on as if nothing had been`, async () => {
  const home = scratchFolder();
  const folder = join(home, 'state/killed');
  for (let kill = 0; kill < KILLS; kill++) {
    const printed = await startAndKill(home, kill % 2 === 0 ? 'lines' : 'writes', 3 + ((kill * 37) % 90));
    expect(verifyJournal(folder, REFOLD)).toMatchObject({ ok: true });
    const journal = readJournal(folder);
    const stored = new Set([...journal.entries()].map((entry) => encode(entry)));
    journal.close();
    // The kill may cut the last line in half.
    expect(printed.slice(0, -1).filter((line) => !stored.has(line))).toEqual([]);
  }
  const journal = readJournal(folder);
  const entries = [...journal.entries()];
  journal.close();
  const hand = handHost({ feed: createSyntheticFeed(7) });
  for (const ask of FIRST_ASKS) await hand.host.ask(ask, { who: 'test', face: 'cli' });
  await hand.pass((entries.at(-1)?.at ?? 0) - (hand.journal.all[0]?.at ?? 0) + 1);
  const whole = told(hand.journal.all);
  const killed = told(entries);
  expect(killed).toHaveLength(4);
  expect(killed.map((run) => run.length).reduce((sum, each) => sum + each)).toBeGreaterThan(500);
  const differs = killed.flatMap((run, i) =>
    run.flatMap((text, at) => (text === whole[i]?.[at] ? [] : [[i + 1, at, text, whole[i]?.[at]]])),
  );
  expect(differs).toEqual([]);
}, 300_000);
