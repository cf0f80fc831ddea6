import type { Run } from '../../domain/run.ts';
import { on } from '../argv/spec.ts';
import { act, type Deed, deedFields } from '../attached/deed.ts';
import { type Rest, restOfClose } from '../attached/follow.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { pickRun, runWords, STARTED } from '../attached/pick.ts';
import { type Context, defineCommand, type Values } from '../command.ts';
import { declined, type Outcome, refused } from '../outcome.ts';
import { isRefusal, type Refusal, refusal } from '../refusal.ts';

const SCHEMA = 'dzentra.auto.stop/1';
const OPTIONS = {
  keep: on('Keep the open position with its stop, target and max loss.'),
  flatten: on('Close the open position at market.'),
  ...RUN_CHOICE,
  ...ASK_OPTIONS,
  ...ENGINE_OPTIONS,
};
type Position = 'keep' | 'flatten';

export const autoStop = defineCommand({
  about: [
    'Ends a run. With an open position it asks whether to keep or to flatten it; where nobody can be asked one of the flags is needed (exit 3). A position that is kept keeps its stop, its target and its max loss.',
  ],
  args: {},
  options: OPTIONS,
  examples: ['dzentra auto stop', 'dzentra auto stop --flatten', 'dzentra auto stop --run 1 --keep --json'],
  schema: SCHEMA,
  fields: deedFields(SCHEMA),
  run(context, { options }) {
    if (options.keep && options.flatten)
      return Promise.resolve(
        refused(refusal(2, 'OPTIONS_CONFLICT', '--keep or --flatten', 'both', 'leave one of them out')),
      );
    return act(context, options, SCHEMA, async (attached) => {
      const run = pickRun(attached, options, STARTED);
      if (isRefusal(run)) return run;
      const position = await wanted(context, run, options);
      return typeof position === 'string' ? stopDeed(run, position) : position;
    });
  },
});

function stopDeed({ run }: Run, position: Position): Deed {
  const ask = { do: 'command', command: { name: 'stop_run', run, position } } as const;
  return { ask, run, rest: position === 'flatten' ? flattened(run) : undefined, code: 'stopped' };
}

/** Told by what the stop itself led to: where the same is asked again the position is gone. */
const flattened =
  (run: number): Rest =>
  (chain, scene) => {
    const isClosing = chain.some(({ kind }) => kind === 'close_asked');
    return isClosing ? restOfClose(run)(chain, scene) : { ok: true, code: 'stopped' };
  };

/** What is to become of the position: as the flags say, as a person says, or a refusal. */
async function wanted(
  context: Context,
  run: Run,
  { keep, flatten, dryRun }: Values<typeof OPTIONS>,
): Promise<Position | Refusal | Outcome> {
  if (flatten) return 'flatten';
  if (keep || run.position === undefined) return 'keep';
  if (context.choose === undefined || dryRun) {
    const found = `${runWords(run)} with an open position`;
    return refusal(3, 'POSITION_OPEN', '--keep or --flatten', found, 'dzentra auto stop --keep, or --flatten');
  }
  const chosen = await context.choose(`${runWords(run)} holds a position. Keep it with its stop, or flatten it?`, [
    'keep',
    'flatten',
  ]);
  if (chosen === 'keep' || chosen === 'flatten') return chosen;
  return declined({ schema: SCHEMA, outcome: 'declined' });
}
