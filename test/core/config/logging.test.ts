import { describe, expect, test } from 'vitest';
import { steadyWall } from '../../../src/core/boot/timers.ts';
import { type LogOptions, openLog } from '../../../src/core/config/logging.ts';
import { errorText } from '../../../src/core/config/logging-fields.ts';
import type { LogSink } from '../../../src/core/config/logging-file.ts';
import { createRedactor } from '../../../src/core/config/redact.ts';
import { handTimers } from '../../support/hand-timers.ts';

/** A log on a clock that stands still until it is moved; what is due by then is woken. */
async function logOnClock(options: Partial<LogOptions> = {}) {
  let at = 1_000;
  let isBroken = false;
  const text: string[] = [];
  const due: { readonly at: number; readonly run: () => void }[] = [];
  const sink: LogSink = { write: (line) => !isBroken && text.push(line) > 0, close: () => text.push('closed') };
  const redactor = createRedactor();
  const wake = (delayMs: number, run: () => void) => void due.push({ at: at + delayMs, run });
  const log = await openLog({ level: 'info', sink, redactor, now: () => at, wake, ...options });
  return {
    log,
    redactor,
    text,
    lines: () => text.filter((line) => line !== 'closed').map((line) => JSON.parse(line) as Record<string, unknown>),
    breakSink: (broken: boolean) => {
      isBroken = broken;
    },
    pass(ms: number) {
      for (const end = at + ms; ; ) {
        const next = due.findIndex((entry) => entry.at <= end);
        at = due[next]?.at ?? end;
        if (next < 0) return;
        due.splice(next, 1)[0]?.run();
      }
    },
  };
}

describe('a log line', () => {
  test('is one JSON object with level, instant, message and fields', async () => {
    const { log, text } = await logOnClock({ fields: { profile: 'demo' } });
    log.with({ run: 'r1' }).info('order accepted', { qty: 10n ** 18n, price: 61840.2, note: undefined });
    expect(text).toEqual([
      '{"level":"info","at":1000,"profile":"demo","run":"r1","qty":"1000000000000000000","price":61840.2,"message":"order accepted"}\n',
    ]);
  });

  test('has the time of the clock on the wall after the machine slept, and never an earlier one', () => {
    const timers = handTimers(1_000_000);
    const now = steadyWall(timers);
    expect(now()).toBe(1_000_000);
    timers.pass(500);
    expect(now()).toBe(1_000_500);
    timers.jump({ wall: 6 * 3_600_000, mono: 0 });
    const awake = 1_000_500 + 6 * 3_600_000;
    expect(now()).toBe(awake);
    timers.jump({ wall: -3_600_000, mono: 0 });
    timers.pass(250);
    expect(now()).toBe(awake + 250);
  });

  test('appears from its level on, and the level changes at run time, for all of the log', async () => {
    const { log, lines } = await logOnClock({ level: 'warn' });
    const part = log.with({ room: 'venue' });
    log.info('one');
    part.level = 'debug';
    expect(log.level).toBe('debug');
    log.debug('two');
    log.level = 'silent';
    part.error('three');
    expect(lines().map(({ message }) => message)).toEqual(['two']);
  });

  test('is bounded and readable whatever it is given', async () => {
    const { log, lines, text } = await logOnClock();
    const knot: Record<string, unknown> = {
      at: 1,
      list: Array.from({ length: 60 }, (_, i) => i),
      exchange: new (class Binance {})(),
    };
    knot.self = knot;
    const trap = {
      get inside() {
        throw new Error('no');
      },
    };
    log.info('odd', {
      ...knot,
      level: 'mine',
      trap,
      map: new Map([['a', 1]]),
      nan: Number.NaN,
      f: () => 1,
      big: 'x'.repeat(9_000),
    });
    const [line] = lines();
    expect(line).toMatchObject({ level: 'info', field_level: 'mine', at: 1_000, field_at: 1, exchange: '[Binance]' });
    expect(line).toMatchObject({ trap: '[unreadable]', map: [1], nan: 'NaN', f: '[function]' });
    expect(line?.list).toHaveLength(51);
    expect(JSON.stringify(line?.self)).toContain('[deeper]');
    expect(line?.big).toMatch(/^x{8000}\[1000 more\]$/);

    log.info('long', Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`f${i}`, '"'.repeat(7_000)])));
    expect(text[1]?.length).toBeLessThan(64 * 1024);
    expect(lines()[1]).toMatchObject({ level: 'info', at: 1_000, message: 'a log line was too long' });
  });

  test('tells an error with its code, its stack and its causes, and nothing that a library hung on it', async () => {
    const { log, lines } = await logOnClock();
    const cause = Object.assign(new Error('socket closed'), { code: 'ECONNRESET', request: { huge: true } });
    log.error('order not sent', { error: new AggregateError([cause], 'no route', { cause }) });
    expect(lines()[0]).toMatchObject({
      error: {
        name: 'AggregateError',
        stack: expect.stringContaining('logging.test.ts') as string,
        cause: { message: 'socket closed', code: 'ECONNRESET' },
        errors: [{ message: 'socket closed' }],
      },
    });
    expect(JSON.stringify(lines())).not.toContain('huge');
    expect(errorText(new Error('outer', { cause }))).toMatch(/outer[\s\S]*caused by Error: socket closed/);
  });
});

