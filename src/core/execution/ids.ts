import { assert } from '../base/assert.ts';
import type { Role } from '../domain/order.ts';

const ROLE_LETTERS: Readonly<Record<Role, string>> = { entry: 'e', exit: 'x', stop: 's', target: 't', plan: 'p' };

function base36(value: number, width: number, what: string): string {
  const text = value.toString(36);
  assert(value >= 0 && text.length <= width, `Invariant: ${what} fits ${width} base-36 digits, found ${value}`);
  return text.padStart(width, '0');
}

/**
 * The id that a venue knows an order by: `dz`, profile 2, epoch 3, counter 5, role 1, in base 36 without a hyphen. The
 * counter is the seq of the intent, so that everything else is looked up in the journal. At most 18 characters,
 * alphanumeric: every venue takes it.
 */
export function clientId(address: { profile: number; epoch: number; seq: number; role: Role }): string {
  const { profile, epoch, seq, role } = address;
  return `dz${base36(profile, 2, 'a profile')}${base36(epoch, 3, 'an epoch')}${base36(seq, 5, 'a seq')}${ROLE_LETTERS[role]}`;
}

/** Reads a client id back, undefined where it is not ours. */
export function readClientId(id: string): { profile: number; epoch: number; seq: number; role: Role } | undefined {
  const match = /^dz([0-9a-z]{2})([0-9a-z]{3})([0-9a-z]{5})([exstp])$/.exec(id);
  if (match === null) return undefined;
  const [, profile = '', epoch = '', seq = '', letter] = match;
  const role = (Object.keys(ROLE_LETTERS) as Role[]).find((each) => ROLE_LETTERS[each] === letter);
  if (role === undefined) return undefined;
  return {
    profile: Number.parseInt(profile, 36),
    epoch: Number.parseInt(epoch, 36),
    seq: Number.parseInt(seq, 36),
    role,
  };
}
