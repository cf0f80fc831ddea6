import { spawnSync } from 'node:child_process';
import { Console } from 'node:console';
import { createHash } from 'node:crypto';
import { readFileSync, statSync } from 'node:fs';
import { basename } from 'node:path';
import { pathToFileURL } from 'node:url';
import { inspect } from 'node:util';
import { type Refusal, refusal, shown } from '../command/refusal.ts';
import type { Log } from '../config/logging.ts';
import type { Definition } from '../strategy/definition.ts';
import {
  type CheckedDefinition,
  definitionProblemText,
  thrownText,
  validateDefinition,
} from '../strategy/definition-check.ts';
import { fromFile, StrategyError } from '../strategy/from-file.ts';
import { hungBy } from './watch/hung.ts';
import { watchFile } from './watch/watch.ts';

const FIX = 'correct the file; dzentra strategies show explains what a strategy is made of';

/** What came of the text of a file: one definition for all runs of it. */
const LOADED = new Map<string, Definition>();

/** Loads a strategy from a file: its default export is a function of the kit. */
export async function loadStrategy(path: string): Promise<Definition | Refusal> {
  if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) {
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
  if (hung !== undefined) return refusal(2, 'STRATEGY_FILE', 'a file without an endless loop', hung, FIX);
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
      `${importIn(source, path, error) ?? whereIn(path, error)}: ${thrownText(error)}`,
      fixOf(error),
    );
  } finally {
    watch.leave();
  }
  if (checked.ok) {
    const definition = fromFile(checked.definition, { file: path, sha256 }, watch);
    LOADED.set(href, definition);
    return definition;
  }
  return refusal(2, 'STRATEGY_FILE', 'a strategy', definitionProblemText(checked.error), FIX);
}

/** Files that were loaded: what they set going goes on. */
const FILES = new Set<string>();

/** An error that nobody caught, as one of a strategy's file (a timer, a promise): with its place; undefined for any other. */
function strayOf(error: unknown): string | undefined {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const file = [...FILES].find((each) => stack.includes(pathToFileURL(each).href));
  return file === undefined ? undefined : `${whereIn(file, error)}: ${thrownText(error)}`;
}

/** From now on what a strategy's file set going may fail: it is told. Anything else ends the process. Gives the way back. */
export function tellStrays(tell: (text: string, error: unknown) => void, log?: Log): () => void {
  const stray = (error: unknown): void => {
    const found = strayOf(error);
    if (found !== undefined) {
      tell(`a strategy failed beside its candles: ${found}`, error);
      return;
    }
    log?.error('the engine died of a bug', { error });
    process.stderr.write(`${inspect(error)}\n`);
    process.exit(1);
  };
  process.on('uncaughtException', stray);
  return () => process.off('uncaughtException', stray);
}

/** Hears of what fails that the file of a strategy set going: `check` throws the first of it. */
export function heedStrays({ name, source }: Definition): { readonly check: () => void; readonly leave: () => void } {
  let first: unknown;
  const leave = tellStrays((_text, error) => {
    first ??= error;
  });
  const check = (): void => {
    if (first !== undefined) throw new StrategyError(name, source?.file ?? '', first);
  };
  return { check, leave };
}

/** So long may a file take that waits for something as it is loaded. */
const LOAD_MS = 5_000;

/** A wait that never ends would keep whoever asks, and every engine with it. */
async function inTime<T>(loading: Promise<T>): Promise<T> {
  const { promise, reject } = Promise.withResolvers<never>();
  const late = new Error(`it waits at its top level, and had not ended after ${LOAD_MS / 1_000} s`);
  late.stack = ''; // That would be of this place.
  const timer = setTimeout(() => reject(late), LOAD_MS);
  try {
    return await Promise.race([loading, promise]);
  } finally {
    clearTimeout(timer);
  }
}

/**
 * File and line of a load error, as far as its stack tells: those of the file, else of what it imports. A syntax error may
 * have none: Node finds it again when it is asked.
 */
function whereIn(path: string, error: unknown): string {
  const stack = error instanceof Error ? (error.stack ?? '') : '';
  const line = lineIn(stack, path);
  if (line !== undefined) return `${path}:${line}`;
  const [, other, otherLine] = FIRST_PLACE.exec(stack) ?? [];
  if (other !== undefined) return `${decodeURI(other)}:${otherLine}`;
  const found = error instanceof SyntaxError ? lineIn(checkOf(path), STDIN) : undefined;
  return found === undefined ? path : `${path}:${found}`;
}

function lineIn(text: string, path: string): string | undefined {
  const at = text.indexOf(path);
  return at < 0 ? undefined : /^[^:\n]*:(\d+)/.exec(text.slice(at + path.length))?.[1];
}

/** A file above the error, or in its first frame. */
const FIRST_PLACE = /^(?:[^\n]*\n\s+at (?:[^\n(]*\()?)?file:\/\/([^?:\n]+)[^:\n]*:(\d+)/;
const STDIN = '[stdin]';

/** What Node says of the syntax of a file. It takes types away first, or it would check nothing of what is left. */
function checkOf(path: string): string {
  const source = readFileSync(path, 'utf8');
  const input = path.endsWith('ts') ? askNode(['-p', STRIP], source).stdout : source;
  return askNode(['--input-type=module', '--check', '-'], input).stderr;
}

const STRIP = `require('node:module').stripTypeScriptTypes(require('node:fs').readFileSync(0, 'utf8'))`;

/** In a process of its own, which warns of nothing: taking types away is experimental. */
const askNode = (args: readonly string[], input: string) =>
  spawnSync(process.execPath, ['--no-warnings', ...args], { input, encoding: 'utf8', timeout: LOAD_MS });

const MISSING = /^Cannot find (?:package|module) '([^']+)' imported from (.+)$/;

/** File and line at which something is imported that is not there; undefined for other errors. */
function importIn(source: string, path: string, error: unknown): string | undefined {
  const [, name = '', from] = MISSING.exec(error instanceof Error ? error.message : '') ?? [];
  const row = from === path ? source.split('\n').findIndex((text) => text.includes(basename(name))) : -1;
  return row < 0 ? undefined : `${path}:${row + 1}`;
}

function fixOf(error: unknown): string {
  if (!(error instanceof Error)) return FIX;
  const { code, message }: NodeJS.ErrnoException = error;
  if (code === 'ERR_UNSUPPORTED_TYPESCRIPT_SYNTAX') return 'write it in JavaScript: types are taken away, no more';
  if (code !== 'ERR_MODULE_NOT_FOUND') return FIX;
  const name = /^Cannot find package '([^']+)'/.exec(message)?.[1];
  return name === undefined
    ? 'name a file that is there, with its extension'
    : `npm install ${name} in the folder of the file, or do without it`;
}
