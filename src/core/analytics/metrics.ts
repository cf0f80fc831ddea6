import { metric as averageLoss } from './metric/average-loss.ts';
import { metric as averageWin } from './metric/average-win.ts';
import { metric as bestDay } from './metric/best-day.ts';
import { metric as bestTrade } from './metric/best-trade.ts';
import { metric as cagr } from './metric/cagr.ts';
import { metric as calmar } from './metric/calmar.ts';
import { metric as closedProfit } from './metric/closed-profit.ts';
import { metric as dailyAverage } from './metric/daily-average.ts';
import { metric as days } from './metric/days.ts';
import { metric as daysLost } from './metric/days-lost.ts';
import { metric as daysWon } from './metric/days-won.ts';
import { metric as drawdownDuration } from './metric/drawdown-duration.ts';
import { metric as drawdownRecovery } from './metric/drawdown-recovery.ts';
import { metric as durationAverage } from './metric/duration-average.ts';
import { metric as durationLosses } from './metric/duration-losses.ts';
import { metric as durationMedian } from './metric/duration-median.ts';
import { metric as durationWins } from './metric/duration-wins.ts';
import { metric as expectancy } from './metric/expectancy.ts';
import { metric as expectancyR } from './metric/expectancy-r.ts';
import { metric as exposure } from './metric/exposure.ts';
import { metric as feeShare } from './metric/fee-share.ts';
import { metric as fees } from './metric/fees.ts';
import { metric as finalEquity } from './metric/final-equity.ts';
import { metric as funding } from './metric/funding.ts';
import { metric as fundingShare } from './metric/funding-share.ts';
import { metric as givenBack } from './metric/given-back.ts';
import { metric as grossLoss } from './metric/gross-loss.ts';
import { metric as grossProfit } from './metric/gross-profit.ts';
import { metric as kurtosis } from './metric/kurtosis.ts';
import { metric as longProfit } from './metric/long-profit.ts';
import { metric as longTrades } from './metric/long-trades.ts';
import { metric as lossesInRow } from './metric/losses-in-row.ts';
import { metric as maeAverage } from './metric/mae-average.ts';
import { metric as maeLargest } from './metric/mae-largest.ts';
import { metric as marketChange } from './metric/market-change.ts';
import { metric as maxDrawdown } from './metric/max-drawdown.ts';
import { metric as maxDrawdownAmount } from './metric/max-drawdown-amount.ts';
import { metric as mfeAverage } from './metric/mfe-average.ts';
import { metric as mfeLargest } from './metric/mfe-largest.ts';
import { metric as netDeposits } from './metric/net-deposits.ts';
import { metric as netProfit } from './metric/net-profit.ts';
import { metric as omega } from './metric/omega.ts';
import { metric as payoff } from './metric/payoff.ts';
import { metric as profitFactor } from './metric/profit-factor.ts';
import { metric as profitToDrawdown } from './metric/profit-to-drawdown.ts';
import { metric as psr } from './metric/psr.ts';
import { metric as sharpe } from './metric/sharpe.ts';
import { metric as shortProfit } from './metric/short-profit.ts';
import { metric as shortTrades } from './metric/short-trades.ts';
import { metric as skewness } from './metric/skewness.ts';
import { metric as sortino } from './metric/sortino.ts';
import { metric as startBalance } from './metric/start-balance.ts';
import { metric as totalReturn } from './metric/total-return.ts';
import { metric as trades } from './metric/trades.ts';
import { metric as tradesPerDay } from './metric/trades-per-day.ts';
import { metric as turnover } from './metric/turnover.ts';
import { metric as ulcerIndex } from './metric/ulcer-index.ts';
import { metric as underwater } from './metric/underwater.ts';
import { metric as valueAtRisk } from './metric/value-at-risk.ts';
import { metric as volatility } from './metric/volatility.ts';
import { metric as volume } from './metric/volume.ts';
import { metric as winRate } from './metric/win-rate.ts';
import { metric as winRateLong } from './metric/win-rate-long.ts';
import { metric as winRateShort } from './metric/win-rate-short.ts';
import { metric as winsInRow } from './metric/wins-in-row.ts';
import { metric as worstDay } from './metric/worst-day.ts';
import { metric as worstTrade } from './metric/worst-trade.ts';
import type { Metric } from './metric.ts';

/** Every metric, in the order in which reports print them. A new one is one file and one line here. */
export const METRICS: readonly Metric[] = [
  startBalance,
  netDeposits,
  finalEquity,
  netProfit,
  closedProfit,
  totalReturn,
  cagr,
  marketChange,
  maxDrawdown,
  maxDrawdownAmount,
  drawdownDuration,
  drawdownRecovery,
  underwater,
  ulcerIndex,
  volatility,
  valueAtRisk,
  skewness,
  kurtosis,
  sharpe,
  sortino,
  calmar,
  omega,
  psr,
  profitToDrawdown,
  profitFactor,
  payoff,
  expectancy,
  expectancyR,
  trades,
  longTrades,
  shortTrades,
  winRate,
  winRateLong,
  winRateShort,
  longProfit,
  shortProfit,
  grossProfit,
  grossLoss,
  averageWin,
  averageLoss,
  bestTrade,
  worstTrade,
  winsInRow,
  lossesInRow,
  durationAverage,
  durationMedian,
  durationWins,
  durationLosses,
  maeAverage,
  maeLargest,
  mfeAverage,
  mfeLargest,
  givenBack,
  tradesPerDay,
  days,
  daysWon,
  daysLost,
  bestDay,
  worstDay,
  dailyAverage,
  fees,
  funding,
  feeShare,
  fundingShare,
  volume,
  turnover,
  exposure,
];

/** The metric of a key, or undefined. */
export const metricOf = (name: string): Metric | undefined => METRICS.find((metric) => metric.name === name);
