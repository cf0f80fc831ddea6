import { describe, expect, test } from 'vitest';
import { money, qty, rate, text } from '../../../src/core/base/decimal.ts';
import { createDebug, type Debug, type DebugOptions } from '../../../src/core/lab/debug.ts';
import { plot, story } from '../../support/engine-story.ts';

/** A quote every 100 ms, an entry of 10 asked for. */
function asked(options: DebugOptions = {}, sign: 1 | -1 = 1): Debug {
  const debug = createDebug({
    stepMs: 100,
    ...options,
    risk: { sizing: { by: 'qty', qty: qty('10') }, ...options.risk },
  });
  debug.quote({ bid: 99.9, ask: 100.1 });
  if (sign === 1) debug.long();
  else debug.short();
  return debug;
}

const WIDE = { bid: 99.9, ask: 100.1 };

describe('an entry on quotes (T1)', () => {
  test('takes the ask; the rest of what the touch does not show expires', () => {
    const debug = asked();
    expect(plot(debug.quote({ ...WIDE, askQty: 4 }).entries)).toEqual([
      'order_filled 1 4 @ 100.1 T1 left 6',
      'position_opened long 4 cost 400.4',
      'order_expired 1 nothing is left at the touch',
    ]);
    expect(debug.state().runs[0]?.orders.map(({ role, status }) => `${role} ${status}`)).toEqual([
      'stop working',
      'target working',
    ]);
  });

  test('finds nothing: it expires, and the run is flat', () => {
    const debug = asked();
    expect(plot(debug.quote({ ...WIDE, askQty: 0 }).entries)).toEqual(['order_expired 1 nothing is left at the touch']);
    expect(debug.state().runs[0]).toMatchObject({ position: undefined, orders: [] });
  });

  test('meets the quote of its own instant, not the one that decided it', () => {
    const debug = asked({ costs: { latencyMs: 150 } });
    debug.quote(WIDE);
    debug.quote({ bid: 100.1, ask: 100.3 });
    debug.quote({ bid: 100.4, ask: 100.6 });
    expect(plot(debug.entries())).toContain('order_filled 1 10 @ 100.3 T1');
    const fill = debug.entries().find((entry) => entry.kind === 'order_filled');
    expect(fill?.body).toMatchObject({ mid: 100, slippageBps: expect.closeTo(30, 9) });
  });

  test('never pays beyond its cap: a price that ran away in the meantime expires it', () => {
    const debug = asked({ costs: { latencyMs: 150 }, risk: { slippageCap: rate('0.001') } });
    debug.quote(WIDE);
    debug.quote({ bid: 100.4, ask: 100.6 });
    debug.quote({ bid: 100.4, ask: 100.6 });
    expect(plot(debug.entries()).slice(1)).toEqual(['order_expired 1 the price is beyond the cap']);
  });

  test('is rejected where the price has come to bind more than there is', () => {
    const told = [100.6, 101.2].map((bid) => {
      const debug = asked({ costs: { latencyMs: 150 }, risk: { sizing: { by: 'qty', qty: qty('198') } } }, -1);
      debug.quote(WIDE);
      debug.quote({ bid, ask: bid + 0.2 });
      debug.quote({ bid, ask: bid + 0.2 });
      return plot(debug.entries());
    });
    // 198 at 101.2, twice leveraged, bind 10,018.8 of the 10,000.
    expect(told[0]).toContain('position_opened short 198 cost 19918.8');
    expect(told[1]?.slice(1)).toEqual(['order_rejected 1 MARGIN_INSUFFICIENT']);
  });
});

