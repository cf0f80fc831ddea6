import type { Bar } from '../domain/candle.ts';
import type { Definition } from './definition.ts';
import { Ema } from './indicator/ema.ts';
import { numberOf } from './params.ts';
import type { Opinion, Strategy } from './strategy.ts';

/** The reference strategy of the benchmark: one vote, the sign of EMA(fast) - EMA(slow). */
export const emaCross: Definition = {
  name: 'ema-cross',
  version: 1,
  title: 'EMA cross',
  about:
    'Long while the fast average of the closes is over the slow one, short while it is under; flips on every cross.',
  params: {
    fast: { type: 'int', default: 12, min: 1, max: 5_000, about: 'candles of the fast average' },
    slow: { type: 'int', default: 26, min: 2, max: 10_000, about: 'candles of the slow average' },
  },
  votes: () => [{ name: 'cross', weight: 1, about: 'sign of EMA(fast) - EMA(slow)' }],
  values: ['fast', 'slow'],
  confirmations: () => 1,
  /** The first candle whose change may act has index `slow`; the candles before it only tell which side it changes from. */
  warmup: (params) => ({ bars: numberOf(params, 'slow'), higherBars: 0 }),
  timeframes: () => ({ own: 'feed' }),
  check(params) {
    const [fast, slow] = [numberOf(params, 'fast'), numberOf(params, 'slow')];
    if (fast < slow) return undefined;
    return {
      param: 'fast',
      expected: `less than slow (${slow})`,
      found: String(fast),
      fix: 'lower fast or raise slow',
    };
  },
  create: (params) => new EmaCross(numberOf(params, 'fast'), numberOf(params, 'slow')),
};

class EmaCross implements Strategy {
  private readonly fast: Ema;
  private readonly slow: Ema;
  private side = 0;

  constructor(fast: number, slow: number) {
    this.fast = new Ema(fast);
    this.slow = new Ema(slow);
  }

  close(bar: Bar, opinion: Opinion): void {
    const { fast, slow } = this;
    fast.update(bar.close);
    slow.update(bar.close);
    // Followed from the first candle on, as the reference does; equal averages keep the side.
    if (fast.running > slow.running) this.side = 1;
    else if (fast.running < slow.running) this.side = -1;
    opinion.votes[0] = slow.value === slow.value ? this.side : NaN;
    opinion.values[0] = fast.value;
    opinion.values[1] = slow.value;
    opinion.stopDistance = NaN;
  }
}
