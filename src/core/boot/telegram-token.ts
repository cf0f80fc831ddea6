import { isRefusal, type Refusal } from '../command/refusal.ts';
import { noToken } from '../command/telegram/refusals.ts';
import { isSecretProblem } from '../config/secrets/key.ts';
import { findToken, keepToken, TOKEN_VARIABLE, takeToken, tokenFile } from '../config/secrets/token.ts';
import { refusalOfSecret } from './exchange-rest.ts';
import type { Paths } from './paths.ts';
import { secretPlaces } from './secret-places.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** The token of a profile's bot and where it was found; every sink hides it from then on. */
export async function tokenOf(
  paths: Paths,
  env: Environment,
  profile: string,
): Promise<{ readonly token: string; readonly from: string } | Refusal> {
  const file = tokenFile(paths.config, profile);
  const found = await findToken(profile, file, secretPlaces(paths, env), env[TOKEN_VARIABLE]);
  if (found === undefined) return noToken(profile);
  return isSecretProblem(found) ? refusalOfSecret(found) : found;
}

/** Keeps a token that a person gave in the file of the profile. */
export async function keptToken(
  paths: Paths,
  env: Environment,
  profile: string,
  token: string,
): Promise<{ readonly file: string } | Refusal> {
  const taken = givenToken(paths, env, token);
  if (isRefusal(taken)) return taken;
  const file = tokenFile(paths.config, profile);
  await keepToken(taken.token, file);
  return { file };
}

/** A token that a person gave, if it looks like one. */
export function givenToken(paths: Paths, env: Environment, text: string): { readonly token: string } | Refusal {
  const taken = takeToken(text, 'what was given', secretPlaces(paths, env));
  return isSecretProblem(taken) ? refusalOfSecret(taken) : taken;
}
