import { defineMetric, type Metric, SIGMA_MIN } from '../metric.ts';
import { deviation, kurtosis } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'kurtosis',
  title: 'Kurtosis of days',
  group: 'risk',
  unit: 'ratio',
  needs: 'days',
  about: 'Fourth central moment of daily returns / fourth power of their population deviation; 3 is normal.',
  compute: (record) => (deviation(record.returns) < SIGMA_MIN ? undefined : kurtosis(record.returns)),
});
