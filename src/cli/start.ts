import type { BacktestView, Context, Outcome, ParsedLine, Ports } from '../core/index.ts';
import { type Home, type HomeInput, home, type Opening } from './home.ts';
import { createProgressBar, type ProgressBar } from './progress.ts';
import { createRepaint } from './repaint.ts';
import { type Look, showOutcome, showRefusal } from './show.ts';
import type { Stops } from './stops.ts';
import { type BridgeFace, bridgeLine, isBridgeLine } from './telegram.ts';
import { columnsOf, hiding, paint, type Terminal, wantsColor } from './terminal.ts';

/** What the core has to know of the process. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** What the command line needs of the core's door. */
export interface Core extends Awaited<ReturnType<typeof import('../core/index.ts').commandLine>> {
  boot(host: Host): Promise<Ports>;
  /** The language of what a person reads: as told, else as set, else of the locale. */
  languageOf(env: Host['env'], told?: string): Promise<'en' | 'ru'>;
  /** How screens look, as far as no flag says it. */
  looksOf(env: Host['env']): Promise<{ readonly ascii: boolean; readonly theme?: string | undefined }>;
  renderBacktest(view: BacktestView, columns: number, style: { readonly ascii: boolean }): Promise<readonly string[]>;
  /** Opens the terminal UI and answers its exit code; absent where there is no terminal to open it on. */
  readonly openTui?: ((opening: Opening) => Promise<number>) | undefined;
  /** Loads the bridge to Telegram; absent where a process cannot become one. */
  readonly openBridge?: (() => Promise<BridgeFace>) | undefined;
}

/** Reads the words, runs the command, shows its outcome; answers the exit code. */
export async function start(
  words: readonly string[],
  given: Terminal,
  stops: Stops,
  core: Core,
  version: string,
): Promise<number> {
  // Keys make themselves known when they are loaded: none of them is ever printed.
  const terminal = hiding(given, core.hideSecrets);
  const taken = core.takeFace(words);
  if ('ok' in taken) {
    const locale = await core.languageOf(terminal.env);
    await showRefusal(
      core,
      terminal,
      { json: words.includes('--json'), ascii: words.includes('--ascii'), locale },
      taken,
    );
    return taken.exit;
  }
  const { rest } = taken;
  const { ascii, theme } = await core.looksOf(terminal.env);
  const locale = await core.languageOf(terminal.env, taken.face.language);
  const face: Look = { ...taken.face, ascii: taken.face.ascii || ascii, theme, locale };
  const progress = createProgressBar(terminal, core.progressLine);
  const context = contextOf({ terminal, stops, core, version, face, progress });
  const ended = await ending(core, stops.signal, async () => {
    const line = await lineOf(core, rest, face.language);
    if (core.openBridge !== undefined && isBridgeLine(line)) {
      return await bridgeLine({ core, context, terminal, look: face, openBridge: core.openBridge }, line);
    }
    if (line.kind !== 'command' || line.command.path[0] !== 'tui') return await run(line, context);
    const at: Home = { core, context, terminal, look: face };
    return await home(at, line.input.options as HomeInput, () => help(context, []));
  });
  progress.clear();
  if (typeof ended === 'number') return ended;
  if (!isEnough(ended, stops)) await showOutcome(core, terminal, face, ended);
  return core.exitOf(ended, stops.by);
}

/** A reader that left has what it wanted: that it ended is told where something was kept. */
const isEnough = (ended: Outcome, { by }: Stops): boolean =>
  by === 'SIGPIPE' && ended.kind === 'interrupted' && ended.saved.length === 0;

/** `dzentra` alone, or with flags alone: the terminal UI. */
const isHome = (words: readonly string[]): boolean =>
  words.every((word, i) => i > 0 || word.startsWith('-')) && !words.some((word) => word === '--help' || word === '-h');

/** `dzentra --profile night auto stop` names a command behind its options; where none is named the terminal UI is meant. */
async function lineOf(core: Core, words: readonly string[], language: string | undefined): Promise<ParsedLine> {
  if (words.length === 1 && words[0] === '--version') return await core.parseLine(['version'], core.COMMANDS);
  const named = isHome(words) ? await core.parseLine(words, core.COMMANDS) : undefined;
  return named?.kind === 'command' ? named : await core.parseLine(withHome(words, language), core.COMMANDS);
}

