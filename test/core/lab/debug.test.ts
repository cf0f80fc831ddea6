import { describe, expect, test } from 'vitest';
import { money, text } from '../../../src/core/base/decimal.ts';
import type { Candles } from '../../../src/core/domain/candle.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { digests } from '../../../src/core/journal/digest.ts';
import { createMemoryJournal } from '../../../src/core/journal/memory.ts';
import { createBacktest } from '../../../src/core/lab/backtest.ts';
import { createDebug, type Debug } from '../../../src/core/lab/debug.ts';
import { createScript } from '../../../src/core/lab/script.ts';
import { NO_EXTRAS } from '../../../src/core/market/feed.ts';
import { FREE, PLAIN, startRun } from '../../support/engine-scene.ts';
import { plot, story } from '../../support/engine-story.ts';

/** Opens at 100: 10 BTC of the 10,000, stop 99, target 102. */
function longAt100(debug = createDebug()): Debug {
  debug.price(100);
  debug.long();
  debug.price(100);
  return debug;
}

const balance = (debug: Debug): string => text(debug.state().accounts[0]?.balance ?? 0n);

describe('a scripted session', () => {
  test('long: asked, filled at the next price, protected', () => {
    const debug = createDebug();
    debug.price(100);
    expect(story(debug.long().entries)).toEqual(['entry_asked long']);
    expect(story(debug.price(100).entries)).toEqual([
      'order_intended 1 entry buy 10 manual',
      'order_filled 1 10 @ 100 T0',
      'position_opened long 10 cost 1000',
      'order_intended 2 stop sell 10 @ 99 stop_loss',
      'order_intended 3 target sell 10 @ 102 take_profit',
      'stop_placed 2 @ 99',
      'order_accepted 3',
    ]);
    expect(debug.state().runs[0]?.position?.protection).toBe('working');
  });

  test('short: everything mirrored', () => {
    const debug = createDebug();
    debug.price(100);
    debug.short();
    expect(plot(debug.price(100).entries)).toEqual([
      'order_filled 1 10 @ 100 T0',
      'position_opened short 10 cost 1000',
    ]);
    expect(plot(debug.hitTarget().entries)).toEqual([
      'order_filled 3 10 @ 98 T0',
      'position_closed short 10 100 -> 98 pnl 20 take_profit',
    ]);
    expect(balance(debug)).toBe('10020');
  });

  test('flip finds the side, closes, then opens', () => {
    const debug = longAt100();
    expect(story(debug.flip().entries)).toEqual(['entry_asked short']);
    expect(plot(debug.price(101).entries)).toEqual([
      'order_filled 4 10 @ 101 T0',
      'position_closed long 10 100 -> 101 pnl 10 flip',
      'order_filled 5 9.91 @ 101 T0',
      'position_flipped short 9.91 cost 1000.91',
    ]);
    debug.flip();
    expect(plot(debug.price(101).entries).at(-1)).toMatch(/^position_flipped long/);
  });

  test('close: by hand, at the next price; the stop and the target go', () => {
    const debug = longAt100();
    expect(story(debug.close().entries)).toEqual(['close_asked manual']);
    expect(story(debug.price(100.5).entries)).toEqual([
      'order_intended 4 exit sell 10 manual',
      'order_filled 4 10 @ 100.5 T0',
      'position_closed long 10 100 -> 100.5 pnl 5 manual',
      'order_canceled 2 position_closed',
      'order_canceled 3 position_closed',
    ]);
    expect(debug.state().runs[0]?.orders).toEqual([]);
  });

  test('the stop', () => {
    const debug = longAt100();
    expect(plot(debug.hitStop().entries)).toEqual([
      'stop_triggered 2 @ 99 seen 99',
      'order_filled 2 10 @ 99 T0',
      'position_closed long 10 100 -> 99 pnl -10 stop_loss',
    ]);
  });

  test('the maximum loss, where it is nearer than the stop', () => {
    const debug = longAt100(createDebug({ risk: { loss: { by: 'amount', amount: money('5') } } }));
    expect(debug.hitStop().refused?.code).toBe('NO_TRIGGER');
    expect(plot(debug.hitMaxLoss().entries)).toEqual([
      'stop_triggered 2 @ 99.5 seen 99.5',
      'order_filled 2 10 @ 99.5 T0',
      'position_closed long 10 100 -> 99.5 pnl -5 max_loss',
    ]);
  });

  test('a margin block leaves its reason and the settings as they were', () => {
    const debug = createDebug();
    expect(debug.blockMargin().refused?.code).toBe('QUOTE_MISSING');
    debug.price(100);
    expect(story(debug.blockMargin().entries)).toEqual(['entry_asked long', 'order_denied MARGIN_INSUFFICIENT']);
    expect(debug.state().runs[0]?.lastDenial?.code).toBe('MARGIN_INSUFFICIENT');
    expect(plot(longAt100(debug).entries()).at(-1)).toBe('position_opened long 10 cost 1000');
  });

  test('a signal goes the way of every signal', () => {
    const debug = createDebug();
    debug.signal(1);
    expect(story(debug.price(100).entries)).toEqual(['signal_raised BUY', 'signal_confirmed BUY']);
    expect(plot(debug.price(100).entries).at(-1)).toBe('position_opened long 10 cost 1000');
    debug.signal(-1);
    debug.price(100);
    expect(plot(debug.price(100).entries).at(-1)).toBe('position_flipped short 10 cost 1000');
    debug.signal(0);
    expect(story(debug.price(100).entries)).toEqual(['signal_raised HOLD']);
  });

  test('after the first quote prices are quotes', () => {
    const debug = createDebug({ stepMs: 1_000 });
    debug.quote({ bid: 99.9, ask: 100.1 });
    debug.long();
    expect(plot(debug.quote({ bid: 99.9, ask: 100.1 }).entries)).toEqual([
      'order_filled 1 10 @ 100.1 T1',
      'position_opened long 10 cost 1001',
    ]);
    expect(plot(debug.hitStop().entries).at(-1)).toBe('position_closed long 10 100.1 -> 99 pnl -11 stop_loss');
  });

  test('what makes no sense is refused and changes nothing', () => {
    const debug = createDebug();
    const before = encode(debug.state().runs);
    const asked = [debug.close(), debug.flip(), debug.hitStop(), debug.hitTarget(), debug.hitMaxLoss(), debug.resume()];
    expect(asked.map(({ refused }) => refused?.code)).toEqual([
      'NO_POSITION',
      'NO_POSITION',
      'NO_POSITION',
      'NO_POSITION',
      'NO_POSITION',
      'NOT_PAUSED',
    ]);
    expect(encode(debug.state().runs)).toBe(before);
    expect(() => createDebug({ symbol: 'bitcoin' })).toThrow(
      'expected a symbol such as BTC/USDT:USDT, found "bitcoin"',
    );
  });

  test('the clock goes one step a price, or as far as it is told', () => {
    const debug = createDebug({ stepMs: 60_000 });
    const from = debug.now;
    debug.price(100);
    debug.step(150);
    expect(debug.now - from).toBe(60_150);
    expect(story(debug.step(24 * 3_600_000).entries)[0]).toMatch(/^day_closed/);
  });
});

