import { createCipheriv, createDecipheriv, randomBytes, type ScryptOptions, scrypt } from 'node:crypto';
import { contentOf } from './content.ts';
import { type KeptKey, type SecretProblem, secretProblem, shortKey } from './key.ts';

/** scrypt as OWASP's password storage cheat sheet has it: N = 2^17, r = 8, p = 1, which is 128 MiB and half a second. */
const COST = { N: 2 ** 17, r: 8, p: 1 } as const;
/** A file may not ask for more: it could fill the memory. */
const N_MAX = 2 ** 20;

/** A sealed key. All but `data` is plain, and none of it can be changed unseen. */
interface Sealed {
  readonly v: 1;
  readonly exchange: string;
  /** First and last characters of the key, for lists. */
  readonly key: string;
  readonly addedAt: number | undefined;
  readonly N: number;
  readonly r: number;
  readonly p: number;
  readonly salt: string;
  readonly iv: string;
  readonly tag: string;
  readonly data: string;
}

/** A key as a file that only its passphrase opens: scrypt, then AES-256-GCM over the key with the plain fields beside it. */
export async function seal(key: KeptKey, passphrase: string): Promise<string> {
  const { exchange, apiKey, addedAt } = key;
  const [salt, iv] = [randomBytes(16), randomBytes(12)];
  const plain = { v: 1, exchange, key: shortKey(apiKey), addedAt, ...COST, salt: hex(salt) } as const;
  const cipher = createCipheriv('aes-256-gcm', await derived(passphrase, salt, COST), iv).setAAD(about(plain));
  const data = Buffer.concat([cipher.update(contentOf(key), 'utf8'), cipher.final()]);
  const sealed: Sealed = { ...plain, iv: hex(iv), tag: hex(cipher.getAuthTag()), data: data.toString('base64') };
  return `${JSON.stringify(sealed)}\n`;
}

/** What a list says of a sealed key without opening it. */
export type SealedLabel = Pick<Sealed, 'exchange' | 'key' | 'addedAt'>;

export function labelOf(text: string): SealedLabel | undefined {
  const sealed = sealedIn(text);
  return sealed === undefined ? undefined : { exchange: sealed.exchange, key: sealed.key, addedAt: sealed.addedAt };
}

/** The text that was sealed, or why it does not open. */
export async function unseal(text: string, passphrase: string, place: string): Promise<string | SecretProblem> {
  const sealed = sealedIn(text);
  if (sealed === undefined)
    return secretProblem('KEY_DAMAGED', `a sealed key in ${place}`, 'something else', 'dzentra keys add');
  const { N, r, p, salt, iv, tag, data } = sealed;
  try {
    const secret = await derived(passphrase, Buffer.from(salt, 'hex'), { N, r, p });
    const decipher = createDecipheriv('aes-256-gcm', secret, Buffer.from(iv, 'hex'), { authTagLength: 16 });
    decipher.setAAD(about(sealed)).setAuthTag(Buffer.from(tag, 'hex'));
    return Buffer.concat([decipher.update(data, 'base64'), decipher.final()]).toString('utf8');
  } catch {
    const found = 'it does not open: the passphrase is wrong, or the file was changed';
    return secretProblem('WRONG_PASSPHRASE', `the passphrase of ${place}`, found, 'give it again');
  }
}

function sealedIn(text: string): Sealed | undefined {
  let told: Partial<Record<keyof Sealed, unknown>>;
  try {
    told = JSON.parse(text) as typeof told;
  } catch {
    return undefined;
  }
  if (typeof told !== 'object' || told === null || told.v !== 1) return undefined;
  const isText = (['exchange', 'key', 'salt', 'iv', 'tag', 'data'] as const).every(
    (name) => typeof told[name] === 'string',
  );
  const isCost = typeof told.N === 'number' && told.N <= N_MAX && told.r === COST.r && told.p === COST.p;
  return isText && isCost ? (told as Sealed) : undefined;
}

const about = ({ v, exchange, key, addedAt, N, r, p, salt }: Omit<Sealed, 'iv' | 'tag' | 'data'>): Buffer =>
  Buffer.from(JSON.stringify([v, exchange, key, addedAt ?? null, N, r, p, salt]));

/** The same letters are the same passphrase, whichever way a keyboard composes them. */
function derived(passphrase: string, salt: Buffer, { N, r, p }: ScryptOptions): Promise<Buffer> {
  const options = { N, r, p, maxmem: 256 * (N ?? 0) * (r ?? 0) } as ScryptOptions;
  return new Promise((resolve, reject) =>
    scrypt(passphrase.normalize('NFKC'), salt, 32, options, (problem, secret) =>
      problem === null ? resolve(secret) : reject(problem),
    ),
  );
}

const hex = (bytes: Buffer): string => bytes.toString('hex');
