import { chmodSync, mkdirSync, writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { onTestFinished } from 'vitest';
import { pathsOf } from '../../src/core/boot/paths.ts';
import { bridgePorts } from '../../src/core/boot/telegram.ts';
import type { Ports } from '../../src/core/command/ports.ts';
import { type BridgeMemory, type BridgePerson, NO_MEMORY } from '../../src/core/command/telegram/ports.ts';
import type { BridgeOptions, PairOptions } from '../../src/telegram/options.ts';
import { stubPorts } from '../core/command/stub-ports.ts';
import { type BotApiStandIn, startBotApi } from '../support/bot-api.ts';
import { expectNoLeak } from '../support/canary.ts';
import { scratchFolder } from '../support/scratch.ts';

export const PROFILE = 'night';

/** A user's folders with a Bot API of his own, and what was said to him. */
export interface BridgeHome {
  readonly api: BotApiStandIn;
  readonly ports: Ports;
  readonly said: string[];
  readonly codes: string[];
  /** `telegram.json`, the token, the log. */
  readonly files: Readonly<Record<'memory' | 'token' | 'log', string>>;
  options(more?: Partial<PairOptions>): PairOptions;
  memory(): Promise<BridgeMemory | undefined>;
}

export interface Furnished {
  readonly people?: readonly BridgePerson[];
  readonly memory?: Partial<BridgeMemory>;
  /** Undefined: none is kept. */
  readonly token?: string | undefined;
  readonly toml?: string;
  readonly env?: Readonly<Record<string, string>>;
  readonly ports?: Partial<Ports>;
}

export const ANN: BridgePerson = { user: 42, chat: 42, role: 'operator', name: 'Ann', isGroup: false, pairedAt: 1 };

export async function bridgeHome(furnished: Furnished = {}): Promise<BridgeHome> {
  const api = await startBotApi();
  onTestFinished(api.close);
  const home = scratchFolder();
  onTestFinished(() => expectNoLeak(home, api.token));
  const own = { XDG_STATE_HOME: join(home, 's'), XDG_CONFIG_HOME: join(home, 'c'), DZENTRA_KEYRING: 'off' };
  const env = { ...own, ...furnished.env };
  const files = {
    memory: join(home, 's/dzentra', PROFILE, 'telegram.json'),
    token: join(home, 'c/dzentra/telegram', `${PROFILE}.token`),
    log: join(home, 's/dzentra', PROFILE, 'telegram.log'),
  };
  write(join(home, 'c/dzentra/config.toml'), `[telegram]\napi = "${api.url}"\n${furnished.toml ?? ''}`);
  if ('token' in furnished ? furnished.token !== undefined : true) write(files.token, furnished.token ?? api.token);
  const { people = [], memory = {} } = furnished;
  if (people.length > 0) write(files.memory, JSON.stringify({ ...NO_MEMORY, people, ...memory }));
  const bridge = bridgePorts(pathsOf(env), env);
  const ports = stubPorts({ bridge, ...furnished.ports });
  const said: string[] = [];
  const codes: string[] = [];
  const options = (more: Partial<PairOptions> = {}): PairOptions => ({
    ...({ profile: PROFILE, version: '0.1.0', locale: 'en', ports } satisfies Partial<BridgeOptions>),
    signal: AbortSignal.timeout(60_000),
    onReady: ({ line }) => void said.push(line),
    say: (line) => void said.push(line),
    role: 'operator',
    isGroup: false,
    isTokenNew: false,
    onCode: ({ code }) => void codes.push(code),
    ...more,
  });
  return { api, ports, said, codes, files, options, memory: () => bridge.look(PROFILE) };
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true, mode: 0o700 });
  writeFileSync(path, text, { mode: 0o600 });
  chmodSync(path, 0o600);
}
