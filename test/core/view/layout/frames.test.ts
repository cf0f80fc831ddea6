import { describe, expect, it } from 'vitest';
import { layout, type Size } from '../../../../src/core/view/layout/layout.ts';
import { paintPlain } from '../../../../src/core/view/paint/plain.ts';
import type { Line, LogBlock, TableBlock, View } from '../../../../src/core/view/view.ts';
import { action, cell, fact, facts, journal, note, runs, viewOf } from './sample.ts';

const frame = (view: View, size: Size): string => `\n${paintPlain(layout(view, size))}`;

const position = facts(
  'position',
  'main',
  0,
  'POSITION',
  ['|LONG 0.072 BTC', 'net|+14.63|+0.29 R'],
  ['SL|61,221.8|-1.42 %', '|WORKING', 'max loss|-50.28^2'],
  ['entry|61,840.2', 'mark|62,105.4'],
);
const signal = facts('signal', 'side', 1, 'SIGNAL', ['|BUY 4/6', '|1h26m'], ['next close in|03:51']);
const risk = facts('risk', 'side', 1, 'RISK', ['day|+46.23'], ['heat|0.50/2.0 %']);
const small: View = {
  ...viewOf(position, signal, risk, { ...runs, rows: runs.rows.slice(0, 2) }),
  status: [fact('|PAPER^0'), fact('|main'), fact('quote|0.2s^2'), { ...fact('|07:41:09 UTC'), name: 'clock' }],
  actions: [action('s', 'stop'), action('p', 'pause'), action('?', 'help'), action('q', 'leave')],
};

describe('a view', () => {
  it('has panes with shared borders beside each other at 120 columns', () => {
    expect(frame(small, { columns: 120 })).toBe(`
 PAPER  main  quote 0.2s  07:41:09 UTC
┌─ POSITION ─────────────────────────────────────────────────────────────────┬─ SIGNAL ────────────────────────────────┐
│ LONG 0.072 BTC             net  +14.63  +0.29 R                            │ BUY 4/6   1h26m                         │
│ SL     61,221.8  -1.42 %   WORKING   max loss  -50.28                      │ next close in  03:51                    │
│ entry  61,840.2            mark  62,105.4                                  ├─ RISK ──────────────────────────────────┤
│                                                                            │ day   +46.23                            │
│                                                                            │ heat  0.50/2.0 %                        │
├─ RUNS ─────────────────────────────────────────────────────────────────────┴─────────────────────────────────────────┤
│ #  symbol         strategy   state    signal            net   cap  note                                              │
│>7  BTC/USDT:USDT  trend 15m  RUNNING  BUY 4/6 1h26m  +14.63  50 %                                                    │
│ 8  ETH/USDT:USDT  trend 15m  RUNNING  HOLD 2h40m             25 %  cooldown 06:12                                    │
└──────────────────────────────────────────────────────────────────────────────────────────────────────────────────────┘
 s stop  p pause  ? help  q leave
`);
  });

  it('has its side panes in pairs at 80 columns, and its columns closer together', () => {
    expect(frame(small, { columns: 80 })).toBe(`
 PAPER  main  quote 0.2s  07:41:09 UTC
┌─ POSITION ───────────────────────────────────────────────────────────────────┐
│ LONG 0.072 BTC             net  +14.63  +0.29 R                              │
│ SL     61,221.8  -1.42 %   WORKING   max loss  -50.28                        │
│ entry  61,840.2            mark  62,105.4                                    │
├─ SIGNAL ─────────────────────────────┬─ RISK ────────────────────────────────┤
│ BUY 4/6   1h26m                      │ day   +46.23                          │
│ next close in  03:51                 │ heat  0.50/2.0 %                      │
├─ RUNS ───────────────────────────────┴───────────────────────────────────────┤
│ # symbol        strategy  state   signal           net  cap note             │
│>7 BTC/USDT:USDT trend 15m RUNNING BUY 4/6 1h26m +14.63 50 %                  │
│ 8 ETH/USDT:USDT trend 15m RUNNING HOLD 2h40m           25 % cooldown 06:12   │
└──────────────────────────────────────────────────────────────────────────────┘
 s stop  p pause  ? help  q leave
`);
  });

  it('has rules on a phone, wraps facts and leaves columns out by rank', () => {
    expect(frame(small, { columns: 38 })).toBe(`
PAPER  main  quote 0.2s  07:41:09 UTC
─ POSITION ───────────────────────────
LONG 0.072 BTC  net +14.63 +0.29 R
SL    61,221.8 -1.42 %  WORKING
max loss -50.28
entry 61,840.2  mark 62,105.4
─ SIGNAL ─────────────────────────────
BUY 4/6   1h26m
next close in  03:51
─ RISK ───────────────────────────────
day   +46.23
heat  0.50/2.0 %
─ RUNS ───────────────────────────────
  #  symbol         state       net
> 7  BTC/USDT:USDT  RUNNING  +14.63
  8  ETH/USDT:USDT  RUNNING
`);
  });

  it('has no boxes for a screen reader, at any width', () => {
    const text = frame({ ...small, blocks: [signal, risk] }, { columns: 100, isFlat: true });
    expect(text).toBe(`
 PAPER  main  quote 0.2s  07:41:09 UTC
${'─ SIGNAL '.padEnd(100, '─')}
BUY 4/6   1h26m
next close in  03:51
${'─ RISK '.padEnd(100, '─')}
day   +46.23
heat  0.50/2.0 %
 s stop  p pause  ? help  q leave
`);
  });

  it('is ASCII where it must be, Russian texts in Latin letters', () => {
    const russian = note('n', 'wide', 0, 'ЖУРНАЛ', 'Объём — 5 ещё…');
    expect(frame(viewOf(russian), { columns: 80, ascii: true, isBare: true })).toBe(`
+- ZhURNAL --------------------------------------------------------------------+
| Ob"em - 5 eshche~                                                            |
+------------------------------------------------------------------------------+
`);
  });

  it('shows the focus in brackets, and picks are marked', () => {
    const lines = layout(small, { columns: 120, focus: 'runs' });
    const title = lines.find(({ spans }) => spans.some(({ text }) => text.includes('RUNS')));
    expect(title?.spans.map(({ text }) => text).join('')).toContain('[RUNS]');
    const rowOf = (of: string): Line | undefined => lines.find(({ targets }) => targets?.some(({ key }) => key === of));
    const row = rowOf('7');
    expect(row?.spans.some(({ isInverse, text }) => isInverse === true && text.includes('BTC/USDT'))).toBe(true);
    expect(rowOf('8')?.spans.some(({ isInverse }) => isInverse)).toBe(false);
  });

  it('tells what a click picks where panes stand beside each other', () => {
    const right: LogBlock = { ...journal, id: 'right', area: 'half', rank: 1 };
    const left: TableBlock = { ...runs, id: 'left', area: 'half', columns: runs.columns.slice(0, 2) };
    const [, , , line] = layout(viewOf(left, right), { columns: 100, isBare: true });
    expect(line?.targets).toEqual([
      { block: 'left', key: '8', from: 1, to: 49 },
      { block: 'right', key: '8841', from: 50, to: 99 },
    ]);
  });
});

