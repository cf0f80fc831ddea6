import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import type { Role } from '../../../src/core/domain/order.ts';
import { clientId, readClientId } from '../../../src/core/execution/ids.ts';

const ROLES: readonly Role[] = ['entry', 'exit', 'stop', 'target', 'plan'];
const address = fc.record({
  profile: fc.integer({ min: 0, max: 36 ** 2 - 1 }),
  epoch: fc.integer({ min: 0, max: 36 ** 3 - 1 }),
  seq: fc.integer({ min: 0, max: 36 ** 5 - 1 }),
  role: fc.constantFrom(...ROLES),
});

describe('a client id', () => {
  test('reads back as what it was made of, and every venue takes it', () => {
    fc.assert(
      fc.property(address, (given) => {
        const id = clientId(given);
        expect(readClientId(id)).toEqual(given);
        expect(id).toMatch(/^[a-z0-9]{1,18}$/);
      }),
    );
  });

  test('differs where its address does', () => {
    fc.assert(
      fc.property(address, address, (a, b) => {
        expect(clientId(a) === clientId(b)).toBe(sameAddress(a, b));
      }),
    );
  });

  test('looks like this', () => {
    expect(clientId({ profile: 1, epoch: 36, seq: 36 ** 5 - 1, role: 'stop' })).toBe('dz01010zzzzzs');
  });

  test.each(['x-MHnqUTG7a1b2', 'dz', 'dz0101000001q', 'dz01010000001s', 'DZ0101000001S', 'dz01-1000001s', ''])(
    '%s is not ours',
    (id) => {
      expect(readClientId(id)).toBeUndefined();
    },
  );

  test.each([
    [{ profile: 36 ** 2, epoch: 1, seq: 1 }, 'a profile fits 2 base-36 digits, found 1296'],
    [{ profile: 1, epoch: 36 ** 3, seq: 1 }, 'an epoch fits 3 base-36 digits, found 46656'],
    [{ profile: 1, epoch: 1, seq: 36 ** 5 }, 'a seq fits 5 base-36 digits, found 60466176'],
    [{ profile: 1, epoch: 1, seq: -1 }, 'a seq fits 5 base-36 digits, found -1'],
  ])('is never cut: %o', (given, why) => {
    expect(() => clientId({ ...given, role: 'entry' })).toThrow(`Invariant: ${why}`);
  });
});

const sameAddress = (a: object, b: object): boolean => JSON.stringify(a) === JSON.stringify(b);
