import type { Ask, Asking } from '../../domain/ask.ts';
import type { Locale } from '../../view/language.ts';
import type { Line } from '../../view/view.ts';
import { takeFace } from '../argv/face.ts';
import { type ParsedLine, parseLine } from '../argv/parse.ts';
import { type Context, nameOf } from '../command.ts';
import type { EngineClient } from '../engine.ts';
import { type Outcome, outcomeOfThrown } from '../outcome.ts';
import type { Ports } from '../ports.ts';
import { isRefusal } from '../refusal.ts';
import { COMMANDS } from '../registry.ts';
import { type Hint, hintsOf } from './hints.ts';
import { type Painting, type Result, refusedResult, resultOf, textLine, textOf, toldResult } from './result.ts';

/** Who asks, and under which id: called for each ask that a command makes of the engine. It may refuse by throwing. */
export type Stamp = (asking: Asking, ask: Ask) => Asking;

/** The command line as a face uses it that is a screen already: the same registry, the same parser, the same outcomes. */
export interface FaceLine {
  /** Runs words as if they stood behind `dzentra`. It never rejects: a bug is a result, too. */
  run(words: readonly string[], signal: AbortSignal, stamp?: Stamp): Promise<Result>;
  /** Ways to go on with a line. */
  hints(text: string): Promise<readonly Hint[]>;
  /** What is wrong with single options of a command, by field. */
  check(
    words: readonly string[],
    options: Readonly<Record<string, readonly string[]>>,
  ): Promise<Record<string, string>>;
}

/** What commands run with. */
export interface FaceSurroundings extends Painting {
  readonly face: 'tui' | 'telegram';
  /** The client that is attached already: commands of its profile use it. */
  readonly client: EngineClient;
  readonly profile: string;
  readonly version: string;
  /** The language where the settings that every face shares name none, or where it was named for this face. */
  readonly locale?: Locale | undefined;
  readonly isLocaleGiven?: boolean | undefined;
  boot(): Promise<Ports>;
}

/** Rows of a command that never ends by itself are cut there. */
const ROWS_MAX = 1_000;

/** What gets a person out of the market. */
const WAYS_OUT: ReadonlySet<string> = new Set(['panic', 'trade close', 'auto stop', 'auto pause', 'orders cancel']);

/** The command line of a face over an engine that it is attached to. */
export function createFaceLine(options: FaceSurroundings): FaceLine {
  // A face lives for days, and an update may replace the program beneath it: what loads later may be of another version.
  for (const command of COMMANDS) if (WAYS_OUT.has(nameOf(command))) void command.load().catch(() => undefined);
  return {
    run: (words, signal, stamp) => runWords(options, words, signal, stamp),
    hints: (text) => hintsOf(COMMANDS, text, localeOf(options)),
    async check(words, given) {
      const problems: Record<string, string> = {};
      for (const [field, option] of Object.entries(given)) {
        const parsed = await parseLine([...words, ...option], COMMANDS).catch(() => undefined);
        if (parsed?.kind === 'refused' && parsed.refusal.code.startsWith('BAD')) {
          problems[field] = parsed.refusal.expected.replace(/^--\S+ with /, '');
        }
      }
      return problems;
    },
  };
}

/** In this process an engine would end with the face, and its output would tear it. */
const isForeground = (line: ParsedLine): boolean =>
  line.kind === 'command' && (nameOf(line.command) === 'engine run' || line.input.options.foreground === true);

async function runWords(
  options: FaceSurroundings,
  words: readonly string[],
  signal: AbortSignal,
  stamp: Stamp | undefined,
): Promise<Result> {
  const taken = takeFace(words);
  if (isRefusal(taken)) return await refusedResult(options, taken, localeOf(options));
  const rows: Line[] = [];
  try {
    const parsed = await parsedLine(options, taken.rest);
    if (isForeground(parsed)) {
      return toldResult(options, false, ['this runs in a terminal of its own; here: engine start, auto start']);
    }
    const outcome = await outcomeOf(parsed, contextOf(options, rows, signal, stamp));
    return await resultOf(options, outcome, rows, localeOf(options));
  } catch (problem) {
    const outcome = outcomeOfThrown(problem, signal);
    return outcome === undefined
      ? toldResult(options, false, [problem instanceof Error ? problem.message : String(problem)])
      : await resultOf(options, outcome, rows, localeOf(options));
  }
}

/** Words of the profile that this face is attached to, where they name none. */
async function parsedLine({ profile }: FaceSurroundings, words: readonly string[]): Promise<ParsedLine> {
  const parsed = await parseLine(words, COMMANDS);
  if (parsed.kind === 'command' && 'profile' in parsed.command.options && parsed.input.options.profile === undefined) {
    // In front of `--`: what stands behind it is no option.
    const at = words.indexOf('--');
    const end = at === -1 ? words.length : at;
    return await parseLine([...words.slice(0, end), `--profile=${profile}`, ...words.slice(end)], COMMANDS);
  }
  return parsed;
}

async function outcomeOf(parsed: ParsedLine, context: Context): Promise<Outcome> {
  if (parsed.kind === 'refused') return { kind: 'refused', refusal: parsed.refusal };
  if (parsed.kind === 'command') return parsed.command.run({ ...context, words: parsed.words }, parsed.input);
  const help = COMMANDS.find(({ path }) => path.join(' ') === 'help');
  const { path } = parsed;
  if (help === undefined) throw new Error('Invariant: the registry has a command help');
  return (await help.load()).run(context, { args: { command: path }, options: {} });
}

function contextOf(options: FaceSurroundings, rows: Line[], signal: AbortSignal, stamp: Stamp | undefined): Context {
  const push = (text: string): void => {
    if (rows.length < ROWS_MAX) rows.push(textLine(options, text));
  };
  return {
    signal,
    json: false,
    version: options.version,
    locale: localeOf(options),
    columns: options.columns() - 2,
    commands: COMMANDS,
    face: options.face,
    boot: async () => lent(await options.boot(), options, stamp),
    progress: () => () => undefined,
    row: ({ cells }) => push(textOf(cells)),
    async write(text) {
      for (const part of text.split('\n')) if (part !== '') push(part);
    },
  };
}

function localeOf({ client, locale, isLocaleGiven }: FaceSurroundings): Locale | undefined {
  const shared = client.scene().state.options?.language;
  return isLocaleGiven !== true && (shared === 'en' || shared === 'ru') ? shared : locale;
}

/** Commands attach to the engine through the client that is there; any other engine is asked under the same stamp. */
function lent(ports: Ports, { client, profile }: FaceSurroundings, stamp: Stamp = (asking) => asking): Ports {
  const { engine } = ports;
  const stamped = (other: EngineClient, close: () => void): EngineClient => ({
    picture: other.picture,
    scene: () => other.scene(),
    subscribe: (listener) => other.subscribe(listener),
    ask: async (ask, asking) => await other.ask(ask, stamp(asking, ask)),
    preview: (symbol, draft) => other.preview(symbol, draft),
    entries: (query) => other.entries(query),
    watch: (symbols) => other.watch(symbols),
    view: (ui) => other.view(ui),
    report: () => undefined,
    close,
  });
  return {
    ...ports,
    engine: {
      ...engine,
      profile: (given) => engine.profile(given ?? profile),
      async connect(name, connecting) {
        if (name === profile && client.scene().link === 'up') return stamped(client, () => undefined);
        const other = await engine.connect(name, connecting);
        return isRefusal(other) ? other : stamped(other, () => other.close());
      },
    },
  };
}
