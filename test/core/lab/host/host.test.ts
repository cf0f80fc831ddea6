import { expect, test } from 'vitest';
import { createSyntheticFeed } from '../../../../src/core/lab/host/synthetic.ts';
import { FIRST_ASKS, handHost } from '../../../support/host-play.ts';

test('a position handed to run 0 goes to the manual run of its symbol, which begins for it', async () => {
  const { host, pass } = handHost({ feed: createSyntheticFeed(7) });
  const [start] = FIRST_ASKS;
  if (start === undefined) throw new TypeError('expected a first ask');
  await host.ask(start, { who: 'test', face: 'cli' });
  const { state } = host.scene();
  for (let at = 600_000; state.runs[0]?.position?.protection !== 'working'; at += 600_000) await pass(at);
  const held = state.runs[0].position;
  const over = { do: 'command', command: { name: 'hand_over', run: 1, to: 0 } } as const;
  expect(await host.ask(over, { who: 'test', face: 'cli', isDryRun: true })).toMatchObject({ ok: true });
  expect(state.runs).toHaveLength(1);
  expect(await host.ask(over, { who: 'test', face: 'cli' })).toMatchObject({ ok: true });
  expect(state.runs[0].position).toBeUndefined();
  expect(state.runs[1]).toMatchObject({ strategy: 'manual', position: { sign: held.sign, qty: held.qty } });
});

test('a commit that fails is the last: nobody is answered from what is not durable, and the engine ends by it', async () => {
  const { host, journal, pass } = handHost({ feed: createSyntheticFeed(7) });
  const full = new Error('database or disk is full');
  const [start] = FIRST_ASKS;
  if (start === undefined) throw new TypeError('expected a first ask');
  let fails = 0;
  // In memory nothing waits to be durable: this is what each commit comes to.
  const keepMark = (): void => {
    if (fails++ === 0) throw full;
  };
  Object.assign(journal, { keepMark });
  const asking = { who: 'test', face: 'cli' };
  await expect(host.ask(start, asking)).rejects.toBe(full);
  const last = journal.lastSeq;
  await expect(host.ask(start, asking)).rejects.toBe(full);
  await expect(pass(60_000)).rejects.toBe(full);
  expect(journal.lastSeq).toBe(last);
});
