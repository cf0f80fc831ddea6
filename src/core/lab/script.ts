import type { SignalSide } from '../domain/run.ts';
import type { Definition } from '../strategy/definition.ts';

/** A strategy without an opinion of its own: it says what a script puts into its mouth. */
export interface Script {
  readonly definition: Definition;
  /** What it says at every close from now on; 0 holds. `agreeing`: how many of its voices say so, all where left out. */
  vote(side: SignalSide, agreeing?: number): void;
}

/** One voice that needs no history and no confirmation; with more of them a signal can be weak. */
export function createScript(voices = 1): Script {
  let side: SignalSide = 0;
  let agree = voices;
  return {
    definition: {
      name: 'script',
      version: 1,
      title: 'Script',
      about: 'Says what a debug script puts into its mouth.',
      params: {},
      votes: () =>
        Array.from({ length: voices }, (_, i) => ({
          name: voices === 1 ? 'script' : `script${i + 1}`,
          weight: 1,
          about: 'the side that the script gave last',
        })),
      values: [],
      confirmations: () => 1,
      warmup: () => ({ bars: 0, higherBars: 0 }),
      timeframes: () => ({ own: 'feed' }),
      create: () => ({
        close(_bar, opinion) {
          for (let i = 0; i < voices; i++) opinion.votes[i] = i < agree ? side : 0;
        },
      }),
    },
    vote(given, agreeing = voices) {
      side = given;
      agree = agreeing;
    },
  };
}
