import { choice, withDefault } from '../argv/spec.ts';
import { whileChanged } from '../attached/changes.ts';
import { ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { withEngine } from '../attached.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { refusal } from '../refusal.ts';
import { ENTRY_FIELDS } from '../run/fields.ts';
import { isTold, toldRow } from '../telling/told.ts';

const SCHEMA = 'dzentra.auto.watch/1';

export const autoWatch = defineCommand({
  about: ['Entries as they come, one line each, until Ctrl-C: what opens, closes, is denied and why.'],
  args: {},
  options: {
    print: withDefault(choice('Entries that are printed.', ['trades', 'all']), 'trades'),
    ...RUN_CHOICE,
    ...ENGINE_OPTIONS,
  },
  examples: ['dzentra auto watch', 'dzentra auto watch --print all --run 1 --json'],
  schema: SCHEMA,
  fields: [['schema', 'text', `${SCHEMA}; with --json each line is an entry`], ...ENTRY_FIELDS],
  run: (context, { options }) =>
    withEngine(context, options, 'watch', async ({ client }) => {
      const { run, symbol, print } = options;
      const runsOf = (wanted: string): readonly number[] =>
        client.scene().state.runs.flatMap((each) => (each.symbol === wanted ? [each.run] : []));
      const end = client.subscribe(({ entries }) => {
        for (const entry of entries) {
          const isWanted =
            (run === undefined || entry.run === run) && (symbol === undefined || runsOf(symbol).includes(entry.run));
          if (isWanted && isTold(entry, print)) context.row(toldRow(entry));
        }
      });
      try {
        return await whileChanged(
          context.signal,
          (listener) => client.subscribe(listener),
          () =>
            Promise.resolve(
              client.scene().link === 'up'
                ? undefined
                : refused(refusal(5, 'ENGINE_LOST', 'an engine', 'a link that broke', 'dzentra engine status')),
            ),
        );
      } finally {
        end();
      }
    }),
});
