import { expect, test } from 'vitest';
import { type Money, money, text } from '../../../src/core/base/decimal.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { performanceOf, subjectsOf } from '../../../src/core/view/performance.ts';
import { emptyUi, type Scene } from '../../../src/core/view/scene.ts';
import { analyticsScreen } from '../../../src/core/view/screen/analytics.ts';

const scene = fixture('drawdown');
const [account, run] = subjectsOf(scene).map((subject) => performanceOf(scene, subject));

test('an account earns what its equity says, and a run what its trades add up to', () => {
  const { startBalance } = scene.state.accounts[0] ?? { startBalance: money('0') };
  const sum = scene.trades.reduce((total, { body }) => total + body.pnl, 0n);
  expect(run?.summary.netProfit).toBe(text(sum));
  const equity = scene.accounts[0]?.equity ?? 0n;
  expect(account?.summary.netProfit).toBe(text(equity - startBalance));
  expect(run?.summary.trades).toBe(scene.trades.length);
});

test('fees, funding and time of an open position count, as in a backtest', () => {
  const open = fixture('long-in-profit');
  const subject = subjectsOf(open).find(({ of, key }) => of === 'run' && key === '1');
  const position = open.state.runs[0]?.position;
  if (subject === undefined || position === undefined) throw new Error('expected a run that holds a position');
  const { summary, trades } = performanceOf(open, subject);
  const closed = trades.reduce((total, { fees }) => total + fees, 0n);
  expect(position.fees).toBeGreaterThan(0n);
  expect(summary.fees).toBe(text(closed + position.fees));
  expect(summary.exposure).toBeGreaterThan(0);
});

test('the traded value holds what an open position has closed of itself', () => {
  const open = fixture('long-in-profit');
  const [held] = open.state.runs;
  if (held?.position === undefined) throw new Error('expected a run that holds a position');
  const volumeOf = (scene: Scene) => {
    const subject = subjectsOf(scene).find(({ of }) => of === 'run');
    if (subject === undefined) throw new Error('expected a run');
    return money(performanceOf(scene, subject).summary.volume as string);
  };
  const position = { ...held.position, closedCost: money('70'), closedValue: money('80') };
  const reduced = { ...open, state: { ...open.state, runs: [{ ...held, position }, ...open.state.runs.slice(1)] } };
  expect(text((volumeOf(reduced) - volumeOf(open)) as Money)).toBe('150');
});

test('the drawdown is the deepest fall of the marks', () => {
  const marks = scene.equity.main ?? [];
  let peak = 0;
  let deepest = 0;
  for (const [, value] of marks) {
    peak = Math.max(peak, value);
    deepest = Math.max(deepest, 1 - value / peak);
  }
  expect(account?.summary.maxDrawdown).toBeCloseTo(deepest, 12);
});

test('a deposit is no profit and no end of a drawdown', () => {
  const [before] = scene.state.accounts;
  const marks = scene.equity.main ?? [];
  const [last, value] = marks.at(-1) ?? [0, 0];
  if (before === undefined) throw new Error('expected an account');
  const paid = money('5000');
  const richer: Scene = {
    ...scene,
    state: { ...scene.state, accounts: [{ ...before, balance: (before.balance + paid) as Money, deposits: paid }] },
    accounts: scene.accounts.map((frame) => ({ ...frame, equity: (frame.equity + paid) as Money })),
    equity: { main: [...marks, [last + 1, value + 5_000, 5_000]] },
  };
  const [subject] = subjectsOf(richer);
  if (subject === undefined) throw new Error('expected an account');
  const { summary } = performanceOf(richer, subject);
  expect(summary.netProfit).toBe(account?.summary.netProfit);
  expect(summary.maxDrawdown).toBeCloseTo(account?.summary.maxDrawdown ?? 0, 12);
});

test('what cannot be told from so little is n/a and no zero', () => {
  const view = analyticsScreen.view(fixture('fresh'), emptyUi('analytics'));
  const cells = view.blocks.flatMap((block) => {
    if (block.kind === 'facts') return block.lines.flat().flatMap((fact) => fact.cells);
    return block.kind === 'table' ? block.rows.flatMap((row) => row.cells) : [];
  });
  const unknown = cells.filter(({ value }) => value === null);
  expect(unknown.length).toBeGreaterThan(10);
  for (const { text } of unknown) expect(text).toBe('n/a');
});

test('a picked run is measured in the place of its account', () => {
  const ui = { ...emptyUi('analytics'), picked: { subjects: '1' } };
  const titles = analyticsScreen.view(scene, ui).blocks.map(({ title }) => title);
  expect(titles).toContain('CLOSED TRADES  #1 BTC ema-cross');
});
