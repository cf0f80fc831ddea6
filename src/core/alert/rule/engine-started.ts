import { isHolding, type Rule } from '../rule.ts';

/**
 * The engine is back: louder where a position was open meanwhile. Nobody can tell a stop that was asked for from a crash
 * here; whoever watches the engine tells that it is gone.
 */
export const engineStarted: Rule = {
  id: 'engine_started',
  priority: 'LOW',
  kinds: ['epoch_started'],
  hear(entry, state) {
    if (entry.kind !== 'epoch_started') return undefined;
    const { epoch, build, resumedFrom } = entry.body;
    if (resumedFrom === 0) return undefined;
    const isHeld = isHolding(state);
    const facts = { epoch, build, resumedFrom, isHeld };
    return { priority: isHeld ? 'MEDIUM' : 'LOW', key: `engine:${epoch}`, symbol: '', facts };
  },
};
