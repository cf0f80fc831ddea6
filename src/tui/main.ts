import { setFlagsFromString } from 'node:v8';
import {
  type Commands,
  commandLine,
  type EngineClient,
  type Locale,
  type Pictures,
  type Ports,
  pictures,
  type ScreenId,
  type ThemeName,
  type Ui,
} from './core.ts';
import type { Tab } from './frame.ts';
import { harmless } from './model/input.ts';
import { type Clock, machineClock } from './pace.ts';
import { followSandbox } from './sandbox.ts';
import { type Screens, Session, type Style } from './session.ts';
import type { Stage } from './stage.ts';
import { handleSuspend } from './suspend.ts';
import { takeKeyboard } from './terminal.ts';

/** What the terminal UI is given by whoever starts it. */
export interface TuiOptions {
  /** Attached with `follow: 'all'` and the role `operate`; the caller closes it. */
  readonly client: EngineClient;
  readonly profile: string;
  readonly version: string;
  /** The ports, loaded when a command first needs them. */
  boot(): Promise<Ports>;
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly stdin: NodeJS.ReadStream;
  readonly stdout: NodeJS.WriteStream;
  readonly stderr: NodeJS.WriteStream;
  readonly locale: Locale;
  /** Dark by default, light where the terminal says that it is; NO_COLOR and a dumb terminal have none whatever is asked for. */
  readonly theme?: ThemeName | undefined;
  /** No character beyond ASCII; by default where the locale of `env` is not UTF-8. */
  readonly ascii?: boolean | undefined;
  /** Plain lines and no alternate screen; by default where `INK_SCREEN_READER` is `true`. */
  readonly isScreenReader?: boolean | undefined;
  readonly screen?: ScreenId | undefined;
  /** The mouse picks rows and tabs; off by default, so that the terminal can copy text. */
  readonly isMouseOn?: boolean | undefined;
  /** `locale` was named for this face: the setting that faces share does not change it. */
  readonly isLocaleGiven?: boolean | undefined;
  /** The zone that times are first shown in; `u` changes to the machine's own. UTC by default. */
  readonly zone?: Ui['zone'] | undefined;
  /** Who asks, for the journal. */
  readonly who?: string | undefined;
  /** Ends it from outside: SIGTERM, SIGHUP. */
  readonly signal?: AbortSignal | undefined;
  /** For tests: in place of the core's screens and commands. */
  readonly screens?: Screens | undefined;
  readonly commands?: Commands | undefined;
  readonly clock?: Clock | undefined;
}

/** How it came to an end. */
type End =
  | { readonly is: 'left' | 'ended' }
  | { readonly is: 'signal' }
  | { readonly is: 'broken'; readonly problem: unknown };

/**
 * The terminal UI, until the user leaves it. Answers the exit code: 0, 1 after a bug (the terminal is clean and the message
 * on stderr), 2 where there is no terminal, 143 after a signal. The engine is left alone unless its end was asked for.
 */
export async function runTui(options: TuiOptions): Promise<number> {
  const { stdin, stdout, stderr, env } = options;
  if (stdin.isTTY !== true || stdout.isTTY !== true) {
    stderr.write('expected a terminal for input and output, found a pipe; in scripts: dzentra auto status --json\n');
    return 2;
  }
  // Both are read when ink and react are loaded: chalk ignores NO_COLOR, and react without it is its development build.
  process.env.NODE_ENV ??= 'production';
  if (!isColoured(env)) process.env.FORCE_COLOR = '0';
  // A frame's garbage would grow the young generation to 64 MB; kept small it is swept more often, and costs as little.
  setFlagsFromString('--semi-space-growth-factor=1');
  const [screens, createStage] = await Promise.all([options.screens ?? loadScreens(options), loadStage(options)]);
  const commands = options.commands ?? lateCommands(options);
  const { promise, resolve } = Promise.withResolvers<End>();
  const stop = perform(options, { screens, commands, createStage }, resolve);
  const end = await promise;
  await stop();
  return farewell(options, screens, commands, end);
}

type CreateStage = (fail: (problem: unknown) => void) => Stage;

