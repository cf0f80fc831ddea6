import { nearest, suggestion } from '../../strategy/nearest.ts';
import { type AnyCommand, flagOf, type Input, nameOf, type RegisteredCommand, type Specs } from '../command.ts';
import { type Refusal, refusal, shown } from '../refusal.ts';
import { FACE_FLAGS, valueUnwanted } from './face.ts';
import { argWord, type OptionSpec } from './spec.ts';

/** A command with its input, a wish for help, or why neither can be. */
export type ParsedLine =
  /** `words`: the command with what was given, whatever the order of its options. */
  | { readonly kind: 'command'; readonly command: AnyCommand; readonly input: Input; readonly words: readonly string[] }
  | { readonly kind: 'help'; readonly path: readonly string[] }
  | { readonly kind: 'refused'; readonly refusal: Refusal };

const refused = (why: Refusal): ParsedLine => ({ kind: 'refused', refusal: why });

/** Reads words as a person typed them (argv, a slash command) against the registry. Options of a face are taken off before. */
export async function parseLine(words: readonly string[], commands: readonly RegisteredCommand[]): Promise<ParsedLine> {
  const path = leading(words);
  const command = commands
    .filter((each) => each.path.every((word, i) => path[i] === word))
    .sort((a, b) => b.path.length - a.path.length)[0];
  const end = words.indexOf('--');
  const wantsHelp = words.slice(0, end === -1 ? words.length : end).some((word) => word === '--help' || word === '-h');
  if (wantsHelp) return command === undefined ? helpOf(path, commands) : { kind: 'help', path: command.path };
  const behind = await behindOptions(words, command?.path ?? path, commands);
  if (behind !== undefined) return behind;
  if (command === undefined) return group(words, path, commands);
  return readInput(await command.load(), words.slice(command.path.length));
}

/** Commands that go on from some of their words and whose other words stand somewhere behind those. */
const namedAfter = (words: readonly string[], path: readonly string[], commands: readonly RegisteredCommand[]) =>
  commands.filter(
    (each) =>
      each.path.length > path.length &&
      path.every((word, i) => each.path[i] === word) &&
      each.path.slice(path.length).every((word) => words.includes(word, path.length)),
  );

/** `auto --profile demo stop`: the command whose own options stand before the last of its words. */
async function behindOptions(
  words: readonly string[],
  path: readonly string[],
  commands: readonly RegisteredCommand[],
): Promise<ParsedLine | undefined> {
  const first = words[path.length];
  if (first === undefined || !isFlag(first)) return undefined;
  for (const each of namedAfter(words, path, commands)) {
    const command = await each.load();
    const at = endOfOptions(command, words, path.length);
    const verb = command.path.slice(path.length);
    if (!verb.every((word, i) => words[at + i] === word)) continue;
    return readInput(command, [...words.slice(path.length, at), ...words.slice(at + verb.length)]);
  }
  return undefined;
}

/** Where the options of a command end that begin at a word; a word that is none of them ends them. */
function endOfOptions(command: AnyCommand, words: readonly string[], from: number): number {
  let at = from;
  for (let word = words[at]; word !== undefined && isFlag(word); word = words[at]) {
    const [flag = ''] = word.split('=');
    const found = lookUp(command, flag);
    if (found === undefined) return at;
    at += word.includes('=') || !takesNext(found, words[at + 1]) ? 1 : 2;
  }
  return at;
}

function leading(words: readonly string[]): readonly string[] {
  const end = words.findIndex((word) => word.startsWith('-'));
  return end === -1 ? words : words.slice(0, end);
}

/** `dzentra journal` alone shows what the noun offers; with options and no command of its own nothing was meant by it. */
function group(words: readonly string[], path: readonly string[], commands: readonly RegisteredCommand[]): ParsedLine {
  const isGroup = commands.some(
    (each) => each.path.length > path.length && path.every((word, i) => each.path[i] === word),
  );
  if (!isGroup) return refused(unknownCommand(path, commands));
  if (words.length === path.length) return { kind: 'help', path };
  const [meant] = namedAfter(words, path, commands);
  const noun = path.join(' ');
  const fix =
    meant === undefined
      ? `see: dzentra help ${noun}`.trimEnd()
      : `write the options after the command: ${nameOf(meant)}`;
  const expected = noun === '' ? 'a command' : `a command of ${noun}`;
  return refused(refusal(2, 'UNKNOWN_COMMAND', expected, shown(words.slice(path.length).join(' ')), fix));
}

