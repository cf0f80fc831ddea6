import type { Opening } from './home.ts';

const words = process.argv.slice(2);
// An import would load streams of files and readline with it.
const { readFileSync, writeSync } = process.getBuiltinModule('node:fs');
const { version } = JSON.parse(readFileSync(new URL('../../package.json', import.meta.url), 'utf8')) as {
  version: string;
};

const THEMES = ['dark', 'light', 'blue-orange', 'none'] as const;

const isAlone = (flags: RegExp): boolean => words.length === 1 && flags.test(words[0] ?? '');

// Scripts ask for a version often, and people for help: little is loaded for either.
if (isAlone(/^(--version|-v|-V)$/)) print(`${version}\n`);
else if (isAlone(/^(--help|-h)$/)) await printOverview();
else await runCommand();

async function printOverview(): Promise<void> {
  const { overview } = await import('../core/index.ts');
  const lines = await overview(process.stdout.isTTY ? process.stdout.columns : 80, process.env);
  print(`${lines.join('\n')}\n`);
}

/** A reader that left early (`| head -1`) is no error. */
function print(text: string): void {
  process.stdout.on('error', (problem: NodeJS.ErrnoException) => {
    if (problem.code !== 'EPIPE') void import('./process.ts').then(({ endUnprinted }) => endUnprinted(problem));
  });
  process.stdout.write(text);
}

/** The terminal UI on this process's own streams. */
async function openTui(opening: Opening): Promise<number> {
  const { runTui } = await import('../tui/main.ts');
  const { stdin, stdout, stderr, env } = process;
  const theme = THEMES.find((each) => each === opening.theme);
  return await runTui({ ...opening, theme, env, stdin, stdout, stderr });
}

/** The bridge to Telegram, which this process becomes. */
function openBridge() {
  return import('../telegram/main.ts');
}

async function runCommand(): Promise<void> {
  const [{ processStops, processTerminal }, { start }, { boot, commandLine, languageOf, looksOf, renderBacktest }] =
    await Promise.all([import('./process.ts'), import('./start.ts'), import('../core/index.ts')]);
  const core = { ...(await commandLine()), boot, languageOf, looksOf, renderBacktest, openTui, openBridge };
  const stops = processStops();
  const terminal = processTerminal(() => stops.stop('SIGPIPE'));
  const early = (code: number): void => {
    if (code === 0) tellEarlyEnd();
  };
  process.on('exit', early);
  let code: number;
  try {
    code = await start(words, terminal, stops, core, version);
  } catch (problem) {
    code = 1;
    const text = problem instanceof Error ? (problem.stack ?? problem.message) : String(problem);
    await terminal.err.write(
      `dzentra: a bug of the program ended this command; please report it\n${core.redact(text)}\n`,
    );
  }
  // Everything is written: what a port still holds open (a socket, a timer) must not keep the process.
  await Promise.all([terminal.out.write(''), terminal.err.write('')]);
  process.off('exit', early);
  process.exit(code);
}

/** A strategy of the user may call `process.exit(0)`: for a script that would be a command that went well. */
function tellEarlyEnd(): void {
  const what = 'a strategy file ended the process (process.exit) before the command was done';
  writeSync(2, `dzentra: ${what}; take that call out\n`);
  process.exitCode = 1;
}
