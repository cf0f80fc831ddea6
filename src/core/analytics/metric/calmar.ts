import { defineMetric, type Metric, over } from '../metric.ts';
import { metric as cagr } from './cagr.ts';

export const metric: Metric = defineMetric({
  name: 'calmar',
  title: 'Calmar',
  group: 'ratios',
  unit: 'ratio',
  needs: 'days',
  about: 'CAGR / maximum drawdown, over the whole time. Source: T. W. Young, Calmar Ratio: A Smoother Tool (1991).',
  compute(record) {
    const growth = cagr.compute(record);
    return typeof growth === 'number' ? over(growth, record.tracker.drawdown) : undefined;
  },
});
