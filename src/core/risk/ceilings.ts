import { type Rate, smaller, text } from '../base/decimal.ts';
import type { Refused } from '../domain/command.ts';
import type { Limits, RiskSettings } from '../domain/settings.ts';
import type { Ceilings } from './defaults.ts';
import { percent } from './words.ts';

/** Limits that have a ceiling: none of them is off where there are ceilings. */
export const CEILED: readonly (readonly [name: keyof Limits, ceiling: keyof Ceilings, words: string])[] = [
  ['riskMax', 'risk', 'a limit of risk'],
  ['leverageMax', 'leverage', 'a limit of leverage'],
  ['reservedAccount', 'reserved', 'a limit of reserved balance'],
  ['reservedRun', 'reserved', 'a limit of reserved balance of a run'],
  ['heat', 'heat', 'a limit of heat'],
];

const fix = 'ask for no more; a ceiling is changed in the configuration file alone, and holds from the next start';

/** What somebody asks for that has a ceiling. */
export interface Asked {
  readonly risk?: Rate | undefined;
  readonly leverage?: Rate | undefined;
}

/** Is a risk of one trade, or a leverage, above its ceiling? */
export function aboveCeiling({ risk, leverage }: Asked, ceilings: Ceilings): Refused | undefined {
  if (leverage !== undefined && leverage > ceilings.leverage) {
    const expected = `at most ${text(ceilings.leverage)}x of leverage, the ceiling`;
    return { code: 'LEVERAGE_ABOVE_MAX', expected, found: `${text(leverage)}x`, fix };
  }
  if (risk === undefined || risk <= ceilings.risk) return undefined;
  const expected = `at most ${percent(ceilings.risk)} of risk, the ceiling`;
  return { code: 'RISK_ABOVE_CEILING', expected, found: percent(risk), fix };
}

/** The first setting above its ceiling. A limit that is off is none: it comes down to its ceiling (`withinCeilings`). */
export function settingsAbove({ sizing, leverage, limits }: RiskSettings, ceilings: Ceilings): Refused | undefined {
  const own = aboveCeiling({ risk: sizing.by === 'risk' ? sizing.risk : undefined, leverage }, ceilings);
  if (own !== undefined) return own;
  for (const [name, key, words] of CEILED) {
    const limit = limits[name] as Rate | undefined;
    if (limit === undefined || limit <= ceilings[key]) continue;
    const isLeverage = key === 'leverage';
    const show = (value: Rate): string => (isLeverage ? `${text(value)}x` : percent(value));
    const expected = `at most ${show(ceilings[key])} as ${words}, the ceiling`;
    return { code: isLeverage ? 'LEVERAGE_ABOVE_MAX' : 'RISK_ABOVE_CEILING', expected, found: show(limit), fix };
  }
  return undefined;
}

/** `min(setting, ceiling)` of all that has one; the same object where nothing is above. */
export function withinCeilings(risk: RiskSettings, ceilings: Ceilings): RiskSettings {
  const isLimited = CEILED.every(([name]) => risk.limits[name] !== undefined);
  if (isLimited && settingsAbove(risk, ceilings) === undefined) return risk;
  const { sizing, leverage } = risk;
  const limits: Record<string, unknown> = { ...risk.limits };
  for (const [name, key] of CEILED) {
    const limit = risk.limits[name] as Rate | undefined;
    limits[name] = limit === undefined ? ceilings[key] : smaller(limit, ceilings[key]);
  }
  return {
    ...risk,
    leverage: smaller(leverage, ceilings.leverage),
    sizing: sizing.by === 'risk' ? { by: 'risk', risk: smaller(sizing.risk, ceilings.risk) } : sizing,
    limits: limits as Limits,
  };
}