/** Ink and react are loaded here, beside the rest: they take longest. */
async function loadStage(options: TuiOptions): Promise<CreateStage> {
  const { stdin, stdout, stderr } = options;
  if (isFlat(options)) {
    const { createFlatStage } = await import('./flat-stage.ts');
    return () => createFlatStage((text) => void stdout.write(text));
  }
  const { createStage } = await import('./stage.ts');
  return (fail) => createStage({ stdin, stdout, stderr, fail });
}

const isFlat = ({ isScreenReader, env }: TuiOptions): boolean => isScreenReader ?? env.INK_SCREEN_READER === 'true';

interface Cast {
  readonly screens: Screens;
  readonly commands: Commands;
  readonly createStage: CreateStage;
}

/** Puts everything on the stage; answers how to take it down. */
function perform(
  options: TuiOptions,
  { screens, commands, createStage }: Cast,
  end: (end: End) => void,
): () => Promise<void> {
  const { stdin, stdout, signal } = options;
  const fail = (problem: unknown): void => end({ is: 'broken', problem });
  const stage = createStage(fail);
  let session: Session | undefined;
  const keyboard = takeKeyboard({ stdin, stdout, input: (chunk) => session?.input(chunk) });
  const ended = (): void => end({ is: 'signal' });
  const resized = (): void => session?.resize();
  try {
    session = new Session({
      ...options,
      commands,
      screens,
      ui: firstUi(options),
      local: localZone(),
      who: options.who ?? 'operator',
      ascii: options.ascii ?? !isUtf8(options.env),
      isFlat: isFlat(options),
      clock: options.clock ?? machineClock,
      ...(options.env.DEBUG_ENABLED === '1'
        ? { sandbox: (told) => followSandbox(() => options.boot(), told, fail) }
        : {}),
      size: () => ({ columns: stdout.columns ?? 80, rows: stdout.rows ?? 24 }),
      show: stage.show,
      mouse: keyboard.mouse,
      ring: () => void stdout.write('\u0007'),
      // To all that a shell started with one line: npm, too, would else keep the terminal from it.
      suspend: () => void process.kill(0, 'SIGTSTP'),
      leave: (isEngineToo) => end({ is: isEngineToo ? 'ended' : 'left' }),
      fail,
    });
  } catch (problem) {
    fail(problem);
  }
  // Before Ink's own listener, which draws at once what it was given last.
  stdout.prependListener('resize', resized);
  signal?.addEventListener('abort', ended, { once: true });
  const guards = guardProcess(options, fail);
  const give = (): void => {
    keyboard.pause();
    stage.pause();
  };
  const take = (): void => {
    // First: in the background (`bg`) the kernel stops the process there, before it draws over the shell.
    keyboard.resume();
    stage.resume();
    session?.redraw();
  };
  const endSuspend = stdin === process.stdin ? handleSuspend(give, take) : undefined;
  return async () => {
    endSuspend?.();
    session?.close();
    stdout.off('resize', resized);
    signal?.removeEventListener('abort', ended);
    guards();
    keyboard.restore();
    await stage.leave();
  };
}

/** Whatever nobody caught is a bug that ends the terminal cleanly. */
function guardProcess({ stdin }: TuiOptions, fail: (problem: unknown) => void): () => void {
  if (stdin !== process.stdin) return () => undefined;
  process.on('uncaughtException', fail);
  process.on('unhandledRejection', fail);
  return () => {
    process.off('uncaughtException', fail);
    process.off('unhandledRejection', fail);
  };
}

/** What is said on the terminal once it is itself again. */
async function farewell(options: TuiOptions, { say }: Screens, commands: Commands, end: End): Promise<number> {
  const { stdout, stderr, profile, client } = options;
  if (end.is === 'broken') {
    const { problem } = end;
    stderr.write(
      `${say('broke', { problem: problem instanceof Error ? harmless(problem.message) : String(problem) })}\n`,
    );
    if (problem instanceof Error && problem.stack !== undefined) stderr.write(`${problem.stack}\n`);
    return 1;
  }
  if (end.is === 'ended') {
    const { isOk, summary } = await commands.run(['engine', 'stop'], new AbortController().signal);
    stdout.write(`${isOk ? say('engineEnded', { profile }) : summary}\n`);
    return isOk ? 0 : 1;
  }
  const { link, state } = client.scene();
  const runs = state.runs.filter((run) => run.state !== 'OFF').length;
  const positions = state.runs.filter(({ position }) => position !== undefined).length;
  const running = say('leftRunning', { profile, runs, positions });
  stdout.write(`${link === 'up' ? running : say(link === 'lost' ? 'leftLost' : 'leftAlone', { profile })}\n`);
  return end.is === 'signal' ? 143 : 0;
}

