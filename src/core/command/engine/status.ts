import { duration } from '../../view/format.ts';
import type { Scene } from '../../view/scene.ts';
import { defineCommand } from '../command.ts';
import { type EngineStatus, silentFix } from '../engine.ts';
import { done, type Fact, fact, type Outcome, refused } from '../outcome.ts';
import { refusal } from '../refusal.ts';
import { time } from '../telling/words.ts';
import { PROFILE_OPTION } from './options.ts';

const SCHEMA = 'dzentra.engine.status/1';

export const engineStatus = defineCommand({
  about: [
    'Whether the engine of a profile runs, and how it is. Exit code 0 where it answers, 5 where none runs or the one that holds the journal does not answer.',
  ],
  args: {},
  options: PROFILE_OPTION,
  examples: ['dzentra engine status', 'dzentra engine status --profile demo --json'],
  schema: SCHEMA,
  fields: [
    ['schema', 'text', SCHEMA],
    ['profile', 'text', 'the profile'],
    ['state', 'code', 'running'],
    ['pid', 'number', 'the process'],
    ['socket', 'path', 'where faces attach'],
    ['mode', 'code', 'PAPER, LIVE or DEBUG'],
    ['feed', 'text', 'the feed and its speed'],
    ['feedState', 'code|null', 'up, degraded, stale, down or ended'],
    ['now', 'ms|null', "the engine's clock"],
    ['startedAt', 'ms|null', 'when the process started'],
    ['version', 'text|null', 'its version'],
    ['memoryBytes', 'number|null', 'memory of the process'],
    ['lastSeq', 'number', 'the last entry'],
    ['clients', 'number', 'attached faces, this one among them'],
    ['runs', 'array', 'run, symbol, strategy, state and whether a position is open'],
    ['accounts', 'array', 'account and safety: ACTIVE, REDUCING or HALTED'],
  ],
  async run(context, { options }) {
    const ports = await context.boot();
    const status = await ports.engine.status(ports.engine.profile(options.profile));
    return status.state === 'running' ? running(status) : notRunning(status);
  },
});

const otherVersion = ({ engine, own }: NonNullable<Running['picture']>): string =>
  `the engine is of version ${engine}, this program of ${own}: what it holds is shown after dzentra engine restart`;

type Running = Extract<EngineStatus, { state: 'running' }>;

function running({ profile, pid, socket, scene, picture }: Running): Outcome {
  const { mode, feed, now, system, state } = scene;
  const data = {
    schema: SCHEMA,
    profile,
    state: 'running',
    pid,
    socket,
    mode,
    feed,
    feedState: system?.feed.state ?? null,
    now,
    startedAt: system?.startedAt ?? null,
    version: system?.version ?? picture?.engine ?? null,
    memoryBytes: system?.memoryBytes ?? null,
    lastSeq: state.seq,
    clients: system?.clients.length ?? 0,
    runs: state.runs.map(({ run, symbol, strategy, state: of, position }) => ({
      run,
      symbol,
      strategy,
      state: of,
      position: position === undefined ? null : position.sign === 1 ? 'long' : 'short',
    })),
    accounts: state.accounts.map(({ account, safety }) => ({ account, safety })),
  };
  const facts = [...headFacts(data), ...systemFacts(scene), ...runFacts(data.runs)];
  return done(data, [{ kind: 'facts', facts }], picture === undefined ? [] : [otherVersion(picture)]);
}

function headFacts({ profile, pid, mode, feed, now }: Pick<Running, 'profile' | 'pid'> & Head): Fact[] {
  return [
    fact('profile', 'profile', profile),
    fact('state', 'engine', { value: 'running', text: `running, pid ${pid}`, tone: 'good' }),
    fact('mode', 'mode', mode),
    fact('feed', 'feed', feed),
    fact('now', 'clock', { value: now, text: now === null ? '?' : `${time(now)} UTC` }),
  ];
}

type Head = Pick<Scene, 'mode' | 'feed' | 'now'>;

function systemFacts({ system, state }: Scene): Fact[] {
  const lastSeq = fact('lastSeq', 'journal', { value: state.seq, text: `#${state.seq}` });
  if (system === null) return [lastSeq];
  const { wallAt, startedAt, memoryBytes, clients, version } = system;
  return [
    fact('uptimeMs', 'up for', { value: wallAt - startedAt, text: duration(wallAt - startedAt) }),
    fact('version', 'version', version),
    fact('memoryBytes', 'memory', { value: memoryBytes, text: `${Math.round(memoryBytes / 2 ** 20)} MiB` }),
    lastSeq,
    fact('clients', 'faces', { value: clients.length, text: `${clients.length}` }),
  ];
}

interface RunLine {
  readonly run: number;
  readonly symbol: string;
  readonly strategy: string;
  readonly state: string;
  readonly position: string | null;
}

const runFacts = (runs: readonly RunLine[]): Fact[] =>
  runs.map(({ run, symbol, strategy, state, position }) => {
    const text = `${strategy} on ${symbol}, ${state}, ${position ?? 'flat'}`;
    return fact(`run.${run}`, `run ${run}`, text);
  });

function notRunning(status: Exclude<EngineStatus, Running>): Outcome {
  const { profile } = status;
  const expected = `an engine of profile ${profile}`;
  if (status.state === 'silent') {
    const { pid } = status;
    const found = `process ${pid ?? '?'} holds its journal and does not answer`;
    return refused(refusal(5, 'ENGINE_SILENT', expected, found, silentFix(pid)));
  }
  const fix = `dzentra engine start --profile ${profile}`;
  return refused(refusal(5, 'NO_ENGINE', expected, `none runs; its folder is ${status.folder}`, fix));
}
