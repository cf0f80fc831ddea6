import { describe, expect, it } from 'vitest';
import { price, qty } from '../../../src/core/base/decimal.ts';
import { chainOf } from '../../../src/core/command/telling/chain.ts';
import { storyLines } from '../../../src/core/command/why.ts';
import type { Bodies } from '../../../src/core/domain/events.ts';
import { HandMade, stoppedLong } from './hand-made.ts';

const seqs = (entries: readonly { readonly seq: number }[] | undefined) => entries?.map((entry) => entry.seq);

describe('the chain of causes', () => {
  const journal = stoppedLong();

  it.each([
    { of: 'the entry fill', seq: 5, back: [2, 3, 4, 5], opening: [], after: [6, 7, 8, 10, 11, 12] },
    { of: 'the signal', seq: 2, back: [2], opening: [], after: [3, 4, 5, 6, 7, 8, 10, 11, 12] },
    {
      of: 'the stop fill, which rests on the entry',
      seq: 11,
      back: [2, 3, 4, 5, 6, 7, 10, 11],
      opening: [],
      after: [12],
    },
    { of: 'the close', seq: 12, back: [2, 3, 4, 5, 6, 7, 10, 11, 12], opening: [], after: [13] },
    { of: 'another run', seq: 9, back: [9], opening: [], after: [] },
  ])('of $of', ({ seq, back, opening, after }) => {
    const chain = chainOf(journal, seq);
    expect({ back: seqs(chain?.back), opening: seqs(chain?.opening), after: seqs(chain?.after) }).toEqual({
      back,
      opening,
      after,
    });
  });

  it('knows no entry beyond the end', () => {
    expect(chainOf(journal, 15)).toBeUndefined();
  });

  it('tells the position that a signal ends, which its own causes do not name', () => {
    const made = new HandMade();
    const opening = made.write('order_intended', 'command enter 1', order(1, false));
    const fill = made.write('order_filled', opening, filled(1));
    made.write('position_opened', fill, {
      ...filled(1),
      balance: 0n as never,
      after: { side: 'long', qty: qty('1'), cost: 0n as never },
      openedAt: made.at,
      risk: 0n as never,
      protection: 'waived',
    });
    const asked = made.write('close_asked', 'command close_position 2', { reason: 'manual', why: 'enough' });
    const leaving = made.write('order_intended', asked, order(2, true));
    const exit = made.write('order_filled', leaving, filled(2));
    const chain = chainOf(made.journal, exit);
    expect(seqs(chain?.back)).toEqual([asked, leaving, exit]);
    expect(seqs(chain?.opening)).toEqual([1, 2, 3]);
  });

  it('of the fill of a liquidation, which nobody ordered, has the position that it ends', () => {
    const made = new HandMade();
    const opening = made.write('order_intended', 'command enter 1', order(1, false));
    const entered = made.write('order_filled', opening, filled(1));
    made.write('position_opened', entered, {
      ...filled(1),
      ...{ balance: 0n as never, openedAt: made.at, risk: 0n as never, protection: 'waived' },
      after: { side: 'long', qty: qty('1'), cost: 0n as never },
    });
    const liquidated = made.write('liquidated', 'report filled 1', {
      ...{ mark: 50, liquidation: price('51'), loss: 0n as never },
    });
    const chain = chainOf(made.journal, made.write('order_filled', liquidated, filled(0)));
    expect(seqs(chain?.back)).toEqual([4, 5]);
    expect(seqs(chain?.opening)).toEqual([1, 2, 3]);
  });

  it('of a READY has the opinion of each close that led to it, and the candle of its own', () => {
    const made = new HandMade();
    const raised = (startedAt: number, close: number) =>
      made.write('signal_raised', `BTC/USDT:USDT close ${made.at}`, {
        ...{ side: 1, strength: 'strong', confidence: 1, votes: [], values: {}, reason: '4 of 6 votes agree' },
        ...{ candleAt: made.at - 60_000, close, startedAt },
      });
    const before = raised(made.at, 90);
    made.at += 60_000;
    const startedAt = made.at;
    const first = raised(startedAt, 100);
    made.at += 60_000;
    const second = raised(startedAt, 101);
    made.at += 60_000;
    const candle = { candleAt: made.at - 60_000, close: 102.5, values: { adx: 25.5 } };
    const ready = { side: 1, confirmations: 3, startedAt, stopDistance: null, ...candle } as const;
    const seq = made.write('signal_confirmed', second, ready);
    const chain = chainOf(made.journal, seq);
    if (chain === undefined) throw new Error('expected a chain');
    expect(seqs(chain.back)).toEqual([first, second, seq]);
    expect(seqs(chain.back)).not.toContain(before);
    const lines = storyLines(made.journal, chain).join('\n');
    expect(lines).toContain('candle: opened 2025-05-04 06:02:00, closed at 102.5, votes as before');
    expect(lines).toContain('values: adx 25.5');
  });

  it('finds the intent of an order whose entry names an input as its cause', () => {
    const made = new HandMade();
    const intent = made.write('order_intended', 'command enter 1', order(7, false));
    for (let i = 0; i < 1_500; i++) made.write('order_submitted', 'time 2', { order: 8 });
    const fill = made.write('order_filled', 'report filled 3', filled(7));
    expect(seqs(chainOf(made.journal, fill)?.back)).toEqual([intent, fill]);
  });
});

