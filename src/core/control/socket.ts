import { dirname } from 'node:path';
import type { Plug } from './channel.ts';
import { Client, type ClientOptions } from './client.ts';
import { ControlError, noEngine } from './control-error.ts';
import { checkSocketFolder } from './folder.ts';
import { OUTBOUND_BYTES_MAX } from './protocol.ts';
import { openWire } from './wire.ts';

/** As long as the greeting after it may take: an engine that is busy (a slow disk, a loaded machine) is none that hangs. */
const OPEN_MS = 5_000;

/**
 * Opens a connection to the socket of an engine.
 * @throws {ControlError} `NO_ENGINE` where nobody listens, `TIMED_OUT` where nobody answers, `UNSAFE_FOLDER`.
 */
export async function dial(path: string): Promise<Plug> {
  try {
    checkSocketFolder(dirname(path));
  } catch (problem) {
    throw problem instanceof ControlError ? problem : noEngine(`no socket at ${path}`);
  }
  try {
    return await openWire(path, OPEN_MS, OUTBOUND_BYTES_MAX);
  } catch (problem) {
    throw notOpened(path, problem as NodeJS.ErrnoException);
  }
}

function notOpened(path: string, problem: NodeJS.ErrnoException): ControlError {
  if (problem.code === 'ENOENT') return noEngine(`no socket at ${path}`);
  if (problem.code === 'ECONNREFUSED') return noEngine(`a socket that nobody listens on: ${path}`);
  const expected = 'an engine that answers';
  const fix = 'dzentra engine status; an engine that hangs must be killed before another one starts';
  return new ControlError('TIMED_OUT', { expected, found: problem.message, fix }, { cause: problem });
}

/** What a process gives to its clients. */
export type Attaching = Pick<ClientOptions, 'role' | 'face' | 'follow' | 'isWhole' | 'build' | 'who'>;

/**
 * Attaches to the engine that listens at `path`, which is looked up anew for each try. With `follow: 'all'` a lost link is tried again by itself.
 * @throws {ControlError} where none answers.
 */
export async function connect(path: string | (() => string), options: Attaching): Promise<Client> {
  const dialNow = (): Promise<Plug> => dial(typeof path === 'string' ? path : path());
  const client = new Client({ ...options, ...CLOCKS }, dialNow);
  await client.greet(await dialNow());
  return client;
}

/** Clocks of this process, in one place. */
export const CLOCKS: Pick<ClientOptions, 'now' | 'after' | 'random'> = {
  now: () => Date.now(),
  after(ms, run) {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
  random: () => Math.random(),
};
