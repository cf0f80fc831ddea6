import { expect, test } from 'vitest';
import { money } from '../../../../src/core/base/decimal.ts';
import type { AnyEntry } from '../../../../src/core/domain/entry.ts';
import { createMarker } from '../../../../src/core/lab/host/record.ts';

const entry = (kind: string, run: number, account: string, balance: string): AnyEntry =>
  ({ kind, run, account, at: run * 1_000, body: { balance: money(balance), equity: money(balance) } }) as never;

test('a close marks equity only when nothing else of its account is open: no false drawdown beside an open profit', () => {
  const markOf = createMarker();
  const told = [
    entry('account_opened', 0, 'main', '10000'),
    entry('position_opened', 1, 'main', '9999'),
    entry('position_opened', 2, 'main', '9998'),
    entry('position_opened', 3, 'second', '5000'),
    entry('position_closed', 1, 'main', '9990'),
    entry('equity_marked', 2, 'main', '10150'),
    entry('position_closed', 2, 'main', '10140'),
  ].map((each) => markOf(each)?.[1]);
  expect(told).toEqual([10_000, undefined, undefined, undefined, undefined, 10_150, 10_140]);
});
