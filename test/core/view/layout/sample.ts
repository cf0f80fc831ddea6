import type {
  Action,
  Block,
  Cell,
  ChartBlock,
  Fact,
  FactsBlock,
  LogBlock,
  NoteBlock,
  TableBlock,
  Tone,
  View,
} from '../../../../src/core/view/view.ts';

export const cell = (text: string, tone?: Tone): Cell => ({ value: text, text, tone });

/** `label|cell|cell` with an optional `^rank` at the end. */
export function fact(line: string): Fact {
  const [body = '', rank] = line.split('^');
  const [label = '', ...cells] = body.split('|');
  return {
    name: label,
    label,
    cells: cells.map((text) => cell(text)),
    rank: rank === undefined ? undefined : Number(rank),
  };
}

export const facts = (
  id: string,
  area: Block['area'],
  rank: number,
  title: string,
  ...lines: string[][]
): FactsBlock => ({
  kind: 'facts',
  id,
  area,
  rank,
  title,
  lines: lines.map((line) => line.map(fact)),
});

export const note = (id: string, area: Block['area'], rank: number, title: string, ...lines: string[]): NoteBlock => ({
  kind: 'note',
  id,
  area,
  rank,
  title,
  lines,
  tone: 'plain',
});

export const action = (key: string, label: string, disabled?: string): Action => ({
  id: label,
  label,
  key,
  stakes: 'none',
  link: { to: 'command', words: [label] },
  disabled,
});

const MINUTES_15 = 900_000;
const START = 1_746_322_200_000;

/** A price that wanders the same way each time. */
function candles(): [number, number, number, number, number][] {
  let open = 61_240;
  return Array.from({ length: 24 }, (_, index) => {
    const move = [40, -30, 80, 60, -50, 20, 90, -20][index % 8] ?? 0;
    const close = open + move;
    const row: [number, number, number, number, number] = [
      START + index * MINUTES_15,
      open,
      Math.max(open, close) + 35,
      Math.min(open, close) - 45,
      close,
    ];
    open = close;
    return row;
  });
}

export const chart: ChartBlock = {
  kind: 'chart',
  id: 'chart',
  area: 'main',
  rank: 5,
  title: '15m  24 closes shown',
  empty: 'no candles',
  height: 12,
  chart: {
    of: 'candles',
    candles: candles(),
    digits: 1,
    levels: [
      { name: 'TP', price: 63_077, tone: 'good' },
      { name: 'IN', price: 61_400.2, tone: 'accent' },
      { name: 'SL', price: 61_121.8, tone: 'bad' },
      { name: 'LIQ', price: 31_044, tone: 'warn' },
    ],
    last: 61_810,
    fills: [{ at: START + 5 * MINUTES_15 + 1, price: 61_400.2, side: 'buy' }],
  },
};

export const runs: TableBlock = {
  kind: 'table',
  id: 'runs',
  area: 'wide',
  rank: 3,
  title: 'RUNS',
  empty: 'no runs',
  picked: '7',
  columns: [
    { name: 'run', title: '#', align: 'right', rank: 0 },
    { name: 'symbol', title: 'symbol', rank: 0 },
    { name: 'strategy', title: 'strategy', rank: 3 },
    { name: 'state', title: 'state', rank: 0 },
    { name: 'signal', title: 'signal', rank: 2 },
    { name: 'net', title: 'net', align: 'right', rank: 1 },
    { name: 'cap', title: 'cap', align: 'right', rank: 4 },
    { name: 'note', title: 'note', rank: 5, isFlexible: true },
  ],
  rows: [
    ['7', 'BTC/USDT:USDT', 'trend 15m', 'RUNNING', 'BUY 4/6 1h26m', '+14.63', '50 %', ''],
    ['8', 'ETH/USDT:USDT', 'trend 15m', 'RUNNING', 'HOLD 2h40m', '', '25 %', 'cooldown 06:12'],
    ['9', 'SOL/USDT:USDT', 'ema-cross', 'OBSERVING', 'SELL 2/2 14m', '', '', 'signals only'],
  ].map((cells) => ({ key: cells[0] ?? '', cells: cells.map((text) => cell(text)) })),
};

