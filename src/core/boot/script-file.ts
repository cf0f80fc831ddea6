import { type Refusal, refusal } from '../command/refusal.ts';
import { DataError } from '../market/data-error.ts';
import { readTextFile } from '../market/text-file.ts';

/** The text of a script, or why there is none. A pipe is waited for: it rejects where the signal aborts meanwhile. */
export async function readScript(
  path: string,
  wanted: { readonly what: string; readonly fix: string },
  signal: AbortSignal,
): Promise<string | Refusal> {
  try {
    const { bytes } = await readTextFile(path, signal);
    return new TextDecoder().decode(bytes);
  } catch (problem) {
    if (!(problem instanceof DataError)) throw problem;
    return refusal(2, 'NO_FILE', wanted.what, `${path}: ${problem.found}`, wanted.fix);
  }
}
