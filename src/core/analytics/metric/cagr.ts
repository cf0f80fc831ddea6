import { toNumber } from '../../base/decimal.ts';
import { DAY_MS } from '../../domain/time.ts';
import { defineMetric, type Metric, YEAR_DAYS } from '../metric.ts';
import { power } from '../series.ts';

export const metric: Metric = defineMetric({
  name: 'cagr',
  title: 'CAGR',
  group: 'result',
  unit: 'share',
  needs: 'days',
  about: 'Compound annual growth: (final equity / start balance)^(365 days / time) - 1.',
  compute(record) {
    const growth = toNumber(record.finalEquity) / toNumber(record.startBalance);
    const years = (record.to - record.from) / (YEAR_DAYS * DAY_MS);
    return growth >= 0 && years > 0 ? power(growth, 1 / years) - 1 : undefined;
  },
});
