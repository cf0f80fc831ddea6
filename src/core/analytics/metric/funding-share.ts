import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'fundingShare',
  title: 'Funding share of wins',
  group: 'costs',
  unit: 'share',
  needs: 'trades',
  about: 'Funding paid (received: under 0) / sum of the winners before costs.',
  compute: (record) => over(-toNumber(record.tally.funding), toNumber(record.tally.grossWon)),
});
