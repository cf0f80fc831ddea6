import { describe, expect, test } from 'vitest';
import type { EngineStatus } from '../../../src/core/command/engine.ts';
import { exitOf, type Outcome } from '../../../src/core/command/outcome.ts';
import { type Refusal, refusal } from '../../../src/core/command/refusal.ts';
import { stubEngine } from './stub-engine.ts';
import { runLine, stubPorts } from './stub-ports.ts';

const NONE = refusal(5, 'NO_ENGINE', 'an engine of profile demo', 'none runs', 'dzentra engine start --profile demo');
const dataOf = (outcome: Outcome): unknown => ('data' in outcome ? outcome.data : undefined);
const engineOf = (given: Partial<ReturnType<typeof stubEngine>['ports']>) =>
  stubPorts({ engine: { ...stubEngine().ports, ...given } });

describe('engine status', () => {
  const status = (given: EngineStatus) => engineOf({ status: () => Promise.resolve(given) });

  test('of one that runs tells its process, its feed and what its runs hold', async () => {
    const engine = stubEngine();
    engine.act((debug) => debug.long());
    engine.act((debug) => debug.price(60_000));
    const client = await engine.ports.connect('demo', { role: 'read', face: 'test', follow: 'one' });
    if ('exit' in client) throw new Error(client.code);
    const ports = status({ state: 'running', profile: 'demo', pid: 12, socket: '/run/x.sock', scene: client.scene() });
    const { outcome } = await runLine('engine status', ports);
    expect(exitOf(outcome)).toBe(0);
    expect(dataOf(outcome)).toMatchObject({
      state: 'running',
      pid: 12,
      runs: [{ run: 1, state: 'RUNNING', position: 'long' }],
      accounts: [{ safety: 'ACTIVE' }],
    });
  });

  test('of one of another version says that a restart is wanted', async () => {
    const client = await stubEngine().ports.connect('demo', { role: 'read', face: 'test', follow: 'one' });
    if ('exit' in client) throw new Error(client.code);
    const picture = { engine: '9.9.9', own: '0.1.0' };
    const running = { state: 'running', profile: 'demo', pid: 12, socket: '/run/x.sock', picture } as const;
    const { outcome } = await runLine('engine status', status({ ...running, scene: client.scene() }));
    expect(outcome).toMatchObject({ kind: 'done', notes: [expect.stringContaining('dzentra engine restart')] });
  });

  test.each<[EngineStatus, string, string]>([
    [{ state: 'stopped', profile: 'demo', folder: '/state/demo' }, 'NO_ENGINE', 'dzentra engine start --profile demo'],
    [{ state: 'silent', profile: 'demo', pid: 12 }, 'ENGINE_SILENT', 'by kill -9 12 (the journal'],
  ])('of one that does not answer is exit 5', async (given, code, fix) => {
    const { outcome } = await runLine('engine status', status(given));
    expect(exitOf(outcome)).toBe(5);
    expect(outcome).toMatchObject({ refusal: { code, fix: expect.stringContaining(fix) } });
  });
});

test('engine start passes on what was given, and nothing that was not', async () => {
  const engine = stubEngine({ isStopped: true });
  const line = 'engine start --profile seven --feed synthetic:7 --speed max';
  const { outcome } = await runLine(line, stubPorts({ engine: engine.ports }));
  expect(engine.started).toEqual([{ profile: 'seven', feed: 'synthetic:7', speed: 'max', logLevel: undefined }]);
  expect(dataOf(outcome)).toMatchObject({ profile: 'seven', pid: 4711 });
});

test.each(['engine start', 'engine restart', 'engine stop', 'auto start', 'telegram start', 'telegram stop'])(
  '%s that a signal ended says what goes on: it did not wait for as long as it would have',
  async (line) => {
    const slow = refusal(6, 'ENGINE_SLOW', 'an engine that answers', 'process 12 goes on starting', 'engine status');
    const { ports: engine } = stubEngine();
    const ports = stubPorts({
      engine: { ...engine, start: () => Promise.resolve(slow), stop: () => Promise.resolve(slow) },
      bridge: { ...stubPorts().bridge, start: () => Promise.resolve(slow), stop: () => Promise.resolve(slow) },
    });
    const ended = await runLine(line, ports, { signal: AbortSignal.abort('SIGINT') });
    expect(ended.outcome).toEqual({ kind: 'interrupted', saved: ['process 12 goes on starting; engine status'] });
    expect(exitOf((await runLine(line, ports)).outcome)).toBe(6);
  },
);

describe('engine restart', () => {
  test('starts where none ran', async () => {
    const ports = engineOf({ stop: () => Promise.resolve(NONE) });
    expect(dataOf((await runLine('engine restart', ports)).outcome)).toMatchObject({ stopped: null, pid: 4711 });
  });

  test('leaves an engine alone that is on another feed than the one that was named', async () => {
    const misfit = refusal(3, 'CLOCK_DIFFERS', 'synthetic', 'binanceusdm', 'leave it out');
    let stops = 0;
    const engine = stubEngine({ misfit }).ports;
    const stop = () => {
      stops++;
      return engine.stop('demo', new AbortController().signal);
    };
    const ports = stubPorts({ engine: { ...engine, stop } });
    const { outcome } = await runLine('engine restart --feed binanceusdm', ports);
    expect(outcome).toEqual({ kind: 'refused', refusal: misfit });
    expect(stops).toBe(0);
  });

  test('leaves an engine alone that could not be stopped', async () => {
    const slow: Refusal = refusal(6, 'TIMED_OUT', 'an end', 'process 12 still runs', 'kill 12');
    let starts = 0;
    const ports = engineOf({
      stop: () => Promise.resolve(slow),
      start() {
        starts++;
        return Promise.resolve({ isNew: true, pid: 13 });
      },
    });
    const { outcome } = await runLine('engine restart', ports);
    expect(exitOf(outcome)).toBe(6);
    expect(starts).toBe(0);
  });
});

test('engine run tells when it answers, and what was saved', async () => {
  const ports = engineOf({
    run(_options, _signal, onReady) {
      onReady?.({ pid: 12, socket: '/run/demo.sock', feed: 'SIM x60', unprinted: () => {} });
      return Promise.resolve({ saved: ['3 entries'] });
    },
  });
  const { outcome, rows } = await runLine('engine run', ports);
  expect(rows.map(({ data }) => data)).toMatchObject([{ event: 'ready', pid: 12, socket: '/run/demo.sock' }]);
  expect(dataOf(outcome)).toMatchObject({ event: 'ended', saved: ['3 entries'] });
  expect(exitOf(outcome)).toBe(0);
});

test('engine logs shows lines for people, and torn ones as they are', async () => {
  const ports = engineOf({
    logLines: () => Promise.resolve(['{"level":"warn","at":0,"message":"late","pid":1,"lagMs":7}', 'torn {"lev']),
  });
  const { rows } = await runLine('engine logs --lines 2', ports);
  expect(rows.map(({ cells }) => cells.map(({ text }) => text))).toEqual([
    ['1970-01-01 00:00:00', 'warn', 'late', '{"lagMs":7}'],
    ['torn {"lev'],
  ]);
});
