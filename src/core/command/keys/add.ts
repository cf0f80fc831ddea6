import { type KeySource, shortKey } from '../../config/secrets/key.ts';
import { choice, on, required } from '../argv/spec.ts';
import { type Context, defineCommand } from '../command.ts';
import { done, fact, refused } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';
import { exchangeName } from './exchange-name.ts';
import { givenKey } from './given.ts';
import type { GivenKey, KeyPlace, KeyPorts } from './ports.ts';
import { RIGHTS_FIELDS, refusalOfRights, rightsFacts, warningsOf } from './rights.ts';

const SCHEMA = 'dzentra.keys.add/1';
const PASSPHRASE_MIN = 8;
const NOTHING = 'no key was kept';

export const keysAdd = defineCommand({
  about: [
    'Keeps the API key of an exchange: in the keyring of the desktop, in a file that a passphrase opens, or in a plain file that you alone can read. Where nothing is said the first of these that there is. Key and secret are asked for and not shown; they never stand on a command line.',
    'The exchange is asked what the key may do: one that can withdraw, or cannot read, is not kept. Where the exchange cannot be reached the key is kept and not checked.',
    'Without a person the passphrase is the systemd credential dzentra-passphrase, or a file of mode 0600 that DZENTRA_PASSPHRASE_FILE names; a key may be a credential itself: dzentra-EXCHANGE. DZENTRA_KEYRING=off leaves the keyring alone.',
  ],
  args: { exchange: required(exchangeName('Name of the exchange.')) },
  options: {
    in: choice('Where it is kept.', ['keyring', 'encrypted', 'file']),
    stdin: on('Read it from standard input: key, secret and, where there is one, passphrase, a line each.'),
  },
  examples: [
    'dzentra keys add binanceusdm',
    'dzentra keys add binanceusdm --in encrypted',
    'dzentra keys add okx --stdin',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['exchange', 'text', 'the exchange'],
    ['key', 'text', 'its first and last characters'],
    ['in', 'code', 'keyring, encrypted or file'],
    ['place', 'text', 'where it is'],
    ['isChecked', 'boolean', 'whether the exchange was asked'],
    ['rights', 'object|null', 'what the exchange says that it may do'],
    ...RIGHTS_FIELDS,
    ['warnings', 'array', 'sentences'],
  ],
  async run(context, { args: { exchange }, options }) {
    const { keys } = await context.boot();
    const known = (await keys.list()).find((each) => each.exchange === exchange);
    if (known !== undefined) return refused(isThere(exchange, known.from));
    const key = await givenKey(context, exchange, options.stdin);
    if (isRefusal(key)) return refused(key);
    const rights = await keys.check(key);
    if (context.signal.aborted) return { kind: 'interrupted', saved: [NOTHING] };
    const denial = isRefusal(rights) ? (isUnasked(rights) ? undefined : rights) : refusalOfRights(exchange, rights);
    if (denial !== undefined) return refused(denial);
    const kept = await keep(context, keys, key, options.in);
    if (isRefusal(kept)) return refused(kept);
    const warnings = isRefusal(rights)
      ? [`not checked: ${rights.found}; later: dzentra keys check ${exchange}`]
      : warningsOf(exchange, rights);
    const data = {
      schema: SCHEMA,
      exchange,
      key: shortKey(key.apiKey),
      in: kept.in,
      place: kept.place,
      isChecked: !isRefusal(rights),
      rights: isRefusal(rights) ? null : rights,
      warnings,
    };
    const facts = [
      fact('exchange', 'exchange', exchange),
      fact('key', 'key', data.key),
      fact('place', 'kept in', kept.place),
      ...(isRefusal(rights) ? [] : rightsFacts(rights)),
    ];
    return done(data, [{ kind: 'facts', facts }], warnings);
  },
});

/** It would not be used, or take the place of one that nobody has a copy of. */
function isThere(exchange: string, from: KeySource): Refusal {
  // It is not ours to remove.
  const removal = from === 'systemd' ? 'take LoadCredential= out of its unit' : `dzentra keys remove ${exchange}`;
  return refusal(2, 'KEY_EXISTS', `no key of ${exchange} yet`, `one in ${from}`, `${removal}, then again`);
}

const UNASKED: ReadonlySet<string> = new Set([
  'NO_NETWORK',
  'TIMED_OUT',
  'BAD_ANSWER',
  'VENUE_DOWN',
  'MAINTENANCE',
  'RATE_LIMITED',
  'BANNED',
  'CLOCK_OFF',
]);

/** The exchange could not be asked: that says nothing about the key. */
const isUnasked = ({ code }: Refusal): boolean => UNASKED.has(code);

interface Kept {
  readonly in: KeyPlace;
  readonly place: string;
}

async function keep(
  context: Context,
  keys: KeyPorts,
  key: GivenKey,
  told: KeyPlace | undefined,
): Promise<Kept | Refusal> {
  if (told === 'keyring' || (told === undefined && (await keys.whyNoKeyring()) === undefined))
    return await put(keys, key, 'keyring');
  if (told === 'file') return await put(keys, key, 'file');
  const passphrase = (await keys.passphrase()) ?? (await newPassphrase(context, key.exchange));
  if (isRefusal(passphrase))
    return told === undefined && passphrase.code === 'NO_PASSPHRASE' ? await put(keys, key, 'file') : passphrase;
  return await put(keys, key, 'encrypted', passphrase);
}

async function put(keys: KeyPorts, key: GivenKey, place: KeyPlace, passphrase?: string): Promise<Kept | Refusal> {
  const answer = await keys.add(key, place, passphrase);
  return isRefusal(answer) ? answer : { in: place, place: answer };
}

async function newPassphrase({ askSecret }: Context, exchange: string): Promise<string | Refusal> {
  if (askSecret === undefined) {
    const fix = 'set DZENTRA_PASSPHRASE_FILE to the full path of a file of mode 0600, or say --in file';
    return refusal(2, 'NO_PASSPHRASE', `a passphrase to seal the key of ${exchange}`, 'nobody to ask', fix);
  }
  const first = await askSecret('New passphrase that seals the key (not shown):');
  if ((first ?? '').length < PASSPHRASE_MIN) {
    const expected = `a passphrase of ${PASSPHRASE_MIN} characters or more`;
    return refusal(2, 'BAD_PASSPHRASE', expected, `${first?.length ?? 0}`, 'take a longer one: several words are good');
  }
  const second = await askSecret('The same passphrase again:');
  if (first === second && first !== undefined) return first;
  return refusal(2, 'BAD_PASSPHRASE', 'the same passphrase twice', 'two that differ', 'again: nothing was kept');
}
