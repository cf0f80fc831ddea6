import { join } from 'node:path';
import { isSecretProblem, type SecretProblem, secretProblem } from './key.ts';
import { type SecretPlaces, TELEGRAM_CREDENTIAL } from './places.ts';
import { readPrivate, writePrivate } from './private-file.ts';

/** The token of a bot, and where it was found: what to change where it is wrong. */
export interface FoundToken {
  readonly token: string;
  /** `DZENTRA_TELEGRAM_TOKEN`, `systemd`, `the keyring`, or the path of a file. */
  readonly from: string;
}

export const TOKEN_VARIABLE = 'DZENTRA_TELEGRAM_TOKEN';

/** As BotFather gives them: the number of the bot, a colon, and what is secret. */
const TOKEN = /^\d{6,}:[A-Za-z0-9_-]{30,}$/;

/** The private file of a profile's token, beside the configuration: two bridges on one token would drive each other out. */
export const tokenFile = (configFolder: string, profile: string): string =>
  join(configFolder, 'telegram', `${profile}.token`);

/**
 * The token of a profile's bot: of the environment, else of systemd, else of the keyring (`telegram-PROFILE`), else of its
 * file. The first place that has one decides. It is made known to all sinks, whole and without its number.
 */
export async function findToken(
  profile: string,
  file: string,
  places: SecretPlaces,
  told: string | undefined,
): Promise<FoundToken | undefined | SecretProblem> {
  for (const [from, look] of [
    [TOKEN_VARIABLE, () => Promise.resolve(told === '' ? undefined : told)],
    ['systemd', () => ofSystemd(places)],
    ['the keyring', () => ofKeyring(profile, places)],
    [file, () => readPrivate(file)],
  ] as const) {
    const text = await look();
    if (text === undefined) continue;
    if (isSecretProblem(text)) return text;
    return takeToken(text, from, places);
  }
  return undefined;
}

/** Holds a text against the form of a token, and makes it known to all sinks whatever it is. */
export function takeToken(text: string, from: string, { register }: SecretPlaces): FoundToken | SecretProblem {
  const token = text.trim();
  register(token);
  const secret = token.slice(token.indexOf(':') + 1);
  if (secret.length >= SECRET_LENGTH_MIN) register(secret);
  if (TOKEN.test(token)) return { token, from };
  const expected = `the token of a bot, as BotFather shows it: digits, a colon, 35 letters and digits; in ${from}`;
  const found = token === '' ? 'nothing' : `${token.length} characters that are none`;
  return secretProblem(
    'BAD_TOKEN',
    expected,
    found,
    'copy it once more, whole: @BotFather, /mybots, the bot, API Token',
  );
}

const SECRET_LENGTH_MIN = 12;

/** Keeps a token in its private file. */
export async function keepToken(token: string, file: string): Promise<void> {
  await writePrivate(file, `${token}\n`);
}

async function ofSystemd({ credentials }: SecretPlaces): Promise<string | undefined | SecretProblem> {
  return credentials === undefined ? undefined : await readPrivate(join(credentials, TELEGRAM_CREDENTIAL), 'systemd');
}

/** A keyring that is locked for ever, or none, has no token: the file is next. */
async function ofKeyring(profile: string, places: SecretPlaces): Promise<string | undefined> {
  const keyring = await places.keyring();
  if (typeof keyring === 'string') return undefined;
  try {
    return await keyring.get(`telegram-${profile}`);
  } catch {
    return undefined;
  }
}
