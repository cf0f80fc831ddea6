import { linkSync, readFileSync, truncateSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import type { StartRun } from '../../../src/core/domain/command.ts';
import { pathsIn } from '../../support/engine-modes.ts';
import { BTC, done, ETH, machine, replayed, startOf, WHO } from '../../support/host-machine.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

/** Votes what an expression of the candle says. */
const voting = (name: string, vote: string): string => `export default (kit) => kit.define({
  name: '${name}', version: 1, title: 'Own', about: 'Votes.', params: {},
  votes: () => [{ name: 'one', weight: 1, about: 'it' }], values: [], confirmations: () => 1,
  warmup: () => ({ bars: 1, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create: () => ({ close(bar, opinion) { opinion.votes[0] = ${vote}; } }),
});
`;

/** A machine with strategies in files: \`up\` and \`down\` have one name, \`down\` is also known by it. */
function own() {
  const paths = pathsIn(scratchFolder());
  const folder = scratchFolder();
  const files = { 'up.mjs': voting('same', '1'), 'down.mjs': voting('same', '-1') };
  writeFiles(folder, { ...files, 'writes.mjs': voting('writes', '(bar.close = bar.openAt = 1)') });
  writeFiles(folder, { 'reads.mjs': voting('reads', 'bar.close > 10 && bar.openAt > 10 ? 1 : -1') });
  writeFiles(join(paths.config, 'strategies'), { 'same.mjs': voting('same', '-1') });
  const file = (name: string): string => join(folder, `${name}.mjs`);
  return {
    ...machine(paths),
    folder,
    start: (name: string, symbol = BTC) => startOf(symbol, { strategy: file(name), params: {} }),
  };
}

const PROFILE = { profile: 'own', feed: 'synthetic:7', speed: 1_000 };
const STOP = { do: 'command', command: { name: 'stop_run', run: 1, position: 'keep' } } as const;

test.each([
  ['by its path', 'up', 1],
  ['by its name', 'same', -1],
])('a strategy of the user runs on several symbols, %s', async (_how, name, side) => {
  const { open, start } = own();
  const { host } = await open(PROFILE);
  for (const symbol of [BTC, ETH]) {
    done(await host.ask(name === 'up' ? start(name, symbol) : startOf(symbol, { strategy: name, params: {} }), WHO));
  }
  expect(host.scene().runs.map((run) => run.side)).toEqual([side, side]);
});

test('a start that is refused, or only tried, changes nothing of what another run trades after a restart', async () => {
  const { open, run, start } = own();
  const first = await open(PROFILE);
  done(await first.host.ask(start('up'), WHO));
  expect(await first.host.ask(start('down', ETH), WHO)).toMatchObject({ refused: { code: 'STRATEGY_NAME_TAKEN' } });
  await first.host.ask(start('down', ETH), { ...WHO, isDryRun: true });
  await run(first, 100);
  const second = await open(PROFILE);
  expect(second.host.scene().runs[0]?.side).toBe(1);
});

test('a start by name means the folder of strategies again, also after a restart', async () => {
  const { open, run, start } = own();
  const first = await open(PROFILE);
  done(await first.host.ask(start('up'), WHO));
  done(await first.host.ask(STOP, WHO));
  done(await first.host.ask(startOf(BTC, { strategy: 'same', params: {} }), WHO));
  expect(first.host.scene().runs[1]?.side).toBe(-1);
  await run(first, 100);
  const second = await open(PROFILE);
  expect(second.host.scene().runs[1]?.side).toBe(-1);
});

test('what a strategy writes into its candle reaches no other run', async () => {
  const { open, run, start } = own();
  const first = await open(PROFILE);
  done(await first.host.ask(start('writes'), WHO));
  const reads = start('reads');
  done(
    await first.host.ask(reads.do === 'start' ? { ...reads, start: { ...reads.start, observe: true } } : reads, WHO),
  );
  await run(first, 300);
  expect(first.host.scene().runs.map((each) => each.side)).toEqual([1, 1]);
});

describe('the file of a strategy that was edited', () => {
  const edited = () => {
    const machinery = own();
    const { folder, open } = machinery;
    const edit = (vote: string): void => writeFiles(folder, { 'up.mjs': voting('same', vote) });
    return { ...machinery, edit, begin: () => open(PROFILE) };
  };

  test('is read again by the next start, and refused beside a run that trades with the text from before', async () => {
    const { begin, edit, start } = edited();
    const { host } = await begin();
    done(await host.ask(start('up'), WHO));
    edit('-1');
    expect(await host.ask(start('up', ETH), WHO)).toMatchObject({ refused: { code: 'STRATEGY_EDITED' } });
    done(await host.ask(STOP, WHO));
    done(await host.ask(start('up', ETH), WHO));
    expect(host.scene().runs.map((each) => each.side)).toEqual([1, -1]);
    const texts = host.entries({ kinds: ['run_started'] }).map(({ body }) => (body as StartRun).strategySha256);
    expect(new Set(texts).size).toBe(2);
  });

  test('is named by a replay, which takes the text that traded alone', async () => {
    const { begin, edit, run, start, paths } = edited();
    const first = await begin();
    done(await first.host.ask(start('up'), WHO));
    await run(first, 300);
    expect(await replayed(paths, PROFILE.profile)).toMatchObject({ same: true });
    edit('-1');
    const named = { code: 'STRATEGY_DIFFERS', found: expect.stringContaining('up.mjs') };
    expect(await replayed(paths, PROFILE.profile)).toMatchObject(named);
    // The next epoch begins with the new text, and its tape says so.
    const second = await begin();
    const errors = (): string => JSON.stringify(second.host.scene().system?.errors);
    expect(errors()).toMatch(/run 1: \S*up\.mjs was edited since it traded; it goes on with the new text/);
    await run(second, 300);
    expect(await replayed(paths, PROFILE.profile)).toMatchObject({ same: true });
    const third = await begin();
    expect(third.host.scene().system?.errors).toEqual([]);
    await run(third, 300);
    edit('1');
    expect(await replayed(paths, PROFILE.profile)).toMatchObject(named);
  });

  test('that cannot be loaded any more is no loss for the replay of the epoch that began without it', async () => {
    const { begin, edit, run, start, paths } = edited();
    const first = await begin();
    done(await first.host.ask(start('up'), WHO));
    await run(first, 300);
    edit('1); }');
    const second = await begin();
    await run(second, 300);
    expect(second.host.scene().state.runs[0]?.state).toBe('PAUSED');
    edit('-1');
    expect(await replayed(paths, PROFILE.profile)).toMatchObject({ same: true });
  });
});

test('where strategies lie is written whole, and without it no other one of that name trades', async () => {
  const { open, run, start } = own();
  const first = await open(PROFILE);
  done(await first.host.ask(start('up'), WHO));
  const file = join(first.folder, 'strategies.json');
  const before = readFileSync(file, 'utf8');
  // A second name of the file keeps what was in it: a crash would, too.
  linkSync(file, `${file}.before`);
  done(await first.host.ask(start('writes', ETH), WHO));
  expect(readFileSync(`${file}.before`, 'utf8')).toBe(before);
  await run(first, 100);
  truncateSync(file, 20);
  const second = await open(PROFILE);
  await run(second, 300);
  expect(second.host.scene().state.runs.map(({ state }) => state)).toEqual(['PAUSED', 'PAUSED']);
});
