import { describe, expect, it } from 'vitest';
import { createEquityTracker } from '../../../src/core/analytics/equity.ts';
import { sharpeIsAboveZero } from '../../../src/core/analytics/metric/psr.ts';
import { type MetricValue, YEAR_DAYS } from '../../../src/core/analytics/metric.ts';
import { METRICS, metricOf } from '../../../src/core/analytics/metrics.ts';
import { type OpenTrade, type TradingRecord, tally } from '../../../src/core/analytics/record.ts';
import { money, price, qty } from '../../../src/core/base/decimal.ts';
import { DAY, daily, HOUR, record, START, trade } from './trade.ts';

function measure(name: string, from: TradingRecord): MetricValue {
  const metric = metricOf(name);
  if (metric === undefined) throw new Error(`expected a metric, found ${name}`);
  return metric.compute(tally(from));
}

/**
 * Ten trades, held 1, 2, ... 10 hours one after the other, long and short in turn, 500 in and 500 out, a fee of 1 each;
 * the first also paid 2 of funding. They win 30 20 40 10 10 = 110 and lose 10 10 10 20 20 = 70.
 */
const PNL = ['30', '-10', '20', '-10', '-10', '40', '-20', '10', '10', '-20'];
const TEN = PNL.map((pnl, i) => {
  const entry = (i * (i + 1)) / 2;
  return trade({
    pnl,
    side: i % 2 === 0 ? 'long' : 'short',
    fees: '1',
    funding: i === 0 ? '-2' : '0',
    entry,
    exit: entry + i + 1,
    r: Number(pnl) / 20,
    mae: i === 3 ? -25 : -5,
    mfe: i === 5 ? 60 : 10,
  });
});
/** Marked at the hours 1 to 6; the fall from 1,200 to 900 is back at 1,200 two hours later. */
const hours = (): ReturnType<typeof createEquityTracker> => {
  const tracker = createEquityTracker(1000, START);
  [1200, 900, 1100, 1200, 1300, 1170].forEach((equity, i) => {
    tracker.mark(START + (i + 1) * HOUR, equity);
  });
  return tracker;
};
const traded = record(TEN, { to: START + 110 * HOUR, tracker: hours(), market: { first: 200, last: 150 } });

/** Fourteen days, +2 % and -1 % in turn: mean 0.5 %, every day 1.5 % away from it. Half a year, 1,000 to 1,100. */
const closes: number[] = [];
for (let i = 0; i < 14; i++) closes.push((closes.at(-1) ?? 1000) * (i % 2 === 0 ? 1.02 : 0.99));
const days = record([], {
  finalEquity: money('1100'),
  tracker: daily(1000, closes),
  to: START + (YEAR_DAYS / 2) * DAY,
});
const SHARPE_DAY = Math.sqrt(13 / 14) / 3;

/** 1,000 earned 10 %, 500 came, 1,600 lost 20 %, 280 left: the account holds as much as it began with. */
const fed = ((): TradingRecord => {
  const tracker = createEquityTracker(1000, START);
  tracker.mark(START + DAY, 1100);
  tracker.flow(500);
  tracker.mark(START + 2 * DAY, 1280);
  tracker.flow(-280);
  const end = { balance: money('1000'), finalEquity: money('1000') };
  return record([], { ...end, deposits: money('220'), tracker, to: START + 2 * DAY });
})();

