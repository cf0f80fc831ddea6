import type { Ask } from '../../domain/ask.ts';
import { decode } from '../../domain/entry.ts';
import { type Attached, type Carried, carryOut, isOutcome, withEngine } from '../attached.ts';
import type { Context, Field } from '../command.ts';
import type { EngineClient } from '../engine.ts';
import { type Block, done, type Outcome, refused } from '../outcome.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { entriesUnder } from '../run/fields.ts';
import { ENTRY_COLUMNS, entryCells, entryData } from '../telling/told.ts';
import { type Data, positionData, positionsUnder } from './data.ts';
import type { Rest } from './follow.ts';
import type { AskInput } from './options.ts';

/** What is asked of an engine, and how it is known to have come to rest. */
export interface Deed {
  readonly ask: Ask;
  /** The run whose position is told; undefined: the one that the answer names. */
  readonly run?: number | undefined;
  /** Where there is something to wait for. */
  readonly rest?: Rest | undefined;
  /** Said instead of `accepted`. */
  readonly code?: string | undefined;
  /** More to tell, behind the rest. */
  readonly more?: Data | undefined;
  readonly notes?: readonly string[] | undefined;
}

/** What `--json` prints of what was done. */
export const deedFields = (schema: string): readonly Field[] => [
  ['schema', 'text', schema],
  ['profile', 'text', 'the profile of the engine'],
  ['outcome', 'code', 'accepted, opened, increased, resting, flipped, closed, reduced, canceled, ..., or dry_run'],
  ['repeated', 'boolean', 'the same --id was carried out before: this is its answer'],
  ['run', 'number|null', 'the run'],
  ['position', 'object|null', 'its position now'],
  ...positionsUnder('position'),
  ['entries', 'array', 'what came of it, oldest first'],
  ...entriesUnder('entries[]'),
];

/** Attaches, finds out what is to be done, does it, and tells what came of it. */
export function act(
  context: Context,
  options: AskInput & { readonly profile?: string | undefined },
  schema: string,
  deedOf: DeedOf,
): Promise<Outcome> {
  return withEngine(context, options, 'operate', async (attached) => {
    const deed = await deedUnder(attached, options, deedOf);
    if (isRefusal(deed)) return refused(deed);
    if ('kind' in deed) return deed;
    return await perform(context, attached, options, schema, deed);
  });
}

type DeedOf = (attached: Attached) => Deed | Refusal | Outcome | Promise<Deed | Refusal | Outcome>;

/**
 * What is to be done. What was done under this key may be why it cannot be done now: a position that is closed already. It
 * is then found by the run that it was about, and answered as the first time.
 */
async function deedUnder(attached: Attached, { id }: AskInput, deedOf: DeedOf): Promise<Deed | Refusal | Outcome> {
  const deed = await deedOf(attached);
  if (!isRefusal(deed) || id === undefined) return deed;
  const runBefore = await runUnder(attached.client, id);
  return runBefore === undefined ? deed : await deedOf({ ...attached, runBefore });
}

/** The run of the command that was given this key. */
async function runUnder(client: EngineClient, id: string): Promise<number | undefined> {
  for (const entry of await client.entries({ kinds: ['command_received'] })) {
    if (entry.kind !== 'command_received' || entry.body.id !== id) continue;
    const { run } = decode<{ readonly run?: number }>(entry.body.args);
    return run;
  }
  return undefined;
}

/** Does it and tells what came of it. */
export async function perform(
  context: Context,
  attached: Attached,
  options: AskInput,
  schema: string,
  deed: Deed,
): Promise<Outcome> {
  const carried = await carryOut(context, attached, deed.ask, options, deed.rest);
  return isOutcome(carried) ? carried : told(attached, options, schema, deed, carried);
}

function told(attached: Attached, options: AskInput, schema: string, deed: Deed, carried: Carried): Outcome {
  const { answer, entries, verdict } = carried;
  const scene = attached.client.scene();
  const number = answer.isRepeated ? answer.run : (deed.run ?? answer.run);
  const run = scene.state.runs[number - 1];
  const code = options.dryRun ? 'dry_run' : deed.rest === undefined ? (deed.code ?? codeOf(verdict)) : codeOf(verdict);
  const data = {
    schema,
    profile: attached.profile,
    outcome: code,
    repeated: answer.isRepeated,
    run: run?.run ?? null,
    position: run === undefined ? null : positionData(scene, run),
    entries: entries.map(entryData),
    ...deed.more,
  };
  const table: Block = {
    kind: 'table',
    columns: ENTRY_COLUMNS,
    rows: entries.map(entryCells),
    empty: options.dryRun ? 'it would be carried out' : 'done',
  };
  const dry = options.dryRun ? ['nothing was done'] : [];
  const repeated = answer.isRepeated ? ['this --id was given before: nothing was done again'] : [];
  return done(data, [table], [...(deed.notes ?? []), ...dry, ...repeated]);
}

const codeOf = (verdict: Carried['verdict']): string => (verdict.ok ? verdict.code : 'refused');
