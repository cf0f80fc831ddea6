import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Fault } from '../../../../src/core/sandbox/fault.ts';
import { createFaults, readFault } from '../../../../src/core/sandbox/faults.ts';

/** A clock that is moved by hand. */
function handClock(): { wall(): number; after(): () => void; move(ms: number): void } {
  let now = 1000;
  return {
    wall: () => now,
    after: () => () => undefined,
    move(ms) {
      now += ms;
    },
  };
}

describe('a fault as text', () => {
  test.each<[string, Fault]>([
    ['reset', { kind: 'reset' }],
    [
      'delay:path=/fapi/v1/klines,ms=2000,forMs=10000',
      { kind: 'delay', path: '/fapi/v1/klines', ms: 2000, forMs: 10_000 },
    ],
    ['error:code=-1001,msg=Internal error,every=3', { kind: 'error', code: -1001, msg: 'Internal error', every: 3 }],
    ['clock-skew:ms=-1500', { kind: 'clock-skew', ms: -1500 }],
    ['gap:stream=@depth,count=1', { kind: 'gap', stream: '@depth', count: 1 }],
    ['delist:id=BTCUSDT,afterMs=500', { kind: 'delist', id: 'BTCUSDT', afterMs: 500 }],
  ])('%s is read', (text, fault) => {
    expect(readFault(text)).toEqual(fault);
  });

  test('an object is read like the text of the same names', () => {
    expect(readFault({ kind: 'status', status: 502, count: 2 })).toEqual({ kind: 'status', status: 502, count: 2 });
  });

  test.each<[unknown, RegExp, string]>([
    ['dealy:ms=5', /one of the kinds delay, reset/, 'did you mean delay?'],
    ['delay:ms=fast', /ms as a whole number/, 'say for instance ms=2000'],
    ['delay', /delay with ms/, 'say for instance delay:ms=2000'],
    ['error', /error with code/, 'say for instance error:code=-1001'],
    ['delay:ms=5,pth=/fapi', /one of the keys path, stream/, 'did you mean path?'],
    ['reset:path=fapi/v1', /a path that begins with/, 'say path=/fapi/v1'],
    ['status:status=99', /status as a whole number from 200 to 599/, 'say for instance status=503'],
    ['gap:path=/fapi', /path with delay, reset/, 'leave path out'],
    ['halt:stream=btcusdt', /stream with silence/, 'leave stream out'],
    ['reset:count=0', /count as a whole number from 1/, 'say for instance count=1'],
    ['reset:path', /key=value after the colon/, 'say for instance reset:count=1'],
    ['reset:count=1,count=2', /count once/, 'leave one out'],
    [{ ms: 5 }, /a fault such as/, 'name its kind'],
    [7, /a fault such as/, 'name its kind'],
  ])('%j is refused', (source, expected, fix) => {
    const read = readFault(source);
    expect(read).toMatchObject({ fix });
    expect('expected' in read && read.expected).toMatch(expected);
  });
});

describe('faults at work', () => {
  test('the one that was set first acts, at the places that it names', () => {
    const faults = createFaults(handClock());
    faults.set({ kind: 'reset', path: '/fapi/v1/klines' });
    faults.set({ kind: 'status' });
    expect(faults.strike(['status', 'reset'], { path: '/fapi/v1/klines' })?.kind).toBe('reset');
    expect(faults.strike(['status', 'reset'], { path: '/fapi/v1/time' })?.kind).toBe('status');
    expect(faults.strike(['cut'], { stream: 'btcusdt@trade' })).toBeUndefined();
  });

  test('begins and ends by the clock', () => {
    const clock = handClock();
    const faults = createFaults(clock);
    faults.set({ kind: 'halt', afterMs: 100, forMs: 50 });
    expect([faults.all.length, faults.waiting.length]).toEqual([0, 1]);
    clock.move(100);
    expect(faults.holds('halt')).toBeDefined();
    clock.move(50);
    expect([faults.holds('halt'), faults.all.length, faults.waiting.length]).toEqual([undefined, 0, 0]);
  });

  test('strikes every n-th time, so often at most, and asking whether it holds does not count', () => {
    const faults = createFaults(handClock());
    faults.set({ kind: 'gap', stream: '@depth', every: 2, count: 2 });
    faults.holds('gap', { stream: 'btcusdt@depth' });
    const struck = Array.from({ length: 8 }, () => faults.strike(['gap'], { stream: 'btcusdt@depth' }) !== undefined);
    expect(struck).toEqual([false, true, false, true, false, false, false, false]);
    expect(faults.all).toEqual([]);
  });

  test('are cleared by kind, or all', () => {
    const faults = createFaults(handClock());
    for (const kind of ['reset', 'halt', 'reset'] as const) faults.set({ kind });
    faults.clear('reset');
    expect(faults.all).toEqual([{ kind: 'halt' }]);
    faults.clear();
    expect(faults.all).toEqual([]);
  });
});

test('a fault that is printed reads back as it was', () => {
  const word = fc.stringMatching(/^[a-zA-Z0-9@/_-]{1,12}$/);
  const times = { afterMs: fc.integer({ min: 0, max: 1e9 }), forMs: fc.integer({ min: 1, max: 1e9 }) };
  const counts = { every: fc.integer({ min: 1, max: 1e9 }), count: fc.integer({ min: 1, max: 1e9 }) };
  const optional = { requiredKeys: ['kind'] as ['kind'] };
  const rest = fc.record(
    { kind: fc.constant('error'), path: word.map((one) => `/${one}`), ...times, ...counts },
    optional,
  );
  const stream = fc.record({ kind: fc.constantFrom('gap', 'silence'), stream: word, ...times, ...counts }, optional);
  fc.assert(
    fc.property(fc.oneof(rest, stream), fc.integer({ min: -9999, max: -1 }), ({ kind, ...fields }, code) => {
      const fault = { kind, ...fields, ...(kind === 'error' ? { code } : {}) };
      const { kind: _, ...shown } = fault;
      const text = Object.entries(shown).map(([name, value]) => `${name}=${value}`);
      expect(readFault(text.length === 0 ? kind : `${kind}:${text.join(',')}`)).toEqual(fault);
      expect(readFault(JSON.parse(JSON.stringify(fault)))).toEqual(fault);
    }),
  );
});
