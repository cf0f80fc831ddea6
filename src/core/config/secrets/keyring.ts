const SERVICE = 'dzentra';
/** A keyring that is locked asks its owner, who may be away. */
const WAIT_MS = 30_000;
/** The kernel's keyring, to which the package falls back, forgets at the next start. */
const PIN = { linux: { store: 'secret-service' } } as const;

/** The keyring of the desktop: one entry an exchange. Each may throw: it may be locked, or there is none. */
export interface Keyring {
  get(exchange: string): Promise<string | undefined>;
  set(exchange: string, text: string): Promise<void>;
  /** Whether there was one. */
  remove(exchange: string): Promise<boolean>;
  list(): Promise<readonly { readonly exchange: string; readonly text: string }[]>;
}

/** The keyring, or why there is none: the package is optional, and a machine without a desktop has no service. */
export async function openKeyring(): Promise<Keyring | string> {
  try {
    const { AsyncEntry, findCredentialsAsync } = await import('@napi-rs/keyring');
    const entry = (exchange: string) =>
      new AsyncEntry(SERVICE, exchange, PIN as ConstructorParameters<typeof AsyncEntry>[2]);
    const keyring: Keyring = {
      get: async (exchange) => (await entry(exchange).getPassword(AbortSignal.timeout(WAIT_MS))) ?? undefined,
      set: (exchange, text) => entry(exchange).setPassword(text, AbortSignal.timeout(WAIT_MS)),
      remove: (exchange) => entry(exchange).deleteCredential(AbortSignal.timeout(WAIT_MS)),
      async list() {
        const found = await findCredentialsAsync(SERVICE, undefined, AbortSignal.timeout(WAIT_MS));
        return found.map(({ account, password }) => ({ exchange: account, text: password }));
      },
    };
    await keyring.get('dzentra-doctor');
    return keyring;
  } catch (problem) {
    const [told = ''] = String(problem instanceof Error ? problem.message : problem).split('\n');
    return /d-?bus/i.test(told) ? 'no service of a desktop answers (D-Bus)' : told;
  }
}
