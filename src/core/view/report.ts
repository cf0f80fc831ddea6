import type { Curve } from '../analytics/curve.ts';
import type { OpenTrade } from '../analytics/record.ts';
import type { Summary } from '../analytics/summary.ts';
import type { ClosedBody } from '../domain/events.ts';
import { DAY_MS } from '../domain/time.ts';
import { lineChart } from './chart.ts';
import { decimal, duration, percent, utcDate, utcMinute } from './format.ts';
import { summaryLines } from './report-summary.ts';
import { type Digits, openLines, reasonLines, type TableStyle, tradeLines } from './report-trades.ts';
import { clip, pad, printable, widthOf, wrap } from './width.ts';

/** A name and what it is set to. `on: false` is listed as off. */
export interface NamedValue {
  readonly name: string;
  readonly value: string;
  readonly on?: boolean | undefined;
}

/** A backtest as data: what `renderBacktest` draws. */
export interface BacktestView {
  /** What was run: `ema-cross on BTC/USDT:USDT, 1m`. */
  readonly title: string;
  /** Asset of the account: `USDT`. */
  readonly asset: string;
  /** Where the data came from, parameters, gaps: name and value. */
  readonly facts?: readonly NamedValue[] | undefined;
  readonly summary: Summary;
  /** Limits, cooldowns, gates and cost models. */
  readonly on: readonly NamedValue[];
  /** Closed trades in the order in which they closed. */
  readonly trades: readonly ClosedBody[];
  readonly open?: OpenTrade | undefined;
  readonly curve: Curve;
  /** How often each code was denied. */
  readonly denials?: Readonly<Record<string, number>> | undefined;
  readonly digits?: Partial<Digits> | undefined;
  /** Sentences at the end. */
  readonly notes?: readonly string[] | undefined;
}

export interface ReportStyle {
  /** No glyph beyond ASCII. */
  readonly ascii: boolean;
}

/** Narrower than this nothing can be read: lines are as wide as this then. */
const COLUMNS_MIN = 20;
/** Names and values of a list stay near each other. */
const NAME_MAX = 34;

/**
 * A backtest as lines of at most `columns` columns (20 at least): summary, exits, what was on, equity, drawdown, trades.
 * Two columns of metrics from 100 columns on; on a phone's 38 the tables drop what matters least.
 */
export function renderBacktest(view: BacktestView, columns: number, { ascii }: ReportStyle): string[] {
  const width = Math.max(COLUMNS_MIN, Math.floor(columns));
  const digits: Digits = { money: 2, price: 2, ...view.digits };
  const style: TableStyle = { columns: width, ascii, digits };
  const { summary, trades, open, denials = {}, notes = [] } = view;
  const denied = Object.entries(denials).map(([name, count]) => ({ name, value: decimal(count) }));
  const lines = [
    ...headLines(view, width, ascii),
    ...section(`Summary (${view.asset})`, style, summaryLines(summary, width, ascii, digits.money)),
    ...section('By exit', style, reasonLines(trades, style)),
    ...(open === undefined ? [] : section('Open at the end', style, openLines(open, view.asset, style))),
    ...(denied.length === 0 ? [] : section('Denied entries', style, valueLines(denied, width, ascii))),
    ...section('What was on', style, onLines(view.on, width, ascii)),
    ...section('Equity', style, equityLines(view, style)),
    ...section('Drawdown', style, drawdownLines(view, style)),
    ...section('Trades', style, tradeLines(trades, style)),
    ...(notes.length === 0 ? [] : ['', ...notes.flatMap((note) => wrap(printable(note), width, ascii))]),
  ];
  return ascii ? lines.map(asciiOnly) : lines;
}

function headLines({ title, summary, facts = [] }: BacktestView, width: number, ascii: boolean): string[] {
  const { from, to } = summary;
  const period = `${utcMinute(from)} to ${utcMinute(to)} UTC (${duration(to - from)})`;
  return [...wrap(printable(title), width, ascii), ...wrap(period, width, ascii), ...valueLines(facts, width, ascii)];
}

function section(title: string, { columns, ascii }: TableStyle, lines: readonly string[]): string[] {
  const rule = ascii ? '-' : '\u2500';
  const head = clip(`${rule.repeat(2)} ${title} `, columns, ascii);
  return ['', head + rule.repeat(columns - widthOf(head)), ...lines];
}

/** `name  value` lines, names of one width; a long value goes on beneath itself. */
function valueLines(values: readonly NamedValue[], width: number, ascii: boolean): string[] {
  const longest = Math.max(0, ...values.map(({ name }) => widthOf(name)));
  const names = Math.min(longest, NAME_MAX, Math.floor(width / 2));
  return values.flatMap(({ name, value }) =>
    wrap(printable(value), width - names - 2, ascii).map((line, i) =>
      `${pad(i === 0 ? printable(name) : '', names, 'left', ascii)}  ${line}`.trimEnd(),
    ),
  );
}

function onLines(values: readonly NamedValue[], width: number, ascii: boolean): string[] {
  const on = values.filter((value) => value.on !== false);
  const off = values.filter((value) => value.on === false).map(({ name }) => printable(name));
  return [
    ...(on.length === 0 ? wrap('nothing: no limit and no cost model', width, ascii) : valueLines(on, width, ascii)),
    ...(off.length === 0 ? [] : wrap(`off: ${off.join('; ')}`, width, ascii)),
  ];
}

function equityLines({ curve, summary }: BacktestView, { columns, ascii }: TableStyle): string[] {
  return lineChart(curve.equity, { width: columns, height: columns < 60 ? 8 : 11, ascii, ends: endsOf(summary) });
}

/** The drawdown hangs from 0, in percent. */
function drawdownLines({ curve, summary }: BacktestView, { columns, ascii }: TableStyle): string[] {
  const depths = curve.drawdown.map((share) => 0 - share);
  const digits = summary.maxDrawdown < 0.1 ? 2 : 1;
  const label = (share: number): string => percent(share, { digits });
  return lineChart(depths, { width: columns, height: 7, ascii, label, reach: [0], ends: endsOf(summary) });
}

function endsOf({ from, to }: Summary): readonly [string, string] {
  const text = to - from < 3 * DAY_MS ? utcMinute : utcDate;
  return [text(from), text(to)];
}

/** Names that users chose may have any letters. */
function asciiOnly(line: string): string {
  let plain = '';
  for (const glyph of line) plain += glyph < '\u007f' ? glyph : '?';
  return plain;
}
