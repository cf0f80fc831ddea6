import { spawnSync } from 'node:child_process';
import { Console } from 'node:console';
import { createHash } from 'node:crypto';
import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { pathToFileURL } from 'node:url';
import type { BrokenFile, StrategyList } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal, shown } from '../command/refusal.ts';
import type { Definition } from '../strategy/definition.ts';
import { definitionProblemText, thrownText, validateDefinition } from '../strategy/definition-check.ts';
import { fromFile } from '../strategy/from-file.ts';
import { guarded } from '../strategy/guard.ts';
import { STRATEGIES, strategyOf } from '../strategy/registry.ts';

const EXTENSION = /\.(mts|mjs|ts|js)$/;

/** A path, and not a name. */
export const isStrategyFile = (nameOrPath: string): boolean => EXTENSION.test(nameOrPath);

/** A path as it is meant from where this process stands; a name as it is. */
export const absoluteStrategy = (nameOrPath: string): string =>
  isStrategyFile(nameOrPath) ? resolve(nameOrPath) : nameOrPath;

/** A strategy by its registered name, by the name of a user's own, or by the path of a file. */
export async function findStrategy(nameOrPath: string, folder: string): Promise<Definition | Refusal> {
  if (isStrategyFile(nameOrPath)) return loadStrategy(resolve(nameOrPath));
  const builtIn = STRATEGIES.find((definition) => definition.name === nameOrPath);
  if (builtIn !== undefined) return builtIn;
  const { strategies, broken } = await ownStrategies(folder);
  const found = strategyOf(nameOrPath, [...STRATEGIES, ...strategies]);
  if (found.ok) return found.definition;
  const meant = broken.find(({ file }) => basename(file).replace(EXTENSION, '') === nameOrPath);
  if (meant !== undefined) return meant.problem;
  const { expected, found: given, fix } = found.error;
  const more = broken.length === 0 ? '' : '; dzentra strategies list tells which files of yours cannot be used';
  return refusal(2, 'UNKNOWN_STRATEGY', expected, given, `${fix}${more}`);
}

/** The same for an engine, which no strategy of a file may end. */
export async function findGuarded(nameOrPath: string, folder: string): Promise<Definition | Refusal> {
  const found = await findStrategy(nameOrPath, folder);
  if (isRefusal(found) || STRATEGIES.includes(found)) return found;
  const known = GUARDED.get(found) ?? guarded(found);
  GUARDED.set(found, known);
  return known;
}

/** What came of a text of a file, by both: one definition for all runs of it. */
const LOADED = new Map<string, Definition>();
const GUARDED = new WeakMap<Definition, Definition>();

/** Built-in strategies and those of the user's folder, and the files there that cannot be used. */
export async function listStrategies(folder: string): Promise<StrategyList> {
  const { strategies, broken } = await ownStrategies(folder);
  return { strategies: [...STRATEGIES, ...strategies], broken };
}

async function ownStrategies(folder: string): Promise<StrategyList> {
  const strategies: Definition[] = [];
  const broken: BrokenFile[] = [];
  if (!existsSync(folder)) return { strategies, broken };
  const files = readdirSync(folder).filter(isStrategyFile).sort();
  const loaded = await Promise.all(files.map((file) => loadStrategy(join(folder, file))));
  for (const [i, each] of loaded.entries()) {
    const file = join(folder, files[i] ?? '');
    const first = strategies.find(({ name }) => !isRefusal(each) && name === each.name);
    if (isRefusal(each)) broken.push({ file, problem: each });
    else if (first === undefined) strategies.push(each);
    else broken.push({ file, problem: sameName(file, each.name, first.source?.file ?? '') });
  }
  return { strategies, broken };
}

function sameName(file: string, name: string, first: string): Refusal {
  const found = `${file}: the name ${name}, which is that of ${first}`;
  return refusal(2, 'STRATEGY_NAME_TAKEN', 'a name of its own', found, 'rename one, or move it out of the folder');
}

/** Loads a strategy from a file: its default export is a function of the kit. */
async function loadStrategy(path: string): Promise<Definition | Refusal> {
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
  const known = LOADED.get(href);
  if (known !== undefined) return known;
  // Standard output is for data: what a strategy prints goes beside it.
  globalThis.console = new Console(process.stderr);
  FILES.add(path);
  let loaded: { readonly default?: unknown };
  try {
    loaded = await inTime(import(href) as Promise<{ readonly default?: unknown }>);
  } catch (error) {
    return refusal(
      2,
      'STRATEGY_FILE',
      'a file that can be loaded',
      `${whereIn(path, error)}: ${thrownText(error)}`,
      fix,
    );
  }
  const checked = validateDefinition(loaded.default, path, source);
  if (checked.ok) {
    const definition = fromFile(checked.definition, { file: path, sha256 });
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
