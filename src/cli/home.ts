import type { Context, EngineClient, Outcome, Ports, TuiInput } from '../core/index.ts';
import type { Look } from './show.ts';
import type { Core } from './start.ts';
import type { Terminal } from './terminal.ts';

/** What the terminal UI is opened with. */
export interface Opening {
  readonly client: EngineClient;
  readonly profile: string;
  readonly version: string;
  boot(): Promise<Ports>;
  readonly locale: 'en' | 'ru';
  readonly zone: { readonly name: string; readonly offsetMinutes: number };
  readonly theme: string | undefined;
  /** Undefined: as the locale of the environment says. */
  readonly ascii: boolean | undefined;
  readonly isScreenReader: boolean | undefined;
  readonly isMouseOn: boolean;
  /** The language was named on the command line. */
  readonly isLocaleGiven: boolean;
  readonly signal: AbortSignal;
}

/** What was said of it on the command line; `feed` and `speed` are for an engine that is started for it. */
export type HomeInput = TuiInput;

export interface Home {
  readonly core: Core;
  readonly context: Context;
  readonly terminal: Terminal;
  readonly look: Look;
}

/**
 * `dzentra` alone. On a terminal the UI of the profile's engine, which is started where none runs, and said so; in a pipe
 * one Auto frame of an engine of its own. Answers an exit code where the UI was open.
 */
export async function home(at: Home, input: HomeInput, help: () => Promise<Outcome>): Promise<Outcome | number> {
  const { core, context, terminal } = at;
  if (context.json) return await help();
  const ports = await context.boot();
  if (core.openTui === undefined || !terminal.out.isTerminal || terminal.ask === undefined) {
    const lines = await ports.frame?.(context.columns);
    if (lines === undefined) return await help();
    return { kind: 'done', data: undefined, blocks: [{ kind: 'text', lines }], notes: [PICTURED] };
  }
  return await openUi(at, ports, input, core.openTui);
}

/** What looks like an account is none. */
const PICTURED =
  'this is the demo, made in this process: no engine was asked; dzentra frame auto shows the one that runs';

async function openUi(
  { core, context, terminal, look }: Home,
  ports: Ports,
  input: HomeInput,
  openTui: (opening: Opening) => Promise<number>,
): Promise<Outcome | number> {
  const flags = { profile: input.profile, language: input.language, theme: input.theme };
  const config = await ports.config.load(flags);
  if ('ok' in config) return { kind: 'refused', refusal: config };
  const profile = ports.engine.profile(input.profile);
  const { speed } = input;
  const engine = await ports.engine.start({ profile, feed: feedText(input.feed), speed }, context.signal);
  if ('ok' in engine) return { kind: 'refused', refusal: engine };
  if (engine.isNew) {
    const told = `the engine of profile ${profile} was started (pid ${engine.pid}); it goes on when this is closed`;
    await terminal.err.write(`${await core.sentence(told, look.locale)}\n`);
  }
  const client = await ports.engine.connect(profile, { role: 'operate', face: 'tui', follow: 'all' });
  if ('ok' in client) return { kind: 'refused', refusal: client };
  try {
    return await openTui({
      client,
      profile,
      version: context.version,
      boot: () => context.boot(),
      locale: config.locale,
      zone: config.zone,
      theme: look.color ? themeOf(config) : 'none',
      ascii: look.ascii || config.ascii ? true : undefined,
      isScreenReader: input.screenReader ? true : undefined,
      isMouseOn: input.mouse,
      isLocaleGiven: input.language !== undefined,
      signal: context.signal,
    });
  } finally {
    client.close();
  }
}

interface Chosen {
  readonly theme: string;
  readonly settings: readonly { readonly key: string; readonly origin: { readonly from: string } }[];
}

/** Undefined where nobody chose one: then the shared setting holds. */
const themeOf = ({ settings, theme }: Chosen): string | undefined =>
  settings.some(({ key, origin }) => key === 'theme' && origin.from !== 'default') ? theme : undefined;

const feedText = (feed: HomeInput['feed']): string | undefined => {
  if (feed === undefined) return undefined;
  if (feed.from === 'file') return `replay:${feed.path}`;
  if (feed.from === 'exchange') return feed.exchange;
  return feed.seed === undefined ? 'synthetic' : `synthetic:${feed.seed}`;
};
