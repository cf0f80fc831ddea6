import type { Ask } from '../../domain/ask.ts';
import type { Command, Enter, Refused } from '../../domain/command.ts';
import type { Draft } from '../../domain/frame.ts';
import type { State } from '../../domain/state.ts';
import { aboveCeiling, settingsAbove, withinCeilings } from '../../risk/ceilings.ts';
import type { Ceilings } from '../../risk/defaults.ts';

/** No face gets more than a ceiling, whatever it is: what of an ask is above one, or undefined. */
export function ceilingProblem(ask: Ask, ceilings: Ceilings): Refused | undefined {
  switch (ask.do) {
    case 'start':
      return ask.start.risk === undefined ? undefined : settingsAbove(ask.start.risk, ceilings);
    case 'trade':
      return entryAbove(ask.draft, ceilings);
    default:
      return commandAbove(ask.command, ceilings);
  }
}

function commandAbove(command: Command, ceilings: Ceilings): Refused | undefined {
  if (command.name === 'change_settings') return settingsAbove(command.riskSettings, ceilings);
  return command.name === 'enter' ? entryAbove(command, ceilings) : undefined;
}

function entryAbove(entry: Draft | Enter, ceilings: Ceilings): Refused | undefined {
  if (!('sign' in entry)) return undefined;
  const { size, leverage } = entry;
  return aboveCeiling({ risk: size?.by === 'risk' ? size.risk : undefined, leverage }, ceilings);
}

/**
 * Commands that bring runs down to ceilings that were lowered since they got their settings: effective is the smaller of
 * both. A ceiling that is raised again raises nothing.
 */
export function lowering({ runs }: State, ceilings: Ceilings): readonly Command[] {
  return runs.flatMap(({ run, state, risk }): readonly Command[] => {
    const riskSettings = withinCeilings(risk, ceilings);
    if (state === 'OFF' || riskSettings === risk) return [];
    return [{ name: 'change_settings', run, riskSettings }];
  });
}
