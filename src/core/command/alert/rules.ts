import { loudnessOf } from '../../alert/loudness.ts';
import { ALERT_RULES } from '../../alert/registry.ts';
import { ENGINE_OPTIONS } from '../attached/options.ts';
import { factsOf, tableOf } from '../attached/screen.ts';
import { withEngine } from '../attached.ts';
import { defineCommand } from '../command.ts';
import { done } from '../outcome.ts';

const RULES = 'dzentra.alert.rules/1';

export const alertRules = defineCommand({
  about: [
    'What speaks, and how loud: `settings set alert.RULE on|silent|off` changes one, `settings set quiet 22:00-07:00` keeps all but HIGH silent at night, `settings set alerts off` leaves HIGH alone.',
  ],
  args: {},
  options: ENGINE_OPTIONS,
  examples: ['dzentra alert rules', 'dzentra alert rules --json'],
  schema: RULES,
  fields: [
    ['schema', 'text', RULES],
    ['profile', 'text', 'the profile of the engine'],
    ['quiet', 'text', 'quiet hours, or off'],
    ['bell', 'code', 'on or off: whether terminals ring'],
    ['rules', 'array', 'every rule'],
    ['rules[].rule', 'code', 'its name'],
    ['rules[].priority', 'code', 'as it is told mostly: HIGH, MEDIUM or LOW'],
    ['rules[].loudness', 'code', 'on, silent or off'],
    ['rules[].set', 'boolean', 'it was set by somebody'],
  ],
  run: (context, { options }) =>
    withEngine(context, options, 'read', ({ client, profile }) => {
      const set = client.scene().state.options;
      const rules = ALERT_RULES.map(({ id, priority }) => ({
        rule: id,
        priority,
        loudness: loudnessOf(set, id, priority),
        set: set?.[`alert.${id}`] !== undefined,
      }));
      const { quiet = 'off', bell = 'on' } = set ?? {};
      const table = tableOf(['rule', 'priority', 'loudness', 'set'], rules, 'no rule');
      return Promise.resolve(done({ schema: RULES, profile, quiet, bell, rules }, [table, factsOf({ quiet, bell })]));
    }),
});
