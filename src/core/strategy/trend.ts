import type { Bar } from '../domain/candle.ts';
import type { Definition } from './definition.ts';
import { Adx } from './indicator/adx.ts';
import { Atr } from './indicator/atr.ts';
import { Donchian } from './indicator/donchian.ts';
import { Ema } from './indicator/ema.ts';
import { Sma } from './indicator/sma.ts';
import { Supertrend } from './indicator/supertrend.ts';
import { choiceOf, numberOf } from './params.ts';
import type { Opinion, Params, Strategy, Warmup } from './strategy.ts';
import { checkTrend, TREND_PARAMS, VOICES, weightName } from './trend-params.ts';
import { BreakoutVoice, CrossVoice, DirectionVoice, signOf } from './trend-voices.ts';

/** Six voices on closed candles; a side needs `votesMin` of them. */
export const trend: Definition = {
  name: 'trend',
  version: 1,
  title: 'Trend',
  about: 'Takes a side when most of six trend voices agree on closed candles; the stop stands stopAtr x ATR away.',
  params: TREND_PARAMS,
  votes: (params) => VOICES.map(([name, about]) => ({ name, weight: numberOf(params, weightName(name)), about })),
  votesMin: (params) => numberOf(params, 'votesMin'),
  values: [
    'emaFast',
    'emaSlow',
    'plusDi',
    'minusDi',
    'adx',
    'donchianHigh',
    'donchianLow',
    'supertrend',
    'htfClose',
    'htfEma',
    'volume',
    'volumeSma',
    'atr',
  ],
  confirmations: (params) => numberOf(params, 'confirmations'),
  warmup: warmupOf,
  timeframes: (params) => ({ own: choiceOf(params, 'timeframe'), higher: choiceOf(params, 'higherTimeframe') }),
  check: checkTrend,
  create: (params) => new Trend(params),
};

/**
 * 10 times the longest Wilder average, 5 times the longest EMA: their seeds then weigh 3e-5 and 5e-5. A vote that remembers
 * a cross or a breakout has seen as far back as it remembers.
 */
function warmupOf(params: Params): Warmup {
  const n = (name: string): number => numberOf(params, name);
  const wilder = Math.max(n('adx'), n('supertrend'), n('atr'));
  const windows = Math.max(n('emaSlow') + n('crossBars'), n('donchian') + n('breakoutBars'), n('volumeSma'));
  return { bars: Math.max(10 * wilder, 5 * n('emaSlow'), windows), higherBars: 5 * n('htfEma') };
}

class Trend implements Strategy {
  private readonly emaFast: Ema;
  private readonly emaSlow: Ema;
  private readonly adx: Adx;
  private readonly donchian: Donchian;
  private readonly supertrend: Supertrend;
  private readonly htfEma: Ema;
  private readonly volumeSma: Sma;
  private readonly atr: Atr;
  private readonly cross: CrossVoice;
  private readonly direction: DirectionVoice;
  private readonly breakout: BreakoutVoice;
  private readonly stopAtr: number = NaN;
  private htfClose = NaN;

  constructor(params: Params) {
    const n = (name: string): number => numberOf(params, name);
    this.emaFast = new Ema(n('emaFast'));
    this.emaSlow = new Ema(n('emaSlow'));
    this.adx = new Adx(n('adx'));
    this.donchian = new Donchian(n('donchian'));
    this.supertrend = new Supertrend(n('supertrend'), n('supertrendFactor'));
    this.htfEma = new Ema(n('htfEma'));
    this.volumeSma = new Sma(n('volumeSma'));
    this.atr = new Atr(n('atr'));
    this.cross = new CrossVoice(n('crossBars'));
    this.direction = new DirectionVoice(n('adxEnter'), n('adxExit'));
    this.breakout = new BreakoutVoice(n('breakoutBars'));
    this.stopAtr = n('stopAtr');
  }

  closeHigher(bar: Bar): void {
    this.htfClose = bar.close;
    this.htfEma.update(bar.close);
  }

  close(bar: Bar, opinion: Opinion): void {
    this.emaFast.update(bar.close);
    this.emaSlow.update(bar.close);
    this.adx.update(bar.high, bar.low, bar.close);
    this.donchian.update(bar.high, bar.low);
    this.supertrend.update(bar.high, bar.low, bar.close);
    this.volumeSma.update(bar.volume);
    this.atr.update(bar.high, bar.low, bar.close);
    this.vote(bar, opinion.votes);
    this.tell(bar, opinion.values);
    opinion.stopDistance = this.atr.value * this.stopAtr;
  }

  /** In the order of `VOICES`. */
  private vote(bar: Bar, votes: Float64Array): void {
    const { adx, donchian, volumeSma } = this;
    const cross = this.cross.update(this.emaFast.running - this.emaSlow.running);
    votes[0] = this.emaSlow.value === this.emaSlow.value ? cross : NaN;
    votes[1] = this.direction.update(adx.value, adx.plusDi, adx.minusDi);
    votes[2] = this.breakout.update(bar.close, donchian.high, donchian.low);
    votes[3] = this.supertrend.side;
    votes[4] = signOf(this.htfClose - this.htfEma.value);
    const isLoud = bar.volume > volumeSma.value;
    votes[5] = volumeSma.value !== volumeSma.value ? NaN : isLoud ? signOf(bar.close - bar.open) : 0;
  }

  /** In the order of the definition's `values`. */
  private tell(bar: Bar, values: Float64Array): void {
    values[0] = this.emaFast.value;
    values[1] = this.emaSlow.value;
    values[2] = this.adx.plusDi;
    values[3] = this.adx.minusDi;
    values[4] = this.adx.value;
    values[5] = this.donchian.high;
    values[6] = this.donchian.low;
    values[7] = this.supertrend.value;
    values[8] = this.htfClose;
    values[9] = this.htfEma.value;
    values[10] = bar.volume;
    values[11] = this.volumeSma.value;
    values[12] = this.atr.value;
  }
}