/** name, record, expected value */
const TABLE: readonly (readonly [string, TradingRecord, MetricValue])[] = [
  ['startBalance', traded, '1000'],
  ['netDeposits', fed, '220'],
  ['finalEquity', traded, '1040'],
  ['netProfit', traded, '40'],
  ['closedProfit', traded, '40'],
  ['totalReturn', traded, 0.04],
  ['cagr', days, 0.21],
  ['marketChange', traded, -0.25],
  ['maxDrawdown', traded, 0.25],
  ['maxDrawdownAmount', traded, '300'],
  ['drawdownDuration', traded, 3 * HOUR],
  ['drawdownRecovery', traded, 2 * HOUR],
  ['underwater', traded, 3 * HOUR],
  // seven of fourteen closes are 1 % under the peak
  ['ulcerIndex', days, Math.sqrt(0.0001 / 2)],
  ['volatility', days, 0.015 * Math.sqrt(14 / 13) * Math.sqrt(365)],
  ['valueAtRisk', days, -0.01],
  ['skewness', days, 0],
  ['kurtosis', days, 1],
  ['sharpe', days, SHARPE_DAY * Math.sqrt(365)],
  // downside: seven losses of 1 % over fourteen days
  ['sortino', days, (0.005 / Math.sqrt(0.0001 / 2)) * Math.sqrt(365)],
  ['calmar', days, 0.21 / 0.01],
  ['omega', days, 2],
  // skewness 0 and kurtosis 1 leave a divisor of 1: N(1.158119)
  ['psr', days, 0.8765949233690942],
  ['profitToDrawdown', traded, 40 / 300],
  ['profitFactor', traded, 110 / 70],
  ['payoff', traded, 22 / 14],
  ['expectancy', traded, '4'],
  ['expectancyR', traded, 0.2],
  ['trades', traded, 10],
  ['longTrades', traded, 5],
  ['shortTrades', traded, 5],
  ['winRate', traded, 0.5],
  // 30 + 20 - 10 - 20 + 10 of the longs, -10 - 10 + 40 + 10 - 20 of the shorts
  ['longProfit', traded, '30'],
  ['shortProfit', traded, '10'],
  ['winRateLong', record(TEN.concat(TEN)), 0.6],
  ['winRateShort', record(TEN.concat(TEN)), 0.4],
  ['grossProfit', traded, '110'],
  ['grossLoss', traded, '-70'],
  ['averageWin', traded, '22'],
  ['averageLoss', traded, '-14'],
  ['bestTrade', traded, '40'],
  ['worstTrade', traded, '-20'],
  ['winsInRow', traded, 2],
  ['lossesInRow', traded, 2],
  ['durationAverage', traded, 5.5 * HOUR],
  ['durationMedian', traded, 5.5 * HOUR],
  // winners 1 3 6 8 9 hours, losers 2 4 5 7 10
  ['durationWins', traded, 5.4 * HOUR],
  ['durationLosses', traded, 5.6 * HOUR],
  ['maeAverage', traded, '-7'],
  ['maeLargest', traded, '-25'],
  ['mfeAverage', traded, '15'],
  ['mfeLargest', traded, '60'],
  // best open profit 150 in all, gross 40 + 10 of fees + 2 of funding
  ['givenBack', traded, '9.8'],
  ['tradesPerDay', record(TEN), 1],
  ['days', days, 14],
  ['daysWon', days, 7],
  ['daysLost', days, 7],
  ['bestDay', days, 0.02],
  ['worstDay', days, -0.01],
  ['dailyAverage', days, 0.005],
  ['fees', traded, '10'],
  ['funding', traded, '-2'],
  // winners before costs: 33 + 21 + 41 + 11 + 11
  ['feeShare', traded, 10 / 117],
  ['fundingShare', traded, 2 / 117],
  ['volume', traded, '10000'],
  // one day closed at 1,170
  ['turnover', traded, 10_000 / 1170],
  // 55 of 110 hours
  ['exposure', traded, 0.5],
];

describe('metrics by hand', () => {
  it.each(TABLE)('%s', (name, from, expected) => {
    const value = measure(name, from);
    if (typeof expected === 'number') expect(value).toBeCloseTo(expected, 10);
    else expect(value).toBe(expected);
  });

  it('has every metric of the registry in the table, once', () => {
    expect(TABLE.map(([name]) => name).sort()).toEqual(METRICS.map(({ name }) => name).sort());
  });

  it('says of every metric what it is, in one line each', () => {
    for (const { name, title, about } of METRICS) {
      expect(name).toMatch(/^[a-z][a-zA-Z0-9]*$/);
      expect(title.length).toBeLessThanOrEqual(22);
      expect(about).toMatch(/[.)]$/);
    }
  });
});

