import { type Rate, smaller, text } from '../../base/decimal.ts';
import type { Limits, RiskSettings } from '../../domain/settings.ts';
import { CEILED } from '../../risk/ceilings.ts';
import { CEILINGS, type Ceilings } from '../../risk/defaults.ts';
import { percent } from '../argv/numbers.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { LIMIT_OPTIONS } from './limits.ts';
import type { RiskInput } from './options.ts';

/** The first limit above its ceiling; no face raises one, only the configuration file does. */
export function aboveCeiling(risk: RiskSettings, ceilings: Ceilings = CEILINGS): Refusal | undefined {
  for (const [name, key] of CEILED) {
    const ceiling = ceilings[key];
    const limit = risk.limits[name] as Rate | undefined;
    if (limit !== undefined && limit <= ceiling) continue;
    const show = (value: Rate): string => (key === 'leverage' ? text(value) : percent(value));
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

/**
 * The settings below the ceilings of a configuration: what was given above one is refused, what merely stood there comes
 * down to it.
 */
export function withinCeilings(
  risk: RiskSettings,
  ceilings: Ceilings,
  given: Partial<RiskInput>,
): RiskSettings | Refusal {
  const limits: Record<string, unknown> = { ...risk.limits };
  for (const [name, key] of CEILED) {
    const limit = risk.limits[name] as Rate | undefined;
    if (given[name] === undefined) limits[name] = limit === undefined ? ceilings[key] : smaller(limit, ceilings[key]);
  }
  const lowered = { ...risk, limits: limits as Limits };
  const above = aboveCeiling(lowered, ceilings);
  if (above !== undefined) return above;
  const { riskMax = ceilings.risk, leverageMax = ceilings.leverage } = lowered.limits;
  if (given.leverage !== undefined && given.leverage > leverageMax) {
    const most = text(leverageMax);
    return refusal(
      2,
      'LEVERAGE_ABOVE_MAX',
      `--leverage of at most ${most}`,
      text(given.leverage),
      `--leverage ${most}`,
    );
  }
  if (given.risk !== undefined && given.risk > riskMax) {
    const most = percent(riskMax);
    return refusal(2, 'RISK_ABOVE_CEILING', `--risk of at most ${most}`, percent(given.risk), `--risk ${most}`);
  }
  const { sizing } = lowered;
  return {
    ...lowered,
    leverage: smaller(lowered.leverage, leverageMax),
    sizing: sizing.by === 'risk' ? { by: 'risk', risk: smaller(sizing.risk, riskMax) } : sizing,
  };
}