const order = (number: number, reduceOnly: boolean) =>
  ({
    order: number,
    role: reduceOnly ? 'exit' : 'entry',
    type: 'market',
    side: reduceOnly ? 'sell' : 'buy',
    qty: qty('1'),
    reduceOnly,
    postOnly: false,
    tif: 'ioc',
    reason: 'manual',
  }) as const;

const filled = (number: number) => ({
  order: number,
  fill: qty('1'),
  price: price('100'),
  fee: 0n as never,
  liquidity: 'taker' as const,
  model: 'T0 open',
  trade: 't',
  mid: 100,
  slippageBps: 0,
  venueAt: 1,
  left: qty('0'),
});

describe('the story of a trade', () => {
  it('reads from the candle to the fill, with every number, and on to the exit', () => {
    const journal = stoppedLong();
    const chain = chainOf(journal, 5);
    if (chain === undefined) throw new Error('expected a chain');
    expect(storyLines(journal, chain).join('\n')).toMatchInlineSnapshot(`
      "#5 order_filled

      How it came about, times in UTC
        A candle closed: BTC/USDT:USDT at 2025-05-04 06:01:00.
        2025-05-04 06:01:00  #2  The strategy's opinion became BUY: 1 of 1 votes agree.
            candle: opened 2025-05-04 06:00:00, closed at 61,850
            votes: cross buy
            values: ema fast 61,840.12, ema slow 61,790.5
            strength strong, confidence 1.00, on this side since 2025-05-04 06:01:00
        2025-05-04 06:01:00  #3  The signal is READY: BUY held for 1 closed candle in a row.
            on this side since 2025-05-04 06:01:00; the strategy's own stop distance: none
        2025-05-04 06:01:00  #4  Order 1 was decided: buy 0.016 BTC, market ioc, because of signal.
            quote: bid 61,840.2, ask 61,840.2, mid 61,840.2, mark ?, spread 0.00 bps, replay, 0 ms old
            size by fraction: equity 10,000 USDT, wanted 1,000, expected entry 61,840.2
            that is: notional 989.4432, margin 494.7216, at risk 10.8843584 USDT
            exits: stop 61,221.8
        2025-05-04 06:01:00  #5  Order 1 was filled: 0.016 BTC at 61,840.2 (taker).
            mid when it was decided: 61,840.2, slippage 0.00 bps, fee 0.4947216 USDT
            model: T0 open, trade t1, at the venue 2025-05-04 06:01:00, left to fill: 0

      What came of it
        2025-05-04 06:01:00  #6  The position opened: LONG 0.016 BTC, value 989.4432 USDT.
            fill 0.016 at 61,840.2, fee 0.4947216, balance after it 9,999.5052784
            risk 10.8843584, stop 61,221.8, protection pending
        2025-05-04 06:01:00  #7  Order 2 was decided: sell 0.016 BTC, stop at 61,221.8 reduce-only, because of stop loss.
        2025-05-04 06:01:00  #8  The stop loss (order 2) works at 61,221.8.
        2025-05-04 06:06:00  #10  The stop (order 2) was reached: 61,200 was seen, the trigger is 61,221.8.
        2025-05-04 06:06:00  #11  Order 2 was filled: 0.016 BTC at 61,221.8 (taker).
            mid when it was decided: 61,221.8, slippage 0.00 bps, fee 0.4897744 USDT
            model: T0 stop, trade t2, at the venue 2025-05-04 06:06:00, left to fill: 0
        2025-05-04 06:06:00  #12  The position closed: LONG 0.016 BTC by stop loss, net -10.878896 USDT (-1.00 R).
            entry 61,840.2 at 2025-05-04 06:01:00, exit 61,221.8 at 2025-05-04 06:06:00, held 5m00s
            net = gross -9.8944 - fees 0.984496 + funding 0; balance after it 9,989.121104
            worst while held -10.24, best 1.50, before costs"
    `);
  });

  it.each([
    ['a value that is no number, which may be infinite', null, 'no number (not warm, or infinite)'],
    ['six digits of a value of a cheap coin', 0.00000000368123456, '0.00000000368123'],
    ['six digits of a ratio', 0.123456789012, '0.123457'],
  ])('tells %s', (_what, ratio, told) => {
    const made = new HandMade();
    const signal = stoppedLong().entry(2)?.body as Bodies['signal_raised'];
    const body = { ...signal, values: { ratio } };
    const seq = made.write('signal_raised', 'BTC/USDT:USDT close 1746338460000', body);
    const { journal } = made;
    const chain = chainOf(journal, seq);
    if (chain === undefined) throw new Error('expected a chain');
    expect(storyLines(journal, chain).join('\n')).toContain(`values: ratio ${told}\n`);
  });
});
