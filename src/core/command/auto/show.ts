import type { Config } from '../../config/config.ts';
import type { Run } from '../../domain/run.ts';
import { defaultRiskFor } from '../../risk/defaults.ts';
import { layered, opened } from '../argv/layers.ts';
import { riskData } from '../attached/data.ts';
import { ENGINE_OPTIONS, RUN_CHOICE } from '../attached/options.ts';
import { pickRun, STARTED } from '../attached/pick.ts';
import { withEngine } from '../attached.ts';
import { defineCommand, type Values } from '../command.ts';
import { done, plain, refused } from '../outcome.ts';
import { isRefusal, type Refusal } from '../refusal.ts';
import { withinCeilings } from '../run/ceilings.ts';
import { RISK_OPTIONS } from '../run/options.ts';
import { settingsOf } from '../run/settings.ts';
import { whereIs } from './start.ts';

const SCHEMA = 'dzentra.auto.show/1';

/** A setting of a run beside what a start would give it now. */
interface Compared {
  readonly setting: string;
  readonly run: string | null;
  readonly file: string | null;
  readonly differs: boolean;
}

export const autoShow = defineCommand({
  about: [
    'The settings and parameters of a run as the journal has them, beside what the configuration file says now. Editing the file does not touch a run: what differs is marked.',
  ],
  args: {},
  options: { ...RUN_CHOICE, ...ENGINE_OPTIONS },
  examples: ['dzentra auto show', 'dzentra auto show --run 1 --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile of the engine'],
    ['run', 'number', 'the run'],
    ['strategy', 'text', 'its strategy'],
    ['symbol', 'text', 'its symbol'],
    ['settings', 'array', 'its settings'],
    ['settings[].setting', 'text', 'its path: limits.heat, params.fast'],
    ['settings[].run', 'text|null', 'what the run has; null for off'],
    ['settings[].file', 'text|null', 'what the file says, or the default; null for off or unsaid'],
    ['settings[].differs', 'boolean', 'whether they differ'],
  ],
  run: (context, { options }) =>
    withEngine(context, options, 'read', async ({ client, ports, profile }) => {
      const run = pickRun({ client }, options, STARTED);
      if (isRefusal(run)) return refused(run);
      const config = await ports.config.load({ profile });
      if (isRefusal(config)) return refused(config);
      const settings = compare(run, config);
      if (isRefusal(settings)) return refused(settings);
      const { strategy, symbol } = run;
      const columns = ['setting', 'run', 'file', ''].map((name) => ({ name: name || 'differs', title: name }));
      const rows = settings.map(({ setting, run: has, file, differs }) => [
        plain(setting),
        plain(has ?? 'off'),
        plain(file ?? ''),
        { value: differs, text: differs ? 'differs' : '', tone: 'warn' as const },
      ]);
      const data = { schema: SCHEMA, profile, run: run.run, strategy, symbol, settings };
      return done(data, [{ kind: 'table', columns, rows, empty: 'no setting' }]);
    }),
});

function compare(run: Run, config: Config): readonly Compared[] | Refusal {
  const given = layered(RISK_OPTIONS, {} as Values<typeof NOTHING>, config.run, (key) => whereIs(config, key));
  if (isRefusal(given)) return given;
  const built = settingsOf(given, defaultRiskFor(run.instrument.base), run.instrument.kind);
  const risk = isRefusal(built) ? built : withinCeilings(built, config.ceilings, {});
  if (isRefusal(risk)) return risk;
  const ours = leaves(riskData(run.risk), '');
  const theirs = leaves(riskData(risk), '');
  const told = config.params[run.strategy] ?? {};
  const params = Object.entries(run.params).map(([name, value]): Compared => {
    const file = told[name] ?? null;
    return { setting: `params.${name}`, run: String(value), file, differs: file !== null && file !== String(value) };
  });
  const names = [...new Set([...ours.keys(), ...theirs.keys()])];
  const settings = names.map((setting): Compared => {
    const [has, file] = [ours.get(setting) ?? null, theirs.get(setting) ?? null];
    return { setting, run: has, file, differs: has !== file };
  });
  return [...params, ...settings];
}

const NOTHING = opened(RISK_OPTIONS);

function leaves(value: unknown, path: string): Map<string, string> {
  if (typeof value !== 'object' || value === null) return new Map([[path, String(value)]]);
  return new Map(
    Object.entries(value).flatMap(([name, inner]) => [...leaves(inner, path === '' ? name : `${path}.${name}`)]),
  );
}
