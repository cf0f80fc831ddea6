import { toNumber } from '../../base/decimal.ts';
import { defineMetric, type Metric, over } from '../metric.ts';

export const metric: Metric = defineMetric({
  name: 'feeShare',
  title: 'Fee share of wins',
  group: 'costs',
  unit: 'share',
  needs: 'trades',
  about: 'Fees / sum of the winners before costs.',
  compute: (record) => over(toNumber(record.tally.fees), toNumber(record.tally.grossWon)),
});
