import { renameSync } from 'node:fs';
import { userInfo } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import {
  type ConnectOptions,
  type EngineOptions,
  type EnginePorts,
  type EngineStatus,
  silentFix,
} from '../command/engine.ts';
import { isRefusal, type Refusal, refusal } from '../command/refusal.ts';
import { bridgeRuns } from '../command/telegram/refusals.ts';
import type { Client } from '../control/client.ts';
import { ControlError } from '../control/control-error.ts';
import { connect } from '../control/socket.ts';
import { isThere } from '../platform/folder.ts';
import { BUILD } from './build.ts';
import { readCard, socketPath } from './engine-card.ts';
import { feedMisfit } from './engine-feed.ts';
import { refusalOfControl } from './engine-refusal.ts';
import { logFileOf, type Paths, profileFolder } from './paths.ts';

type Environment = Readonly<Record<string, string | undefined>>;

/** How long an engine may take to save and to free its journal. */
const STOP_MS = 30_000;
const LOOK_MS = 25;
/** How long an engine that somebody else just started may take until it answers. */
const OTHER_MS = 10_000;

/** Engines of this user, by profile: found by their sockets, started as processes of their own. */
export function enginePorts(paths: Paths, env: Environment): Omit<EnginePorts, 'profile' | 'logFile'> {
  const folderOf = (profile: string): string => profileFolder(paths, profile);
  const isUsualState = env.XDG_STATE_HOME === undefined;
  const ownSocket = (profile: string): string => socketPath(paths, profile, isUsualState);
  const attach = (profile: string, options: ConnectOptions): Promise<Client | ControlError> =>
    attachTo(() => readCard(folderOf(profile))?.socket ?? ownSocket(profile), options);
  /** The process that answers, none, or why a socket that somebody holds gives no answer. */
  const pidOf = async (profile: string): Promise<number | Refusal | undefined> => {
    const client = await attach(profile, LOOK);
    if (client instanceof ControlError) {
      return client.code === 'NO_ENGINE' ? undefined : await whyNone(folderOf(profile), profile, client);
    }
    client.close();
    return client.engine.pid;
  };
  /** The card is there before a socket answers. */
  const misfitOf = (options: EngineOptions): Refusal | undefined =>
    feedMisfit(options, readCard(folderOf(options.profile))?.options.feed);
  const already = (options: EngineOptions, pid: number) => misfitOf(options) ?? ({ isNew: false, pid } as const);
  return {
    async misfit(options) {
      if (options.feed === undefined) return undefined;
      return typeof (await pidOf(options.profile)) === 'number' ? misfitOf(options) : undefined;
    },
    async connect(profile, options) {
      const client = await attach(profile, options);
      return client instanceof ControlError ? await whyNone(folderOf(profile), profile, client) : client;
    },
    async start(options, signal) {
      const running = await pidOf(options.profile);
      if (running !== undefined) return typeof running === 'number' ? already(options, running) : running;
      const folder = folderOf(options.profile);
      const [{ startDetached }, { answering }] = await Promise.all([
        import('./engine-start.ts'),
        import('./detached.ts'),
      ]);
      const look = (): Promise<number | Refusal | undefined> => pidOf(options.profile);
      const begun = await startDetached(asBefore(options, folder), folder, env, look, signal);
      if (!isRefusal(begun)) return begun.isNew ? begun : already(options, begun.pid);
      // Somebody else started one at the same time: it may not answer yet.
      const other = IN_USE.has(begun.code) ? await answering(look, OTHER_MS, signal) : undefined;
      return typeof other === 'number' ? already(options, other) : begun;
    },
    async run(options, signal, onReady) {
      const running = await pidOf(options.profile);
      if (running !== undefined) return typeof running === 'number' ? alreadyRuns(options.profile, running) : running;
      const { engineConfig } = await import('./config.ts');
      const full = await engineConfig(paths, env, asBefore(options, folderOf(options.profile)));
      if (isRefusal(full)) return full;
      // An exchange is asked first: it answers while the engine is loaded.
      const { askExchange } = await import('./exchange-ask.ts');
      const asked = await askExchange(full.options.feed, { paths, env, signal });
      if (isRefusal(asked)) return asked;
      const { runEngine } = await import('./engine-run.ts');
      return await runEngine(full, asked, paths, ownSocket(options.profile), signal, onReady);
    },
    async stop(profile, signal) {
      const client = await attach(profile, { ...LOOK, role: 'operate' });
      if (client instanceof ControlError) return await whyNone(folderOf(profile), profile, client);
      const pid = await client.shutdown();
      client.close();
      return (await untilFree(folderOf(profile), signal)) ? { pid } : tooSlow(pid);
    },
    status: async (profile) => await statusOf(profile, folderOf(profile), await attach(profile, LOOK)),
    async logLines(profile, count) {
      const file = logFileOf(paths, profile);
      if (!isThere(file)) return refusal(2, 'NO_LOG', `a log of profile ${profile}`, 'none', startFix(profile));
      return (await import('./engine-log.ts')).lastLines(file, count);
    },
    followLog: async (profile, signal, onLine) =>
      (await import('./engine-log.ts')).followLines(logFileOf(paths, profile), signal, onLine),
    reset: (profile) => reset(profile, folderOf(profile)),
  };
}

