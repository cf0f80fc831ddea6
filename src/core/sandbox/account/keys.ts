/** A key that the stand-in takes. What it may do is told by `/sapi/v1/account/apiRestrictions`. */
export interface ApiKey {
  readonly name: string;
  readonly secret: string;
  readonly trades: boolean;
  readonly withdraws: boolean;
  /** Whether it is bound to an address. */
  readonly isBound: boolean;
  readonly isRevoked: boolean;
}

/** The secret of every key: there is nothing to protect. */
const SECRET = 'sandbox-secret';
const key = (name: string, marks: Partial<ApiKey> = {}): ApiKey => ({
  name,
  secret: SECRET,
  trades: true,
  withdraws: false,
  isBound: true,
  isRevoked: false,
  ...marks,
});

const KEYS: readonly ApiKey[] = [
  key('sandbox-read', { trades: false }),
  key('sandbox-trade'),
  key('sandbox-withdraw', { withdraws: true }),
  key('sandbox-noip', { isBound: false }),
  key('sandbox-revoked', { isRevoked: true }),
];

/** How a key of the stand-in begins. A real key never does, so that it cannot be sent here by mistake and be taken. */
export const KEY_MARK = 'sandbox';

/** The key of that name, revoked ones too; undefined where there is none. */
export const keyNamed = (name: string): ApiKey | undefined => KEYS.find((one) => one.name === name);
