import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createEquityTracker } from '../../../src/core/analytics/equity.ts';
import { METRICS } from '../../../src/core/analytics/metrics.ts';
import { summarize } from '../../../src/core/analytics/summary.ts';
import { type Money, money, price, qty } from '../../../src/core/base/decimal.ts';
import type { ClosedBody } from '../../../src/core/domain/events.ts';
import { metricText } from '../../../src/core/view/metric-text.ts';
import { type BacktestView, renderBacktest } from '../../../src/core/view/report.ts';
import { printable, widthOf } from '../../../src/core/view/width.ts';
import { DAY, HOUR, record, START, trade } from '../analytics/trade.ts';

const REASONS = ['stop', 'target', 'flip'];
const PNL = [30, -20, -10, 40, -20, -10, 20];

/** Trades of three hours, one every four: seven of them win 90 and lose 60, and so on. */
function tradesOf(count: number): ClosedBody[] {
  return Array.from({ length: count }, (_, i) =>
    trade({
      pnl: String(PNL[i % 7]),
      side: i % 2 === 0 ? 'long' : 'short',
      fees: '0.8',
      entry: i * 4,
      exit: i * 4 + 3,
      r: (PNL[i % 7] ?? 0) / 20,
      mae: -12.5,
      mfe: 20,
      reason: REASONS[i % 3] ?? 'stop',
    }),
  );
}

function viewOf(count: number, more: Partial<BacktestView> = {}): BacktestView {
  const trades = tradesOf(count);
  const tracker = createEquityTracker(1000, START);
  let equity = 1000;
  for (const { exitAt, pnl } of trades) {
    equity += Number(pnl / 10n ** 18n);
    tracker.mark(exitAt, equity);
  }
  const to = START + Math.max(1, count) * 4 * HOUR;
  const all = record(trades, { tracker, to, finalEquity: money(String(equity)) as Money });
  return {
    title: 'ema-cross 1 on BTC/USDT:USDT, 1m',
    asset: 'USDT',
    facts: [{ name: 'candles', value: '43,200, 2 gaps with 14 missing' }],
    summary: summarize(all),
    on: [
      { name: 'taker fee', value: '0.04 %', on: true },
      { name: 'heat', value: '', on: false },
      { name: 'day loss', value: '', on: false },
    ],
    trades,
    curve: tracker.curve(),
    ...more,
  };
}

const render = (view: BacktestView, columns: number, ascii = true): string =>
  `\n${renderBacktest(view, columns, { ascii }).join('\n')}\n`;
const section = (text: string, title: string): string =>
  text.split(/\n-- /).find((part) => part.startsWith(title)) ?? '';

