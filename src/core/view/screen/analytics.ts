import { DAYS_MIN, type Group, type Metric, TRADES_MIN } from '../../analytics/metric.ts';
import { METRICS } from '../../analytics/metrics.ts';
import { byReason } from '../../analytics/reasons.ts';
import type { SummaryValue } from '../../analytics/summary.ts';
import { money } from '../../base/decimal.ts';
import { amount, count, fact, moneyDigits, multiple, profit, span, word } from '../cell.ts';
import { emptyText } from '../empty.ts';
import { reasonText } from '../entry-line.ts';
import { NOT_AVAILABLE } from '../format.ts';
import { hasWord, words } from '../language.ts';
import { metricText } from '../metric-text.ts';
import { type Performance, performanceOf, type Subject, subjectsOf } from '../performance.ts';
import type { Scene, Ui } from '../scene.ts';
import type { Screen } from '../screen.ts';
import { runInView, shortSymbol } from '../select.ts';
import type { Action, Block, Cell, ChartBlock, FactsBlock, NoteBlock, Row, TableBlock, Tone } from '../view.ts';
import * as analyticsWords from '../words/analytics.ts';
import * as metricWords from '../words/metric.ts';

const GROUPS: readonly Group[] = ['result', 'ratios', 'risk', 'costs', 'trades', 'days'];
const CHART_HEIGHT = 9;
const CHART_DIGITS = 2;
/** No asset has more. */
const DIGITS_MOST = 8;

const tongue = ({ locale }: Ui) => words(analyticsWords, locale);

/** Results from the journal, by account and run. What cannot be told from so little says n/a. */
export const analyticsScreen: Screen = {
  id: 'analytics',
  key: '8',
  title: 'Analytics',
  view: (scene, ui) => ({
    screen: 'analytics',
    title: 'Analytics',
    status: [],
    blocks: blocksOf(scene, ui),
    actions: actionsOf(ui),
    asOf: scene.now,
  }),
};

function blocksOf(scene: Scene, ui: Ui): readonly Block[] {
  const subjects = subjectsOf(scene);
  const all = subjects.map((subject) => performanceOf(scene, subject));
  const picked = pickedOf(scene, all, ui);
  const table = subjectsBlock(scene, all, picked?.subject.key, ui);
  if (picked === undefined) return [table];
  return [
    table,
    equityBlock(scene, picked, ui),
    drawdownBlock(scene, picked, ui),
    reasonsBlock(picked, ui),
    metricsBlock(picked, ui),
    legendBlock(ui),
  ];
}

/** What was picked in the table; else the account of the run in view. */
function pickedOf(scene: Scene, all: readonly Performance[], ui: Ui): Performance | undefined {
  const key = ui.picked.subjects ?? runInView(scene, ui)?.account;
  return all.find(({ subject }) => subject.key === key) ?? all[0];
}

function subjectName(scene: Scene, subject: Subject, ui: Ui): string {
  const say = tongue(ui);
  if (subject.of === 'account') return say('account', { account: subject.account.account });
  const { run, symbol, strategy } = subject.run;
  return say('run', { run: `${run}`, base: shortSymbol(scene, symbol), strategy });
}

function subjectsBlock(scene: Scene, all: readonly Performance[], picked: string | undefined, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'subjects',
    title: say('subjects'),
    area: 'wide',
    rank: 0,
    columns: [
      { name: 'of', title: say('name') },
      { name: 'trades', title: say('trades'), align: 'right', rank: 1 },
      { name: 'net', title: say('net'), align: 'right' },
      { name: 'return', title: say('share'), align: 'right', rank: 3 },
      { name: 'winRate', title: say('winRate'), align: 'right', rank: 2 },
      { name: 'profitFactor', title: say('profitFactor'), align: 'right', rank: 4 },
      { name: 'expectancyR', title: say('expectancy'), align: 'right', rank: 5 },
      { name: 'maxDrawdown', title: say('drawdown'), align: 'right', rank: 6 },
      { name: 'fees', title: say('fees'), align: 'right', rank: 7 },
      { name: 'funding', title: say('funding'), align: 'right', rank: 8 },
    ],
    rows: all.map((each) => subjectRow(scene, each, ui)),
    empty: emptyText(scene, ui, say('nothing')),
    picked,
  };
}

function subjectRow(scene: Scene, { subject, summary }: Performance, ui: Ui): Row {
  const name = subjectName(scene, subject, ui);
  return {
    key: subject.key,
    cells: [
      { value: subject.key, text: subject.of === 'run' ? `  ${name}` : name },
      count(summary.trades),
      profit(money(summary.netProfit)),
      metricCell('totalReturn', summary.totalReturn ?? null),
      metricCell('winRate', summary.winRate),
      metricCell('profitFactor', summary.profitFactor),
      metricCell('expectancyR', summary.expectancyR),
      metricCell('maxDrawdown', summary.maxDrawdown),
      amount(money(summary.fees)),
      profit(money(summary.funding)),
    ],
  };
}

const METRIC_BY_NAME: ReadonlyMap<string, Metric> = new Map(METRICS.map((metric) => [metric.name, metric]));
/** Metrics whose sign is good or bad by itself. */
const SIGNED: ReadonlySet<string> = new Set([
  'netProfit',
  'closedProfit',
  'totalReturn',
  'cagr',
  'expectancy',
  'expectancyR',
  'longProfit',
  'shortProfit',
  'dailyAverage',
  'bestDay',
  'worstDay',
  'bestTrade',
  'worstTrade',
]);