describe('no secret reaches a line', () => {
  const secret = 'C4nary/Value+One';

  test.each([
    ['in the message', (s: string) => [`key ${s} refused`, {}]],
    ['in a field', (s: string) => ['refused', { note: s }]],
    ['in an error message', (s: string) => ['refused', { error: new Error(`GET /?apiKey=${s}`) }]],
    ['in a cause', (s: string) => ['refused', { error: new Error('a', { cause: new Error('b', { cause: s }) }) }]],
    ['in the name of a field', (s: string) => ['refused', { [s]: 1 }]],
    ['percent-encoded', (s: string) => ['refused', { url: encodeURIComponent(s) }]],
    ['across the cut of a long text', (s: string) => ['refused', { body: `${'x'.repeat(7_990)}${s}` }]],
  ] as [string, (s: string) => [string, Record<string, unknown>]][])('that is registered: %s', async (_, say) => {
    const { log, redactor, text } = await logOnClock({ level: 'debug' });
    redactor.register(secret);
    log.debug(...say(secret));
    log.error(...say(secret));
    expect(text).toHaveLength(2);
    expect(text.join('')).not.toMatch(/C4nary/);
  });

  test('that has the shape of one, in the stack of an error of a client library', async () => {
    const { log, text } = await logOnClock();
    const token = `987654321:${'a1B2c'.repeat(7)}`;
    const error = new Error(`request to https://api.telegram.org/bot${token}/getMe failed`);
    log.warn('polling failed', { error, headers: { 'X-MBX-APIKEY': 'k3y', accept: '*/*' } });
    expect(text.join('')).not.toMatch(/a1B2c|k3y/);
    expect(text.join('')).toContain('*/*');
  });
});

describe('an error storm', () => {
  test('is one line and, when its window is over, a count, without another message', async () => {
    const { log, lines, pass } = await logOnClock({ repeatWindowMs: 10_000 });
    for (let i = 0; i < 10_000; i++) log.error('feed lost', { attempt: i });
    expect(lines()).toMatchObject([{ message: 'feed lost', attempt: 0 }]);
    pass(9_999);
    expect(lines()).toHaveLength(1);
    pass(1);
    expect(lines()[1]).toEqual({
      level: 'error',
      at: 11_000,
      message: 'feed lost',
      repeated: 9_999,
      firstAt: 1_000,
      lastAt: 1_000,
    });
    pass(60_000);
    expect(lines()).toHaveLength(2);
    log.error('feed lost');
    expect(lines()).toHaveLength(3);
  });

  test('that goes on is one line a window', async () => {
    const { log, lines, pass } = await logOnClock({ repeatWindowMs: 10_000 });
    for (let second = 0; second < 60; second++) {
      for (let i = 0; i < 100; i++) log.warn('slow commit');
      pass(1_000);
    }
    expect(lines()).toHaveLength(7);
    const said = lines().reduce((sum, { repeated }) => sum + (typeof repeated === 'number' ? repeated : 1), 0);
    expect(said).toBe(6_000);
  });

  test('does not hide another failure, nor what is no warning', async () => {
    const { log, lines } = await logOnClock();
    log.error('command failed', { error: new Error('order 17 at 1723161599999: timed out') });
    log.error('command failed', { error: new Error('order 18 at 1723161600001: timed out') });
    log.error('command failed', { error: new RangeError('expected a positive quantity') });
    log.warn('command failed');
    log.info('tick');
    log.info('tick');
    expect(lines().map(({ level, message }) => `${level} ${message}`)).toEqual([
      'error command failed',
      'error command failed',
      'warn command failed',
      'info tick',
      'info tick',
    ]);
  });

  test('is counted at the end of the process', async () => {
    const { log, text } = await logOnClock();
    log.warn('slow');
    log.warn('slow');
    log.close();
    expect(text.at(-2)).toContain('"repeated":1');
    expect(text.at(-1)).toBe('closed');
  });

  test('of ever new messages keeps a bounded memory and loses no count', async () => {
    const { log, lines } = await logOnClock();
    for (let i = 0; i < 3_000; i++) {
      log.warn(`order ${i} is unknown`);
      log.warn(`order ${i} is unknown`);
    }
    expect(lines().filter(({ repeated }) => repeated === 1).length).toBeGreaterThanOrEqual(2_000);
    log.close();
    expect(lines()).toHaveLength(6_000);
  });
});

test('lines that the sink did not take are told when it takes lines again', async () => {
  const { log, lines, breakSink } = await logOnClock();
  breakSink(true);
  log.info('one');
  log.info('two');
  breakSink(false);
  log.info('three');
  expect(lines()).toMatchObject([{ message: 'three' }, { level: 'error', lost: 2 }]);
});
