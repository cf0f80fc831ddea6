import { describe, expect, test } from 'vitest';
import { money, type Price, price, qty, rate, text } from '../../../src/core/base/decimal.ts';
import { decode, encode } from '../../../src/core/domain/entry.ts';
import type { Draft, MarketFrame, Preview } from '../../../src/core/domain/frame.ts';
import { createEngine, riskModels } from '../../../src/core/engine/engine.ts';
import { accountFrames, askOf, draftRun, preview, recount, runFrames } from '../../../src/core/engine/frames.ts';
import { createStepper } from '../../../src/core/engine/stepper.ts';
import { createScript } from '../../../src/core/lab/script.ts';
import { SimulatedVenue } from '../../../src/core/venue/simulated/simulated.ts';
import { BTC, engineScene, FREE, type RunGiven, type Scene, START_AT, startRun } from '../../support/engine-scene.ts';

const flat = (at: number) => ({ open: at, high: at, low: at, close: at });
type EntryDraft = Extract<Draft, { readonly sign: 1 | -1 }>;
const draft = (given: Partial<EntryDraft> = {}): EntryDraft => ({
  type: 'market',
  sign: 1,
  size: { by: 'settings' },
  ...given,
});

function market(given: RunGiven = {}, costs = {}) {
  const scene = engineScene({ costs });
  const hand = scene.start(given);
  hand.candle(flat(100));
  const { core } = scene.engine;
  const look = (wanted: Draft): Preview => preview(core, scene.run(1), wanted);
  return { scene, hand, core, look };
}

describe('a preview', () => {
  test('tells what an entry would be, and changes nothing', () => {
    const { scene, core, look } = market({}, { takerRate: rate('0.001'), slippage: rate('0.01') });
    const before = encode(core.state);
    const written = scene.entries.length;
    expect(look(draft({ size: { by: 'qty', qty: qty('5') } }))).toMatchObject({
      ok: true,
      type: 'market',
      qty: qty('5'),
      price: price('100'),
      notional: money('500'),
      margin: money('250'),
      // 5 at 101 in, and 5 at 98 (99 less the slippage) out.
      fee: money('0.505'),
      feeOut: money('0.49'),
      stopPrice: price('99'),
      targetPrice: price('102'),
      mid: 100,
    });
    expect([encode(core.state), scene.entries.length]).toEqual([before, written]);
  });

  test.each([
    ['market', draft()],
    ['by notional', draft({ size: { by: 'notional', notional: money('333') } })],
    ['by risk', draft({ size: { by: 'risk', risk: rate('0.01') }, stopPrice: price('98.5') })],
    ['limit, leveraged', draft({ type: 'limit', limit: price('100'), leverage: rate('5'), targetPrice: price('104') })],
    ['short without a stop', draft({ sign: -1, noStop: true })],
  ])('is what the entry becomes: %s', (_name, wanted) => {
    const { scene, hand, look } = market();
    const seen = look(wanted);
    const { wishes, ...ask } = askOf(wanted);
    scene.command({ name: 'enter', run: 1, ...ask, ...wishes });
    hand.candle(flat(100));
    const { position, risk } = scene.run(1);
    expect(seen).toMatchObject({ ok: true, qty: position?.qty, risk: position?.risk, notional: position?.cost });
    expect(seen.ok && seen.stopPrice).toBe(position?.stopPrice);
    expect(seen.ok && seen.liquidation).toBe(riskModels.liquidationOf(scene.run(1)));
    expect(risk.leverage).toBe(rate('2'));
  });

  test.each([
    ['more than the margin covers', draft({ size: { by: 'qty', qty: qty('500') } }), 'MARGIN_INSUFFICIENT'],
    ['a stop above a long', draft({ stopPrice: price('103') }), 'STOP_WRONG_SIDE'],
    ['a limit without its price', draft({ type: 'limit' }), 'LIMIT_MISSING'],
    ['a stop of nothing', { type: 'stop', stopPrice: price('90') } as const, 'NO_POSITION'],
  ])('says why not, and what to do: %s', (_name, wanted, code) => {
    const seen = market().look(wanted);
    expect(seen).toMatchObject({ ok: false, code });
    expect(seen.ok ? '' : seen.fix).not.toBe('');
  });

  test('of a stop that moves tells what would be lost there', () => {
    const { scene, hand, look } = market();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle(flat(100));
    expect(look({ type: 'stop', stopPrice: price('97') })).toMatchObject({
      ok: true,
      risk: money('30'),
      riskShare: 0.003,
    });
    expect(look({ type: 'stop', stopPrice: price('101') })).toMatchObject({ ok: false, code: 'STOP_WRONG_SIDE' });
    expect(look({ type: 'target', targetPrice: price('99') })).toMatchObject({ ok: false, code: 'TARGET_WRONG_SIDE' });
  });

  test('of the other side of an open position is the open leg of a flip', () => {
    const { scene, hand, look } = market();
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false, size: { by: 'fraction', fraction: rate('1.5') } });
    hand.candle(flat(100));
    const wanted = draft({ sign: -1, size: { by: 'qty', qty: qty('120') } });
    expect(look(draft())).toMatchObject({ ok: false, code: 'POSITION_OPEN' });
    expect(look(wanted)).toMatchObject({ ok: true, qty: qty('120'), closes: { qty: qty('150'), fee: money('0') } });
    expect(look({ ...wanted, sign: 1 })).not.toHaveProperty('closes');
    expect(look({ ...wanted, type: 'limit', limit: price('101') })).toMatchObject({ ok: false, code: 'POSITION_OPEN' });
    scene.command({ name: 'enter', run: 1, sign: -1, noStop: false, size: wanted.size });
    hand.candle(flat(100));
    expect(scene.run(1).position).toMatchObject({ sign: -1, qty: qty('120') });
  });

  test('works before the manual run has begun', () => {
    const { core } = market({ observe: true });
    const run = draftRun(core, startRun({ strategy: 'manual' }, 60_000));
    expect(preview(core, run, draft())).toMatchObject({ ok: true, qty: qty('10') });
    expect(core.state.runs).toHaveLength(1);
  });
});

