import type { Context, Outcome, ParsedLine, Ports, Refusal } from '../core/index.ts';
import { type Look, showOutcome } from './show.ts';
import type { Core } from './start.ts';
import type { Terminal } from './terminal.ts';

/** How a part of the bridge came to an end: its exit code, sentences, or why it was not carried out. */
interface End {
  readonly code: number;
  readonly lines: readonly string[];
  readonly refusal?: Refusal | undefined;
  readonly data?: Readonly<Record<string, unknown>> | undefined;
}

interface Starting {
  readonly profile: string;
  readonly version: string;
  readonly locale: 'en' | 'ru';
  readonly ports: Ports;
  readonly signal: AbortSignal;
  onReady(ready: { readonly pid: number; readonly bot: string; readonly line: string }): void;
  say(line: string): void;
}

interface Pairing extends Starting {
  readonly role: 'viewer' | 'operator';
  readonly isGroup: boolean;
  readonly isTokenNew: boolean;
  readonly askSecret?: Terminal['askSecret'];
  readonly readInput?: Terminal['readInput'];
  onCode(shown: { readonly code: string; readonly bot: string; readonly until: number }): void;
}

/** The bridge, once it is loaded. */
export interface BridgeFace {
  runBridge(options: Starting): Promise<End>;
  testBridge(options: Starting): Promise<End>;
  pairBridge(options: Pairing): Promise<End>;
}

export interface BridgeLine {
  readonly core: Core;
  readonly context: Context;
  readonly terminal: Terminal;
  readonly look: Look;
  openBridge(): Promise<BridgeFace>;
}

type Command = Extract<ParsedLine, { kind: 'command' }>;

/** Commands that only the bridge itself can carry out: the core knows no face. */
export const isBridgeLine = (line: ParsedLine): line is Command =>
  line.kind === 'command' && /^telegram (run|pair|test)$/.test(line.command.path.join(' '));

/** Carries out `telegram run`, `pair` or `test` in this process; answers the outcome, or the exit code of what was shown. */
export async function bridgeLine(at: BridgeLine, { command, input }: Command): Promise<Outcome | number> {
  const { core, context, terminal, look } = at;
  const ports = await context.boot();
  const { profile: given, ...options } = input.options as PairInput;
  const profile = ports.engine.profile(given);
  const verb = command.path[1] as 'run' | 'pair' | 'test';
  const { schema } = command;
  const face = await at.openBridge();
  const end = await endOf(at, face, verb, { profile, schema, ports, options });
  if (end.refusal !== undefined) return { kind: 'refused', refusal: end.refusal };
  const data = end.data === undefined ? undefined : { schema, profile, ...end.data };
  // A service manager that ends the bridge is no fault of anybody's.
  const isPolite = verb === 'run' && context.signal.reason !== 'SIGINT';
  if (context.signal.aborted && !isPolite) return { kind: 'interrupted', saved: end.lines, data };
  await showOutcome(core, terminal, look, { kind: 'done', data, blocks: [{ kind: 'text', lines: end.lines }] });
  return end.code;
}

interface PairInput {
  readonly profile?: string | undefined;
  readonly role?: 'viewer' | 'operator' | undefined;
  readonly group?: boolean | undefined;
  readonly newToken?: boolean | undefined;
}

interface Ask {
  readonly profile: string;
  readonly schema: string;
  readonly ports: Ports;
  readonly options: Omit<PairInput, 'profile'>;
}

function endOf(at: BridgeLine, face: BridgeFace, verb: 'run' | 'pair' | 'test', ask: Ask): Promise<End> {
  const { context } = at;
  const starting = startingOf(at, ask);
  if (verb === 'run') return face.runBridge(starting);
  if (verb === 'test') return face.testBridge(starting);
  const { role = 'operator', group: isGroup = false, newToken: isTokenNew = false } = ask.options;
  const { askSecret, readInput } = context;
  const { schema, profile } = ask;
  return face.pairBridge({
    ...starting,
    role,
    isGroup,
    isTokenNew,
    askSecret,
    readInput,
    onCode({ code, bot, until }) {
      const data = { schema, profile, event: 'code', bot, code, until, people: [] };
      context.row({ cells: [{ value: code, text: `   ${code}` }], data });
    },
  });
}

function startingOf({ context, terminal }: BridgeLine, { profile, schema, ports }: Ask): Starting {
  return {
    profile,
    version: context.version,
    locale: context.locale ?? 'en',
    ports,
    signal: context.signal,
    onReady({ pid, bot, line }) {
      const data = { schema, profile, event: 'ready', pid, bot, saved: [] };
      context.row({ cells: [{ value: line, text: line }], data });
    },
    say: (line) => void terminal.err.write(`${line}\n`),
  };
}
