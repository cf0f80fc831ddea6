import type { Command } from '../../domain/command.ts';
import type { Core } from '../../engine/core.ts';
import type { RunMarket } from '../../engine/market.ts';
import { faultOf } from '../../strategy/guard.ts';

/**
 * Pauses each run whose strategy broke, once: its entries end, its stop and exits go on. What is off has none, and needs no
 * word.
 */
export function createBreaks({ market }: Core): () => readonly Command[] {
  const told = new Set<RunMarket>();
  return () => {
    const commands: Command[] = [];
    for (const held of market.runs) {
      const fault = held === undefined || told.has(held) ? undefined : faultOf(held.strategy);
      if (fault === undefined) continue;
      told.add(held);
      if (held.run.state !== 'OFF') commands.push({ name: 'pause_run', run: held.run.run, fault });
    }
    return commands;
  };
}