describe('backtest report', () => {
  it('reads on a phone', () => {
    expect(render(viewOf(24), 38, false)).toMatchInlineSnapshot(`
      "
      ema-cross 1 on BTC/USDT:USDT, 1m
      2025-05-04 00:00 to 2025-05-08 00:00
      UTC (4d00h)
      candles  43,200, 2 gaps with 14
               missing

      ── Summary (USDT) ────────────────────
      Result
        Start balance               1,000.00
        Net deposits                    0.00
        Final equity                1,090.00
        Net profit                     90.00
        Closed profit                  90.00
        Total return                  9.00 %
        CAGR                             n/a
        Market change                    n/a

      Risk
        Max drawdown                  2.91 %
        Max drawdown amount            30.00
        Drawdown duration             12h00m
        Drawdown recovery              4h00m
        Longest underwater            16h00m
        Ulcer index                      n/a
        Volatility a year                n/a
        Value at risk 95 %               n/a
        Skewness of days                 n/a
        Kurtosis of days                 n/a

      Ratios
        Sharpe                           n/a
        Sortino                          n/a
        Calmar                           n/a
        Omega                            n/a
        Probabilistic Sharpe             n/a
        Profit to drawdown              3.00
        Profit factor                   1.43
        Payoff                          2.00
        Expectancy                      3.75
        Expectancy in R              +0.19 R

      Trades
        Trades                            24
        Long trades                       12
        Short trades                      12
        Win rate                     41.67 %
        Win rate long                41.67 %
        Win rate short               41.67 %
        Long profit                    30.00
        Short profit                   60.00
        Won by winners                300.00
        Lost by losers               -210.00
        Average win                    30.00
        Average loss                  -15.00
        Best trade                     40.00
        Worst trade                   -20.00
        Most wins in a row                 2
        Most losses in a row               2
        Average duration               3h00m
        Median duration                3h00m
        Duration of wins               3h00m
        Duration of losses             3h00m
        Average MAE                   -12.50
        Largest MAE                   -12.50
        Average MFE                    20.00
        Largest MFE                    20.00
        Average given back             15.45
        Trades a day                    6.00

      Days
        Days                               4
        Days won                           3
        Days lost                          1
        Best day                      4.76 %
        Worst day                    -0.91 %
        Average day                      n/a

      Costs and use
        Fees                           19.20
        Funding                         0.00
        Fee share of wins             6.23 %
        Funding share of wins         0.00 %
        Traded value               24,000.00
        Turnover                      22.59x
        Exposure                     75.00 %

      n/a: under 10 trades or 14 days, or
      nothing to divide by

      ── By exit ───────────────────────────
      exit    trades  won  win rate     pnl
      flip         8    3    37.5 %  +20.00
      stop         8    4    50.0 %  +60.00
      target       8    3    37.5 %  +10.00

      ── What was on ───────────────────────
      taker fee  0.04 %
      off: heat; day loss

      ── Equity ────────────────────────────
      1,120 ┤                           ⢠⢣
            │                   ⡀  ⢀⢦  ⢠⠃ ⠣⢄
            │              ⡀   ⢰⠉⢆ ⡜ ⠣⢄⠎
      1,060 ┤          ⣄  ⢰⠙⡄ ⢀⠎  ⠳⠁
            │     ⣄   ⡸ ⠣⣀⠇ ⠈⠢⠊
            │ ⡜⡄ ⢰⠉⢆ ⡰⠁  ⠈
      1,000 ┤⡜ ⠘⠤⡎  ⠑⠁
             2025-05-04           2025-05-08

      ── Drawdown ──────────────────────────
       0.00 % ┤⠉⢇   ⡇   ⣸   ⣇   ⢠⡇  ⢸   ⢠⢇
              │ ⢸  ⢸⢸  ⢀⠇⡇ ⢠⢻  ⢠⠃⢸  ⡇⡇  ⡜⠸⡀
              │  ⡇ ⢸⢸  ⡸ ⡇ ⢸ ⡇ ⡸ ⠸⡀ ⡇⢇ ⢀⠇ ⡇
              │  ⢱ ⡇ ⡇ ⡇ ⢸ ⢸ ⢱ ⡇  ⡇⢸ ⢸ ⢸  ⢸
              │  ⠈⡆⡇ ⢱⢸  ⠈⢆⡎ ⠈⣆⠇  ⢸⡸  ⢣⡸   ⡇
      -2.91 % ┤   ⢹  ⠈⡎   ⠈⠇  ⠹    ⠇  ⠈⠇   ⠘
               2025-05-04         2025-05-08

      ── Trades ────────────────────────────
      side   exit at         pnl  exit by
      LONG   05-04 03:00  +30.00  stop
      SHORT  05-04 07:00  -20.00  target
      LONG   05-04 11:00  -10.00  flip
      SHORT  05-04 15:00  +40.00  stop
      LONG   05-04 19:00  -20.00  target
      SHORT  05-04 23:00  -10.00  flip
      LONG   05-05 03:00  +20.00  stop
      SHORT  05-05 07:00  +30.00  target
      LONG   05-05 11:00  -20.00  flip
      SHORT  05-05 15:00  -10.00  stop
      ... 4 trades left out ...
      LONG   05-06 11:00  +30.00  flip
      SHORT  05-06 15:00  -20.00  stop
      LONG   05-06 19:00  -10.00  target
      SHORT  05-06 23:00  +40.00  flip
      LONG   05-07 03:00  -20.00  stop
      SHORT  05-07 07:00  -10.00  target
      LONG   05-07 11:00  +20.00  flip
      SHORT  05-07 15:00  +30.00  stop
      LONG   05-07 19:00  -20.00  target
      SHORT  05-07 23:00  -10.00  flip
      "
    `);
  });

  it('has two columns of metrics from 100 columns on', () => {
    expect(section(render(viewOf(96), 100), 'Summary')).toMatchInlineSnapshot(`
      "Summary (USDT) ----------------------------------------------------------------------------------
      Result                                            Trades
        Start balance                       1,000.00      Trades                                    96
        Net deposits                            0.00      Long trades                               48
        Final equity                        1,410.00      Short trades                              48
        Net profit                            410.00      Win rate                             42.71 %
        Closed profit                         410.00      Win rate long                        43.75 %
        Total return                         41.00 %      Win rate short                       41.67 %
        CAGR                            253,448.48 %      Long profit                           220.00
        Market change                            n/a      Short profit                          190.00
                                                          Won by winners                      1,240.00
      Risk                                                Lost by losers                       -830.00
        Max drawdown                          2.91 %      Average win                            30.24
        Max drawdown amount                    30.00      Average loss                          -15.09
        Drawdown duration                     12h00m      Best trade                             40.00
        Drawdown recovery                      4h00m      Worst trade                           -20.00
        Longest underwater                    16h00m      Most wins in a row                         2
        Ulcer index                           0.30 %      Most losses in a row                       2
        Volatility a year                    37.98 %      Average duration                       3h00m
        Value at risk 95 %                   -0.81 %      Median duration                        3h00m
        Skewness of days                       -0.29      Duration of wins                       3h00m
        Kurtosis of days                        1.51      Duration of losses                     3h00m
                                                          Average MAE                           -12.50
      Ratios                                              Largest MAE                           -12.50
        Sharpe                                 21.04      Average MFE                            20.00
        Sortino                               139.55      Largest MFE                            20.00
        Calmar                             87,017.31      Average given back                     14.93
        Omega                                  21.72      Trades a day                            6.00
        Probabilistic Sharpe                 99.98 %
        Profit to drawdown                     13.67    Days
        Profit factor                           1.49      Days                                      16
        Payoff                                  2.00      Days won                                  12
        Expectancy                              4.27      Days lost                                  2
        Expectancy in R                      +0.21 R      Best day                              4.76 %
                                                          Worst day                            -0.91 %
                                                          Average day                           2.19 %

                                                        Costs and use
                                                          Fees                                   76.80
                                                          Funding                                 0.00
                                                          Fee share of wins                     6.03 %
                                                          Funding share of wins                 0.00 %
                                                          Traded value                       96,000.00
                                                          Turnover                              78.69x
                                                          Exposure                             75.00 %

      n/a: under 10 trades or 14 days, or nothing to divide by
      "
    `);
  });

  it('has one column of metrics below', () => {
    const lines = section(render(viewOf(24), 99), 'Summary').split('\n');
    const titles = lines.filter((line) => line.startsWith('  ')).map((line) => line.slice(2, 26).trim());
    expect(titles.sort()).toEqual(METRICS.map(({ title }) => title).sort());
    expect(Math.max(...lines.slice(1, -3).map(widthOf))).toBe(46);
  });

  it('shows every metric at every width, as the one formatter writes it', () => {
    const view = viewOf(96);
    for (const columns of [38, 80, 120, 200]) {
      const text = section(render(view, columns), 'Summary');
      for (const { name, title, unit } of METRICS) {
        expect(text, `${name} at ${columns}`).toMatch(
          new RegExp(`  ${title} +${escaped(metricText(unit, view.summary[name], 2))}( |\n|$)`),
        );
      }
    }
  });

  it('shows the first ten and the last ten trades and says how many are between', () => {
    expect(section(render(viewOf(1_020), 80), 'Trades')).toMatchInlineSnapshot(`
      "Trades ----------------------------------------------------------------------
          #  side   exit at       held     entry      exit     pnl      R  exit by
          1  LONG   05-04 03:00  3h00m  1,000.00  1,010.50  +30.00  +1.50  stop
          2  SHORT  05-04 07:00  3h00m  1,000.00  1,010.50  -20.00  -1.00  target
          3  LONG   05-04 11:00  3h00m  1,000.00  1,010.50  -10.00  -0.50  flip
          4  SHORT  05-04 15:00  3h00m  1,000.00  1,010.50  +40.00  +2.00  stop
          5  LONG   05-04 19:00  3h00m  1,000.00  1,010.50  -20.00  -1.00  target
          6  SHORT  05-04 23:00  3h00m  1,000.00  1,010.50  -10.00  -0.50  flip
          7  LONG   05-05 03:00  3h00m  1,000.00  1,010.50  +20.00  +1.00  stop
          8  SHORT  05-05 07:00  3h00m  1,000.00  1,010.50  +30.00  +1.50  target
          9  LONG   05-05 11:00  3h00m  1,000.00  1,010.50  -20.00  -1.00  flip
         10  SHORT  05-05 15:00  3h00m  1,000.00  1,010.50  -10.00  -0.50  stop
      ... 1,000 trades left out ...
      1,011  LONG   10-19 11:00  3h00m  1,000.00  1,010.50  -10.00  -0.50  flip
      1,012  SHORT  10-19 15:00  3h00m  1,000.00  1,010.50  +40.00  +2.00  stop
      1,013  LONG   10-19 19:00  3h00m  1,000.00  1,010.50  -20.00  -1.00  target
      1,014  SHORT  10-19 23:00  3h00m  1,000.00  1,010.50  -10.00  -0.50  flip
      1,015  LONG   10-20 03:00  3h00m  1,000.00  1,010.50  +20.00  +1.00  stop
      1,016  SHORT  10-20 07:00  3h00m  1,000.00  1,010.50  +30.00  +1.50  target
      1,017  LONG   10-20 11:00  3h00m  1,000.00  1,010.50  -20.00  -1.00  flip
      1,018  SHORT  10-20 15:00  3h00m  1,000.00  1,010.50  -10.00  -0.50  stop
      1,019  LONG   10-20 19:00  3h00m  1,000.00  1,010.50  +40.00  +2.00  target
      1,020  SHORT  10-20 23:00  3h00m  1,000.00  1,010.50  -20.00  -1.00  flip
      "
    `);
  });

  it.each([
    [20, 0, ''],
    [21, 1, '... 1 trade left out ...'],
    [22, 2, '... 2 trades left out ...'],
  ])('of %i trades leaves out %i', (count, hidden, mark) => {
    const lines = section(render(viewOf(count), 80), 'Trades')
      .trimEnd()
      .split('\n')
      .slice(2);
    expect(lines.filter((line) => /^ *\d/.test(line))).toHaveLength(count - hidden);
    expect(lines.filter((line) => line.startsWith('...'))).toEqual(mark === '' ? [] : [mark]);
  });

  it('drops columns of the trades by rank as the terminal narrows', () => {
    const heads = [200, 120, 80, 60, 38, 20].map(
      (columns) => section(render(viewOf(3), columns), 'Trades').split('\n')[1],
    );
    expect(`\n${heads.join('\n')}\n`).toMatchInlineSnapshot(`
      "
      #  side   entry at          exit at            held  qty     entry      exit  fees  funding     pnl      R  exit by
      #  side   entry at          exit at            held  qty     entry      exit  fees  funding     pnl      R  exit by
      #  side   exit at       held     entry      exit     pnl      R  exit by
      #  side   exit at       held     pnl      R  exit by
      side   exit at         pnl  exit by
      side   exit at     ~
      "
    `);
  });

  it('adds the exits up in a table', () => {
    expect(section(render(viewOf(24), 80), 'By exit')).toMatchInlineSnapshot(`
      "By exit ---------------------------------------------------------------------
      exit    trades  won  lost  win rate     pnl    avg R  avg time
      flip         8    3     5    37.5 %  +20.00  +0.13 R     3h00m
      stop         8    4     4    50.0 %  +60.00  +0.38 R     3h00m
      target       8    3     5    37.5 %  +10.00  +0.06 R     3h00m
      "
    `);
  });

  it('lists what was on and names what was off', () => {
    expect(section(render(viewOf(1), 80), 'What was on')).toBe(
      `What was on ${'-'.repeat(65)}\ntaker fee  0.04 %\noff: heat; day loss\n`,
    );
    expect(section(render(viewOf(1, { on: [] }), 80), 'What was on')).toContain('nothing: no limit and no cost model');
  });

  it('tells of the open position, the denials and the notes', () => {
    const open = {
      side: 'short',
      qty: qty('0.5'),
      entryAt: START + DAY,
      entryPrice: price('61840.2'),
      volume: money('30920.1'),
      fees: money('12.36804'),
      funding: money('-0.45'),
      gross: money('0'),
      mark: 61_900.5,
      unrealised: money('-30.15'),
    } as const;
    const text = render(viewOf(1, { open, denials: { SPREAD_WIDE: 1_200 }, notes: ['2 gaps blocked nothing.'] }), 80);
    expect(section(text, 'Open at the end')).toMatchInlineSnapshot(`
      "Open at the end -------------------------------------------------------------
      SHORT 0.5 since 2025-05-05 00:00 at 61,840.20, marked at 61,900.50: -30.15 USDT
      open before costs, fees 12.37, funding -0.45. Not closed and not counted as a
      trade.
      "
    `);
    expect(section(text, 'Denied entries')).toContain('SPREAD_WIDE  1,200\n');
    expect(text).toMatch(/\n\n2 gaps blocked nothing\.\n$/);
  });

  it('draws equity and a drawdown that hangs from 0', () => {
    const text = render(viewOf(96), 60);
    expect(section(text, 'Equity')).toMatchInlineSnapshot(`
      "Equity --------------------------------------------------
      1,430 +                                                . ||-
            |                                          . | ||'| '
            |                                    . |.|||| '
      1,287 +                               . |.|||' '
            |                         . |.||'| '
            |                    .|.|||-''
      1,143 +              . |||-'|'
            |        . |.|||| '
            |  . |.||||''
      1,000 +.|||''
             2025-05-04                                 2025-05-20
      "
    `);
    expect(section(text, 'Drawdown')).toMatchInlineSnapshot(`
      "Drawdown ------------------------------------------------
       0.00 % +'|| | | || | | | | || | | | | || | | | | || | | ||
              | || | |||| |.|.|.||||.|.| |.||||.|.|||.||||.|||||||
              | |||||||||||||||||||||||| ||||||||||| |||||||||||||
              | |||||||||||||||||||||||||'||||||'||| |||||| |||'|
              | ||| |||||| '|| |'|'|| | | | | || | | | | || | | '
      -2.91 % +  || | | ||  |' ' ' ''
               2025-05-04                               2025-05-20
      "
    `);
  });

  it('says so where nothing was traded', () => {
    const text = render(viewOf(0), 80);
    expect(section(text, 'Trades')).toContain('no trade was closed');
    expect(section(text, 'By exit')).toContain('no trade was closed');
    expect(section(text, 'Equity')).toContain('no data');
    expect(section(text, 'Summary')).toContain('n/a: under 10 trades or 14 days');
  });

  it('writes money in the digits of the asset', () => {
    const text = render(viewOf(24, { asset: 'BTC', digits: { money: 8, price: 1, qty: 3 } }), 200);
    expect(section(text, 'Summary')).toContain('1,000.00000000');
    expect(section(text, 'Trades')).toMatch(/ 0\.500 +1,000\.0 +1,010\.5 +0\.80000000 /);
  });

  it('is never wider than asked, and plain where ASCII is asked for', () => {
    const title = fc.string({ unit: fc.constantFrom('a', ' ', '\u6bd4', '\u0416', '\u001b', '\n'), maxLength: 60 });
    fc.assert(
      fc.property(
        fc.integer({ min: 20, max: 220 }),
        fc.integer({ min: 0, max: 40 }),
        fc.boolean(),
        title,
        (columns, count, ascii, name) => {
          const view = viewOf(count, {
            title: name,
            facts: [{ name, value: name }],
            on: [{ name, value: name }],
            notes: [name],
          });
          for (const line of renderBacktest(view, columns, { ascii })) {
            expect(widthOf(line), line).toBeLessThanOrEqual(columns);
            expect(line).toBe(printable(line));
            if (ascii) expect(line).toMatch(/^[ -~]*$/);
          }
        },
      ),
      { numRuns: 60 },
    );
  });
});

const escaped = (text: string): string => text.replace(/[.*+?^${}()|[\]\\/]/g, '\\$&');
