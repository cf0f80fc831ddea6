import { FIXTURE_NAMES, type FixtureName } from '../lab/fixture/names.ts';
import type { Locale } from '../view/language.ts';
import { emptyUi, type Scene, type Ui } from '../view/scene.ts';
import { SCREEN_IDS } from '../view/screen-ids.ts';
import type { View } from '../view/view.ts';
import { profile } from './argv/engine.ts';
import { int } from './argv/numbers.ts';
import {
  accept,
  called,
  choice,
  type OptionSpec,
  on,
  path,
  type Reading,
  reject,
  required,
  single,
  text,
  withDefault,
} from './argv/spec.ts';
import { type Context, defineCommand, nameOf, type Values } from './command.ts';
import { done, type Outcome, refused } from './outcome.ts';
import type { Ports } from './ports.ts';
import { isRefusal, type Refusal, refusal } from './refusal.ts';

const SCHEMA = 'dzentra.frame/1';

/** Columns and, where they are given, lines of a frame. */
interface FrameSize {
  readonly columns: number;
  readonly rows: number | undefined;
}

const size = (about: string): OptionSpec<FrameSize | undefined> =>
  single(about, {
    type: 'size',
    placeholder: 'COLSxROWS',
    expects: 'columns from 20 to 500 and, behind an x, lines from 3 to 300',
    example: '120x40',
    one(given): Reading<FrameSize> {
      const [, columns = '', rows] = /^(\d{1,3})(?:x(\d{1,3}))?$/.exec(given) ?? [];
      const fits = inside(columns, 20, 500) && (rows === undefined || inside(rows, 3, 300));
      return fits
        ? accept({ columns: Number(columns), rows: rows === undefined ? undefined : Number(rows) })
        : reject();
    },
  });

const inside = (digits: string, min: number, max: number): boolean =>
  digits !== '' && Number(digits) >= min && Number(digits) <= max;

const OPTIONS = {
  size: withDefault(size('Columns and lines; without lines it is as long as it needs to be.'), '80x24'),
  state: choice('A named state, made by the real engine on the simulated market.', FIXTURE_NAMES),
  journal: path('A journal as it stood: market numbers are unknown.', 'FOLDER'),
  tape: path('A tape, played up to that entry: the whole picture.', 'TAPE'),
  at: int('The entry up to which a journal or a tape is shown; else its last.', { from: '1' }, '8841'),
  run: int('The run that is looked at.', { from: '1', to: '1000000000' }, '1'),
  entry: int('The entry that the Journal shows in detail.', { from: '1' }, '8841'),
  filter: text('Filter of the Journal.', 'TEXT', 'denied'),
  plain: on('Text without any colour: what a pipe gets.'),
  ansi: on('Text with colours: what a terminal gets.'),
  svg: on('A picture.'),
  theme: withDefault(choice('Colours of a terminal or a picture.', ['dark', 'light', 'blue-orange']), 'dark'),
  locale: choice('Language; else that of the configuration, and English for a named state.', ['en', 'ru']),
  profile: profile('Profile whose engine is shown; else the one of the configuration.'),
};
type Options = Values<typeof OPTIONS>;

export const frame = defineCommand({
  about: [
    'Prints one frame of a screen: of the engine that runs, of a named state, of a journal at an entry, or of a tape. Without an engine and without a state it shows that there is none; the debug screen says how it is turned on.',
    'The same comes out each time for a named state, a journal and a tape, so that it can be compared in a test.',
  ],
  args: { screen: called('SCREEN', required(choice('The screen.', SCREEN_IDS))) },
  options: OPTIONS,
  examples: [
    'dzentra frame auto --size 120x40',
    'dzentra frame auto --state long-in-profit --locale ru',
    'dzentra frame risk --state halted --svg > halted.svg',
    'dzentra frame journal --journal ./journal --at 42 --entry 42 --plain',
  ],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['screen', 'code', 'the screen'],
    ['title', 'text', 'its title'],
    ['asOf', 'ms|null', 'the instant that it shows'],
    ['status', 'array', 'facts of the status line: name, label, cells with value and text'],
    [
      'blocks',
      'array',
      'facts, tables, charts, logs, notes and forms in their order, each with id, title, area and rank',
    ],
    ['actions', 'array', 'what can be done from here: label, key, stakes, what it leads to, and why it cannot'],
  ],
  async run(context, { args, options }) {
    const conflict = conflictOf(context, options);
    if (conflict !== undefined) return refused(conflict);
    const ui = await uiOf(context, args.screen, options);
    const view = await viewFor(context, ui, options);
    if (isRefusal(view)) return refused(view);
    return await painted(context, view, options, ui.locale);
  },
});

