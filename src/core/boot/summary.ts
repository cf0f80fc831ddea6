import { text } from '../base/decimal.ts';
import { count } from '../command/telling/words.ts';
import { equityOf } from '../engine/core.ts';
import type { Engine } from '../engine/engine.ts';
import type { PreparedRun } from './run.ts';

/** How a paper run stands, in sentences. */
export function summaryLines(engine: Engine, prepared: PreparedRun, end: 'ended' | 'stopped'): readonly string[] {
  const { state } = engine.core;
  const [account] = state.accounts;
  const run = state.runs.at(-1);
  if (account === undefined || run === undefined) return ['nothing was traded'];
  const { definition } = prepared;
  const warm = definition.warmup(run.params);
  const held = run.position;
  const lines = [
    `${definition.title} on ${run.symbol}: ${end === 'ended' ? 'the feed ended' : 'stopped'}, ${count(run.trades, 'trade')} closed`,
    `warm-up: ${count(warm.bars, 'candle')}${warm.higherBars > 0 ? ` and ${warm.higherBars} of the higher time frame` : ''}, ${run.warmedUp ? 'done' : 'not done yet'}`,
    `balance ${text(account.balance)} ${account.asset}, equity ${text(equityOf(engine.core, account))}, fees ${text(run.fees)}, funding ${text(run.funding)}`,
  ];
  lines.push(
    held === undefined
      ? 'flat'
      : `${held.sign === 1 ? 'long' : 'short'} ${text(held.qty)}, stop ${held.stopPrice === undefined ? 'none' : text(held.stopPrice)} (${held.protection})`,
  );
  if (account.safety !== 'ACTIVE') lines.push(`account is ${account.safety}: ${account.safetyReason}`);
  return lines;
}
