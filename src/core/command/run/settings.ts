import { rate, text } from '../../base/decimal.ts';
import type { RiskSettings, Sizing, StopRule } from '../../domain/settings.ts';
import { DEFAULT_RISK } from '../../risk/defaults.ts';
import { percent } from '../argv/numbers.ts';
import { type Refusal, refusal } from '../refusal.ts';
import { withLimits } from './limits.ts';
import type { RiskInput } from './options.ts';

/** What a backtest starts from: a tenth of the balance, no exits, and every limit, cooldown and gate off. */
export const BARE_RISK: RiskSettings = {
  sizing: { by: 'fraction', fraction: rate('0.1') },
  leverage: DEFAULT_RISK.leverage,
  stop: { by: 'none' },
  target: { by: 'none' },
  loss: { by: 'none' },
  limits: {},
};

const conflict = (expected: string, found: string, fix: string): Refusal =>
  refusal(2, 'OPTIONS_CONFLICT', expected, found, fix);

/** The settings that were asked for over the ones that stand, or what contradicts itself. */
export function settingsOf(given: RiskInput, base: RiskSettings, kind: 'perpetual' | 'spot'): RiskSettings | Refusal {
  const sizing = sizingOf(given, base);
  if ('ok' in sizing) return sizing;
  const risk: RiskSettings = {
    sizing,
    leverage: given.leverage ?? (kind === 'spot' ? rate('1') : base.leverage),
    stop: stopOf(given, base, sizing),
    target: given.target ?? base.target,
    loss: given.loss ?? base.loss,
    slippageCap: given.slippageCap ?? base.slippageCap,
    limits: withLimits(base.limits, given),
  };
  return contradiction(risk, kind) ?? risk;
}

function sizingOf(given: RiskInput, base: RiskSettings): Sizing | Refusal {
  const { size, risk, qty } = given;
  const named = Object.entries({ '--size': size, '--risk': risk, '--qty': qty }).filter(
    ([, value]) => value !== undefined,
  );
  if (named.length > 1) {
    const found = named.map(([flag]) => flag).join(' and ');
    return conflict('one of --size, --risk and --qty', found, `keep ${named[0]?.[0]}`);
  }
  if (size !== undefined) return { by: 'fraction', fraction: size };
  if (risk !== undefined) return { by: 'risk', risk };
  return qty === undefined ? base.sizing : { by: 'qty', qty };
}

/** Sizing by risk without a word about the stop takes the strategy's own, else the fixed default. */
function stopOf(given: RiskInput, base: RiskSettings, sizing: Sizing): StopRule {
  if (given.stop === 'strategy') return DEFAULT_RISK.stop;
  if (given.stop !== undefined) return given.stop;
  return sizing.by === 'risk' && base.stop.by === 'none' ? DEFAULT_RISK.stop : base.stop;
}

/** What cannot hold whatever the account and the market are. */
function contradiction(risk: RiskSettings, kind: 'perpetual' | 'spot'): Refusal | undefined {
  const { sizing, leverage, stop, target, limits } = risk;
  if (kind === 'spot' && leverage !== rate('1')) {
    return conflict(
      'leverage 1 on spot',
      text(leverage),
      'leave --leverage out, or use a perpetual such as BTC/USDT:USDT',
    );
  }
  if (sizing.by === 'risk' && stop.by === 'none') {
    return conflict(
      'a stop with a size by risk: the size comes from its distance',
      '--sl none',
      '--sl 1%, or --size 10%',
    );
  }
  if (target.by === 'multiple' && stop.by === 'none') {
    return conflict('a stop with a target in R', '--sl none', '--tp 2%, or --tp none, or --sl 1%');
  }
  if (target.by === 'fixed' && kind === 'perpetual' && target.distance >= rate('1')) {
    return conflict(
      "--tp below 100% on a perpetual: a short's target stands above zero",
      percent(target.distance),
      '--tp 2%',
    );
  }
  if (sizing.by === 'fraction' && sizing.fraction > leverage) {
    const found = `--size ${percent(sizing.fraction)} at leverage ${text(leverage)}`;
    return conflict(
      `a size of at most ${percent(leverage)}, which the margin covers`,
      found,
      `--size ${percent(leverage)}`,
    );
  }
  if (sizing.by === 'risk' && limits.riskMax !== undefined && sizing.risk > limits.riskMax) {
    return refusal(
      2,
      'RISK_ABOVE_CEILING',
      `--risk of at most ${percent(limits.riskMax)}`,
      percent(sizing.risk),
      `--risk ${percent(limits.riskMax)}`,
    );
  }
  if (limits.leverageMax !== undefined && leverage > limits.leverageMax) {
    const most = text(limits.leverageMax);
    return refusal(2, 'LEVERAGE_ABOVE_MAX', `--leverage of at most ${most}`, text(leverage), `--leverage ${most}`);
  }
  return undefined;
}
