import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'underwater',
  title: 'Longest underwater',
  group: 'risk',
  unit: 'ms',
  needs: 'nothing',
  about: 'Longest time from any peak of equity until it was back there, or to the end.',
  compute: (record) => record.tracker.underwaterMs(),
});