describe('n/a', () => {
  const nine = record(TEN.slice(0, 9));
  const thirteen = record([], { tracker: daily(1000, closes.slice(0, 13)) });
  const flat = record([], { tracker: daily(1000, new Array(20).fill(1000)) });
  const rising = record([], {
    tracker: daily(
      1000,
      closes.map((_, i) => 1000 * 1.01 ** (i + 1)),
    ),
  });
  const ruined = record([], { tracker: daily(1000, [...closes, 0, 500]) });
  const winners = record(new Array(10).fill(trade({ pnl: '1' })));
  const empty = record([]);

  const cases: readonly (readonly [string, string, TradingRecord])[] = [
    ...METRICS.filter(({ needs }) => needs === 'trades').map(({ name }) => [name, '9 trades', nine] as const),
    ...METRICS.filter(({ needs }) => needs === 'days').map(({ name }) => [name, '13 days', thirteen] as const),
    ['sharpe', 'equity that never moved', flat],
    ['psr', 'equity that never moved', flat],
    ['skewness', 'equity that never moved', flat],
    ['kurtosis', 'equity that never moved', flat],
    ['sharpe', 'the same return each day', rising],
    ['sortino', 'no losing day', rising],
    ['omega', 'no losing day', rising],
    ['calmar', 'no drawdown', rising],
    ['sharpe', 'equity that reached 0', ruined],
    ['profitFactor', 'no loser', winners],
    ['averageLoss', 'no loser', winners],
    ['durationLosses', 'no loser', winners],
    ['profitToDrawdown', 'no drawdown', winners],
    ['expectancyR', 'no planned risk', winners],
    ['winRateLong', 'five longs', traded],
    ['bestTrade', 'no trade', empty],
    ['maeLargest', 'no trade', empty],
    ['mfeLargest', 'no trade', empty],
    ['marketChange', 'no market', empty],
    ['drawdownRecovery', 'no drawdown', empty],
    ['turnover', 'no day', empty],
    ['bestDay', 'no day', empty],
  ];
  it.each(cases)('%s: %s', (name, _why, from) => {
    expect(measure(name, from)).toBeUndefined();
  });

  it('never is a count or a sum', () => {
    const counts = METRICS.filter(({ unit, group }) => unit === 'count' || (group === 'result' && unit === 'money'));
    for (const { name } of [
      ...counts,
      ...METRICS.filter(({ name }) => /^(fees|funding|volume|maxDrawdown)$/.test(name)),
    ]) {
      expect(measure(name, empty), name).toBeDefined();
    }
  });

  it('is not the worst day of an account that was lost: the days after have no return', () => {
    expect(measure('worstDay', ruined)).toBe(-1);
    expect(measure('bestDay', ruined)).toBeCloseTo(0.02, 12);
  });

  it('ends with the tenth trade and the fourteenth day', () => {
    expect(measure('winRate', traded)).toBe(0.5);
    expect(measure('sharpe', days)).toBeTypeOf('number');
  });
});

describe('exactness', () => {
  it('sums money without a float', () => {
    const dust = record(new Array(10).fill(trade({ pnl: '0.100000000000000001' })));
    expect(measure('closedProfit', dust)).toBe('1.00000000000000001');
    expect(measure('netProfit', dust)).toBe('1.00000000000000001');
  });

  it('rounds an average down, against us, to eight digits', () => {
    const thirds = record([...new Array(11).fill(trade({ pnl: '-1' })), trade({ pnl: '1' })]);
    expect(measure('expectancy', thirds)).toBe('-0.83333334');
  });
});

