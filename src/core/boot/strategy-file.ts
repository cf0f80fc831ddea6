import { spawnSync } from 'node:child_process';
import { Console } from 'node:console';
import { createHash } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { pathToFileURL } from 'node:url';
import { type Refusal, refusal, shown } from '../command/refusal.ts';
import type { Definition } from '../strategy/definition.ts';
import {
  type CheckedDefinition,
  definitionProblemText,
  thrownText,
  validateDefinition,
} from '../strategy/definition-check.ts';
import { fromFile } from '../strategy/from-file.ts';
import { hungBy } from './watch/hung.ts';
import { watchFile } from './watch/watch.ts';

/** What came of the text of a file: one definition for all runs of it. */
const LOADED = new Map<string, Definition>();

/** Loads a strategy from a file: its default export is a function of the kit. */
export async function loadStrategy(path: string): Promise<Definition | Refusal> {
  const fix = 'correct the file; dzentra strategies show explains what a strategy is made of';
  if (!existsSync(path)) {
    return refusal(
      2,
      'STRATEGY_FILE',
      'the path of a strategy file',
      `no file at ${shown(path)}`,
      'name a file that is there',
    );
  }
  const source = readFileSync(path, 'utf8');
  const sha256 = createHash('sha256').update(source).digest('hex');
  // Node reads an address once: a text that was edited has one of its own.
  const { href } = Object.assign(pathToFileURL(path), { search: sha256.slice(0, 16) });
  const hung = hungBy(sha256);
  if (hung !== undefined) return refusal(2, 'STRATEGY_FILE', 'a file without an endless loop', hung, fix);
  const known = LOADED.get(href);
  if (known !== undefined) return known;
  // Standard output is for data: what a strategy prints goes beside it.
  globalThis.console = new Console(process.stderr);
  FILES.add(path);
  const watch = watchFile(path, sha256);
  watch.enter(Number.NaN);
  let loaded: { readonly default?: unknown };
  let checked: CheckedDefinition;
  try {
    loaded = await inTime(import(href) as Promise<{ readonly default?: unknown }>);
    checked = validateDefinition(loaded.default, path, source);
  } catch (error) {
    return refusal(
      2,
      'STRATEGY_FILE',
      'a file that can be loaded',
      `${whereIn(path, error)}: ${thrownText(error)}`,
      fix,
    );
  } finally {
    watch.leave();
  }
  if (checked.ok) {
    const definition = fromFile(checked.definition, { file: path, sha256 }, watch);
    LOADED.set(href, definition);
    return definition;
  }
  return refusal(2, 'STRATEGY_FILE', 'a strategy', definitionProblemText(checked.error), fix);
}

/** Files that were loaded: what they set going goes on. */
const FILES = new Set<string>();

/** An error that nobody caught, as one of a strategy's file (a timer, a promise): with its place; undefined for any other. */
export function strayOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const file = [...FILES].find((each) => stack.includes(pathToFileURL(each).href));
  return file === undefined ? undefined : `${whereIn(file, error)}: ${thrownText(error)}`;
}

/** So long may a file take that waits for something as it is loaded. */
const LOAD_MS = 5_000;

/** A wait that never ends would keep whoever asks, and every engine with it. */
async function inTime<T>(loading: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new Error(`it waits at its top level, and had not ended after ${LOAD_MS / 1_000} s`);
  const timer = setTimeout(() => reject(late), LOAD_MS);
  try {
    return await Promise.race([loading, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/** File and line of a load error, as far as its stack tells. A syntax error has none: Node finds it again when it is asked. */
function whereIn(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const line = lineIn(stack, path) ?? (error instanceof SyntaxError ? lineIn(checkOf(path), path) : undefined);
  return line === undefined ? path : `${path}:${line}`;
}

function lineIn(text: string, path: string): string | undefined {
  const at = text.indexOf(path);
  return at < 0 ? undefined : /^[^:\n]*:(\d+)/.exec(text.slice(at + path.length))?.[1];
}

const checkOf = (path: string): string =>
  spawnSync(process.execPath, ['--check', path], { encoding: 'utf8', timeout: LOAD_MS }).stderr;