const IN_USE: ReadonlySet<string> = new Set(['JOURNAL_IN_USE', 'ENGINE_RUNS']);

const alreadyRuns = (profile: string, pid: number): Refusal =>
  refusal(3, 'ENGINE_RUNS', `no engine of profile ${profile}`, `process ${pid} runs it`, 'dzentra engine status');

const LOOK: ConnectOptions = { role: 'read', face: 'cli', follow: 'one' };

async function attachTo(socket: () => string, options: ConnectOptions): Promise<Client | ControlError> {
  try {
    return await connect(socket, { ...options, build: BUILD, who: userName() });
  } catch (problem) {
    if (problem instanceof ControlError) return problem;
    throw problem;
  }
}

/** A container may run a user that has no name. */
function userName(): string {
  try {
    return userInfo().username;
  } catch {
    return `${process.geteuid?.() ?? 'user'}`;
  }
}

/** What is not given is as it was when the profile was started last: a restart goes on with the feed that it had. */
function asBefore(options: EngineOptions, folder: string): EngineOptions {
  const before = readCard(folder)?.options ?? {};
  const { profile, feed = before.feed, speed = before.speed, logLevel = before.logLevel } = options;
  return { profile, feed, speed, logLevel };
}

type Holder = { readonly isHeld: false } | { readonly isHeld: true; readonly pid: number | undefined };

/** Who holds the journal of a folder, without waiting for it. */
async function holderOf(folder: string): Promise<Holder> {
  if (!isThere(folder)) return { isHeld: false };
  const [{ lockForReading }, { JournalError }] = await Promise.all([
    import('../journal/lock.ts'),
    import('../journal/error.ts'),
  ]);
  try {
    lockForReading(folder, 0).release();
    return { isHeld: false };
  } catch (problem) {
    if (!(problem instanceof JournalError) || problem.code !== 'IN_USE') throw problem;
    return { isHeld: true, pid: problem.pid };
  }
}

/** Nobody answers: because none runs, or because the one that holds the journal does not. */
async function whyNone(folder: string, profile: string, problem: ControlError): Promise<Refusal> {
  const holder = await holderOf(folder);
  if (holder.isHeld) {
    const { pid } = holder;
    const found = `process ${pid ?? '?'} holds its journal and answers no face: it starts, hangs, or trades in a terminal`;
    return refusal(5, 'ENGINE_SILENT', `an engine of profile ${profile} that answers`, found, silentFix(pid));
  }
  if (problem.code !== 'NO_ENGINE' && problem.code !== 'TIMED_OUT') return refusalOfControl(problem);
  return refusal(5, 'NO_ENGINE', `an engine of profile ${profile}`, 'none runs', startFix(profile));
}

const startFix = (profile: string): string => `dzentra engine start --profile ${profile}`;

async function statusOf(profile: string, folder: string, client: Client | ControlError): Promise<EngineStatus> {
  if (client instanceof ControlError) {
    const holder = await holderOf(folder);
    return holder.isHeld ? { state: 'silent', profile, pid: holder.pid } : { state: 'stopped', profile, folder };
  }
  const { picture } = client;
  const { pid } = client.engine;
  const scene = client.scene();
  client.close();
  return { state: 'running', profile, pid, socket: readCard(folder)?.socket ?? '', scene, picture };
}

/** Waits until the journal is free; false where that takes too long. */
async function untilFree(folder: string, signal: AbortSignal): Promise<boolean> {
  for (let waited = 0; waited < STOP_MS && !signal.aborted; waited += LOOK_MS) {
    if (!(await holderOf(folder)).isHeld) return true;
    await sleep(LOOK_MS);
  }
  return false;
}

const tooSlow = (pid: number): Refusal =>
  refusal(
    6,
    'TIMED_OUT',
    `an end within ${STOP_MS / 1_000} s`,
    `process ${pid} still runs`,
    `dzentra engine logs; ${silentFix(pid)}`,
  );

/** Moves the folder of a profile aside, named by the instant. */
async function reset(profile: string, folder: string): Promise<{ readonly kept: string } | Refusal> {
  if (!isThere(folder)) {
    return refusal(2, 'NO_JOURNAL', `a journal of profile ${profile}`, 'none', startFix(profile));
  }
  const holder = await holderOf(folder);
  if (holder.isHeld) {
    const found = `process ${holder.pid ?? '?'} holds its journal`;
    return refusal(
      3,
      'ENGINE_RUNS',
      `no engine of profile ${profile}`,
      found,
      `dzentra engine stop --profile ${profile}`,
    );
  }
  const { bridgeHolder, moveMemory } = await import('./telegram-store.ts');
  const bridge = bridgeHolder(folder);
  if (bridge.isHeld) return bridgeRuns(profile, bridge.pid);
  const kept = `${folder}.${new Date().toISOString().replace(/[-:]|\.\d+/g, '')}`;
  renameSync(folder, kept);
  // Who is paired has nothing to do with the money of a profile.
  await moveMemory(kept, folder);
  return { kept };
}
