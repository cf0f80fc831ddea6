import type { SignalSide } from '../domain/run.ts';
import type { Definition } from '../strategy/definition.ts';

/** A strategy without an opinion of its own: it says what a script puts into its mouth. */
export interface Script {
  readonly definition: Definition;
  /** What it says at every close from now on; 0 holds. */
  vote(side: SignalSide): void;
}

/** One voice that needs no history and no confirmation. */
export function createScript(): Script {
  let side: SignalSide = 0;
  return {
    definition: {
      name: 'script',
      version: 1,
      title: 'Script',
      about: 'Says what a debug script puts into its mouth.',
      params: {},
      votes: () => [{ name: 'script', weight: 1, about: 'the side that the script gave last' }],
      values: [],
      confirmations: () => 1,
      warmup: () => ({ bars: 0, higherBars: 0 }),
      timeframes: () => ({ own: 'feed' }),
      create: () => ({
        close(_bar, opinion) {
          opinion.votes[0] = side;
        },
      }),
    },
    vote(given) {
      side = given;
    },
  };
}
