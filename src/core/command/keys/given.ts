import { hasPassphrase } from '../../config/exchanges.ts';
import type { Context } from '../command.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import type { GivenKey } from './ports.ts';

const LENGTH_MAX = 8_192;

/** The key as a person types it unseen, or as lines of standard input: key, secret and, where the venue has one, passphrase. */
export async function givenKey(context: Context, exchange: string, isStdin: boolean): Promise<GivenKey | Refusal> {
  const parts = isStdin ? await linesOf(context, exchange) : await asked(context, exchange);
  if (isRefusal(parts)) return parts;
  const [apiKey = '', secret = '', passphrase] = parts;
  for (const [name, value] of [
    ['key', apiKey],
    ['secret', secret],
    ...(hasPassphrase(exchange) ? [['passphrase', passphrase ?? ''] as const] : []),
  ] as const) {
    const flaw = flawOf(value);
    if (flaw !== undefined)
      return refusal(2, 'BAD_KEY_TEXT', `the ${name} as ${exchange} showed it`, flaw, 'copy it once more, whole');
  }
  return { exchange, apiKey, secret, passphrase: hasPassphrase(exchange) ? passphrase : undefined };
}

/** What is wrong with a text; the text itself is told nowhere. */
function flawOf(value: string): string | undefined {
  if (value === '') return 'nothing';
  if (value.length > LENGTH_MAX) return `${value.length} characters`;
  const isPem = /^-----BEGIN [A-Z ]+-----\n[A-Za-z0-9+/=\n]+\n-----END [A-Z ]+-----$/.test(value);
  return isPem || /^[\x21-\x7e]+$/.test(value) ? undefined : 'spaces, breaks or letters that no key has';
}

async function asked({ askSecret }: Context, exchange: string): Promise<readonly string[] | Refusal> {
  if (askSecret === undefined) {
    const fix = `dzentra keys add ${exchange} --stdin, with the key and the secret in a line each`;
    return refusal(2, 'NO_TERMINAL', 'a terminal to ask on', 'none', fix);
  }
  const parts: string[] = [];
  const names = ['key', 'secret', ...(hasPassphrase(exchange) ? ['passphrase'] : [])];
  for (const name of names) {
    const answer = (await askSecret(`${exchange} API ${name} (not shown):`))?.trim() ?? '';
    if (answer === '') return refusal(2, 'BAD_KEY_TEXT', `the ${name} of ${exchange}`, 'no answer', 'paste it');
    parts.push(answer);
  }
  return parts;
}

async function linesOf({ readInput }: Context, exchange: string): Promise<readonly string[] | Refusal> {
  const lines = hasPassphrase(exchange) ? 'three lines: key, secret, passphrase' : 'two lines: key and secret';
  const text = await readInput?.();
  if (text === undefined)
    return refusal(2, 'NO_INPUT', lines, 'a terminal', `dzentra keys add ${exchange}, which asks`);
  const parts = text
    .replace(/\r\n/g, '\n')
    .match(/-----BEGIN [^-]+-----[^-]+-----END [^-]+-----|[^\n]+/g)
    ?.map((part) => part.trim())
    .filter((part) => part !== '');
  const wanted = hasPassphrase(exchange) ? 3 : 2;
  if (parts?.length === wanted) return parts;
  const found = `${parts?.length ?? 0} lines`;
  return refusal(2, 'BAD_KEY_TEXT', `${lines}, on standard input`, found, 'give each in a line of its own');
}
