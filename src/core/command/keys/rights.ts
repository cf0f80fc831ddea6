import type { KeyRights } from '../../venue/exchange.ts';
import type { Field } from '../command.ts';
import { type Cell, type Fact, fact } from '../outcome.ts';
import { type Refusal, refusal } from '../refusal.ts';

/** Why a key with these rights is not to be used, if so. */
export function refusalOfRights(exchange: string, { canRead, canWithdraw }: KeyRights): Refusal | undefined {
  if (canWithdraw === true) {
    const fix = `at ${exchange} take the right away or make a new key without it, then: dzentra keys add ${exchange}`;
    return refusal(
      3,
      'KEY_WITHDRAWS',
      'a key that cannot withdraw',
      'one that can: whoever gets it takes the money',
      fix,
    );
  }
  if (canRead === false) {
    const fix = `at ${exchange} give it the right to read`;
    return refusal(3, 'KEY_CANNOT_READ', 'a key that can read the account', 'one that cannot', fix);
  }
  return undefined;
}

/** What its owner should know of a key that can be used, in sentences. */
export function warningsOf(exchange: string, rights: KeyRights): readonly string[] {
  const { canTrade, canWithdraw, isBoundToIp, positionMode } = rights;
  const warnings: string[] = [];
  if (isBoundToIp === false)
    warnings.push(`the key works from any address: bind it to the address of this machine at ${exchange}`);
  if (canWithdraw === null) warnings.push(`${exchange} does not say whether the key can withdraw: look there`);
  if (canTrade === false) warnings.push('the key cannot trade: it is enough to look');
  if (positionMode === 'hedge')
    warnings.push(`the account is in hedge mode and one-way is what is traded: change it at ${exchange}`);
  return warnings;
}

export const RIGHTS_FIELDS: readonly Field[] = [
  ['rights.canRead', 'boolean|null', 'null: not told'],
  ['rights.canTrade', 'boolean|null', 'null: not told'],
  ['rights.canWithdraw', 'boolean|null', 'null: not told'],
  ['rights.isBoundToIp', 'boolean|null', 'whether it works from named addresses alone'],
  ['rights.positionMode', 'code|null', 'one-way or hedge'],
];

const told = (value: boolean | null): string => (value === null ? 'not told' : value ? 'yes' : 'no');

/** What was not told is ? in a pipe. */
const right = (value: boolean | null): Cell => ({ value: value ?? '?', text: told(value) });

export function rightsFacts({ canRead, canTrade, canWithdraw, isBoundToIp, positionMode }: KeyRights): readonly Fact[] {
  return [
    fact('rights.canRead', 'reads', right(canRead)),
    fact('rights.canTrade', 'trades', right(canTrade)),
    fact('rights.canWithdraw', 'withdraws', {
      ...right(canWithdraw),
      tone: canWithdraw === false ? 'good' : 'warn',
    }),
    fact('rights.isBoundToIp', 'bound to addresses', {
      ...right(isBoundToIp),
      tone: isBoundToIp === true ? 'good' : 'warn',
    }),
    fact('rights.positionMode', 'position mode', positionMode ?? 'not told'),
  ];
}
