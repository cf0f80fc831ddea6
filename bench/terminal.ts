import { spawnSync } from 'node:child_process';
import { rmSync } from 'node:fs';
import { loadavg } from 'node:os';
import { setTimeout as sleep } from 'node:timers/promises';
import { type EngineProcess, freshHome, type Home, LAUNCHER, startEngine, usageOf } from './engine-process.ts';
import { COLUMNS, hasTerminal, openTerminal, ROWS } from './pseudo-terminal.ts';
import { median, type Row, round } from './row.ts';
import { writtenWhileStill } from './still-terminal.ts';

/** Quotes of the simulated market are 5 s apart: ten in a second. */
const SPEED = 50;
const COMMAND_RUNS = 9;
const FRAME_RUNS = 5;
/** A longer look at memory: `DZENTRA_BENCH_SECONDS=600 npm run bench -- terminal`. */
const SECONDS = Number(process.env.DZENTRA_BENCH_SECONDS ?? 20);

/** What a person and a script wait for beside a running demo engine, and what an open terminal costs. */
export async function run(): Promise<Row[]> {
  const home = freshHome('terminal');
  const rows: Row[] = [];
  const engine = await startEngine(home, 'demo', SPEED);
  try {
    rows.push(...commandRows(home));
    if (hasTerminal) rows.push(...(await firstFrameRows(home)), ...(await openRows(home, engine)));
    else process.stdout.write('terminal UI not measured: expected `script` of util-linux, found none\n');
  } finally {
    await engine.end();
  }
  if (hasTerminal) rows.push(await newcomerRow());
  return [...rows, await stillRow()];
}

function commandRows(home: Home): Row[] {
  const floor = timesOf(home, ['-e', '0']);
  const row = (name: string, words: readonly string[]): Row => {
    timesOf(home, [LAUNCHER, ...words], 1);
    const times = timesOf(home, [LAUNCHER, ...words]);
    const best = Math.min(...times);
    const beside = `median ${round(median(times), 0)} ms, node -e 0 ${round(median(floor), 0)} ms`;
    const value = round(best / 1e3, 3);
    return { name, value, unit: `s, best of ${COMMAND_RUNS}`, limit: '< 0.15', isGood: best < 150, beside };
  };
  return [
    row('auto status --json', ['auto', 'status', '--json']),
    row('journal list --json --limit 50', ['journal', 'list', '--json', '--limit', '50']),
  ];
}

function timesOf({ env }: Home, args: readonly string[], runs = COMMAND_RUNS): number[] {
  return Array.from({ length: runs }, () => {
    const from = performance.now();
    const { status, stderr } = spawnSync(process.execPath, args, { env, stdio: ['ignore', 'ignore', 'pipe'] });
    if (status !== 0) throw new Error(`expected exit 0 of ${args.join(' ')}, found ${status}: ${String(stderr)}`);
    return performance.now() - from;
  });
}

/** The first one fills the compile cache, as the first start on a machine does. */
async function firstFrameRows(home: Home): Promise<Row[]> {
  rmSync(home.env.XDG_CACHE_HOME ?? '', { recursive: true, force: true });
  const looks = [];
  for (let i = 0; i <= FRAME_RUNS; i++) {
    const terminal = await openTerminal(home, 'demo');
    looks.push({ ms: terminal.firstFrameMs, cpuMs: usageOf(terminal.pid)?.cpuMs ?? Number.NaN });
    await terminal.leave();
  }
  const [first, ...rest] = looks;
  const all = rest.map(({ ms }) => ms);
  const best = Math.min(...all);
  const beside = [
    `median ${round(median(all), 0)} ms`,
    `its CPU ${Math.min(...rest.map(({ cpuMs }) => cpuMs))} ms`,
    `load ${round(loadavg()[0] ?? 0, 1)}`,
  ].join(', ');
  return [
    {
      name: `first frame, ${COLUMNS}x${ROWS}`,
      value: round(best / 1e3, 3),
      unit: `s, best of ${FRAME_RUNS}`,
      limit: '< 0.6',
      isGood: best < 600,
      beside,
    },
    {
      name: '  without a compile cache',
      value: round((first?.ms ?? Number.NaN) / 1e3, 3),
      unit: 's',
      beside: 'the first start after an installation',
    },
  ];
}

/** `npm start` on a fresh checkout: an engine is started for it, with a demo that has a history. */
async function newcomerRow(): Promise<Row> {
  const home = freshHome('newcomer');
  try {
    const terminal = await openTerminal(home, 'demo');
    await terminal.leave();
    const value = round(terminal.firstFrameMs / 1e3, 3);
    return { name: '  with a new engine started for it', value, unit: 's', beside: 'new profile, compile cache kept' };
  } finally {
    spawnSync(process.execPath, [LAUNCHER, 'engine', 'stop'], { env: home.env, stdio: 'ignore' });
  }
}

/** A terminal that is left open while the market moves ten times a second. */
async function openRows(home: Home, engine: EngineProcess): Promise<Row[]> {
  const follower = await engine.attach('read', 'all');
  const terminal = await openTerminal(home, 'demo');
  try {
    await sleep(2_000);
    let changes = 0;
    let scene = follower.scene();
    const end = follower.subscribe(() => {
      if (follower.scene().markets !== scene.markets) changes++;
      scene = follower.scene();
    });
    const [cpuMs, bytes, engineMs] = [usageOf(terminal.pid)?.cpuMs, terminal.bytes, usageOf(engine.pid)?.cpuMs];
    const samples = await sampled(terminal.pid);
    const used = (before: number | undefined, pid: number): number =>
      ((usageOf(pid)?.cpuMs ?? Number.NaN) - (before ?? Number.NaN)) / (SECONDS * 10);
    const share = used(cpuMs, terminal.pid);
    end();
    const rate = round(changes / SECONDS, 1);
    const kb = round((terminal.bytes - bytes) / SECONDS / 1024, 1);
    return [
      {
        name: `terminal UI at ${rate} market updates a second`,
        value: round(share, 1),
        unit: '% of a core',
        limit: '< 10',
        isGood: share < 10,
        beside: `${kb} KiB a second written, engine ${round(used(engineMs, engine.pid), 1)} %`,
      },
      memoryRow(samples),
    ];
  } finally {
    await terminal.leave();
    follower.close();
  }
}

/** Resident MB, second by second. */
async function sampled(pid: number): Promise<number[]> {
  const samples: number[] = [];
  for (let second = 0; second <= SECONDS; second++) {
    samples.push(usageOf(pid)?.residentMb ?? Number.NaN);
    if (second < SECONDS) await sleep(1_000);
  }
  return samples;
}

function memoryRow(samples: readonly number[]): Row {
  const most = Math.max(...samples);
  const at = (place: number): number => round(samples.at(place) ?? Number.NaN, 0);
  return {
    name: '  resident memory',
    value: round(most, 0),
    unit: 'MB at most',
    limit: '< 150',
    isGood: most < 150,
    beside: `${at(0)}, ${at(SECONDS / 2)}, ${at(-1)} MB in ${SECONDS} s`,
  };
}

/** Frames are made, found equal and not written. */
async function stillRow(): Promise<Row> {
  const { bytes, frames } = await writtenWhileStill();
  const value = frames === 0 ? Number.NaN : round(bytes / frames, 1);
  const beside = `${frames} equal frames`;
  return { name: '  bytes per unchanged frame', value, unit: 'bytes', limit: '0', isGood: value === 0, beside };
}
