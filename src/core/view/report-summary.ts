import { DAYS_MIN, type Group, type Metric, TRADES_MIN } from '../analytics/metric.ts';
import { METRICS } from '../analytics/metrics.ts';
import type { Summary } from '../analytics/summary.ts';
import { NOT_AVAILABLE } from './format.ts';
import { metricText } from './metric-text.ts';
import { clip, pad, widthOf, wrap } from './width.ts';

const GROUPS: readonly (readonly [Group, string])[] = [
  ['result', 'Result'],
  ['risk', 'Risk'],
  ['ratios', 'Ratios'],
  ['trades', 'Trades'],
  ['days', 'Days'],
  ['costs', 'Costs and use'],
];

/** From here on the summary stands in two columns. */
const TWO_COLUMNS = 100;
/** A title and its value stay near each other on a wide terminal. */
const COLUMN_MAX = 46;
const GUTTER = 4;

/** Every metric, title left and value right, group by group, in one or two columns. */
export function summaryLines(summary: Summary, columns: number, ascii: boolean, moneyDigits: number): string[] {
  const isWide = columns >= TWO_COLUMNS;
  const width = Math.min(COLUMN_MAX, isWide ? Math.floor((columns - GUTTER) / 2) : columns);
  const groups = GROUPS.map(([group, title]) => [
    title,
    ...METRICS.filter((metric) => metric.group === group).map((metric) =>
      row(metric, summary, width, ascii, moneyDigits),
    ),
    '',
  ]);
  const legend = legendOf(summary, columns, ascii);
  if (!isWide) return [...trimmed(groups.flat()), ...legend];
  const split = halfOf(groups.map((lines) => lines.length));
  const left = trimmed(groups.slice(0, split).flat());
  const right = trimmed(groups.slice(split).flat());
  const lines = Array.from({ length: Math.max(left.length, right.length) }, (_, i) =>
    `${pad(left[i] ?? '', width + GUTTER, 'left', ascii)}${right[i] ?? ''}`.trimEnd(),
  );
  return [...lines, ...legend];
}

function legendOf(summary: Summary, columns: number, ascii: boolean): string[] {
  if (!METRICS.some(({ name }) => (summary[name] ?? null) === null)) return [];
  const why = `under ${TRADES_MIN} trades or ${DAYS_MIN} days, or nothing to divide by`;
  return ['', ...wrap(`${NOT_AVAILABLE}: ${why}`, columns, ascii)];
}

function row(metric: Metric, summary: Summary, width: number, ascii: boolean, moneyDigits: number): string {
  const value = metricText(metric.unit, summary[metric.name], moneyDigits);
  const title = `  ${metric.title}`;
  const room = width - widthOf(value) - 1;
  return room < 4 ? clip(`${title} ${value}`, width, ascii) : `${pad(title, room, 'left', ascii)} ${value}`;
}

/** How many groups go to the left so that the longer column is as short as it can be. */
function halfOf(lengths: readonly number[]): number {
  const total = lengths.reduce((sum, length) => sum + length, 0);
  let best = 0;
  let tallest = Infinity;
  let left = 0;
  for (let i = 0; i <= lengths.length; i++) {
    const taller = Math.max(left, total - left);
    if (taller < tallest) {
      tallest = taller;
      best = i;
    }
    left += lengths[i] ?? 0;
  }
  return best;
}

function trimmed(lines: readonly string[]): string[] {
  return lines.at(-1) === '' ? lines.slice(0, -1) : [...lines];
}
