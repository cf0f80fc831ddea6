import type { DebugPorts, DebugSession } from '../../../src/core/command/ports.ts';
import { refusal } from '../../../src/core/command/refusal.ts';

/** A line for each debug command. */
export const DEBUG_LINES: readonly string[] = [
  'debug start',
  'debug stop',
  'debug reset',
  'debug state',
  'debug save sandbox.json',
  'debug watch',
  'debug run story.txt',
  'debug price 60000',
  'debug candle 60000 60100 59900 60050',
  'debug quote 59999 60001',
  'debug set leverage=3',
  'debug signal buy',
  'debug long',
  'debug short',
  'debug flip',
  'debug close',
  'debug hit-stop',
  'debug hit-target',
  'debug hit-max-loss',
  'debug block-margin',
  'debug step',
  'debug wait 60000',
  'debug play 2',
  'debug pause',
  'debug resume',
  'debug panic',
  'debug lift',
];

const BEGUN: DebugSession = {
  v: 1,
  symbol: 'BTC/USDT:USDT',
  balance: '10000',
  stepMs: 60_000,
  feed: null,
  candles: [],
  lines: ['price 60000'],
};

export interface StubDebug extends DebugPorts {
  readonly session: DebugSession | undefined;
  readonly written: Readonly<Record<string, string>>;
}

/** A sandbox that is kept in memory; every line fits what was done before it. */
export function stubDebug({
  lines = BEFORE,
  isEnabled = true,
  script = 'price 60000\nlong\nstep\n',
}: {
  readonly lines?: readonly string[] | null;
  readonly isEnabled?: boolean;
  readonly script?: string;
} = {}): StubDebug {
  let session: DebugSession | undefined = lines === null ? undefined : { ...BEGUN, lines };
  const written: Record<string, string> = {};
  return {
    isEnabled,
    written,
    get session() {
      return session;
    },
    load: () => Promise.resolve(session),
    store(next) {
      session = next;
      return Promise.resolve();
    },
    read: () => Promise.resolve(script),
    write(path, text) {
      written[path] = text;
      return Promise.resolve(undefined);
    },
    candles: (feed) =>
      Promise.resolve(
        feed.startsWith('replay')
          ? refusal(2, 'NO_FILE', 'a file', feed, 'name one')
          : {
              rows: [60_000, 60_100, 60_200].map((price, i) => [i, price, price, price, price, 1] as const),
              stepMs: 60_000,
            },
      ),
    onChange: () => () => {},
  };
}

/** What a line of these needs before it. */
const NEEDS: Readonly<Record<string, readonly string[]>> = {
  'debug long': ['price 60000'],
  'debug hit-max-loss': ['set max-loss=5', 'price 60000', 'long', 'step'],
  'debug block-margin': ['price 60000'],
  'debug resume': ['pause'],
  'debug lift': ['price 60000', 'panic'],
};
export const debugFor = (line: string): StubDebug => stubDebug({ lines: NEEDS[line] ?? BEFORE });

/** A long with its stop and target. */
const BEFORE: readonly string[] = ['price 60000', 'long', 'step'];
