import { TIMEFRAMES } from '../domain/candle.ts';
import type { ParamProblem } from './definition.ts';
import { choiceOf, numberOf } from './params.ts';
import type { ParamSpec, ParamSpecs, Params } from './strategy.ts';

const FRAMES = Object.keys(TIMEFRAMES).filter((name) => name !== '1s');

const int = (value: number, min: number, max: number, about: string): ParamSpec => ({
  type: 'int',
  default: value,
  min,
  max,
  about,
});
const number = (value: number, min: number, max: number, about: string): ParamSpec => ({
  type: 'number',
  default: value,
  min,
  max,
  about,
});
const frame = (value: string, about: string): ParamSpec => ({ type: 'choice', default: value, choices: FRAMES, about });
const weight = (voice: string): ParamSpec => number(1, 0, 10, `weight of the vote ${voice}, 0 silences it`);

/** The votes of trend, in their order, with what each says. */
export const VOICES = [
  ['ema', 'EMA(emaFast) crossed EMA(emaSlow) to this side within the last crossBars candles'],
  ['di', 'the larger of +DI and -DI, from ADX >= adxEnter on until ADX < adxExit'],
  ['donchian', 'the last close beyond the channel before it, for breakoutBars candles'],
  ['supertrend', 'side of the supertrend'],
  ['htf', 'close of the last closed candle of the higher time frame against its EMA(htfEma)'],
  ['volume', 'direction of a candle whose volume is over its average'],
] as const;

/** Name of the parameter that weighs a voice: `ema` -> `weightEma`. */
export function weightName(voice: string): string {
  return `weight${voice.slice(0, 1).toUpperCase()}${voice.slice(1)}`;
}

/** The parameters of trend and their defaults. */
export const TREND_PARAMS: ParamSpecs = {
  timeframe: frame('15m', 'time frame of the candles it trades'),
  higherTimeframe: frame('1h', 'time frame of the larger trend'),
  price: {
    type: 'choice',
    default: 'trade',
    choices: ['trade', 'mid'],
    about: 'candles of trades, or of the mids of quotes',
  },
  votesMin: int(4, 1, VOICES.length, 'votes that must agree'),
  confirmations: int(2, 1, 20, 'closes in a row on one side until READY'),
  emaFast: int(12, 1, 1_000, 'candles of the fast average'),
  emaSlow: int(26, 2, 2_000, 'candles of the slow average'),
  crossBars: int(20, 0, 1_000, 'candles for which a cross of the averages speaks'),
  adx: int(14, 2, 200, 'candles of ADX, +DI and -DI'),
  adxEnter: number(25, 0, 100, 'ADX from which there is a trend'),
  adxExit: number(20, 0, 100, 'ADX below which the trend is over'),
  donchian: int(20, 1, 1_000, 'candles of the Donchian channel'),
  breakoutBars: int(20, 0, 1_000, 'candles for which a breakout speaks'),
  supertrend: int(10, 1, 200, 'candles of the supertrend range'),
  supertrendFactor: number(3, 0.1, 20, 'width of the supertrend in ATR'),
  htfEma: int(50, 1, 500, 'candles of the average on the higher time frame'),
  volumeSma: int(20, 1, 1_000, 'candles of the volume average'),
  atr: int(14, 1, 200, 'candles of ATR'),
  stopAtr: number(2, 0.1, 20, 'stop distance in ATR'),
  ...Object.fromEntries(VOICES.map(([voice]) => [weightName(voice), weight(voice)])),
};

/** What contradicts among the parameters of trend; undefined where nothing does. */
export function checkTrend(params: Params): ParamProblem | undefined {
  const n = (name: string): number => numberOf(params, name);
  if (n('emaFast') >= n('emaSlow')) {
    const fix = 'lower emaFast or raise emaSlow';
    return { param: 'emaFast', expected: `less than emaSlow (${n('emaSlow')})`, found: `${n('emaFast')}`, fix };
  }
  if (n('adxExit') > n('adxEnter')) {
    const fix = 'lower adxExit or raise adxEnter';
    return { param: 'adxExit', expected: `at most adxEnter (${n('adxEnter')})`, found: `${n('adxExit')}`, fix };
  }
  const voices = VOICES.filter(([voice]) => n(weightName(voice)) > 0).length;
  if (n('votesMin') > voices) {
    const fix = 'lower votesMin or give more votes a weight over 0';
    return {
      param: 'votesMin',
      expected: `at most ${voices}, the votes with a weight`,
      found: `${n('votesMin')}`,
      fix,
    };
  }
  return checkFrames(choiceOf(params, 'timeframe'), choiceOf(params, 'higherTimeframe'));
}

function checkFrames(own: string, higher: string): ParamProblem | undefined {
  const [ownMs = NaN, higherMs = NaN] = [TIMEFRAMES[own], TIMEFRAMES[higher]];
  if (higherMs > ownMs && higherMs % ownMs === 0) return undefined;
  const fix = 'choose a longer higherTimeframe or a shorter timeframe';
  return {
    param: 'higherTimeframe',
    expected: `longer than timeframe, and a multiple of it (${own})`,
    found: higher,
    fix,
  };
}
