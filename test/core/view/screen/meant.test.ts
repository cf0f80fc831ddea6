import { expect, test } from 'vitest';
import { fixture } from '../../../../src/core/lab/fixture/fixture.ts';
import { emptyUi, type Ui } from '../../../../src/core/view/scene.ts';
import { ordersScreen } from '../../../../src/core/view/screen/orders.ts';
import { portfolioScreen } from '../../../../src/core/view/screen/portfolio.ts';

const scene = fixture('many-positions');
const holders = scene.state.runs.filter(({ position }) => position !== undefined);
const [first, second] = holders.map(({ run }) => `${run}`);

/** What a key would do: the run or order that its command names; undefined where it cannot be taken. */
function meant(screen: typeof portfolioScreen, id: string, given: Partial<Ui>): string | undefined {
  const action = screen.view(scene, { ...emptyUi(screen.id), ...given }).actions.find((each) => each.id === id);
  if (action?.disabled !== undefined || action?.link.to !== 'command') return undefined;
  return action.link.words.slice(2).join(' ');
}

test('a close is of the position that is marked, else of the run in view, and of no other', () => {
  expect(first).not.toBe(second);
  const close = (picked: Record<string, string>, run?: number) =>
    meant(portfolioScreen, 'close', { picked, ...(run === undefined ? {} : { run }) });
  expect(close({ positions: second as string })).toBe(`--run ${second}`);
  expect(close({}, Number(second))).toBe(`--run ${second}`);
  // It was closed while one decided.
  expect(close({ positions: '99' }, Number(second))).toBeUndefined();
});

test('a cancel is of the order that is marked, and of no other', () => {
  const orders = scene.state.runs.flatMap((run) => run.orders.map(({ order }) => `${run.run}:${order}`));
  expect(orders.length).toBeGreaterThan(1);
  expect(meant(ordersScreen, 'cancel', {})).toBeUndefined();
  expect(meant(ordersScreen, 'cancel', { picked: { orders: 'gone' } })).toBeUndefined();
});

test('flatten stops the run, as on every screen', () => {
  expect(meant(ordersScreen, 'flatten', { run: Number(second) })).toBe(`--run ${second} --flatten`);
});
