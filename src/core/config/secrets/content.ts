import { type KeptKey, type SecretProblem, secretProblem } from './key.ts';

/** A key as the text of a file, of a credential or of a keyring. */
export function contentOf({ exchange, apiKey, secret, passphrase, addedAt }: KeptKey): string {
  return `${JSON.stringify({ exchange, apiKey, secret, passphrase, addedAt })}\n`;
}

/** Reads what `contentOf` wrote, or two or three bare lines: key, secret, passphrase. `place` is for the message. */
export function keyIn(text: string, exchange: string, place: string): KeptKey | SecretProblem {
  const problem = (found: string): SecretProblem =>
    secretProblem('KEY_DAMAGED', `a key of ${exchange} in ${place}`, found, `dzentra keys add ${exchange}`);
  const told = text.trimStart().startsWith('{') ? fieldsOf(text) : linesOf(text);
  if (told === undefined) return problem('no JSON');
  const { apiKey, secret, passphrase, addedAt } = told;
  if (told.exchange !== undefined && told.exchange !== exchange) return problem('a key of another exchange');
  if (!isToken(apiKey)) return problem('no apiKey');
  if (!isToken(secret)) return problem('no secret');
  return {
    exchange,
    apiKey,
    secret,
    passphrase: isToken(passphrase) ? passphrase : undefined,
    addedAt: typeof addedAt === 'number' ? addedAt : undefined,
  };
}

type Fields = Readonly<Record<string, unknown>>;

function fieldsOf(text: string): Fields | undefined {
  try {
    const told: unknown = JSON.parse(text);
    return typeof told === 'object' && told !== null ? (told as Fields) : undefined;
  } catch {
    // What the parser says holds a piece of the text.
    return undefined;
  }
}

function linesOf(text: string): Fields {
  const [apiKey, secret, passphrase] = text.split('\n').map((line) => line.trim());
  return { apiKey, secret, passphrase };
}

/** A private key in PEM has lines of its own; nothing else of a key has. */
const isToken = (value: unknown): value is string => typeof value === 'string' && value.trim() !== '';