export const journal: LogBlock = {
  kind: 'log',
  id: 'journal',
  area: 'wide',
  rank: 4,
  title: 'JOURNAL',
  empty: 'nothing yet',
  lines: [
    ['07:30:00', '8852', 'signal_raised', 'BTC', 'BUY 4/6 holds (htf200 against)'],
    ['07:12:44', '8847', 'alert_raised', 'ETH', 'stream back after 3.4 s; entries were blocked, none missed'],
    ['06:30:02', '8841', 'stop_placed', 'BTC', '61,221.8 reduce-only mark, acknowledged 0.31 s after the fill'],
    ['06:30:01', '8839', 'live_position_opened', 'BTC', 'LONG 0.072 @ 61,840.2  slip 0.3 bps  fee 2.23  risk 50.28'],
    ['06:30:01', '8836', 'order_intended', 'BTC', 'buy 0.072 IOC <= 61,932.9 (cap 15 bps)'],
  ].map((cells) => ({ key: cells[1] ?? '', cells: cells.map((text) => cell(text)) })),
};

/** A screen as dense as the Auto screen. */
export const auto: View = {
  screen: 'auto',
  title: 'Auto',
  asOf: START,
  status: [
    '|LIVE^0',
    '|main@binanceusdm^0',
    '|RUNNING|ACTIVE^0',
    'engine|3d04h^4',
    'quote|0.2s^1',
    'mark|0.9s^2',
    'user|1.1s^1',
    'clock|+12ms^3',
  ]
    .map(fact)
    .concat([{ name: 'clock', label: '', cells: [cell('07:41:09 UTC')] }]),
  blocks: [
    facts(
      'position',
      'main',
      0,
      'POSITION  BTC/USDT:USDT  run 7  trend 15m/1h',
      ['|LONG 0.072 BTC', '|1h11m', 'NET IF CLOSED NOW|+14.63|+0.29 R'],
      ['entry|61,840.2', 'mark|62,105.4|+0.43 %', 'gross|+19.09^3', 'costs|-4.46^3'],
      ['SL|61,221.8|-1.42 %', '|WORKING at venue', 'max loss here|-50.28^2'],
      ['TP|63,077.0|+1.56 %', '|resting^2', 'break-even|61,902.1^1'],
      ['ML|-80.00 USDT', '|beyond SL, engine only^2', 'liq|31,044|-50.0 %'],
      ['size|4,452 notional', '|2,226 margin', '|2x isolated^1', 'funding|-0.45 in 18:51^3'],
    ),
    facts(
      'signal',
      'side',
      1,
      'SIGNAL',
      ['|BUY 4/6', 'since|06:15:00', '|1h26m'],
      ['|ema+|di+|donchian+|supertrend+'],
      ['|htf200-|volume.', 'conf|0.67^2'],
      ['next close in|03:51^1'],
    ),
    facts(
      'risk',
      'side',
      1,
      'RISK BUDGET',
      ['risk/trade|0.50 %', 'heat|0.50/2.0 %'],
      ['reserved|2,226 of 5,073', '|22/50 %'],
      ['day|+46.23|+0.46 %', 'block|-202', 'flat|-303^2'],
      ['slots|1/3', 'entries today|3/20'],
    ),
    note(
      'dies',
      'side',
      2,
      'IF THIS MACHINE DIES NOW',
      '1 stop rests at binance: 61,221.8; to the stop -64.91 (0.64 % of equity)',
    ),
    note(
      'why',
      'side',
      3,
      'WHY / WHY NOT  since 00:00',
      '30 closes > 9 candidates > 4 ready > 3 orders, 1 denied: SPREAD_WIDE 05:15 (4.1 bps > 3.0)   press w for the chain',
    ),
    chart,
    runs,
    journal,
  ],
  actions: [
    action('s', 'stop'),
    action('p', 'pause entries'),
    action('c', 'close'),
    action('f', 'flip', 'no position'),
    action('e', 'risk'),
    action('t', 'trade'),
    action('w', 'why'),
    action('/', 'filter'),
    action('z', 'freeze'),
    action('?', 'help'),
    action('!', 'panic'),
    action('q', 'leave'),
  ],
};

export const viewOf = (...blocks: Block[]): View => ({
  screen: 'auto',
  title: '',
  status: [],
  blocks,
  actions: [],
  asOf: null,
});
