import { byReason } from '../analytics/reasons.ts';
import type { OpenTrade } from '../analytics/record.ts';
import type { ClosedBody } from '../domain/events.ts';
import { decimal, duration, inRisk, NOT_AVAILABLE, percent, signed, utcMinute, utcShort } from './format.ts';
import { type ReportColumn, reportTable } from './report-table.ts';
import { clip, printable, wrap } from './width.ts';

/** Trades that are shown at each end. */
const SHOWN = 10;
/** From here on an instant has its year. */
const YEAR_COLUMNS = 100;

/** How amounts are written: digits after the point, undefined for as many as they have. */
export interface Digits {
  readonly money: number;
  readonly price: number;
  readonly qty?: number | undefined;
}

export interface TableStyle {
  readonly columns: number;
  readonly ascii: boolean;
  readonly digits: Digits;
}

const REASON_COLUMNS: readonly ReportColumn[] = [
  { title: 'exit', align: 'left', rank: 0 },
  { title: 'trades', align: 'right', rank: 0 },
  { title: 'won', align: 'right', rank: 2 },
  { title: 'lost', align: 'right', rank: 3 },
  { title: 'win rate', align: 'right', rank: 1 },
  { title: 'pnl', align: 'right', rank: 0 },
  { title: 'avg R', align: 'right', rank: 4 },
  { title: 'avg time', align: 'right', rank: 5 },
];

/** One row an exit reason; the rows add up to all trades. */
export function reasonLines(trades: readonly ClosedBody[], { columns, ascii, digits }: TableStyle): string[] {
  if (trades.length === 0) return ['no trade was closed'];
  const rows = byReason(trades).map((row) => [
    printable(row.reason),
    decimal(row.trades),
    decimal(row.wins),
    decimal(row.losses),
    percent(row.wins / row.trades, { digits: 1 }),
    signed(row.pnl, digits.money),
    row.r === null ? NOT_AVAILABLE : inRisk(row.r),
    duration(row.durationMs),
  ]);
  return reportTable(REASON_COLUMNS, rows, columns, ascii);
}

const TRADE_COLUMNS: readonly ReportColumn[] = [
  { title: '#', align: 'right', rank: 3 },
  { title: 'side', align: 'left', rank: 0 },
  { title: 'entry at', align: 'left', rank: 7 },
  { title: 'exit at', align: 'left', rank: 0 },
  { title: 'held', align: 'right', rank: 4 },
  { title: 'qty', align: 'right', rank: 8 },
  { title: 'entry', align: 'right', rank: 5 },
  { title: 'exit', align: 'right', rank: 5 },
  { title: 'fees', align: 'right', rank: 9 },
  { title: 'funding', align: 'right', rank: 10 },
  { title: 'pnl', align: 'right', rank: 0 },
  { title: 'R', align: 'right', rank: 2 },
  { title: 'exit by', align: 'left', rank: 1 },
];

/** The first and the last trades, and how many are between them. */
export function tradeLines(trades: readonly ClosedBody[], style: TableStyle): string[] {
  const { columns, ascii } = style;
  if (trades.length === 0) return ['no trade was closed'];
  const all = trades.length <= 2 * SHOWN;
  const first = all ? trades : trades.slice(0, SHOWN);
  const last = all ? [] : trades.slice(-SHOWN);
  const rows = [
    ...first.map((trade, i) => tradeRow(trade, i + 1, style)),
    ...last.map((trade, i) => tradeRow(trade, trades.length - SHOWN + i + 1, style)),
  ];
  const lines = reportTable(TRADE_COLUMNS, rows, columns, ascii);
  if (all) return lines;
  const hidden = trades.length - first.length - last.length;
  const mark = `... ${decimal(hidden)} ${hidden === 1 ? 'trade' : 'trades'} left out ...`;
  return [...lines.slice(0, SHOWN + 1), clip(mark, columns, ascii), ...lines.slice(SHOWN + 1)];
}

function tradeRow(trade: ClosedBody, number: number, { columns, digits }: TableStyle): string[] {
  const time = columns >= YEAR_COLUMNS ? utcMinute : utcShort;
  return [
    decimal(number),
    trade.side === 'long' ? 'LONG' : 'SHORT',
    time(trade.entryAt),
    time(trade.exitAt),
    duration(trade.exitAt - trade.entryAt),
    decimal(trade.qty, { digits: digits.qty }),
    decimal(trade.entryPrice, { digits: digits.price }),
    decimal(trade.exitPrice, { digits: digits.price }),
    decimal(trade.fees, { digits: digits.money }),
    signed(trade.funding, digits.money),
    signed(trade.pnl, digits.money),
    trade.r === null ? NOT_AVAILABLE : signed(trade.r, 2),
    printable(trade.reason),
  ];
}

/** The position that was left open, in words. */
export function openLines(open: OpenTrade, asset: string, { columns, ascii, digits }: TableStyle): string[] {
  const { side, qty, entryAt, entryPrice, mark, unrealised, fees, funding } = open;
  const parts = [
    `${side === 'long' ? 'LONG' : 'SHORT'} ${decimal(qty, { digits: digits.qty })}`,
    `since ${utcMinute(entryAt)} at ${decimal(entryPrice, { digits: digits.price })},`,
    `marked at ${decimal(mark, { digits: digits.price })}:`,
    `${signed(unrealised, digits.money)} ${asset} open before costs,`,
    `fees ${decimal(fees, { digits: digits.money })}, funding ${signed(funding, digits.money)}.`,
    'Not closed and not counted as a trade.',
  ];
  return wrap(parts.join(' '), columns, ascii);
}