function helpOf(path: readonly string[], commands: readonly RegisteredCommand[]): ParsedLine {
  const known = commands.some((each) => path.every((word, i) => each.path[i] === word));
  return known ? { kind: 'help', path } : refused(unknownCommand(path, commands));
}

/** The nearest command: of the same noun where the noun is known, of all others else. */
export function unknownCommand(path: readonly string[], commands: readonly RegisteredCommand[]): Refusal {
  const noun = commands.filter((each) => each.path.length > 1 && each.path[0] === path[0]);
  const given = shown(path.slice(0, 2).join(' '));
  if (noun.length > 0) {
    const fix = suggestion(
      path[1] ?? '',
      noun.map((each) => each.path[1] as string),
    );
    const full = fix.startsWith('did') ? fix.replace('mean ', `mean ${path[0]} `) : fix;
    return refusal(2, 'UNKNOWN_COMMAND', `a command of ${path[0]}`, given, full);
  }
  const [word = ''] = path;
  const nouns = [...new Set(commands.map((each) => each.path[0] as string))];
  const near = nearest(word, nouns);
  const fix = near === undefined ? (byVerb(word, commands) ?? suggestion(word, nouns)) : `did you mean ${near}?`;
  return refusal(2, 'UNKNOWN_COMMAND', 'a command', given, fix);
}

/** `stop`: the verb of some nouns, and none is said. Nobody means the sandbox of debug. */
function byVerb(word: string, commands: readonly RegisteredCommand[]): string | undefined {
  const meant = commands.filter(({ path: [noun, verb] }) => verb !== undefined && noun !== 'debug');
  const verb = nearest(
    word,
    meant.map(({ path }) => path[1] as string),
  );
  const names = meant.filter(({ path }) => path[1] === verb).map(nameOf);
  return names.length === 0 ? undefined : `did you mean ${names.join(', or ')}?`;
}

/** What was given, before any of it is read. */
interface Given {
  readonly positional: string[];
  readonly options: Map<string, string[]>;
}

function readInput(command: AnyCommand, words: readonly string[]): ParsedLine {
  const given = collect(command, words);
  if ('ok' in given) return refused(given);
  const extra = given.positional.length - Object.keys(command.args).length;
  const takesAll = Object.values(command.args).some((spec) => spec.repeated);
  if (extra > 0 && !takesAll) return refused(tooMany(command, given.positional));
  const args = readArgs(command, given.positional);
  if (!args.ok) return refused(args.refusal);
  const options = readAll(
    command.options,
    (name) => given.options.get(name) ?? [],
    (name, spec) => `--${flagOf(name, spec)}`,
  );
  if (!options.ok) return refused(options.refusal);
  const input = { args: args.values, options: options.values };
  return { kind: 'command', command, input, words: wordsOf(command, given) };
}

function wordsOf(command: AnyCommand, { positional, options }: Given): readonly string[] {
  const flags = [...options].flatMap(([name, texts]) => {
    const spec = command.options[name] as OptionSpec;
    return texts.map((each) => `--${flagOf(name, spec)}=${each}`);
  });
  return [...command.path, ...positional, ...flags.sort()];
}

function tooMany(command: AnyCommand, positional: readonly string[]): Refusal {
  const count = Object.keys(command.args).length;
  const most = count === 0 ? 'no argument' : `at most ${count} ${count === 1 ? 'argument' : 'arguments'}`;
  const expected = `${most} after ${nameOf(command)}`;
  return refusal(
    2,
    'EXTRA_ARGUMENT',
    expected,
    shown(positional[count] ?? ''),
    'leave it out, or write its flag before it',
  );
}

function collect(command: AnyCommand, words: readonly string[]): Given | Refusal {
  const given: Given = { positional: [], options: new Map() };
  for (let i = 0; i < words.length; i++) {
    const word = words[i] as string;
    if (word === '--') {
      given.positional.push(...words.slice(i + 1));
      break;
    }
    if (!isFlag(word)) {
      given.positional.push(word);
      continue;
    }
    const taken = takeOption(command, word, words[i + 1], given.options);
    if (typeof taken !== 'number') return taken;
    i += taken;
  }
  return given;
}

/** `-1%` is a value that somebody hoped for, not a flag. */
const isFlag = (word: string): boolean => /^--?[A-Za-z]/.test(word);