async function loadScreens(options: TuiOptions): Promise<Screens> {
  const core: Pictures = await pictures();
  const { env } = options;
  return screensIn({ locale: options.locale, theme: undefined });

  function screensIn({ locale, theme: set }: Style): Screens {
    const wanted = options.theme ?? core.THEMES.find((name) => name === set) ?? themeBy(env);
    const theme = isColoured(env) ? wanted : 'none';
    return {
      ...core,
      draftOf: (inputs) => core.draftOf(inputs, locale),
      tabs: core.TABS.map(
        ({ id, key }): Tab => ({
          key,
          screen: id,
          title: core.titleOf(id, locale),
          short: core.titleOf(id, locale, true),
        }),
      ),
      say: core.words(core.tuiWords, locale),
      paint: (line) => (isFlat(options) ? core.plainLine(line) : core.ansiLine(line, theme)),
      restyled: screensIn,
    };
  }
}

/** The first frames do not wait for the command line. */
const COMMANDS_MS = 1_000;

/** The command line, loaded when it is first asked for, and soon in any case: an update may replace what was not. */
function lateCommands(options: TuiOptions): Commands {
  let loading: Promise<Commands> | undefined;
  const load = (): Promise<Commands> => {
    loading ??= loadCommands(options);
    return loading;
  };
  setTimeout(() => void load().catch(() => undefined), COMMANDS_MS).unref();
  return {
    run: async (...given) => (await load()).run(...given),
    hints: async (text) => (await load()).hints(text),
    check: async (words, given) => (await load()).check(words, given),
  };
}

async function loadCommands(options: TuiOptions): Promise<Commands> {
  const [line, core] = await Promise.all([commandLine(), pictures()]);
  const { stdout, env } = options;
  const ascii = options.ascii ?? !isUtf8(env);
  return await line.createFaceLine({
    ...options,
    face: 'tui',
    pictures: core,
    ascii,
    columns: () => stdout.columns ?? 80,
  });
}

function firstUi({ locale, screen = 'auto', zone = { name: 'UTC', offsetMinutes: 0 } }: TuiOptions): Ui {
  return { screen, locale, zone, filter: '', picked: {}, scrolled: {} };
}

/** https://no-color.org, and terminals that have none. */
const isColoured = (env: TuiOptions['env']): boolean => (env.NO_COLOR ?? '') === '' && env.TERM !== 'dumb';

/** What rxvt, Konsole and others say of their colours, `foreground;background` out of 16: 7 and 15 are the light ones. */
const themeBy = ({ COLORFGBG: colours = '' }: TuiOptions['env']): ThemeName =>
  /;(7|15)$/.test(colours) ? 'light' : 'dark';

/** The locale of characters: the first of the three that is set decides (POSIX). */
export function isUtf8(env: TuiOptions['env']): boolean {
  const name = [env.LC_ALL, env.LC_CTYPE, env.LANG].find((value) => value !== undefined && value !== '') ?? '';
  return /utf-?8/i.test(name);
}

/** `UTC+5:30`: the zone of this machine now. */
function localZone(): Ui['zone'] {
  const offsetMinutes = -new Date().getTimezoneOffset();
  if (offsetMinutes === 0) return { name: 'UTC', offsetMinutes };
  const size = Math.abs(offsetMinutes);
  const minutes = size % 60 === 0 ? '' : `:${String(size % 60).padStart(2, '0')}`;
  return { name: `UTC${offsetMinutes < 0 ? '-' : '+'}${Math.floor(size / 60)}${minutes}`, offsetMinutes };
}
