import type { Origin, Setting } from '../../config/config.ts';
import { profile } from '../argv/engine.ts';
import { defineCommand } from '../command.ts';
import { type Cell, done, fact, plain, refused } from '../outcome.ts';
import { isRefusal } from '../refusal.ts';

const SHOW = 'dzentra.config.show/1';
const PATH = 'dzentra.config.path/1';
const INIT = 'dzentra.config.init/1';
const HIDDEN = '[hidden]';

export const configShow = defineCommand({
  about: [
    'Every value with where it comes from: a flag, a variable DZENTRA_..., a line of the file, or the default. Secrets are hidden. What a run was started with stays: `auto show`.',
  ],
  args: {},
  options: { profile: profile('Profile that is shown; else the one of the configuration.') },
  examples: ['dzentra config show', 'dzentra config show --profile demo --json'],
  schema: SHOW,
  fields: [
    ['schema', 'text', SHOW],
    ['file', 'path', 'where the file is, or would be'],
    ['exists', 'boolean', 'whether it is there'],
    ['profile', 'text', 'the profile that is shown'],
    ['settings', 'array', 'keys in their order'],
    ['settings[].key', 'text', 'the key'],
    ['settings[].value', 'text|null', 'its value; null where nothing stands and the built-in default holds'],
    ['settings[].source', 'code', 'flag, env, file or default'],
    ['settings[].place', 'text|null', 'the flag, the variable or the line'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const config = await ports.config.load({ profile: options.profile });
    if (isRefusal(config)) return refused(config);
    const settings = config.settings.map(dataOf);
    const data = { schema: SHOW, file: config.file, exists: config.hasFile, profile: config.profile, settings };
    const columns = [
      { name: 'key', title: 'key' },
      { name: 'value', title: 'value' },
      { name: 'source', title: 'from' },
      { name: 'place', title: 'where' },
    ];
    const rows = settings.map(({ key, value, source, place }): readonly Cell[] => [
      plain(key),
      { value, text: value ?? '', tone: source === 'default' ? 'muted' : 'plain' },
      plain(source, source === 'default' ? 'muted' : 'plain'),
      { value: place, text: place ?? '' },
    ]);
    const place = fact('file', 'file', config.hasFile ? config.file : `${config.file} (none; dzentra config init)`);
    const about = { kind: 'facts', facts: [place, fact('profile', 'profile', config.profile)] } as const;
    return done(data, [about, { kind: 'table', columns, rows, empty: 'no setting' }]);
  },
});

const dataOf = ({ key, text, origin, isSecret }: Setting) => ({
  key,
  value: isSecret && text !== undefined ? HIDDEN : (text ?? null),
  source: origin.from,
  place: placeOf(origin),
});

/** `line 3`, `DZENTRA_THEME`, `--theme`; null for a default. */
export function placeOf(origin: Origin): string | null {
  switch (origin.from) {
    case 'default':
      return null;
    case 'file':
      return origin.line === undefined ? null : `line ${origin.line}`;
    case 'env':
      return origin.variable;
    case 'flag':
      return origin.flag;
  }
}

export const configPath = defineCommand({
  about: ['Where the configuration file is, or would be.'],
  args: {},
  options: {},
  examples: ['dzentra config path'],
  schema: PATH,
  fields: [
    ['schema', 'text', PATH],
    ['file', 'path', 'the file'],
  ],
  async run(context) {
    const { file } = (await context.boot()).config;
    return done({ schema: PATH, file }, [{ kind: 'text', lines: [file] }]);
  },
});

export const configInit = defineCommand({
  about: [
    'Writes a configuration file in which everything is a comment, readable by you alone. Refused where there is one.',
  ],
  args: {},
  options: {},
  examples: ['dzentra config init'],
  schema: INIT,
  fields: [
    ['schema', 'text', INIT],
    ['file', 'path', 'the file that was written'],
  ],
  async run(context) {
    const answer = await (await context.boot()).config.init();
    if (isRefusal(answer)) return refused(answer);
    const { file } = answer;
    return done({ schema: INIT, file }, [{ kind: 'text', lines: [file] }], ['everything in it is a comment: edit it']);
  },
});
