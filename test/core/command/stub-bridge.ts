import { refusal } from '../../../src/core/command/refusal.ts';
import {
  type BridgeMemory,
  type BridgePerson,
  type BridgePorts,
  type BridgeStore,
  NO_MEMORY,
} from '../../../src/core/command/telegram/ports.ts';
import { bridgeRuns } from '../../../src/core/command/telegram/refusals.ts';

/** A token that Telegram never gave; a canary: nothing that is printed may hold it. */
export const TOKEN = '700000001:CANARY-canary_CANARY-canary_CANARY1';

export const OPERATOR: BridgePerson = {
  user: 42,
  chat: 42,
  role: 'operator',
  name: 'Ann',
  isGroup: false,
  pairedAt: 1_746_338_400_000,
};
export const VIEWER: BridgePerson = { ...OPERATOR, user: 43, chat: -100, role: 'viewer', name: 'Bob', isGroup: true };

export const PAIRED: BridgeMemory = {
  ...NO_MEMORY,
  bot: { id: 7, username: 'desk_bot' },
  nextUpdate: 5,
  people: [OPERATOR, VIEWER],
  screens: [{ chat: -100, message: 9, ui: {}, askedAt: 1 }],
  sending: [{ alert: 3, nth: 1, chat: -100 }],
};

export interface StubBridgeOptions {
  readonly memory?: BridgeMemory;
  readonly isRunning?: boolean;
}

/** A bridge that keeps its memory in this process; tests look at it with `look`. */
export function stubBridge(options: StubBridgeOptions = {}, changes: Partial<BridgePorts> = {}): BridgePorts {
  let { memory = PAIRED, isRunning = false } = options;
  const open = (): BridgeStore => ({
    get memory() {
      return memory;
    },
    change(change) {
      memory = change(memory);
      return Promise.resolve();
    },
    close: () => Promise.resolve(),
  });
  return {
    settings: () => Promise.resolve({ api: 'https://api.telegram.org', groups: false, raisesRisk: false }),
    token: () => Promise.resolve({ token: TOKEN, from: 'config/telegram/demo.token' }),
    given: (text) =>
      Promise.resolve(
        text.trim() === TOKEN ? { token: TOKEN } : refusal(2, 'BAD_TOKEN', 'a token', 'none', 'copy it once more'),
      ),
    keepToken: () => Promise.resolve({ file: 'config/telegram/demo.token' }),
    open: (profile) => Promise.resolve(isRunning ? bridgeRuns(profile, 4712) : open()),
    look: () => Promise.resolve(memory),
    status: (profile) =>
      Promise.resolve(isRunning ? { state: 'running', profile, pid: 4712 } : { state: 'stopped', profile }),
    start() {
      const isNew = !isRunning;
      isRunning = true;
      return Promise.resolve({ isNew, pid: 4712 });
    },
    stop() {
      isRunning = false;
      return Promise.resolve({ pid: 4712 });
    },
    log: () => Promise.resolve({ info() {}, warn() {}, error() {}, close: () => Promise.resolve() }),
    ...changes,
  };
}