/** Commands that have a flag of their own for the language, which holds before a setting that faces share. */
const LANGUAGE_FLAGS: Readonly<Record<string, string>> = { tui: '--language', frame: '--locale' };

function withHome(words: readonly string[], language: string | undefined): readonly string[] {
  const whole = isHome(words) ? ['tui', ...words] : words;
  const flag = LANGUAGE_FLAGS[whole[0] ?? ''];
  const isSaid = flag === undefined || whole.some((word) => word.split('=')[0] === flag);
  return language === undefined || isSaid ? whole : [...whole, `${flag}=${language}`];
}

async function run(line: ParsedLine, context: Context): Promise<Outcome> {
  if (line.kind === 'refused') return { kind: 'refused', refusal: line.refusal };
  if (line.kind === 'command') return await line.command.run({ ...context, words: line.words }, line.input);
  return await help(context, line.path);
}

/** Help is a command like any other, so that `--json` shows it as data. */
async function help(context: Context, path: readonly string[]): Promise<Outcome> {
  const command = context.commands.find((each) => each.path.join(' ') === 'help');
  if (command === undefined) throw new Error('expected a help command in the registry, found none');
  return await (await command.load()).run(context, { args: { command: path }, options: {} });
}

/** Work that a signal ended throws, and so does a file or a journal that cannot be used; anything else is a bug. */
async function ending(
  core: Core,
  signal: AbortSignal,
  work: () => Promise<Outcome | number>,
): Promise<Outcome | number> {
  try {
    return await work();
  } catch (problem) {
    const outcome = core.outcomeOfThrown(problem, signal);
    if (outcome === undefined) throw problem;
    return outcome;
  }
}

/** A word of a few, or its beginning where only one begins so. */
async function choose(terminal: Terminal, question: string, words: readonly string[]): Promise<string | undefined> {
  const answer = (await terminal.ask?.(`${question} [${words.join('/')}] `))?.trim().toLowerCase() ?? '';
  const fitting = words.filter((word) => answer !== '' && word.startsWith(answer));
  return fitting.length === 1 ? fitting[0] : undefined;
}

type Cell = Parameters<Context['row']>[0]['cells'][number];

interface Parts {
  readonly terminal: Terminal;
  readonly stops: Stops;
  readonly core: Core;
  readonly version: string;
  readonly face: Look;
  readonly progress: ProgressBar;
}

function contextOf({ terminal, stops, core, version, face, progress }: Parts): Context {
  const color = wantsColor(terminal, face.color);
  let ports: Promise<Ports> | undefined;
  return {
    signal: stops.signal,
    letSignalsEnd: async () => await stops.letGo?.(),
    json: face.json,
    version,
    locale: face.locale,
    columns: columnsOf(terminal, face.columns),
    isColoured: color,
    isAscii: face.ascii,
    isPiped: !terminal.out.isTerminal,
    repaint: terminal.out.isTerminal && !face.json ? createRepaint(core, terminal, face) : undefined,
    choose:
      terminal.ask === undefined || face.json
        ? undefined
        : async (question, words) => choose(terminal, await core.sentence(question, face.locale), words),
    askSecret:
      terminal.askSecret === undefined || face.json
        ? undefined
        : async (question) => await terminal.askSecret?.(`${await core.sentence(question, face.locale)} `),
    readInput: terminal.readInput,
    goOnUnprinted: terminal.goOnUnprinted,
    commands: core.COMMANDS,
    boot() {
      // What a flag says holds for screens, too, which ask the configuration.
      const env = face.language === undefined ? terminal.env : { ...terminal.env, DZENTRA_LANGUAGE: face.language };
      ports ??= core.boot({ env, version });
      return ports;
    },
    progress: (label) => progress.report(label),
    row({ cells, data }) {
      progress.clear();
      void terminal.out.write(`${rowText(cells, data)}\n`);
    },
    async write(text) {
      progress.clear();
      await terminal.out.write(text);
    },
  };

  function rowText(cells: readonly Cell[], data: unknown): string {
    if (face.json) return JSON.stringify(data);
    if (!terminal.out.isTerminal) return core.tabs(cells);
    return paint(
      cells.map(({ text, tone }, i) => ({ text: i === 0 ? text : `  ${text}`, tone: tone ?? 'plain' })),
      color,
    );
  }
}
