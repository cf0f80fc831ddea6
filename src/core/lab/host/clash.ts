import type { Refused } from '../../domain/command.ts';
import type { Definition } from '../../strategy/definition.ts';

/** Why a strategy cannot begin while a run trades with another one of its name: an engine knows them by their names. */
export function clashOf(known: Definition, { name, source }: Definition): Refused {
  const file = source?.file;
  if (file !== undefined && file === known.source?.file) {
    return {
      code: 'STRATEGY_EDITED',
      expected: `the text that another run of ${name} trades with`,
      found: `${file}, edited since`,
      fix: 'stop that run first, or dzentra engine restart: all its runs go on with the new text',
    };
  }
  return {
    code: 'STRATEGY_NAME_TAKEN',
    expected: `a name that no other running strategy has`,
    found: name,
    fix: 'give your strategy a name of its own, or stop the other one first',
  };
}
