import { describe, expect, test } from 'vitest';
import { money, rate, text } from '../../../src/core/base/decimal.ts';
import { createDebug, type DebugOptions } from '../../../src/core/lab/debug.ts';
import { plot, story } from '../../support/engine-story.ts';

function longAt100(options: DebugOptions = {}) {
  const debug = createDebug(options);
  debug.price(100);
  debug.long();
  debug.price(100);
  return debug;
}

describe('a flip', () => {
  test('is a close and an open with one cause; the open is sized on what the close left', () => {
    const debug = longAt100();
    const asked = debug.flip().entries.find(({ kind }) => kind === 'entry_asked');
    const { entries } = debug.price(110);
    const intents = entries.filter((entry) => entry.kind === 'order_intended' && entry.body.role !== 'stop');
    expect(intents.map(({ cause }) => cause).slice(0, 2)).toEqual([asked?.seq, asked?.seq]);
    const closed = entries.find((entry) => entry.kind === 'position_closed');
    const flipped = entries.find((entry) => entry.kind === 'position_flipped');
    expect(closed?.body).toMatchObject({ reason: 'flip', balance: money('10100') });
    expect(flipped?.body.closed).toBe(closed?.seq);
    // A tenth of 10,100 at 110 is 9.1818: in steps of 0.001.
    expect(text(flipped?.body.after.qty ?? 0n)).toBe('9.181');
    expect(entries.filter(({ kind }) => kind === 'position_opened')).toEqual([]);
  });

  test('whose open leg is denied ends flat and says so', () => {
    const debug = longAt100();
    debug.change({ leverage: rate('1'), limits: { leverageMax: rate('1'), entriesDayMax: 1 } });
    debug.flip();
    expect(plot(debug.price(101).entries)).toEqual([
      'order_filled 4 10 @ 101 T0',
      'position_closed long 10 100 -> 101 pnl 10 flip',
      'order_denied ENTRIES_DAY',
      'flip_incomplete ENTRIES_DAY',
    ]);
    expect(debug.state().runs[0]).toMatchObject({ position: undefined, flip: undefined, pending: undefined });
  });

  test('one too many today leaves the position to its stop and its target', () => {
    const debug = longAt100({ risk: { limits: { flipsDayMax: 1 } } });
    debug.flip();
    debug.price(100);
    debug.price(100);
    debug.flip();
    expect(story(debug.price(100).entries)).toEqual(['order_denied FLIPS_DAY']);
    expect(debug.state().runs[0]?.position).toMatchObject({ sign: -1, protection: 'working' });
  });

  test('on candles a latency delays the reports and moves no fill off its open', () => {
    const debug = longAt100({ costs: { latencyMs: 150 } });
    debug.flip();
    const openAt = debug.now;
    const { entries } = debug.candle({ open: 101, high: 101.5, low: 100.5, close: 101.2 });
    const fills = entries.filter((entry) => entry.kind === 'order_filled');
    expect(fills.map(({ at, body }) => [at - openAt, body.venueAt - openAt, text(body.price)])).toEqual([
      [150, 0, '101'],
      [300, 150, '101'],
    ]);
  });
});
