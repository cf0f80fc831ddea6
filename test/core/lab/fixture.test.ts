import { describe, expect, test } from 'vitest';
import { encode } from '../../../src/core/domain/entry.ts';
import { emptyState } from '../../../src/core/domain/state.ts';
import { evolve } from '../../../src/core/engine/evolve.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { FIXTURE_NAMES } from '../../../src/core/lab/fixture/names.ts';
import { STATES } from '../../../src/core/lab/fixture/states.ts';
import { journalScene } from '../../../src/core/lab/picture/journal-scene.ts';
import type { Scene } from '../../../src/core/view/scene.ts';

const positions = ({ state }: Scene) => state.runs.flatMap(({ position }) => position ?? []);

/** What each name promises. */
const PROMISES: Readonly<Record<string, (scene: Scene) => boolean>> = {
  'no-engine': ({ link, system }) => link === 'none' && system === null,
  'first-run': (scene) => positions(scene).length === 1 && scene.feed === 'SIM x60',
  fresh: (scene) =>
    scene.state.runs[0]?.warmedUp === true && scene.trades.length === 0 && positions(scene).length === 0,
  'long-in-profit': (scene) => positions(scene)[0]?.sign === 1 && (scene.accounts[0]?.openPnl ?? 0n) > 0n,
  'short-in-loss': (scene) => positions(scene)[0]?.sign === -1 && (scene.accounts[0]?.openPnl ?? 0n) < 0n,
  flipped: ({ entries }) => entries.some(({ kind }) => kind === 'position_flipped'),
  'many-positions': (scene) => positions(scene).length >= 5 && scene.state.accounts.length === 2,
  'blocked-by-margin': ({ state }) => state.runs[0]?.lastDenial?.code === 'MARGIN_INSUFFICIENT',
  'stale-feed': (scene) => scene.system?.feed.state === 'stale' && positions(scene).length === 1,
  halted: (scene) => scene.state.accounts[0]?.safety === 'HALTED' && positions(scene).length === 0,
  drawdown: ({ trades, state }) =>
    trades.length > 50 && (state.accounts[0]?.balance ?? 0n) * 100n < (state.accounts[0]?.startBalance ?? 0n) * 95n,
  error: ({ state, system }) =>
    state.runs[0]?.orders.some(({ status }) => status === 'unknown') === true && system?.venue.state === 'down',
  sandbox: (scene) => scene.mode === 'DEBUG' && scene.isDebugEnabled && positions(scene).length === 1,
  'engine-lost': ({ link, linkAt }) => link === 'lost' && linkAt !== null,
  'exchange-live': ({ system, markets }) =>
    system?.exchange?.state === 'up' && markets.every(({ source, isSimulated }) => source === 'stream' && !isSimulated),
  'exchange-polling': ({ system, markets, entries }) =>
    system?.exchange?.state === 'degraded' &&
    markets.every(({ source }) => source === 'rest') &&
    markets.some(({ status }) => status === 'halted') &&
    entries.some(({ kind }) => kind === 'instrument_changed'),
  'exchange-stale': ({ system, now, markets }) =>
    system?.exchange?.offsetMs === null && (now ?? 0) - (markets[0]?.quoteAt ?? 0) > 47_000,
  'exchange-banned': ({ system }) =>
    system?.exchange?.state === 'banned' && (system.exchange.silentUntil ?? 0) - system.wallAt === 245_000,
  'venue-account': ({ venueAccount, state }) => venueAccount?.positions.length === 2 && state.accounts.length === 1,
};

describe.each(FIXTURE_NAMES)('the state %s', (name) => {
  test('is what its name says', () => {
    expect(PROMISES[name]?.(fixture(name))).toBe(true);
  });

  test('comes out the same each time', () => {
    expect(encode(STATES[name]())).toBe(encode(fixture(name)));
  });
});

test('an order whose stop was taken away gets a new one on its way', () => {
  const run = fixture('error').state.runs[0];
  expect(run?.orders.find(({ role }) => role === 'stop')?.status).toBe('intended');
  expect(run?.position?.protection).not.toBe('working');
});

test('market frames carry a price, a change of 24 h and candles of their own time frame', () => {
  const { markets, candles, now } = fixture('long-in-profit');
  for (const { symbol, mid, change, timeframeMs, forming, quoteAt } of markets) {
    expect(mid).toBeGreaterThan(0);
    expect(Math.abs(change ?? 1)).toBeLessThan(0.2);
    expect((now ?? 0) - (quoteAt ?? 0)).toBe(200);
    const rows = candles[symbol] ?? [];
    expect(rows.length).toBe(200);
    expect((rows[1]?.[0] ?? 0) - (rows[0]?.[0] ?? 0)).toBe(timeframeMs);
    expect(forming?.[0]).toBe((rows.at(-1)?.[0] ?? 0) + timeframeMs);
  }
});

test('a journal alone tells the state up to an entry, and knows no market', () => {
  const { entries } = fixture('flipped');
  const upTo = entries.find(({ kind }) => kind === 'position_opened')?.seq ?? 0;
  const scene = journalScene(
    entries.filter(({ seq }) => seq <= upTo),
    'demo',
  );
  const state = emptyState();
  for (const entry of entries.slice(0, upTo)) evolve(state, entry);
  expect(encode(scene.state)).toBe(encode(state));
  expect(scene.state.runs[0]?.position).toBeDefined();
  expect(scene.markets).toEqual([]);
  expect(scene.now).toBe(state.at);
  expect(journalScene([], 'demo').link).toBe('none');
});
