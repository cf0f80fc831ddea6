import { commandLine } from '../core.ts';

type CommandLine = Awaited<ReturnType<typeof commandLine>>;
type Parsed = Extract<Awaited<ReturnType<CommandLine['parseLine']>>, { kind: 'command' }>;

/** Words that are a command of the registry with what it takes. */
export interface ParsedCommand extends Parsed {
  /** `auto stop`. */
  readonly name: string;
  /** As they were given, without flags that say how a terminal shows an outcome. */
  readonly words: readonly string[];
}

/** Reads words as the command line does. Undefined: a wish for help, or a mistake; the line itself tells of both. */
export async function readWords(words: readonly string[]): Promise<ParsedCommand | undefined> {
  const { takeFace, parseLine, COMMANDS } = await commandLine();
  const taken = takeFace(words);
  if ('ok' in taken) return undefined;
  const parsed = await parseLine(taken.rest, COMMANDS);
  if (parsed.kind !== 'command') return undefined;
  return { ...parsed, name: parsed.command.path.join(' '), words: taken.rest };
}

/** Words with options behind them, in front of a `--` that ends all options. */
export function withOptions(words: readonly string[], options: readonly string[]): readonly string[] {
  const at = words.indexOf('--');
  const end = at === -1 ? words.length : at;
  return [...words.slice(0, end), ...options, ...words.slice(end)];
}
