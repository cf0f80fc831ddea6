import type { Opening } from '../../src/cli/home.ts';
import { type Core, start } from '../../src/cli/start.ts';
import { createStops, type Stops } from '../../src/cli/stops.ts';
import type { BridgeFace } from '../../src/cli/telegram.ts';
import type { Output, Terminal } from '../../src/cli/terminal.ts';
import * as door from '../../src/core/command/door.ts';
import type { Ports } from '../../src/core/command/ports.ts';
import { localeOf } from '../../src/core/config/locale.ts';
import { stubPorts } from '../core/command/stub-ports.ts';

/** The core's door over ports that answer at once. */
export const coreOf = (ports: Ports = stubPorts()): Core => ({
  ...door,
  boot: () => Promise.resolve(ports),
  languageOf: (env, told) => Promise.resolve(localeOf(told ?? env.DZENTRA_LANGUAGE, env)),
  looksOf: (env) => Promise.resolve({ ascii: env.DZENTRA_ASCII === 'true', theme: env.DZENTRA_THEME }),
  renderBacktest: (_view, columns, { ascii }) =>
    Promise.resolve([`report of ${columns} columns${ascii ? ' in ascii' : ''}`]),
});

export interface Setting {
  readonly ports?: Ports;
  readonly isTerminal?: boolean;
  readonly columns?: number;
  readonly env?: Readonly<Record<string, string>>;
  readonly stops?: Stops;
  /** What a person types at a prompt; undefined: there is nobody. */
  readonly answer?: string;
  /** What a person types unseen, one answer a question. */
  readonly secrets?: readonly string[];
  /** What stands on standard input. */
  readonly input?: string;
  /** What the terminal UI was opened with. */
  readonly onTui?: (opening: Opening) => void;
  /** What stands for the bridge to Telegram. */
  readonly openBridge?: () => Promise<BridgeFace>;
}

export interface Said {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

/** Runs the command line in a process that is not there. */
export async function dzentra(
  line: string,
  {
    ports,
    isTerminal = false,
    columns = 100,
    env = {},
    stops,
    answer,
    secrets,
    input,
    onTui,
    openBridge,
  }: Setting = {},
): Promise<Said> {
  const written = { out: '', err: '' };
  const output = (name: 'out' | 'err'): Output => ({
    isTerminal,
    columns: isTerminal ? columns : undefined,
    write(text) {
      written[name] += text;
      return Promise.resolve();
    },
  });
  let clock = 0;
  let asked = 0;
  const terminal: Terminal = {
    out: output('out'),
    err: output('err'),
    env,
    now: () => (clock += 1_000),
    ask:
      answer === undefined
        ? undefined
        : (question) =>
            output('err')
              .write(question)
              .then(() => answer),
    askSecret:
      secrets === undefined
        ? undefined
        : (question) =>
            output('err')
              .write(question)
              .then(() => secrets[asked++]),
    readInput: () => Promise.resolve(input),
  };
  const openTui = (opening: Opening): Promise<number> => {
    onTui?.(opening);
    return Promise.resolve(0);
  };
  const words = line === '' ? [] : line.split(' ');
  const code = await start(
    words,
    terminal,
    stops ??
      createStops(
        () => {},
        () => {},
      ),
    { ...coreOf(ports), openTui, openBridge },
    '0.1.0',
  );
  return { code, ...written };
}
