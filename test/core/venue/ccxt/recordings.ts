import { existsSync, readFileSync } from 'node:fs';
import { resolve } from 'node:path';
import { gunzipSync } from 'node:zlib';

const FOLDER = resolve(import.meta.dirname, '../../../../../shared/data/protocol');

/** Whether the recordings are beside the checkout; tests that need them are skipped without. */
export const hasRecordings = existsSync(FOLDER);

export const recordedJson = (name: string): unknown => JSON.parse(readFileSync(resolve(FOLDER, name), 'utf8'));

/** Lines of a recorded session. */
export const recordedLines = (name: string): readonly Record<string, unknown>[] =>
  gunzipSync(readFileSync(resolve(FOLDER, name)))
    .toString()
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));

/** The answer of a recorded REST pair: `path`, and the query where there are several. */
export function recordedPair(name: string, path: string, query?: string): unknown {
  const pair = recordedLines(name).find((line) => line.path === path && (query === undefined || line.query === query));
  if (pair === undefined) throw new Error(`${name} has no ${path}`);
  return pair.response;
}

/** The answer to an address of a recorded session. */
export function recordedHttp(name: string, part: string): unknown {
  const line = recordedLines(name).find((one) => one.t === 'http' && String(one.url).includes(part));
  if (line === undefined) throw new Error(`${name} has no ${part}`);
  return JSON.parse(String(line.data));
}
