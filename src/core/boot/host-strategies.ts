import { existsSync, readFileSync, renameSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { MANUAL, type Run } from '../domain/run.ts';
import type { State } from '../domain/state.ts';
import type { JournalReader } from '../journal/journal.ts';
import type { Definition } from '../strategy/definition.ts';
import { broken } from '../strategy/guard.ts';
import { manual } from '../strategy/manual.ts';
import type { TapedInput } from '../venue/taped.ts';
import { findGuarded, isStrategyFile } from './strategies.ts';
import { leaveOutHung } from './watch/hung.ts';

/** Where strategies lie that were started by their path: a restart knows a run's strategy by its name alone. */
const FILE = 'strategies.json';

/** Paths by name; undefined where the file is damaged. */
function remembered(folder: string): Readonly<Record<string, string>> | undefined {
  const file = join(folder, FILE);
  if (!existsSync(file)) return {};
  try {
    const read: unknown = JSON.parse(readFileSync(file, 'utf8'));
    return typeof read === 'object' && read !== null ? (read as Record<string, string>) : undefined;
  } catch {
    return undefined;
  }
}

/** A run was started with it: what its name means at the next start is this path, or its own folder again. */
export function rememberStrategy(folder: string, nameOrPath: string, { name }: Definition): void {
  const { [name]: before, ...others } = remembered(folder) ?? {};
  const path = isStrategyFile(nameOrPath) ? resolve(nameOrPath) : undefined;
  if (path === before) return;
  const paths = path === undefined ? others : { ...others, [name]: path };
  // A restart that finds half of it would not know where any strategy is.
  const part = join(folder, `${FILE}.part`);
  writeFileSync(part, `${JSON.stringify(paths, undefined, 2)}\n`, { mode: 0o600, flush: true });
  renameSync(part, join(folder, FILE));
}

function damaged(folder: string): Refusal {
  const fix = 'take it from a backup, or remove it where no strategy was started by its path';
  return refusal(3, 'BAD_DATA', 'the paths of strategies', `a damaged ${join(folder, FILE)}`, fix);
}

/** Does a run still have use for its strategy? */
const needs = (run: Run): boolean => run.state !== 'OFF' || run.position !== undefined || run.orders.length > 0;

/**
 * The strategies of the runs that the journal knows. `missing` answers for one whose file cannot be had, and that a run
 * needs; for runs that are over something silent stands in.
 */
export async function knownStrategies(
  state: State,
  folder: string,
  own: string,
  missing: (run: Run, why: string) => Definition | Refusal,
): Promise<ReadonlyMap<string, Definition> | Refusal> {
  leaveOutHung(folder);
  const paths = remembered(folder);
  const known = new Map<string, Definition>();
  for (const name of new Set(state.runs.map((run) => run.strategy))) {
    if (name === MANUAL) continue;
    // Without the paths another strategy of that name would trade in its place.
    const found = paths === undefined ? damaged(folder) : await findGuarded(paths[name] ?? name, own);
    const needing = state.runs.find((run) => run.strategy === name && needs(run));
    if (!isRefusal(found) && found.name === name) known.set(name, found);
    else if (needing === undefined) known.set(name, { ...manual, name });
    else {
      const why = isRefusal(found) ? `${found.expected}: ${found.found}` : 'a file that holds another one';
      const instead = missing(needing, why);
      if (isRefusal(instead)) return instead;
      known.set(name, instead);
    }
  }
  return known;
}

/** An engine starts without the file, for the sake of stops and exits: the run is paused. */
export const paused = ({ strategy, strategyVersion }: Run, why: string): Definition =>
  broken(strategy, strategyVersion, `${strategy} could not be loaded: ${why}`);

/** What an epoch began with of each strategy that is needed: the checksum of its file, or why there was none. */
export type ToldStrategies = Readonly<
  Record<string, { readonly sha256?: string | undefined; readonly fault?: string | undefined }>
>;

export function toldStrategies(state: State, known: ReadonlyMap<string, Definition>): ToldStrategies | undefined {
  const names = new Set(state.runs.filter(needs).map((run) => run.strategy));
  const told = [...names].flatMap((name) => {
    const source = known.get(name)?.source;
    return source === undefined ? [] : [[name, { sha256: source.sha256, fault: source.fault }] as const];
  });
  return told.length === 0 ? undefined : Object.fromEntries(told);
}

/** Runs whose strategy has another text than the one that they traded with last, in sentences. */
export function editedSince(
  { runs, epoch }: State,
  known: ReadonlyMap<string, Definition>,
  journal: JournalReader,
  told: ToldStrategies = {},
): readonly string[] {
  return runs.filter(needs).flatMap(({ run, strategy }) => {
    const [started] = [...journal.entries({ kinds: ['run_started'], run, limit: 1 })];
    const body = started?.kind === 'run_started' ? started.body : undefined;
    // What began in the last epoch is not in what its tape begins with.
    const traded = started?.epoch === epoch ? body?.strategySha256 : told[strategy]?.sha256;
    const { file, sha256 } = known.get(strategy)?.source ?? {};
    if (traded === undefined || sha256 === undefined || traded === sha256) return [];
    return [`run ${run}: ${file} was edited since it traded; it goes on with the new text`];
  });
}

/** The strategies of an epoch that is played again, in the very texts that it was made with: it could only differ. */
export async function tapedStrategies(
  state: State,
  folder: string,
  own: string,
  { told = {}, inputs }: { readonly told: ToldStrategies | undefined; readonly inputs: readonly TapedInput[] },
): Promise<ReadonlyMap<string, Definition> | Refusal> {
  const known = await knownStrategies(state, folder, own, (run, why) =>
    told[run.strategy]?.fault === undefined ? gone(run, why) : paused(run, why),
  );
  if (isRefusal(known)) return known;
  const began = inputs.flatMap(({ input }) =>
    input.kind === 'command' && input.command.name === 'start_run' ? [input.command] : [],
  );
  const taped = new Map(known);
  for (const [name, definition] of known) {
    const { sha256, fault } = told[name] ?? {};
    const started = began.filter(({ strategy }) => strategy === name).map((start) => start.strategySha256);
    const differs = textProblem(definition, [sha256, ...started]);
    if (fault !== undefined) taped.set(name, broken(name, definition.version, fault));
    else if (differs !== undefined) return differs;
  }
  return taped;
}

/** Why a definition is not the one that traded: `traded` are checksums of what did, as far as they are known. */
export function textProblem(
  { name, source }: Definition,
  traded: readonly (string | undefined)[],
): Refusal | undefined {
  const other = traded.find((sha256) => sha256 !== undefined && sha256 !== source?.sha256);
  if (other === undefined) return undefined;
  const short = (sha256: string | undefined): string => sha256?.slice(0, 16) ?? 'none';
  return refusal(
    3,
    'STRATEGY_DIFFERS',
    `the strategy ${name} as it traded, checksum ${short(other)}`,
    `${source?.file ?? 'no file'}, checksum ${short(source?.sha256)}`,
    'put the text of then back into that file for as long as the replay takes',
  );
}

function gone({ strategy, run }: Run, found: string): Refusal {
  const fix = 'put its file back where it was; the run and its position wait in the journal';
  return refusal(3, 'STRATEGY_GONE', `the strategy ${strategy} of run ${run}`, found, fix);
}
