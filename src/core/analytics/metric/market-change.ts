import { defineMetric, type Metric } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'marketChange',
  title: 'Market change',
  group: 'result',
  unit: 'share',
  needs: 'nothing',
  about: 'Last price / first price - 1 of the market that was traded: what holding it would have given before costs.',
  compute(record) {
    const { market } = record;
    return market === undefined ? undefined : market.last / market.first - 1;
  },
});