describe('what does not fit in a line', () => {
  it('status: the highest ranks leave, the first fact and the clock stay', () => {
    const long = {
      ...small,
      status: [
        fact('|PAPER'),
        fact('|main@binanceusdm^0'),
        fact('engine|3d04h^2'),
        fact('user|1.1s'),
        ...small.status.slice(3),
      ],
    };
    expect(frame({ ...long, blocks: [] }, { columns: 50, rows: 1 })).toBe(
      '\nPAPER  main@binanceusdm  user 1.1s  07:41:09 UTC\n',
    );
    expect(frame({ ...long, blocks: [] }, { columns: 40, rows: 1 })).toBe('\nPAPER  main@binanceusdm  07:41:09 UTC\n');
    expect(frame({ ...long, blocks: [] }, { columns: 25, rows: 2 })).toBe('\nPAPER  main@binanceusdm\n07:41:09 UTC\n');
  });

  it('keys: they leave from the middle, help, panic and leave stay', () => {
    const words = ['entries', 'everything', 'position', 'settings', 'strategies', 'candles', 'alerts'];
    const keys = words.map((word, index) => action(String(index), word));
    const view = {
      ...viewOf(),
      actions: [...keys, action('?', 'help'), action('!', 'panic', 'no engine'), action('q', 'leave')],
    };
    expect(frame(view, { columns: 80 })).toBe(
      '\n 0 entries  1 everything  2 position  3 settings  …  ? help  ! panic  q leave\n',
    );
  });

  it('log lines: clipped at the end, never within a number', () => {
    const log: LogBlock = { ...journal, lines: [{ key: '1', cells: [cell('06:30'), cell('LONG 0.072 @ 61,840.25')] }] };
    const clipped = [28, 27, 24, 21, 18, 16].map(
      (columns) => frame(viewOf(log), { columns, isBare: true }).split('\n')[2],
    );
    expect(clipped).toEqual([
      '06:30 LONG 0.072 @ 61,840.25',
      '06:30 LONG 0.072 @…',
      '06:30 LONG 0.072 @…',
      '06:30 LONG 0.072 @…',
      '06:30 LONG 0.072…',
      '06:30 LONG…',
    ]);
  });

  it('tables: with too little width even for what must stay, rows become facts', () => {
    const table: TableBlock = {
      ...runs,
      picked: undefined,
      columns: runs.columns.slice(0, 4).map((column) => ({ ...column, rank: 0 })),
      rows: runs.rows.slice(0, 1),
    };
    expect(frame(viewOf(table), { columns: 30, isBare: true })).toBe(`
─ RUNS ───────────────────────
# 7  symbol BTC/USDT:USDT
strategy trend 15m
state RUNNING
`);
  });

  it('sentences: at blanks, but not between a number and its unit', () => {
    const block = note('a', 'main', 0, '', 'costs eat too much (25.33 % > 20 %), 1.25 R');
    const lines = (columns: number): string[] =>
      frame(viewOf(block), { columns, isBare: true }).split('\n').slice(2, -1);
    expect(lines(34)).toEqual(['costs eat too much (25.33 % >', '20 %), 1.25 R']);
    expect(lines(26)).toEqual(['costs eat too much', '(25.33 % > 20 %), 1.25 R']);
    expect(lines(10)).toEqual(['costs eat', 'too much', '(25.33 % >', '20 %),', '1.25 R']);
  });

  it('a number that is wider than everything is left out as a whole', () => {
    const block = facts('a', 'main', 0, 'A', ['qty|1234567890123456789012345', 'fee|2.23']);
    expect(frame(viewOf(block), { columns: 20, isBare: true })).toBe('\n─ A ────────────────\nqty …\nfee 2.23\n');
  });
});
