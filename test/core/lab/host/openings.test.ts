import { expect, test } from 'vitest';
import { emptyState } from '../../../../src/core/domain/state.ts';
import type { Core } from '../../../../src/core/engine/core.ts';
import type { HostFeed } from '../../../../src/core/lab/host/feed.ts';
import { createOpenings } from '../../../../src/core/lab/host/openings.ts';
import type { Source } from '../../../../src/core/lab/host/play.ts';

const MINUTE_MS = 60_000;
const BTC = 'BTC/USDT:USDT';
const ETH = 'ETH/USDT:USDT';

/** Openings of an exchange on which nothing runs. `refused` cannot be had, `slow` answers only once `answer` is called. */
function stage({ refused, slow }: { readonly refused?: string; readonly slow?: string } = {}) {
  const asked: string[] = [];
  const released: string[] = [];
  const at = { now: 0 };
  const { promise: answered, resolve: answer } = Promise.withResolvers<void>();
  const problem = { code: 'X', expected: 'x', found: 'x', fix: 'x' };
  const source = {
    async ensure(symbol: string) {
      asked.push(symbol);
      if (symbol === slow) await answered;
      return symbol === refused ? problem : undefined;
    },
    release: (symbol: string) => void released.push(symbol),
  } as Partial<Source> as Source;
  const core = { state: emptyState(), definitionOf: () => undefined } as Partial<Core> as Core;
  const openings = createOpenings(core, source, {} as HostFeed, () => at.now);
  const pass = async (ms: number, ...wanted: readonly string[]): Promise<void> => {
    for (const end = at.now + ms; at.now < end; at.now += 1_000) {
      openings.keep(wanted);
      await Promise.resolve();
    }
  };
  return { openings, asked, released, pass, answer };
}

test('a symbol stays open ten minutes after it was wanted last, and is asked for again by whoever comes later', async () => {
  const { asked, released, pass } = stage();
  await pass(5_000, BTC, ETH);
  await pass(10 * MINUTE_MS - 5_000, BTC);
  expect(released).toEqual([]);
  await pass(5_000, BTC, ETH);
  await pass(10 * MINUTE_MS + 5_000, BTC);
  expect(released).toEqual([ETH]);
  expect(asked).toEqual([BTC, ETH]);
  await pass(60 * MINUTE_MS, BTC, ETH);
  expect(asked).toEqual([BTC, ETH, ETH]);
  expect(released).toEqual([ETH]);
});

test('of many that nobody wants only the last ones stay', async () => {
  const { openings, released, pass } = stage();
  const all = Array.from({ length: 12 }, (_, i) => `C${i}/USDT:USDT`);
  for (const symbol of all) {
    await openings.ensure(symbol);
    await pass(2_000, BTC);
  }
  expect(released).toEqual(all.slice(0, 4));
});

test('what was asked for is not let go before its answer came, however long that takes', async () => {
  const { openings, released, pass, answer } = stage({ slow: ETH });
  const asked = openings.ensure(ETH, { warmupMs: 60 * MINUTE_MS, ofMids: false });
  await pass(30_000, BTC);
  expect(released).toEqual([]);
  answer();
  expect(await asked).toBeUndefined();
  await pass(9 * MINUTE_MS, BTC);
  expect(released).toEqual([]);
  await pass(2 * MINUTE_MS, BTC);
  expect(released).toEqual([ETH]);
});

test('what could not be had is asked for again only as long as it is wanted', async () => {
  const { asked, pass } = stage({ refused: ETH });
  await pass(25_000, ETH);
  expect(asked).toEqual([ETH, ETH, ETH]);
  await pass(60_000, BTC);
  expect(asked).toEqual([ETH, ETH, ETH, BTC]);
});
