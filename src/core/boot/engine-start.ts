import type { EngineOptions } from '../command/engine.ts';
import { type Refusal, refusal } from '../command/refusal.ts';
import { TOKEN_VARIABLE } from '../config/secrets/token.ts';
import { detach, whyEnded } from './detached.ts';
import { absoluteFeed } from './engine-feed.ts';

/** How long an engine may take until it answers: a warm-up over much history is long. */
const READY_MS = 60_000;
/** What the process prints beside its log: nothing, or why it ended. */
const OUT_FILE = 'engine.out';

/** The words that start the same engine in a process of its own. Nothing secret is among them. */
export function engineWords({ profile, feed, speed, logLevel }: EngineOptions): string[] {
  const option = (flag: string, value: string | number | undefined): string[] =>
    value === undefined ? [] : [flag, `${value}`];
  return [
    'engine',
    'run',
    '--json',
    '--profile',
    profile,
    ...option('--feed', feed === undefined ? undefined : absoluteFeed(feed)),
    ...option('--speed', speed),
    ...option('--log', logLevel),
  ];
}

/**
 * Starts a detached engine and waits until `isReady` answers with its process id, or with that of one that was first.
 * The first error of one that ended is the refusal.
 */
export async function startDetached(
  options: EngineOptions,
  folder: string,
  env: Readonly<Record<string, string | undefined>>,
  isReady: () => Promise<number | Refusal | undefined>,
  signal: AbortSignal,
): Promise<{ readonly isNew: boolean; readonly pid: number } | Refusal> {
  // An engine has no business with the token of the bridge.
  const { [TOKEN_VARIABLE]: _token, ...own } = env;
  const words = engineWords(options);
  const begun = await detach({ words, folder, outFile: OUT_FILE, env: own, isReady, msMax: READY_MS, signal });
  if (begun.is === 'ready') return { isNew: begun.isOwn, pid: begun.pid };
  if (begun.is === 'ended') return whyEnded(begun, { code: 'ENGINE_DIED', expected: 'an engine that starts' });
  return refusal(
    6,
    'ENGINE_SLOW',
    `an engine that answers within ${READY_MS / 1_000} s`,
    `process ${begun.pid ?? '?'} ${signal.aborted ? 'goes on starting' : 'does not yet'}`,
    'dzentra engine status, dzentra engine logs',
  );
}
