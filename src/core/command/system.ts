import { plainData } from './attached/data.ts';
import { ENGINE_OPTIONS, WATCH_OPTION } from './attached/options.ts';
import { factsOf, look, screen } from './attached/screen.ts';
import { defineCommand } from './command.ts';
import { refused } from './outcome.ts';
import { refusal } from './refusal.ts';

const SCHEMA = 'dzentra.system/1';

export const system = defineCommand({
  about: ['The health of the engine: feed, venue, database, clock, memory, versions, attached faces and last errors.'],
  args: {},
  options: { ...WATCH_OPTION, ...ENGINE_OPTIONS },
  examples: ['dzentra system', 'dzentra system --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['mode', 'code', 'PAPER, LIVE or DEBUG'],
    ['now', 'ms|null', "the engine's clock"],
    [
      'system',
      'object',
      'version, build, pid, startedAt, memoryBytes, cpuShare, feed, venue, database, clients, errors',
    ],
  ],
  run: (context, { options }) =>
    look(context, options, ({ client, profile }) => {
      const scene = client.scene();
      if (scene.system === null) {
        const expected = 'the health of the engine';
        return refused(refusal(5, 'NO_ENGINE', expected, 'an engine that tells none', 'dzentra engine restart'));
      }
      const data = {
        schema: SCHEMA,
        profile,
        mode: scene.mode,
        now: scene.now,
        system: plainData(scene.system) as Record<string, unknown>,
      };
      return { data, piped: [factsOf(data.system)], ui: screen('system') };
    }),
});
