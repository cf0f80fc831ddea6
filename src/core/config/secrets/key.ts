/** Where keys lie, in the order in which they are looked for. */
export type KeySource = 'systemd' | 'keyring' | 'encrypted' | 'file';

/** A key of an account as it is kept: an `ApiKey` of the exchange port with the instant of its coming. */
export interface KeptKey {
  readonly exchange: string;
  readonly apiKey: string;
  readonly secret: string;
  /** Of the key itself, where the venue has one. */
  readonly passphrase?: string | undefined;
  /** ms UTC. */
  readonly addedAt?: number | undefined;
}

export interface FoundKey extends KeptKey {
  readonly from: KeySource;
  /** A key of the stand-in exchange: it begins with `sandbox`. */
  readonly isSandbox: boolean;
}

/** What is wrong with a place of keys. It holds no secret. */
export interface SecretProblem {
  readonly code:
    | 'KEY_UNSAFE'
    | 'KEY_DAMAGED'
    | 'KEY_MISFIT'
    | 'BAD_TOKEN'
    | 'NO_PASSPHRASE'
    | 'WRONG_PASSPHRASE'
    | 'NO_KEYRING'
    | 'KEYRING_FAILED';
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

export const secretProblem = (
  code: SecretProblem['code'],
  expected: string,
  found: string,
  fix: string,
): SecretProblem => ({ code, expected, found, fix });

export const isSecretProblem = (answer: unknown): answer is SecretProblem =>
  typeof answer === 'object' && answer !== null && 'code' in answer && 'fix' in answer;

export const isSandboxKey = (apiKey: string): boolean => apiKey.startsWith('sandbox');

/** The first and last characters: enough to tell keys apart. A short one shows less, one of the stand-in is no secret. */
export const shortKey = (apiKey: string): string =>
  apiKey.length >= 16 || isSandboxKey(apiKey)
    ? `${apiKey.slice(0, 4)}...${apiKey.slice(-4)}`
    : `${apiKey.slice(0, 2)}...`;

/**
 * A key of the stand-in never goes to a venue, and a real one never to a place on loopback: whoever listens there would have
 * it. Undefined where key and endpoint fit.
 */
export function fits(
  { exchange, isSandbox }: Pick<FoundKey, 'exchange' | 'isSandbox'>,
  { base }: { readonly base?: string | undefined },
): SecretProblem | undefined {
  if (isSandbox === (base !== undefined)) return undefined;
  return isSandbox
    ? secretProblem(
        'KEY_MISFIT',
        `a real key for the hosts of ${exchange}`,
        'a key of the stand-in exchange (it begins with sandbox)',
        `set endpoint in [exchanges.${exchange}], or: dzentra keys remove ${exchange}, then dzentra keys add ${exchange}`,
      )
    : secretProblem(
        'KEY_MISFIT',
        `a key that begins with sandbox for the stand-in at ${base}`,
        'a real key, which is shown to nobody but its venue',
        `take endpoint out of [exchanges.${exchange}], or give it a key of the stand-in`,
      );
}
