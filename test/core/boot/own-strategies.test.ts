import { join } from 'node:path';
import { expect, test } from 'vitest';
import { pathsIn } from '../../support/engine-modes.ts';
import { BTC, done, ETH, machine, startOf, WHO } from '../../support/host-machine.ts';
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
