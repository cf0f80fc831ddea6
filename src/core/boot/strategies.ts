import { existsSync, readdirSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import type { BrokenFile, StrategyList } from '../command/ports.ts';
import { isRefusal, type Refusal, refusal, shown } from '../command/refusal.ts';
import type { Definition } from '../strategy/definition.ts';
import { guarded } from '../strategy/guard.ts';
import { STRATEGIES, strategyOf } from '../strategy/registry.ts';

const EXTENSION = /\.(mts|mjs|ts|js)$/;

/** The path of a file that a strategy may be in, and not a name. */
export const isStrategyFile = (nameOrPath: string): boolean => EXTENSION.test(nameOrPath);

/** A path as it is meant from where this process stands; a name as it is. */
export const absoluteStrategy = (nameOrPath: string): string =>
  isStrategyFile(nameOrPath) ? resolve(nameOrPath) : nameOrPath;

/** What loads strategies of the user's; most starts need none of it. */
export const strategyFiles = () => import('./strategy-file.ts');

/** A strategy by its registered name, by the name of a user's own, or by the path of a file. */
export async function findStrategy(nameOrPath: string, folder: string): Promise<Definition | Refusal> {
  if (isStrategyFile(nameOrPath)) return (await strategyFiles()).loadStrategy(resolve(nameOrPath));
  if (/[./\\]/.test(nameOrPath)) return notStrategyFile(nameOrPath);
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

const notStrategyFile = (path: string): Refusal =>
  refusal(
    2,
    'STRATEGY_FILE',
    'the path of a strategy file ending in .mts, .mjs, .ts or .js',
    shown(path),
    'give the file such a name: .mts with types, .mjs without',
  );

/** The same for an engine, which no strategy of a file may end. */
export async function findGuarded(nameOrPath: string, folder: string): Promise<Definition | Refusal> {
  const found = await findStrategy(nameOrPath, folder);
  if (isRefusal(found) || STRATEGIES.includes(found)) return found;
  const known = GUARDED.get(found) ?? guarded(found);
  GUARDED.set(found, known);
  return known;
}

/** What guards a definition: one for all runs of it. */
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
  if (files.length === 0) return { strategies, broken };
  const { loadStrategy } = await strategyFiles();
  for (const name of files) {
    const file = join(folder, name);
    // One after the other: one that never comes back is told from those that wait for it.
    const each = await loadStrategy(file);
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
