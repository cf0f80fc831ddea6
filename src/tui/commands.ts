import {
  type Context,
  type commandLine,
  type EngineClient,
  type Line,
  type Locale,
  type Outcome,
  type Pictures,
  type Ports,
  renderBacktest,
} from './core.ts';
import { harmless } from './model/input.ts';
import type { Hint, Result } from './model/model.ts';

/** The command line as the terminal uses it: the same registry, the same parser, the same outcomes. */
export interface Commands {
  /** Runs words as if they stood behind `dzentra`. It never rejects: a bug is a result, too. */
  run(words: readonly string[], signal: AbortSignal): Promise<Result>;
  /** Ways to go on with a line. */
  hints(text: string): Promise<readonly Hint[]>;
  /** What is wrong with single options of a command, by field. */
  check(
    words: readonly string[],
    options: Readonly<Record<string, readonly string[]>>,
  ): Promise<Record<string, string>>;
}

type CommandLine = Awaited<ReturnType<typeof commandLine>>;

/** What commands run with. */
export interface Surroundings {
  readonly line: CommandLine;
  readonly pictures: Pick<Pictures, 'layout' | 'clean'>;
  readonly client: EngineClient;
  readonly profile: string;
  readonly version: string;
  readonly ascii: boolean;
  /** The language where the settings that every face shares name none, or where it was named for this face. */
  readonly locale?: Locale | undefined;
  readonly isLocaleGiven?: boolean | undefined;
  columns(): number;
  boot(): Promise<Ports>;
}

/** Rows of a command that never ends by itself are cut there. */
const ROWS_MAX = 1_000;

export function createCommands(around: Surroundings): Commands {
  const { line } = around;
  return {
    run: (words, signal) => runWords(around, words, signal),
    async hints(text) {
      return hintsOf(line, text, localeOf(around));
    },
    async check(words, options) {
      const problems: Record<string, string> = {};
      for (const [field, option] of Object.entries(options)) {
        const parsed = await line.parseLine([...words, ...option], line.COMMANDS);
        if (parsed.kind === 'refused' && parsed.refusal.code.startsWith('BAD')) {
          problems[field] = parsed.refusal.expected.replace(/^--\S+ with /, '');
        }
      }
      return problems;
    },
  };
}

/** In this process an engine would end with the terminal, and its output would tear it. */
const isForeground = (words: readonly string[]): boolean =>
  (words[0] === 'engine' && words[1] === 'run') || words.includes('--foreground');

async function runWords(around: Surroundings, words: readonly string[], signal: AbortSignal): Promise<Result> {
  const { line } = around;
  if (isForeground(words)) return told(false, ['this runs in a terminal of its own; here: engine start, auto start']);
  const taken = line.takeFace(words);
  if ('ok' in taken) return refusedResult(taken);
  const rows: Line[] = [];
  try {
    const outcome = await outcomeOf(around, taken.rest, rows, signal);
    return await resultOf(around, outcome, rows);
  } catch (problem) {
    const refusal = line.refusalOf(problem);
    return refusal === undefined
      ? told(false, [problem instanceof Error ? problem.message : String(problem)])
      : refusedResult(refusal);
  }
}

async function outcomeOf(
  around: Surroundings,
  words: readonly string[],
  rows: Line[],
  signal: AbortSignal,
): Promise<Outcome> {
  const { line, profile } = around;
  const context = contextOf(around, rows, signal);
  let parsed = await line.parseLine(words, line.COMMANDS);
  if (parsed.kind === 'command' && 'profile' in parsed.command.options && parsed.input.options.profile === undefined) {
    parsed = await line.parseLine([...words, `--profile=${profile}`], line.COMMANDS);
  }
  if (parsed.kind === 'refused') return { kind: 'refused', refusal: parsed.refusal };
  if (parsed.kind === 'command') return parsed.command.run(context, parsed.input);
  const help = line.COMMANDS.find(({ path }) => path.join(' ') === 'help');
  const { path } = parsed;
  if (help === undefined) throw new Error('expected a help command in the registry, found none');
  return (await help.load()).run(context, { args: { command: path }, options: {} });
}

function contextOf(around: Surroundings, rows: Line[], signal: AbortSignal): Context {
  const push = (text: string): void => {
    if (rows.length < ROWS_MAX) rows.push(textLine(around, text));
  };
  return {
    signal,
    json: false,
    version: around.version,
    locale: localeOf(around),
    columns: around.columns() - 2,
    commands: around.line.COMMANDS,
    face: 'tui',
    boot: async () => shared(await around.boot(), around),
    progress: () => () => undefined,
    row: ({ cells }) => push(textOf(cells)),
    async write(text) {
      for (const part of text.split('\n')) if (part !== '') push(part);
    },
  };
}

function localeOf({ client, locale, isLocaleGiven }: Surroundings): Locale | undefined {
  const shared = client.scene().state.options?.language;
  return isLocaleGiven !== true && (shared === 'en' || shared === 'ru') ? shared : locale;
}

/** Commands attach to the engine through the client that is there. */
function shared(ports: Ports, { client, profile }: Surroundings): Ports {
  const { engine } = ports;
  const lent: EngineClient = {
    picture: client.picture,
    scene: () => client.scene(),
    subscribe: (listener) => client.subscribe(listener),
    ask: (ask, asking) => client.ask(ask, asking),
    preview: (symbol, draft) => client.preview(symbol, draft),
    entries: (query) => client.entries(query),
    watch: (symbols) => client.watch(symbols),
    view: (ui) => client.view(ui),
    report: () => undefined,
    close: () => undefined,
  };
  return {
    ...ports,
    engine: {
      ...engine,
      profile: (given) => engine.profile(given ?? profile),
      connect: async (name, options) =>
        name === profile && client.scene().link === 'up' ? lent : engine.connect(name, options),
    },
  };
}

