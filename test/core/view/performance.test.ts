import { expect, test } from 'vitest';
import { money, text } from '../../../src/core/base/decimal.ts';
import { fixture } from '../../../src/core/lab/fixture/fixture.ts';
import { performanceOf, subjectsOf } from '../../../src/core/view/performance.ts';
import { emptyUi } from '../../../src/core/view/scene.ts';
import { analyticsScreen } from '../../../src/core/view/screen/analytics.ts';
import { sparkline } from '../../../src/core/view/sparkline.ts';

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

test('what cannot be told from so little is n/a and no zero', () => {
  const view = analyticsScreen.view(fixture('fresh'), emptyUi('analytics'));
  const cells = view.blocks.flatMap((block) => (block.kind === 'table' ? block.rows.flatMap((row) => row.cells) : []));
  const unknown = cells.filter(({ value }) => value === null);
  expect(unknown.length).toBeGreaterThan(10);
  for (const { text } of unknown) expect(text).toBe('n/a');
});

test('a picked run is measured in the place of its account', () => {
  const ui = { ...emptyUi('analytics'), picked: { subjects: '1' } };
  const titles = analyticsScreen.view(scene, ui).blocks.map(({ title }) => title);
  expect(titles).toContain('CLOSED TRADES  #1 BTC ema-cross');
});

test.each([
  [[1, 2, 3], '\u2581\u2585\u2588'],
  [[5, 5, 5], '\u2584\u2584\u2584'],
  [[7], ''],
  [[Number.NaN, 1, 2], '\u2581\u2588'],
])('closes %j are drawn as %s', (values, drawn) => {
  expect(sparkline(values, 8)).toBe(drawn);
});