function metricCell(name: string, value: SummaryValue): Cell {
  const metric = METRIC_BY_NAME.get(name);
  if (metric === undefined || value === null) return { value: null, text: NOT_AVAILABLE, tone: 'muted' };
  const digits = metric.unit === 'money' ? moneyDigits(money(Number(value).toFixed(DIGITS_MOST))) : CHART_DIGITS;
  const text = metricText(metric.unit, value, digits);
  return { value, text, tone: SIGNED.has(name) ? toneOf(Number(value)) : 'plain' };
}

const toneOf = (value: number): Tone => (value > 0 ? 'good' : value < 0 ? 'bad' : 'plain');

function equityBlock(scene: Scene, { subject, tracker, trades }: Performance, ui: Ui): ChartBlock {
  const say = tongue(ui);
  const { at, equity } = tracker.curve();
  const of = subjectName(scene, subject, ui);
  const isEmpty = subject.of === 'run' ? trades.length === 0 : at.length < 2;
  return {
    kind: 'chart',
    id: 'equity',
    title: subject.of === 'run' ? say('equityClosed', { of }) : say('equity', { of }),
    area: 'half',
    rank: 3,
    chart: {
      of: 'line',
      points: isEmpty ? [] : Array.from(at, (instant, i) => [instant, equity[i] ?? Number.NaN] as const),
      digits: CHART_DIGITS,
      reach: [],
      offsetMinutes: ui.zone.offsetMinutes,
    },
    empty: subject.of === 'run' ? say('noTrades') : say('noEquity'),
    height: CHART_HEIGHT,
  };
}

function drawdownBlock(scene: Scene, { subject, tracker, trades }: Performance, ui: Ui): ChartBlock {
  const say = tongue(ui);
  const { at, drawdown } = tracker.curve();
  const isEmpty = subject.of === 'run' ? trades.length === 0 : at.length < 2;
  return {
    kind: 'chart',
    id: 'drawdown',
    title: `${say('drawdownChart', { of: subjectName(scene, subject, ui) })}, %`,
    area: 'half',
    rank: 3,
    chart: {
      of: 'line',
      points: isEmpty ? [] : Array.from(at, (instant, i) => [instant, 0 - (drawdown[i] ?? Number.NaN) * 100] as const),
      digits: CHART_DIGITS,
      reach: [0],
      isArea: true,
      offsetMinutes: ui.zone.offsetMinutes,
    },
    empty: say('noTrades'),
    height: CHART_HEIGHT,
  };
}

function reasonsBlock({ trades }: Performance, ui: Ui): TableBlock {
  const say = tongue(ui);
  return {
    kind: 'table',
    id: 'reasons',
    title: say('reasons'),
    area: 'wide',
    rank: 4,
    columns: [
      { name: 'reason', title: say('reason') },
      { name: 'trades', title: say('count'), align: 'right' },
      { name: 'net', title: say('net'), align: 'right' },
      { name: 'r', title: say('average'), align: 'right', rank: 1 },
      { name: 'held', title: say('held'), align: 'right', rank: 2 },
    ],
    rows: byReason(trades).map(({ reason, trades: n, pnl, r, durationMs }) => ({
      key: reason,
      cells: [
        word(reason, reasonText(reason, ui.locale)),
        count(n),
        profit(money(pnl)),
        r === null ? { value: null, text: NOT_AVAILABLE, tone: 'muted' as const } : multiple(r),
        span(durationMs),
      ],
    })),
    empty: say('noTrades'),
  };
}

/** All metrics, those of a group behind each other; those of the market stay out, because an account has several. */
function metricsBlock({ summary }: Performance, ui: Ui): FactsBlock {
  const metrics = GROUPS.flatMap((group) => METRICS.filter((metric) => metric.group === group));
  return {
    kind: 'facts',
    id: 'metrics',
    title: tongue(ui)('metrics'),
    area: 'wide',
    rank: 2,
    isGrid: true,
    lines: metrics
      .filter(({ name }) => name !== 'marketChange')
      .map((metric) => [
        fact(metric.name, metricTitle(metric, ui), [metricCell(metric.name, summary[metric.name] ?? null)]),
      ]),
  };
}

/** A metric that somebody added has its own title until it has words. */
function metricTitle({ name, title }: Metric, { locale }: Ui): string {
  const key = `metric.${name}`;
  return hasWord(metricWords, key) ? words(metricWords, locale)(key) : title;
}

function legendBlock(ui: Ui): NoteBlock {
  const say = tongue(ui);
  const lines = [say('why', { trades: TRADES_MIN, days: DAYS_MIN })];
  return { kind: 'note', id: 'legend', title: say('notes'), area: 'wide', rank: 9, tone: 'muted', lines };
}

function actionsOf(ui: Ui): readonly Action[] {
  const say = tongue(ui);
  return [
    { id: 'portfolio', label: say('portfolio'), key: '4', stakes: 'none', link: { to: 'screen', screen: 'portfolio' } },
    { id: 'journal', label: say('journal'), key: '7', stakes: 'none', link: { to: 'screen', screen: 'journal' } },
  ];
}