/** Files an option; answers how many words its value took. */
function takeOption(
  command: AnyCommand,
  word: string,
  next: string | undefined,
  options: Map<string, string[]>,
): number | Refusal {
  const equals = word.indexOf('=');
  const flag = equals === -1 ? word : word.slice(0, equals);
  const attached = equals === -1 ? undefined : word.slice(equals + 1);
  const found = lookUp(command, flag);
  if (found === undefined) return unknownFlag(command, flag);
  const { name, spec, negated } = found;
  if (negated && attached !== undefined) return valueUnwanted(word);
  const isNext = attached === undefined && takesNext(found, next);
  const known = options.get(name) ?? [];
  if (known.length > 0 && !spec.repeated)
    return refusal(2, 'OPTION_TWICE', `${flag} once`, 'it twice', 'keep one of them');
  options.set(name, known);
  if (spec.type === 'switch') {
    const given = isNext ? next : attached;
    known.push(negated ? 'false' : (given ?? 'true'));
    return isNext ? 1 : 0;
  }
  const value = attached ?? next;
  if (value === undefined || (attached === undefined && isFlag(value))) {
    return refusal(
      2,
      'VALUE_MISSING',
      `${flag} with ${spec.expects}`,
      `no value after ${flag}`,
      `${flag} ${spec.example}`,
    );
  }
  known.push(value);
  return isNext ? 1 : 0;
}

/** A flag of a command; `negated`: a switch that is taken back by `--no-`. */
interface Found {
  readonly name: string;
  readonly spec: OptionSpec;
  readonly negated: boolean;
}

/** Whether the word behind a flag is its value. A switch stands alone, but for the one word that it may take. */
const takesNext = ({ spec, negated }: Found, next: string | undefined): boolean =>
  spec.type !== 'switch' || (!negated && next !== undefined && next === spec.word);

function lookUp(command: AnyCommand, flag: string): Found | undefined {
  for (const [name, spec] of Object.entries(command.options)) {
    if (flag === `--${flagOf(name, spec)}`) return { name, spec, negated: false };
    if (spec.type === 'switch' && flag === `--no-${flagOf(name, spec)}`) return { name, spec, negated: true };
  }
  return undefined;
}

function unknownFlag(command: AnyCommand, flag: string): Refusal {
  const flags = Object.entries(command.options).map(([name, spec]) => flagOf(name, spec));
  const expected = flags.length === 0 ? `no flag after ${nameOf(command)}` : `a flag of ${nameOf(command)}`;
  const near = nearest(flag.replace(/^-+/, ''), [...flags, ...FACE_FLAGS]);
  const fix = near === undefined ? `see: dzentra help ${nameOf(command)}` : `did you mean --${near}?`;
  return refusal(2, 'UNKNOWN_OPTION', expected, shown(flag), fix);
}

type ReadValues = { ok: true; values: Record<string, unknown> } | { ok: false; refusal: Refusal };

function readArgs(command: AnyCommand, positional: readonly string[]): ReadValues {
  const names = Object.keys(command.args);
  const textsOf = (name: string): readonly string[] => {
    const at = names.indexOf(name);
    return command.args[name]?.repeated === true ? positional.slice(at) : positional.slice(at, at + 1);
  };
  return readAll(command.args, textsOf, argWord);
}

function readAll(
  specs: Specs,
  textsOf: (name: string) => readonly string[],
  label: (name: string, spec: OptionSpec) => string,
): ReadValues {
  const values: Record<string, unknown> = {};
  for (const [name, spec] of Object.entries(specs)) {
    const texts = textsOf(name);
    const told = label(name, spec);
    if (texts.length === 0 && spec.required) {
      const fix = told.startsWith('--') ? `${told} ${spec.example}` : `give it, such as ${spec.example}`;
      return { ok: false, refusal: refusal(2, 'OPTION_MISSING', `${told}, ${spec.expects}`, 'nothing', fix) };
    }
    const reading = spec.read(texts);
    if (!reading.ok) return { ok: false, refusal: badOption(told, spec, texts, reading) };
    values[name] = reading.value;
  }
  return { ok: true, values };
}

function badOption(
  told: string,
  spec: OptionSpec,
  texts: readonly string[],
  reading: { readonly expected?: string | undefined; readonly fix?: string | undefined },
): Refusal {
  const expected = `${told} with ${reading.expected ?? spec.expects}`;
  // A switch takes its value behind = alone.
  const flag = told.startsWith('--') ? `${told}${spec.type === 'switch' ? '=' : ' '}` : '';
  const found = texts.map((each) => shown(each)).join(' ');
  return refusal(2, 'BAD_OPTION', expected, found, `${flag}${reading.fix ?? spec.example}`);
}
