import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { createInterface } from 'node:readline';
import { onTestFinished } from 'vitest';
import { expectNoLeak } from './canary.ts';
import { ROOT } from './checkout.ts';
import { type Home, openHome } from './profile.ts';

/** A home whose bot is at a Bot API server of this machine. Nothing here blocks: the server may live in this process. */
export interface BridgeHome extends Home {
  readonly token: string;
  /** Runs a command line to its end. */
  run(line: string, options?: RunOptions): Promise<Ended>;
  /** Starts `telegram run`; resolves when it polls. */
  bridge(): Promise<BridgeProcess>;
  /** Starts `telegram run` and waits for nothing: for who ends it before it polls. */
  launch(): Omit<BridgeProcess, 'pid'>;
  /** Starts `telegram pair`, hands the code to whoever sends it to the bot, and resolves when it is paired. */
  pair(send: (code: string) => void, flags?: string): Promise<void>;
}

export interface RunOptions {
  readonly input?: string;
  readonly env?: Readonly<Record<string, string>>;
}

export interface Ended {
  readonly code: number | null;
  readonly out: string;
  readonly err: string;
}

export interface BridgeProcess {
  readonly pid: number;
  /** Ends it, by SIGKILL unless another signal is told; resolves with its exit code. */
  end(signal?: NodeJS.Signals): Promise<number | null>;
  /** What it printed so far. */
  said(): string;
}

const LAUNCHER = join(ROOT, 'bin/dzentra.js');

export interface BridgeHomeOptions {
  /** Address of the Bot API. */
  readonly api: string;
  readonly token: string;
  readonly profile: string;
  /** Lines for `[telegram]` of the configuration. */
  readonly config?: string;
}

export function openBridgeHome({ api, token, profile, config = '' }: BridgeHomeOptions): BridgeHome {
  process.env.DZENTRA_KEYRING = 'off';
  const home = openHome(profile);
  onTestFinished(() => expectNoLeak(dirname(home.env.XDG_STATE_HOME ?? ''), token));
  const folder = join(home.env.XDG_CONFIG_HOME ?? '', 'dzentra');
  mkdirSync(folder, { recursive: true, mode: 0o700 });
  writeFileSync(join(folder, 'config.toml'), `[telegram]\napi = "${api}"\n${config}`, { mode: 0o600 });
  const env = { ...process.env, ...home.env, DZENTRA_TELEGRAM_TOKEN: token };
  const run = `telegram run --json --profile ${profile}`;
  const begin = (line: string, more: RunOptions = {}): ChildProcess => {
    const child = spawn(process.execPath, [LAUNCHER, ...line.split(' ')], {
      env: { ...env, ...more.env },
      stdio: ['pipe', 'pipe', 'pipe'],
    });
    child.stdin?.end(more.input ?? '');
    onTestFinished(async () => void (await endOf(child, 'SIGKILL')));
    return child;
  };
  return {
    ...home,
    token,
    run: (line, options) => ended(begin(line, options)),
    bridge: () => running(begin(run)),
    launch() {
      const child = begin(run);
      return bound(child, heard(child));
    },
    async pair(send, flags = '') {
      const child = begin(`telegram pair --json --profile ${profile}${flags}`);
      const told = heard(child);
      send((await event(child, told, 'code')).code);
      await event(child, told, 'paired');
      await endOf(child);
    },
  };
}

interface Heard {
  readonly lines: string[];
  out: string;
  changed(): Promise<unknown>;
}

function heard(child: ChildProcess): Heard {
  const waiting: (() => void)[] = [];
  const told: Heard = {
    lines: [],
    out: '',
    changed: () => new Promise<void>((resolve) => waiting.push(resolve)),
  };
  const wake = (): void => {
    for (const each of waiting.splice(0)) each();
  };
  const hear = (text: string): void => {
    told.out += text;
  };
  child.stderr?.setEncoding('utf8').on('data', hear);
  if (child.stdout !== null) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      hear(`${line}\n`);
      told.lines.push(line);
      wake();
    });
  }
  child.once('close', wake);
  return told;
}

/** The line of `--json` that tells of an event. */
// biome-ignore lint/suspicious/noExplicitAny: what is read is checked where it is used.
async function event(child: ChildProcess, told: Heard, name: string): Promise<any> {
  for (;;) {
    const line = told.lines.find((each) => each.includes(`"event":"${name}"`));
    if (line !== undefined) return JSON.parse(line);
    if (child.exitCode !== null || child.signalCode !== null) {
      throw new Error(`expected ${name}, found the end, exit ${child.exitCode}: ${told.out}`);
    }
    await told.changed();
  }
}

async function running(child: ChildProcess): Promise<BridgeProcess> {
  const told = heard(child);
  const { pid } = await event(child, told, 'ready');
  return { pid, ...bound(child, told) };
}

const bound = (child: ChildProcess, told: Heard): Omit<BridgeProcess, 'pid'> => ({
  end: (signal = 'SIGKILL') => endOf(child, signal),
  said: () => told.out,
});

async function ended(child: ChildProcess): Promise<Ended> {
  const texts = { out: '', err: '' };
  child.stdout?.setEncoding('utf8').on('data', (text: string) => {
    texts.out += text;
  });
  child.stderr?.setEncoding('utf8').on('data', (text: string) => {
    texts.err += text;
  });
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, ...texts };
}

async function endOf(child: ChildProcess, signal?: NodeJS.Signals): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode;
  const exit = once(child, 'exit');
  if (signal !== undefined) child.kill(signal);
  await exit;
  return child.exitCode;
}
