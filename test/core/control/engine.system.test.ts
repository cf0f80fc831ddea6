import { existsSync, mkdirSync, statSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { describe, expect, onTestFinished, test, vi } from 'vitest';
import { enginePorts } from '../../../src/core/boot/engine.ts';
import { journalPorts } from '../../../src/core/boot/journal.ts';
import { pathsOf } from '../../../src/core/boot/paths.ts';
import type { ConnectOptions, EngineClient, EngineOptions, EngineStatus } from '../../../src/core/command/engine.ts';
import { isRefusal, type Refusal } from '../../../src/core/command/refusal.ts';
import { encode } from '../../../src/core/domain/entry.ts';
import { scratchFolder, writeFiles } from '../../support/scratch.ts';

const NEVER = new AbortController().signal;
const FOLLOW: ConnectOptions = { role: 'operate', face: 'test', follow: 'all' };
const ASKING = { who: 'test', face: 'test' };

/** Engines in folders of their own; what still runs is killed after the test. */
function engines() {
  const home = scratchFolder();
  mkdirSync(join(home, 'run'), { mode: 0o700 });
  const folders = {
    XDG_STATE_HOME: home,
    XDG_CONFIG_HOME: home,
    XDG_DATA_HOME: home,
    XDG_RUNTIME_DIR: join(home, 'run'),
  };
  // A service's user may have no home, or one that it may not enter.
  writeFiles(home, { none: '' });
  vi.stubEnv('HOME', join(home, 'none'));
  onTestFinished(() => void vi.unstubAllEnvs());
  const env = { ...process.env, ...folders };
  const paths = pathsOf(env);
  const ports = enginePorts(paths, env);
  const pids = new Set<number>();
  onTestFinished(async () => {
    for (const pid of pids) {
      if (!isAlive(pid)) continue;
      process.kill(pid, 'SIGKILL');
      await until(() => !isAlive(pid));
    }
  });
  const begin = async (options: EngineOptions) => {
    const started = told(await ports.start(options, NEVER));
    pids.add(started.pid);
    return started;
  };
  const start = async (): Promise<number> => (await begin({ profile: 'demo', speed: 60 })).pid;
  const attach = async (): Promise<EngineClient> => {
    const client = told(await ports.connect('demo', FOLLOW));
    onTestFinished(() => client.close());
    return client;
  };
  return { ports, paths, home, begin, start, attach };
}

function told<T>(answer: T | Refusal): T {
  if (isRefusal(answer)) throw new Error(encode(answer));
  return answer;
}

function isAlive(pid: number): boolean {
  try {
    process.kill(pid, 0);
    return !existsSync(`/proc/${pid}/stat`) || !isZombie(pid);
  } catch {
    return false;
  }
}

/** A detached child that nobody has waited for yet. */
const isZombie = (pid: number): boolean => {
  try {
    return statSync(`/proc/${pid}/cwd`).ino === 0;
  } catch {
    return true;
  }
};

async function until(isSo: () => boolean | Promise<boolean>): Promise<void> {
  while (!(await isSo())) await sleep(20);
}

const stateOf = async (ports: { status(profile: string): Promise<EngineStatus> }): Promise<string> =>
  (await ports.status('demo')).state;

describe('an engine of its own process', () => {
  test('starts once, answers, holds its journal, and frees it when it is stopped', async () => {
    const { ports, paths, start } = engines();
    expect(await stateOf(ports)).toBe('stopped');
    const pid = await start();
    expect(await ports.status('demo')).toMatchObject({ state: 'running', pid });
    expect(await ports.start({ profile: 'demo' }, NEVER)).toEqual({ isNew: false, pid });
    expect(await ports.run({ profile: 'demo' }, NEVER)).toMatchObject({ code: 'ENGINE_RUNS', exit: 3 });
    expect(await ports.reset('demo')).toMatchObject({ code: 'ENGINE_RUNS', exit: 3 });
    const journal = told(await journalPorts(paths).open({ in: 'profile', profile: 'demo' }));
    expect(await journal.complete?.(() => journal.entry(1)?.kind)).toBe('epoch_started');
    journal.close();
    expect(await ports.stop('demo', NEVER)).toEqual({ pid });
    expect(await stateOf(ports)).toBe('stopped');
    expect(await ports.connect('demo', FOLLOW)).toMatchObject({ code: 'NO_ENGINE', exit: 5 });
    expect(await ports.stop('demo', NEVER)).toMatchObject({ code: 'NO_ENGINE', exit: 5 });
  });

  test('is one, however many starts there are at once: those that were late leave nothing behind', async () => {
    const { ports, begin } = engines();
    const starts = await Promise.all([1, 2, 3].map(() => begin({ profile: 'quick' })));
    expect(new Set(starts.map(({ pid }) => pid)).size).toBe(1);
    expect(starts.filter(({ isNew }) => isNew)).toHaveLength(1);
    await ports.stop('quick', NEVER);
    expect(await ports.status('quick')).toMatchObject({ state: 'stopped' });
  });

  test('that cannot start says why, with the exit code of the reason', async () => {
    const { ports, home } = engines();
    const feed = `replay:${join(home, 'none.csv')}`;
    const started = await ports.start({ profile: 'demo', feed }, NEVER);
    expect(started).toMatchObject({ ok: false, exit: 2, found: expect.stringContaining('none.csv') });
  });

  test('killed with an open position: faces are told, and the next start goes on with position, stop and settings', async () => {
    const { ports, start, attach } = engines();
    const pid = await start();
    const client = await attach();
    const run = () => client.scene().state.runs[0];
    const gaps: number[] = [];
    let last = client.scene().state.seq;
    client.subscribe(({ entries }) => {
      for (const { seq } of entries) {
        if (seq !== last + 1) gaps.push(seq);
        last = seq;
      }
    });
    expect(run()?.position?.protection).toBe('working');
    const answer = await client.ask({ do: 'command', command: { name: 'pause_run', run: 1 } }, ASKING);
    expect(answer.ok).toBe(true);
    const before = run();
    process.kill(pid, 'SIGKILL');
    await until(() => client.scene().link === 'lost');
    expect(await stateOf(ports)).toBe('stopped');
    const next = await start();
    expect(next).not.toBe(pid);
    await until(() => client.scene().link === 'up');
    const { position, state, risk } = run() ?? {};
    expect({ state, risk }).toEqual({ state: 'PAUSED', risk: before?.risk });
    expect(position?.qty).toBe(before?.position?.qty);
    expect(position?.stopPrice).toBe(before?.position?.stopPrice);
    expect(client.scene().state.epoch).toBe(2);
    expect(gaps).toEqual([]);
  });

  test('that is stopped by a signal keeps its lock, is told as silent, and goes on when it may', async () => {
    const { ports, start } = engines();
    const pid = await start();
    process.kill(pid, 'SIGSTOP');
    expect(await ports.status('demo')).toEqual({ state: 'silent', profile: 'demo', pid });
    expect(await ports.start({ profile: 'demo' }, NEVER)).toMatchObject({
      code: 'ENGINE_SILENT',
      found: expect.stringContaining(`${pid}`),
    });
    process.kill(pid, 'SIGCONT');
    await until(async () => (await stateOf(ports)) === 'running');
    expect(await ports.stop('demo', NEVER)).toEqual({ pid });
  });

  test('goes on where a strategy fails in a timer or a promise of its own, and says where', async () => {
    const { ports, home, start, attach } = engines();
    const fails = ["setTimeout(() => { throw new Error('timer') });", "Promise.reject(new Error('promise'));"];
    const strategy = `const fails = [() => { ${fails[0]} }, () => { ${fails[1]} }];
export default (kit) => kit.define({
  name: 'astray', version: 1, title: 'Astray', about: 'Fails beside its candles.', params: {},
  votes: () => [{ name: 'one', weight: 1, about: 'it' }], values: [], confirmations: () => 1,
  warmup: () => ({ bars: 1, higherBars: 0 }), timeframes: () => ({ own: 'feed' }),
  create: () => ({ close({ closeAt }) { if (closeAt > 1e12) fails.pop()?.(); } }),
});
`;
    writeFiles(home, { 'astray.mjs': strategy });
    const pid = await start();
    const client = await attach();
    const file = join(home, 'astray.mjs');
    const run = { strategy: file, params: {}, symbol: 'ETH/USDT:USDT', seed: 1, observe: true };
    expect(await client.ask({ do: 'start', start: run }, ASKING)).toMatchObject({ ok: true });
    const notes = (): string => JSON.stringify(client.scene().system?.errors);
    await until(() => notes().includes('timer') && notes().includes('promise'));
    expect(notes()).toContain(`${file}:1: Error: timer`);
    expect(await ports.status('demo')).toMatchObject({ state: 'running', pid });
  });
});