describe('the frame of a run', () => {
  const frameOf = (scene: Scene) => {
    const [frame] = runFrames(scene.engine.core);
    if (frame === undefined) throw new Error('no frame');
    return frame;
  };

  test('has the next entry while it is flat, and none while it holds', () => {
    const { scene, hand } = market();
    expect(frameOf(scene)).toMatchObject({
      side: 0,
      bars: 1,
      nextCloseAt: START_AT + 120_000,
      next: { ok: true, sign: 1 },
    });
    scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
    hand.candle(flat(100));
    expect(frameOf(scene).next).toBeNull();
  });

  test('survives being sent as text', () => {
    const { scene } = market();
    const frames = runFrames(scene.engine.core);
    expect(decode(encode(frames))).toEqual(frames);
  });

  test('of a run that only observes says so instead of an entry', () => {
    expect(frameOf(market({ observe: true }).scene).next).toMatchObject({ ok: false, code: 'RUN_PAUSED' });
  });
});

test('the funnel counts from the day on, and again from the journal after a restart', () => {
  const script = createScript();
  const entries: Scene['entries'] = [];
  const engine = createEngine(
    {
      append: (entry) => entries.push(entry as Scene['entries'][number]),
      venue: (state) => new SimulatedVenue(state, riskModels),
      definitionOf: () => script.definition,
    },
    undefined,
    () => 60_000,
  );
  engine.core.now = START_AT;
  const balance = money('10000');
  engine.command(START_AT, { name: 'open_account', account: 'paper', asset: 'USDT', balance, costs: FREE });
  engine.command(START_AT, startRun({ risk: { limits: { entriesDayMax: 1 } } }, 60_000));
  const hand = createStepper(engine, BTC, 60_000);
  const vote = (side: -1 | 0 | 1) => {
    script.vote(side);
    hand.candle(flat(100));
  };
  for (const side of [0, 1, 1, 0, -1, 0, 0] as const) vote(side);
  const { core } = engine;
  const counted = runFrames(core)[0]?.funnel;
  expect(counted).toEqual({ closes: 7, candidates: 2, ready: 2, denied: 1, orders: 1 });
  const held = core.market.runs[0];
  Object.assign(held?.funnel ?? {}, { candidates: 0, ready: 0, denied: 0, orders: 0 });
  recount(core, entries);
  expect(runFrames(core)[0]?.funnel).toEqual(counted);
  hand.pass(24 * 3_600_000);
  vote(0);
  expect(runFrames(core)[0]?.funnel).toEqual({ closes: 1, candidates: 0, ready: 0, denied: 0, orders: 0 });
});

test('the frame of an account sums what it has at stake', () => {
  const { scene, hand, core } = market({ risk: { limits: { reservedAccount: rate('0.5'), heat: rate('0.02') } } });
  scene.command({ name: 'enter', run: 1, sign: 1, noStop: false });
  hand.candle({ open: 100, high: 101, low: 100, close: 101 });
  const [frame] = accountFrames(core);
  const shown = Object.fromEntries(
    Object.entries(frame ?? {}).map(([name, value]) => [
      name,
      typeof value === 'bigint' ? text(value as Price) : value,
    ]),
  );
  expect(shown).toEqual({
    account: 'paper',
    equity: '10010',
    openPnl: '10',
    reserved: '500',
    reservedMax: '5005',
    heat: '10',
    heatMax: '200.2',
    positions: 1,
    dayPnl: '10',
    weekPnl: '10',
  });
  // Beside a younger mark it is worth what that says.
  const symbol = core.state.runs[0]?.symbol;
  const openAt = (seen: Partial<MarketFrame>) =>
    accountFrames(core, [{ symbol, mark: null, mid: null, ...seen } as MarketFrame])[0]?.openPnl;
  expect([openAt({ mark: 103 }), openAt({ mid: 104 }), openAt({})]).toEqual([money('30'), money('40'), money('10')]);
});