describe('an exit on quotes', () => {
  test('goes on until it is done: each quote gives what it shows, one position event a fill', () => {
    const debug = asked();
    debug.quote(WIDE);
    debug.close();
    const told = [4, 1, 50].flatMap((bidQty) => plot(debug.quote({ ...WIDE, bidQty }).entries));
    expect(told).toEqual([
      'order_filled 4 4 @ 99.9 T1 left 6',
      'position_reduced long 6 cost 600.6',
      'order_filled 4 1 @ 99.9 T1 left 5',
      'position_reduced long 5 cost 500.5',
      'order_filled 4 5 @ 99.9 T1',
      'position_closed long 10 100.1 -> 99.9 pnl -2 manual',
    ]);
    const fills = debug.entries().filter((entry) => entry.kind === 'order_filled');
    expect(new Set(fills.map(({ body }) => body.trade)).size).toBe(fills.length);
  });

  test('waits where the touch is empty', () => {
    const debug = asked();
    debug.quote(WIDE);
    debug.close();
    expect(story(debug.quote({ ...WIDE, bidQty: 0 }).entries)).toEqual([
      'order_intended 4 exit sell 10 manual',
      'order_accepted 4',
    ]);
    expect(plot(debug.quote(WIDE).entries).at(-1)).toMatch(/^position_closed/);
  });

  test('takes liquidity once: what it ate is gone until a fresh quote', () => {
    const debug = asked();
    debug.quote(WIDE);
    debug.flip();
    expect(plot(debug.quote({ ...WIDE, bidQty: 12 }).entries)).toEqual([
      'order_filled 4 10 @ 99.9 T1',
      'position_closed long 10 100.1 -> 99.9 pnl -2 flip',
      'order_filled 5 2 @ 99.9 T1 left 8',
      'position_flipped short 2 cost 199.8',
      'order_expired 5 nothing is left at the touch',
    ]);
  });

  test('a flip with latency: each leg meets its own quote', () => {
    const debug = asked({ costs: { latencyMs: 150 } });
    for (let i = 0; i < 3; i++) debug.quote(WIDE);
    debug.flip();
    // Decided at 0, closed at 150 on the quote of 100, opened at 300 on the quote of 200: a report goes first.
    for (const bid of [99.9, 100, 100.1, 100.2, 100.3]) debug.quote({ bid, ask: 101 });
    expect(plot(debug.entries()).slice(-5)).toEqual([
      'entry_asked short',
      'order_filled 4 10 @ 100 T1',
      'position_closed long 10 100.1 -> 100 pnl -1 flip',
      'order_filled 5 10 @ 100.1 T1',
      'position_flipped short 10 cost 1001',
    ]);
  });

  test('whose open leg dies on the way is an incomplete flip', () => {
    const debug = asked({ costs: { latencyMs: 150 }, risk: { slippageCap: rate('0.001') } });
    for (let i = 0; i < 3; i++) debug.quote(WIDE);
    debug.flip();
    for (const bid of [99.9, 99.9, 95, 95]) debug.quote({ bid, ask: 100.1 });
    expect(plot(debug.entries()).slice(-3)).toEqual([
      'position_closed long 10 100.1 -> 99.9 pnl -2 flip',
      'order_expired 5 the price is beyond the cap',
      'flip_incomplete the price is beyond the cap',
    ]);
    expect(debug.state().runs[0]?.flip).toBeUndefined();
  });
});

describe('triggers on quotes', () => {
  test('a stop sells into the bid, in parts where the touch is thin, and says once that it was triggered', () => {
    const debug = asked();
    debug.quote(WIDE);
    const told = [
      { bid: 99.2, ask: 99.3 },
      { bid: 98.8, ask: 99, bidQty: 3 },
      { bid: 99.4, ask: 99.6, bidQty: 20 },
    ].flatMap((quote) => plot(debug.quote(quote).entries));
    expect(told).toEqual([
      'stop_triggered 2 @ 99 seen 98.8',
      'order_filled 2 3 @ 98.8 T1 left 7',
      'position_reduced long 7 cost 700.7',
      'order_filled 2 7 @ 99.4 T1',
      'position_closed long 10 100.1 -> 99.22 pnl -8.8 stop_loss',
    ]);
  });

  test('a target waits for the bid, not for the ask', () => {
    const debug = asked();
    debug.quote(WIDE);
    const target = debug.state().runs[0]?.position?.targetPrice ?? 0n;
    expect(text(target)).toBe('102');
    expect(debug.quote({ bid: 101.9, ask: 102.1 }).entries).toEqual([]);
    expect(plot(debug.quote({ bid: 102, ask: 102.2 }).entries).at(-1)).toMatch(/take_profit$/);
  });

  test('candles still decide and no longer fill', () => {
    const debug = asked();
    debug.quote(WIDE);
    expect(plot(debug.candle({ open: 100, high: 110, low: 90, close: 100 }).entries)).toEqual([]);
    debug.signal(-1);
    expect(story(debug.candle({ open: 100, high: 100, low: 100, close: 100 }).entries)).toEqual([
      'signal_raised SELL',
      'signal_confirmed SELL',
    ]);
    expect(plot(debug.quote(WIDE).entries).at(-1)).toMatch(/^position_flipped short/);
  });

  test('money: fees of every part are paid on that part', () => {
    const debug = asked({ costs: { takerRate: rate('0.001') } });
    debug.quote({ ...WIDE, askQty: 3 });
    debug.close();
    for (const bidQty of [1, 2]) debug.quote({ ...WIDE, bidQty });
    const [run] = debug.state().runs;
    expect([run?.gross, run?.fees]).toEqual([money('-0.6'), money('0.6')]);
    expect(debug.state().accounts[0]?.balance).toBe(money('9998.8'));
  });
});
