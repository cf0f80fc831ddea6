import { type Rate, text } from '../../base/decimal.ts';
import type { Limits, RiskSettings } from '../../domain/settings.ts';
import { CEILINGS } from '../../risk/defaults.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { LIMIT_OPTIONS } from './limits.ts';

/** Limits that have a ceiling: paper and live start with none of them off and none above it. */
const CEILED: readonly (readonly [name: keyof Limits, ceiling: Rate, unit: '%' | 'x'])[] = [
  ['riskMax', CEILINGS.risk, '%'],
  ['leverageMax', CEILINGS.leverage, 'x'],
  ['reservedAccount', CEILINGS.reserved, '%'],
  ['reservedRun', CEILINGS.reserved, '%'],
  ['heat', CEILINGS.heat, '%'],
];

/** The first limit above its ceiling; no face raises one, only the configuration file does. */
export function aboveCeiling(risk: RiskSettings): Refusal | undefined {
  for (const [name, ceiling, unit] of CEILED) {
    const limit = risk.limits[name] as Rate | undefined;
    if (limit !== undefined && limit <= ceiling) continue;
    const show = (value: Rate): string => (unit === '%' ? `${text(value * 100n)}%` : text(value));
    const flag = `--${LIMIT_OPTIONS[name].flag ?? name}`;
    const found = limit === undefined ? 'off' : show(limit);
    return refusal(
      2,
      'ABOVE_CEILING',
      `${flag} of at most ${show(ceiling)}, the ceiling`,
      found,
      `${flag} ${show(ceiling)}`,
    );
  }
  return undefined;
}
