import type { BacktestView, Context, Outcome, ParsedLine, Ports } from '../core/index.ts';
import { createProgressBar, type ProgressBar } from './progress.ts';
import { type Look, showOutcome, showRefusal } from './show.ts';
import type { Stops } from './stops.ts';
import { columnsOf, paint, type Terminal, wantsColor } from './terminal.ts';

/** What the core has to know of the process. */
export interface Host {
  readonly env: Readonly<Record<string, string | undefined>>;
  readonly version: string;
}

/** What the command line needs of the core's door. */
export interface Core extends Awaited<ReturnType<typeof import('../core/index.ts').commandLine>> {
  boot(host: Host): Promise<Ports>;
  renderBacktest(view: BacktestView, columns: number, style: { readonly ascii: boolean }): Promise<readonly string[]>;
}

/** Reads the words, runs the command, shows its outcome; answers the exit code. */
export async function start(
  words: readonly string[],
  terminal: Terminal,
  stops: Stops,
  core: Core,
  version: string,
): Promise<number> {
  const taken = core.takeFace(words);
  if ('ok' in taken) {
    await showRefusal(terminal, { json: words.includes('--json') }, taken);
    return taken.exit;
  }
  const { face, rest } = taken;
  const progress = createProgressBar(terminal, core.progressLine);
  const context = contextOf({ terminal, stops, core, version, face, progress });
  const outcome = await ending(core, async () =>
    rest.length === 0 ? home(core, context, terminal) : run(await core.parseLine(rest, core.COMMANDS), context),
  );
  progress.clear();
  await showOutcome(core, terminal, face, outcome);
  return core.exitOf(outcome, stops.by);
}

async function run(line: ParsedLine, context: Context): Promise<Outcome> {
  if (line.kind === 'refused') return { kind: 'refused', refusal: line.refusal };
  if (line.kind === 'command') return await line.command.run(context, line.input);
  return await help(context, line.path);
}

/** Help is a command like any other, so that `--json` shows it as data. */
async function help(context: Context, path: readonly string[]): Promise<Outcome> {
  const command = context.commands.find((each) => each.path.join(' ') === 'help');
  if (command === undefined) throw new Error('expected a help command in the registry, found none');
  return await (await command.load()).run(context, { args: { command: path }, options: {} });
}

/** The words that `dzentra` alone stands for on a terminal: the demo, trading on the simulated market. */
const DEMO: readonly string[] = ['auto', 'start', '--foreground', '--print', 'all'];
const DEMO_TOLD =
  'Paper trading on the built-in SIMULATED market, SIM x60. Ctrl-C ends it; the same again goes on from there.\n';

/** `dzentra` alone: on a terminal the demo trades until Ctrl-C; in a pipe one Auto frame of an engine of its own. */
async function home(core: Core, context: Context, terminal: Terminal): Promise<Outcome> {
  if (context.json) return await help(context, []);
  if (terminal.out.isTerminal) {
    await terminal.err.write(DEMO_TOLD);
    return await run(await core.parseLine(DEMO, core.COMMANDS), context);
  }
  const ports = await context.boot();
  const lines = await ports.frame?.(context.columns);
  return lines === undefined
    ? await help(context, [])
    : { kind: 'done', data: undefined, blocks: [{ kind: 'text', lines }] };
}

/** A file or a journal that cannot be used throws with the three words of a refusal; anything else is a bug. */
async function ending(core: Core, work: () => Promise<Outcome>): Promise<Outcome> {
  try {
    return await work();
  } catch (problem) {
    const refusal = core.refusalOf(problem);
    if (refusal === undefined) throw problem;
    return { kind: 'refused', refusal };
  }
}

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
    json: face.json,
    version,
    columns: columnsOf(terminal, face.columns),
    commands: core.COMMANDS,
    boot() {
      ports ??= core.boot({ env: terminal.env, version });
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

  function rowText(cells: Parameters<Core['tabs']>[0], data: unknown): string {
    if (face.json) return JSON.stringify(data);
    if (!terminal.out.isTerminal) return core.tabs(cells);
    return paint(
      cells.map(({ text, tone }, i) => ({ text: i === 0 ? text : `  ${text}`, tone: tone ?? 'plain' })),
      color,
    );
  }
}
