import { expect, test } from 'vitest';
import { money, price, rate } from '../../../src/core/base/decimal.ts';
import { type AnyEntry, decode, encode } from '../../../src/core/domain/entry.ts';
import { restored, type State } from '../../../src/core/domain/state.ts';
import { createEngine } from '../../../src/core/engine/engine.ts';
import { riskModels } from '../../../src/core/engine/exposure.ts';
import type { OnUpgrade } from '../../../src/core/engine/upgrade.ts';
import { createScript } from '../../../src/core/lab/script.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { refold } from '../../support/engine-refold.ts';
import { BTC, engineScene } from '../../support/engine-scene.ts';

const flat = (at: number) => ({ open: at, high: at, low: at, close: at });

/** Three runs, one with a position and its stop, one that rests an entry and one that is paused; then a restart. */
function restarted(version: number, onUpgrade?: OnUpgrade) {
  const scene = engineScene();
  const hand = scene.start();
  hand.candle(flat(100));
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, stopPrice: price('95') });
  hand.candle(flat(100));
  const other = scene.start({ symbol: 'ETH/USDT:USDT' });
  other.candle(flat(100));
  scene.command({ name: 'enter', run: 2, sign: 1, noStop: false, limit: price('95') });
  other.candle(flat(100));
  scene.start({ symbol: 'SOL/USDT:USDT' });
  scene.command({ name: 'pause_run', run: 3 });
  const { engine, entries } = engineOn(refold(scene.entries), version);
  engine.startEpoch('next', undefined, onUpgrade);
  return { engine, entries, before: scene.entries };
}

function engineOn(known: State, version = 1) {
  const { definition } = createScript();
  const entries: AnyEntry[] = [];
  const engine = createEngine(
    {
      append: (entry) => entries.push(entry as AnyEntry),
      venue: (state) => new SimulatedVenue(state, riskModels),
      definitionOf: () => ({ ...definition, version }),
    },
    known,
    () => 60_000,
  );
  return { engine, entries };
}

test('a strategy of another version: on paper its runs pause, resume themselves, and say so once', () => {
  const { engine, entries, before } = restarted(2);
  const { runs } = engine.core.state;
  expect(entries.map(({ kind, run }) => `${run} ${kind}`)).toEqual([
    '0 epoch_started',
    '1 trading_paused',
    '1 trading_resumed',
    '2 trading_paused',
    '2 order_canceling',
    '2 trading_resumed',
  ]);
  expect(entries[2]?.body).toEqual({ reason: 'strategy_version', strategyVersion: 2 });
  expect(runs.map(({ state, strategyVersion, warmedUp }) => [state, strategyVersion, warmedUp])).toEqual([
    ['RUNNING', 2, false],
    ['RUNNING', 2, false],
    ['PAUSED', 1, runs[2]?.warmedUp],
  ]);
  expect(runs[0]?.position).toMatchObject({ protection: 'working', stopPrice: price('95') });
  expect(refold([...before, ...entries])).toEqual(engine.core.state);
});

test('a paused run takes the new version up when it is resumed by hand', () => {
  const { engine, entries } = restarted(2);
  engine.command(engine.core.now, { name: 'resume_run', run: 3 });
  expect(entries.findLast(({ kind }) => kind === 'trading_resumed')).toMatchObject({
    run: 3,
    body: { reason: 'asked', strategyVersion: 2 },
  });
  expect(engine.core.state.runs[2]).toMatchObject({ state: 'RUNNING', strategyVersion: 2 });
});

test('where money is real entries wait for a resume', () => {
  const { engine } = restarted(2, 'wait');
  expect(engine.core.state.runs.map(({ state, strategyVersion }) => [state, strategyVersion])).toEqual([
    ['PAUSED', 1],
    ['PAUSED', 1],
    ['PAUSED', 1],
  ]);
});

test('a strategy of the same version goes on without a word', () => {
  expect(restarted(1).entries.map(({ kind }) => kind)).toEqual(['epoch_started']);
});

test('a snapshot of version 5 knows no holdings: a settlement that is told late is paid by what is held', () => {
  const scene = engineScene();
  const hand = scene.start();
  hand.candle(flat(100));
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
  hand.candle(flat(100));
  const { holdings, ...run } = scene.run(1);
  const stored = { ...scene.engine.core.state, runs: [run] };
  const { engine, entries } = engineOn(restored(decode(encode(stored))));
  engine.input({ kind: 'mark', symbol: BTC, at: hand.now, price: 100 });
  engine.input({ kind: 'funding', symbol: BTC, at: hand.now, rate: rate('0.001'), settledAt: hand.now - 1 });
  expect(entries).toMatchObject([{ kind: 'funding_paid', body: { amount: money('-1'), closed: undefined } }]);
});
