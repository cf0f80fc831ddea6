import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

/** Where secrets are kept: there and nowhere else they may stand. */
const KEPT = /(?:\/telegram\/[^/]+\.token|\/keys\/[^/]+\.json)$/;

/** A secret as it may be written: as it is, in an address, and in base64 wherever it begins. */
function formsOf(secret: string): readonly string[] {
  const shifted = ['', 'x', 'xx'].flatMap((before) => {
    const bytes = Buffer.from(`${before}${secret}`);
    // The first and last characters hang on what stands beside it.
    return [bytes.toString('base64'), bytes.toString('base64url')].map((text) => text.slice(4, -4));
  });
  return [...new Set([secret, encodeURIComponent(secret), ...shifted])];
}

/** The forms in which one of the secrets stands in a text or bytes; the secret itself is not told, but its number. */
export function secretsIn(found: string | Uint8Array, secrets: readonly string[]): readonly string[] {
  const bytes =
    typeof found === 'string' ? Buffer.from(found) : Buffer.from(found.buffer, found.byteOffset, found.length);
  return secrets.flatMap((secret, nth) =>
    formsOf(secret).flatMap((form, at) => (bytes.includes(form) ? [`secret ${nth}, form ${at}`] : [])),
  );
}

/** Files of a folder, all the way down, in which a secret stands that does not belong there. */
export function leaksIn(folder: string, secrets: readonly string[]): readonly string[] {
  return readdirSync(folder, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name))
    .filter((path) => !KEPT.test(path))
    .flatMap((path) => secretsIn(bytesOf(path), secrets).map((each) => `${path}: ${each}`));
}

/** An engine may still run there: what it wrote under a name for the meantime has its own by now, or is gone. */
function bytesOf(path: string): Uint8Array {
  try {
    return readFileSync(path);
  } catch (problem) {
    if ((problem as NodeJS.ErrnoException).code === 'ENOENT') return new Uint8Array();
    throw problem;
  }
}

/** The part of a bot's token that is the secret. */
export const secretOf = (token: string): string => token.slice(token.indexOf(':') + 1);

/** Ends a test as failed where a token stands outside of the file that keeps it. */
export function expectNoLeak(folder: string, token: string): void {
  const leaks = leaksIn(folder, [secretOf(token)]);
  if (leaks.length > 0) throw new Error(`expected no token outside of its file, found ${leaks.join('; ')}`);
}