const textLine = ({ pictures, ascii }: Surroundings, text: string, isBold = false): Line => ({
  spans: [{ text: pictures.clean(text, ascii), tone: 'plain', ...(isBold ? { isBold } : {}) }],
});

function told(isOk: boolean, texts: readonly string[]): Result {
  const lines = texts.map((text): Line => ({ spans: [{ text: harmless(text), tone: isOk ? 'plain' : 'bad' }] }));
  return { isOk, summary: harmless(texts[0] ?? ''), lines };
}

interface Refused {
  readonly code: string;
  readonly expected: string;
  readonly found: string;
  readonly fix: string;
}

/** A refusal with its three words, a line each. */
export function refusedResult({ code, expected, found, fix }: Refused): Result {
  const { lines } = told(false, [code, `expected  ${expected}`, `found     ${found}`, `do        ${fix}`]);
  return { isOk: false, summary: harmless(`${code}: expected ${expected}, found ${found}; ${fix}`), lines };
}

async function resultOf(around: Surroundings, outcome: Outcome, rows: readonly Line[]): Promise<Result> {
  switch (outcome.kind) {
    case 'refused':
      return refusedResult(outcome.refusal);
    case 'timed_out':
      return told(false, [outcome.what, outcome.fix]);
    case 'interrupted': {
      const { lines, summary } = told(true, outcome.saved);
      return { isOk: true, summary, lines: [...rows, ...lines] };
    }
    default: {
      const parts = await Promise.all(outcome.blocks.map((block) => blockLines(around, block)));
      const notes = (outcome.notes ?? []).map((note) => textLine(around, note));
      const lines = [...rows, ...parts.flatMap((part, i) => (i === 0 ? part : [{ spans: [] }, ...part])), ...notes];
      const isOk = outcome.kind === 'done';
      const summary = outcome.blocks.map(sentence).find((text) => text !== '') ?? '';
      return { isOk, summary: around.pictures.clean(summary, around.ascii), lines };
    }
  }
}

type CommandBlock = Extract<Outcome, { kind: 'done' }>['blocks'][number];

/** What a block says in one line: what happened last, the facts, the first line. */
function sentence(block: CommandBlock): string {
  switch (block.kind) {
    case 'table': {
      const last = block.rows.at(-1) ?? [];
      const told = block.columns.findIndex(({ name }) => name === 'text');
      return textOf(told === -1 ? last : last.slice(told, told + 1));
    }
    case 'facts':
    case 'backtest':
      return block.facts.map(({ title, cell }) => `${title} ${cell.text}`).join('  ');
    case 'view':
      return block.view.title;
    case 'text':
    case 'prose':
      return block.lines.find((line) => line.trim() !== '') ?? '';
  }
}

const textOf = (cells: readonly { readonly text: string }[]): string =>
  cells
    .map(({ text }) => text)
    .filter((text) => text !== '')
    .join('  ');

async function blockLines(around: Surroundings, block: CommandBlock): Promise<readonly Line[]> {
  const columns = around.columns() - 2;
  const { ascii } = around;
  if (block.kind === 'view') return around.pictures.layout(block.view, { columns, ascii, isBare: true, isFlat: true });
  if (block.kind === 'backtest') {
    return (await renderBacktest(block.view, columns, { ascii })).map((text) => textLine(around, text));
  }
  const drawn = await around.line.layout(block, columns);
  return drawn.map((spans) => ({
    spans: spans.map(({ text, tone }) => ({
      text: around.pictures.clean(text, ascii),
      tone: tone === 'head' ? 'plain' : tone,
      ...(tone === 'head' ? { isBold: true } : {}),
    })),
  }));
}

const HINTS_MAX = 12;

/** Commands that begin like the line; once a command stands there in full, its options. */
export async function hintsOf(
  { COMMANDS, summaryIn }: Pick<CommandLine, 'COMMANDS' | 'summaryIn'>,
  text: string,
  locale?: Locale,
): Promise<readonly Hint[]> {
  const line = text.trimStart();
  const names = COMMANDS.map(({ path, summary }) => {
    const name = path.join(' ');
    return { text: name, about: summaryIn(locale, name, summary) };
  });
  const whole = COMMANDS.filter(({ path }) => `${line} `.startsWith(`${path.join(' ')} `)).at(-1);
  if (whole === undefined || line === whole.path.join(' ')) {
    return names.filter((hint) => hint.text.startsWith(line)).slice(0, HINTS_MAX);
  }
  const last = /\S*$/.exec(line)?.[0] ?? '';
  if (last !== '' && !last.startsWith('-')) return [];
  const { options } = await whole.load();
  const before = line.slice(0, line.length - last.length);
  return Object.entries(options)
    .map(([name, spec]) => ({
      flag: `--${spec.flag ?? name.replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`)}`,
      spec,
    }))
    .filter(({ flag }) => flag.startsWith(last) && !before.includes(`${flag} `))
    .map(({ flag, spec }) => ({ text: before + flag, about: spec.about }))
    .slice(0, HINTS_MAX);
}
