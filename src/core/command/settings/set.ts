import { isQuietHours } from '../../alert/loudness.ts';
import { ALERT_RULES } from '../../alert/registry.ts';
import { nearest } from '../../strategy/nearest.ts';
import { choice, required, text as textSpec } from '../argv/spec.ts';
import { act, deedFields } from '../attached/deed.ts';
import { ASK_OPTIONS, ENGINE_OPTIONS } from '../attached/options.ts';
import { defineCommand } from '../command.ts';
import { refused } from '../outcome.ts';
import { refusal, shown } from '../refusal.ts';

const SCHEMA = 'dzentra.settings.set/1';

interface Known {
  readonly expects: string;
  readonly example: string;
  readonly fits: (text: string) => boolean;
  readonly choices?: readonly string[] | undefined;
}

const among = (...choices: readonly string[]): Known => ({
  expects: `one of ${choices.join(', ')}`,
  example: choices[0] ?? '',
  fits: (text) => choices.includes(text),
  choices,
});

/** Settings that every face shares. */
export const SHARED: Readonly<Record<string, Known>> = {
  language: among('en', 'ru'),
  theme: among('dark', 'light', 'blue-orange'),
  zone: {
    expects: 'UTC, or hours and minutes east of it such as +03:00',
    example: '+03:00',
    fits: (text) => /^(UTC|[+-](0\d|1[0-4]):[0-5]\d)$/.test(text),
  },
  alerts: among('on', 'off'),
  mouse: among('on', 'off'),
  bell: among('on', 'off'),
  quiet: { expects: 'hours such as 22:00-07:00, or off', example: '22:00-07:00', fits: isQuietHours },
  ...Object.fromEntries(ALERT_RULES.map(({ id }) => [`alert.${id}`, among('on', 'silent', 'off')])),
};

export const settingsSet = defineCommand({
  about: [
    'Sets something that every face shares: language, theme, zone, mouse, and how loud alerts are: alerts, bell, quiet and `alert.RULE`, which `alert rules` lists. It is journaled and holds at once. What a run risks is set by `risk set`.',
  ],
  args: {
    option: required(
      choice('What is set: language, theme, zone, alerts, mouse, bell, quiet, or `alert.RULE`.', Object.keys(SHARED)),
    ),
    value: required(textSpec('Its value.', 'VALUE', 'ru')),
  },
  options: { ...ASK_OPTIONS, ...ENGINE_OPTIONS },
  examples: [
    'dzentra settings set language ru',
    'dzentra settings set zone +03:00',
    'dzentra settings set theme light',
  ],
  schema: SCHEMA,
  fields: deedFields(SCHEMA),
  run(context, { args, options }) {
    const known = SHARED[args.option];
    if (known?.fits(args.value) !== true) {
      const fix = nearest(args.value, known?.choices ?? []) ?? known?.example ?? '';
      const expected = `${args.option} as ${known?.expects}`;
      return Promise.resolve(
        refused(refusal(2, 'BAD_OPTION', expected, shown(args.value), `dzentra settings set ${args.option} ${fix}`)),
      );
    }
    return act(context, options, SCHEMA, ({ client }) => ({
      ask: { do: 'command', command: { name: 'set_option', option: args.option, text: args.value } },
      code: 'set',
      notes: args.option === 'quiet' && args.value !== 'off' ? [zoneNote(client.scene().state.options?.zone)] : [],
    }));
  },
});

/** The engine knows the shared zone alone, not that of a face or of its configuration file. */
const zoneNote = (zone = 'UTC'): string =>
  `these hours are those of the shared zone, ${zone}; another one: dzentra settings set zone +03:00`;
