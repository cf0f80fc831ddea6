import { DAY_MS } from '../../domain/time.ts';
import { defineMetric, type Metric, YEAR_DAYS } from '../metric.ts';
import { growthOf } from '../record.ts';
import { power } from '../series.ts';

export const metric: Metric = defineMetric({
  name: 'cagr',
  title: 'CAGR',
  group: 'result',
  unit: 'share',
  needs: 'days',
  about:
    'Compound annual growth: (final equity / start balance)^(365 days / time) - 1; time-weighted like the total return.',
  compute(record) {
    const growth = growthOf(record);
    const years = (record.to - record.from) / (YEAR_DAYS * DAY_MS);
    return growth >= 0 && years > 0 ? power(growth, 1 / years) - 1 : undefined;
  },
});
