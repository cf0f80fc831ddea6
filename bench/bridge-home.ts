import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { setTimeout as sleep } from 'node:timers/promises';
import type { Client } from '../src/core/control/client.ts';
import { type BotApiStandIn, startBotApi } from '../test/support/bot-api.ts';
import type { FloodLimits } from '../test/support/bot-api-floods.ts';
import type { Person } from '../test/support/bot-api-user.ts';
import { ended, freshHome, type Home, LAUNCHER, minded, startEngine } from './engine-process.ts';

const PROFILE = 'bridge';
export const SCREENS = ['auto', 'market', 'portfolio', 'risk'];
/** A chat takes a message a second. */
const PACE_MS = 1_100;

/** An engine, a bridge with paired people, and the Bot API that it talks to: two processes beside this one. */
export interface BridgeHome {
  readonly api: BotApiStandIn;
  readonly people: readonly Person[];
  /** Follows all entries; attached before the bridge is. */
  readonly client: Client;
  readonly pid: number;
  /** A file in the home. */
  write(name: string, text: string): string;
  /** Runs a command line to its end. */
  run(words: readonly string[]): Promise<void>;
  close(): Promise<void>;
}

export interface BridgeHomeOptions {
  readonly name: string;
  /** How fast market time passes. */
  readonly speed: number;
  readonly chats: number;
  readonly limits?: FloodLimits;
}

export async function openBridge({ name, speed, chats, limits }: BridgeHomeOptions): Promise<BridgeHome> {
  const api = await startBotApi(limits === undefined ? {} : { limits });
  const fresh = freshHome(name);
  const env: NodeJS.ProcessEnv = { ...fresh.env, DZENTRA_KEYRING: 'off', DZENTRA_TELEGRAM_TOKEN: api.token };
  const home = { ...fresh, env };
  const write = (file: string, text: string): string => {
    const folder = join(env.XDG_CONFIG_HOME ?? '', 'dzentra');
    mkdirSync(folder, { recursive: true, mode: 0o700 });
    writeFileSync(join(folder, file), text, { mode: 0o600 });
    return join(folder, file);
  };
  write('config.toml', `[telegram]\napi = "${api.url}"\n`);
  const engine = await startEngine(home, PROFILE, speed);
  const client = await engine.attach('operate', 'all');
  const people = Array.from({ length: chats }, (_, nth) => api.user(42 + nth));
  for (const person of people) await pair(home, person);
  const bridge = begin(home, ['telegram', 'run', '--json', '--profile', PROFILE]);
  await event(bridge, 'ready');
  return {
    api,
    people,
    client,
    pid: bridge.pid ?? 0,
    write,
    async run(words) {
      const child = begin(home, [...words, '--profile', PROFILE]);
      const [code] = (await once(child, 'exit')) as [number | null];
      if (code !== 0) throw new Error(`expected exit 0 of ${words.join(' ')}, found ${code}`);
    },
    async close() {
      await ended(bridge);
      client.close();
      await engine.end();
      await api.close();
    },
  };
}

/** Four live screens in each chat. */
export async function openScreens({ api, people }: BridgeHome): Promise<void> {
  for (const screen of SCREENS) {
    for (const person of people) {
      const { message } = person.say(`/${screen}`);
      await api.waitFor(screen, () => person.chat.messages.some(({ id, text }) => id > message && /as of/.test(text)));
      await sleep(PACE_MS);
    }
  }
}

const begin = ({ env }: Pick<Home, 'env'>, words: readonly string[]) =>
  minded(spawn(process.execPath, [LAUNCHER, ...words], { env, stdio: ['ignore', 'pipe', 'ignore'] }));

async function pair(home: Home, person: Person): Promise<void> {
  const child = begin(home, ['telegram', 'pair', '--json', '--profile', PROFILE]);
  const exit = once(child, 'exit');
  const { code } = await event(child, 'code');
  person.say(String(code));
  await exit;
}

/** The line of `--json` that tells of an event. */
async function event(child: ChildProcess, name: string): Promise<Readonly<Record<string, unknown>>> {
  if (child.stdout === null) throw new Error('bench: expected a process whose output is read');
  for await (const line of createInterface({ input: child.stdout })) {
    const told = JSON.parse(line) as Readonly<Record<string, unknown>>;
    if (told.event !== name) continue;
    child.stdout.resume();
    return told;
  }
  throw new Error(`expected ${name}, found the end, exit ${child.exitCode}`);
}
