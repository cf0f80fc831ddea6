import { describe, expect, test } from 'vitest';
import { rate, text } from '../../../src/core/base/decimal.ts';
import type { Limits } from '../../../src/core/domain/settings.ts';
import { createDebug, type Debug, type DebugOptions } from '../../../src/core/lab/debug.ts';
import { plot, story } from '../../support/engine-story.ts';

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;
/** All of the balance, without leverage: a per cent of price is a per cent of the account. */
const ALL_IN = {
  sizing: { by: 'fraction', fraction: rate('1') },
  stop: { by: 'none' },
  target: { by: 'none' },
} as const;

function holding(limits: Limits, options: DebugOptions = {}): Debug {
  const debug = createDebug({ ...options, risk: { ...ALL_IN, ...options.risk, limits } });
  debug.price(100);
  debug.long();
  debug.price(100);
  return debug;
}

/** An entry asked for and what became of it at the next price. */
function enter(debug: Debug, price = 100): string | undefined {
  debug.long();
  return plot(debug.price(price).entries).at(-1);
}

describe('the loss of a day', () => {
  const limits: Limits = { dayBlock: rate('0.02'), dayFlatten: rate('0.03') };

  test('blocks entries with open losses in it, until the next UTC day', () => {
    const debug = holding(limits);
    expect(debug.price(98.1).entries).toEqual([]);
    expect(story(debug.price(98).entries)).toEqual(['limit_reached day_block 200 of 200']);
    expect(debug.state().accounts[0]).toMatchObject({ safety: 'REDUCING', safetyReason: 'day_block' });
    expect(debug.price(97.9).entries).toEqual([]);
    debug.close();
    debug.price(98);
    expect(enter(debug)).toBe('order_denied DAY_LOSS');
    const lifted = debug.step(DAY_MS).entries;
    expect(story(lifted).map((line) => line.split(' ')[0])).toEqual(['day_closed', 'trading_resumed']);
    expect(lifted[1]?.at).toBe(Date.UTC(2025, 0, 2));
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('counts what was realised: a flat account is blocked, too', () => {
    const debug = holding({ dayBlock: rate('0.02') });
    debug.close();
    expect(story(debug.price(97).entries).at(-1)).toBe('limit_reached day_block 300 of 200');
    expect(debug.state().accounts[0]?.safety).toBe('REDUCING');
    expect(enter(debug)).toBe('order_denied DAY_LOSS');
  });

  test('flattens and halts when it is seen twice, 3 s apart; only a human lifts it', () => {
    const debug = holding({ dayFlatten: rate('0.03') });
    expect(story(debug.price(96.9).entries)).toEqual(['limit_reached day_flatten_seen 310 of 300']);
    expect(story(debug.price(96.9).entries)).toEqual(['limit_reached day_flatten 310 of 300', 'halted day_flatten']);
    expect(plot(debug.price(96.8).entries).at(-1)).toBe('position_closed long 100 100 -> 96.8 pnl -320 day_flatten');
    debug.step(9 * DAY_MS);
    expect(debug.state().accounts[0]?.safety).toBe('HALTED');
    expect(enter(debug)).toBe('order_denied ACCOUNT_HALTED');
    debug.resumeAccount();
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('a stop that realised it halts at once: nothing is open that could come back', () => {
    const stops = { stop: { by: 'fixed', distance: rate('0.04') } } as const;
    const debug = holding(limits, { risk: stops });
    expect(plot(debug.hitStop().entries).slice(-3)).toEqual([
      'position_closed long 100 100 -> 96 pnl -400 stop_loss',
      'limit_reached day_flatten 400 of 300',
      'halted day_flatten',
    ]);
    debug.step(9 * DAY_MS);
    expect(enter(debug, 96)).toBe('order_denied ACCOUNT_HALTED');
  });

  test('a dip to the second step is one to the first, too', () => {
    const debug = holding(limits, { stepMs: 1_000 });
    expect(story(debug.quote({ bid: 96, ask: 96 }).entries)).toEqual([
      'limit_reached day_flatten_seen 400 of 300',
      'limit_reached day_block 400 of 200',
    ]);
    debug.quote({ bid: 99, ask: 99 });
    expect(debug.state().accounts[0]).toMatchObject({ safety: 'REDUCING', safetyReason: 'day_block' });
  });

  test('a flip whose close reached it loses its open leg before the account is halted', () => {
    const debug = holding({ dayFlatten: rate('0.03') });
    debug.flip();
    const told = plot(debug.price(96).entries).map((line) => line.split(' ').slice(0, 2).join(' '));
    expect(told.slice(-4)).toEqual([
      'order_denied DAY_LOSS',
      'flip_incomplete DAY_LOSS',
      'limit_reached day_flatten',
      'halted day_flatten',
    ]);
  });

  test('a wick flattens nothing', () => {
    const debug = holding({ dayFlatten: rate('0.03') }, { stepMs: 1_000 });
    debug.quote({ bid: 96, ask: 96 });
    debug.quote({ bid: 99, ask: 99 });
    expect(story(debug.quote({ bid: 99, ask: 99 }).entries)).toEqual([]);
    expect(debug.state().accounts[0]?.safety).toBe('ACTIVE');
  });

  test('the day begins with its equity, open profit in it', () => {
    const debug = holding({ dayBlock: rate('0.02') });
    debug.price(110);
    debug.step(DAY_MS);
    expect(text(debug.state().accounts[0]?.dayStartEquity ?? 0n)).toBe('11000');
    expect(story(debug.price(107.8).entries).at(-1)).toBe('limit_reached day_block 220 of 220');
  });
});

test('the loss of a week halts', () => {
  const debug = holding({ weekHalt: rate('0.06') });
  debug.price(97);
  debug.step(DAY_MS);
  expect(story(debug.price(94).entries).slice(-2)).toEqual(['limit_reached week_halt 600 of 600', 'halted week_halt']);
});

describe('the pause after a stop', () => {
  const stops = { stop: { by: 'fixed', distance: rate('0.01') } } as const;

  test('lasts until its time is over and a whole candle has passed', () => {
    const debug = holding({ stopCooldownMs: 300_000 }, { risk: stops });
    const [stopped] = debug.hitStop().entries.filter(({ kind }) => kind === 'cooldown_started');
    expect(stopped?.body).toMatchObject({ reason: 'stop', until: debug.now + 300_000 });
    expect([1, 2, 3, 4, 5].map(() => enter(debug))).toEqual(Array.from({ length: 5 }, () => 'order_denied COOLDOWN'));
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('is longer after several in a row, and a win ends the row', () => {
    const debug = holding(
      { stopsInRowMax: 2, stopsInRowCooldownMs: HOUR_MS },
      { risk: { ...stops, target: { by: 'fixed', distance: rate('0.01') } } },
    );
    const losing = () => debug.hitStop().entries.some(({ kind }) => kind === 'cooldown_started');
    expect(losing()).toBe(false);
    enter(debug);
    debug.hitTarget();
    enter(debug);
    expect(losing()).toBe(false);
    enter(debug);
    expect(losing()).toBe(true);
    expect(enter(debug)).toBe('order_denied COOLDOWN');
    debug.step(HOUR_MS);
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('ends entries for the day after so many', () => {
    const debug = holding({ stopsDayMax: 1 }, { risk: stops });
    debug.hitStop();
    expect(enter(debug)).toBe('order_denied COOLDOWN');
    debug.step(DAY_MS);
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('does not follow a target, a close or a maximum loss', () => {
    const debug = holding(
      { stopCooldownMs: 300_000 },
      { risk: { ...stops, target: { by: 'fixed', distance: rate('0.01') } } },
    );
    debug.hitTarget();
    expect(enter(debug)).toMatch(/^position_opened/);
    debug.close();
    expect(plot(debug.price(100).entries).at(-1)).toMatch(/^position_closed/);
  });
});

describe('the pace', () => {
  test('entries a day', () => {
    const debug = holding({ entriesDayMax: 2 });
    const again = (): string | undefined => {
      debug.close();
      debug.price(100);
      return enter(debug);
    };
    expect([again(), again()]).toEqual(['position_opened long 100 cost 10000', 'order_denied ENTRIES_DAY']);
    debug.step(DAY_MS);
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('orders a minute', () => {
    const debug = holding({ ordersMinuteMax: 1 }, { stepMs: 1_000 });
    debug.close();
    debug.price(100);
    expect(enter(debug)).toBe('order_denied ORDERS_RATE');
    debug.step(60_000);
    expect(enter(debug)).toMatch(/^position_opened/);
  });

  test('flips a day, and none within a candle of the last', () => {
    const debug = holding({ flipsDayMax: 2 });
    const flip = (): string | undefined => {
      debug.flip();
      return plot(debug.price(100).entries).at(-1);
    };
    expect([flip(), flip(), flip()].map((line) => line?.split(' ')[0])).toEqual([
      'position_flipped',
      'position_flipped',
      'order_denied',
    ]);
    debug.step(DAY_MS);
    expect(flip()).toMatch(/^position_flipped/);
  });
});

describe('the data', () => {
  test('a spread that is too wide, and a quote that is too old', () => {
    const debug = createDebug({ stepMs: 100, risk: { limits: { spreadBpsMax: 3, quoteAgeMsMax: 1_500 } } });
    debug.quote({ bid: 99, ask: 101 });
    debug.long();
    expect(plot(debug.quote({ bid: 99, ask: 101 }).entries)).toEqual(['order_denied SPREAD_WIDE']);
  });
});
