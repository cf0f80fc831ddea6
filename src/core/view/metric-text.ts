import type { Unit } from '../analytics/metric.ts';
import type { SummaryValue } from '../analytics/summary.ts';
import { decimal, duration, inRisk, NOT_AVAILABLE, percent } from './format.ts';

/** The value of a metric as a person reads it; null is `n/a`. Money has `moneyDigits` digits, ratios and shares two. */
export function metricText(unit: Unit, value: SummaryValue | undefined, moneyDigits: number): string {
  if (value === null || value === undefined) return NOT_AVAILABLE;
  if (unit === 'money') return decimal(value, { digits: moneyDigits });
  if (unit === 'share') return percent(value);
  if (unit === 'count') return decimal(value, { digits: 0 });
  const number = Number(value);
  if (unit === 'ms') return duration(number);
  if (unit === 'r') return inRisk(number);
  const text = decimal(number, { digits: 2 });
  return unit === 'times' ? `${text}x` : text;
}