describe('the debug journal', () => {
  test('is its own: two sessions share no run, no account and no entry', () => {
    const one = longAt100();
    const before = encode(one.state());
    const other = longAt100();
    other.flip();
    other.price(105);
    other.panic();
    other.price(105);
    expect(encode(one.state())).toBe(before);
    expect(new Set(other.entries().map(({ run, account }) => `${run} ${account}`))).toEqual(
      new Set(['0 ', '0 debug', '1 debug']),
    );
    expect(other.state().accounts.map(({ account }) => account)).toEqual(['debug']);
    expect(other.state().runs).toHaveLength(1);
  });

  test('has the digest of a backtest over the same candles', () => {
    const rows = [
      [100, 100, 100, 100],
      [100, 100.6, 99.7, 100.4],
      [100.4, 101, 100.2, 100.9],
      [101, 101.3, 100.6, 100.8],
      [100.7, 102.5, 100.5, 102.2],
      [102.2, 102.4, 101.8, 102],
      [102, 103.4, 101.9, 103.2],
    ] as const;
    const sides = [1, 1, 1, -1, -1, -1, -1] as const;
    const debug = createDebug({ risk: PLAIN });
    rows.forEach(([open, high, low, close], i) => {
      debug.signal(sides[i] ?? 0);
      debug.candle({ open, high, low, close });
    });
    expect(plot(debug.entries()).filter((line) => line.startsWith('position_'))).toEqual([
      'position_opened long 10 cost 1000',
      'position_closed long 10 100 -> 100.7 pnl 7 flip',
      'position_flipped short 9.937 cost 1000.6559',
      'position_closed short 9.937 100.7 -> 101.7 pnl -9.937 stop_loss',
    ]);
    expect(digests(debug.entries()).get(1)).toEqual(backtested(rows, sides));
  });
});

/** The same session in backtest wiring: the pump makes opens and ranges only where they matter. */
function backtested(rows: readonly (readonly number[])[], sides: readonly (-1 | 0 | 1)[]) {
  const debug = createDebug();
  const script = createScript();
  const column = (index: number) => Float64Array.from(rows, (row) => row[index] ?? 1);
  const candles: Candles = {
    timeframeMs: 60_000,
    length: rows.length,
    openAt: Float64Array.from(rows, (_, i) => debug.now + i * 60_000),
    open: column(0),
    high: column(1),
    low: column(2),
    close: column(3),
    volume: column(4),
  };
  const journal = createMemoryJournal();
  const test = createBacktest({
    account: { name: 'open_account', account: 'paper', asset: 'USDT', balance: money('10000'), costs: FREE },
    run: startRun({}, 60_000),
    definition: script.definition,
    series: { symbol: 'BTC/USDT:USDT', source: 'script', candles, tradeFrom: 0, extras: NO_EXTRAS },
    journal,
    build: 'test',
  });
  for (const side of sides) {
    script.vote(side);
    test.advance(1);
  }
  return digests(journal.all).get(1);
}