/** Of several sources or styles one is meant. */
function conflictOf(context: Context, options: Options): Refusal | undefined {
  const sources = (['state', 'journal', 'tape', 'profile'] as const).filter((name) => options[name] !== undefined);
  const styles = (['plain', 'ansi', 'svg'] as const).filter((name) => options[name]);
  const asked = [...styles, ...(context.json ? ['json'] : [])];
  const twice = sources.length > 1 ? sources : asked.length > 1 ? asked : undefined;
  if (twice !== undefined) {
    const found = twice.map((name) => `--${name}`).join(' and ');
    return refusal(2, 'OPTIONS_CONFLICT', `one of ${found}`, 'all of them', 'leave out all but one');
  }
  if (options.at !== undefined && options.journal === undefined && options.tape === undefined) {
    return refusal(
      2,
      'OPTIONS_CONFLICT',
      '--at with --journal or --tape',
      '--at alone',
      'name the journal or the tape',
    );
  }
  return undefined;
}

async function uiOf(context: Context, screen: Ui['screen'], options: Options): Promise<Ui> {
  const locale = options.locale ?? (options.state === undefined ? await usualLocale(context) : 'en');
  const { run, entry: seq, filter = '' } = options;
  return { ...emptyUi(screen, locale), run, seq, filter };
}

async function usualLocale(context: Context): Promise<Locale> {
  const config = await (await context.boot()).config.load();
  return isRefusal(config) ? 'en' : config.locale;
}

/** The engine makes its screens itself: one of another version shows its own. */
async function viewFor(context: Context, ui: Ui, options: Options): Promise<View | Refusal> {
  const { state, journal, tape, at } = options;
  if (state !== undefined) return await seen(await namedState(state), ui, context);
  const ports = await context.boot();
  if (journal !== undefined) return await seen(await pastScene(ports, journal, at), ui, context);
  if (tape !== undefined) return await seen(await tapedScene(ports, tape, at), ui, context);
  const profile = ports.engine.profile(options.profile);
  const client = await ports.engine.connect(profile, { role: 'read', face: 'cli', follow: 'one' });
  if (isRefusal(client)) return client.exit === 5 ? await seen(await noEngine(profile), ui, context) : client;
  try {
    return await client.view(ui);
  } finally {
    client.close();
  }
}

/** A scene of the past or of nobody, with the commands that there are. */
async function seen(scene: Scene | Refusal, ui: Ui, context: Context): Promise<View | Refusal> {
  if (isRefusal(scene)) return scene;
  const commands = context.commands.map((each) => ({ name: nameOf(each), summary: each.summary }));
  return (await import('../view/screens.ts')).viewOf({ ...scene, commands }, ui);
}

async function namedState(name: FixtureName): Promise<Scene> {
  return (await import('../lab/fixture/fixture.ts')).fixture(name);
}

async function pastScene(ports: Ports, folder: string, at: number | undefined): Promise<Scene | Refusal> {
  const journal = await ports.journal.open({ in: 'folder', folder });
  if (isRefusal(journal)) return journal;
  try {
    if (at !== undefined && at > journal.lastSeq) {
      const expected = `--at with an entry from 1 to ${journal.lastSeq}`;
      return refusal(3, 'NO_SUCH_ENTRY', expected, `${at}`, 'dzentra journal list');
    }
    const { journalScene } = await import('../lab/picture/journal-scene.ts');
    const fold = (): Scene | Refusal => {
      for (const { seq } of journal.entries({ limit: 1 })) if (seq > 1) return pruned(seq);
      return journalScene(journal.entries({ toSeq: at }), journal.name);
    };
    return journal.complete === undefined ? fold() : await journal.complete(fold);
  } finally {
    journal.close();
  }
}

/** A state is the fold of all that happened. */
const pruned = (seq: number): Refusal =>
  refusal(
    3,
    'JOURNAL_PRUNED',
    'a journal from its first entry on',
    `one that begins with entry ${seq}`,
    'put the files back that were pruned, or give a tape: --tape FILE',
  );

async function tapedScene(ports: Ports, tape: string, at: number | undefined): Promise<Scene | Refusal> {
  if (ports.picture !== undefined) return await ports.picture({ tape, at });
  const fix = 'dzentra frame SCREEN --journal FOLDER --at SEQ shows its journal';
  return refusal(2, 'TAPE_UNSUPPORTED', 'a face that plays tapes', 'one that does not', fix);
}

const noEngine = async (profile: string): Promise<Scene> =>
  (await import('../lab/fixture/scene.ts')).emptyScene(profile);

async function painted(context: Context, view: View, options: Options, locale: Locale): Promise<Outcome> {
  const data = { schema: SCHEMA, ...view };
  if (context.json) return done(data, []);
  const [{ layout }, { paintPlain }, { paintAnsi }, { paintSvg }] = await Promise.all([
    import('../view/layout/layout.ts'),
    import('../view/paint/plain.ts'),
    import('../view/paint/ansi.ts'),
    import('../view/paint/svg.ts'),
  ]);
  const { columns, rows } = options.size;
  const { theme } = options;
  const lines = layout(view, { columns, rows, locale, ascii: context.isAscii });
  const isColoured = options.ansi || (!options.plain && context.isColoured === true);
  if (options.svg) await context.write(paintSvg(lines, { theme, columns, title: `dzentra ${view.title}` }));
  else await context.write(isColoured ? paintAnsi(lines, theme) : paintPlain(lines));
  return done(data, []);
}
