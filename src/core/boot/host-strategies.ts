import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { MANUAL } from '../domain/run.ts';
import type { State } from '../domain/state.ts';
import type { Definition } from '../strategy/definition.ts';
import { broken } from '../strategy/guard.ts';
import { manual } from '../strategy/manual.ts';
import { findGuarded, isStrategyFile } from './strategies.ts';

/** Where strategies lie that were started by their path: a restart knows a run's strategy by its name alone. */
const FILE = 'strategies.json';

function remembered(folder: string): Readonly<Record<string, string>> {
  const file = join(folder, FILE);
  if (!existsSync(file)) return {};
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, string>) : {};
  } catch {
    return {};
  }
}

/** A run was started with it: what its name means at the next start is this path, or its own folder again. */
export function rememberStrategy(folder: string, nameOrPath: string, { name }: Definition): void {
  const { [name]: before, ...others } = remembered(folder);
  const path = isStrategyFile(nameOrPath) ? resolve(nameOrPath) : undefined;
  if (path === before) return;
  const paths = path === undefined ? others : { ...others, [name]: path };
  writeFileSync(join(folder, FILE), `${JSON.stringify(paths, undefined, 2)}\n`, { mode: 0o600 });
}

/**
 * The strategies of the runs that the journal knows. Where the file of one that a run needs cannot be had, an engine
 * starts all the same, for the sake of stops and exits: that run is paused. A replay is `refused`: it could only differ.
 * For a run that is over something silent stands in.
 */
export async function knownStrategies(
  state: State,
  folder: string,
  own: string,
  missing: 'paused' | 'refused',
): Promise<ReadonlyMap<string, Definition> | Refusal> {
  const paths = remembered(folder);
  const known = new Map<string, Definition>();
  for (const name of new Set(state.runs.map((run) => run.strategy))) {
    if (name === MANUAL) continue;
    const found = await findGuarded(paths[name] ?? name, own);
    const needing = state.runs.find(
      (run) => run.strategy === name && (run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0),
    );
    if (!isRefusal(found) && found.name === name) known.set(name, found);
    else if (needing === undefined) known.set(name, { ...manual, name });
    else {
      const why = isRefusal(found) ? `${found.expected}: ${found.found}` : 'a file that holds another one';
      if (missing === 'refused') return gone(name, needing.run, why);
      known.set(name, broken(name, needing.strategyVersion, `${name} could not be loaded: ${why}`));
    }
  }
  return known;
}

function gone(name: string, run: number, found: string): Refusal {
  const fix = 'put its file back where it was; the run and its position wait in the journal';
  return refusal(3, 'STRATEGY_GONE', `the strategy ${name} of run ${run}`, found, fix);
}
