import { defineMetric, type Metric } from '../metric.ts';
import { mean } from '../moments.ts';

export const metric: Metric = defineMetric({
  name: 'ulcerIndex',
  title: 'Ulcer index',
  group: 'risk',
  unit: 'share',
  needs: 'days',
  about:
    "sqrt(mean(d^2)), d = drawdown of the daily closes from their running peak. Source: P. Martin, The Investor's Guide to Fidelity Funds (1989).",
  compute(record) {
    let peak = record.tracker.startEquity;
    return Math.sqrt(
      mean(
        record.closes.map((close) => {
          peak = Math.max(peak, close);
          return ((peak - close) / peak) * ((peak - close) / peak);
        }),
      ),
    );
  },
});
