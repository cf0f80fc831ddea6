import type { EnginePorts } from '../command/engine.ts';
import { isRefusal, type Refusal } from '../command/refusal.ts';
import { ControlError } from '../control/control-error.ts';
import type { Serving } from '../control/server.ts';
import { CLOCKS } from '../control/socket.ts';
import { BUILD } from './build.ts';
import type { EngineSetup } from './config.ts';
import { writeCard } from './engine-card.ts';
import { absoluteFeed } from './engine-feed.ts';
import { refusalOfControl } from './engine-refusal.ts';
import type { AskedExchange } from './exchange-ask.ts';
import { type Ended, HERE, type OpenedHost, openHost } from './host.ts';
import { UNPRINTED } from './log.ts';
import { configFileOf, type Paths } from './paths.ts';
import { strategyFiles } from './strategies.ts';
import { tellStrays } from './strategy-file.ts';
import { startWebhook, webhookTarget } from './webhook.ts';

/** The engine in this process: opens the journal with its lock, then the socket, and trades until it is told to end. */
export async function runEngine(
  { options, ceilings, webhook }: EngineSetup,
  asked: AskedExchange | undefined,
  paths: Paths,
  socket: string,
  signal: AbortSignal,
  onReady: Parameters<EnginePorts['run']>[2],
): Promise<Ended | Refusal> {
  const target = webhook === undefined ? undefined : await webhookTarget(webhook, configFileOf(paths));
  if (target !== undefined && isRefusal(target)) {
    await asked?.rest.close();
    return target;
  }
  const opened = await openHost(options, paths, { ...HERE, signal }, ceilings, asked);
  if (!('host' in opened)) return opened;
  const { host, folder, log } = opened;
  const end = new AbortController();
  let serving: Serving;
  try {
    // Loaded last: an exchange is asked without it.
    const { serve } = await import('../control/server.ts');
    serving = await serve(host, {
      socketPath: socket,
      build: BUILD,
      pid: process.pid,
      view: async (scene, ui) => (await screens()).viewOf(scene, ui),
      now: CLOCKS.now,
      every,
      onError(problem) {
        log.error('a client could not be served', { error: problem });
        opened.note('A client could not be served: dzentra engine logs.');
      },
      // The answer goes out first.
      onShutdown: () => setImmediate(() => end.abort('shutdown')),
    });
  } catch (problem) {
    opened.close();
    if (problem instanceof ControlError) return refusalOfControl(problem);
    throw problem;
  }
  const { profile: _profile, feed, ...given } = options;
  // The next start may stand elsewhere.
  writeCard(folder, { pid: process.pid, socket, options: { ...given, feed: feed && absoluteFeed(feed) } });
  log.info('the engine answers', { socket, build: BUILD });
  const unprinted = (why: string): void => log.warn(UNPRINTED, { why });
  onReady?.({ pid: process.pid, socket, feed: host.scene().feed, unprinted });
  // An update may replace the program beneath the engine, and faces of the new version are who asks for its views.
  for (const load of [screens, strategyFiles]) void load().catch(() => undefined);
  if (target !== undefined) {
    const sink = startWebhook(host, target, { note: (text) => opened.note(text) });
    end.signal.addEventListener('abort', () => void sink.close(), { once: true });
  }
  return await untilEnd(opened, serving, signal, end);
}

const screens = () => import('../view/screens.ts');

async function untilEnd(
  opened: OpenedHost,
  serving: Serving,
  signal: AbortSignal,
  end: AbortController,
): Promise<Ended> {
  const told = (): void => end.abort(signal.reason);
  if (signal.aborted) told();
  else signal.addEventListener('abort', told, { once: true });
  const leaveStrays = tellStrays((text) => opened.note(text), opened.log);
  // Faces see the link go before the journal closes: none is answered from a closed one.
  end.signal.addEventListener('abort', () => void serving.close(), { once: true });
  try {
    return await opened.run(end.signal);
  } finally {
    leaveStrays();
    signal.removeEventListener('abort', told);
    await serving.close();
  }
}

function every(ms: number, run: () => void): () => void {
  const timer = setInterval(run, ms);
  return () => clearInterval(timer);
}