describe('deposits and withdrawals', () => {
  // +10 % on 1,000, then -20 % on 1,600: 1.1 x 0.8 - 1 = -12 %, and 100 - 320 in money.
  it.each([
    ['netProfit', '-220'],
    ['totalReturn', -0.12],
    ['maxDrawdown', 0.2],
    ['maxDrawdownAmount', '320'],
    ['bestDay', 0.1],
    ['worstDay', -0.2],
    ['daysWon', 1],
  ] as const)('are no result: %s', (name, expected) => {
    const value = measure(name, fed);
    if (typeof expected === 'number') expect(value).toBeCloseTo(expected, 12);
    else expect(value).toBe(expected);
  });

  it('draw no step: the curve ends at the equity of today, and what was before is in proportion', () => {
    const { equity } = fed.tracker.curve();
    expect(equity.at(-1)).toBeCloseTo(1000, 9);
    expect(Array.from(equity, (value) => value / 1000)).toEqual(
      [1 / 0.88, 1.1 / 0.88, 1].map((value) => expect.closeTo(value, 9)),
    );
  });

  it('of everything leave the result as it was, until something is paid in again', () => {
    const tracker = createEquityTracker(1000, START);
    tracker.mark(START + HOUR, 900);
    tracker.flow(-900);
    tracker.mark(START + 2 * HOUR, 0);
    expect(tracker.drawdown).toBeCloseTo(0.1, 12);
    tracker.flow(5000);
    tracker.mark(START + 3 * HOUR, 5500);
    const end = { balance: money('5500'), finalEquity: money('5500'), deposits: money('4100') };
    const refilled = record([], { ...end, tracker });
    expect(measure('totalReturn', refilled)).toBeCloseTo(0.9 * 1.1 - 1, 12);
    expect(measure('netProfit', refilled)).toBe('400');
  });
});

describe('an open position', () => {
  const open: OpenTrade = {
    side: 'long',
    qty: qty('0.5'),
    entryAt: START + 5 * DAY,
    entryPrice: price('1000'),
    volume: money('500'),
    fees: money('0.5'),
    funding: money('-0.25'),
    gross: money('0'),
    mark: 1020,
    unrealised: money('10'),
  };
  const held = record([], { open: [open], balance: money('999.25'), finalEquity: money('1009.25') });

  it.each([
    ['trades', 0],
    ['netProfit', '9.25'],
    ['closedProfit', '0'],
    ['fees', '0.5'],
    ['funding', '-0.25'],
    ['volume', '500'],
    ['exposure', 0.5],
  ])('%s counts what it cost and closes nothing', (name, expected) => {
    expect(measure(name, held)).toBe(expected);
  });
});

describe('exposure', () => {
  it('counts time once where positions overlap, in any order', () => {
    const trades = [
      trade({ pnl: '1', entry: 30, exit: 40 }),
      trade({ pnl: '1', entry: 0, exit: 100 }),
      trade({ pnl: '1', entry: 90, exit: 120 }),
    ];
    expect(measure('exposure', record(trades))).toBe(0.5);
    const open = { entryAt: START, volume: money('1'), fees: money('0'), funding: money('0') };
    expect(measure('exposure', record(trades, { open: [open] }))).toBe(1);
  });

  it('takes the marks of the tracker where no trades were kept', () => {
    const tracker = createEquityTracker(1000, START);
    tracker.mark(START + HOUR, 1000, true);
    tracker.mark(START + 2 * HOUR, 1000);
    expect(measure('exposure', record([], { tracker }))).toBe(0.5);
  });
});

describe('probabilistic Sharpe ratio', () => {
  // 0.458 sqrt(23) = 2.1965, over sqrt(1 + 0.5 x 0.2098) = 1.0512 and over sqrt(1 + 1.1212 + 0.4806) = 1.6130.
  it('falls with a left tail: N(2.0896) of normal returns, N(1.3617) with skewness -2.448 and kurtosis 10.164', () => {
    expect(sharpeIsAboveZero(0.458, 24, 0, 3)).toBeCloseTo(0.982, 3);
    expect(sharpeIsAboveZero(0.458, 24, -2.448, 10.164)).toBeCloseTo(0.913, 3);
  });
});
