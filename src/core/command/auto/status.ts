import { runData, runsUnder } from '../attached/data.ts';
import { ENGINE_OPTIONS, RUN_CHOICE, WATCH_OPTION } from '../attached/options.ts';
import { chosenRuns } from '../attached/pick.ts';
import { look, screenOfRuns, tableOf } from '../attached/screen.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';

const SCHEMA = 'dzentra.auto.status/1';

export const autoStatus = defineCommand({
  about: [
    'What each run does: its state, what it thinks and since when, its position with profit or loss if closed now, the last denial, and what the next entry would be.',
  ],
  args: {},
  options: { ...RUN_CHOICE, ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra auto status', 'dzentra auto status --json', 'dzentra auto status --run 1 --watch'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['mode', 'code', 'PAPER, LIVE or DEBUG'],
    ['feed', 'text', 'where prices come from'],
    ['now', 'ms|null', "the engine's clock"],
    ['runs', 'array', 'runs in their order'],
    ...runsUnder('runs[]'),
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      const chosen = chosenRuns({ client }, options);
      if (isRefusal(chosen)) return refused(chosen);
      const runs = chosen.map((run) => runData(scene, run));
      const data = { schema: SCHEMA, profile, mode: scene.mode, feed: scene.feed, now: scene.now, runs };
      const rows = runs.map((run) => ({ ...run, ...flat(run.signal), ...flat(run.position) }));
      const names = ['run', 'symbol', 'strategy', 'state', 'signalSide', 'side', 'qty', 'net', 'protection'];
      return { data, piped: [tableOf(names, rows, 'no run')], ui: screenOfRuns('auto', scene, options) };
    }),
});

/** The cells of a row beside its own: a signal's side is not the position's. */
function flat(inner: unknown): Record<string, unknown> {
  if (typeof inner !== 'object' || inner === null) return {};
  if ('ready' in inner && 'side' in inner) return { signalSide: inner.side };
  return { ...inner };
}
