import { defineCommand } from '../command.ts';
import { done, refused } from '../outcome.ts';
import type { Write } from '../ports.ts';
import { isRefusal } from '../refusal.ts';
import { count } from '../telling/words.ts';
import { SERIES_OPTIONS } from './series.ts';

export const dataExport = defineCommand({
  about: [
    'Writes timestamp_ms, open, high, low, close and volume to stdout, oldest first; with --json one object a line.',
  ],
  args: {},
  options: SERIES_OPTIONS,
  examples: ['dzentra data export --symbol BTC/USDT:USDT --timeframe 1m > btc-1m.csv'],
  schema: 'dzentra.data.candle/1',
  fields: [
    ['timestamp_ms', 'ms', 'open time'],
    ['open', 'decimal', 'first price'],
    ['high', 'decimal', 'highest price'],
    ['low', 'decimal', 'lowest price'],
    ['close', 'decimal', 'last price'],
    ['volume', 'decimal', 'volume in the base asset'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const write = context.json ? asJsonLines(context.write) : context.write;
    const report = await ports.data.export(options, write, context.signal);
    return isRefusal(report) ? refused(report) : done(undefined, [], [`${count(report.rows, 'candle')} exported`]);
  },
});

/** Turns CSV that comes in pieces into an object a line: the header names the fields, a row may be cut anywhere. */
function asJsonLines(write: Write): Write {
  let rest = '';
  let names: readonly string[] | undefined;
  return async (piece) => {
    const lines = (rest + piece).split('\n');
    rest = lines.pop() ?? '';
    const rows: string[] = [];
    for (const line of lines.map((each) => each.trimEnd()).filter((each) => each !== '')) {
      const cells = line.split(',');
      if (names === undefined) names = cells;
      else rows.push(JSON.stringify(Object.fromEntries(names.map((name, i) => [name, cellOf(name, cells[i] ?? '')]))));
    }
    if (rows.length > 0) await write(`${rows.join('\n')}\n`);
  };
}

const cellOf = (name: string, cell: string): string | number => (name === 'timestamp_ms' ? Number(cell) : cell);
